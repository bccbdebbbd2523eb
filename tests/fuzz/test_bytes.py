"""The same input gives the same bytes: whatever the machine, the clock, and the place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.folders import AS_OF, TODAY, a_folder

ROOT = Path(__file__).parents[2]
WRITES = """
import sys
from datetime import date
from pathlib import Path
import odrlib as odr
from odrlib.facts import write_facts
folder, out, as_of, today = sys.argv[1:]
store = odr.read_store(folder, as_of=as_of, today=date.fromisoformat(today))
write_facts(odr.build_facts(store), out)
"""
FILES = ("facts.json", "defects.csv", "causes.csv", "categories.csv", "evidence.csv")
# What differs between two machines: the seed of hashes, the clock's zone, the language of the
# system, and how many threads numpy and pyarrow may use.
MACHINES = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
)


def written(folder: Path, out: Path, cwd: Path, machine: dict[str, str]) -> dict[str, bytes]:
    """The files that another process writes of this folder, there."""
    command = [sys.executable, "-W", "error", "-c", WRITES]
    command += [str(folder), str(out), str(AS_OF), str(TODAY)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | machine
    subprocess.run(command, cwd=cwd, env=environment, check=True)
    return {name: (out / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("seed", [3, pytest.param(8, marks=[pytest.mark.slow, pytest.mark.long])])
def test_two_processes_on_two_machines_write_the_same_bytes(tmp_path, seed):
    folder = a_folder(seed)
    backwards = folder.with_tables(reversed(folder.tables))  # another order in the directory
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    one = written(folder.write(tmp_path / "a"), tmp_path / "1", tmp_path, MACHINES[0])
    two = written(backwards.write(elsewhere / "b"), tmp_path / "2", elsewhere, MACHINES[1])

    assert [] == [name for name in FILES if one[name] != two[name]]
