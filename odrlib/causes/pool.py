"""The pool: the promising cells with their rows, to be weighed against each other."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np

from odrlib.causes.bar import Floats
from odrlib.causes.cells import columns_of, inside
from odrlib.causes.charge import Charge
from odrlib.causes.expected import Atoms
from odrlib.causes.sample import Rows, Sample, Where

EVERY = slice(None)
Counts = Callable[[list[Where]], list[int]]

# A slice holds another one if it has this share of its orders (0-1).
HOLDS = 0.95
# With fewer sampled orders than this, the orders of a slice are counted.
SAMPLED = 60
# Before a slice is named its orders are counted, unless so many of them are sampled.
SURE = 1_000
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

    def __init__(self, sample: Sample, charge: Charge, count: Counts):
        self.sample, self.charge, self._count = sample, charge, count
        self.where: list[Where] = []
        self.place: dict[Where, int] = {}
        self._rows: list[Rows] = []
        self.defects = self.orders = self.cost = np.zeros(0)
        self._all = self._starts = np.zeros(0, np.intp)
        # Orders of a slice over those that its sampled rows stand for, where they were counted.
        self._ratios: dict[Where, float] = {}
        self._ratio = np.zeros(0)
        # Counts up whenever the cells, their orders or their costs change.
        self.version = 0
        self._exact: set[Where] = set()
        # The charges of the cells beside a named one.
        self._relatives: dict[Where, Floats] = {}
        # The cells that hold a condition, and those by the same columns.
        self._holding: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._by: dict[tuple[int, ...], list[int]] = defaultdict(list)
        self._sizes = np.zeros(0, np.intp)
        self._shares: dict[Where, Floats] = {}
        self._hardly: dict[Where, bool] = {}
        # Many descriptions hold the same rows.
        self._aliases: dict[Where, int] = {}
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self.where)

    def add(self, cells: Iterable[Where]) -> None:
        """Take in more cells."""
        fresh = sorted({where for where in cells if where not in self.place})
        if not fresh:
            return
        self.version += 1
        for where in fresh:
            if len(rows := self.sample.rows(where)):
                self.place[where] = len(self.where)
                for condition in where:
                    self._holding[condition].append(len(self.where))
                self._by[columns_of(where)].append(len(self.where))
                self.where.append(where)
                self._rows.append(rows)
        self._sizes = np.array([len(where) for where in self.where])
        self._all = np.concatenate(self._rows)
        self._taken = np.empty(len(self._all))
        self.count(self.where)
        sizes = np.array([len(rows) for rows in self._rows])
        self._starts = np.concatenate([[0], sizes.cumsum()[:-1]])
        self.defects = np.array(
            [float(rows.searchsorted(self.sample.defects)) for rows in self._rows]
        )
        self._ratio = np.array([self._ratios[where] for where in self.where])
        self.orders = self.sums(self.sample.weight) * self._ratio
        cost = [
            self.charge.of(columns_of(where), np.array([share]))
            for where, share in zip(self.where, self.orders / self.sample.orders, strict=True)
        ]
        self.cost = np.concatenate(cost)
        self._shares.clear()

    def rows(self, where: Where) -> Rows:
        """The rows of a slice."""
        at = self.place.get(where)
        return self.sample.rows(where) if at is None else self._rows[at]

    def alias(self, where: Where) -> int:
        """A number that slices of exactly the same rows share."""
        if where not in self._aliases:
            rows = hashlib.blake2b(self.rows(where).tobytes(), digest_size=16).digest()
            self._aliases[where] = self._numbers.setdefault(rows, len(self._numbers))
        return self._aliases[where]

    def ratio(self, where: Where) -> float:
        """
        The orders of a slice over those that its sampled rows stand for.

        1 unless so few of its orders are in the sample that the difference might matter.
        """
        if where not in self._ratios:
            self.count([where])
        return self._ratios[where]

    def exact(self, where: Where) -> bool:
        """Count the orders of a cell unless very many are in the sample; True if that is news."""
        rows = self.rows(where)
        few = len(rows) - np.searchsorted(rows, self.sample.defects) < SURE
        if not few or where in self._exact or self._ratios[where] != 1.0:
            return False
        self._exact.add(where)
        self.version += 1
        self._ratios[where] = self._count([where])[0] / float(self.sample.weight[rows].sum())
        at = self.place[where]
        self.orders[at] *= self._ratios[where] / self._ratio[at]
        self._ratio[at] = self._ratios[where]
        return bool(self._ratio[at] != 1.0)

    def count(self, slices: Iterable[Where]) -> None:
        """Count the orders of slices of which few orders are in the sample."""
        few = []
        for where in slices:
            if where not in self._ratios:
                rows = self.rows(where)
                self._ratios[where] = 1.0
                if len(rows) - rows.searchsorted(self.sample.defects) < SAMPLED:
                    few.append(where)
        for where, orders in zip(few, self._count(few) if few else [], strict=True):
            self._ratios[where] = orders / float(self.sample.weight[self.rows(where)].sum())

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

    def sums(self, values: Floats, cells: slice = EVERY) -> Floats:
        """The sum over the rows of some cells of a value per row."""
        starts = self._starts[cells]
        if not len(starts):
            return np.zeros(0)
        last = cells.indices(len(self))[1]
        end = self._starts[last] if last < len(self) else len(self._all)
        rows = self._all[starts[0] : end]
        taken = values.take(rows, out=self._taken[: len(rows)], mode="clip")
        return np.add.reduceat(taken, starts - starts[0])

    def shares(self, where: Where) -> Floats:
        """The share of a slice's orders that each cell holds, 0-1."""
        if where not in self._shares:
            rows, weight = self.rows(where), np.zeros(len(self.sample.weight))
            weight[rows] = self.sample.weight[rows]
            self._shares[where] = self.sums(weight) / weight.sum()
        return self._shares[where]

    def alike(self, where: Where) -> dict[tuple[int, ...], Where]:
        """The cells of (nearly) the same orders, by their columns."""
        held = self.shares(where)
        orders = held * self.orders[self.place[where]]
        same = np.flatnonzero((held >= HOLDS) & (orders >= HOLDS * self.orders))
        return {columns_of(self.where[at]): self.where[at] for at in same}

    def costs(self, named: list[Where]) -> Floats:
        """The charges where some slices are named: parts of them, and wholes, come cheaper."""
        cost = self.cost
        if named:
            each = np.log(4 * len(named))
            for where in named:
                cost = np.minimum(cost, each + self._beside(where))
        return cost

    def cost_of(self, where: Where, named: list[Where]) -> float:
        """The charge of one slice where others are named."""
        self.add([where])
        at = self.place[where]
        beside = [float(self._beside(other)[at]) for other in named if other != where]
        each = np.log(4 * len(beside)) if beside else 0.0
        return min([float(self.cost[at]), *(each + charge for charge in beside)])

    def _beside(self, named: Where) -> Floats:
        """The charges of parts of a named slice and of slices around it; infinite for others."""
        known = self._relatives.get(named, np.zeros(0))
        if len(known) < len(self):
            charges = np.full(len(self), np.inf)
            charges[: len(known)] = known
            shared = np.zeros(len(self), np.intp)
            for condition in named:
                shared[self._holding[condition]] += 1
            related = (shared == len(named)) | (shared == self._sizes)
            related[self._by[columns_of(named)]] = True
            orders = self.sample.weight[self.rows(named)].sum()
            for at in np.flatnonzero(related[len(known) :]) + len(known):
                charges[at] = self._relative(int(at), named, orders)
            self._relatives[named] = charges
        return self._relatives[named]

    def _relative(self, at: int, named: Where, orders: float) -> float:
        """The charge of a cell that is a relative of a named slice; infinite if it is none."""
        where = self.where[at]
        columns = columns_of(where)
        if inside(where, named):
            return float(self.charge.of_part(named, columns, self.orders[at] / orders))
        if inside(named, where):
            return self.charge.of_whole(named)
        if where != named and columns == columns_of(named):
            return float(self.charge.of_sibling(columns, self.orders[at] / self.sample.orders))
        return np.inf

    def counts(
        self, mean: Floats, named: list[Where], atoms: Atoms, cells: slice
    ) -> tuple[Floats, Floats, Floats]:
        """
        Defects of some cells, those one expects of them, and those of all they are compared with.

        Of a cell around named slices only the other rows count: those have a rate of their own. A
        cell inside a named slice is compared with the rest of that slice.
        """
        defects, orders = self.defects[cells].copy(), self.orders[cells]
        expected = self.sums(mean, cells) * self._ratio[cells]
        total = np.full(len(defects), float(self.sample.defects))
        if not named:
            return defects, expected, total
        shares = np.array([self.shares(where)[cells] for where in named])
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
            part = (share * self.orders[at] >= HOLDS * orders) & (share < HOLDS)
            total[part] = np.minimum(total[part], self.defects[at])
        expected = np.minimum(expected, total * (1 - 1e-9))
        return defects, expected, total
