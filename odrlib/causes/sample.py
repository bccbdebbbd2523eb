"""The rows a search looks at: every defective order, and as many others as it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
Where = tuple[tuple[int, int], ...]


@dataclass
class Sample:
    """
    The rows a search looks at: the defective orders first, then the others.

    Parameters
    ----------
    codes : one array of level codes per column, in the order of the rows
    sizes : number of levels per column
    defects : how many of the first rows are defective
    weight : orders that each row stands for
    free : columns whose levels may differ as they like (the period, if there are two)
    """

    codes: list[Rows]
    sizes: list[int]
    defects: int
    weight: npt.NDArray[np.float64]
    free: tuple[int, ...] = ()
    seen: list[npt.NDArray[np.float64]] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = [
            np.bincount(codes[: self.defects], minlength=size).astype(float)
            for codes, size in zip(self.codes, self.sizes, strict=True)
        ]
        self.orders = float(self.weight.sum())
        self._postings: dict[int, tuple[Rows, Rows]] = {}
        self._rows: dict[Where, Rows] = {}

    def rows(self, where: Where) -> Rows:
        """The rows of the slice that `where` ((column, level), …) describes, in order."""
        if where not in self._rows:
            parts = [self._posting(*condition) for condition in where]
            first = min(range(len(where)), key=lambda at: len(parts[at]))
            rows = parts[first]
            for column, level in (*where[:first], *where[first + 1 :]):
                rows = rows[self.codes[column][rows] == level]
            self._rows[where] = rows
        return self._rows[where]

    def _posting(self, column: int, level: int) -> Rows:
        """The rows of one level."""
        if column not in self._postings:
            small = self.codes[column].astype(np.int16 if self.sizes[column] < 2**15 else np.int32)
            order = np.argsort(small, kind="stable")
            counts = np.bincount(self.codes[column], minlength=self.sizes[column])
            self._postings[column] = order, np.concatenate([[0], counts.cumsum()])
        order, starts = self._postings[column]
        return order[starts[level] : starts[level + 1]]

    def determines(self) -> npt.NDArray[np.bool_]:
        """`[a, b]`: does the level of column a say the level of column b, in every row?"""
        found = np.zeros((len(self.codes), len(self.codes)), bool)
        some = slice(0, 2_000)
        for a, first in enumerate(self.codes):
            for b, second in enumerate(self.codes):
                if a != b and self.sizes[a] >= self.sizes[b] and follows(first[some], second[some]):
                    found[a, b] = follows(first, second)
        return found


def follows(first: Rows, second: Rows) -> bool:
    """Does every level of `first` come with one level of `second` only?"""
    level = np.zeros(first.max() + 1, np.intp)
    level[first] = second
    return bool((level[first] == second).all())
