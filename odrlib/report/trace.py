"""
Trace: which files and folders outside its own store a kernel looked into.

A report asks the stores beside its own whether a file or an order is theirs. What it asked of them
is an input like the store's own files, and nobody can know beforehand which of it that will be.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

VARIABLE = "ODR_TRACE"
_LISTS = ("os.scandir", "os.listdir")


def watch(asked: str) -> None:
    """
    Write down from here on what this process opens and lists; it cannot be undone.

    `asked` names, as JSON, the `store` folder (its parent is watched, it itself is not) and the
    file `log`, which gets a line for each path: "open" or "list", size and time of change as they
    were at that moment, and the path inside the parent.
    """
    wanted = json.loads(asked)
    own, log = wanted["store"], wanted["log"]
    root = os.path.dirname(own)  # noqa: PTH120 - called at every opening of a file
    seen: set[tuple[str, str]] = set()
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" and event not in _LISTS:
            return
        path = arguments[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, (str, os.PathLike)):
            return
        whole = os.path.abspath(path)  # noqa: PTH100
        if not _inside(whole, root) or _inside(whole, own):
            return
        kind = "open" if event == "open" else "list"
        if (kind, whole) in seen:
            return
        seen.add((kind, whole))
        line = json.dumps([kind, *state(whole), os.path.relpath(whole, root)])
        os.write(handle, f"{line}\n".encode())

    sys.addaudithook(hook)


def state(path: str | Path) -> tuple[int, int]:
    """Size and time of change of a file; (-1, 0) if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return -1, 0
    return found.st_size, found.st_mtime_ns


def told(log: Path) -> list[tuple[str, int, int, str]]:
    """What `watch` wrote: "open" or "list", size, time of change, path inside the parent."""
    if not log.is_file():
        return []
    lines = log.read_text(encoding="utf-8").splitlines()
    return [tuple(json.loads(line)) for line in lines]


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
