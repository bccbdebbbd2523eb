"""Readers of foreign input: what once broke them, and what chance finds in a few seconds."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from tests.fuzz.damage import damaged
from tests.fuzz.laws import SEEDS, looked_at
from tests.fuzz.targets import TARGETS, seeds

ROOT = Path(__file__).parents[2]
FOUND = sorted(path for path in (Path(__file__).parent / "found").glob("*/*") if path.is_file())
CHOICE = ("file", "draft", "evidence")  # whose first byte says what the file is called
pytestmark = pytest.mark.filterwarnings("ignore")  # of the libraries that read broken files


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_a_reader_breaks_it_no_more(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_a_reader_keeps_its_promise_about_whole_files(target):
    for seed in seeds(target):
        TARGETS[target](seed)


@pytest.mark.parametrize("target", TARGETS)
@looked_at(5)
@given(SEEDS)
def test_a_reader_keeps_its_promise_about_damaged_files(target, seed):
    begin = seeds(target)[seed % len(seeds(target))]
    head = begin[:1] if target in CHOICE else b""

    TARGETS[target](head + damaged(begin[len(head) :], seed))


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is not installed: odrlib[fuzz]"
)
@pytest.mark.parametrize("target", TARGETS)
def test_a_few_seconds_of_coverage_guided_fuzzing_find_nothing(tmp_path, target):
    command = [sys.executable, "-m", "tests.fuzz.readers", target, "--seconds", "4"]
    run = subprocess.run(
        [*command, "--out", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-4_000:].decode(errors="replace")
