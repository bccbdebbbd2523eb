"""
The forecast: what is still to come on each order day, in many possible futures.

What is not seen yet on the orders of a day is Poisson with mean orders × rate × (1 - share
arrived). The rate of each week is learnt from what has arrived on it and on its neighbours, in a
gamma-Poisson model whose rate wanders: each week trusts what the weeks before it say by a factor of
at most 0.95, and how much is learnt from the store. The futures hold all of it: chance, the doubt
about the rate, and the doubt about the delay curve.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln

from odrlib.maturity.curve import DRAWS, SEED, Array, DelayCurve, NotEnough, arrivals, learnt
from odrlib.policy import Profile
from odrlib.rates import days_after, until

# The share of the futures that an interval holds, as nearly as whole orders allow.
LEVEL = 0.9
WEEK = 7
# How much of what the weeks before say is believed a week later. Never all of it: no rate stands
# still for ever, and a store too small to show that its rate moves need not be steady.
MEMORIES = np.array([0.5, 0.65, 0.8, 0.9, 0.95])
# What is known of the rate before the first week: as much as half a defect tells.
START = 0.5


@dataclass(frozen=True, eq=False)
class Forecast:
    """
    What is known and expected of each order day, oldest first.

    `arrived` and `full` are the expected defects seen and in all (of which the share is made);
    `unseen` has a row for each day younger than the horizon and a column for each possible future.
    Without a curve `reason` says why.
    """

    days: pd.DatetimeIndex
    orders: Array
    counted: Array
    arrived: Array
    full: Array
    unseen: Array
    horizon: int
    reason: str = ""

    def of(self, places: Array) -> dict[str, Any]:
        """One row of the nowcast for the days at these places."""
        orders, seen = int(self.orders[places].sum()), int(self.counted[places].sum())
        row: dict[str, Any] = {"orders": orders, "counted": seen}
        young = places[places >= len(self.days) - self.horizon]
        if self.reason and self.orders[young].any():
            return row | dict.fromkeys(["share_arrived", "expected", "low", "high"])
        full, arrived = self.full[places].sum(), self.arrived[places].sum()
        low, high = _shortest(self.unseen_of(places))
        return row | {
            "share_arrived": _share(float(arrived), float(full), orders),
            "expected": seen + float(full - arrived),
            "low": seen + low,
            "high": seen + high,
        }

    def unseen_of(self, places: Array) -> Array:
        """How many defects of these days together are not seen yet, in each possible future."""
        young = places - (len(self.days) - len(self.unseen))
        found: Array = self.unseen[young[young >= 0]].sum(axis=0)
        return found


def forecast_of(defects: pd.DataFrame, as_of: date, profile: Profile, horizon: int) -> Forecast:
    known = until(defects, as_of)
    first = known["day"].min() if len(known) else pd.Timestamp(as_of) + pd.Timedelta(days=1)
    days = pd.date_range(first, pd.Timestamp(as_of), freq="D")
    orders = _per_day(known["day"], days)
    rows = arrivals(known, as_of, profile.count)
    seen = _per_day(rows["day"], days)
    groups = _groups(rows, as_of, horizon)
    nothing = np.zeros(len(days))
    if isinstance(groups, NotEnough):
        unseen = np.zeros((0, DRAWS), dtype=np.int64)
        return Forecast(days, orders, seen, nothing, nothing, unseen, horizon, groups.reason)
    arrived, full = nothing.copy(), nothing.copy()
    unseen = np.zeros((min(horizon, len(days)), DRAWS), dtype=np.int64)
    for number, (curve, mine) in enumerate(groups):
        part = _futures(curve, _per_day(mine["day"], days), orders, [SEED, number])
        arrived, full = arrived + part[0], full + part[1]
        unseen += part[2]
    return Forecast(days, orders, seen, arrived, full, unseen, horizon)


def _groups(
    rows: pd.DataFrame, as_of: date, horizon: int
) -> list[tuple[DelayCurve, pd.DataFrame]] | NotEnough:
    """
    The defects in groups of one curve each: every kind that has enough, with those that have not.

    A rise by late claims alone is not a rise of all kinds of defect. A kind too rare for a curve
    joins the next more frequent: a curve of both is right for their sum, that of one is not.
    """
    together = learnt(rows, as_of, horizon)
    if isinstance(together, NotEnough):
        return together
    sizes = rows["kind"].value_counts()
    groups: list[tuple[DelayCurve, pd.DataFrame]] = []
    waiting: list[str] = []
    for kind in sorted(sizes.index, key=lambda kind: (sizes[kind], kind)):
        waiting.append(kind)
        mine = rows[rows["kind"].isin(waiting)]
        curve = learnt(mine, as_of, horizon)
        if isinstance(curve, DelayCurve):
            groups.append((curve, mine))
            waiting = []
    # The most frequent kind itself may be without dates: then all share one curve.
    return [(together, rows)] if waiting else groups


def _per_day(of: pd.Series, days: pd.DatetimeIndex) -> Array:
    first = days[0].to_datetime64() if len(days) else np.datetime64("NaT")
    place = days_after(first, of.to_numpy()) if len(days) else np.zeros(0, np.int64)
    return np.bincount(place, minlength=len(days))


def _futures(
    curve: DelayCurve, seen: Array, orders: Array, seed: list[int]
) -> tuple[Array, Array, Array]:
    """Per day, the defects expected to be seen and in all; and the unseen in each future."""
    rng = np.random.default_rng(seed)
    age = np.arange(len(orders))[::-1]
    week = age // WEEK
    shares = curve.draws(rng)
    young = min(curve.horizon, len(orders))
    weeks = week[len(orders) - young :]
    rate = _rates(curve, seen, orders, shares, rng)[weeks]
    missing = shares[:, age[-young:]].T
    mean = rate * orders[-young:, None]
    mean *= np.subtract(1, missing, out=missing)
    full, arrived = seen.astype(float), seen.astype(float)
    expected = rate.mean(axis=1) * orders[-young:]
    full[-young:] = expected
    arrived[-young:] = expected - mean.mean(axis=1)
    return arrived, full, rng.poisson(mean)


def _rates(
    curve: DelayCurve, seen: Array, orders: Array, shares: Array, rng: np.random.Generator
) -> Array:
    """
    Draws of the rate of each young week, the youngest first; a row per week, a column per future.

    Forward through the weeks the gamma's two numbers are the (faded) defects and exposure so far;
    back again, each week's rate is drawn given the next one's.
    """
    week = np.arange(len(orders))[::-1] // WEEK
    weeks = week[0] + 1
    age = np.minimum(np.arange(len(orders))[::-1], curve.horizon)
    # Oldest week first.
    bad = np.bincount(week, seen, weeks)[::-1]
    exposure = np.bincount(week, orders * curve.share[age], weeks)[::-1]
    start = START * max(exposure.sum(), 1.0) / (bad.sum() + START)
    memory = MEMORIES[rng.choice(len(MEMORIES), p=_weights(bad, exposure, start), size=DRAWS)]

    young = min(-(-curve.horizon // WEEK), weeks)
    drawn = _young_exposure(orders, shares, week, young)
    strength, weight = [], []
    a, b = np.full(DRAWS, START), np.full(DRAWS, start)
    for at in range(weeks):
        fade = memory if at else 1.0
        back = weeks - 1 - at
        a = fade * a + bad[at]
        b = fade * b + (drawn[back] if back < young else exposure[at])
        if back < young:
            strength.append(a)
            weight.append(b)
    rates = [rng.gamma(strength[-1]) / weight[-1]]
    for a, b in zip(strength[-2::-1], weight[-2::-1], strict=True):
        rates.append(memory * rates[-1] + rng.gamma((1 - memory) * a) / b)
    return np.array(rates)


def _young_exposure(orders: Array, shares: Array, week: Array, young: int) -> Array:
    """The orders of each young week × the share of their defects arrived, in each future."""
    drawn = np.zeros((young, len(shares)))
    for at in range(young):
        days = np.flatnonzero(week == at)
        ages = np.minimum(len(orders) - 1 - days, shares.shape[1] - 1)
        drawn[at] = shares[:, ages] @ orders[days]
    return drawn


def _weights(bad: Array, exposure: Array, start: float) -> Array:
    """How likely each memory is, by how well it would have foretold each week from those before."""
    a, b = np.full(len(MEMORIES), START), np.full(len(MEMORIES), start)
    score = np.zeros(len(MEMORIES))
    for at, (seen, orders) in enumerate(zip(bad, exposure, strict=True)):
        fade = MEMORIES if at else 1.0
        a, b = fade * a, fade * b
        if orders > 0:
            score += gammaln(a + seen) - gammaln(a) + a * np.log(b / (b + orders))
            score += seen * np.log(orders / (b + orders))
        a, b = a + seen, b + orders
    weights = np.exp(score - score.max())
    found: Array = weights / weights.sum()
    return found


def _share(arrived: float, full: float, orders: int) -> float:
    """The share arrived; all of it where orders have no defects to come, missing without orders."""
    if not orders:
        return float("nan")
    return arrived / full if full > 0 else 1.0


def _shortest(draws: Array) -> tuple[int, int]:
    """
    The shortest run of whole numbers that holds 90 % of the draws, as nearly as whole numbers can.

    With few defects one number more may hold 97 % and one fewer 88 %; the nearer is taken, so that
    small counts do not all get intervals that are too wide.
    """
    least = int(draws.min())
    below = np.r_[0, np.bincount(draws - least).cumsum()] / len(draws)

    def held(width: int) -> float:
        return float((below[width:] - below[:-width]).max())

    widths = range(1, len(below))
    at = bisect_left(widths, LEVEL, key=held)
    width = widths[at]
    if width > 1 and LEVEL - held(width - 1) < held(width) - LEVEL:
        width -= 1
    low = least + int(np.argmax(below[width:] - below[:-width]))
    return low, low + width - 1
