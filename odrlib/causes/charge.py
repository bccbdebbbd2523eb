"""The charge: what the name of a slice costs, in view of all the names there might have been."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb, log, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from odrlib.causes.bar import Bar
from odrlib.causes.sample import Sample, Where

Floats = npt.NDArray[np.float64]

# A slice with fewer expected defects than this is too small to pass the bar but by a miracle.
SMALLEST = 0.1
# Of slices with few defects, those are worth a look that have no more expected ones than this.
TINY = 0.03


@dataclass
class Charge:
    """
    The error budget, divided among the slices.

    Every further condition halves the part of a depth; the sets of columns within a depth share it
    equally (sets in which one column says another are left out: they hold nothing new). Within a
    set one half goes to the slices by their share of the orders and one half in equal parts to all
    that could be named, so the parts of all slices add up to the whole. The charge of a slice is
    minus the log of its part.

    Parameters
    ----------
    sample : the rows
    depth : the most conditions, a period apart
    """

    sample: Sample
    depth: int
    sets: list[float] = field(init=False)

    def __post_init__(self) -> None:
        sample = self.sample
        self.follows = sample.determines()
        self.columns = [at for at in range(len(sample.codes)) if at not in sample.free]
        # The columns that say what a column says, or the other way round.
        alike = self.follows | self.follows.T
        self.alike = [frozenset(np.flatnonzero(others).tolist()) for others in alike]
        self.depth = min(self.depth, len(self.columns))
        self.large = [
            max(1.0, float((np.bincount(codes, weights=sample.weight) >= self._smallest()).sum()))
            for codes in sample.codes
        ]
        halves = 0.5 ** np.arange(self.depth + 1)
        self.depths = -np.log(halves / halves[1:].sum())
        self.sets = [0.0]
        together: list[tuple[int, ...]] = [()]
        for depth in range(1, self.depth + 1):
            together = self._wider(together)
            # A further condition never comes for free.
            least = self.sets[-1] + log(2) if depth > 1 else 0.0
            self.sets.append(max(log(max(len(together), 1)), least))
        # With two periods: a slice in both, or in the later.
        self.periods = log(2) if sample.free else 0.0
        self._sets: dict[tuple[int, ...], tuple[float, float]] = {}
        self._parts: dict[tuple[Where, tuple[int, ...]], tuple[float, float]] = {}

    def least(self, bar: Bar) -> int:
        """The fewest defects with which a slice of only TINY expected ones passes the bar."""
        cost = self.depths[1] + self.sets[1] + log(2 * self.sample.defects / SMALLEST)
        defects = bar.least
        while defects * (log(defects / TINY) - 1) < cost - log(bar.q):
            defects += 1
        return defects

    def _smallest(self) -> float:
        return SMALLEST * self.sample.orders / self.sample.defects

    def _wider(self, sets: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """The sets with one column more, in which each says something that no other one says."""
        return [
            (*columns, column)
            for columns in sets
            for column in self.columns
            if (not columns or column > columns[-1]) and self.alike[column].isdisjoint(columns)
        ]

    def number(self, columns: tuple[int, ...], defects: float) -> float:
        """At most so many slices by `columns` could be named where `defects` are shared."""
        return max(1.0, min(defects / SMALLEST, prod([self.large[column] for column in columns])))

    def of(self, columns: tuple[int, ...], share: Floats) -> Floats:
        """The charge of slices by `columns` with these shares (0-1) of the orders."""
        charge, least = self._set(columns)
        found: Floats = charge - np.log(0.5 * share + least)
        return found

    def cheapest(self, columns: tuple[int, ...]) -> float:
        """The charge of a slice by `columns` is never lower than this."""
        # The part of a slice that holds all orders is below two.
        return self._set(columns)[0] - log(2)

    def _set(self, columns: tuple[int, ...]) -> tuple[float, float]:
        """The charge of a set of columns, and the part of it that every slice by them has."""
        if columns not in self._sets:
            deep = tuple(column for column in columns if column not in self.sample.free)
            charge = float(self.depths[len(deep)] + self.sets[len(deep)] + self.periods)
            self._sets[columns] = charge, 0.5 / self.number(deep, self.sample.defects)
        return self._sets[columns]

    def of_sibling(self, columns: tuple[int, ...], share: Floats) -> Floats:
        """The charge of a slice by the columns of a named one: they are not chosen again."""
        return -np.log(0.5 * share + self._set(columns)[1])

    def of_part(self, whole: Where, columns: tuple[int, ...], share: Floats | float) -> Any:
        """
        The charge of parts of a named slice, which compete with the other parts of it only.

        Parameters
        ----------
        whole : the named slice
        columns : those of the parts
        share : of the orders of the named slice, 0-1
        """
        charge, least = self._part(whole, columns)
        return charge - np.log(0.5 * share + least)

    def _part(self, whole: Where, columns: tuple[int, ...]) -> tuple[float, float]:
        """The charge of what `columns` add to a named slice, and what every part of it has."""
        if (whole, columns) not in self._parts:
            held = {column for column, _ in whole}
            free = [column for column in self.columns if column not in held]
            more = tuple(column for column in columns if column in free)
            deeper = max(1, self.depth - len(held.intersection(self.columns)))
            defects = float(np.searchsorted(self.sample.rows(whole), self.sample.defects))
            charge = log(deeper) + log(comb(len(free), len(more))) + self.periods
            self._parts[whole, columns] = charge, 0.5 / self.number(more, defects)
        return self._parts[whole, columns]

    def of_whole(self, named: Where) -> float:
        """The charge of a slice around a named one, which competes with the others around it."""
        return log(max(2, 2 ** len(named) - 2))
