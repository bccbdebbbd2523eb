"""Siblings: the other stores beside this one, so that nothing of theirs is sent under its name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from odrlib.evidence.neighbours import keys_of
from odrlib.exports.limits import LARGEST_FILE
from odrlib.folders import plain_files
from odrlib.settings import FILE, stores_beside
from odrlib.store import Store

ORDER_ID = re.compile(r"(?<![\w-])(?:\d{3}|S0[12])-\d{7}-\d{7}(?![\w-])")
# Where plans that were sent lie; all of their text files are compared.
ARCHIVE = "appeals"
READABLE = (".md", ".markdown", ".txt", ".docx", ".pdf")
EXPORTS = (".txt", ".csv", ".tsv")
_BLOCK = 1 << 24


@dataclass(frozen=True)
class Sibling:
    """Another store: its folder, and what its store.toml says of it."""

    folder: Path
    id: str
    name: str
    seller_id: str
    marketplace: str

    def holds(self, order_id: str) -> bool:
        """Is the order named in any of its exports?"""
        wanted = order_id.encode("ascii", "replace")
        return any(_says(path, wanted) for path in _exports(self.folder))


def _says(path: Path, word: bytes) -> bool:
    """Does the word stand in the file? It may be a larger file than memory holds."""
    end = b""
    with suppress(OSError), open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size > LARGEST_FILE:
            return False  # no export of its own: it is read by nobody
        while block := file.read(_BLOCK):
            if word in end + block:
                return True
            end = block[-len(word) :]
    return False


def siblings_of(store: Store) -> list[Sibling]:
    """The stores in the folders beside this one, by name of the folder."""
    found = []
    for folder in stores_beside(store.folder):
        keys = keys_of(folder / FILE)
        if keys is None:
            # What is wrong with a neighbour is told when that neighbour is read.
            continue
        words = [str(keys.get(name, "")) for name in ("id", "name", "seller_id", "marketplace")]
        found.append(Sibling(folder, *words))
    return found


def _exports(folder: Path) -> Iterator[Path]:
    for name in ("exports", "ledger"):
        for path in plain_files(folder / name):
            if path.suffix.casefold() in EXPORTS:
                yield path


def archive_of(folder: Path) -> list[Path]:
    """The readable files under a store's archive of appeals, by path."""
    return [path for path in plain_files(folder / ARCHIVE) if path.suffix.casefold() in READABLE]
