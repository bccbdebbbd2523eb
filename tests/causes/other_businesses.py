"""A make-believe business: twelve correlated columns per order, and a mild chance of a defect."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

MILD = 1.28  # no level of any column makes a defect more than so many times likelier, or rarer
Codes = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
Where = dict[str, int]


@dataclass
class Column:
    """
    One column of the orders.

    Parameters
    ----------
    name : as the orders call it
    levels : how many values it can have
    codes : one per order, 0 to `levels` - 1
    parents : roles of the columns that are a function of this one (an item has one maker)
    """

    name: str
    levels: int
    codes: Codes
    parents: tuple[str, ...] = ()


@dataclass
class Business:
    """
    Twelve columns by role, with the chance of a defect where nothing is planted.

    Parameters
    ----------
    columns : role → column
    effects : role → factor per level, between 1 / 1.28 and 1.28
    rate : mean chance of a defect
    recent : marks the orders of the later weeks; None if nobody asks
    extra : factor per order on top of the mild effects (old hot spots, a step of all); None if 1
    """

    columns: dict[str, Column]
    effects: dict[str, Floats]
    rate: float
    recent: npt.NDArray[np.bool_] | None = None
    extra: Floats | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.columns["item"].codes)

    @cached_property
    def background(self) -> Floats:
        """The chance of a defect of each order where nothing is planted."""
        chance = np.ones(len(self), np.float32)
        for role, factor in self.effects.items():
            chance *= factor[self.columns[role].codes]
        chance *= np.float32(self.rate / chance.mean())
        if self.extra is not None:
            chance *= self.extra
        return chance

    def rows(self, where: Where) -> Rows:
        """The orders of a slice, as row numbers."""
        rarest = sorted(where, key=lambda role: -self.columns[role].levels)
        rows = np.flatnonzero(self.columns[rarest[0]].codes == where[rarest[0]])
        for role in rarest[1:]:
            rows = rows[self.columns[role].codes[rows] == where[role]]
        return rows

    def cells(self, roles: list[str]) -> int:
        """How many combinations of these columns' values are there among the orders."""
        sizes = [self.columns[role].levels for role in roles]
        if np.prod(sizes, dtype=float) > 3e8:
            return len(self)
        place = np.zeros(len(self), np.int32)
        for role, size in zip(roles, sizes, strict=True):
            place *= size
            place += self.columns[role].codes
        seen = np.zeros(int(np.prod(sizes)), bool)
        seen[place] = True
        return int(seen.sum())

    def ancestors(self, role: str) -> set[str]:
        """The columns that are a function of this one: the maker and the line of an item."""
        above = set(self.columns[role].parents)
        return above.union(*(self.ancestors(parent) for parent in above))

    def related(self, one: str, other: str) -> bool:
        """Does one of two columns determine the other."""
        return one in self.ancestors(other) or other in self.ancestors(one)

    def move(self, rows: Rows, role: str, level: npt.NDArray[np.integer] | int) -> None:
        """Give orders another level of a column; a service stays one of its carrier's."""
        column = self.columns[role]
        service = self.columns.get("service")
        if role == "carrier" and service is not None and service.parents:
            kinds = service.levels // column.levels
            service.codes[rows] = np.asarray(level) * kinds + service.codes[rows] % kinds
        column.codes[rows] = level
        self.__dict__.pop("background", None)

    def begin_recent(self, rng: np.random.Generator) -> None:
        """Mark the last weeks, 20-40 % of them, as recent."""
        week = self.columns["week"]
        self.recent = week.codes >= week.levels - max(2, round(week.levels * rng.uniform(0.2, 0.4)))

    def sell_lately(self, rows: Rows, rng: np.random.Generator) -> None:
        """Move orders into the recent weeks."""
        codes = self.columns["week"].codes
        self.move(rows, "week", rng.choice(codes[self.recent], len(rows)))
        self.recent[rows] = True

    def burden(self, extra: Floats) -> None:
        """Set a factor per order on top of the mild effects."""
        self.extra = extra
        self.__dict__.pop("background", None)

    def orders(self, defective: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """The orders as a find_causes caller has them."""
        table = {
            column.name: pd.Categorical.from_codes(column.codes, _labels(role, column))
            for role, column in self.columns.items()
        }
        table["defective"] = defective
        if self.recent is not None:
            table["recent"] = self.recent.astype(np.int8)
        return pd.DataFrame(table, copy=False)

    def said(self, where: Where) -> dict[str, str]:
        """A slice in the words of the orders: column → value."""
        return {
            self.columns[role].name: _label(role, level) for role, level in sorted(where.items())
        }


def _label(role: str, level: int) -> str:
    return f"{role[:2].upper()}{level:04d}"


def _labels(role: str, column: Column) -> list[str]:
    return [_label(role, level) for level in range(column.levels)]
