"""docs/portfolio.md: what it tells somebody to run does what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portfolio.little_facts import channel, over, report

PAGE = Path(__file__).parents[2] / "docs" / "portfolio.md"


def code(kind):
    """The one block of code of this kind that mentions the portfolio."""
    blocks = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return next(block for block in blocks if "portfolio" in block and "BashOp" not in block)


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell here")
@pytest.mark.parametrize(
    ("amazon", "mailed"),
    [(over(), "odr: a: over the limit\nodr: a: its data are old\n"), (None, "")],
)
def test_the_line_for_cron_mails_only_where_somebody_has_to_look(tmp_path, amazon, mailed):
    if amazon:
        report(tmp_path / "reports", "a", amazon={"all": amazon})
    else:
        # Made today, so that the clock finds it fresh.
        from datetime import UTC, datetime

        now = datetime.now(UTC)
        report(tmp_path / "reports", "a", now.date().isoformat(), at=now,
               amazon={"all": channel(spare=20)})  # fmt: skip
    command = tmp_path / "odr"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m odrlib.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    where = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PAGE.parents[1]),
        "MAIL": "tee mailed.txt",
    }
    subprocess.run(["sh", "-c", code("sh")], cwd=tmp_path, env={**os.environ, **where}, check=False)

    got = tmp_path / "mailed.txt"
    assert mailed == (got.read_text(encoding="utf-8") if got.exists() else "")
    assert (tmp_path / "morning.txt").read_text(encoding="utf-8")


def test_the_lines_of_python_run(tmp_path, monkeypatch):
    report(tmp_path / "reports", "a", amazon={"all": over()})
    monkeypatch.chdir(tmp_path)
    named = {}
    exec(code("python"), named)

    assert ["a"] == list(named["table"]["store"])
    assert ["over"] == [alert.code for alert in named["near"]]
