"""Lanes and promises: since when a lane is slow, and since when too much is promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import xlogy

from odrlib.categories.catalogue import limit
from odrlib.categories.parcels import DAY, unsaid
from odrlib.languages import mark, tr
from odrlib.languages.forms import day as day_said
from odrlib.related import deadline
from odrlib.tables import order_days

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
    orders: pd.DataFrame, timezone: str = "UTC", by: tuple[str, ...] = LANE
) -> pd.DataFrame:
    """
    The field `lane_delay`: parcels that were slow in a lane that became slower from a day on.

    Transit is counted from the first scan, or from the shipment without one. A lane became slower
    when from some ship day on clearly more parcels are slow, nine in ten take a quarter and a
    whole day longer than before, and the lanes of other carriers did not become slower with it.

    Parameters
    ----------
    orders : one row per order, with its scans
    by : the columns that make a lane, the carrier first

    Returns
    -------
    DataFrame with the index of `orders`: `flag` (True only for a parcel slower than nine in ten
    were before; missing where the transit is unknown) and `says`
    """
    start = orders["first_scan_at"].fillna(orders["shipped_at"])
    days = (orders["delivered_at"] - start) / DAY
    known = days.notna() & (days >= 0) & orders[list(by)].notna().all(axis="columns")
    table = unsaid(known)
    on = (order_days(start[known], timezone) - pd.Timestamp(0)) / DAY
    moved = orders.loc[known, list(by)].assign(days=days[known], on=on)
    lanes = [
        (list(map(str, names)), part)
        for names, part in moved.groupby(list(by), sort=True, observed=True)
        if len(part) >= 2 * limit("lane_parcels")
    ]
    for (carrier, *ends), part in lanes:
        change = _slower_since(part, moved, by[0], len(lanes))
        if change is not None:
            since = part[part["on"] >= change.day]
            slow = since.index[since["days"] > change.before]
            table.loc[slow, "flag"] = True
            table.loc[slow, "says"] = change.sentence(carrier, " to ".join(ends))
    return table


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
            "day": day_said(pd.Timestamp(0) + self.day * DAY),
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


def _slower_since(
    lane: pd.DataFrame, moved: pd.DataFrame, carrier: str, lanes: int
) -> _Change | None:
    on, days = lane["on"].to_numpy(), lane["days"].to_numpy()
    # The middle finds a lane that is slower as a whole, the tail one of which a part is slower.
    steps = [step(on, days > np.quantile(days, q)) for q in (0.5, 0.8)]
    day, gain = max(steps, key=lambda found: found[1])
    later = on >= day
    fewest = min(later.sum(), (~later).sum())
    tried = len(np.unique(on)) * lanes * len(steps)
    if fewest < limit("lane_parcels") or gain < np.log(tried / limit("certain")):
        return None
    before, after = np.quantile(days[~later], 0.9), np.quantile(days[later], 0.9)
    if after < limit("lane_ratio") * before or after < before + limit("lane_days"):
        return None
    others = _others(lane, moved, carrier, day)
    if others is not None and others[1] > limit("others_ratio") * others[0]:
        return None
    return _Change(day, before, after, others)


def _others(
    lane: pd.DataFrame, moved: pd.DataFrame, carrier: str, day: float
) -> tuple[float, float] | None:
    """The same number for other carriers before and after the day; None without parcels."""
    rest = moved.loc[moved[carrier] != lane[carrier].iloc[0], ["on", "days"]]
    later = rest["on"] >= day
    if min(later.sum(), (~later).sum()) < limit("lane_parcels"):
        return None
    return rest["days"][~later].quantile(0.9), rest["days"][later].quantile(0.9)


def promise_cuts(orders: pd.DataFrame, timezone: str = "UTC") -> pd.DataFrame:
    """
    The field `promise_cut`: orders after a day on which the promise became shorter everywhere.

    The promise is the time from order to promised shipment, or to promised delivery. It became
    shorter when its median fell by a whole day or more from one order day on, for every carrier
    with enough orders, and more parcels were late from then on.

    Returns
    -------
    DataFrame with the index of `orders`: `flag` (missing where no promise is known) and `says`
    """
    found = [
        _cut(orders, promised, done, timezone, said)
        for promised, done, said in (
            ("promised_ship", "shipped_at", SHIPMENT_CUT),
            ("promised_delivery", "delivered_at", DELIVERY_CUT),
        )
    ]
    first, second = found
    return first.assign(
        flag=first["flag"].fillna(False) | second["flag"].fillna(False),
        says=first["says"].where(first["says"] != "", second["says"]),
    ).assign(flag=lambda t: t["flag"].where(first["flag"].notna() | second["flag"].notna()))


def _cut(orders: pd.DataFrame, promised: str, done: str, timezone: str, said: str) -> pd.DataFrame:
    span = (order_days(orders[promised], timezone) - orders["day"]) / DAY
    own = orders["channel"].ne("afn").fillna(True).to_numpy(bool)
    known = span.notna() & own
    table = unsaid(known)
    if known.sum() < 2 * limit("lane_parcels"):
        return table
    days, spans = ((orders["day"] - pd.Timestamp(0)) / DAY)[known], span[known]
    day, gain = step(days.to_numpy(), (spans < spans.median()).to_numpy())
    # With a cut early on, the median of all is the new promise.
    other = step(days.to_numpy(), (spans <= spans.median()).to_numpy())
    day, gain = max((day, gain), other, key=lambda found: found[1])
    later = days >= day
    if gain < np.log(2 * days.nunique() / limit("certain")) or not _everywhere(
        spans, later, orders["carrier"][known]
    ):
        return table
    late = orders[done] > deadline(orders[promised], timezone)
    late = late[known & orders[done].notna()]
    before, after = late[~later.reindex(late.index)], late[later.reindex(late.index)]
    if before.empty or after.empty or after.sum() < limit("gathered_orders"):
        return table
    if after.mean() < limit("cut_late_ratio") * before.mean():
        return table
    hit = later.index[later]
    table.loc[hit, "flag"] = True
    table.loc[hit, "says"] = tr(
        said,
        day=day_said(pd.Timestamp(0) + day * DAY),
        now=spans[later].median(),
        once=spans[~later].median(),
        late_now=after.mean(),
        late_once=before.mean(),
    )
    return table


def _everywhere(spans: pd.Series, later: pd.Series, carrier: pd.Series) -> bool:
    """Did the promise fall by a day or more with every carrier that has enough orders?"""
    falls = []
    for _, part in spans.groupby(carrier.astype("str").fillna("")):
        is_later = later[part.index]
        if min(is_later.sum(), (~is_later).sum()) >= limit("lane_parcels"):
            falls.append(part[~is_later].median() - part[is_later].median())
    return bool(falls) and min(falls) >= limit("cut_days")
