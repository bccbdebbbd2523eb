"""Forms: how days, spans, lists, shares and counts are written in the spoken language, once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from odrlib.languages import language, mark, tr

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNKNOWN = mark("unknown")
UNKNOWN_DAY = mark("an unknown day")
NONE = mark("none")


def percent(share: float, limit: float | None = None) -> str:
    """
    A share 0-1 as a percentage; "unknown" for a missing one.

    Two decimals, or as many more as it takes to show that a share is not its limit.

    >>> percent(14 / 1_200), percent(0.99996e-2, 0.01), percent(12 / 1_200, 0.01)
    ('1.17%', '0.99996%', '1.00%')
    """
    if pd.isna(share):
        return tr(UNKNOWN)
    digits = 2
    while (
        limit is not None
        and share != limit
        and digits < 9
        and f"{share:.{digits}%}" == f"{limit:.{digits}%}"
    ):
        digits += 1
    return f"{share:.{digits}%}"


def short_percent(share: float | Fraction) -> str:
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
        return tr(UNKNOWN)
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
    >>> from odrlib.languages import speaking
    >>> day(date(2026, 3, 1))
    '1 March 2026'
    >>> with speaking("zh"):
    ...     day(date(2026, 3, 1))
    '2026年3月1日'
    """
    if pd.isna(moment):
        return tr(UNKNOWN_DAY)
    return tr("{day} {month} {year}", context="date", **_parts(moment))


def short_day(moment: Any) -> str:
    """
    A day without its year.

    >>> from datetime import date
    >>> short_day(date(2026, 4, 7))
    '7 April'
    """
    return tr("{day} {month}", context="date", **_parts(moment))


def _parts(moment: Any) -> dict[str, Any]:
    """What a date template may hold: Chinese has numbers for months."""
    return {
        "day": moment.day,
        "month": MONTHS[moment.month - 1],
        "number": moment.month,
        "year": moment.year,
    }


def span(first: Any, last: Any) -> str:
    """
    Two days in words, the year said once where it is the same.

    >>> from datetime import date
    >>> from odrlib.languages import speaking
    >>> span(date(2026, 1, 2), date(2026, 3, 1)), span(date(2025, 12, 2), date(2026, 1, 30))
    ('2 January to 1 March 2026', '2 December 2025 to 30 January 2026')
    >>> with speaking("zh"):
    ...     span(date(2026, 1, 2), date(2026, 3, 1))
    '2026年1月2日至3月1日'
    """
    if first == last:
        return day(first)
    if pd.isna(first) or pd.isna(last) or first.year != last.year:
        return tr("{first} to {last}", context="date", first=day(first), last=day(last))
    # English says the year after the second day, Chinese before the first.
    return tr(
        "{short_first} to {last}",
        context="date",
        first=day(first),
        short_first=short_day(first),
        last=day(last),
        short_last=short_day(last),
    )


def listing(names: Sequence[str], top: int = 0) -> str:
    """
    Names in a row, all of them or the first few.

    >>> from odrlib.languages import speaking
    >>> listing(["A", "B", "C"]), listing(["A", "B", "C", "D"], top=2), listing([])
    ('A, B and C', 'A, B and 2 more', 'none')
    >>> with speaking("zh"):
    ...     listing(["A", "B", "C"]), listing(["A", "B", "C", "D"], top=2)
    ('A、B 和 C', 'A、B 和另外 2 项')
    """
    shown = [str(name) for name in names]
    if top and len(shown) > top:
        shown = [*shown[:top], tr("{n:,} more", n=len(shown) - top)]
    if len(shown) < 2:
        return shown[0] if shown else tr(NONE)
    first, last = tr(", ", context="list").join(shown[:-1]), shown[-1]
    joined = tr(" and ", context="list")
    if language() == "zh":
        # A Chinese word stands apart from Latin letters and digits, and not from Chinese ones.
        joined = f"{' ' * first[-1:].isascii()}{joined}{' ' * last[:1].isascii()}"
    return f"{first}{joined}{last}"
