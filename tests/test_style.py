"""The linter and the formatter find nothing, in code and notebooks alike."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WHAT = ("odrlib", "tests", "notebooks", "benchmarks", "run.py")


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=lambda c: c[0])
def test_ruff_finds_nothing(command):
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command, *WHAT],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert 0 == run.returncode, run.stdout
