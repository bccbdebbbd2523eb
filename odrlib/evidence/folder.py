"""Folder: which files lie in `evidence/`, and whose folder each of them lies in."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from odrlib.exports.cells import parse_order_id
from odrlib.finding import Finding, Place
from odrlib.folders import below, is_folder
from odrlib.languages import tr
from odrlib.policy import KINDS
from odrlib.settings import EVIDENCE
from odrlib.store import NOT_INPUT, Store, shown_path

FOLDER = EVIDENCE
# The files of measures and settings: they belong to no order.
MEASURES = "measures"


@dataclass(frozen=True)
class Piece:
    """
    One entry in the evidence folder of an order.

    Parameters
    ----------
    name : path inside the order's folder, with forward slashes
    plain : a file that can be read; False for a link, a pipe, a device or a folder that cannot be
        opened, which nobody follows
    """

    order_id: str
    name: str
    path: Path = field(repr=False)
    size: int
    plain: bool = True

    @property
    def file(self) -> str:
        """The path inside the store folder."""
        return f"{FOLDER}/{self.order_id}/{self.name}"


@cache
def is_order_id(name: str) -> bool:
    """
    Is the name an order id exactly as Amazon writes it?

    >>> is_order_id("114-1234567-1234567"), is_order_id("114-1234567-1234567 refund")
    (True, False)
    """
    try:
        return parse_order_id(name) == name
    except ValueError:
        return False


def pieces_of(folder: Path, order_id: str) -> list[Piece]:
    """
    Every entry below the folder, by name.

    A link, and a folder that cannot be opened, is an entry that nobody entered.
    """
    return sorted(_walk(folder, order_id), key=lambda piece: piece.name)


def _walk(folder: Path, order_id: str) -> Iterator[Piece]:
    shut: list[Path] = []
    for path in below(folder, lambda path, error: shut.append(path)):
        inside = path.relative_to(folder)
        if any(part.startswith(NOT_INPUT) for part in inside.parts) or is_folder(path):
            continue
        with suppress(OSError):  # gone by now
            about = path.lstat()
            plain = stat.S_ISREG(about.st_mode)
            yield Piece(order_id, shown_path(inside), path, about.st_size if plain else 0, plain)
    for path in shut:
        yield Piece(order_id, shown_path(path.relative_to(folder)), path, 0, plain=False)


def evidence_pieces(store: Store) -> list[Piece]:
    """Every entry in the folder of any order, by order and name."""
    return [
        piece
        for entry in _entries(store)
        if is_order_id(entry.name) and entry.is_dir() and not entry.is_symlink()
        for piece in pieces_of(entry, entry.name)
    ]


def _entries(store: Store) -> list[Path]:
    root = store.folder / FOLDER
    if not root.is_dir() or root.is_symlink():
        return []
    return sorted(path for path in root.iterdir() if not path.name.startswith(NOT_INPUT))


def stray_findings(store: Store) -> list[Finding]:
    """What lies in `evidence/` and in no order's folder, and links in place of folders."""
    root = store.folder / FOLDER
    found = [_link(FOLDER)] if root.is_symlink() else []
    for path in _entries(store):
        file = f"{FOLDER}/{shown_path(Path(path.name))}"
        if path.is_symlink():
            found.append(_link(file))
        elif not path.is_dir():
            found.append(
                Finding(
                    "file-in-no-order-folder",
                    "warning",
                    tr("{file} lies in no order's folder and was not used.", file=file),
                    tr("Move it into {folder}/<order id>/.", folder=FOLDER),
                    Place(file),
                )
            )
        elif path.name != MEASURES and not is_order_id(path.name):
            found.append(
                Finding(
                    "folder-of-no-order",
                    "warning",
                    tr("{file} is named like no order id; its files were not used.", file=file),
                    tr("Name the folder exactly like the order: 114-1234567-1234567."),
                    Place(file),
                )
            )
    return found


def _link(file: str) -> Finding:
    return Finding(
        "file-is-link",
        "error",
        tr("{file} is a link; it was not followed.", file=file),
        tr("Copy the files themselves into the folder."),
        Place(file),
    )


def evidence_files(store: Store, defects: pd.DataFrame) -> pd.DataFrame:
    """
    One row per defective order: order_id, day, kinds, files (names in its folder), count.

    Presence only: `evidence_matrix` says what the files prove.
    """
    rows = []
    for order in defects[defects["defective"]].itertuples():
        folder = store.folder / FOLDER / str(order.order_id)
        inside = folder.is_dir() and not folder.is_symlink()
        files = [p.name for p in pieces_of(folder, order.order_id) if p.plain] if inside else []
        kinds = [kind for kind in KINDS if getattr(order, kind, False)]
        rows.append((order.order_id, order.day, kinds, files, len(files)))
    return pd.DataFrame(rows, columns=["order_id", "day", "kinds", "files", "count"])
