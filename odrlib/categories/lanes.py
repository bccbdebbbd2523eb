"""Lanes and promises: since when a lane is slow, and since when too much is promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import xlogy

from odrlib.categories.catalogue import limit
from odrlib.categories.noted import Noted
from odrlib.columns import DAY, days, deadline, moments
from odrlib.exports.words import coded, says
from odrlib.languages import mark, tr
from odrlib.languages.forms import day as day_said
from odrlib.tables import groups

LANE = ("carrier", "country")
# What lanes and promises are told by, of all orders.
TRANSIT = ("first_scan_at", "shipped_at", "delivered_at")
PROMISES = (
    "day", "channel", "carrier", "promised_ship", "shipped_at", "promised_delivery", "delivered_at",
)  # fmt: skip
SHIPMENT_CUT = mark(
    "from {day} the shipment is promised within {now:.0f} days, before within {once:.0f}; late "
    "were {late_now:.1%} since, {late_once:.1%} before"
)
DELIVERY_CUT = mark(
    "from {day} the delivery is promised within {now:.0f} days, before within {once:.0f}; late "
    "were {late_now:.1%} since, {late_once:.1%} before"
)


def step(days: np.ndarray, hits: np.ndarray) -> tuple[float, float]:
    """
    The day from which hits are most clearly more frequent than before.

    Parameters
    ----------
    days : whole numbers, one per row
    hits : booleans

    Returns
    -------
    The first day of the later part (nan if there is none) and its log-likelihood gain over one
    rate for all days. A fall of the rate is no step.
    """
    each, place = np.unique(days, return_inverse=True)
    rows = np.bincount(place).cumsum()[:-1].astype(float)
    found = np.bincount(place, weights=hits).cumsum()[:-1]
    total, all_hits = float(len(days)), float(hits.sum())
    if not len(rows):
        return float("nan"), 0.0
    gain = (
        _likelihood(found, rows)
        + _likelihood(all_hits - found, total - rows)
        - _likelihood(all_hits, total)
    )
    rises = (all_hits - found) * rows > found * (total - rows)
    gain = np.where(rises, gain, 0.0)
    best = int(gain.argmax())
    return (float(each[best + 1]), float(gain[best])) if gain[best] > 0 else (float("nan"), 0.0)


def _likelihood(hits: np.ndarray | float, rows: np.ndarray | float) -> np.ndarray:
    """The largest log-likelihood of so many hits in so many rows."""
    found: np.ndarray = xlogy(hits, hits / rows) + xlogy(rows - hits, 1 - hits / rows)
    return found


def lane_delays(
    orders: pd.DataFrame,
    timezone: str = "UTC",
    by: tuple[str, ...] = LANE,
    sold: np.ndarray | None = None,
) -> Noted:
    """
    The field `lane_delay`: parcels that were slow in a lane that became slower from a day on.

    Transit is counted from the first scan, or from the shipment without one. A lane became slower
    when from some ship day on clearly more parcels are slow, nine in ten take a quarter and a
    whole day longer than before, and the lanes of other carriers did not become slower with it.

    Parameters
    ----------
    orders : one row per order, with its scans
    by : the columns that make a lane, the carrier first
    sold : which of the orders to look at, if not at all of them

    Returns
    -------
    For each order: there only for a parcel slower than nine in ten were before, unknown where the
    transit is
    """
    start, shipped, arrived = (
        moments(orders[name].array) for name in ("first_scan_at", "shipped_at", "delivered_at")
    )
    start = np.where(np.isnat(start), shipped, start)
    took = (arrived - start) / DAY
    ends = [coded(orders[name]) for name in by]
    known = np.logical_and.reduce([took >= 0, *(codes >= 0 for codes, _ in ends)])
    known &= True if sold is None else sold
    found = Noted(known)
    rows = np.flatnonzero(known)
    parcels = _Parcels(
        on=days(start[rows], timezone).astype("datetime64[D]").astype("float64"),
        took=took[rows],
        carrier=ends[0][0][rows],
    )
    lane = np.zeros(len(rows), dtype="int64")
    for codes, names in ends:
        lane = lane * max(1, len(names)) + codes[rows]
    order = np.argsort(lane, kind="stable")
    first, last = groups(lane[order])
    lanes = [
        order[begin : end + 1]
        for begin, end in zip(first, last, strict=True)
        if end + 1 - begin >= 2 * limit("lane_parcels")
    ]
    for mine in lanes:
        change = _slower_since(mine, parcels, len(lanes))
        if change is not None:
            slow = (parcels.on[mine] >= change.day) & (parcels.took[mine] > change.before)
            carrier, *place = (names[codes[rows[mine[0]]]] for codes, names in ends)
            found.note(rows[mine[slow]], change.sentence(carrier, " to ".join(place)))
    return found


@dataclass(frozen=True)
class _Parcels:
    """The ship day of each parcel (days since 1970), how many days it took, and its carrier."""

    on: np.ndarray
    took: np.ndarray
    carrier: np.ndarray


@dataclass(frozen=True)
class _Change:
    """Since which day, and how many days nine parcels in ten took before and after."""

    day: float
    before: float
    after: float
    others: tuple[float, float] | None

    def sentence(self, carrier: str, place: str) -> str:
        values: dict[str, Any] = {
            "carrier": carrier,
            "place": place,
            "before": self.before,
            "after": self.after,
            "day": day_said(pd.Timestamp(0) + self.day * pd.Timedelta(days=1)),
        }
        if self.others is None:
            return tr(
                "{carrier} to {place}: nine parcels in ten took up to {before:.1f} days, and up to "
                "{after:.1f} days from {day}; there is no other carrier to compare with",
                **values,
            )
        return tr(
            "{carrier} to {place}: nine parcels in ten took up to {before:.1f} days, and up to "
            "{after:.1f} days from {day}; with other carriers {others_before:.1f} and "
            "{others_after:.1f} days",
            others_before=self.others[0],
            others_after=self.others[1],
            **values,
        )


def _slower_since(mine: np.ndarray, parcels: _Parcels, lanes: int) -> _Change | None:
    on, took = parcels.on[mine], parcels.took[mine]
    # The middle finds a lane that is slower as a whole, the tail one of which a part is slower.
    steps = [step(on, took > edge) for edge in np.quantile(took, (0.5, 0.8))]
    day, gain = max(steps, key=lambda found: found[1])
    later = on >= day
    fewest = min(later.sum(), (~later).sum())
    tried = len(np.unique(on)) * lanes * len(steps)
    if fewest < limit("lane_parcels") or gain < np.log(tried / limit("certain")):
        return None
    before, after = np.quantile(took[~later], 0.9), np.quantile(took[later], 0.9)
    if after < limit("lane_ratio") * before or after < before + limit("lane_days"):
        return None
    others = _others(parcels.carrier[mine[0]], parcels, day)
    if others is not None and others[1] > limit("others_ratio") * others[0]:
        return None
    return _Change(day, before, after, others)


def _others(carrier: int, parcels: _Parcels, day: float) -> tuple[float, float] | None:
    """The same number for other carriers before and after the day; None without parcels."""
    rest, later = parcels.carrier != carrier, parcels.on >= day
    if min((rest & later).sum(), (rest & ~later).sum()) < limit("lane_parcels"):
        return None
    return (
        float(np.quantile(parcels.took[rest & ~later], 0.9)),
        float(np.quantile(parcels.took[rest & later], 0.9)),
    )


def promise_cuts(
    orders: pd.DataFrame, timezone: str = "UTC", sold: np.ndarray | None = None
) -> Noted:
    """
    The field `promise_cut`: orders after a day on which the promise became shorter everywhere.

    The promise is the time from order to promised shipment, or to promised delivery. It became
    shorter when its median fell by a whole day or more from one order day on, for every carrier
    with enough orders, and more parcels were late from then on.

    Parameters
    ----------
    sold : which of the orders to look at, if not at all of them

    Returns
    -------
    For each order, unknown where no promise is
    """
    own = ~says(orders["channel"], ("afn",)) & (True if sold is None else sold)
    day = moments(orders["day"].array)
    carrier, _ = coded(orders["carrier"])
    looks = [
        (moments(orders[promised].array), moments(orders[done].array), said)
        for promised, done, said in (
            ("promised_ship", "shipped_at", SHIPMENT_CUT),
            ("promised_delivery", "delivered_at", DELIVERY_CUT),
        )
    ]
    promises = [days(promised, timezone) for promised, _, _ in looks]
    found = Noted(own & np.logical_or.reduce([~np.isnat(promise) for promise in promises]))
    cuts = []
    for promise, (promised, done, said) in zip(promises, looks, strict=True):
        rows = np.flatnonzero(own & ~np.isnat(promise))
        late = (done > deadline(promised, timezone)) & ~np.isnat(done)
        cuts.append(
            _cut(
                rows,
                ((day - np.datetime64(0, "us")) / DAY)[rows],
                ((promise - day) / DAY)[rows],
                carrier[rows],
                np.where(np.isnat(done), np.nan, late)[rows],
                said,
            )
        )
    # What is said of the shipment stands before what is said of the delivery.
    for cut in filter(None, reversed(cuts)):
        found.note(*cut)
    return found


def _cut(
    rows: np.ndarray,
    day: np.ndarray,
    span: np.ndarray,
    carrier: np.ndarray,
    late: np.ndarray,
    said: str,
) -> tuple[np.ndarray, str] | None:
    """
    The rows after the promise was cut, and how that is said; None if it was not.

    Parameters
    ----------
    rows : of the orders with a promise; all others are of these rows
    day, span : the order day (days since 1970) and the days from it to the promised one
    late : 1 if it was kept too late, 0 if not, nan if nobody knows
    """
    if len(rows) < 2 * limit("lane_parcels"):
        return None
    usual = np.median(span)
    # With a cut early on, the median of all is the new promise.
    steps = step(day, span < usual), step(day, span <= usual)
    since, gain = max(steps, key=lambda found: found[1])
    later = day >= since
    if gain < np.log(2 * len(np.unique(day)) / limit("certain")):
        return None
    if not _everywhere(span, later, carrier):
        return None
    told = ~np.isnan(late)
    before, after = late[told & ~later], late[told & later]
    if not len(before) or not len(after) or after.sum() < limit("gathered_orders"):
        return None
    if after.mean() < limit("cut_late_ratio") * before.mean():
        return None
    return rows[later], tr(
        said,
        day=day_said(pd.Timestamp(0) + since * pd.Timedelta(days=1)),
        now=np.median(span[later]),
        once=np.median(span[~later]),
        late_now=after.mean(),
        late_once=before.mean(),
    )


def _everywhere(span: np.ndarray, later: np.ndarray, carrier: np.ndarray) -> bool:
    """Did the promise fall by a day or more with every carrier that has enough orders?"""
    falls = []
    for each in np.unique(carrier):
        after, before = span[(carrier == each) & later], span[(carrier == each) & ~later]
        if min(len(after), len(before)) >= limit("lane_parcels"):
            falls.append(np.median(before) - np.median(after))
    return bool(falls) and min(falls) >= limit("cut_days")
