"""The search: name the slices that explain most, look again, put others in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from odrlib.causes.bar import Bar, Floats, chance, gains
from odrlib.causes.cells import Walk, ancestors, columns_of, inside
from odrlib.causes.charge import Charge
from odrlib.causes.expected import MILD, Atoms, Expected, expect, first_guess, hopeful
from odrlib.causes.pool import EVERY, Counts, Pool
from odrlib.causes.sample import Sample, Where

# Beyond its name, every further cause costs so much (in log likelihood): its factor is free.
EACH = 2.0
# By about this much the exact chance is smaller than the likelihood ratio says.
EXACT = 2.5
# A description with a condition that leaves hardly an order out has to be better by this much.
HARDLY = 3.0
# The most that levels of several columns together may explain.
TOGETHER = MILD**2
# Rounds of naming and looking again; most searches stand still after two.
ROUNDS = 4
# Nobody reads more causes than this.
MANY = 40
# The first, generous round names no more than these; the next ones find the rest.
FIRST = 12
# The error budget of the first round is so many times larger; what it names in vain is dropped.
GENEROUS = 1_000.0
# After so many that were named in vain, no more are tried.
REFUSED = 6
# So many cells are kept in mind.
CELLS = 600
# Rivals of a cause: so many are weighed roughly, and so many of these with all levels fitted anew.
ROUGHLY = 10
CLOSELY = 3
# A rough comparison may be wrong by this much (in log likelihood).
ROUGH = 5.0
# So many answers to "what if these were named" are remembered; each has a number or two per order
# of the sample.
KEPT = 24
# A slice stands for another if it holds this share of its orders (0-1).
MOST = 0.6


K = TypeVar("K")
V = TypeVar("V")


@dataclass
class Split:
    """
    What one expects where some slices are named, whatever they are called.

    `bare` is what one expects without the slices, `scale` times the `factors` of the slices that
    hold a row is what it is multiplied by; `likely` is the log likelihood.
    """

    atoms: Atoms
    bare: Floats
    factors: Floats
    scale: float
    likely: float

    @cached_property
    def mean(self) -> Floats:
        """Expected defects per row."""
        return self.bare * (self.scale * self.atoms.of_pieces(self.factors))[self.atoms.label]


@dataclass
class State:
    """Named slices, and the log likelihood less all costs with the levels left as they are."""

    named: list[Where]
    split: Split
    worth: float

    @property
    def mean(self) -> Floats:
        """Expected defects per row."""
        return self.split.mean

    def were(self, where: Where) -> Floats:
        """Expected defects per row if a slice, its named parts included, were like the rest."""
        like = [other == where or inside(other, where) for other in self.named]
        split = self.split
        factors = np.where(like, 1.0, split.factors)
        return split.bare * (split.scale * split.atoms.of_pieces(factors))[split.atoms.label]


@dataclass
class Search:
    """
    A search: the sample, the cells it keeps in mind, and the slices named so far.

    `orders` counts all orders of slices; `apart` keeps slices inside or around named ones from
    being named.
    """

    sample: Sample
    bar: Bar
    orders: Counts
    named: list[Where] = field(default_factory=list)
    apart: bool = False

    def __post_init__(self) -> None:
        self.total = float(self.sample.defects)
        self.charge = Charge(self.sample, self.bar.depth)
        self.pool = Pool(self.sample, self.charge, self.orders)
        self._worths: dict[frozenset[Where], float] = {}
        # The same names are asked about again and again; the oldest answers are forgotten.
        self._states: dict[tuple[Any, ...], State] = {}
        self._fits: dict[tuple[int, ...], Expected] = {}
        self._splits: dict[tuple[Any, ...], Split] = {}
        self.suspects: list[Where] = []
        self._tried: set[tuple[frozenset[Where], Where, int]] = set()

    def sketch(self) -> list[Where]:
        """Name what may be a cause, generously and without care."""
        self.fit = first_guess(self.sample)
        self.hope = self.fit.bare
        self._look()
        self.apart = True
        self.state = self._state([])
        generous = self.bar.lower(GENEROUS)
        while len(self.named) < FIRST and (found := self._candidates(self.state, generous)):
            self._move(self._state([*self.named, found[0]]))
        self.apart = False
        return self.named

    def run(self, sketched: list[Where], looked: bool = False) -> list[Where]:
        """
        Name causes until nothing changes any more, from what `sketch` named.

        The levels are fitted beside the causes now, and each cause has to stand up to them. With
        `looked`, the cells in mind are those of another search that named the same.
        """
        self.named = sketched
        self._refit()
        for turn in range(ROUNDS):
            before = set(self.named)
            if turn or not looked:
                self._look()
            self._improve()
            self._name()
            self._improve()
            if set(self.named) == before:
                break
        self._withstand()
        return self.named

    def _look(self) -> None:
        """Walk over all cells in view of what is named, and keep the promising ones in mind."""
        mean = self._state(self.named, hoping=True).mean
        walk = Walk(self.sample, mean, self.charge, self.bar, self.named)
        around = {above for where in self.named for above in ancestors(where)}
        found = [where for where in walk.promising(CELLS) if where not in self.pool.place]
        self.pool.count(found)
        found = [where for where in found if self._real(where, walk)]
        self.suspects = self.suspects or found
        self.pool.add([*found, *self.named, *filter(self._says, around)])

    def _real(self, where: Where, walk: Walk) -> bool:
        """Is a cell as promising as it looks, or are too few of its orders in the sample?"""
        ratio = self.pool.ratio(where)
        if ratio == 1.0:
            return True
        rows = self.sample.rows(where)
        defects = float(np.searchsorted(rows, self.sample.defects))
        return walk.promises(where, defects, float(walk.mean[rows].sum()) * ratio)

    def _says(self, where: Where) -> bool:
        return any(column not in self.sample.free for column, _ in where)

    def _refit(self) -> None:
        """Fit the levels of all columns again, beside the named causes."""
        rows = [self.pool.rows(where) for where in self.named]
        self.fit = self._fitted(self.named)
        self.hope = hopeful(self.sample, self.fit, rows)
        self._states.clear()
        self._splits.clear()
        self.state = self._state(self.named)

    def _fitted(self, named: list[Where]) -> Expected:
        """The levels of all columns, fitted beside these names."""
        return _kept(
            self._fits,
            tuple(map(self.pool.alias, named)),
            lambda: expect(self.sample, [self.pool.rows(where) for where in named]),
        )

    def _state(self, named: list[Where], hoping: bool = False) -> State:
        """What one expects with other names, the levels left as they are."""
        self.pool.add(named)
        key = (tuple(named), hoping, self.pool.version)
        return _kept(self._states, key, lambda: self._found(named, hoping))

    def _found(self, named: list[Where], hoping: bool) -> State:
        # Other words for the same rows explain the same.
        key = (tuple((self.pool.alias(o), self.pool.ratio(o)) for o in named), hoping)
        split = _kept(self._splits, key, lambda: self._split(named, hoping))
        return State(named, split, split.likely - self._price(named))

    def _split(self, named: list[Where], hoping: bool) -> Split:
        """What one expects inside and outside these slices."""
        bare = self.hope if hoping else self.fit.bare
        atoms = Atoms.of(len(bare), [self.pool.rows(where) for where in named])
        pieces = atoms.inside.shape[1]
        observed = np.bincount(atoms.label[: self.sample.defects], minlength=pieces).astype(float)
        plain = np.bincount(atoms.label, weights=bare, minlength=pieces)
        for where, held in zip(named, atoms.inside, strict=True):
            plain[held] *= self.pool.ratio(where)
        factors, scale = atoms.factors(observed, plain, np.ones(len(named)))
        each = scale * atoms.of_pieces(factors)
        return Split(atoms, bare, factors, scale, float(observed @ np.log(each)))

    def _price(self, named: list[Where]) -> float:
        """
        The charges of all names, and of their factors.

        A name comes cheaper beside a relative that is paid for already, so that of two relatives
        one pays in full.
        """
        left, price = list(named), EACH * len(named)
        paid: list[Where] = []
        while left:
            cost, _, where = min((self.pool.cost_of(o, paid), len(o), o) for o in left)
            left.remove(where)
            paid.append(where)
            price += cost + (HARDLY if self.pool.hardly(where) else 0.0)
        return price

    def _scores(self, state: State, cells: slice = EVERY) -> tuple[Floats, Floats, Floats, Floats]:
        """Defects, expected defects, cost and total of cells in mind."""
        defects, expected, total = self.pool.counts(
            state.mean, state.named, state.split.atoms, cells
        )
        cost = self.pool.costs(state.named)[cells]
        if self.apart:
            near = [
                any(inside(where, n) or inside(n, where) for n in state.named)
                for where in self.pool.where[cells]
            ]
            cost = np.where(near, np.inf, cost)
        return defects, expected, cost, total

    def _candidates(self, state: State, bar: Bar | None = None) -> list[Where]:
        """The cells that pass a bar, the largest gain first."""
        bar = bar or self.bar
        defects, expected, cost, total = self._scores(state)
        gain = gains(defects, expected, total) - cost
        passing = np.flatnonzero(gain > -np.log(bar.q) - EXACT * 2)
        above = bar.margins(defects[passing], expected[passing], cost[passing], total[passing])
        passing = passing[above >= 0]
        ranked = sorted(passing, key=lambda at: (-np.round(gain[at], 6), self.pool.where[at]))
        if ranked and self.pool.exact(self.pool.where[ranked[0]]):
            self._worths.clear()
            return self._candidates(state, bar)
        return [self.pool.where[at] for at in ranked if self.pool.where[at] not in state.named]

    def _name(self) -> None:
        """
        Name what passes the bar, one slice after the other.

        Levels that were fitted without a cause may have explained it away, so the bar is lower at
        first; then a slice has to stand up to levels fitted beside it.
        """
        generous = self.bar.lower(GENEROUS)
        refused: set[Where] = set()
        while len(self.named) < MANY and len(refused) < REFUSED:
            found = [where for where in self._candidates(self.state) if where not in refused]
            if not found:
                found = self._candidates(self._state(self.named, hoping=True), generous)
                found = [where for where in found if where not in refused]
            if not found:
                found = [where for where in self._freed() if where not in refused]
            if not found:
                return
            before = self.named
            self.named = [*before, found[0]]
            self._refit()
            if self.above(found[0]) < 0 or self._beyond(found[0], self.worth(self.named)) < 0:
                refused.add(found[0])
                self.named = before
                self._refit()

    def _freed(self) -> list[Where]:
        """Single levels that pass the bar if no factor of their own explains them."""
        total, found = self.total, []
        for column in self.charge.columns:
            codes, seen = self.sample.codes[column], self.sample.seen[column]
            alone = np.bincount(codes, weights=self.state.mean, minlength=len(seen))
            alone = np.minimum(alone / self.fit.levels[column], total - 1)
            cost = self.charge.of((column,), alone / total)
            above = self.bar.margins(seen, alone, cost, np.full(len(seen), total))
            passing = np.flatnonzero(above >= 0).tolist()
            found += [(-float(above[level]), ((column, level),)) for level in passing]
        return [where for _, where in sorted(found) if where not in self.named]

    def _move(self, state: State) -> None:
        self.named, self.state = state.named, state

    def _prune(self) -> None:
        """Drop, weakest first, the causes that what is expected without them explains."""
        while self.named:
            above = [(self.above(where), -len(where), where) for where in self.named]
            margin, _, weakest = min(above)
            if margin >= 0:
                return
            self._move(self._state(without(self.named, weakest)))

    def alone(self, where: Where) -> tuple[float, float, float, float]:
        """Defects, expected defects, cost and total of a named slice, the others being named."""
        others = self._state(without(self.named, where))
        at = self.pool.place[where]
        scores = self._scores(others, slice(at, at + 1))
        defects, expected, cost, total = (float(part[0]) for part in scores)
        return defects, expected, cost, total

    def above(self, where: Where) -> float:
        """How far a named slice is above the bar, given the others (below 0: fails)."""
        parts = (np.array([part]) for part in self.alone(where))
        return float(self.bar.margins(*parts)[0])

    def _improve(self) -> None:
        """Put other slices in the place of named ones, while that explains the defects better."""
        for _ in range(ROUNDS):
            changed = [self._replace(where) for where in list(self.named) if where in self.named]
            if not any(changed):
                break
        self._prune()

    def _replace(self, where: Where) -> bool:
        """Put other slices in the place of one, if that is better; True if it was."""
        tried = (frozenset(self.named), where, len(self.pool))
        if tried in self._tried:
            return False
        self._tried.add(tried)
        rest = self._state(without(self.named, where))
        options = self._swaps(rest, where) + self._merged(where) + self._reworded(where)
        options = [option for option in options if set(option.named) != set(self.named)]
        options.sort(key=lambda option: -option.worth)
        best, worth = None, self.worth(self.named) + 1e-6
        for option in options[:CLOSELY]:
            if option.worth < self.state.worth - ROUGH:
                break
            if (fresh := self.worth(option.named)) > worth:
                best, worth = option.named, fresh
        if best is None:
            return False
        self.named = best
        self._refit()
        return True

    def _swaps(self, rest: State, where: Where) -> list[State]:
        """Other slices instead of one; smaller ones may say it better together."""
        found = [self._state([*rest.named, other]) for other in self._candidates(rest)[:ROUGHLY]]
        if parts := [part for part in rest.named if inside(part, where)]:
            apart = [other for other in rest.named if other not in parts]
            for other in [state.named[-1] for state in found]:
                moved = [rebased(part, where, other) for part in parts]
                allowed = [one for one in moved if one is not None and self._allowed(one)]
                found.append(self._state([*apart, *allowed, other]))
        found.sort(key=lambda state: -state.worth)
        smaller = [state for state in found if not self._holds(state.named[-1], where)]
        for state in smaller[:CLOSELY]:
            while len(state.named) < MANY:
                parts = [
                    other for other in self._candidates(state) if not self._holds(other, where)
                ]
                if not parts:
                    break
                state = self._state([*state.named, parts[0]])
                found.append(state)
        return found

    def _allowed(self, where: Where | None) -> bool:
        """May a slice with so many conditions be named?"""
        if where is None or not len(self.pool.rows(where)):
            return False
        return sum(column not in self.sample.free for column, _ in where) <= self.charge.depth

    def _merged(self, where: Where) -> list[State]:
        """One slice instead of this and others that it holds."""
        if len(self.named) < 2:
            return []
        held = np.array([self.pool.shares(other) >= MOST for other in self.named])
        this = self.named.index(where)
        found = []
        for at in np.flatnonzero(held[this] & (held.sum(axis=0) > 1)):
            whole = self.pool.where[at]
            if whole in self.named:
                continue
            rest = [
                other for other, inner in zip(self.named, held[:, at], strict=True) if not inner
            ]
            found.append(self._state([*rest, whole]))
        return found

    def _reworded(self, where: Where) -> list[State]:
        """Other columns for a slice, and for all others whose orders the same columns describe."""
        if len(self.named) < 2:
            return []
        names = {other: self.pool.alike(other) for other in self.named}
        return [
            self._state([names[other].get(columns, other) for other in self.named])
            for columns in names[where]
            if columns != columns_of(where)
        ]

    def _holds(self, where: Where, other: Where) -> bool:
        """Does a slice hold most of the orders of another?"""
        return bool(self.pool.shares(other)[self.pool.place[where]] > MOST)

    def worth(self, named: list[Where]) -> float:
        """Log likelihood less all costs, with the levels fitted beside exactly these names."""
        key = frozenset(named)
        if key not in self._worths:
            self._worths[key] = self._value(self._fitted(named), named)
        return self._worths[key]

    def _value(self, fit: Expected, named: list[Where]) -> float:
        likely = float(np.log(fit.mean[: self.sample.defects]).sum())
        return likely + fit.plain - self._price(named)

    def _withstand(self) -> None:
        """
        Drop the causes that mild differences between levels could make.

        Levels of several columns that travel together add up: here they may explain as much as they
        can (up to TOGETHER) before a cause is held against them.
        """
        while self.named:
            worth = self.worth(self.named)
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
        observed, expected, _, _ = self.alone(where)
        if observed > TOGETHER * self.bar.lift * expected:
            return np.inf
        fit = self._fitted(others)
        beside = self._state(others).mean
        mean = beside * np.clip(fit.mean / beside, 1 / TOGETHER, TOGETHER)
        mean *= self.total / mean.sum()
        held = replace(fit, mean=mean)
        number: float = worth - self._value(held, others) + np.log(self.bar.q) + EXACT + EACH
        return number

    def chances(self, where: Where) -> tuple[float, float]:
        """The p-value of a named slice, by itself and corrected for all that was searched."""
        observed, expected, cost, total = self.alone(where)
        p = float(chance(np.array([observed]), np.array([expected]), total)[0])
        return p, float(min(1.0, p * np.exp(cost)))

    def rivals(self, where: Where) -> list[tuple[Where, float, float]]:
        """
        Other slices that might be named in the place of a named one, the best first.

        With each: by how much it explains less (log likelihood less cost), and how alike its orders
        are (orders of both over orders of either, 0-1).
        """
        rest = self._state(without(self.named, where))
        weight, rows = self.sample.weight, self.pool.rows(where)
        found = []
        for other in self._candidates(rest)[:ROUGHLY]:
            if other != where:
                both = weight[np.intersect1d(rows, self.pool.rows(other), assume_unique=True)].sum()
                either = weight[rows].sum() + weight[self.pool.rows(other)].sum() - both
                lost = self.state.worth - self._state([*rest.named, other]).worth
                found.append((other, lost, float(both / either)))
        return sorted(found, key=lambda rival: (rival[1], rival[0]))

    def contrast(self) -> tuple[Where, int, float, float] | None:
        """The largest contrast that is not named: slice, defects, expected, corrected p."""
        defects, expected, cost, total = self._scores(self.state)
        gain = gains(defects, expected, total) - cost
        for at in np.argsort(-gain, kind="stable"):
            if (where := self.pool.where[at]) not in self.named and gain[at] > -np.inf:
                p = chance(defects[at], expected[at], total[at]) * np.exp(cost[at])
                return where, int(defects[at]), float(expected[at]), float(min(1.0, p))
        return None


def _kept(answers: dict[K, V], key: K, ask: Callable[[], V]) -> V:
    """An answer that is remembered, or is from now on; the last KEPT are."""
    if key not in answers:
        answer = ask()
        if len(answers) >= KEPT:
            del answers[next(iter(answers))]
        answers[key] = answer
    return answers[key]


def without(named: list[Where], where: Where) -> list[Where]:
    """The named slices but one."""
    return [other for other in named if other != where]


def rebased(part: Where, whole: Where, other: Where) -> Where | None:
    """What a part of a slice is called as a part of another one; None if it is none of it."""
    conditions = {**dict(other), **dict(set(part) - set(whole))}
    fits = dict(other).items() <= conditions.items() and len(conditions) > len(other)
    return tuple(sorted(conditions.items())) if fits else None
