"""
Is a planted cause there to be found? The rule by which a made world is kept or drawn again.

Somebody who knew where to look must be able to name it, from the orders as they turned out:

1. It has at least 6 defects and twice the rate that it would have without it.
2. Its log likelihood ratio against the truth without it pays for the search: it is at least the
   logarithm of (existing cells of its column set × column sets of that many columns), plus 5. If
   it is a single level, that holds against 1.28 times as much: nobody can know that the level is
   not one of the mildly worse ones. (With a recent period, the earlier one says what it is.)
3. No other description of at most as many conditions selects nearly the same orders (Jaccard index
   above 0.8), or explains the same defects nearly as well: each is at least 6 nats worse by itself
   and 2 nats worse after both have paid for their search. One condition more does not pay either.
4. Siblings together beat their parent by the same margins. A worse part beats its whole alone by 6
   nats, and by what it takes to choose a part, plus 5; the rest of the whole passes rule 2 as well.
5. Where two causes multiply in their overlap, the overlap does not look like a third one.
6. There is a rest to compare with: causes hold at most 35 % of the defects expected anyway.

For what began with the recent period, the likelihood is that of both periods: how the defects of
the slice split between them, against how they were expected to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import comb, log

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from tests.causes.other_businesses import MILD, Business, Floats, Rows, Where

SURE = 5.0  # nats beyond the price of the search
APART = 6.0  # nats between a cause and another description of as many conditions
NET = 2.0  # the same after both have paid for their search
ALIKE = 0.8  # Jaccard index
REST = 0.35  # of the defects expected without any cause
FEWEST = 6
LIFT = 2.0

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """A slice, its orders (those of the recent period, where that is asked), and how much worse."""

    where: Where
    rows: Rows
    lift: float


def signal(seen: npt.ArrayLike, expected: npt.ArrayLike) -> Numbers:
    """Log likelihood ratio of a raised Poisson rate, in nats; 0 where nothing is raised."""
    seen, expected = np.asarray(seen, float), np.asarray(expected, float)
    gain = xlogy(seen, seen / np.maximum(expected, 1e-12)) - seen + expected
    return np.where(seen > expected, gain, 0.0)


def signal_of_rise(
    seen: npt.ArrayLike,
    expected: npt.ArrayLike,
    before: npt.ArrayLike,
    before_expected: npt.ArrayLike,
) -> Numbers:
    """The same where the slice itself, in the earlier period, says what to expect."""
    seen, before = np.asarray(seen, float), np.asarray(before, float)
    share = expected / np.maximum(np.add(expected, before_expected), 1e-12)
    both = seen + before
    gain = xlogy(seen, seen / np.maximum(both * share, 1e-12))
    gain += xlogy(before, before / np.maximum(both * (1 - share), 1e-12))
    return np.where(seen > both * share, gain, 0.0)


def of_a_level(business: Business, where: Where) -> bool:
    """Is a slice one level of a column, in a world where no earlier period says how bad it is."""
    return len(where) == 1 and business.recent is None


def price(business: Business, roles: Sequence[str], exact: bool = True) -> float:
    """Log of the number of cells that a description of these columns was chosen from."""
    roles = sorted(roles)
    if exact:
        cells = float(business.cells(roles))
    else:
        sizes = np.prod([business.columns[role].levels for role in roles], dtype=float)
        cells = min(float(sizes), float(len(business)))
    return log(cells) + log(comb(len(business.columns), len(roles)))


def fair(
    business: Business,
    bad: Flags,
    causes: Sequence[Planted],
    together: str,
    groups: Sequence[Where],
) -> bool:
    """Is everything that was planted there to be found; `groups` are the parents of siblings."""
    alone = all(
        _stands_out(business, bad, cause, chance(business, causes, together, without=cause))
        for cause in causes
    )
    return (
        alone
        and _leaves_a_rest(business, causes)
        and all(_beats(business, bad, causes, parent) for parent in groups)
        and all(
            _parted(business, bad, whole, part)
            for whole, part in permutations(causes, 2)
            if whole.where.items() < part.where.items()
        )
        and (together == "add" or not _third(business, bad, causes))
    )


def chance(
    business: Business, causes: Sequence[Planted], together: str, without: Planted | None = None
) -> Floats:
    """The chance of a defect of each order, with all causes but one."""
    factor = np.ones(len(business), np.float32)
    for cause in causes:
        if cause is without:
            continue
        if together == "multiply":
            factor[cause.rows] *= np.float32(cause.lift)
        else:
            factor[cause.rows] += np.float32(cause.lift - 1)
    factor *= business.background
    return factor


def _stands_out(business: Business, bad: Flags, cause: Planted, expected: Floats) -> bool:
    seen, mean = int(bad[cause.rows].sum()), float(expected[cause.rows].sum())
    if seen < FEWEST or seen < LIFT * mean:
        return False
    rivals = _Rivals(business, bad, cause, expected)
    gain, own, conditions = rivals.gain, rivals.own, len(cause.where)
    bar = price(business, list(cause.where)) + SURE
    if gain[own] < bar or (of_a_level(business, cause.where) and signal(seen, MILD * mean) < bar):
        return False
    others = np.arange(len(gain)) != own
    no_more = others & (rivals.conditions <= conditions) & (rivals.conditions > 0)
    one_more = others & (rivals.conditions == conditions + 1)
    net = gain - rivals.prices
    return bool(
        (rivals.likeness[no_more] <= ALIKE).all()
        and (gain[no_more] <= gain[own] - APART).all()
        and (net[no_more] <= net[own] - NET).all()
        and (net[one_more] <= net[own]).all()
    )


class _Rivals:
    """
    Every description made of conditions that most of a cause's defects share.

    Whatever explains a cause's defects nearly as well must hold most of them, so it is made of such
    conditions. A description is a number: bit i says whether condition i is in it.
    """

    def __init__(self, business: Business, bad: Flags, cause: Planted, expected: Floats) -> None:
        defects = cause.rows[bad[cause.rows]]
        self.terms: list[tuple[str, int]] = []
        for role, column in business.columns.items():
            counts = np.bincount(column.codes[defects])
            if role in cause.where or counts.max() * 2 >= len(defects):
                self.terms.append((role, cause.where.get(role, int(counts.argmax()))))
        pattern = np.zeros(len(business), np.int16)
        for bit, (role, level) in enumerate(self.terms):
            pattern |= (business.columns[role].codes == level) * np.int16(1 << bit)
        self.own = sum(1 << bit for bit, (role, _) in enumerate(self.terms) if role in cause.where)
        now = business.recent
        if now is None:
            seen, mean, orders = self._sums(pattern, bad, expected)
            self.gain = signal(seen, mean)
        else:
            seen, mean, orders = self._sums(pattern[now], bad[now], expected[now])
            before, past, _ = self._sums(pattern[~now], bad[~now], expected[~now])
            self.gain = signal_of_rise(seen, mean, before, past)
        shared = orders[np.arange(len(orders)) | self.own]
        self.likeness = shared / np.maximum(orders + orders[self.own] - shared, 1)
        members = [
            [role for bit, (role, _) in enumerate(self.terms) if number >> bit & 1]
            for number in range(len(orders))
        ]
        self.conditions = np.array([len(roles) for roles in members])
        self.prices = np.array([price(business, roles, exact=False) for roles in members])

    def _sums(
        self, pattern: npt.NDArray[np.int16], bad: Flags, expected: Floats
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Defects, expected defects and orders of every description."""
        size = 1 << len(self.terms)
        sums = (
            np.bincount(pattern[bad], minlength=size).astype(float),
            np.bincount(pattern, expected, minlength=size),
            np.bincount(pattern, minlength=size).astype(float),
        )
        for table in sums:
            for bit in range(len(self.terms)):
                halves = table.reshape(-1, 2, 1 << bit)
                halves[:, 0] += halves[:, 1]
        return sums


