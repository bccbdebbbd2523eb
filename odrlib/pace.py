"""
Pace: the day the rate leaves the limit, if defects keep arriving as they did of late.

The roll-off takes no new defects for granted. Here the defects that arrived in the last four weeks
arrive again: as many a day, on orders as old as theirs were. So one that arrives late falls on an
order that is in the window already, and one that arrives early on an order that enters it later.
That is a forecast, not a fact; how few arrivals it rests on is told by an 80% interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.policy import Profile, table
from odrlib.rates import counted
from odrlib.rolloff import RollOff

RULE = table("portfolio")["pace"]
DAYS: int = RULE["days"]
HORIZON: int = RULE["horizon"]
INTERVAL: float = RULE["interval"]
# So many defects without the day they arrived leave the pace unknown.
UNDATED: float = RULE["undated"]


@dataclass(frozen=True)
class Forecast:
    """
    When the rate leaves the limit, at the pace of the last four weeks.

    Parameters
    ----------
    state : "over" it is over already; "breach" it will be, on `breach_on`; "none" not within the
        horizon; "unknown", and then `why` says so in a code: "no-orders", "kinds-not-told",
        "arrival-days-not-told", "standing-unknown"
    breach_on : the first day over the limit at that pace
    earliest, latest : the same at the upper and the lower end of the interval of the pace; None
        where that end leaves the limit on no day of the horizon
    arrived : defects that arrived in the last `days` days
    per_day : that as a number a day
    """

    state: str
    why: str = ""
    breach_on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    arrived: int | None = None
    per_day: float | None = None
    days: int = DAYS
    horizon: int = HORIZON

    def as_dict(self) -> dict[str, Any]:
        """The forecast as facts.json has it."""
        days = {"breach_on": self.breach_on, "earliest": self.earliest, "latest": self.latest}
        return {
            "state": self.state,
            "why": self.why,
            **{name: day and day.isoformat() for name, day in days.items()},
            "arrived": self.arrived,
            "per_day": self.per_day,
            "days": self.days,
            "horizon": self.horizon,
        }


def forecast_at_pace(
    defects: pd.DataFrame,
    ahead: RollOff | None,
    profile: Profile,
    *,
    as_of: date,
    status: str,
    unknown: tuple[str, ...] = (),
) -> Forecast:
    """
    The forecast of one profile and channel.

    Parameters
    ----------
    defects : the table of `defects_by_order` of that channel
    ahead : its roll-off with no new defects
    as_of : the last day of the data
    status, unknown : of its headline
    """
    if ahead is None or ahead.calendar.empty:
        return Forecast("unknown", "no-orders")
    if status == "over":
        return Forecast("over")
    if unknown:
        return Forecast("unknown", "kinds-not-told")
    if status != "under":
        return Forecast("unknown", "standing-unknown")
    today, length = np.datetime64(as_of, "D"), profile.days + DAYS
    places = np.flatnonzero(
        defects["defective"].to_numpy(bool) & (defects["day"].to_numpy() <= today)
    )
    weights = counted(defects, profile)[places]
    arrived, ordered = (defects[name].to_numpy()[places] for name in ("arrived_on", "day"))
    young = ordered > today - length
    undated = weights[young & np.isnat(arrived)].sum()
    if undated > UNDATED * weights[young].sum():
        return Forecast("unknown", "arrival-days-not-told")
    since = _days(today - arrived)
    ages = np.maximum(_days(arrived - ordered), 0)
    recent = (since >= 0) & (since < DAYS)
    number = int(weights[recent].sum())
    dated = ~np.isnan(ages)
    # Without a recent arrival the interval still has an upper end; its ages are those ever seen.
    kept = recent if number else dated
    lag = (ahead.calendar["day"].iloc[0] - ahead.calendar["last"].iloc[0]).days
    one = (
        _in_window(ages[kept], weights[kept], profile.days, lag)
        if kept.any()
        else np.arange(HORIZON + 1)
    ) / DAYS  # what one arrival in four weeks brings into the window, day by day
    low, high = pace_interval(number)
    days = {
        name: _first_over(ahead.calendar, profile, one * pace)
        for name, pace in {"breach_on": number, "earliest": high, "latest": low}.items()
    }
    return Forecast(
        "breach" if days["breach_on"] else "none",
        breach_on=days["breach_on"],
        earliest=days["earliest"],
        latest=days["latest"],
        arrived=number,
        per_day=number / DAYS,
    )


def pace_interval(number: int) -> tuple[float, float]:
    """
    The exact 80% interval of a count that comes at an even pace (Garwood).

    >>> [round(end, 2) for end in pace_interval(0)], [round(end, 2) for end in pace_interval(4)]
    ([0.0, 2.3], [1.74, 7.99])
    """
    from scipy.special import gammaincinv

    tail = (1 - INTERVAL) / 2
    low = float(gammaincinv(number, tail)) if number else 0.0
    return low, float(gammaincinv(number + 1, 1 - tail))


def _in_window(ages: np.ndarray, weights: np.ndarray, days: int, lag: int) -> np.ndarray:
    """
    How many of the arrivals of each coming day are in that day's window, if one comes every day.

    One that arrives on day u, on an order `age` days old, is in the window of day t if its order
    day lies there: t - lag - days + 1 <= u - age <= t - lag. The mean over the ages, by day t.
    """
    step = np.arange(HORIZON + 1)[:, None]
    last = np.minimum(step, step - lag + ages)
    first = np.maximum(1, step - lag - days + 1 + ages)
    each = np.maximum(0, last - first + 1)
    return np.asarray((each * weights).sum(axis=1) / weights.sum())


def _first_over(calendar: pd.DataFrame, profile: Profile, extra: np.ndarray) -> date | None:
    """The first day after as-of on which the window is over the limit with the extra defects."""
    ahead = slice(1, min(len(calendar), len(extra)))
    orders, defective = (calendar[name].to_numpy()[ahead] for name in ("orders", "defective"))
    # Whole defects only: a part of one has not arrived yet. Rounded first, as floats go.
    total = defective + np.floor(np.round(extra[ahead], 9)).astype("int64")
    over = np.flatnonzero((orders > 0) & ~profile.under(total, orders))
    if not len(over):
        return None
    found: date = calendar["day"].iloc[1 + over[0]].date()
    return found


def _days(spans: np.ndarray) -> np.ndarray:
    """Whole days; missing where a span is."""
    return np.floor(spans / np.timedelta64(1, "D"))
