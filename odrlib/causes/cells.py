"""Cells: every combination of levels that enough defective orders share, with what one expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import comb, log, prod

import numpy as np
import numpy.typing as npt

from odrlib.causes.expected import Floats, Rows, Sample

# A slice with fewer expected defects than this is too small to pass the bar but by a miracle.
SMALLEST = 0.1

Where = tuple[tuple[int, int], ...]


# Up to this many keys a table is addressed directly, beyond by search.
DIRECT = 300_000


@dataclass
class Table:
    """
    The cells of one set of columns.

    `keys[i]` is the place of cell i's parent in the parent's table × `width` + the level of the
    last column; `start` is where the cells stand in the arrays of `Cells`.
    """

    columns: tuple[int, ...]
    parent: Table | None
    width: int
    keys: Rows
    size: int
    start: int
    children: list[Table] = field(default_factory=list)
    direct: Rows | None = None

    def places(self, key: Rows) -> Rows:
        """The place of each key among the cells, -1 for none."""
        if self.direct is None and self.size <= DIRECT:
            self.direct = np.full(self.size, -1, np.intp)
            self.direct[self.keys] = np.arange(len(self.keys))
        if self.direct is not None:
            return self.direct[key]
        place = np.searchsorted(self.keys, key)
        place[place == len(self.keys)] = 0
        return np.where(self.keys[place] == key, place, -1)


class Cells:
    """
    All cells of one to `depth` columns with at least `least` defects, by walks over the rows.

    Attributes (one entry per cell)
    -------------------------------
    defects : defective orders
    expected : expected defects, kept up to date by `add`
    depth : number of conditions
    penalty : log of the number of slices that could have been named in their place
    """

    def __init__(self, sample: Sample, mean: Floats, depth: int, least: int):
        self.sample, self.least, self.deepest = sample, least, min(depth, len(sample.codes))
        self.levels, self.codes = zip(
            *(self._frequent(at) for at in range(len(sample.codes))), strict=True
        )
        self.order = sorted(range(len(self.codes)), key=lambda at: (-len(self.levels[at]), at))
        self.large = [
            max(1, int((np.bincount(codes, weights=mean, minlength=size) >= SMALLEST).sum()))
            for codes, size in zip(sample.codes, sample.sizes, strict=True)
        ]
        self._penalties: dict[tuple[int, ...], float] = {}
        self._tables: list[Table] = []
        self._parts: list[tuple[Rows, Floats, int, float]] = []
        self._inner: dict[Where, list[tuple[tuple[int, ...], Rows]]] = {}
        self._count = 0
        self._root = Table((), None, 0, np.zeros(1, np.intp), 1, 0)
        self._grow(self._root, None, None, mean)
        self.defects = np.concatenate([part[0] for part in self._parts] or [np.zeros(0, np.intp)])
        self.expected = np.concatenate([part[1] for part in self._parts] or [np.zeros(0)])
        sizes = [len(part[0]) for part in self._parts]
        self.depth = np.repeat([part[2] for part in self._parts], sizes).astype(np.intp)
        self.penalty = np.repeat([part[3] for part in self._parts], sizes).astype(float)
        self._parts.clear()
        self._starts = np.array([table.start for table in self._tables], np.intp)

    def __len__(self) -> int:
        return self._count

    def _frequent(self, at: int) -> tuple[Rows, Rows]:
        """The levels of a column with enough defects, and the codes with all others as one."""
        codes, size = self.sample.codes[at], self.sample.sizes[at]
        counts = np.bincount(codes[: self.sample.defects], minlength=size)
        levels = np.flatnonzero(counts >= self.least)
        place = np.full(size, len(levels), np.intp)
        place[levels] = np.arange(len(levels))
        return levels, place[codes]

    def _grow(self, table: Table, rows: Rows | None, ids: Rows | None, mean: Floats) -> None:
        """Find the children of `table` among `rows`, whose cells of `table` are `ids`."""
        defects = (
            self.sample.defects if rows is None else np.searchsorted(rows, self.sample.defects)
        )
        first = self.order.index(table.columns[-1]) + 1 if table.columns else 0
        for column in self.order[first:]:
            width = len(self.levels[column]) + 1
            size = len(table.keys) * width
            key = self.codes[column] if rows is None else self.codes[column][rows]
            if ids is not None:
                key = ids * width + key
            counts = np.bincount(key[:defects], minlength=size)
            counts[width - 1 :: width] = 0
            cells = np.flatnonzero(counts >= self.least)
            if not len(cells):
                continue
            columns = (*table.columns, column)
            child = Table(columns, table, width, cells, size, self._count)
            table.children.append(child)
            self._tables.append(child)
            expected = np.bincount(key, weights=mean, minlength=size)[cells]
            penalty = self._penalty(columns)
            self._parts.append((counts[cells], expected, len(columns), penalty))
            self._count += len(cells)
            if len(columns) < self.deepest and column != self.order[-1]:
                self._grow(child, *self._inside(child, rows, key, mean))

    def _inside(
        self, table: Table, rows: Rows | None, key: Rows, mean: Floats
    ) -> tuple[Rows, Rows, Floats]:
        """The rows in the cells of `table`, with the place of each row's cell."""
        ids = table.places(key)
        keep = np.flatnonzero(ids >= 0)
        return (keep if rows is None else rows[keep]), ids[keep], mean[keep]

    def add(self, rows: Rows, change: Floats) -> None:
        """Add `change` (one entry per row of `rows`) to the expected defects of the cells."""
        self._add(self._root, rows, np.zeros(len(rows), np.intp), change)

    def _add(self, table: Table, rows: Rows, ids: Rows, change: Floats) -> None:
        for child in table.children:
            key = ids * child.width + self.codes[child.columns[-1]][rows]
            part = self.expected[child.start : child.start + len(child.keys)]
            if not child.children and child.size < len(rows) * 8:
                part += np.bincount(key, weights=change, minlength=child.size)[child.keys]
                continue
            place = child.places(key)
            keep = np.flatnonzero(place >= 0)
            if len(keep):
                place, more = place[keep], change[keep]
                part += np.bincount(place, weights=more, minlength=len(part))
                if child.children:
                    self._add(child, rows[keep], place, more)

    def slices(self, columns: tuple[int, ...], defects: float) -> float:
        """At most so many slices by `columns` could be named where `defects` defects are shared."""
        return max(1.0, min(defects / SMALLEST, prod(self.large[column] for column in columns)))

    def _penalty(self, columns: tuple[int, ...]) -> float:
        """
        Depths share the error budget equally, so do the sets of columns within a depth, and so do
        the slices of a set that could be named at all. A further condition never comes for free.
        """
        columns = tuple(sorted(columns))
        if columns not in self._penalties:
            sets = comb(len(self.codes), len(columns))
            number = self.deepest * sets * self.slices(columns, self.sample.defects)
            shorter = combinations(columns, len(columns) - 1) if len(columns) > 1 else ()
            self._penalties[columns] = max(
                log(number),
                *(self._penalty(part) + log(2) for part in shorter),
                0.0,
            )
        return self._penalties[columns]

    def penalty_of(self, where: Where) -> float:
        """The penalty of a slice, whether it is a cell or not."""
        return self._penalty(tuple(column for column, _ in where))

    def where(self, cell: int) -> Where:
        """The conditions of a cell, ((column, level), …) in order of the columns."""
        table = self._tables[int(np.searchsorted(self._starts, cell, side="right")) - 1]
        place, conditions = cell - table.start, []
        while table.parent is not None:
            place, level = divmod(int(table.keys[place]), table.width)
            column = table.columns[-1]
            conditions.append((column, int(self.levels[column][level])))
            table = table.parent
        return tuple(sorted(conditions))

    def find(self, where: Where) -> int | None:
        """The place of the cell with these conditions, if it is one."""
        table, place = self._root, 0
        for column, level in sorted(where, key=lambda pair: self.order.index(pair[0])):
            child = next((c for c in table.children if c.columns[-1] == column), None)
            if child is None or level not in self.levels[column]:
                return None
            key = place * child.width + int(np.searchsorted(self.levels[column], level))
            place = int(np.searchsorted(child.keys, key))
            if place == len(child.keys) or child.keys[place] != key:
                return None
            table = child
        return table.start + place

    def parts(self, where: Where) -> list[tuple[tuple[int, ...], Rows]]:
        """The cells inside a slice, by the columns they add: (columns, places)."""
        if where not in self._inner:
            wanted = {
                column: int(np.searchsorted(self.levels[column], level)) for column, level in where
            }
            self._inner[where] = []
            self._parts_of(self._root, np.ones(1, bool), wanted, self._inner[where])
        return self._inner[where]

    def _parts_of(
        self,
        table: Table,
        inside: npt.NDArray[np.bool_],
        wanted: dict[int, int],
        found: list[tuple[tuple[int, ...], Rows]],
    ) -> None:
        for child in table.children:
            parent, level = np.divmod(child.keys, child.width)
            here = inside[parent]
            if (column := child.columns[-1]) in wanted:
                here = here & (level == wanted[column])
            if not here.any():
                continue
            added = tuple(column for column in child.columns if column not in wanted)
            if added and len(added) == len(child.columns) - len(wanted):
                found.append((added, child.start + np.flatnonzero(here)))
            self._parts_of(child, here, wanted, found)


def inside(part: Where, whole: Where) -> bool:
    """Does `part` hold all conditions of `whole`, and more?"""
    return len(part) > len(whole) and set(whole) <= set(part)


def ancestors(where: Where) -> Iterator[Where]:
    """Every description that leaves out one or more conditions of `where`, but not all."""
    for size in range(1, len(where)):
        yield from combinations(where, size)
