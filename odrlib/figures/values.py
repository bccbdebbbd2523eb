"""Values: numbers, days and counts as they are drawn, with no more digits than a screen shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib.languages import tr
from odrlib.plain import listed

DAY = 86_400_000  # milliseconds
DIGITS = 4  # significant ones of what is drawn: no screen shows more


def rounded(value: float | None) -> float | None:
    """
    A number as it is drawn, with few digits; a missing one is None.

    >>> rounded(0.0143857), rounded(1204), rounded(float("nan"))
    (0.01439, 1204, None)
    """
    if value is None or value is pd.NA or value != value:
        return None
    return int(value) if float(value).is_integer() else float(f"{value:.{DIGITS}g}")


def numbers(values: Any) -> list[float | None]:
    """Numbers as they are drawn, as a plain list."""
    each = listed(values) if isinstance(values, pd.Series) else values
    return [rounded(value) for value in each]


def days(moments: Any) -> list[str]:
    """Days as short text, a third of what plotly writes for a moment; days must not be missing."""
    told: list[str] = np.datetime_as_string(np.asarray(moments, "datetime64[D]")).tolist()
    return told


def along(moments: Any) -> dict[str, Any]:
    """
    Days of a trace: the first and the step where they are evenly apart, else each of them.

    >>> along(pd.date_range("2026-01-05", periods=40, freq="7D"))
    {'x0': '2026-01-05', 'dx': 604800000}
    >>> along(pd.to_datetime(["2026-01-05", "2026-02-01"]))
    {'x': ['2026-01-05', '2026-02-01']}
    """
    each = np.asarray(moments, "datetime64[D]")
    steps = np.unique(np.diff(each))
    if len(each) < 3 or len(steps) > 1:
        return {"x": days(each)}
    return {"x0": days(each[:1])[0], "dx": int(steps[0].astype(int)) * DAY}


def counts(defective: float, orders: float) -> str:
    """
    The two counts behind a rate.

    >>> counts(47, 1_783)
    '47 of 1,783'
    """
    return tr("{defective:,} of {orders:,}", defective=int(defective), orders=int(orders))


def hover_day() -> str:
    """The day under the pointer, as plotly writes it."""
    return f"%{{x|{tr('%d %b %Y', context='axis')}}}"


def hover_counts() -> str:
    """The two counts of a point, defective orders and orders, as plotly writes them."""
    return tr("{first} of {second}", first="%{customdata[0]:,}", second="%{customdata[1]:,}")
