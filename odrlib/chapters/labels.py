"""Labels: what each column of a table on the page is called, and codes in words, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from odrlib import words
from odrlib.languages import mark, tr
from odrlib.plain import listed
from odrlib.policy import KINDS
from odrlib.wanted import LISTED

LABELS = {
    # orders
    "order_id": mark("order id"),
    "day": mark("ordered"),
    "channel": mark("channel"),
    "kinds": mark("kinds of defect"),
    "kind": mark("kind of defect"),
    "reason": mark("reason"),
    "arrived_on": mark("defect arrived"),
    "sku": mark("SKU"),
    "asin": mark("ASIN"),
    "title": mark("root-cause category"),
    "carrier": mark("carrier"),
    "ship_service": mark("shipping service"),
    "tracked": mark("tracking"),
    "tracking_number": mark("tracking number"),
    "delivered_at": mark("delivered"),
    "warehouse": mark("warehouse"),
    "supplier": mark("supplier"),
    "country": mark("country"),
    "sources": mark("told by"),
    "in_amazon_window": mark("in Amazon's window"),
    "in_brief_window": mark("in the 30-day window"),
    # counts and shares
    "orders": mark("orders"),
    "defects": mark("defects"),
    "defective": mark("defective orders"),
    "order_ids": mark("defective orders"),
    "rate": mark("rate"),
    "low": mark("95% interval from"),
    "high": mark("to"),
    "expected": mark("expected"),
    "excess": mark("more than expected"),
    "rate_elsewhere": mark("rate elsewhere"),
    "share_of_orders": mark("share of the orders"),
    "share_of_defects": mark("share of the defects"),
    "p_value": mark("p (chance)"),
    "q_value": mark("q (chance)"),
    "limit": mark("limit"),
    "status": mark("status"),
    "under": mark("inside the limit"),
    # causes, time and categories
    "rank": mark("rank"),
    "where": mark("orders where"),
    "slice": mark("orders where"),
    "step": mark("step"),
    "condition": mark("condition"),
    "said": mark("in words"),
    "clock": mark("counted by"),
    "relation": mark("how it relates"),
    "topic": mark("Amazon's topic"),
    "category": mark("category"),
    "certainty": mark("certainty"),
    "unexplained": mark("unexplained"),
    "strong": mark("strong"),
    "likely": mark("likely"),
    "weak": mark("weak"),
    "claims": mark("in claims"),
    "chargebacks": mark("in chargebacks"),
    "returns": mark("in returns"),
    "feedback": mark("in feedback"),
    "messages": mark("in messages"),
    # what to do, files
    "why": mark("why"),
    "to_do": mark("what to do"),
    "deadline": mark("deadline"),
    "class": mark("class of evidence"),
    "file": mark("file"),
    "line": mark("line"),
    "column": mark("column"),
    "value": mark("value"),
    "rows": mark("rows"),
    "used": mark("used"),
    "set_aside": mark("set aside"),
}
YES_NO = {"yes": mark("yes"), "no": mark("no"), "unknown": mark("unknown")}


def labels_of(columns: Iterable[str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """
    What each column is called on the page, in the spoken language.

    `own` are the labels of this table alone, already said; they go before those that recur.
    """
    own = own or {}

    def said(name: str) -> str:
        if name in own:
            return own[name]
        return kind_label(name) if name in KINDS else tr(LABELS[name])

    known = own.keys() | LABELS.keys() | set(KINDS)
    return {name: said(name) for name in map(str, columns) if name in known}


def kind_label(kind: str) -> str:
    """
    A kind of defect as the head of a column or the start of a line.

    >>> kind_label("claim"), kind_label("negative_feedback")
    ('A-to-z claims', 'Negative ratings')
    """
    return words.capital(words.kind_name(kind))


def in_words(codes: Any, names: Mapping[str, str]) -> list[str]:
    """
    Each code of a column or its array as a reader knows it.

    What is no code of `names` stays as it is.

    >>> in_words(pd.Series(["no", "maybe"]), YES_NO)
    ['no', 'maybe']
    """
    return [tr(names[code]) if code in names else code for code in listed(codes)]


def channel_words(channels: Any) -> list[str]:
    """The channel of each order as a reader knows it."""
    return in_words(channels, words.CHANNEL_NAMES)


def source_words(sources: Any) -> list[str]:
    """The tables that tell of each defect ("claims, odr_list") as a reader knows them."""
    return [
        tr(", ", context="list").join(
            tr(LISTED[name]) if name in LISTED else name for name in str(told).split(", ")
        )
        for told in sources
    ]


def slice_words(slices: pd.Series) -> list[str]:
    """The slices of orders ("carrier = UPS") that a column holds, as a reader knows them."""
    return [words.slice_name(where) if pd.notna(where) else where for where in slices]


def level_words(column: str, values: pd.Series) -> list[str]:
    """The values of a column of the orders, and rows of several values, as a reader knows them."""
    return [words.level(column, value) for value in values]


def attribute_words(columns: pd.Series) -> list[str]:
    """The names of columns of the orders as a reader knows them."""
    return [words.attribute(column) for column in columns]
