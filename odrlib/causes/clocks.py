"""
Clocks: the day on which each order counts, the day it was placed or the day it left the house.

What happened to parcels (another carrier, a bad lot packed) shows most sharply by ship day, what
happened to the offer (a listing edited) by order day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.causes.attributes import LOPSIDED, WIDELY
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.languages.forms import day, listing
from odrlib.tables import order_days

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CLOCKS = ("order day", "ship day")
# Orders of which less than this share of the defects has arrived say more about the curve of
# arrivals than about the rate, so they are left out.
LEAST_ARRIVED = 0.25
# Ship days are used where they are known of most orders of so many days around.
WINDOW = 15


@dataclass(frozen=True)
class Clock:
    """
    The day of each order by one clock.

    Parameters
    ----------
    name : "order day" or "ship day"
    first : day 0
    place : the day of each order, counted from `first`; -1 for an order that is not used
    weight : the share of its defects that can be known by now, 0-1, of each order
    reason : why no order is used; empty otherwise
    """

    name: str
    first: pd.Timestamp
    place: npt.NDArray[np.int64]
    weight: Floats
    reason: str = ""

    def stopped(self, reason: str) -> Clock:
        """The same clock, of no order at all."""
        return replace(self, place=np.full(len(self.place), -1, np.int64), reason=reason)


@dataclass(frozen=True)
class Counts:
    """Days with orders, in order of time: the day, its orders, its defects and its exposure."""

    days: pd.DatetimeIndex
    orders: npt.NDArray[np.int64]
    defective: npt.NDArray[np.int64]
    exposure: npt.NDArray[Any]


def clock_of(
    defects: pd.DataFrame,
    name: str,
    target: str,
    *,
    last: date | None = None,
    arrived: pd.Series | None = None,
    timezone: str = "UTC",
) -> Clock:
    """
    The clock of that name; see `rate_changes` for the parameters.

    Raises
    ------
    BadParameter : there is no such clock, a column is missing, or `arrived` lacks a day
    """
    if name not in CLOCKS:
        raise BadParameter(
            tr(
                "no clock {clock!r}; there are {clocks}",
                clock=name,
                clocks=listing(list(map(repr, CLOCKS))),
            )
        )
    if "day" not in defects.columns:
        raise BadParameter(tr("the orders have no column {column!r}", column="day"))
    weight, reason = _arrived(defects["day"], arrived), ""
    used = defects["day"].notna().to_numpy() & (weight >= LEAST_ARRIVED)
    if last is not None:
        used &= (defects["day"] <= pd.Timestamp(last)).to_numpy()
    days = defects["day"]
    if name == "ship day":
        days, known, reason = _ship_days(defects, target, used, timezone)
        used &= known
    if not used.any():
        nothing = np.full(len(defects), -1, np.int64)
        return Clock(name, pd.Timestamp(0), nothing, weight, reason or tr("there are no orders"))
    number = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    first = int(number[used].min())
    start = pd.Timestamp(np.datetime64(first, "D"))
    return Clock(name, start, np.where(used, number - first, -1), weight)


def flags(orders: pd.DataFrame, target: str) -> Flags:
    """The target as booleans; BadParameter if it is not there or holds anything but 0 and 1."""
    if target not in orders.columns:
        raise BadParameter(tr("the orders have no column {column!r}", column=target))
    values = orders[target]
    if values.isna().any() or not values.isin([0, 1]).all():
        raise BadParameter(
            tr("column {column!r} must hold 0 and 1 (or False and True) only", column=target)
        )
    found: Flags = values.to_numpy(bool)
    return found


def counts(clock: Clock, rows: Flags, bad: Flags) -> Counts:
    """The orders of `rows` and their defects by day; days without an order are left out."""
    at = np.flatnonzero(rows)
    at = at[clock.place[at] >= 0]
    place = clock.place[at]
    orders = np.bincount(place)
    days = np.flatnonzero(orders)
    return Counts(
        clock.first + pd.to_timedelta(days, unit="D"),
        orders[days],
        np.bincount(place[bad[at]], minlength=len(orders))[days],
        np.bincount(place, clock.weight[at])[days],
    )


def _arrived(days: pd.Series, arrived: pd.Series | None) -> Floats:
    """The share of the defects of each order that has arrived by now."""
    if arrived is None:
        return np.ones(len(days))
    by_day = arrived[~arrived.index.duplicated()]
    share = days.map(by_day).astype("float64")
    lost = share.isna() & days.notna()
    if lost.any():
        raise BadParameter(tr("`arrived` says nothing of {day}", day=day(days[lost].min())))
    if not share.dropna().between(0, 1).all():
        raise BadParameter(tr("`arrived` must hold shares of 0 to 1"))
    found: Floats = share.fillna(0.0).to_numpy()
    return found


def _ship_days(
    defects: pd.DataFrame, target: str, used: Flags, timezone: str
) -> tuple[pd.Series, Flags, str]:
    """The ship days, which orders they may be used of, and why of none."""
    if "shipped_at" not in defects.columns or defects["shipped_at"].isna().all():
        return (
            defects["day"],
            np.zeros(len(defects), bool),
            tr("no file says when parcels were shipped"),
        )
    days = order_days(defects["shipped_at"], timezone)
    known = days.notna().to_numpy()
    bad = flags(defects, target)
    widely = used & _widely_known(defects, known)
    if not widely.any():
        return days, widely, tr("the ship day is known of less than half of the orders")
    if 0 < (looked := widely & bad).sum() < widely.sum():
        gap = known[looked].mean() - known[widely & ~bad].mean()
        if gap > LOPSIDED:
            # Somebody looked up the parcels that were complained about.
            reason = tr("the ship day is known of defective orders much more often than of others")
            return days, np.zeros(len(defects), bool), reason
    return days, widely & known, ""


def _widely_known(defects: pd.DataFrame, known: Flags) -> Flags:
    """Orders of a channel and of days around which the ship day is known of at least half."""
    channel = defects["channel"] if "channel" in defects.columns else None
    group = np.zeros(len(defects), int) if channel is None else pd.factorize(channel)[0] + 1
    number = defects["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    there = defects["day"].notna().to_numpy()
    place = np.where(there, number - (number[there].min() if there.any() else 0), 0)
    wide = np.zeros(len(defects), bool)
    for one in np.unique(group[there]):
        rows = there & (group == one)
        length = int(place[rows].max()) + 1
        orders, told = (np.bincount(place[part], minlength=length) for part in (rows, rows & known))
        around = np.ones(WINDOW)
        share = np.convolve(told, around) >= WIDELY * np.convolve(orders, around)
        wide[rows] = share[WINDOW // 2 :][place[rows]]
    return wide
