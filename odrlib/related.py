"""
Related metrics: what Amazon watches beside the order defect rate, where the files can tell it.

An order without data is never counted as good: it stands apart as unknown, and where fewer than
half of the orders have data the metric itself is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from odrlib import columns, policy
from odrlib.columns import moments, typed
from odrlib.exports.columns import frame_of
from odrlib.exports.performance import Related
from odrlib.exports.words import flags, says
from odrlib.languages import mark, sentences, tr, trn
from odrlib.rates import Window, wilson
from odrlib.store import Store

ANSWER_TIME = pd.Timedelta(hours=policy.table("targets")["response_within_24_hours"]["hours"])
# What a tracker's state says about the parcel: the carrier has scanned it, or has not.
NOT_SCANNED = ("not_found", "label_only")
SILENT = ("expired", "unknown")
SCANNED = tuple(s for s in policy.TRACKING_STATES if s not in {*NOT_SCANNED, *SILENT})
NEVER_DELIVERED = ("lost", "returning", "returned")


@dataclass(frozen=True)
class _Cases:
    """The day of each order or message, the event we count, and whether anybody tells of it."""

    day: np.ndarray
    event: np.ndarray
    told: np.ndarray

    def within(self, window: Window) -> tuple[int, int, int]:
        """How many there are in the window, those that are told, and the events of these."""
        first, last = np.datetime64(window.first), np.datetime64(window.last)
        inside = (self.day >= first) & (self.day <= last)
        told = inside & self.told
        return int(inside.sum()), int(told.sum()), int((told & self.event).sum())


@dataclass(frozen=True)
class _Metric:
    """
    How one metric is told.

    Parameters
    ----------
    cases : what is told of each order or message; None if no file can tell
    missing : what to say when no file can tell
    note : what a reader must know about how it is counted
    messages : the cases are messages of buyers, not orders
    upper_bound : the events may hold some that Amazon does not count
    """

    cases: Callable[[Store], _Cases | None]
    missing: str
    note: str
    messages: bool = False
    upper_bound: bool = False


def related_metrics(store: Store) -> pd.DataFrame:
    """
    The metrics of policy/targets.toml on the store's as-of day, one row per metric and window.

    Days are order days (for messages the buyer's day), in the store's time zone.

    Returns
    -------
    DataFrame: `metric`, `title`, `channel`, `days`, `first`, `last` (of the window); `events`,
    `orders` (those with data, which `rate` is a share of), `orders_unknown`; `rate`, `low`, `high`
    (0-1, 95 %), `limit`, `direction` ("below" the limit or "at least"), `status` (met, missed,
    unknown), `why` (a sentence); and Amazon's own figure where a performance report gives one:
    `amazon_rate`, `amazon_events`, `amazon_orders`, `amazon_first`, `amazon_last`, `amazon_status`
    """
    targets = policy.table("targets")
    rows = []
    for name, metric in METRICS.items():
        cases = metric.cases(store)
        rows += [
            _row(store, name, metric, cases, days, targets[name])
            for days in targets[name]["windows"]
        ]
    events, orders = (
        np.array([row[name] for row in rows], dtype="float64") for name in ("events", "orders")
    )
    ends = dict(zip(("low", "high"), wilson(events, orders), strict=True))
    counts = ("events", "orders", "orders_unknown", "amazon_events", "amazon_orders")
    days = ("first", "last", "amazon_first", "amazon_last")
    kinds = dict.fromkeys(counts, "Int64") | dict.fromkeys(days, "datetime64[us]")
    kinds |= dict.fromkeys(("rate", "limit", "amazon_rate"), "float64")
    told = {name: typed([row[name] for row in rows], kinds.get(name)) for name in rows[0]}
    return frame_of({name: ends.get(name, told.get(name)) for name in COLUMNS})


def _row(
    store: Store,
    name: str,
    metric: _Metric,
    cases: _Cases | None,
    days: int,
    target: dict[str, Any],
) -> dict[str, Any]:
    window = Window.ending(store.as_of - timedelta(days=target["lag"]), days)
    amazon = _amazon(store, name, days, target["windows"])
    row = {
        "metric": name,
        "title": tr(target["title"]),
        "channel": target["channel"],
        "days": days,
        "first": window.first,
        "last": window.last,
        "limit": target["limit"],
        "direction": target["direction"],
        "amazon_rate": amazon.rate if amazon else None,
        "amazon_events": amazon.events if amazon else None,
        "amazon_orders": amazon.orders if amazon else None,
        "amazon_first": amazon.first if amazon else None,
        "amazon_last": amazon.last if amazon else None,
        "amazon_status": amazon.status if amazon else None,
    }
    if cases is None:
        counts = dict.fromkeys(("events", "orders", "orders_unknown", "rate"))
        return row | counts | {"status": "unknown", "why": tr(metric.missing)}
    every, orders, events = cases.within(window)
    status, why = _judged(metric, events, orders, every - orders, target)
    return row | {
        "events": events,
        "orders": orders,
        "orders_unknown": every - orders,
        "rate": events / orders if orders else None,
        "status": status,
        "why": why,
    }


def _judged(
    metric: _Metric, events: int, orders: int, unknown: int, target: dict[str, Any]
) -> tuple[str, str]:
    """The status against the limit, in integers, and why."""
    if not orders + unknown:
        return "unknown", (
            tr("No buyer messages in the window.")
            if metric.messages
            else tr("No orders in the window.")
        )
    if 2 * orders < orders + unknown:
        return "unknown", (
            tr("Data for only {told:,} of {all:,} buyer messages.",
               told=orders, all=orders + unknown)
            if metric.messages
            else tr("Data for only {told:,} of {all:,} orders.", told=orders, all=orders + unknown)
        )  # fmt: skip
    why = sentences(_left_out(metric, unknown) if unknown else "", tr(metric.note))
    limit = Fraction(str(target["limit"]))
    gap = limit.denominator * events - limit.numerator * orders
    met = gap < 0 if target["direction"] == "below" else gap >= 0
    if metric.upper_bound and not met:
        return "unknown", why
    return ("met" if met else "missed"), why


def _left_out(metric: _Metric, unknown: int) -> str:
    if metric.messages:
        return trn(
            "{n:,} buyer message without data left out.",
            "{n:,} buyer messages without data left out.",
            unknown,
        )
    return trn("{n:,} order without data left out.", "{n:,} orders without data left out.", unknown)


def _amazon(store: Store, name: str, days: int, windows: list[int]) -> Related | None:
    """
    Amazon's newest figure of this metric over as many days.

    A figure of another length, or without days, stands beside the longest window.
    """

    def length(row: Related) -> int:
        told = (row.last - row.first).days + 1 if row.first and row.last else None
        return told if told in windows else max(windows)

    rows = [
        related
        for report in store.performance
        if report.marketplace == store.settings.marketplace
        for related in report.related
        if related.name == name and length(related) == days
    ]
    return max(rows, key=lambda row: row.last or date.min, default=None)


def _shipped_by_seller(orders: pd.DataFrame) -> np.ndarray:
    """The orders that count and that the seller ships."""
    found: np.ndarray = orders["counts"].to_numpy(bool) & says(orders["channel"], ("mfn",))
    return found


def _late_shipment(store: Store) -> _Cases | None:
    if store.orders is None:
        return None
    mine = _shipped_by_seller(store.orders)
    shipped, promised, day = (
        moments(store.orders[name].array)[mine] for name in ("shipped_at", "promised_ship", "day")
    )
    known = ~np.isnat(shipped), ~np.isnat(promised)
    if not all(part.any() for part in known):
        return None
    late = shipped > columns.deadline(promised, store.settings.timezone)
    return _Cases(day, late, known[0] & known[1])


def _valid_tracking(store: Store) -> _Cases | None:
    if store.orders is None:
        return None
    orders, mine = store.orders, _shipped_by_seller(store.orders)
    if not (orders["tracked"].notna().to_numpy() & mine).any():
        return None
    scanned = orders["first_scan_at"].notna().to_numpy() | orders["delivered_at"].notna().to_numpy()
    scanned |= says(orders["tracking_state"], SCANNED)
    scanned &= orders["tracking_number"].notna().to_numpy()
    without = _untracked(orders) | says(orders["tracking_state"], NOT_SCANNED)
    return _Cases(moments(orders["day"].array)[mine], scanned[mine], (scanned | without)[mine])


def _untracked(orders: pd.DataFrame) -> np.ndarray:
    """The orders that are said not to be tracked to the door."""
    found: np.ndarray = ~orders["tracked"].to_numpy(bool, na_value=True)
    return found


def _cancellation(store: Store) -> _Cases | None:
    if store.orders is None:
        return None
    orders = store.orders
    mine = ~orders["multi_channel"].to_numpy(bool) & says(orders["channel"], ("mfn",))
    cancelled, told = orders["cancelled"].to_numpy(bool), orders["status"].notna().to_numpy()
    return _Cases(moments(orders["day"].array)[mine], cancelled[mine], told[mine])


def _on_time_delivery(store: Store) -> _Cases | None:
    if store.orders is None:
        return None
    mine = _shipped_by_seller(store.orders) & ~_untracked(store.orders)
    delivered, promised, day = (
        moments(store.orders[name].array)[mine]
        for name in ("delivered_at", "promised_delivery", "day")
    )
    arrived, known = ~np.isnat(delivered), ~np.isnat(promised)
    if not arrived.any() or not known.any():
        return None
    never = says(store.orders["tracking_state"], NEVER_DELIVERED)[mine] & ~arrived
    in_time = delivered <= columns.deadline(promised, store.settings.timezone)
    return _Cases(day, in_time, known & (arrived | never))


def _answers(store: Store) -> _Cases | None:
    """Each buyer's message: did a person answer it in time? Weekends count as any day."""
    if store.messages is None:
        return None
    zone = store.settings.timezone
    end = pd.Timestamp(store.as_of + timedelta(days=1)).tz_localize(
        zone, nonexistent="shift_forward", ambiguous=True
    )
    last = np.datetime64(end.tz_convert("UTC").tz_localize(None), "us")
    asked = answers(store.messages, last)
    allowed = np.timedelta64(ANSWER_TIME)
    told = ~np.isnat(asked.answered) | (asked.at + allowed < last)
    return _Cases(columns.days(asked.at, zone), asked.answered - asked.at <= allowed, told)


class Asked(NamedTuple):
    """
    The messages of buyers, in the order of time.

    Parameters
    ----------
    row : where each stands in the table of messages
    at, answered : when it was sent, and when the seller's next one about the order was, else NaT
    """

    row: np.ndarray
    at: np.ndarray
    answered: np.ndarray


def answers(messages: pd.DataFrame, end: np.datetime64 | None = None) -> Asked:
    """Each buyer's message (before `end`, if that is given) with its answer."""
    at = moments(messages["at"].array)
    known = ~np.isnat(at) if end is None else at < end
    buyer = known & flags(messages["sender"], lambda who: who.strip().casefold() == "buyer")
    seller = known & flags(messages["sender"], lambda who: who.strip().casefold() == "seller")
    rows = np.flatnonzero(buyer | seller)
    codes = pd.factorize(messages["order_id"].array.take(rows))[0]
    # Of a question and an answer of one moment the question stands first.
    order = np.lexsort((seller[rows], at[rows], codes))
    rows, codes = rows[order], codes[order]
    place = np.where(seller[rows], np.arange(len(rows)), len(rows))
    following = np.minimum.accumulate(place[::-1])[::-1]
    same = np.append(codes, -1)[following] == codes
    answered = np.where(same, np.append(at[rows], columns.NO_DAY)[following], columns.NO_DAY)
    asked = np.flatnonzero(buyer[rows])
    by_time = asked[np.argsort(at[rows[asked]], kind="stable")]
    return Asked(rows[by_time], at[rows[by_time]], answered[by_time])


def deadline(promised: pd.Series, timezone: str) -> pd.Series:
    """The last moment of each promise, as `columns.deadline`."""
    last = columns.deadline(moments(promised.array), timezone)
    return pd.Series(pd.DatetimeIndex(last, tz="UTC"), index=promised.index)


METRICS = {
    "late_shipment_rate": _Metric(
        _late_shipment,
        missing=mark(
            "No file gives both the ship time and the promised ship time of seller-shipped "
            "orders; the unshipped orders report (Orders > Order Reports > Unshipped Orders) has "
            "the promise."
        ),
        note=mark("Late is shipped after the promised ship time."),
    ),
    "cancellation_rate": _Metric(
        _cancellation,
        missing=mark("No orders file; add All Orders (Reports > Fulfilment > All Orders)."),
        note=mark(
            "An upper bound: the files do not tell who cancelled, and Amazon leaves out what the "
            "buyer asked for."
        ),
        upper_bound=True,
    ),
    "valid_tracking_rate": _Metric(
        _valid_tracking,
        missing=mark(
            "No file tells the tracking numbers of seller-shipped orders; add confirm-shipment "
            "uploads, an ERP export or a tracker's."
        ),
        note=mark("Valid is a tracking number that the carrier has scanned at least once."),
    ),
    "on_time_delivery_rate": _Metric(
        _on_time_delivery,
        missing=mark(
            "No file gives both the delivery and the promised delivery of tracked, "
            "seller-shipped orders; a tracker's export has the one, the unshipped orders report "
            "(Orders > Order Reports > Unshipped Orders) the other."
        ),
        note=mark(
            "Orders are counted, not units; parcels without tracking are left out, as Amazon "
            "does; lost and returned parcels are late."
        ),
    ),
    "response_within_24_hours": _Metric(
        _answers,
        missing=mark("No messages ledger; fill ledger/messages.csv from Buyer-Seller Messages."),
        note=mark("The first answer by a person to each message of a buyer in the ledger."),
        messages=True,
    ),
}
COLUMNS = (
    *("metric", "title", "channel", "days", "first", "last", "events", "orders", "orders_unknown"),
    *("rate", "low", "high", "limit", "direction", "status", "why"),
    *("amazon_rate", "amazon_events", "amazon_orders", "amazon_first", "amazon_last"),
    "amazon_status",
)
