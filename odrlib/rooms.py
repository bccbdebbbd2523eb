"""
Rooms: private temporary folders that go with their process, however it ends.

A process that is killed cannot clear up, and what lies there may be a client's: the next room that
is opened clears away those of the dead. Whose file `.alive` nobody has locked is dead.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from odrlib import file_locks

PREFIX, ALIVE = "odr-", ".alive"


@contextmanager
def private_room(kind: str = "") -> Iterator[Path]:
    """A temporary folder that nobody else may enter, until the block ends."""
    clear()
    with (
        tempfile.TemporaryDirectory(prefix=f"{PREFIX}{kind}", ignore_cleanup_errors=True) as name,
        file_locks.opened(Path(name, ALIVE)) as held,
    ):
        file_locks.take(held)
        # While it is empty, nobody takes the room for a dead one.
        held.write(b"1")
        held.flush()
        yield Path(name)


def clear() -> None:
    """Clear away the rooms of processes that have died."""
    for alive in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{ALIVE}"):
        with suppress(OSError):
            if not _is_mine(alive.parent) or not alive.stat().st_size:
                continue
            with file_locks.opened(alive) as file:
                dead = file_locks.take(file)
            if dead:
                shutil.rmtree(alive.parent, ignore_errors=True)


def _is_mine(folder: Path) -> bool:
    """Others may put folders, and links, with such a name beside ours."""
    about = folder.lstat()
    return stat.S_ISDIR(about.st_mode) and about.st_uid == getattr(os, "getuid", lambda: 0)()
