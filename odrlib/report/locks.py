"""Locks: one run at a time makes a store's report, and what a dead run left is cleared away."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from odrlib import file_locks
from odrlib.errors import ReportFailed
from odrlib.languages import tr
from odrlib.portfolio.digest import FACTS

LOCK, BUILDING = ".lock-", ".building-"
# In a folder `.building-…`: the report while it is made, and the older one while it is replaced.
ROOM, OLD = "report", "old"
_PAUSE = 0.1
# What this process holds: the folder it builds in -> the folder of all reports and the store's id.
_held: dict[Path, tuple[Path, str]] = {}
_moving = threading.Lock()


@contextmanager
def one_run(out: Path, key: str, patience: float = 0) -> Iterator[Path]:
    """
    A folder to build the store's report in, while no other run may.

    The lock belongs to the process and goes with it, however it ends; so whoever has it knows that
    what lies there of an earlier run is dead, and clears it away.

    Parameters
    ----------
    out : the folder of all reports
    key : the store's id
    patience : seconds to wait for another run

    Raises
    ------
    ReportFailed if another run has it for longer than that
    """
    held = _wait(out / f"{LOCK}{key.casefold()}", patience)
    if held is None:
        raise ReportFailed(
            tr("another run is making the report of {store} in {out}; wait for it, or end it",
               store=key, out=out)
        )  # fmt: skip
    try:
        _clear(out, key)
        building = Path(tempfile.mkdtemp(prefix=f"{BUILDING}{key}-", dir=out))
        _held[building] = out, key
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)
            del _held[building]
    finally:
        _release(held, out / f"{LOCK}{key.casefold()}")


def clear(out: Path) -> None:
    """Clear away what dead runs left in the folder of all reports; living ones are left alone."""
    for path in sorted(out.glob(f"{BUILDING}*")):
        key = path.name.removeprefix(BUILDING).rpartition("-")[0]
        place = out / f"{LOCK}{key.casefold()}"
        held = _wait(place, 0) if key else None
        if held is not None:
            _clear(out, key)
            _release(held, place)
    for place in out.glob(f"{LOCK}*"):
        held = _wait(place, 0)
        if held is not None:
            _release(held, place)


def abandon() -> None:
    """
    Clear away what this process was building, for it ends now and will not come back here.

    A report that is being moved to its place still gets there.
    """
    _moving.acquire(timeout=5)
    for out, key in list(_held.values()):
        _clear(out, key)
        with suppress(OSError):
            (out / f"{LOCK}{key.casefold()}").unlink()


def replace(room: Path, place: Path) -> None:
    """Move the finished folder to its place; an older one there goes only after that."""
    with _moving:
        _replace(room, place)


def _replace(room: Path, place: Path) -> None:
    old = room.with_name(OLD)
    try:
        # From an earlier move of this run, such as that of a failure.
        shutil.rmtree(old, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            # Who opened the folder to others meant it.
            room.chmod(stat.S_IMODE(place.stat().st_mode))
            place.rename(old)
        try:
            room.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    except OSError as error:
        raise ReportFailed(
            tr("{place}: cannot be replaced ({reason}); close what has it open and try again",
               place=place, reason=error.strerror)
        ) from error  # fmt: skip


def _clear(out: Path, key: str) -> None:
    for path in out.glob(f"{BUILDING}{_plain(key)}-*"):
        # The random end of the name has no dash, so a store `a` does not clear `a-b`.
        if path.name.rpartition("-")[0] != f"{BUILDING}{key}":
            continue
        _put_back(path / OLD, out / key)
        shutil.rmtree(path, ignore_errors=True)


def _put_back(old: Path, home: Path) -> None:
    """A run that died between two renames has the older report still with it."""
    with suppress(OSError, ValueError, KeyError):
        facts = json.loads((old / FACTS).read_text(encoding="utf-8"))
        place = home / Path(facts["as_of"]).name
        if not place.exists():
            old.rename(place)


def _plain(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _wait(place: Path, patience: float) -> IO[bytes] | None:
    """The lock, or None if another process has it all the time."""
    until = time.monotonic() + patience
    while True:
        # It stays open as long as the lock is held.
        file = file_locks.opened(place)
        if file_locks.take(file) and _still_there(file, place):
            return file
        file.close()
        if time.monotonic() >= until:
            return None
        time.sleep(_PAUSE)


def _still_there(file: IO[bytes], place: Path) -> bool:
    """Whoever had the lock before may have removed the file that we have opened."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), place.stat())
    except OSError:
        return False


def _release(file: IO[bytes], place: Path) -> None:
    # While it is still held, so that nobody can have taken it in between.
    with suppress(OSError):
        place.unlink()
    file.close()
    if sys.platform == "win32":  # it removes no open file
        with suppress(OSError):
            place.unlink()
