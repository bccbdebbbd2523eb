"""
Folders: everything that lies below one, whoever made it.

A client's folder may be deeper than Python can call itself, may not be listed, and its links may
lead in circles. None of that raises here: what was not entered is told by name.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

DEEPEST = 100  # folders inside each other: no program that exports files makes a fifth of it


def is_folder(path: Path) -> bool:
    """Is it a folder itself, and no link to one?"""
    return stat.S_ISDIR(_mode(path))


def is_plain(path: Path) -> bool:
    """Is it a file itself: no link, no pipe, no device?"""
    return stat.S_ISREG(_mode(path))


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:  # gone by now, or not ours to see
        return 0


def plain_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder by name: no link, no pipe, no device."""
    return (path for path in below(folder) if is_plain(path))


def below(
    folder: Path, shut: Callable[[Path, OSError], object] = lambda path, error: None
) -> Iterator[Path]:
    """
    Everything below a folder by name, each folder before what is in it; links are not followed.

    `shut` is told of each folder that was not entered, and why: it cannot be listed, or more than
    `DEEPEST` folders lie around it.
    """
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path != folder:
            yield path
        if is_folder(path):
            if len(path.parts) - len(folder.parts) > DEEPEST:
                shut(path, OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG)))
                continue
            try:
                waiting += sorted(path.iterdir(), reverse=True)
            except OSError as error:
                shut(path, error)
