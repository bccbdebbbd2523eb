"""Labels: attributes, their values, kinds and channels as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping

from odrlib.languages import mark, tr
from odrlib.policy import CHANNELS
from odrlib.selections import ANY

ATTRIBUTES = {
    "sku": mark("SKU"),
    "asin": mark("ASIN"),
    "supplier": mark("supplier"),
    "channel": mark("channel"),
    "sales_channel": mark("sales channel"),
    "service": mark("service level"),
    "carrier": mark("carrier"),
    "ship_service": mark("shipping service"),
    "warehouse": mark("warehouse"),
    "country": mark("country"),
    "state": mark("state"),
    "business": mark("business order"),
    "tracked": mark("tracked"),
    "shipped_late": mark("shipped late"),
    "delivered_late": mark("delivered late"),
    "days_late": mark("days late"),
    "slow_answer": mark("slow answer"),
    "multi_item": mark("several items"),
    "price_band": mark("price band"),
    "order_week": mark("week of the order"),
    "ship_week": mark("week of shipping"),
    "weekday": mark("weekday"),
}
# Values that we made ourselves; what a file says is shown as it says it.
VALUES = {
    "weekday": {
        "Monday": mark("Monday"), "Tuesday": mark("Tuesday"), "Wednesday": mark("Wednesday"),
        "Thursday": mark("Thursday"), "Friday": mark("Friday"), "Saturday": mark("Saturday"),
        "Sunday": mark("Sunday"),
    },
    "days_late": {
        "on time": mark("on time"), "1-2 days": mark("1-2 days"), "3-6 days": mark("3-6 days"),
        "7 days or more": mark("7 days or more"),
    },
    "channel": {"mfn": mark("FBM (mfn)"), "afn": mark("FBA (afn)")},
}  # fmt: skip
FLAGS = ("business", "tracked", "shipped_late", "delivered_late", "slow_answer", "multi_item")
YES_NO = {"yes": mark("yes"), "no": mark("no")}
KINDS = {
    ANY: mark("any defect"),
    "claim": mark("A-to-z claims"),
    "chargeback": mark("chargebacks"),
    "negative_feedback": mark("negative ratings"),
}
CHANNEL_LABELS = dict(zip(
    CHANNELS, (mark("all channels"), mark("FBM (mfn)"), mark("FBA (afn)")), strict=True
))  # fmt: skip


def attribute_label(column: str) -> str:
    """What an attribute is called."""
    return tr(ATTRIBUTES[column]) if column in ATTRIBUTES else column.replace("_", " ")


def value_label(column: str, value: str | None) -> str:
    """What a value of an attribute is called."""
    if value is None:
        return tr("unknown")
    ours = YES_NO if column in FLAGS else VALUES.get(column, {})
    return tr(ours[value]) if value in ours else value


def condition_label(column: str, value: str | None) -> str:
    """
    One condition as a person reads it.

    >>> condition_label("ship_service", "Economy"), condition_label("carrier", None)
    ('shipping service = Economy', 'carrier = unknown')
    """
    return tr("{attribute} = {value}", attribute=attribute_label(column),
              value=value_label(column, value))  # fmt: skip


def slice_label(where: Mapping[str, str | None]) -> str:
    """
    Conditions in a row, as causes are written.

    >>> slice_label({"carrier": "UPS", "tracked": "no"})
    'carrier = UPS × tracked = no'
    """
    return " × ".join(condition_label(column, value) for column, value in where.items())
