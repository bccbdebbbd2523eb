"""Rooms: temporary folders go with their process, also where it is killed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from odrlib.rooms import ALIVE, PREFIX, private_room

HOLD = """
import sys
from odrlib.rooms import private_room
with private_room() as room:
    print(room, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """All temporary folders of the test in one that is its own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def held():
    """A process with a room, and the room."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, Path(process.stdout.readline().strip())


def end(process):
    process.kill()
    process.communicate()


def test_a_room_is_gone_when_its_block_ends(temporary):
    with private_room("x-") as room:
        assert room.parent == temporary
        assert room.stat().st_mode & 0o777 == 0o700 or sys.platform == "win32"

    assert [] == [*temporary.iterdir()]


def test_the_room_of_a_killed_process_goes_with_the_next_and_that_of_a_living_one_stays():
    dead, left = held()
    living, kept = held()
    end(dead)
    try:
        with private_room():
            assert (left.exists(), kept.exists()) == (False, True)
    finally:
        end(living)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_what_others_put_there_under_such_a_name_is_left_alone(temporary, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("mine")
    (elsewhere / ALIVE).write_text("1", encoding="utf-8")
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}plain").mkdir()
    (temporary / f"{PREFIX}plain/work.txt").write_text("x", encoding="utf-8")

    with private_room():
        pass

    assert (elsewhere / ALIVE).exists()
    assert (temporary / f"{PREFIX}plain/work.txt").exists()
    assert os.path.lexists(temporary / f"{PREFIX}link")
