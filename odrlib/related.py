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
from typing import Any

import pandas as pd

from odrlib import policy
from odrlib.exports.performance import Related
from odrlib.languages import mark, sentences, tr, trn
from odrlib.rates import Window, wilson
from odrlib.store import Store
from odrlib.tables import order_days

ANSWER_TIME = pd.Timedelta(hours=policy.table("targets")["response_within_24_hours"]["hours"])
LAST_MOMENT = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
# What a tracker's state says about the parcel: the carrier has scanned it, or has not.
NOT_SCANNED = ("not_found", "label_only")
SILENT = ("expired", "unknown")
SCANNED = tuple(s for s in policy.TRACKING_STATES if s not in {*NOT_SCANNED, *SILENT})
# What is looked at of an order that the seller ships: a large store has no room for a second copy.
_SHIPPED = [
    "day", "shipped_at", "promised_ship", "promised_delivery", "first_scan_at", "delivered_at",
    "tracked", "tracking_state", "tracking_number",
]  # fmt: skip
NEVER_DELIVERED = ("lost", "returning", "returned")


@dataclass(frozen=True)
class _Metric:
    """
    How one metric is told.

    Parameters
    ----------
    cases : store -> a table of `day` and `event` (True, False, missing = unknown), one row per
        order or message; None if no file can tell
    missing : what to say when no file can tell
    note : what a reader must know about how it is counted
    messages : the cases are messages of buyers, not orders
    upper_bound : the events may hold some that Amazon does not count
    """

    cases: Callable[[Store], pd.DataFrame | None]
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
    table = pd.DataFrame(rows)
    low, high = wilson(table["events"].astype("float64"), table["orders"].astype("float64"))
    counts = ("events", "orders", "orders_unknown", "amazon_events", "amazon_orders")
    days = ("first", "last", "amazon_first", "amazon_last")
    kinds = dict.fromkeys(counts, "Int64") | dict.fromkeys(days, "datetime64[us]")
    kinds |= dict.fromkeys(("rate", "low", "high", "limit", "amazon_rate"), "float64")
    return table.assign(low=low, high=high).astype(kinds)[list(COLUMNS)]


def _row(
    store: Store,
    name: str,
    metric: _Metric,
    cases: pd.DataFrame | None,
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
    event = window.select(cases)["event"]
    events, orders = int(event.eq(True).sum()), int(event.notna().sum())
    status, why = _judged(metric, events, orders, len(event) - orders, target)
    return row | {
        "events": events,
        "orders": orders,
        "orders_unknown": len(event) - orders,
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


def _shipped_by_seller(store: Store) -> pd.DataFrame | None:
    """The orders that count and that the seller ships; None if no orders file is there."""
    orders = store.orders
    if orders is None:
        return None
    mine = orders["counts"] & orders["channel"].eq("mfn")
    return orders[_SHIPPED] if mine.all() else orders.loc[mine, _SHIPPED]


def _late_shipment(store: Store) -> pd.DataFrame | None:
    orders = _shipped_by_seller(store)
    if orders is None or orders["shipped_at"].isna().all() or orders["promised_ship"].isna().all():
        return None
    late = orders["shipped_at"] > deadline(orders["promised_ship"], store.settings.timezone)
    told = orders["shipped_at"].notna() & orders["promised_ship"].notna()
    return _cases(orders, late, told)


def _valid_tracking(store: Store) -> pd.DataFrame | None:
    orders = _shipped_by_seller(store)
    if orders is None or orders["tracked"].isna().all():
        return None
    scanned = orders["first_scan_at"].notna() | orders["delivered_at"].notna()
    scanned |= orders["tracking_state"].isin(SCANNED)
    numbered = orders["tracking_number"].notna()
    without = orders["tracked"].eq(False).fillna(False) | orders["tracking_state"].isin(NOT_SCANNED)
    return _cases(orders, numbered & scanned, (numbered & scanned) | without.astype(bool))


def _cancellation(store: Store) -> pd.DataFrame | None:
    if store.orders is None:
        return None
    orders = store.orders
    mine = ~orders["multi_channel"] & orders["channel"].eq("mfn")
    orders = orders.loc[mine, ["day", "cancelled", "status"]]
    return _cases(orders, orders["cancelled"], orders["status"].notna())


def _on_time_delivery(store: Store) -> pd.DataFrame | None:
    orders = _shipped_by_seller(store)
    if orders is None:
        return None
    orders = orders[~orders["tracked"].eq(False).fillna(False).astype(bool)]
    if orders["delivered_at"].isna().all() or orders["promised_delivery"].isna().all():
        return None
    promised = orders["promised_delivery"].notna()
    arrived = orders["delivered_at"].notna()
    never = orders["tracking_state"].isin(NEVER_DELIVERED) & ~arrived
    by = deadline(orders["promised_delivery"], store.settings.timezone)
    return _cases(orders, orders["delivered_at"] <= by, promised & (arrived | never))


def _answers(store: Store) -> pd.DataFrame | None:
    """Each buyer's message: did a person answer it in time? Weekends count as any day."""
    if store.messages is None:
        return None
    zone = store.settings.timezone
    end = pd.Timestamp(store.as_of + timedelta(days=1)).tz_localize(
        zone, nonexistent="shift_forward", ambiguous=True
    )
    known = store.messages.loc[store.messages["at"] < end, ["order_id", "at", "sender"]]
    known = known.sort_values("at", kind="stable")
    sender = known["sender"].astype("str").str.strip().str.casefold()
    known = known[["order_id", "at"]].astype({"order_id": "str"})
    answers = known[sender.eq("seller")]
    asked = pd.merge_asof(
        known[sender.eq("buyer")],
        answers.rename(columns={"at": "answered_at"}),
        left_on="at",
        right_on="answered_at",
        by="order_id",
        direction="forward",
    )
    in_time = asked["answered_at"] - asked["at"] <= ANSWER_TIME
    told = asked["answered_at"].notna() | (asked["at"] + ANSWER_TIME < end)
    return _cases(asked.assign(day=order_days(asked["at"], zone)), in_time, told)


def _cases(rows: pd.DataFrame, event: pd.Series, told: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"day": rows["day"], "event": event.astype("boolean").where(told)})


def deadline(promised: pd.Series, timezone: str) -> pd.Series:
    """The last moment of a promise; one without a time of day holds to the end of that day."""
    local = promised.array.tz_convert(timezone).tz_localize(None)
    moments = promised.array.copy()
    moments[local == local.normalize()] += LAST_MOMENT
    return pd.Series(moments, index=promised.index)


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
