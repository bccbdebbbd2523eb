"""Cells: walk over every combination of levels that enough defects share; keep the promising."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from odrlib.causes.bar import Bar, Floats, gains
from odrlib.causes.charge import Charge
from odrlib.causes.sample import Rows, Sample, Where

# Once causes are named, the rest is expected to have fewer defects: a cell is promising if it would
# be with so many of the defects one expects of it now.
HOPEFUL = 0.8
# A cell is kept if its gain (in log likelihood) misses its charge by no more than this.
PROMISING = -4.0
# So many cells of one set of columns are kept: a strong cause shows in thousands of its parts.
PER_SET = 12
# A slice of four columns is looked at only inside one of three that shows at least a trace of it.
DEEP = 3
TRACE = 1.0
# Where there are two periods: the level of the later one.
LATER = 1


@dataclass
class Walk:
    """
    A walk over all cells, column by column, the one with the most levels first.

    Parameters
    ----------
    sample, mean : the rows, and the defects one expects of each
    charge, bar : what a name costs, and what it must reach
    named : the slices that are named already; their parts come cheaper
    """

    sample: Sample
    mean: Floats
    charge: Charge
    bar: Bar
    named: list[Where]
    found: list[tuple[float, Where]] = field(default_factory=list)

    def promising(self, most: int) -> list[Where]:
        """The cells that may be named, the most promising first, at most so many."""
        self._levels, self._codes = {}, {}
        # Room to work in; a fresh array each time costs more than what is done with it.
        self._key, self._cell = np.empty((2, len(self.mean)), np.intp)
        self._least = self.charge.least(self.bar)
        for column in self.charge.columns:
            seen = self.sample.seen[column]
            levels = np.flatnonzero(seen >= self._least)
            place = np.full(len(seen), len(levels), np.intp)
            place[levels] = np.arange(len(levels))
            self._levels[column], self._codes[column] = levels, place[self.sample.codes[column]]
        self._order = sorted(self.charge.columns, key=lambda at: (-len(self._levels[at]), at))
        self._walk(self._order, (), None)
        for period in self.sample.free:
            later = np.flatnonzero(self.sample.codes[period] == LATER)
            order = [at for at in self._order if not self.charge.follows[at, period]]
            self._walk(order, ((period, LATER),), later)
        self.found.sort(key=lambda pair: (-pair[0], pair[1]))
        return [where for _, where in self.found[:most]]

    def promises(self, where: Where, defects: float, expected: float) -> bool:
        """May a slice with these counts be named?"""
        if defects < self.bar.lift * HOPEFUL * expected:
            return False
        columns = columns_of(where)
        total = float(self.sample.defects)
        gain = gains(np.array([defects]), np.array([HOPEFUL * expected]), total)
        cost = self.charge.of(columns, np.array([expected / total]))
        parts = [
            self.charge.of_part(named, columns, 0.0) for named in self.named if inside(where, named)
        ]
        return bool(gain[0] - min([float(cost[0]), *parts]) >= PROMISING)

    def _walk(self, order: list[int], period: Where, rows: Rows | None) -> None:
        self._order, self._period = order, period
        root = np.zeros((1, 0), np.intp)
        mean = self.mean if rows is None else self.mean[rows]
        self._grow((), root, rows, None, mean)

    def _grow(
        self, columns: tuple[int, ...], cells: Rows, rows: Rows | None, ids: Rows | None,
        mean: Floats,
    ) -> None:  # fmt: skip
        """
        Look at the cells inside `cells` (one row of levels each) by one more column.

        `rows` are those in the cells, `ids` the cell of each, `mean` the defects expected of each.
        """
        total = self.sample.defects
        defects = total if rows is None else int(rows.searchsorted(total))
        first = self._order.index(columns[-1]) + 1 if columns else 0
        # One order more than was sampled: of many small cells, some have none by chance.
        unseen = (self.sample.weight[-1] - 1) * total / self.sample.orders
        for column in self._order[first:]:
            if not self.charge.alike[column].isdisjoint(columns):
                continue
            levels = self._levels[column]
            width = len(levels) + 1
            codes = self._codes[column]
            bad = codes[:defects] if rows is None else codes[rows[:defects]]
            if ids is not None:
                bad = ids[:defects] * width + bad
            counts = np.bincount(bad, minlength=len(cells) * width)
            counts[width - 1 :: width] = 0
            frequent = (counts >= self._least).nonzero()[0]
            if not len(frequent):
                continue
            key = codes
            if rows is not None:
                key = codes.take(rows, out=self._key[: len(rows)], mode="clip")
            if ids is not None:
                key += np.multiply(ids, width, out=self._cell[: len(ids)])
            expected = np.bincount(key, weights=mean, minlength=len(counts))[frequent] + unseen
            observed = counts[frequent].astype(float)
            wider = (*columns, column)
            material = (observed >= self.bar.lift * HOPEFUL * expected).nonzero()[0]
            if len(material):
                self._keep(
                    *(wider, frequent[material], cells, levels),
                    *(observed[material], expected[material]),
                )
            if len(wider) == self.charge.depth or column == self._order[-1]:
                continue
            if len(wider) >= DEEP:
                traced = gains(observed, HOPEFUL * expected, total) >= TRACE
                frequent = frequent[traced]
                if not len(frequent):
                    continue
            inside = _inside(frequent, cells, levels)
            place = np.full(len(counts), -1, np.intp)
            place[frequent] = np.arange(len(frequent))
            held = place[key]
            keep = (held >= 0).nonzero()[0]
            self._grow(wider, inside, keep if rows is None else rows[keep], held[keep], mean[keep])

    def _keep(
        self, columns: tuple[int, ...], frequent: Rows, cells: Rows, levels: Rows,
        observed: Floats, expected: Floats,
    ) -> None:  # fmt: skip
        """Keep the most promising cells of a set of columns."""
        gain = gains(observed, HOPEFUL * expected, self.sample.defects)
        most = float(gain.max())
        wholes = self._wholes(columns, most)
        # Most cells gain too little for any name; how they are called is then not asked.
        if not wholes and most < PROMISING + self.charge.cheapest(columns):
            return
        score = gain - self.charge.of(columns, expected / self.sample.defects)
        for named in wholes:
            wanted = {c: level for c, level in named if c not in self.sample.free}
            at = [columns.index(column) for column in wanted]
            inside = _inside(frequent, cells, levels)
            part = np.flatnonzero((inside[:, at] == list(wanted.values())).all(axis=1))
            if len(part):
                cost = self.charge.of_part(named, columns, np.zeros(len(part)))
                score[part] = np.maximum(score[part], gain[part] - cost)
        best = (score >= PROMISING).nonzero()[0]
        if not len(best):
            return
        if len(best) > PER_SET:
            best = best[np.argpartition(-score[best], PER_SET)[:PER_SET]]
        inside = _inside(frequent[best], cells, levels)
        for worth, place in zip(score[best].tolist(), inside.tolist(), strict=True):
            conditions = zip(columns, place, strict=True)
            self.found.append((worth, tuple(sorted((*conditions, *self._period)))))

    def _wholes(self, columns: tuple[int, ...], gain: float) -> list[Where]:
        """The named slices as whose part a cell by these columns may be kept for such a gain."""
        known = {*columns, *self.sample.free}
        return [
            named
            for named in self.named
            if known.issuperset(columns_of(named))
            and gain - self.charge.of_part(named, columns, 0.0) >= PROMISING
        ]


def _inside(frequent: Rows, cells: Rows, levels: Rows) -> Rows:
    """The levels of cells that were counted inside others, one row each."""
    parent, level = np.divmod(frequent, len(levels) + 1)
    return np.concatenate([cells[parent], levels[level][:, None]], axis=1)


def columns_of(where: Where) -> tuple[int, ...]:
    """The columns of the conditions."""
    return tuple([column for column, _ in where])


def inside(part: Where, whole: Where) -> bool:
    """Does `part` hold all conditions of `whole`, and more?"""
    return len(part) > len(whole) and set(whole) <= set(part)


def ancestors(where: Where) -> Iterator[Where]:
    """Every description that leaves out one or more conditions of `where`, but not all."""
    for size in range(1, len(where)):
        yield from combinations(where, size)
