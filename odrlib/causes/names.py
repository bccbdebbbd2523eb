"""
Names: how a reader calls an attribute, a level of it, and a slice of the orders.

Data, JSON and CSV hold the codes ("tracked = no", as `describe` writes them); a sentence holds
these words. What a file says itself, such as the name of a carrier, is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from odrlib.languages import mark, tr
from odrlib.languages.forms import day

ATTRIBUTES = {
    "sku": mark("SKU"),
    "asin": mark("ASIN"),
    "supplier": mark("supplier"),
    "channel": mark("fulfilment channel"),
    "sales_channel": mark("sales channel"),
    "service": mark("service level"),
    "carrier": mark("carrier"),
    "ship_service": mark("ship service"),
    "warehouse": mark("warehouse"),
    "country": mark("country"),
    "state": mark("state"),
    "business": mark("business order"),
    "tracked": mark("tracked to the door"),
    "shipped_late": mark("shipped late"),
    "delivered_late": mark("delivered late"),
    "days_late": mark("days late"),
    "slow_answer": mark("answered late"),
    "multi_item": mark("several items"),
    "price_band": mark("order value"),
    "order_week": mark("order week"),
    "ship_week": mark("ship week"),
    "order_day": mark("order day"),
    "ship_day": mark("ship day"),
    "weekday": mark("weekday"),
    "currency": mark("currency"),
}
# A yes, a no and a missing answer as a reader says them of orders.
FLAGS = {
    "business": (
        mark("from a business"),
        mark("not from a business"),
        mark("with unknown kind of buyer"),
    ),
    "tracked": (
        mark("tracked to the door"),
        mark("not tracked to the door"),
        mark("with unknown tracking"),
    ),
    "shipped_late": (
        mark("shipped late"),
        mark("shipped in time"),
        mark("with unknown ship time"),
    ),
    "delivered_late": (
        mark("delivered late"),
        mark("delivered in time"),
        mark("with unknown delivery"),
    ),
    "slow_answer": (
        mark("answered too late"),
        mark("not answered too late"),
        mark("with unknown time of answer"),
    ),
    "multi_item": (
        mark("with several items"),
        mark("with one item"),
        mark("with unknown number of items"),
    ),
}
CHANNELS = {"mfn": mark("seller-fulfilled (FBM)"), "afn": mark("Amazon-fulfilled (FBA)")}
WEEKDAYS = {
    "Monday": mark("Monday"),
    "Tuesday": mark("Tuesday"),
    "Wednesday": mark("Wednesday"),
    "Thursday": mark("Thursday"),
    "Friday": mark("Friday"),
    "Saturday": mark("Saturday"),
    "Sunday": mark("Sunday"),
}
# These are told as what an order is ("delivered late"), the others by name ("carrier DHL").
TOLD = frozenset(
    {*FLAGS, "channel", "weekday", "days_late", "order_week", "ship_week", "order_day", "ship_day"}
)
YES, NO, UNKNOWN, ON_TIME = mark("yes"), mark("no"), mark("unknown"), mark("on time")
ANSWERS = {"yes": YES, "no": NO, "True": YES, "False": NO}
WEEKS, DAYS = ("order_week", "ship_week"), ("order_day", "ship_day")


def attribute(column: str) -> str:
    """
    What a reader calls an attribute; a column that we do not know keeps its name.

    >>> attribute("sku"), attribute("ship_service"), attribute("tracked"), attribute("my_column")
    ('SKU', 'ship service', 'tracked to the door', 'my column')
    """
    name = ATTRIBUTES.get(column)
    return tr(name) if name else column.replace("_", " ")


def level(column: str, value: Any) -> str:
    """
    What a reader calls a level of an attribute, beside the name of the attribute.

    >>> level("tracked", "no"), level("channel", "mfn"), level("carrier", "China Post")
    ('no', 'seller-fulfilled (FBM)', 'China Post')
    >>> level("carrier", None), level("carrier", "other (3 levels)"), level("carrier", "yes")
    ('unknown', 'other (3 levels)', 'yes')
    """
    if _missing(value):
        return tr(UNKNOWN)
    text = str(value)
    if column in FLAGS and text in ANSWERS:
        return tr(ANSWERS[text])
    if column == "channel" and text in CHANNELS:
        return tr(CHANNELS[text])
    if column == "weekday" and text in WEEKDAYS:
        return tr(WEEKDAYS[text])
    if column == "days_late":
        return _days_late(text)
    if column == "price_band":
        return _price_band(text)
    if column in WEEKS:
        return _week(text)
    if column in DAYS:
        return _day(text)
    if folded := re.fullmatch(r"other \(([\d,]+) levels\)", text):
        return tr("other ({number} levels)", number=folded[1])
    return text


def slice_name(where: Mapping[str, Any]) -> str:
    """
    What a reader calls the orders for which all conditions hold.

    >>> slice_name({"carrier": "China Post", "tracked": "no"})
    'carrier China Post × not tracked to the door'
    >>> slice_name({"ship_service": "Standard", "supplier": None}), slice_name({})
    ('ship service Standard × supplier unknown', 'all orders')
    """
    return " × ".join(_condition(*pair) for pair in where.items()) or tr("all orders")


def slice_orders(where: Mapping[str, Any]) -> str:
    """
    The slice as a noun, for the middle of a sentence: "the rate of …".

    >>> slice_orders({"tracked": "no"}), slice_orders({"carrier": "DHL"}), slice_orders({})
    ('orders not tracked to the door', 'carrier DHL', 'all orders')
    """
    name = slice_name(where)
    return tr("orders {slice}", slice=name) if next(iter(where), "") in TOLD else name


def _condition(column: str, value: Any) -> str:
    if column in FLAGS:
        yes, no, unknown = FLAGS[column]
        answer = unknown if _missing(value) else {YES: yes, NO: no}.get(ANSWERS.get(str(value), ""))
        if answer:
            return tr(answer)
    if _missing(value):
        return tr("{attribute} unknown", attribute=attribute(column))
    said = level(column, value)
    if column == "channel" and value in CHANNELS:
        return said
    if column == "weekday":
        return tr("placed on a {weekday}", weekday=said)
    if column == "days_late":
        if said == tr(ON_TIME):
            return tr("delivered on time")
        return tr("delivered {days} late", days=said)
    if column in WEEKS and said != str(value):
        # "Week of 2 March 2026" is a noun, 2026-W05 a name.
        said = tr("the {week}", week=said)
    match column:
        case "order_week":
            return tr("placed in {week}", week=said)
        case "ship_week":
            return tr("shipped in {week}", week=said)
        case "order_day":
            return tr("placed on {day}", day=said)
        case "ship_day":
            return tr("shipped on {day}", day=said)
    return tr("{attribute} {level}", attribute=attribute(column), level=said)


def _missing(value: Any) -> bool:
    return value is None or value == UNKNOWN or bool(pd.isna(value))


def _days_late(text: str) -> str:
    """A band of days after the promised day, as `attributes` writes it."""
    if text == ON_TIME:
        return tr(ON_TIME)
    if band := re.fullmatch(r"(\d+)-(\d+) days", text):
        return tr("{low}-{high} days", low=band[1], high=band[2])
    if band := re.fullmatch(r"(\d+) days or more", text):
        return tr("{low} days or more", low=band[1])
    return text


def _price_band(text: str) -> str:
    """A band of order values, as `attributes` writes it."""
    if band := re.fullmatch(r"under ([\d,.]+ \w+)", text):
        return tr("under {high}", high=band[1])
    if band := re.fullmatch(r"([\d,.]+ \w+) or more", text):
        return tr("{low} or more", low=band[1])
    return text


def _week(text: str) -> str:
    """An ISO week (2026-W05), or one named by its Monday."""
    if week := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        return tr("{year}-W{week}", context="date", year=week[1], week=week[2], n=int(week[2]))
    if week := re.fullmatch(r"week of (\d{4}-\d\d-\d\d)", text):
        return tr("week of {day}", day=_day(week[1]))
    return text


def _day(text: str) -> str:
    """A day as ISO 8601 writes it."""
    return day(date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
