"""Contents: what the package holds and what it lacks, as data for the manifest and the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

import odrlib
from odrlib.evidence import Evidence, said_in
from odrlib.evidence.folder import MEASURES
from odrlib.languages import speaking
from odrlib.package.choice import Chosen
from odrlib.package.form import Form
from odrlib.package.masking import Masker
from odrlib.settings import Settings
from odrlib.words.plain import kind_name

SCHEMA_VERSION = 1
Key = tuple[str, str]
# What is in the ZIP goes to Amazon: it is said in this language, whatever the analyst speaks.
SENT_IN = "en"


@dataclass(frozen=True)
class Packed:
    """
    A file in the package.

    Parameters
    ----------
    name : in the ZIP; `part` : which ZIP, from 1
    cell : state of the cell that it stands for; "" if it stands for none
    sha256, size : of its bytes in the ZIP
    """

    name: str
    part: int
    chosen: Chosen
    form: Form
    cell: str
    sha256: str
    size: int

    def as_dict(self) -> dict[str, Any]:
        """The file as the manifest lists it; the name that it had may hold a buyer's."""
        order = None if self.chosen.folder == MEASURES else self.chosen.folder
        return {
            "name": self.name,
            "part": self.part,
            "order_id": order,
            "class": self.chosen.class_,
            "cell": self.cell or None,
            "original": {"sha256": self.chosen.sha256, "bytes": self.chosen.size},
            "packed": {"sha256": self.sha256, "bytes": self.size},
            "done": list(self.form.done),
            "masked": {kind: n for kind, n in sorted(self.form.masked.items()) if n},
            "not_masked": self.form.unseen or None,
            "lost": [what.format(kind=kind) for what, kind in self.form.lost],
        }


@dataclass(frozen=True)
class Row:
    """One cell of one order in the index: its files by name and part, and what is missing."""

    class_: str
    state: str
    files: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """One order in the index."""

    order_id: str
    day: date
    kinds: str
    rows: tuple[Row, ...]

    @property
    def proven(self) -> bool:
        """Is every cell that it needs closed?"""
        return all(row.state in ("closed", "not required", "") for row in self.rows)


@dataclass(frozen=True)
class Contents:
    """
    All that the index says.

    Parameters
    ----------
    parts : name of each ZIP; `left_out` : how many files of the evidence folder stay out
    """

    settings: Settings
    as_of: date
    orders: tuple[Order, ...]
    measures: tuple[tuple[str, int], ...]
    files: tuple[Packed, ...]
    parts: tuple[str, ...]
    max_bytes: int
    left_out: int

    @property
    def masked(self) -> dict[str, int]:
        """How many of each kind were masked in all files."""
        total: Counter[str] = Counter()
        for file in self.files:
            total.update(file.form.masked)
        return {kind: total[kind] for kind in sorted(total) if total[kind]}

    @property
    def not_masked(self) -> tuple[Packed, ...]:
        """The files in which nothing could be masked."""
        return tuple(file for file in self.files if file.form.unseen)

    @property
    def lacking(self) -> int:
        """Cells that are needed and not closed."""
        states = [row.state for order in self.orders for row in order.rows]
        return sum(state in ("open", "contradicted", "unknown") for state in states)

    def manifest(self) -> dict[str, Any]:
        """The manifest, as JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "made_by": f"odrlib {odrlib.__version__}",
            "store": self.settings.id,
            "name": self.settings.name,
            "marketplace": self.settings.marketplace,
            "as_of": self.as_of.isoformat(),
            "says": "Lists what is in the package; it does not say that this is all there is.",
            "max_bytes": self.max_bytes,
            "parts": list(self.parts),
            "masked": self.masked,
            "files_not_masked": len(self.not_masked),
            "files_left_out": self.left_out,
            "cells_not_closed": self.lacking,
            "files": [file.as_dict() for file in self.files],
        }


def index_orders(
    proof: Evidence, packed: Mapping[Key, Packed], maskers: Mapping[str, Masker]
) -> tuple[Order, ...]:
    """The orders of the index: newest first, as the evidence lists them, in `SENT_IN`."""
    with speaking(SENT_IN):
        return tuple(_orders(said_in(proof, SENT_IN), packed, maskers))


def _orders(
    table: pd.DataFrame, packed: Mapping[Key, Packed], maskers: Mapping[str, Masker]
) -> Iterator[Order]:
    for order_id, cells in table.groupby("order_id", sort=False):
        masker = maskers.get(str(order_id), Masker())
        first = cells.iloc[0]
        rows = [_row(cell, packed, masker) for cell in cells.to_dict("records")]
        used = {name for row in rows for name, _ in row.files}
        loose = [
            (file.name, file.part)
            for key, file in packed.items()
            if key[0] == order_id and file.name not in used
        ]
        if loose:
            rows.append(Row("not sorted", "", tuple(sorted(loose)), ()))
        kinds = ", ".join(kind_name(kind, 1) for kind in first["kinds"])
        yield Order(str(order_id), first["day"].date(), kinds, tuple(rows))


def _row(cell: Mapping[str, Any], packed: Mapping[Key, Packed], masker: Masker) -> Row:
    order_id = cell["order_id"]
    files = [packed[order_id, name] for name in cell["files"] if (order_id, name) in packed]
    state, missing = cell["state"], cell["missing"]
    if state == "closed" and len(files) < len(cell["files"]):
        # What closed it for the seller does not close it for who only has the package.
        state, missing = "open", ["a file that is not in this package"]
    # Sentences of a contradiction may name another store or order: they are for the seller.
    missing = {
        "open": missing,
        "contradicted": ["records of this order do not agree"],
        "unknown": ["not enough is known"],
    }.get(state, [])
    names = {name: file.name for (folder, name), file in packed.items() if folder == order_id}
    return Row(
        cell["class"],
        state,
        tuple(sorted((file.name, file.part) for file in files)),
        tuple(masker.masked(renamed(said, names))[0] for said in missing),
    )


def renamed(said: str, names: Mapping[str, str]) -> str:
    """
    The sentence with the names that the files have in the package.

    >>> renamed("no address in Anna's POD.pdf", {"Anna's POD.pdf": "s_1_logistics_01.pdf"})
    'no address in s_1_logistics_01.pdf'
    """
    for name in sorted(names, key=lambda one: (-len(one), one)):
        said = said.replace(name, names[name])
    return said


def cell_states(proof: Evidence) -> dict[Key, str]:
    """(order, file) -> state of the cell that the file stands for."""
    return {
        (cell["order_id"], name): cell["state"]
        for cell in proof.cells.to_dict("records")
        for name in cell["files"]
    }


def numbered(chosen: Iterable[Chosen]) -> dict[Key, int]:
    """Each file's number among those of its folder and class, by name."""
    numbers: dict[Key, int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for one in sorted(chosen, key=lambda file: (file.folder, file.class_, file.name)):
        counts[one.folder, one.class_] += 1
        numbers[one.folder, one.name] = counts[one.folder, one.class_]
    return numbers


def files_by_part(files: Sequence[Packed]) -> dict[int, list[Packed]]:
    """The files of each part."""
    parts: dict[int, list[Packed]] = {}
    for file in files:
        parts.setdefault(file.part, []).append(file)
    return parts
