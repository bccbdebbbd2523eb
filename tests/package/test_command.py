"""The command: paths and findings in both forms, and one line for what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evidence.folders import clean, store_files
from tests.stores import make_store


def odr(*arguments, where=None):
    command = [sys.executable, "-c", "from odrlib.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=where
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("pack") / "small", store_files([clean(1)]))


def test_pack_writes_into_the_reports_of_the_day(store, tmp_path):
    run = odr("pack", store, where=tmp_path)

    assert 0 == run.returncode, run.stderr
    assert (tmp_path / "reports" / "small" / "2026-06-01" / "small_2026-06-01.zip").is_file()
    assert "3 files; 1 of 1 order closed by evidence, 0 cells not closed." in run.stdout


def test_pack_as_json_lists_parts_files_and_findings(store, tmp_path):
    found = json.loads(odr("pack", store, "--out", tmp_path, "--json").stdout)

    assert 3 == len(found["files"])
    assert [] == found["findings"]
    assert found["parts"][0]["bytes"] == Path(found["parts"][0]["path"]).stat().st_size


def test_a_limit_that_holds_nothing_is_one_line_and_exit_2(store, tmp_path):
    run = odr("pack", store, "--out", tmp_path, "--max-bytes", "10")

    assert (2, 1) == (run.returncode, len(run.stderr.strip().splitlines()))
    assert [] == list(tmp_path.iterdir())
