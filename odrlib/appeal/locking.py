"""Locking: one process at a time writes to a register; a lock dies with its process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from odrlib.appeal.journal import check_no_link
from odrlib.errors import OdrError
from odrlib.languages import tr

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl
PATIENCE = 20.0  # seconds
_PAUSE = 0.02


@contextmanager
def locked(folder: Path, name: str = "lock") -> Iterator[None]:
    """
    Hold the lock of a register's folder, the file `name` in it.

    Raises
    ------
    OdrError if another process holds it for longer than 20 seconds, or if the folder is a link
    """
    check_no_link(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "a+b", opener=_not_followed) as file:
        until = time.monotonic() + PATIENCE
        while not _taken(file):
            if time.monotonic() > until:
                raise OdrError(
                    tr(
                        "{folder}: another program writes to this register; try again",
                        folder=folder,
                    )
                )
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            _released(file)


def _not_followed(path: str, flags: int) -> int:
    """The lock itself, and no file that a link in its place leads to."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _released(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_UN)
