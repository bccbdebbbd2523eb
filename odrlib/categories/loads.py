"""Loads: days on which there was more to do than could be done, or to sell than was there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import bdtrc, pdtrc

from odrlib.categories.catalogue import limit
from odrlib.categories.noted import Noted
from odrlib.categories.parcels import hours
from odrlib.columns import DAY, HOUR, days, moments
from odrlib.exports.words import coded, flags, says
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.languages.forms import span
from odrlib.related import ANSWER_TIME, answers

# What peaks and stock-outs are told by: a large store has no room for a second copy of its orders.
WORK = ("day", "channel", "ordered_at", "shipped_at")
STOCK = (
    "sku", "day", "channel", "cancelled", "shipped_at", "first_scan_at", "delivered_at",
    "tracking_number", "promised_ship",
)  # fmt: skip


def peaks(
    orders: pd.DataFrame,
    messages: pd.DataFrame | None,
    timezone: str = "UTC",
    sold: np.ndarray | None = None,
) -> Noted:
    """
    The field `peak`: orders of days on which orders, hand-over time and slow answers all rose.

    A peak is a run of days with half as many orders again as the four weeks before, more than
    chance gives. It counts as an overload when on its days the hand-over took a quarter longer than
    on other days, and a quarter more questions waited too long. Without messages nothing is known.

    Parameters
    ----------
    sold : which of the orders to look at, if not at all of them

    Returns
    -------
    For each order, unknown where the answers or the hand-over times of all are
    """
    took = (moments(orders["shipped_at"].array) - moments(orders["ordered_at"].array)) / HOUR
    took[says(orders["channel"], ("afn",))] = np.nan
    rows = np.arange(len(orders)) if sold is None else np.flatnonzero(sold)
    took = took[rows]
    told = _anybody_asks(messages) and not np.isnan(took).all()
    known = np.zeros(len(orders), dtype=bool)
    known[rows] = told
    found = Noted(known)
    if messages is None or not told:
        return found
    day = moments(orders["day"].array)[rows]
    first = day.min()
    place = ((day - first) / DAY).astype("int64")
    per_day = np.bincount(place)
    usual = _usual(per_day)
    # Small stores have busy days by chance alone.
    chance = pdtrc(per_day - 1, np.where(np.isnan(usual), np.inf, usual)) * len(per_day)
    high = (per_day >= limit("peak_ratio") * usual) & (usual > 0) & (chance <= limit("certain"))
    if not high.any():
        return found
    asked_on, late = _slow_by_day(messages, timezone)
    asked = ((asked_on - first) / DAY).astype("int64")
    busy = np.flatnonzero(high)
    usual_time = _middle(took[~high[place]])
    calm_late = late[~np.isin(asked, busy)]
    for run in np.split(busy, np.flatnonzero(np.diff(busy) > 1) + 1):
        here = (place >= run[0]) & (place <= run[-1])
        time, waits = _middle(took[here]), late[np.isin(asked, run)]
        if not len(waits) or not time >= limit("peak_slower") * usual_time:
            continue
        if not _more_often(waits, calm_late):
            continue
        sentence = tr(
            "{span}: {orders:.0f} orders a day, {usual:.0f} in the four weeks before; hand-over "
            "took {time}, else {usual_time}; {late:.0%} of the answers came too late, else "
            "{usual_late:.0%}",
            span=span(*(pd.Timestamp(first + end * DAY) for end in (run[0], run[-1]))),
            orders=per_day[run].mean(),
            usual=usual[run[0]],
            time=hours(time),
            usual_time=hours(usual_time),
            late=waits.mean(),
            usual_late=calm_late.mean() if len(calm_late) else np.nan,
        )
        found.note(rows[here], sentence)
    return found


def _usual(per_day: np.ndarray) -> np.ndarray:
    """The middle of the weeks before each day; nan for the first weeks."""
    weeks = int(7 * limit("peak_weeks"))
    usual = np.full(len(per_day), np.nan)
    if len(per_day) > weeks:
        before = np.lib.stride_tricks.sliding_window_view(per_day[:-1], weeks)
        usual[weeks:] = np.median(before, axis=1)
    return usual


def _middle(took: np.ndarray) -> float:
    """The median of what is known; nan where nothing is."""
    known = took[~np.isnan(took)]
    return float(np.median(known)) if len(known) else np.nan


def _more_often(waits: np.ndarray, calm: np.ndarray) -> bool:
    """Are so many late answers a quarter more than on calm days, and no accident?"""
    usual, late = float(calm.mean()) if len(calm) else 0.0, int(waits.sum())
    if not late or late < limit("peak_slower") * usual * len(waits):
        return False
    return bool(bdtrc(late - 1, len(waits), usual) <= limit("certain"))


def _anybody_asks(messages: pd.DataFrame | None) -> bool:
    """Is there a buyer's message of which one knows when it came?"""
    if messages is None or messages.empty:
        return False
    buyers = flags(messages["sender"], lambda word: word.strip().casefold() == "buyer")
    return bool((buyers & messages["at"].notna().to_numpy()).any())


