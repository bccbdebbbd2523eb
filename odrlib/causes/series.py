"""Series: one slice by one clock: where its rate moved, since when it is there, what would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from odrlib.causes.attributes import DERIVED
from odrlib.causes.cause import describe
from odrlib.causes.clocks import Clock, Counts, Flags, counts
from odrlib.causes.sentences import LASTING, search_sentence
from odrlib.causes.steps import LEAST, chance, day_spread, find_steps, visible_rate
from odrlib.errors import BadParameter
from odrlib.exports.words import is_worded, says
from odrlib.languages import tr
from odrlib.naming import ALL, attribute
from odrlib.rates import wilson

Where = dict[str, Any]
Row = dict[str, Any]

# A fall in the last days of the data may be defects still to come: with delays of 15 to 90 days,
# 19 of 20 falls that were none lay within so many days.
IMMATURE_DAYS = 60
# A slice is new if its first order comes so many days after the first of all, and chance would not
# have kept it waiting as long.
NEW_DAYS = 14


@dataclass(frozen=True)
class Series:
    """
    The daily counts of one slice by one clock.

    Parameters
    ----------
    waited : days from the first order of all to the first of the slice; 0 if that says nothing
    later : the share of all orders that came on that day or later, 0-1
    """

    where: Where
    clock: Clock
    counts: Counts
    waited: int
    later: float

    def named(self) -> Row:
        """What a row of any table of series begins with."""
        return {
            "slice": describe(self.where) or ALL,
            "where": self.where,
            "clock": self.clock.name,
        }


def series_of(described: pd.DataFrame, where: Where, clock: Clock, bad: Flags) -> Series:
    """
    The daily counts of the slice.

    Whether a slice is new is asked of what an order is, not of what became of it, and among the
    orders of which it is known: a file that begins later than the others makes nothing new.
    """
    if lost := [column for column in where if column not in described.columns]:
        named = ", ".join(map(attribute, lost))
        clock = clock.stopped(tr("{attributes} is not known of these orders", attributes=named))
        return Series(where, clock, counts(clock, np.zeros(len(bad), bool), bad), 0, 1.0)
    count = counts(clock, slice_rows(described, where), bad)
    if not where or not len(count.days) or not set(where).isdisjoint(DERIVED):
        return Series(where, clock, count, 0, 1.0)
    known = np.logical_and.reduce([~described[column].array.isna() for column in where])
    places = clock.place[known & (clock.place >= 0)]
    if not len(places):
        return Series(where, clock, count, 0, 1.0)
    first = (count.days[0] - clock.first).days
    return Series(where, clock, count, first - int(places.min()), float((places >= first).mean()))


def slice_rows(orders: pd.DataFrame, where: Mapping[str, Any]) -> Flags:
    """Which orders are in the slice; a missing value is the level None."""
    rows = np.ones(len(orders), bool)
    for column, value in where.items():
        if column not in orders.columns:
            raise BadParameter(tr("no column {columns} in the orders", columns=repr(column)))
        values = orders[column]
        if value is not None and is_worded(values):
            rows &= says(values, (value,))
        else:
            same = values.isna() if value is None else values.eq(value).fillna(False)
            rows &= same.to_numpy(bool)
    return rows


def changes_of(series: Series, q: float, number: int, *, raw: bool) -> list[Row]:
    """
    The beginning and the steps of a series, in order of time.

    Parameters
    ----------
    q, number : the error budget, 0-1, and the number of series that share it
    raw : True if nothing is known of defects still to come
    """
    if not len(series.counts.days):
        return []
    return [*_beginning(series, q, number), *_steps(series, q, number, raw)]


def _steps(series: Series, q: float, number: int, raw: bool) -> list[Row]:
    count = series.counts
    steps = find_steps(count.defective, count.exposure, q / number)
    ends = [0, *(step.at for step in steps), len(count.days)]
    levels = [_level(count, first, end) for first, end in pairwise(ends)]
    newest = count.days[-1] - pd.Timedelta(days=IMMATURE_DAYS)
    rows = []
    for place, step in enumerate(steps):
        before, after = levels[place], levels[place + 1]
        down = after["rate"] < before["rate"]
        rows.append(
            {
                "on": count.days[step.at],
                "earliest": count.days[step.earliest],
                "latest": count.days[step.latest],
                "direction": "down" if down else "up",
                **{f"{name}_before": value for name, value in before.items()},
                **{f"{name}_after": value for name, value in after.items()},
                "first": count.days[ends[place]],
                "last": count.days[ends[place + 2] - 1],
                "p_value": min(1.0, chance(step.gain, len(count.days)) * number),
                # The delays of the store are not those of a slice, which may be longer.
                "immature": bool(down and count.days[step.at] > newest and (raw or series.where)),
            }
        )
    return rows


def _beginning(series: Series, q: float, number: int) -> list[Row]:
    """The first day of a slice that was not there before."""
    count = series.counts
    p_value = min(1.0, series.later ** int(count.orders.sum()) * number)
    if series.waited < NEW_DAYS or p_value > q or count.defective.sum() < LEAST:
        return []
    nothing = {"orders": 0, "defective": 0, "rate": np.nan, "low": np.nan, "high": np.nan}
    after = _level(count, 0, len(count.days))
    return [
        {
            **dict.fromkeys(["on", "earliest", "latest", "first"], count.days[0]),
            "direction": "new",
            **{f"{name}_before": value for name, value in nothing.items()},
            **{f"{name}_after": value for name, value in after.items()},
            "last": count.days[-1],
            "p_value": p_value,
            "immature": False,
        }
    ]


def _level(count: Counts, first: int, end: int) -> Row:
    """The rate of the days from `first` up to `end`, which is not included."""
    exposure, defective = count.exposure[first:end].sum(), count.defective[first:end].sum()
    low, high = wilson(defective, exposure)
    return {
        "orders": int(count.orders[first:end].sum()),
        "defective": int(defective),
        "rate": min(1.0, float(defective / exposure)),
        "low": float(low),
        "high": float(high),
    }


def searched(series: Series, changes: list[Row], q: float) -> Row:
    """What was asked of a series, and what would have been seen if there was nothing."""
    count = series.counts
    known = len(count.days) > 0
    row = {
        **series.named(),
        "first": count.days[0] if known else pd.NaT,
        "last": count.days[-1] if known else pd.NaT,
        "days": len(count.days),
        "orders": int(count.orders.sum()),
        "defective": int(count.defective.sum()),
        "changes": len(changes),
        "visible": _visible(count, changes, q) if known else np.nan,
    }
    return {**row, "said": search_sentence(row, series.clock.reason)}


def _visible(count: Counts, changes: list[Row], q: float) -> float:
    """The rate that a rise in the last 30 days must have reached to be seen."""
    start = count.days.searchsorted(changes[-1]["on"]) if changes else 0
    cut = max(start, count.days.searchsorted(count.days[-1] - pd.Timedelta(days=LASTING - 1)))
    before, after = count.exposure[start:cut].sum(), count.exposure[cut:].sum()
    base = min(1.0, count.defective[start:].sum() / (before + after))
    spread = day_spread(count.defective, count.exposure, q)
    return visible_rate(float(base), float(before), float(after), len(count.days), q, spread)