def _leaves_a_rest(business: Business, causes: Sequence[Planted]) -> bool:
    held = np.unique(np.concatenate([cause.rows for cause in causes]))
    usual = business.background
    everything = usual.sum() if business.recent is None else usual[business.recent].sum()
    return bool(usual[held].sum() <= REST * everything)


def _beats(business: Business, bad: Flags, causes: Sequence[Planted], parent: Where) -> bool:
    """Do siblings explain the defects better than their parent, before and after the search."""
    expected = business.background
    rows = business.rows(parent)
    mine = [cause for cause in causes if not cause.where.keys() & parent.keys()]
    gain = sum(float(signal(bad[c.rows].sum(), expected[c.rows].sum())) for c in mine)
    cost = sum(price(business, list(c.where)) for c in mine)
    other = float(signal(bad[rows].sum(), expected[rows].sum()))
    return gain - other >= max(APART, cost - price(business, list(parent)) + NET)


def _parted(business: Business, bad: Flags, whole: Planted, part: Planted) -> bool:
    """Is a worse part told from its whole, and the rest of the whole from the business."""
    usual = business.background
    rest = np.setdiff1d(whole.rows, part.rows, assume_unique=True)
    inner, outer = (
        (bad[part.rows].sum(), usual[part.rows].sum()),
        (bad[rest].sum(), usual[rest].sum()),
    )
    apart = signal(*inner) + signal(*outer)
    together = signal(inner[0] + outer[0], inner[1] + outer[1])
    added = part.where.keys() - whole.where.keys()
    choices = comb(len(business.columns) - len(whole.where), len(added))
    levels = np.prod([business.columns[role].levels for role in added], dtype=float)
    return bool(
        apart - together >= max(APART, log(choices * levels) + SURE)
        and signal(*outer) >= price(business, list(whole.where)) + SURE
    )


def _third(business: Business, bad: Flags, causes: Sequence[Planted]) -> bool:
    """Would somebody who adds the causes up name the overlap of two of them as a cause too."""
    added = chance(business, causes, "add")
    for one, other in combinations(causes, 2):
        if one.where.items() <= other.where.items():
            continue  # a worse part of a cause is meant to multiply
        roles = sorted(one.where.keys() | other.where.keys())
        if len(roles) < len(one.where) + len(other.where):
            continue
        both = np.intersect1d(one.rows, other.rows, assume_unique=True)
        gain = float(signal(bad[both].sum(), added[both].sum())) if len(both) else 0.0
        if gain > price(business, roles):
            return True
    return False
