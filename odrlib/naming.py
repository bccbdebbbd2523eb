"""
Naming: what a column of the orders, one of its values and a slice are called in the reader's words.

Only what is shown is named here: tables, files and JSON keep the columns and values as they are. A
value that a file gives (a carrier, a SKU) is never translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, reduce
from typing import Any

import pandas as pd

from odrlib.languages import language, mark, tr, trn
from odrlib.languages.forms import day

UNKNOWN = "unknown"
ALL = "all orders"
ATTRIBUTES = {
    "sku": mark("SKU"),
    "asin": mark("ASIN"),
    "title": mark("product"),
    "kind": mark("kind of defect"),
    "supplier": mark("supplier"),
    "channel": mark("channel"),
    "sales_channel": mark("sales channel"),
    "service": mark("service level"),
    "carrier": mark("carrier"),
    "ship_service": mark("shipping service"),
    "warehouse": mark("warehouse"),
    "country": mark("country"),
    "state": mark("state"),
    "business": mark("kind of buyer"),
    "tracked": mark("tracking"),
    "shipped_late": mark("dispatch"),
    "delivered_late": mark("delivery"),
    "days_late": mark("delay"),
    "slow_answer": mark("answer"),
    "multi_item": mark("size of the order"),
    "price_band": mark("order value"),
    "order_week": mark("order week"),
    "ship_week": mark("ship week"),
    "order_day": mark("order day"),
    "ship_day": mark("ship day"),
    "weekday": mark("weekday"),
    "reason": mark("reason"),
    "category": mark("category"),
    "currency": mark("currency"),
}
# Levels that are codes. A phrase says by itself which attribute it is of.
PHRASES = {
    "tracked": {"yes": mark("tracked"), "no": mark("not tracked")},
    "shipped_late": {"yes": mark("shipped late"), "no": mark("shipped in time")},
    "delivered_late": {"yes": mark("delivered late"), "no": mark("delivered in time")},
    "slow_answer": {"yes": mark("answered late"), "no": mark("answered in time, or not asked")},
    "multi_item": {"yes": mark("several items"), "no": mark("one item")},
    "business": {"yes": mark("business buyer"), "no": mark("private buyer")},
    "days_late": {
        "on time": mark("delivered on time"),
        "1-2 days": mark("1-2 days late"),
        "3-6 days": mark("3-6 days late"),
        "7 days or more": mark("7 or more days late"),
    },
}
LEVELS = {
    "channel": {"mfn": mark("FBM (mfn)"), "afn": mark("FBA (afn)")},
    "weekday": {
        "Monday": mark("Monday"),
        "Tuesday": mark("Tuesday"),
        "Wednesday": mark("Wednesday"),
        "Thursday": mark("Thursday"),
        "Friday": mark("Friday"),
        "Saturday": mark("Saturday"),
        "Sunday": mark("Sunday"),
    },
    "kind": {
        "claim": mark("A-to-z claims"),
        "chargeback": mark("chargebacks"),
        "negative_feedback": mark("negative ratings"),
    },
}
CHANNELS = {"all": mark("all channels"), **LEVELS["channel"]}
# What breakdowns, compositions and grids call the rows into which small levels are folded.
_OTHERS = re.compile(r"([\d,]+) other .+|other \(([\d,]+) levels?\)")
_FEW = re.compile(r"([\d,]+) .+ with fewer than ([\d,]+) orders")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_LESS = re.compile(r"under ([\d,.]+ \S+)")
_MORE = re.compile(r"([\d,.]+ \S+) or more")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def attribute(column: str) -> str:
    """
    What a column is called, singular; a column that we do not know, by its own name.

    >>> attribute("ship_service"), attribute("tracked"), attribute("my_column")
    ('shipping service', 'tracking', 'my column')
    """
    return tr(ATTRIBUTES[column]) if column in ATTRIBUTES else column.replace("_", " ")


def level(column: str, value: Any) -> str:
    """
    What one value of a column is called, beside the name of its column.

    >>> level("tracked", "no"), level("carrier", "Yanwen"), level("carrier", None)
    ('not tracked', 'Yanwen', 'unknown')
    >>> level("sku", "12 other SKUs"), level("channel", "mfn")
    ('12 other SKUs', 'FBM (mfn)')
    """
    if _is_missing(value):
        return tr("unknown")
    code = {"True": "yes", "False": "no"}.get(str(value), str(value))
    for names in (PHRASES, LEVELS):
        if code in names.get(column, {}):
            return tr(names[column][code])
    text = str(value)
    if column in ("order_day", "ship_day") and _DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    # In English the rows that are folded and the bands are words already.
    return text if language() == "en" else _folded(text) or _band(column, text)


def condition(column: str, value: Any) -> str:
    """
    One condition of a slice, which stands by itself.

    >>> condition("tracked", "no"), condition("carrier", "Yanwen"), condition("carrier", None)
    ('not tracked', 'carrier Yanwen', 'carrier unknown')
    """
    if _is_missing(value):
        return tr("{attribute} unknown", attribute=attribute(column))
    said = level(column, value)
    if said != str(value) and column in PHRASES:
        return said
    return tr("{attribute} {level}", attribute=attribute(column), level=said, context="condition")


def slice_name(where: Mapping[str, Any] | str) -> str:
    """
    The conditions of a slice in words, from its columns and values or from what `describe` wrote.

    Text that describes no slice stays as it is.

    >>> slice_name({"carrier": "Yanwen", "tracked": "no"})
    'carrier Yanwen and not tracked'
    >>> slice_name("carrier = Yanwen × sku = unknown"), slice_name("all orders")
    ('carrier Yanwen and SKU unknown', 'all orders')
    """
    if isinstance(where, str):
        slices = [_conditions(part) for part in _slice_ends().split(where)]
        if not all(slices):
            return tr(mark("all orders")) if where == ALL else where
        return tr("; ", context="slices").join(map(slice_name, filter(None, slices)))
    return joined([condition(*pair) for pair in where.items()]) or tr(mark("all orders"))


def slice_orders(where: Mapping[str, Any]) -> str:
    """
    The orders of a slice as a noun, for the middle of a sentence: "the rate of …".

    >>> slice_orders({"tracked": "no"}), slice_orders({"tracked": None})
    ('orders not tracked', 'orders with tracking unknown')
    >>> slice_orders({"business": "yes", "carrier": "DHL"}), slice_orders({"carrier": "DHL"})
    ('orders of a business buyer and carrier DHL', 'carrier DHL')
    """
    name = slice_name(where)
    column, value = next(iter(where.items()), ("", None))
    if column not in PHRASES:
        return name
    if _is_missing(value) or column == "multi_item":
        return tr("orders with {slice}", slice=name)
    if column == "business":
        return tr("orders of a {slice}", slice=name)
    return tr("orders {slice}", slice=name)


def joined(conditions: Sequence[str]) -> str:
    """
    Conditions that hold together, in a row; nothing if there are none.

    >>> joined(["carrier Yanwen", "not tracked", "SKU A"])
    'carrier Yanwen and not tracked and SKU A'
    """
    if not conditions:
        return ""
    return reduce(
        lambda first, second: tr(
            "{first} and {second}", first=first, second=second, context="conditions"
        ),
        conditions,
    )


def _is_missing(value: Any) -> bool:
    return bool(pd.isna(value)) or value == UNKNOWN


def _folded(text: str) -> str:
    """A row of folded levels, or nothing if it is none."""
    if found := _OTHERS.fullmatch(text):
        number = int((found[1] or found[2]).replace(",", ""))
        return trn("{n:,} other", "{n:,} others", number)
    if found := _FEW.fullmatch(text):
        number, least = (int(part.replace(",", "")) for part in found.groups())
        return tr("{number:,} with fewer than {least:,} orders each", number=number, least=least)
    return ""


def _band(column: str, text: str) -> str:
    """A week or a band of prices, in words."""
    if column in ("order_week", "ship_week") and (found := _WEEK.fullmatch(text)):
        return tr("{year}-W{week}", year=found[1], week=found[2], context="date")
    if column == "price_band" and (found := _LESS.fullmatch(text)):
        return tr("under {price}", price=found[1])
    if column == "price_band" and (found := _MORE.fullmatch(text)):
        return tr("{price} or more", price=found[1])
    return text


def _conditions(text: str) -> dict[str, str]:
    """The columns and values of a slice from its description, or nothing if it is none."""
    found = {}
    for part in _condition_ends().split(text):
        label, equals, value = part.partition(" = ")
        if not equals or label not in _columns():
            return {}
        found[_columns()[label]] = value
    return found


@cache
def _columns() -> dict[str, str]:
    """The columns by the label under which `describe` writes them."""
    return {column.replace("_", " "): column for column in ATTRIBUTES}


@cache
def _condition_ends() -> re.Pattern[str]:
    return re.compile(rf" × (?=(?:{'|'.join(_columns())}) = )")


@cache
def _slice_ends() -> re.Pattern[str]:
    return re.compile(rf"; (?=(?:{'|'.join(_columns())}) = )")
