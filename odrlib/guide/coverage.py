"""Coverage: the days of each rule's window on which no file has an order."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from odrlib import policy
from odrlib.store import Store
from odrlib.windows import profile_window

Run = tuple[date, date]


def days_without_orders(store: Store) -> dict[str, list[Run]]:
    """
    Per rule: the runs of days in its window without an order, first and last day of each.

    A day without an order may be a quiet day, or one that no file covers: the files do not say.
    """
    days = set() if store.orders is None else set(store.orders["day"].dt.date)
    found = {}
    for name in policy.PROFILES:
        window = profile_window(store, name).window
        all_days = [window.first + timedelta(days=n) for n in range(window.days)]
        found[name] = runs([day for day in all_days if day not in days])
    return found


def runs(days: list[date]) -> list[Run]:
    """
    Days in order as runs of days that follow each other.

    >>> [f"{a:%d}-{b:%d}" for a, b in runs([date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 5)])]
    ['01-02', '05-05']
    """
    steps = pd.Series(days, dtype="object")
    if steps.empty:
        return []
    group = (pd.to_datetime(steps).diff() != pd.Timedelta(days=1)).cumsum()
    return [(part.iloc[0], part.iloc[-1]) for _, part in steps.groupby(group)]
