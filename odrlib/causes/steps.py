"""
Steps: the days on which a rate moved to a new level, and how surely one can tell the day.

A rate is taken to stand still between steps. All ways to cut the days into levels are compared at
once (optimal partitioning, exact): what a step gains in log likelihood of the daily defects, given
the orders of each day, must exceed its price. The price is set so that days with one single rate
get no step at all but in `q` of all cases, however far one looks for the best place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

# A high level of fewer defects than this is no level: it may be one buyer, or one bad parcel load.
LEAST = 5
# The interval holds this much of the likelihood of all days.
SURE = 0.95
# An analyst looks this many days to either side of the day that is named ...
AROUND = 3
# ... so the day named is one around which most of the likelihood lies; days that lose no more of it
# than this are as good, and the likeliest of them is taken.
AS_GOOD = 0.02
# Standard errors above 1 up to which the spread of the days may be chance (19 of 20 series are).
BY_CHANCE = 1.645
# Standard errors from the price at which a step is found in nine of ten cases.
NINE_OF_TEN = 1.2816


@dataclass(frozen=True)
class Step:
    """
    The rate has a new level from day `at` on.

    Parameters
    ----------
    at, earliest, latest : places of days, 0 is the first; the true day is between `earliest` and
        `latest` (both included) in at least 95 of 100 cases
    gain : log likelihood that is lost without the step, over the spread of the days
    """

    at: int
    earliest: int
    latest: int
    gain: float


def chance(gain: float, days: int) -> float:
    """
    How often the best of all steps gains so much where the rate never moved, 0-1.

    sqrt(days) × exp(-gain) is an upper envelope of what simulation gives (`benchmarks/changes.py`):
    14 to 730 days, 8 to 3,000 defects, up to two steps at once, down to 1 in 1,000.
    """
    return min(1.0, sqrt(days) * exp(-gain))


def price(days: int, q: float) -> float:
    """The gain that a step must exceed among so many days, for `chance` to be `q`."""
    return log(sqrt(days) / q)


def find_steps(defective: npt.ArrayLike, exposure: npt.ArrayLike, q: float) -> list[Step]:
    """
    The steps of the rate, in order of time.

    Parameters
    ----------
    defective : defective orders of each day; days without orders are left out before
    exposure : orders of each day, all above 0; less where not all defects can have arrived
    q : how often a rate that never moved may be given a step, 0-1

    Examples
    --------
    >>> quiet, bad = [0, 1, 0, 0, 1] * 6, [3, 2, 4, 3, 2] * 2
    >>> steps = find_steps(quiet + bad, [100] * 40, q=0.01)
    >>> [(step.at, step.earliest, step.latest) for step in steps]
    [(30, 28, 30)]
    """
    bad, orders = np.asarray(defective, float), np.asarray(exposure, float)
    if bad.sum() < LEAST:
        return []
    cuts = cut_days(bad, orders, price(len(bad), q))
    spread = _spread(bad, orders, cuts)
    if spread > 1:
        cuts = cut_days(bad, orders, price(len(bad), q) * spread)
    ends = [0, *cuts, len(bad)]
    steps, start = [], 0
    for before, cut, end in zip(ends, cuts, ends[2:], strict=False):
        at, earliest, latest = _located(bad[start:end], orders[start:end], spread)
        gain = _gain(bad, orders, before, cut, end) / spread
        steps.append(Step(start + at, start + earliest, start + latest, gain))
        # The next step is looked for behind this one.
        start = steps[-1].at
    return steps


def day_spread(defective: npt.ArrayLike, exposure: npt.ArrayLike, q: float) -> float:
    """
    How much more the days vary around their levels than chance explains, as a variance; at least 1.

    Defects that come in clumps (one bad parcel load a week) would else be taken for steps. A little
    more than 1 is chance itself and counts as 1.
    """
    bad, orders = np.asarray(defective, float), np.asarray(exposure, float)
    if bad.sum() < LEAST:
        return 1.0
    return _spread(bad, orders, cut_days(bad, orders, price(len(bad), q)))


def _spread(bad: Floats, orders: Floats, cuts: list[int]) -> float:
    """`day_spread` round the levels between these cuts."""
    ends = [0, *cuts, len(bad)]
    level = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    rate = np.bincount(level, bad) / np.bincount(level, orders)
    expected = (rate[level] * orders)[rate[level] > 0]
    apart = bad[rate[level] > 0] - expected
    free = len(expected) - len(ends) + 1
    if free < 1:
        return 1.0
    spread = float((apart**2 / expected).sum() / free)
    by_chance = sqrt(float((2 + 1 / expected).sum())) / free
    return spread if spread > 1 + BY_CHANCE * by_chance else 1.0


def cut_days(bad: Floats, orders: Floats, price: float) -> list[int]:
    """
    The first days of the levels, but for the first, in the best partition of all.

    A level of high rate is likeliest when it begins and ends with a defect, so no other days can
    be in the best partition.
    """
    cut = np.concatenate([[0], np.flatnonzero((bad[1:] > 0) | (bad[:-1] > 0)) + 1, [len(bad)]])
    seen, expected = _sums(bad, orders, cut)
    best = np.zeros(len(cut))
    best[0] = price
    last = np.zeros(len(cut), np.intp)
    for end in range(1, len(cut)):
        value = best[:end] + _likelihood(seen[end] - seen[:end], expected[end] - expected[:end])
        last[end] = np.argmax(value)
        best[end] = value[last[end]] - price
    return [int(cut[place]) for place in _path(last)][::-1]


def _path(last: Places) -> Iterator[int]:
    place = int(last[-1])
    while place:
        yield place
        place = int(last[place])


def _sums(bad: Floats, orders: Floats, cut: Places) -> tuple[Floats, Floats]:
    """Defects seen before each cut, and expected if there were one rate all the time."""
    seen = np.concatenate([[0.0], np.cumsum(bad)])[cut]
    expected = np.concatenate([[0.0], np.cumsum(orders)])[cut]
    return seen, expected * (seen[-1] / expected[-1])


def _likelihood(seen: Floats, expected: Floats) -> Floats:
    """Poisson log likelihood of a level of its own, over that of the one rate."""
    return np.where((seen < LEAST) & (seen > expected), 0.0, xlogy(seen, seen / expected))


def _gain(bad: Floats, orders: Floats, before: int, cut: int, end: int) -> float:
    """What the step at `cut` between two neighbours gains."""
    seen, expected = _sums(bad, orders, np.array([0, before, cut, end, len(bad)]))
    parts = _likelihood(np.diff(seen)[1:3], np.diff(expected)[1:3])
    whole = _likelihood(seen[3:4] - seen[1:2], expected[3:4] - expected[1:2])
    return float(parts.sum() - whole[0])


def _located(bad: Floats, orders: Floats, spread: float) -> tuple[int, int, int]:
    """The day on which one level gives way to another, with the interval of 95 % around it."""
    seen, expected = np.cumsum(bad), np.cumsum(orders)
    before, after = seen[:-1], seen[-1] - seen[:-1]
    likelihood = xlogy(before, before / expected[:-1])
    likelihood += xlogy(after, after / (expected[-1] - expected[:-1]))
    share = np.exp((likelihood - likelihood.max()) / spread)
    share /= share.sum()
    near = np.convolve(share, np.ones(2 * AROUND + 1))[AROUND:-AROUND]
    at = int(np.argmax(np.where(near >= near.max() - AS_GOOD, share, -1.0)))
    likely = np.argsort(-share, kind="stable")
    held = likely[: int(np.searchsorted(np.cumsum(share[likely]), SURE)) + 1]
    # Place 0 of `share` is a level that begins on the second day.
    earliest, latest = min(int(held.min()), at), max(int(held.max()), at)
    return at + 1, earliest + 1, latest + 1


def visible_rate(
    base: float, before: float, after: float, days: int, q: float, spread: float = 1.0
) -> float:
    """
    The rate to which `base` must have risen for the rise to be found in nine of ten cases.

    Parameters
    ----------
    base : defects per order before, 0-1
    before, after : orders before and after the day of the rise
    days, q : as for `price`
    spread : as `day_spread` gives it

    Returns
    -------
    The rate, 0-1; nan if even a rate of 1 would not show
    """
    needed = spread * (sqrt(2 * price(days, q)) + NINE_OF_TEN) ** 2 / 2
    old = base * before

    def gain(rate: float) -> float:
        new = rate * after
        return float(
            xlogy(old, base) + xlogy(new, rate) - xlogy(old + new, (old + new) / (before + after))
        )

    low, high = max(base, LEAST / after if after else 1.0), 1.0
    if low >= 1 or gain(1.0) < needed:
        return float("nan")
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if gain(middle) >= needed else (middle, high)
    return high
