"""
The significance filter behind every rival: of what one proposes, keep what is no accident.

Most rivals rank slices and have no notion of chance; unfiltered, they name something in any data.
The filter judges a proposal as odrlib judges its own, in a simple form:

- expected = the rate of the other orders, times a factor between 1 / 1.3 and 1.3 for each level of
  each column, learnt from the other orders;
- evidence = Poisson log likelihood ratio of defects against expected, less the log of the number of
  cells that could have been named (cells of its columns × column sets of that many columns); for a
  rise, that of the split between the two periods;
- kept, best first, while the evidence is worth a chance of at most 1 %, with at least 3 defects
  above expected and 1.5 times as many; the orders of what is kept are taken out for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, log

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

MILD = 1.3
PRIOR = 10.0  # expected defects by which a level's factor is drawn towards 1
ROUNDS = 2
LOOKED_AT = 40  # proposals, the best by the plain rate
LEAST_EXCESS = 3.0
LEAST_LIFT = 1.5
CHANCE = 0.01
MOST = 12  # kept, at most

Slice = dict[int, int]
Numbers = npt.NDArray[np.float64]


@dataclass
class Table:
    """
    Orders as codes.

    Parameters
    ----------
    codes : columns × orders
    bad : one per order
    recent : one per order; None if no rise is asked for
    """

    codes: npt.NDArray[np.int16]
    bad: npt.NDArray[np.bool_]
    recent: npt.NDArray[np.bool_] | None = None

    def rows(self, where: Slice) -> npt.NDArray[np.intp]:
        """The orders of a slice."""
        first, *rest = where.items()
        rows = np.flatnonzero(self.codes[first[0]] == first[1])
        for column, level in rest:
            rows = rows[self.codes[column][rows] == level]
        return rows

    def part(self, chosen: npt.NDArray[np.bool_]) -> Table:
        """The chosen orders."""
        return Table(np.ascontiguousarray(self.codes[:, chosen]), self.bad[chosen])


def sift(table: Table, proposals: list[Slice]) -> list[Slice]:
    """The proposals that are no accident, the strongest first."""
    there = np.ones(len(table.bad), bool)
    plain = _plain(table)
    looked = sorted(
        ((where, table.rows(where), _price(table, where)) for where in proposals),
        key=lambda one: one[2] - _evidence(table, one[1], plain),
    )[:LOOKED_AT]
    kept: list[Slice] = []
    while len(kept) < MOST:
        nets = []
        for _, rows, price in looked:
            own = rows[there[rows]]
            nets.append(_evidence(table, own, _expected(table, there, own)) - price)
        best = int(np.argmax(nets)) if nets else -1
        if best < 0 or nets[best] < -log(CHANCE):
            return kept
        where, rows, _ = looked.pop(best)
        kept.append(where)
        there[rows] = False
    return kept


def _price(table: Table, where: Slice) -> float:
    place = np.zeros(len(table.bad), np.int64)
    for column in where:
        place = place * (int(table.codes[column].max()) + 1) + table.codes[column]
    cells = len(np.unique(place))
    return log(cells) + log(comb(len(table.codes), len(where)))


def _plain(table: Table) -> Numbers:
    """Expected defects per order by the rate of its period."""
    if table.recent is None:
        return np.full(len(table.bad), table.bad.mean())
    late, early = table.bad[table.recent].mean(), table.bad[~table.recent].mean()
    return np.where(table.recent, late, early)


def _expected(table: Table, there: npt.NDArray[np.bool_], own: npt.NDArray[np.intp]) -> Numbers:
    """Expected defects per order, learnt from the orders that are still there and not `own`."""
    other = there.copy()
    other[own] = False
    mean = np.zeros(len(there))
    everybody = np.ones(len(there), bool)
    for period in [everybody] if table.recent is None else [table.recent, ~table.recent]:
        learn = other & period
        rate = table.bad[learn].sum() / max(learn.sum(), 1)
        mean[period] = rate
        factors = [np.ones(int(codes.max()) + 1) for codes in table.codes]
        for _ in range(ROUNDS):
            for codes, factor in zip(table.codes, factors, strict=True):
                size = len(factor)
                seen = np.bincount(codes[learn & table.bad], minlength=size)
                due = np.bincount(codes[learn], mean[learn], minlength=size)
                new = np.clip(factor * (seen + PRIOR) / (due + PRIOR), 1 / MILD, MILD)
                mean[period] *= (new / factor)[codes[period]]
                factor[:] = new
    return mean


def _evidence(table: Table, rows: npt.NDArray[np.intp], mean: Numbers) -> float:
    """Nats; minus infinity where the excess or the lift is too small."""
    late = rows if table.recent is None else rows[table.recent[rows]]
    seen, due = float(table.bad[late].sum()), float(mean[late].sum())
    if seen < due + LEAST_EXCESS or seen < LEAST_LIFT * due:
        return -np.inf
    due = max(due, 1e-9)
    if table.recent is None:
        return float(xlogy(seen, seen / due) - seen + due)
    early = rows[~table.recent[rows]]
    before, usual = float(table.bad[early].sum()), float(mean[early].sum())
    share = due / (due + usual)
    if seen <= (seen + before) * share:
        return -np.inf
    return float(
        xlogy(seen, seen / ((seen + before) * share))
        + xlogy(before, before / max((seen + before) * (1 - share), 1e-9))
    )
