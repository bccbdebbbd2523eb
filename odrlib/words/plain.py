"""Small words: kinds, channels, capitals; days, lists and shares are of `languages.forms`."""

from __future__ import annotations

from typing import Any

from odrlib.finding import count
from odrlib.languages import language, mark, tr
from odrlib.languages.forms import (
    MONTHS,
    day,
    listing,
    number,
    percent,
    short_day,
    short_percent,
    span,
    whole_percent,
)
from odrlib.naming import LEVELS, attribute, condition, level, slice_name

__all__ = [
    "CHANNEL_NAMES",
    "KIND_NAMES",
    "MONTHS",
    "attribute",
    "capital",
    "channel_name",
    "condition",
    "count",
    "day",
    "kind_name",
    "level",
    "listing",
    "month",
    "number",
    "percent",
    "sentence",
    "short_day",
    "short_percent",
    "slice_name",
    "span",
    "uncapital",
    "whole_percent",
]

KIND_NAMES = {
    "claim": (mark("A-to-z claim"), mark("A-to-z claims")),
    "chargeback": (mark("chargeback"), mark("chargebacks")),
    "negative_feedback": (mark("negative rating"), mark("negative ratings")),
}
CHANNEL_NAMES = {"all": mark("all orders"), **LEVELS["channel"]}


def month(moment: Any) -> str:
    """
    The month of a day, short.

    >>> from datetime import date
    >>> month(date(2026, 4, 7))
    'Apr 2026'
    """
    return tr(
        "{short} {year}",
        context="date",
        short=MONTHS[moment.month - 1][:3],
        number=moment.month,
        year=moment.year,
    )


def kind_name(kind: str, number: int = 2) -> str:
    """
    A kind of defect in words, singular for one; a name we do not know stays as it is.

    >>> kind_name("claim"), kind_name("claim", 1), kind_name("2 other")
    ('A-to-z claims', 'A-to-z claim', '2 other')
    """
    if kind not in KIND_NAMES:
        return kind
    one, many = KIND_NAMES[kind]
    return tr(one if number == 1 else many)


def channel_name(channel: str) -> str:
    """
    A channel in words.

    >>> channel_name("mfn"), channel_name("all")
    ('FBM (mfn)', 'all orders')
    """
    return tr(CHANNEL_NAMES[channel])


def capital(sentence: str) -> str:
    """
    The sentence with its first letter as a capital, and the rest as it was.

    >>> capital("no orders in FBM")
    'No orders in FBM'
    """
    return sentence[:1].upper() + sentence[1:] if language() == "en" else sentence


def uncapital(sentence: str) -> str:
    """
    The sentence as it reads after others words: without its capital, unless that is of a name.

    >>> uncapital("The rate is 1%"), uncapital("SKU A has 3"), uncapital("A-to-z claims are 2")
    ('the rate is 1%', 'SKU A has 3', 'A-to-z claims are 2')
    """
    if language() != "en" or not sentence[1:2].islower():
        return sentence
    return sentence[:1].lower() + sentence[1:]


def sentence(clause: str) -> str:
    """
    A clause as a sentence: capital first, full stop last.

    >>> sentence("assumed: as-of minus 15 days")
    'Assumed: as-of minus 15 days.'
    """
    return tr("{clause}.", clause=capital(clause)) if clause else ""
