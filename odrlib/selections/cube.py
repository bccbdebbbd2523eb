"""
Cube: the orders as small integers, so that any selection is counted in milliseconds.

Orders stand in the order of their days, so the days of a selection are one run of rows; each
attribute is an array of codes. A click makes no copy of the table: it compares codes and counts
them. As crossfilter does, the bars of an attribute are counted with its own condition lifted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.rates import known_kinds, named_profile, unknown_kinds
from odrlib.selections.selection import ALL, ANY, Selection, value_text

Codes = npt.NDArray[Any]
Rows = npt.NDArray[np.intp]
CHANNEL = "channel"
NOBODY: Rows = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True)
class Counts:
    """Orders, and what stands above the line for them."""

    orders: int
    defective: int


@dataclass(frozen=True)
class Bar:
    """
    One value of an attribute: its orders, its defects, and what the other values would expect.

    `value` is None for orders without one; `expected` is at the rate of all other orders that the
    other conditions leave, or None where there are none.
    """

    column: str
    value: str | None
    orders: int
    defective: int
    expected: float | None

    @property
    def excess(self) -> float:
        """Defects above expected; 0 where there is nothing to compare with."""
        return 0.0 if self.expected is None else self.defective - self.expected


@dataclass(frozen=True, eq=False)
class Cube:
    """
    The orders of a profile as codes.

    Parameters
    ----------
    days : the first day, and the number of days to the last
    day : of each order, days after the first; the orders stand in this order
    places : of each order, its row in the table that the cube was made of
    codes, levels : of each attribute: the code of each order, the text of each code (None, for a
        missing value, stands last)
    flags : the number above the line of each kind, and of `any`, for each order
    unknown : kinds of defect that no file tells
    """

    profile: str
    first: pd.Timestamp
    length: int
    day: npt.NDArray[np.int32]
    places: Rows
    codes: dict[str, Codes]
    levels: dict[str, tuple[str | None, ...]]
    flags: dict[str, npt.NDArray[np.int8]]
    unknown: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def memory(self) -> int:
        """Bytes of all arrays."""
        arrays: list[np.ndarray] = [self.day, self.places]
        arrays += [*self.codes.values(), *self.flags.values()]
        return sum(array.nbytes for array in arrays)

    @cached_property
    def _bad(self) -> dict[str, Rows]:
        """Of each kind, the rows that have it: about one in a hundred."""
        return {kind: np.flatnonzero(flags) for kind, flags in self.flags.items()}

    # -- rows ---------------------------------------------------------------------------------

    def rows(self, selection: Selection, lifted: str = "", *, always: bool = False) -> Rows | slice:
        """
        The rows of a selection, without the condition on the column `lifted`.

        `always` leaves out the days. Without any condition it is a slice, which copies nothing.
        """
        run = slice(0, len(self)) if always else self._run(selection)
        kept = None
        for column, value in selection.slice.items():
            if column != lifted:
                same = self.codes[self._known(column)][run] == self._code(column, value)
                kept = same if kept is None else np.logical_and(kept, same, out=kept)
        return run if kept is None else np.flatnonzero(kept) + run.start

    def bad_rows(
        self, selection: Selection, lifted: str = "", *, always: bool = False
    ) -> tuple[Rows, npt.NDArray[np.int8]]:
        """The rows of a selection that have a defect of its kind, and how many each."""
        flags = self.flags.get(selection.kind)
        if flags is None:
            return NOBODY, np.zeros(0, dtype=np.int8)
        rows = self._bad[selection.kind]
        if not always:
            run = self._run(selection)
            rows = rows[slice(*np.searchsorted(rows, [run.start, run.stop]))]
        for column, value in selection.slice.items():
            if column != lifted:
                codes = self.codes[self._known(column)]
                rows = rows[codes[rows] == self._code(column, value)]
        return rows, flags[rows]

    def _run(self, selection: Selection) -> slice:
        days = [(pd.Timestamp(selection.first) - self.first).days,
                (pd.Timestamp(selection.last) - self.first).days + 1]  # fmt: skip
        return slice(*map(int, np.searchsorted(self.day, days)))

    def _known(self, column: str) -> str:
        if column not in self.codes:
            raise BadParameter(tr("no file tells the column {column!r} now", column=column))
        return column

    def _code(self, column: str, value: str | None) -> int:
        """The code of a value; one that no order has, if there is no such value."""
        levels = self.levels[column]
        return levels.index(value) if value in levels else len(levels)

    # -- what the views show ------------------------------------------------------------------

    def counts(self, selection: Selection) -> Counts:
        """Orders and defects of the selection."""
        bad = int(self.bad_rows(selection)[1].sum())
        return Counts(_number(self.rows(selection)), bad)

    def business(self, selection: Selection) -> Counts:
        """Orders and defects of the same days, whatever they hold."""
        return self.counts(Selection(self.profile, selection.first, selection.last,
                                     kind=selection.kind))  # fmt: skip

    def trend(self, selection: Selection) -> tuple[Rows, Rows]:
        """Orders and defects of each day of the history, the days of the selection lifted."""
        orders = np.bincount(self.day[self.rows(selection, always=True)], minlength=self.length)
        bad, many = self.bad_rows(selection, always=True)
        return orders, np.bincount(self.day[bad], many, self.length).astype(np.intp)

    def bars(self, selection: Selection, column: str) -> list[Bar]:
        """
        Each value of an attribute that has orders, the largest excess first.

        The condition on the attribute itself is lifted.
        """
        codes, levels = self.codes[self._known(column)], self.levels[column]
        orders = np.bincount(codes[self.rows(selection, column)], minlength=len(levels))
        bad, many = self.bad_rows(selection, column)
        return _bars(column, levels, orders, np.bincount(codes[bad], many, len(levels)))

    def ranked(self, selection: Selection, least: float = 3.0) -> list[Bar]:
        """
        The values of any attribute with the largest excess inside the selection.

        This is the quick answer: one attribute at a time, each against the rest, and no luck or
        overlap taken out. `find_causes` is the full one.
        """
        rows = self.rows(selection)
        bad, many = self.bad_rows(selection)
        found = []
        for column, codes in self.codes.items():
            if column in selection.slice:
                continue
            levels = self.levels[column]
            defects = np.bincount(codes[bad], many, len(levels))
            if defects.max(initial=0) < least:
                continue
            orders = np.bincount(codes[rows], minlength=len(levels))
            found += [b for b in _bars(column, levels, orders, defects) if b.excess >= least]
        return sorted(found, key=lambda bar: (-bar.excess, bar.column, bar.value or ""))


def _bars(
    column: str, levels: Iterable[str | None], orders: Rows, defects: npt.NDArray[Any]
) -> list[Bar]:
    all_orders, all_bad = int(orders.sum()), int(defects.sum())
    bars = []
    for level, many, bad in zip(levels, orders.tolist(), defects.astype(int).tolist(), strict=True):
        if many:
            others = all_orders - many
            expected = (all_bad - bad) / others * many if others else None
            bars.append(Bar(column, level, many, bad, expected))
    return sorted(bars, key=lambda bar: (-bar.excess, -bar.defective, -bar.orders, bar.value or ""))


def _number(rows: Rows | slice) -> int:
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)


def cube(defects: pd.DataFrame, described: pd.DataFrame, profile: str) -> Cube:
    """
    The cube of a table of `defects_by_order`, with the attributes of `described` (its index).

    An attribute of which nothing is known, or that is the same for all orders, is left out.
    """
    days = defects["day"].to_numpy("datetime64[D]")
    places = np.argsort(days, kind="stable")
    first = days[places[0]] if len(days) else np.datetime64("1970-01-01", "D")
    day = (days[places] - first).astype(np.int32)
    codes: dict[str, Codes] = {}
    levels: dict[str, tuple[str | None, ...]] = {}
    table = described.assign(**({CHANNEL: defects[CHANNEL]} if CHANNEL in defects else {}))
    for column in table:
        found, names = _coded(table[column])
        if column == CHANNEL or len(set(np.unique(found))) > 1:
            codes[str(column)], levels[str(column)] = found[places], names
    kinds = {kind: defects[kind].to_numpy(dtype=np.int8)[places] for kind in known_kinds(defects)}
    column = "defective" if named_profile(profile).count == "orders" else "defects"
    return Cube(
        profile=profile,
        first=pd.Timestamp(first),
        length=int(day[-1]) + 1 if len(day) else 0,
        day=day,
        places=places,
        codes=codes,
        levels=levels,
        flags={ANY: defects[column].to_numpy(dtype=np.int8)[places], **kinds},
        unknown=unknown_kinds(defects),
    )


def _coded(values: pd.Series) -> tuple[Codes, tuple[str | None, ...]]:
    """Codes in the smallest type that holds them, and their texts; two that read alike are one."""
    held = values if isinstance(values.dtype, pd.CategoricalDtype) else values.astype("category")
    texts = [value_text(level) for level in held.cat.categories]
    place, names = pd.factorize(pd.Index(texts, dtype="object"))
    small = np.min_scalar_type(len(names) + 1)
    to = np.append(place, len(names)).astype(small)
    return to[held.cat.codes.to_numpy()], (*map(str, names), None)


__all__ = ["ALL", "Bar", "Counts", "Cube", "cube"]
