"""
The nowcast: how many defective orders a week or a window will have when all have arrived.

It never replaces what has been counted: Amazon's rate is what has been counted; this is a forecast
that stands beside it. How it is made is told in `forecast`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from odrlib.columns import framed, numbers
from odrlib.errors import BadParameter
from odrlib.exports.columns import columns_of, frame_of
from odrlib.finding import count
from odrlib.languages import sentences, tr
from odrlib.languages.forms import span
from odrlib.maturity.curve import HORIZON
from odrlib.maturity.forecast import Forecast, forecast_of
from odrlib.policy import AMAZON, Profile
from odrlib.rates import Window, named_profile, percent

# A period is mature once this share of its defects has arrived.
MATURE = 0.99
PERIODS = {"day": "D", "week": "W", "month": "M"}


@dataclass(frozen=True)
class WindowNowcast:
    """
    What a window has been counted at, and what to expect when all its defects have arrived.

    Parameters
    ----------
    window : its order days
    orders, counted : by `as_of`, in the profile's way of counting; these are the official numbers
    share_arrived : the share of its defects that has arrived, 0-1; None without a forecast
    expected, low, high : the final count and its 90 % interval; None without a forecast
    chance_over : the chance that the final rate is outside the profile's limit, 0-1
    reason : why there is no forecast; empty if there is one
    """

    window: Window
    orders: int
    counted: int
    share_arrived: float | None = None
    expected: float | None = None
    low: int | None = None
    high: int | None = None
    chance_over: float | None = None
    reason: str = ""

    def __str__(self) -> str:
        if not self.orders:
            return tr("No orders from {span}.", span=span(self.window.first, self.window.last))
        now: dict[str, Any] = {
            "counted": self.counted,
            "orders": count(self.orders, "order"),
            "rate": percent(self.counted, self.orders),
        }
        if self.low is None or self.high is None:
            said = tr("Counted {counted:,} of {orders} so far ({rate}).", **now)
            return sentences(said, self.reason)
        if self.high == self.counted:
            return tr(
                "Counted {counted:,} of {orders} so far ({rate}); no more are expected.", **now
            )
        return tr(
            "Counted {counted:,} of {orders} so far ({rate}); {final} expected when all have "
            "arrived ({rates}), with 90% certainty.",
            final=_span(f"{self.low:,}", f"{self.high:,}"),
            rates=_span(percent(self.low, self.orders), percent(self.high, self.orders)),
            **now,
        )

    def as_dict(self) -> dict[str, Any]:
        """The forecast as JSON; rates are shares 0-1, and None where nothing can be said."""
        return {
            "window": self.window,
            "orders": self.orders,
            "counted": self.counted,
            "share_arrived": self.share_arrived,
            "expected": self.expected,
            "low": self.low,
            "high": self.high,
            "rate_counted": self._rate(self.counted),
            "rate_expected": self._rate(self.expected),
            "rate_low": self._rate(self.low),
            "rate_high": self._rate(self.high),
            "chance_over": self.chance_over,
            "reason": self.reason,
        }

    def _rate(self, defective: float | None) -> float | None:
        return None if defective is None or not self.orders else defective / self.orders


def nowcast(
    defects: pd.DataFrame,
    as_of: date,
    profile: str | Profile = AMAZON,
    *,
    every: Literal["day", "week", "month"] = "week",
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """
    Each period's defects as counted and as expected when all have arrived.

    Parameters
    ----------
    defects : the table of `defects_by_order`, all history; the longer, the better the curve.
        Orders after `as_of` are not looked at, defects that arrived after it are not seen yet, and
        those without a known day of arrival are counted as seen
    profile : whether an order counts once or once per kind of defect
    every : the periods, by order day; weeks start on Monday
    horizon : days after the order by which every defect has arrived

    Returns
    -------
    DataFrame, a row per period from the first order's to that of `as_of`: the period's first day
    (named "day", "week" or "month"), `orders`, `counted`, `share_arrived` (0-1), `expected`,
    `low`, `high` (the final count with its 90 % prediction interval), `rate_counted`,
    `rate_expected`, `rate_low`, `rate_high` (shares 0-1, missing without orders), `mature` (at
    least 99 % have arrived). Without a delay curve the forecast of younger periods is missing, and
    `attrs["reason"]` says why; else it is empty.

    Raises
    ------
    BadParameter : no such profile or period
    """
    if every not in PERIODS:
        raise BadParameter(
            tr(
                "no period {period!r}; there are {periods}",
                period=every,
                periods=", ".join(PERIODS),
            )
        )
    return of_periods(forecast_of(defects, as_of, named_profile(profile), horizon), every)


def of_periods(forecast: Forecast, every: Literal["day", "week", "month"]) -> pd.DataFrame:
    """The table of `nowcast` from a forecast."""
    days = forecast.days
    place, periods = pd.factorize(days.to_period(PERIODS[every]))
    first = pd.PeriodIndex(periods).to_timestamp()
    rows = [forecast.of(np.flatnonzero(place == at)) for at in range(len(periods))]
    told = framed(rows, TYPES)
    orders = numbers(told["orders"].array)
    orders[orders <= 0] = np.nan
    rates = {
        f"rate_{name}": numbers(told[name].array) / orders
        for name in ("counted", "expected", "low", "high")
    }
    start = {every: np.asarray(first, "datetime64[us]")}
    mature = numbers(told["share_arrived"].array) >= MATURE
    table = frame_of(start | columns_of(told) | rates | {"mature": mature})
    table.attrs["reason"] = forecast.reason
    return table


def window_nowcast(
    defects: pd.DataFrame,
    window: Window,
    as_of: date,
    profile: str | Profile = AMAZON,
    *,
    horizon: int = HORIZON,
) -> WindowNowcast:
    """
    The window's count by `as_of`, and what it will be when all its defects have arrived.

    Takes the whole table of `defects_by_order`, not only the window's orders: the delay curve and
    the rate are learnt from all of them.
    """
    profile = named_profile(profile)
    return of_window(forecast_of(defects, as_of, profile, horizon), window, profile)


def of_window(forecast: Forecast, window: Window, profile: Profile) -> WindowNowcast:
    """The answer of `window_nowcast` from a forecast."""
    inside = np.flatnonzero(window.holds(forecast.days.to_series()))
    row = forecast.of(inside)
    if not row["orders"] or row["low"] is None:
        reason = forecast.reason if row["orders"] else ""
        return WindowNowcast(window, row["orders"], row["counted"], reason=reason)
    final = row["counted"] + forecast.unseen_of(inside)
    over = float(np.mean(final > profile.allowed(row["orders"])))
    return WindowNowcast(window=window, chance_over=over, **row)


TYPES = {
    "orders": "int64",
    "counted": "int64",
    "share_arrived": "float64",
    "expected": "float64",
    "low": "Int64",
    "high": "Int64",
}


def _span(low: str, high: str) -> str:
    return low if low == high else tr("{low} to {high}", low=low, high=high)
