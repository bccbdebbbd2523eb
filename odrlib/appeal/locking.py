"""Locking: one process at a time writes to a register; a lock dies with its process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from odrlib import file_locks
from odrlib.appeal.journal import check_no_link
from odrlib.errors import OdrError
from odrlib.languages import tr

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
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / name).is_symlink():
        (folder / name).unlink()  # never ours, and never followed
    with file_locks.opened(folder / name) as file:
        until = time.monotonic() + PATIENCE
        while not file_locks.take(file):
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
            file_locks.release(file)
