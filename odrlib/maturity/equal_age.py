"""
Periods compared at equal age.

An old period has had time to collect its late defects, a new one has not: set side by side as they
stand, every rate seems to fall. At equal age a defect counts only if it arrived within the same
number of days after its order, and only orders that have reached that age take part. That is fair
to every slice of the orders, also to one that was sold only early or late in its period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.finding import count
from odrlib.languages import language, tr
from odrlib.languages.forms import day
from odrlib.maturity.curve import HORIZON
from odrlib.rates import Window, known_kinds


@dataclass(frozen=True, eq=False)
class EquallyAged:
    """
    Two periods made comparable.

    Parameters
    ----------
    orders : the orders of both periods that have reached the age, with the columns they came with,
        `later` (True in the later period), and `defective`, the kinds and `defects` set only where
        the order's first defect arrived within `age` days; kinds that came with it are kept
    earlier, later : the periods as asked for, cut to the days that have reached the age; None for a
        period without orders
    age : days after the order within which a defect counts
    not_counted : defects that arrived later than that, in both periods
    unknown : defects without a known day of arrival, in both periods
    sentence : what was done, in words
    """

    orders: pd.DataFrame
    earlier: Window | None
    later: Window | None
    age: int
    not_counted: int
    unknown: int
    sentence: str

    @property
    def comparable(self) -> bool:
        """Are there orders in both periods, and days of arrival for at least half the defects?"""
        told = self.unknown == 0 or self.age >= HORIZON
        kept = int(self.orders["defective"].sum()) + self.not_counted
        return bool(self.earlier and self.later) and (told or self.unknown <= kept)


def equally_aged(
    defects: pd.DataFrame, earlier: Window, later: Window, as_of: date, *, age: int | None = None
) -> EquallyAged:
    """
    The orders of two periods with their defects as they stood at the same age.

    Defects without a known day of arrival cannot be placed: they count in neither period, unless
    the age is the full 90 days, by which everything has arrived. How many they are is said.

    Parameters
    ----------
    defects : the table of `defects_by_order`
    earlier, later : the periods, by order day; the later one begins after the earlier one ends
    age : days after the order within which a defect counts, at least the age of the youngest order
        for all orders to take part. By default the age at which the most defects can be compared:
        the longer, the more defects of each order, the fewer orders. It is chosen from the delays
        of the earlier period alone, so that the choice favours neither outcome

    Raises
    ------
    BadParameter : the periods overlap or stand in the wrong order, or the age is negative
    """
    if earlier.last >= later.first:
        raise BadParameter(
            tr(
                "the earlier period ends on {last}, not before {first}",
                last=day(earlier.last),
                first=day(later.first),
            )
        )
    if age is not None and age < 0:
        raise BadParameter(tr("an age is a number of days from 0 on, not {age}", age=age))
    today, one = np.datetime64(as_of), np.timedelta64(1, "D")
    first, second = (period.holds(defects["day"]).to_numpy() for period in (earlier, later))
    rows = np.flatnonzero((first | second) & (defects["day"].to_numpy() <= today))
    day_of, arrived = (defects[name].to_numpy()[rows] for name in ("day", "arrived_on"))
    bad, is_later = defects["defective"].to_numpy(bool)[rows], second[rows]
    old = (today - day_of) // one
    delay = np.where(arrived <= today, np.floor((arrived - day_of) / one), np.nan)
    age = min(_best_age(old[is_later], delay[bad & ~is_later]) if age is None else age, HORIZON)
    reached = old >= age
    unknown = bad & np.isnat(arrived) & reached
    counts = bad & (delay <= age) & reached
    if age >= HORIZON:
        counts |= unknown
    orders = _masked(defects.iloc[rows[reached]], counts[reached])
    orders["later"] = is_later[reached]
    not_counted = int((bad & reached & ~counts & ~unknown).sum())
    cut = as_of - timedelta(days=age)
    periods = _days_of(orders, earlier, cut), _days_of(orders, later, cut)
    left_out = int((~reached & is_later).sum())
    return EquallyAged(
        orders=orders,
        earlier=periods[0] if (~orders["later"]).any() else None,
        later=periods[1] if orders["later"].any() else None,
        age=age,
        not_counted=not_counted,
        unknown=int(unknown.sum()),
        sentence=_sentence(orders, age, left_out, not_counted, int(unknown.sum())),
    )


def rise_table(
    defects: pd.DataFrame, window: Window, as_of: date, *, times: int = 3, age: int | None = None
) -> EquallyAged:
    """
    The window beside the time before it, at equal age: what a search for a rise takes.

    `find_causes(rise_table(…).orders, rise="later")` asks what has become worse. The earlier period
    ends the day before the window and is up to `times` (1-3) times as long, as far as there is
    history; see `equally_aged` for the rest.

    Raises
    ------
    BadParameter : `times` is not 1, 2 or 3
    """
    if times not in (1, 2, 3):
        raise BadParameter(
            tr("the earlier period is 1, 2 or 3 times as long, not {times}", times=times)
        )
    last = window.first - timedelta(days=1)
    earlier = Window.ending(last, window.days * times)
    first = defects["day"].min()
    if pd.notna(first) and earlier.first < first.date() <= last:
        earlier = Window(first.date(), last)
    return equally_aged(defects, earlier, window, as_of, age=age)


def _best_age(old: np.ndarray, delays: np.ndarray) -> int:
    """The age that the most later orders × the most of each order's defects have reached."""
    if not len(old):
        return 0
    ages = np.arange(min(int(old.min()), HORIZON), HORIZON + 1)
    reached = len(old) - np.searchsorted(np.sort(old), ages)
    arrived = np.searchsorted(np.sort(delays[~np.isnan(delays)]), ages, side="right")
    return int(ages[np.argmax(reached * arrived)])


def _masked(table: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    kinds = {kind: table[kind].to_numpy(bool) & counts for kind in known_kinds(table)}
    masked = table.assign(**kinds, defective=counts)
    if "defects" in table:
        masked["defects"] = table["defects"].where(counts, 0)
    return masked


def _days_of(orders: pd.DataFrame, period: Window, cut: date) -> Window | None:
    return Window(period.first, min(period.last, cut)) if period.first <= cut else None


def _sentence(orders: pd.DataFrame, age: int, left_out: int, not_counted: int, unknown: int) -> str:
    later = int(orders["later"].sum())
    parts = [
        tr(
            "{later} beside {earlier}, each with the defects that arrived within {age} of it",
            later=count(later, "later order"),
            earlier=count(len(orders) - later, "earlier order"),
            age=count(age, "day"),
        )
    ]
    if left_out:
        parts.append(
            tr("{orders} younger than that left out", orders=count(left_out, "later order"))
        )
    if not_counted:
        parts.append(
            tr(
                "{orders} not counted, because the defect came later",
                orders=count(not_counted, "defective order"),
            )
        )
    if unknown:
        many = count(unknown, "defective order")
        parts.append(
            tr(
                "{orders} without a known day of arrival counted, because all have arrived by then",
                orders=many,
            )
            if age >= HORIZON
            else tr("{orders} without a known day of arrival not counted", orders=many)
        )
    return "；".join(parts) + "。" if language() == "zh" else "; ".join(parts) + "."