def _slow_by_day(messages: pd.DataFrame, timezone: str) -> tuple[np.ndarray, np.ndarray]:
    """The day of each buyer's question, and whether its answer took too long."""
    asked, at = answers(messages), moments(messages["at"].array)
    limit = np.timedelta64(ANSWER_TIME)
    last = at[~np.isnat(at)].max()
    wait = np.where(np.isnat(asked.answered), last, asked.answered) - asked.at
    told = ~np.isnat(asked.answered) | (wait > limit)
    return days(asked.at[told], timezone), wait[told] > limit


def stock_outs(orders: pd.DataFrame, timezone: str = "UTC") -> Noted:
    """
    The field `stock_out`: orders of a SKU in days in which many of its orders came to nothing.

    Nothing came of an order that was cancelled, or not shipped although it was promised before the
    last shipment that is known. A week is a stock-out when so many failures are no accident at the
    rate of the other orders; the error budget is shared by all days on which a SKU was sold.

    Parameters
    ----------
    orders : one row per order, cancelled ones included

    Returns
    -------
    For each order, unknown without SKU
    """
    sku, names = coded(orders["sku"])
    found = Noted(sku >= 0)
    rows = np.flatnonzero(~says(orders["channel"], ("afn",)) & (sku >= 0))
    came_to_nothing = _failed(orders, rows, timezone)
    if not came_to_nothing.any():
        return found
    week = int(limit("stock_out_days"))
    dates = moments(orders["day"].array)[rows]
    day = ((dates - dates.min()) / DAY).astype("int64")
    # One number line on which the days of two SKUs lie more than a week apart.
    place = _in_order(names)[sku[rows]] * (int(day.max()) + 2 * week) + day
    order = np.argsort(place, kind="stable")
    line, failed = place[order], came_to_nothing[order]
    starts = np.unique(line[failed])
    low, high = np.searchsorted(line, starts), np.searchsorted(line, starts + week)
    running = np.append(0, np.cumsum(failed))
    here, size = running[high] - running[low], high - low
    others = (failed.sum() - here) / np.maximum(1, len(line) - size)
    chance = pdtrc(here - 1, size * others) * len(np.unique(line))
    sure = np.flatnonzero((here >= limit("stock_out_orders")) & (chance <= limit("certain")))
    taken = np.zeros(len(line), dtype=bool)
    # The surest week first; one that shares orders with it says nothing new.
    for at in sure[np.lexsort((starts[sure], chance[sure]))]:
        # After its last failure a stock-out is over.
        end = low[at] + int(np.flatnonzero(failed[low[at] : high[at]])[-1]) + 1
        if taken[low[at] : high[at]].any():
            continue
        taken[low[at] : high[at]] = True
        mine = order[low[at] : end]
        sentence = tr(
            "{failed:,} of {orders} of {sku} from {span} were cancelled or never shipped, "
            "{others:.1%} of the others",
            failed=int(here[at]),
            orders=count(len(mine), "order"),
            sku=names[sku[rows[mine[0]]]],
            span=span(*(pd.Timestamp(edge) for edge in (dates[mine[0]], dates[mine[-1]]))),
            others=float(others[at]),
        )
        found.note(rows[mine], sentence)
    return found


def _in_order(names: list[str]) -> np.ndarray:
    """The place of each name among all of them."""
    return np.asarray(np.argsort(sorted(range(len(names)), key=names.__getitem__)))


def _failed(orders: pd.DataFrame, rows: np.ndarray, timezone: str) -> np.ndarray:
    """Cancelled, or without a parcel although promised before the last known shipment."""
    cancelled: np.ndarray = orders["cancelled"].to_numpy(bool, na_value=False)[rows]
    shipped = moments(orders["shipped_at"].array)[rows]
    known = ~np.isnat(shipped)
    if not len(rows) or known.mean() < limit("known_share"):
        return cancelled
    moved = known | orders["tracking_number"].notna().to_numpy()[rows]
    for name in ("first_scan_at", "delivered_at"):
        moved |= ~np.isnat(moments(orders[name].array)[rows])
    last = days(shipped[known], timezone).max()
    promised = days(moments(orders["promised_ship"].array)[rows], timezone)
    failed: np.ndarray = cancelled | (~moved & (promised < last))
    return failed
