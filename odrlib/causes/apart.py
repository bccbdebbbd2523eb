"""Telling apart: the test orders that would separate a cause from its rivals, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from odrlib.causes.cause import Cause
from odrlib.languages import language, tr
from odrlib.naming import PHRASES, attribute, level, slice_name, slice_orders

# What becomes of an order. No shipment can be made with it or without it.
OUTCOMES = frozenset({"shipped_late", "delivered_late", "days_late", "slow_answer"})
# How one ships otherwise; "with" for what stands in no list.
WAYS = {
    "from": ("warehouse",),
    "to": ("state", "country", "region"),
    "by": ("carrier", "service", "ship_service", "supplier"),
}


def how_to_tell_apart(cause: Cause) -> list[str]:
    """
    The test orders that would separate a cause from its rivals, as sentences.

    >>> test = {"ship": {"sku": "A3"}, "by_other_than": {"carrier": "K9"}}
    >>> counts = dict.fromkeys(["orders", "defective"], 9)
    >>> shares = dict.fromkeys(["rate", "rate_elsewhere", "p_value", "q_value"], 0.0)
    >>> sizes = dict.fromkeys(["expected", "excess", "low", "high"], 1.0)
    >>> cause = Cause({"sku": "A3"}, **counts, **shares, **sizes, to_tell_apart=(test,))
    >>> how_to_tell_apart(cause)
    ['Ship SKU A3 by a carrier other than K9: if the defects stay, it is the SKU.']
    """
    return [
        _sentence(test["ship"], test["by_other_than"])
        for test in cause.to_tell_apart
        if not _untold(test["by_other_than"])
    ]


def _untold(where: Mapping[str, Any]) -> bool:
    """Is it only that nobody knows what became of these orders?"""
    return any(column in OUTCOMES and value is None for column, value in where.items())


def _sentence(ship: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if not OUTCOMES.isdisjoint(other) or not OUTCOMES.isdisjoint(ship):
        return tr(
            "No shipment tells {slice} from {other}: one is what becomes of an order, and may be "
            "the way in which the other does its harm.",
            slice=slice_orders(ship),
            other=slice_orders(other),
        )
    return tr(
        "Ship {orders} {otherwise}: if the defects stay, it is {suspect}.",
        orders=_joined(slice_orders({column: value}) for column, value in ship.items()),
        otherwise=_joined(map(_otherwise, other, other.values())),
        suspect=_joined(map(_suspect, ship, ship.values())),
    )


def _joined(parts: Iterable[str]) -> str:
    return ("、" if language() == "zh" else " and ").join(parts)


def _flag(column: str, value: Any) -> bool:
    return column in PHRASES and value is not None


def _suspect(column: str, value: Any) -> str:
    if _flag(column, value):
        return tr("“{condition}”", condition=slice_name({column: value}))
    return tr("the {attribute}", attribute=attribute(column))


def _otherwise(column: str, value: Any) -> str:
    """How to ship instead."""
    if _flag(column, value):
        opposite = "no" if str(value) in ("yes", "True") else "yes"
        return tr("as {slice}", slice=slice_orders({column: opposite}))
    said = {"attribute": _one(column), "level": level(column, value)}
    if is_time(column):
        return tr("in {attribute} other than {level}", **said)
    match next((way for way, columns in WAYS.items() if column in columns), "with"):
        case "from":
            return tr("from {attribute} other than {level}", **said)
        case "to":
            return tr("to {attribute} other than {level}", **said)
        case "by":
            return tr("by {attribute} other than {level}", **said)
        case _:
            return tr("with {attribute} other than {level}", **said)


def is_time(column: str) -> bool:
    """Does a column tell when? Nobody can ship anything in a week that is over."""
    return any(word in column for word in ("week", "day", "month", "date"))


def _one(column: str) -> str:
    """The attribute with its article, where the language has one."""
    name = attribute(column)
    if language() == "zh":
        return name
    return f"{'an' if name[:1] in 'aeiouA' else 'a'} {name}"
