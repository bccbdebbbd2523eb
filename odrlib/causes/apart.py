"""Telling apart: the test orders that would separate a cause from its rivals, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odrlib.causes.cause import Cause, describe

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
    ['Ship sku A3 by a carrier other than K9: if the defects stay, it is the sku.']
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
        return (
            f"No shipment tells {describe(ship)} from {describe(other)}: one is what becomes of an "
            "order, and may be the way in which the other does its harm."
        )
    what = " and ".join(map(_shipped, ship, ship.values()))
    how = " and ".join(
        f"{_way(column)} {_article(column)} other than {_value(value)}"
        for column, value in other.items()
    )
    which = " and ".join(map(_word, ship))
    return f"Ship {what} {how}: if the defects stay, it is the {which}."


def _shipped(column: str, value: Any) -> str:
    flag = value in ("yes", "no")
    return f"orders with {_word(column)} = {value}" if flag else f"{_word(column)} {_value(value)}"


def _way(column: str) -> str:
    if is_time(column):
        return "in"
    return next((way for way, columns in WAYS.items() if column in columns), "with")


def is_time(column: str) -> bool:
    """Does a column tell when? Nobody can ship anything in a week that is over."""
    return any(word in column for word in ("week", "day", "month", "date"))


def _article(column: str) -> str:
    return f"{'an' if column[:1] in 'aeiou' else 'a'} {_word(column)}"


def _word(column: str) -> str:
    return {"tracked": "tracking"}.get(column, column.replace("_", " "))


def _value(value: Any) -> str:
    return "unknown" if value is None else str(value)
