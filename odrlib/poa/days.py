"""Days: dates as people write them in seven languages, found in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from odrlib.poa.language import CODES, language

# A day, a day without its year (month, day), or a month (year, month) as (year, month, 0).
Day = date | tuple[int, int] | tuple[int, int, int] | None
Reader = Callable[[re.Match[str]], Day]


def find_days(text: str, order: str) -> Iterator[tuple[int, int, Day]]:
    """
    Where dates stand and what they are; None for a date that no calendar has.

    Parameters
    ----------
    order : "mdy", "dmy" or "ymd": how the site writes a date of three numbers

    >>> sorted(found[2] for found in find_days("3. März 2026, 2026年3月4日, 03/05/2026", "mdy"))
    [datetime.date(2026, 3, 3), datetime.date(2026, 3, 4), datetime.date(2026, 3, 5)]
    """
    taken: list[tuple[int, int]] = []
    for pattern, read in _patterns(order):
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                yield start, end, read(match)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Names of months in every language, whole and as their first three letters."""
    found = {
        name.casefold(): number
        for code in CODES
        for number, name in enumerate(language(code).months, start=1)
    }
    english = language("en").months
    return found | {name[:3].casefold(): number for number, name in enumerate(english, start=1)}


@cache
def _patterns(order: str) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    months = "|".join(sorted(_months(), key=lambda name: -len(name)))
    name = rf"(?P<name>{months})\b\.?"
    day = r"(?<![\d.,])(?P<d>\d{1,2})(?:st|nd|rd|th|er|º)?\.?"
    said = _months()

    def words(match: re.Match[str]) -> Day:
        return _day(int(match["y"]), said[match["name"].casefold()], int(match["d"]))

    def short(match: re.Match[str]) -> Day:
        return said[match["name"].casefold()], int(match["d"])

    def iso(match: re.Match[str]) -> Day:
        return _day(int(match["y"]), int(match["m"]), int(match["d"]))

    def numbers(match: re.Match[str]) -> Day:
        first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
        if match["mark"] == "/" and order == "mdy":
            return _day(year, first, second)
        return _day(year, second, first)

    def asian(match: re.Match[str]) -> Day:
        return int(match["m"]), int(match["d"])

    def month(match: re.Match[str]) -> Day:
        return int(match["y"]), said[match["name"].casefold()], 0

    def asian_month(match: re.Match[str]) -> Day:
        return int(match["y"]), int(match["m"]), 0

    flags = re.IGNORECASE
    return (
        (re.compile(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"), iso),
        (re.compile(r"(?<![\d-])(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"), iso),
        (
            re.compile(
                r"(?<![\d.])(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})(?!\d)"
            ),
            numbers,
        ),
        (
            re.compile(
                rf"{day}\s*(?:of |de )?\s*{name},?\s*(?:de |del )?\s*(?P<y>\d{{4}})(?!\d)", flags
            ),
            words,
        ),
        (
            re.compile(
                rf"\b{name}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{{4}})(?!\d)", flags
            ),
            words,
        ),
        (re.compile(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月"), asian_month),
        (re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"), asian),
        (re.compile(rf"\b{name}\s+(?:de |del )?(?P<y>\d{{4}})(?!\d)", flags), month),
        (
            re.compile(
                rf"{day}(?=\s*(?:-|to|until|and|bis|au|al|a)\s*\d{{1,2}}\.?\s*(?:of |de )?{name})",
                flags,
            ),
            short,
        ),
        (re.compile(rf"{day}\s*(?:of |de )?\s*{name}(?!\w)", flags), short),
        (re.compile(rf"\b{name}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]\d|\d)", flags), short),
    )
