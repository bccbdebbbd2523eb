"""Small words: plural, percent, days and lists are decided here, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from odrlib.languages import language, mark, tr

KIND_NAMES = {
    "claim": (mark("A-to-z claim"), mark("A-to-z claims")),
    "chargeback": (mark("chargeback"), mark("chargebacks")),
    "negative_feedback": (mark("negative rating"), mark("negative ratings")),
}
CHANNEL_NAMES = {
    "all": mark("all orders"),
    "mfn": mark("FBM (mfn)"),
    "afn": mark("FBA (afn)"),
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def percent(share: float, limit: float | None = None) -> str:
    """
    A share 0-1 as a percentage; "unknown" for a missing one.

    Two decimals, or as many more as it takes to show that a share is not its limit.

    >>> percent(14 / 1_200), percent(0.99996e-2, 0.01), percent(12 / 1_200, 0.01)
    ('1.17%', '0.99996%', '1.00%')
    """
    if pd.isna(share):
        return tr("unknown")
    digits = 2
    while (
        limit is not None
        and share != limit
        and digits < 9
        and f"{share:.{digits}%}" == f"{limit:.{digits}%}"
    ):
        digits += 1
    return f"{share:.{digits}%}"


def short_percent(share: float) -> str:
    """
    A share 0-1 with no more digits than it has: for limits.

    >>> short_percent(0.01), short_percent(0.025), short_percent(0.9)
    ('1%', '2.5%', '90%')
    """
    return f"{float(share) * 100:.10g}%"


def whole_percent(share: float) -> str:
    """
    A share 0-1 without decimals, for shapes rather than limits; never a false 0% or 100%.

    >>> whole_percent(0.447), whole_percent(0.002), whole_percent(0.998), whole_percent(1.0)
    ('45%', 'under 1%', 'over 99%', '100%')
    """
    if pd.isna(share):
        return tr("unknown")
    said = f"{share:.0%}"
    if said == "0%" and share > 0:
        return tr("under 1%")
    return tr("over 99%") if said == "100%" and share < 1 else said


def number(value: float) -> str:
    """
    A count that need not be whole, with at most one decimal.

    >>> number(18.24), number(3.0), number(1_204.02)
    ('18.2', '3', '1,204')
    """
    return f"{value:,.1f}".removesuffix(".0")


def day(moment: Any) -> str:
    """
    A day in words; "an unknown day" for a missing one.

    >>> from datetime import date
    >>> day(date(2026, 3, 1))
    '1 March 2026'
    """
    if pd.isna(moment):
        return tr("an unknown day")
    return tr("{day} {month} {year}", context="date", **_date(moment))


def short_day(moment: Any) -> str:
    """
    A day without its year.

    >>> from datetime import date
    >>> short_day(date(2026, 4, 7))
    '7 April'
    """
    return tr("{day} {month}", context="date", **_date(moment))


def month(moment: Any) -> str:
    """
    The month of a day, short.

    >>> from datetime import date
    >>> month(date(2026, 4, 7))
    'Apr 2026'
    """
    return tr("{short} {year}", context="date", short=_month(moment)[:3], **_date(moment))


def span(first: Any, last: Any) -> str:
    """
    Two days in words, the year said once where it is the same.

    >>> from datetime import date
    >>> span(date(2026, 1, 2), date(2026, 3, 1)), span(date(2025, 12, 2), date(2026, 1, 30))
    ('2 January to 1 March 2026', '2 December 2025 to 30 January 2026')
    """
    if first == last:
        return day(first)
    if pd.isna(first) or pd.isna(last) or first.year != last.year:
        return tr("{first} to {last}", first=day(first), last=day(last), context="days")
    return tr(
        "{day} {month} to {last_day} {last_month} {year}",
        context="date",
        last_day=last.day,
        last_month=_month(last),
        last_number=last.month,
        **_date(first),
    )


def listing(names: Sequence[str], top: int = 0) -> str:
    """
    Names in a row, all of them or the first few.

    >>> listing(["A", "B", "C"]), listing(["A", "B", "C", "D"], top=2), listing([])
    ('A, B and C', 'A, B and 2 more', 'none')
    """
    shown = [str(name) for name in names]
    if top and len(shown) > top:
        shown = [*shown[:top], tr("{n:,} more", n=len(shown) - top)]
    if len(shown) < 2:
        return shown[0] if shown else tr("none", context="list")
    first, last = tr(", ", context="list").join(shown[:-1]), shown[-1]
    joined = tr(" and ", context="list")
    if language() == "zh":
        # A Chinese word stands apart from Latin letters and digits, and not from Chinese ones.
        joined = f"{' ' * first[-1:].isascii()}{joined}{' ' * last[:1].isascii()}"
    return f"{first}{joined}{last}"


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


def _date(moment: Any) -> dict[str, Any]:
    """The parts of a day; `number` is its month for languages that count months."""
    return {
        "day": moment.day,
        "month": _month(moment),
        "number": moment.month,
        "year": moment.year,
    }


def _month(moment: Any) -> str:
    return MONTHS[moment.month - 1]
