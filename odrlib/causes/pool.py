"""The pool: the promising cells with their rows, to be weighed against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np

from odrlib.causes.bar import Floats
from odrlib.causes.cells import inside
from odrlib.causes.charge import Charge
from odrlib.causes.expected import Atoms
from odrlib.causes.sample import Rows, Sample, Where

# A slice holds another one if it has this share of its orders (0-1).
HOLDS = 0.95
# With fewer sampled orders than this, the orders of a slice are counted.
SAMPLED = 60
# A condition that keeps this share of the orders (0-1) says hardly anything.
MOSTLY = 0.8


class Pool:
    """
    Promising cells.

    Attributes (one entry per cell)
    -------------------------------
    where : conditions
    defects : defective orders
    cost : log of the number of slices that share the error budget with it
    """

    def __init__(self, sample: Sample, charge: Charge, count: Callable[[Where], int]):
        self.sample, self.charge, self._count = sample, charge, count
        self.where: list[Where] = []
        self.place: dict[Where, int] = {}
        self._rows: list[Rows] = []
        self.defects = self.orders = self.cost = np.zeros(0)
        self._all = self._starts = np.zeros(0, np.intp)
        # Orders of a slice over those that its sampled rows stand for, where they were counted.
        self._ratios: dict[Where, float] = {}
        self._ratio = np.zeros(0)
        self._parts: dict[Where, Floats] = {}
        self._shares: dict[Where, Floats] = {}
        self._hardly: dict[Where, bool] = {}

    def __len__(self) -> int:
        return len(self.where)

    def add(self, cells: Iterable[Where]) -> None:
        """Take in more cells."""
        fresh = sorted({where for where in cells if where not in self.place})
        if not fresh:
            return
        for where in fresh:
            if len(rows := self.sample.rows(where)):
                self.place[where] = len(self.where)
                self.where.append(where)
                self._rows.append(rows)
        self._all = np.concatenate(self._rows)
        sizes = np.array([len(rows) for rows in self._rows])
        self._starts = np.concatenate([[0], sizes.cumsum()[:-1]])
        self.defects = np.array(
            [float(np.searchsorted(rows, self.sample.defects)) for rows in self._rows]
        )
        self._ratio = np.array([self.ratio(where) for where in self.where])
        self.orders = self.sums(self.sample.weight) * self._ratio
        cost = [
            self.charge.of(tuple(column for column, _ in where), np.array([share]))
            for where, share in zip(self.where, self.orders / self.sample.orders, strict=True)
        ]
        self.cost = np.concatenate(cost)
        self._shares.clear()

    def rows(self, where: Where) -> Rows:
        """The rows of a slice."""
        at = self.place.get(where)
        return self.sample.rows(where) if at is None else self._rows[at]

    def ratio(self, where: Where) -> float:
        """
        The orders of a slice over those that its sampled rows stand for.

        1 unless so few of its orders are in the sample that the difference might matter.
        """
        if where not in self._ratios:
            rows = self.rows(where)
            few = len(rows) - np.searchsorted(rows, self.sample.defects) < SAMPLED
            seen = float(self.sample.weight[rows].sum())
            self._ratios[where] = self._count(where) / seen if few else 1.0
        return self._ratios[where]

    def hardly(self, where: Where) -> bool:
        """Does one of the conditions leave hardly an order out?"""
        if where not in self._hardly:
            weight = self.sample.weight
            most = weight[self.rows(where)].sum() / MOSTLY
            self._hardly[where] = len(where) > 1 and any(
                weight[self.rows(shorter)].sum() <= most
                for shorter in combinations(where, len(where) - 1)
            )
        return self._hardly[where]

    def sums(self, values: Floats) -> Floats:
        """The sum over the rows of each cell of a value per row."""
        return np.add.reduceat(values[self._all], self._starts) if len(self) else np.zeros(0)

    def shares(self, where: Where) -> Floats:
        """The share of a slice's orders that each cell holds, 0-1."""
        if where not in self._shares:
            rows, weight = self.rows(where), np.zeros(len(self.sample.weight))
            weight[rows] = self.sample.weight[rows]
            self._shares[where] = self.sums(weight) / weight.sum()
        return self._shares[where]

    def costs(self, named: list[Where]) -> Floats:
        """The charges where some slices are named: parts of them, and wholes, come cheaper."""
        cost = self.cost
        if named:
            each = np.log(4 * len(named))
            for where in named:
                cost = np.minimum(cost, each + self._beside(where))
        return cost

    def _beside(self, named: Where) -> Floats:
        """The charges of parts of a named slice and of slices around it; infinite for others."""
        known = self._parts.get(named, np.zeros(0))
        if len(known) < len(self):
            orders = self.sample.weight[self.rows(named)].sum()
            fresh = range(len(known), len(self))
            found = [self._relative(at, named, orders) for at in fresh]
            self._parts[named] = np.concatenate([known, found])
        return self._parts[named]

    def _relative(self, at: int, named: Where, orders: float) -> float:
        """The charge of a cell that is a relative of a named slice; infinite if it is none."""
        where = self.where[at]
        columns = tuple(column for column, _ in where)
        if inside(where, named):
            return float(self.charge.of_part(named, columns, self.orders[at] / orders))
        if inside(named, where):
            return self.charge.of_whole(named)
        if where != named and columns == tuple(column for column, _ in named):
            return float(self.charge.of_sibling(columns, self.orders[at] / self.sample.orders))
        return np.inf

    def cost_of(self, where: Where, named: list[Where]) -> float:
        """The charge of one slice where others are named."""
        self.add([where])
        at = self.place[where]
        return float(self.costs([other for other in named if other != where])[at])

    def counts(
        self, mean: Floats, named: list[Where], atoms: Atoms
    ) -> tuple[Floats, Floats, Floats]:
        """
        Defects of each cell, those one expects of it, and those of all that it is compared with.

        Of a cell around named slices only the other rows count: those have a rate of their own. A
        cell inside a named slice is compared with the rest of that slice.
        """
        defects, expected = self.defects.copy(), self.sums(mean) * self._ratio
        total = np.full(len(self), float(self.sample.defects))
        if not named:
            return defects, expected, total
        shares = np.array([self.shares(where) for where in named])
        held = shares >= HOLDS
        pieces = len(atoms.inside[0])
        bad = np.bincount(atoms.label[: self.sample.defects], minlength=pieces)
        likely = np.bincount(atoms.label, weights=mean, minlength=pieces)
        for pattern in np.unique(held, axis=1).T:
            taken = atoms.inside[pattern].any(axis=0)
            around = (held == pattern[:, None]).all(axis=0) & taken.any()
            defects[around] = np.maximum(defects[around] - bad[taken].sum(), 0)
            expected[around] = np.maximum(expected[around] - likely[taken].sum(), 1e-9)
        for where, share in zip(named, shares, strict=True):
            at = self.place[where]
            part = (share * self.orders[at] >= HOLDS * self.orders) & (share < HOLDS)
            total[part] = np.minimum(total[part], self.defects[at])
        expected = np.minimum(expected, total * (1 - 1e-9))
        return defects, expected, total
