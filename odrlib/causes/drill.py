"""Drill-down: the path from all orders to a slice, one condition at a time, and its weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.causes.series import slice_rows
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.languages.forms import listing
from odrlib.naming import slice_name
from odrlib.rates import wilson
from odrlib.tables import order_days

Flags = npt.NDArray[np.bool_]

# clock -> the column it reads
COLUMNS = {"order day": "day", "ship day": "shipped_at"}


def drill_down(
    orders: pd.DataFrame, where: Mapping[str, Any], target: str = "defective"
) -> pd.DataFrame:
    """
    The path from all orders to the slice `where`: in each step the condition that narrows best.

    Best is the condition that leaves the largest excess over the rate of all orders; of equals, the
    first by name.

    Parameters
    ----------
    orders : one row per order, with the columns of `where`
    where : {column: value}; a missing value is None
    target : a column of 0/1 or booleans, without gaps

    Returns
    -------
    DataFrame, first row all orders, last row the slice: step (from 0), condition (as a reader is
    told), orders, defective, rate, low, high (95 %), excess (orders), share_of_orders,
    share_of_defects (0-1 of all orders and of all defective ones); a share of nothing is missing

    Raises
    ------
    BadParameter : there is no such column
    """
    bad = column_of(orders, target).to_numpy(bool)
    inside = np.ones(len(orders), np.bool_)
    kept, conditions = [inside], [slice_name({})]
    for column in drill_path(orders, where, target):
        inside = inside & slice_rows(orders, {column: where[column]})
        kept.append(inside)
        conditions.append(slice_name({column: where[column]}))
    return _steps(conditions, kept, bad)


def drill_path(
    orders: pd.DataFrame, where: Mapping[str, Any], target: str = "defective"
) -> list[str]:
    """The columns of `where` in the order in which they narrow best, as `drill_down` takes them."""
    bad = column_of(orders, target).to_numpy(bool)
    rate = bad.mean() if len(bad) else 0.0
    left = {column: slice_rows(orders, {column: where[column]}) for column in sorted(where)}
    inside, path = np.ones(len(orders), np.bool_), []
    while left:
        excess = {name: _excess(inside & held, bad, rate) for name, held in left.items()}
        path.append(max(excess, key=lambda name: excess[name]))
        inside = inside & left.pop(path[-1])
    return path


def _excess(inside: Flags, bad: Flags, rate: float) -> float:
    return float((inside & bad).sum() - rate * inside.sum())


def _steps(conditions: list[str], kept: list[Flags], bad: Flags) -> pd.DataFrame:
    counts = np.array([inside.sum() for inside in kept])
    defects = np.array([(inside & bad).sum() for inside in kept])
    low, high = wilson(defects, counts)
    return pd.DataFrame(
        {
            "step": range(len(kept)),
            "condition": pd.Series(conditions, dtype="str"),
            "orders": counts,
            "defective": defects,
            "rate": defects / np.where(counts > 0, counts, np.nan),
            "low": low,
            "high": high,
            "excess": defects - counts * (bad.mean() if len(bad) else 0.0),
            "share_of_orders": counts / (len(bad) or np.nan),
            "share_of_defects": defects / (bad.sum() or np.nan),
        }
    )


def weekly_rate(
    orders: pd.DataFrame,
    where: Mapping[str, Any] | None = None,
    clock: str = "order day",
    *,
    timezone: str = "UTC",
    target: str = "defective",
) -> pd.DataFrame:
    """
    The rate of a slice by week, from its first week to its last without a gap.

    Parameters
    ----------
    where : {column: value}; None for all orders
    clock : "order day" (`day`) or "ship day" (`shipped_at`, cut in `timezone`); orders without that
        day are in no week

    Returns
    -------
    DataFrame: week (its Monday), orders, defective, rate, low, high (95 %, missing in a week
    without orders)

    Raises
    ------
    BadParameter : there is no such column or no such clock
    """
    if clock not in COLUMNS:
        raise BadParameter(
            tr(
                "no clock {clock!r}; there are {clocks}",
                clock=clock,
                clocks=listing(list(map(repr, COLUMNS))),
            )
        )
    days = column_of(orders, COLUMNS[clock])
    if clock != "order day":
        days = order_days(days, timezone)
    in_a_week = slice_rows(orders, where or {}) & days.notna().to_numpy()
    days = days[in_a_week]
    monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    weeks = pd.DatetimeIndex([])
    if len(monday):
        weeks = pd.date_range(monday.min(), monday.max(), freq="7D")
    place = weeks.get_indexer(monday)
    bad = column_of(orders, target).to_numpy(bool)[in_a_week]
    counts = np.bincount(place, minlength=len(weeks))
    defects = np.bincount(place[bad], minlength=len(weeks))
    low, high = wilson(defects, counts)
    return pd.DataFrame(
        {
            "week": weeks,
            "orders": counts,
            "defective": defects,
            "rate": defects / np.where(counts > 0, counts, np.nan),
            "low": low,
            "high": high,
        }
    )


def column_of(orders: pd.DataFrame, column: str) -> pd.Series:
    """The column of that name, or BadParameter."""
    if column not in orders.columns:
        raise BadParameter(
            tr(
                "no column {columns} in the orders; there are {others}",
                columns=repr(column),
                others=", ".join(map(str, orders.columns)),
            )
        )
    return orders[column]
