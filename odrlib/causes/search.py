"""The search: name the slice that explains most, look again, take back what was named in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import comb, log

import numpy as np
from scipy.special import betainc

from odrlib.causes.cells import Cells, Where, ancestors, inside
from odrlib.causes.expected import MILD, Floats, Rows, Sample, expect, first_guess, fit_factors

# A cell that misses the bar by more than this (in log likelihood) cannot pass it with an exact p.
NEAR = 4.0
# By about this much the exact chance is smaller than the likelihood ratio says.
EXACT = 2.5
# Beyond its name, every further cause costs so much (in log likelihood).
EACH = 3.0
# The most that levels of several columns together may explain.
TOGETHER = MILD**2.5
# Expected defects may be this much higher than estimated (measured on worlds with nothing planted).
ESTIMATED = 1.15
# Rounds of naming and taking back; most searches stand still after two.
ROUNDS = 5
# Nobody reads more causes than this.
MANY = 40
# The first, generous round names no more than these; the next ones find the rest.
FIRST = 12
# The error budget of the first round is so many times larger; what it names in vain is dropped.
GENEROUS = 1_000.0
# No slice is ever named whose defects are likelier than this to be chance, taken by itself.
CHANCE = 0.001
# Descriptions are twins if this share of their orders is common (0-1) and neither is much likelier.
ALIKE = 0.9
TWIN = 4.0
# A condition that keeps this share of what one expects of a slice (0-1) says hardly anything.
HARDLY = 0.88
# A slice stands for another if it holds this share of its orders (0-1).
MOST = 0.6
# So many candidates are looked at for one that may be named.
DEEP = 300


@dataclass(frozen=True)
class Bar:
    """
    What a slice must reach to be named.

    Parameters
    ----------
    q : the chance that anything innocent is named, 0-1
    excess : defective orders above what one expects
    lift : rate of the slice over the rate expected of it
    depth : the most conditions
    """

    q: float
    excess: float
    lift: float
    depth: int

    @property
    def least(self) -> int:
        """The fewest defects a named slice can have."""
        return max(3, int(np.ceil(self.excess)) + 1)


@dataclass(frozen=True)
class Verdict:
    """
    A named slice, with what one needs to say how bad it is in all orders.

    Parameters
    ----------
    p_value, q_value : chance of so many defects, alone and among everything that was searched
    base : expected defects per order before all factors
    factor : how much worse the slice is than the rest
    levels : the factor of each level of each column
    others : the other named slices with their factors
    twins : other descriptions of nearly the same rows that are nearly as likely
    """

    where: Where
    p_value: float
    q_value: float
    base: float
    factor: float
    levels: list[Floats]
    others: dict[Where, float]
    twins: tuple[Where, ...]


@dataclass
class Search:
    """
    The state of a search: the sample, its cells, and the slices named so far.

    `before` says how much worse than expected a slice was already before the period at hand;
    `relatives` whether parts of named slices, and slices around them, may be named as well.
    """

    sample: Sample
    bar: Bar
    before: Callable[[Where], float] | None = None
    named: list[Where] = field(default_factory=list)
    relatives: bool = True

    def __post_init__(self) -> None:
        self.total = float(self.sample.defects)
        self.bare = self.mean = first_guess(self.sample)
        self.cells = Cells(self.sample, self.mean, self.bar.depth, self.bar.least)
        self._rows: dict[Where, Rows] = {}
        self._worths: dict[frozenset[Where], float] = {}
        self._known: dict[Where, float] = {}

    def sketch(self) -> list[Where]:
        """Name what may be a cause, without the care of `run`."""
        self._suspect()
        self._refit()
        self._prune()
        self._name()
        return self.named

    def run(self, sketched: list[Where] | None = None) -> list[Where]:
        """
        Name causes until nothing changes any more, from what `sketch` named or from the start.

        The first round is generous: it only keeps real causes from hiding in the levels. From then
        on the levels are fitted beside the causes, and each cause has to stand up to them.
        """
        if sketched is None:
            self._suspect()
        else:
            self.named = sketched
        for _ in range(ROUNDS):
            before = set(self.named)
            self._refit()
            self._prune()
            self._name()
            self._reconsider()
            if set(self.named) == before:
                break
        self._prune()
        self._withstand()
        return self.named

    def _suspect(self) -> None:
        strict = self.bar
        self.bar, self.relatives = (
            replace(strict, q=strict.q * GENEROUS, lift=strict.lift**0.75),
            False,
        )
        self._name(FIRST)
        self.bar, self.relatives = strict, True

    def rows(self, where: Where) -> Rows:
        """The rows of a slice."""
        if where not in self._rows:
            self._rows[where] = self.sample.rows(where)
        return self._rows[where]

    def _refit(self) -> None:
        """Fit the levels of all columns again, beside the named causes."""
        named = self._all_rows(self.named)
        fit = expect(self.sample, named)
        self.bare = fit.mean.copy()
        for rows, factor in zip(named, fit.factors, strict=True):
            self.bare[rows] /= factor
        self.mean = fit.mean
        self.cells.expected[:] = 0
        self.cells.add(np.arange(len(self.mean)), self.mean)

    def _mean(self, named: list[Where]) -> Floats:
        mean = self.bare * (self.total / self.bare.sum())
        fit_factors(mean, [1.0] * len(named), self._all_rows(named), self.sample.defects)
        return mean

    def _move(self, named: list[Where]) -> None:
        """Make `named` the causes, and bring the expected defects of all cells up to date."""
        mean = self._mean(named)
        touched = np.zeros(len(mean), bool)
        for where in {*named, *self.named}:
            touched[self.rows(where)] = True
        rest = int(np.argmin(touched))
        scale = 1.0 if touched[rest] else mean[rest] / self.mean[rest]
        rows = np.flatnonzero(touched)
        self.cells.expected *= scale
        self.cells.add(rows, mean[rows] - self.mean[rows] * scale)
        self.mean, self.named = mean, named

    def _name(self, most: int = MANY) -> None:
        while len(self.named) < most and (where := self._best()):
            self._move([*self.named, where])

    def _prune(self) -> None:
        """Drop, weakest first, the causes that what is expected without them explains."""
        named = list(self.named)
        while named:
            above = [self.above(where, named) for where in named]
            weakest = min(
                zip(above, named, strict=True), key=lambda pair: (pair[0], -len(pair[1]), pair[1])
            )
            if weakest[0] >= 0:
                break
            named.remove(weakest[1])
        if len(named) < len(self.named):
            self._move(named)

    def _withstand(self) -> None:
        """
        Drop the causes that mild differences between levels could make.

        Levels of several columns that travel together add up: here they may explain as much as they
        can (up to TOGETHER) before a cause is held against them.
        """
        while self.named:
            worth = self._worth(self.named)
            found = [(self._beyond(where, worth), -len(where), where) for where in self.named]
            beyond, _, weakest = min(found)
            if beyond >= 0:
                return
            self.named = without(self.named, weakest)
            self._refit()
            self._prune()

    def _beyond(self, where: Where, worth: float) -> float:
        """How far a cause is above the bar when the levels are fitted without it."""
        others = without(self.named, where)
        observed, expected, _ = self._alone(where, others)
        if observed[0] > TOGETHER * self.bar.lift * expected[0]:
            return np.inf
        fit = expect(self.sample, self._all_rows(others))
        plain = self.sample.weight * fit.base
        for rows, factor in zip(self._all_rows(others), fit.factors, strict=True):
            plain[rows] *= factor
        mean = plain * np.clip(fit.mean / plain, 1 / TOGETHER, TOGETHER)
        mean *= self.total / mean.sum()
        explained = self._likelihood(mean, others) + fit.plain
        return worth - explained + np.log(self.bar.q) + EXACT + EACH

    def _all_rows(self, named: list[Where]) -> list[Rows]:
        return [self.rows(where) for where in named]

    def _reconsider(self) -> None:
        for _ in range(ROUNDS):
            changed = [self._replace(where) for where in list(self.named) if where in self.named]
            if not any(changed):
                break
        self._merge()

    def _replace(self, where: Where) -> bool:
        """
        Take one cause out, and pick again. True if others, or none, are named in its place.

        If it would be picked again, several smaller slices may still say it better together.
        """
        before = self.named, self.mean, self.cells.expected.copy()
        objective = self._objective()
        self._move(without(self.named, where))
        fresh = self._best()
        if fresh is None:
            return True
        if fresh == where:
            while len(self.named) < MANY and (part := self._best(instead_of=where)):
                self._move([*self.named, part])
            if len(self.named) > len(before[0]) and self._worth(self.named) > self._worth(
                before[0]
            ):
                return True
        else:
            self._move([*self.named, fresh])
            enough = -TWIN if inside(where, fresh) else 1e-6
            if self._objective() > objective + enough:
                return True
        self.named, self.mean, self.cells.expected = before
        return False

    def _apart(self, cost: Floats) -> Floats:
        """The costs, with none low enough for a slice inside or around a named one."""
        for where in self.named:
            for _, parts in self.cells.parts(where):
                cost[parts] = np.inf
            for above in ancestors(where):
                if (at := self.cells.find(above)) is not None:
                    cost[at] = np.inf
        return cost

    def _merge(self) -> None:
        """Name one slice in place of parts of it, if it says the same for less."""
        for above in sorted({above for where in self.named for above in ancestors(where)}, key=len):
            rest = [where for where in self.named if where != above and not inside(where, above)]
            if len(rest) < len(self.named) - 1 and self._worth([*rest, above]) > self._worth(
                self.named
            ):
                self._move([*rest, above])

    def _worth(self, named: list[Where]) -> float:
        """The objective of a set of names, with the levels fitted beside exactly these."""
        key = frozenset(named)
        if key not in self._worths:
            fit = expect(self.sample, self._all_rows(named))
            self._worths[key] = self._likelihood(fit.mean, named) + fit.plain
        return self._worths[key]

    def _objective(self) -> float:
        """Log likelihood of the defects, less what the names cost."""
        return self._likelihood(self.mean, self.named)

    def _likelihood(self, mean: Floats, named: list[Where]) -> float:
        likely = float(np.log(mean[: self.sample.defects]).sum())
        return likely - sum(self.cost(where, without(named, where)) + EACH for where in named)

    def cost(self, where: Where, others: list[Where]) -> float:
        """Log of the number of slices that share the error budget with this one."""
        return min(
            [self.cells.penalty_of(where)]
            + [self._part_cost(other, where, others) for other in others if inside(where, other)]
            + [whole_cost(other, others) for other in others if inside(other, where)]
        )

    def _part_cost(self, named: Where, part: Where, others: list[Where]) -> float:
        """The cost of a part of a named slice, which competes with the other parts of it only."""
        more = len(part) - len(named)
        free = len(self.sample.codes) - len(named)
        most = self.bar.depth - len(named)
        columns = tuple(column for column, _ in part if column not in dict(named))
        defects = np.searchsorted(self.rows(named), self.sample.defects)
        slices = self.cells.slices(columns, float(defects))
        return log(4 * len(others)) + log(most) + log(comb(free, more)) + log(slices)

    def verdicts(self) -> list[Verdict]:
        """What the search found, to be measured on all orders."""
        fit = expect(self.sample, self._all_rows(self.named))
        factors = dict(zip(self.named, fit.factors, strict=True))
        return [
            Verdict(
                where, *self._chances(where), fit.base, factors[where], fit.levels,
                {other: factors[other] for other in without(self.named, where)},
                self._twins(where),
            )
            for where in self.named
        ]  # fmt: skip

    def _chances(self, where: Where) -> tuple[float, float]:
        observed, expected, cost = self._alone(where, without(self.named, where))
        p = float(chance(observed, expected, self.total)[0])
        return p, float(min(1.0, p * np.exp(cost[0])))

    def _twins(self, where: Where) -> tuple[Where, ...]:
        """Other cells with nearly the same rows, and nearly as likely, the likeliest first."""
        rows, named = self.rows(where), self.named
        self._move(without(named, where))
        defects, expected, cost = self._scores()
        gain = gains(defects, expected, self.total) - cost
        at = self.cells.find(where)
        likely = np.flatnonzero(gain > gain[at] - TWIN) if at is not None else []
        likely = sorted(likely, key=lambda cell: (-gain[cell], self.cells.where(cell)))
        self._move(named)
        weight = self.sample.weight
        twins = []
        for cell in likely[:MANY]:
            other = self.cells.where(cell)
            both = np.intersect1d(rows, self.rows(other), assume_unique=True)
            shared = weight[both].sum()
            every = weight[rows].sum() + weight[self.rows(other)].sum() - shared
            if other != where and shared >= ALIKE * every:
                twins.append(other)
        short = [where, *twins]
        return tuple(t for t in twins if not any(inside(t, other) for other in short))

    def contrast(self) -> tuple[Where, int, float, float] | None:
        """The largest contrast that is not named: slice, defects, expected, corrected p."""
        defects, expected, cost = self._scores()
        gain = gains(defects, expected, self.total) - cost
        for at in np.argsort(-gain, kind="stable")[: len(self.named) + 1]:
            if (where := self.cells.where(at)) not in self.named:
                p = chance(defects[at], expected[at], self.total) * np.exp(cost[at])
                return where, int(defects[at]), float(expected[at]), float(min(1.0, p))
        return None

    def own(self, where: Where, others: list[Where]) -> Rows:
        """The rows of a slice that are in no named part of it: those have a rate of their own."""
        rows = self.rows(where)
        for other in others:
            if inside(other, where):
                rows = np.setdiff1d(rows, self.rows(other), assume_unique=True)
        return rows

    def above(self, where: Where, named: list[Where]) -> float:
        """How far one of the named slices is above the bar, given the others (below 0: fails)."""
        others = without(named, where)
        return float(margins(*self._alone(where, others), self.total, self.bar)[0])

    def _alone(self, where: Where, others: list[Where]) -> tuple[Floats, Floats, Floats]:
        """Defects, expected defects and cost of a slice where only the others are named."""
        rows = self.own(where, others)
        observed = float(np.searchsorted(rows, self.sample.defects))
        expected = float(self._mean(others)[rows].sum()) * self._past(where)
        return np.array([observed]), np.array([expected]), np.array([self.cost(where, others)])

    def _best(self, instead_of: Where | None = None) -> Where | None:
        """
        The cell with the largest gain that passes the bar.

        With `instead_of`, cells that hold most of that slice's orders are passed over.
        """
        defects, expected, cost = self._scores()
        gain = gains(defects, expected, self.total) - cost
        near = np.flatnonzero(gain > -np.log(self.bar.q) - NEAR)
        above = margins(defects[near], expected[near], cost[near], self.total, self.bar)
        near = near[above >= 0]
        near = near[np.argsort(-gain[near], kind="stable")]
        taken: list[tuple[int, Where]] = []
        first = -1
        for at in near[:DEEP]:
            if taken and not self._same(at, first, gain, expected):
                continue
            where = self.cells.where(at)
            if (
                where not in self.named
                and not (instead_of and self._covers(where, instead_of))
                and self._passes(defects[at], expected[at] * self._past(where), cost[at])
            ):
                first = first if taken else at
                taken.append((len(where), where))
        return self._shorter(min(taken)[1], defects, gain, expected, cost) if taken else None

    def _same(self, at: int, first: int, gain: Floats, expected: Floats) -> bool:
        """Are two cells, by their numbers, two names of the same rows?"""
        return bool(
            self.cells.defects[at] == self.cells.defects[first]
            and abs(expected[at] - expected[first]) <= 0.02 * expected[first]
            and gain[at] > gain[first] - TWIN
        )

    def _shorter(
        self, where: Where, defects: Rows, gain: Floats, expected: Floats, cost: Floats
    ) -> Where:
        """The same slice with a condition less, where that condition leaves hardly an order out."""
        at = self.cells.find(where)
        for other in ancestors(where):
            place = self.cells.find(other)
            if (
                place is not None
                and other not in self.named
                and expected[at] >= HARDLY * expected[place]
                and gain[place] >= gain[at] - TWIN
                and self._passes(defects[place], expected[place] * self._past(other), cost[place])
            ):
                return other
        return where

    def _past(self, where: Where) -> float:
        if self.before is None:
            return 1.0
        if where not in self._known:
            self._known[where] = self.before(where)
        return self._known[where]

    def _passes(self, defects: float, expected: float, cost: float) -> bool:
        parts = (np.array([float(part)]) for part in (defects, expected, cost))
        return bool(margins(*parts, self.total, self.bar)[0] >= 0)

    def _covers(self, where: Where, whole: Where) -> bool:
        """Does a slice hold most of the orders of another?"""
        rows = self.rows(whole)
        held = np.logical_and.reduce([self.sample.codes[c][rows] == level for c, level in where])
        weight = self.sample.weight[rows]
        return bool(weight[held].sum() > MOST * weight.sum())

    def _scores(self) -> tuple[Rows, Floats, Floats]:
        """Defects, expected defects and cost of every cell, in view of what is named."""
        cells = self.cells
        if not self.named:
            return cells.defects, cells.expected, cells.penalty
        defects, expected = cells.defects.copy(), cells.expected.copy()
        cost = cells.penalty
        if not self.relatives:
            return defects, expected, self._apart(cost)
        for where in self.named:
            for above in ancestors(where):
                if (at := cells.find(above)) is not None:
                    rows = self.own(above, self.named)
                    defects[at] = np.searchsorted(rows, self.sample.defects)
                    expected[at] = self.mean[rows].sum()
                    cost[at] = min(cost[at], whole_cost(where, self.named)) if len(rows) else np.inf
        for where in self.named:
            for columns, at in cells.parts(where):
                part = where + tuple((column, -1) for column in columns)
                cost[at] = np.minimum(cost[at], self._part_cost(where, part, self.named))
        return defects, expected, cost


def whole_cost(named: Where, others: list[Where]) -> float:
    """The cost of a slice around a named one, which competes with the other slices around it."""
    return log(4 * len(others)) + log(2 ** len(named) - 2)


def without(named: list[Where], where: Where) -> list[Where]:
    """The named slices but one."""
    return [other for other in named if other != where]


def margins(defects: Rows, expected: Floats, cost: Floats, total: float, bar: Bar) -> Floats:
    """How far (in log chance) each slice is above the bar; minus infinity if it is too mild."""
    d, e = defects.astype(float), np.clip(expected, 1e-9, total * (1 - 1e-9))
    alike = e * (total - d) / (total - e)
    p = chance(d, e, total)
    material = (d >= bar.lift * alike) & (d - alike >= bar.excess) & (p <= CHANCE)
    return np.where(material, np.log(bar.q) - np.log(p) - cost, -np.inf)


def chance(defects: Floats, expected: Floats, total: float) -> Floats:
    """
    Chance that a slice gets at least so many of all `total` defects when it is like the rest.

    What is expected is an estimate, so it is taken a little higher than it seems.
    """
    share = np.minimum(expected * ESTIMATED / total, 1 - 1e-9)
    return np.maximum(betainc(np.maximum(defects, 1e-9), total - defects + 1, share), 1e-300)


def gains(defects: Rows, expected: Floats, total: float) -> Floats:
    """Log likelihood ratio: the slice has a rate of its own, against it is like the rest."""
    d, e = np.maximum(defects, 1e-9), np.maximum(expected, 1e-9)
    outside, outside_expected = np.maximum(total - d, 1e-9), np.maximum(total - e, 1e-9)
    ratio = d * np.log(d / e) + outside * np.log(outside / outside_expected)
    return np.where(d * outside_expected > e * outside, ratio, 0.0)
