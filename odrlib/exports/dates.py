"""
Days and moments as people and programs write them, read over the whole column at once.

8.5.26 is a day only if one knows the order of its parts: the marketplace's order is assumed,
checked against every value of the column, and given up for the one order that fits them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

ORDERS = ("mdy", "dmy", "ymd")
_EARLIEST, _LATEST = 1995, 2100  # Amazon opened in 1995; anything outside is a misread number

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar jänner janvier janv gennaio gen enero ene janeiro",
            "feb february februar février févr fevr febbraio febrero fevereiro fev",
            "mar march märz mär mrz mars marzo março",
            "apr april avril avr aprile abril abr",
            "may mai maggio mag mayo maio",
            "jun june juni juin giugno giu junio junho",
            "jul july juli juillet juil luglio lug julio julho",
            "aug august août aout agosto ago",
            "sep sept september septembre settembre set septiembre setembro",
            "oct october oktober okt octobre ottobre ott octubre outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre déc dicembre dic diciembre dezembro",
        ),
        start=1,
    )
    for word in words.split()
}
# Zones as Amazon's pages print them. CST is left out: it is Chicago to some and Shanghai to others.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60,
    "CEST": 120, "MESZ": 120, "JST": 540, "AEST": 600, "AEDT": 660, "IST": 330,
    "PST": -480, "PDT": -420, "MST": -420, "MDT": -360, "CDT": -300, "EST": -300, "EDT": -240,
}  # fmt: skip

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$|(\d{4})(\d{2})(\d{2})$")
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[-./ ]*([^\W\d_]+)[-., ]*(\d{2}|\d{4})$")
_NAME_DAY_YEAR = re.compile(r"([^\W\d_]+)[-., ]*(\d{1,2})(?:st|nd|rd|th)?[-, ]+(\d{2}|\d{4})$")
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{1,2})$")
_TIME = re.compile(
    r"[T,\s]*(?:(?:\bat\b|\bum\b)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*([ap]\.?m\.?)?\s*(?:\(?([A-Za-z]{1,4})\)?|(?:UTC|GMT)?([+-]\d{2}):?(\d{2})?)?$",
    re.IGNORECASE,
)


def split_moment(text: str) -> tuple[str, int, int | None] | None:
    """
    A moment as its day's words, microseconds since midnight, and offset in minutes if given.

    >>> split_moment("2026-05-08T23:36:26+00:00"), split_moment("8.5.2026 11:36 PM")
    (('2026-05-08', 84986000000, 0), ('8.5.2026', 84960000000, None))
    >>> split_moment("2026-05-08 25:00") is None
    True
    """
    found = _TIME.search(text)
    if not found:
        return text, 0, None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * found[5].lower().startswith("p")
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = None
    if found[6]:
        if found[6].upper() not in _ZONES:
            return None
        offset = _ZONES[found[6].upper()]
    elif found[7]:
        hours, minutes = int(found[7]), int(found[8] or 0)
        if abs(hours) > 14 or minutes > 59:
            return None
        offset = hours * 60 + (-minutes if found[7].startswith("-") else minutes)
    micro = int((found[4] or "0").ljust(6, "0")[:6])
    return text[: found.start()], ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro, offset


def _make(year: str, month: int, day: int, *, two_digit_years: bool) -> date | str:
    if len(year) == 2:
        if not two_digit_years:
            return "two-digit-year"
        year = f"20{year}"
    if not _EARLIEST <= int(year) <= _LATEST:
        return "bad-date"
    try:
        return date(int(year), month, day)
    except ValueError:
        return "bad-date"


def _in_order(parts: tuple[str, str, str], order: str, *, two_digit_years: bool) -> date | str:
    at = {letter: parts[place] for place, letter in enumerate(order)}
    if len(at["m"]) > 2 or len(at["d"]) > 2 or len(at["y"]) not in (2, 4):
        return "bad-date"
    return _make(at["y"], int(at["m"]), int(at["d"]), two_digit_years=two_digit_years)


def _unmistakable(text: str, *, two_digit_years: bool) -> date | str | None:
    """The day if its form leaves no doubt about the order of its parts, else None."""
    if found := _YEAR_FIRST.match(text):
        year, month, day = (part for part in found.groups() if part)
    elif found := _CJK.match(text):
        year, month, day = found.groups()
    elif found := _DAY_NAME_YEAR.match(text):
        day, month, year = found.groups()
    elif found := _NAME_DAY_YEAR.match(text):
        month, day, year = found.groups()
    else:
        return None
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold(), 0)
    return _make(year, number, int(day), two_digit_years=two_digit_years)


def read_dates(
    texts: Sequence[str], order: str, *, two_digit_years: bool
) -> tuple[list[date | str], str | None]:
    """
    The day of each text, or the code of why it is none, and the order that fitted better.

    `order` is the marketplace's ("mdy", "dmy" or "ymd"). It gives way only to the one order that
    fits every numeric text of the column; that order is returned beside the days, else None.

    >>> read_dates(["8.5.26", "2026-05-09"], "dmy", two_digit_years=True)
    ([datetime.date(2026, 5, 8), datetime.date(2026, 5, 9)], None)
    >>> read_dates(["5/8/2026", "5/31/2026"], "dmy", two_digit_years=True)
    ([datetime.date(2026, 5, 8), datetime.date(2026, 5, 31)], 'mdy')
    >>> read_dates(["5/31/2026", "31/5/2026", "5/8/26", ""], "dmy", two_digit_years=False)
    (['bad-date', datetime.date(2026, 5, 31), 'two-digit-year', 'bad-date'], None)
    """
    days: list[date | str] = ["bad-date"] * len(texts)
    numeric: dict[int, tuple[str, str, str]] = {}
    for place, raw in enumerate(texts):
        text = raw.strip().rstrip(",")
        sure = _unmistakable(text, two_digit_years=two_digit_years)
        if sure is not None:
            days[place] = sure
        elif found := _NUMBERS.match(text):
            numeric[place] = (found[1], found[3], found[4])

    def fitted(order: str) -> list[date | str]:
        return [
            _in_order(parts, order, two_digit_years=two_digit_years) for parts in numeric.values()
        ]

    best, better = fitted(order), None
    if "bad-date" in best:
        others = [
            (other, tried)
            for other in ORDERS
            if other != order and "bad-date" not in (tried := fitted(other))
        ]
        if len(others) == 1:  # two that fit would be a guess
            better, best = others[0]
    for place, day in zip(numeric, best, strict=True):
        days[place] = day
    return days, better


_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_IN_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def read_fixed(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    ISO moments of one width, from their bytes: naive microseconds and which of them are valid.

    `cells` is n × 19 (no zone), n × 20 (Z) or n × 25 (an offset, which is taken off).
    """
    digit = cells - np.uint8(48)  # wraps round below "0", so one comparison finds every non-digit
    width = cells.shape[1]
    places = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]
    fixed = [(4, b"-"), (7, b"-"), (13, b":"), (16, b":")]
    if width == 25:
        places += [20, 21, 23, 24]
        fixed += [(22, b":")]
    if width == 20:
        fixed += [(19, b"Z")]
    valid = (cells[:, 10] == ord("T")) | (cells[:, 10] == ord(" "))
    valid &= (digit[:, places] <= 9).all(axis=1)
    for place, mark in fixed:
        valid &= cells[:, place] == ord(mark)

    def two(place: int) -> np.ndarray:
        return digit[:, place].astype(np.int32) * 10 + digit[:, place + 1]

    year, month, day = two(0) * 100 + two(2), two(5), two(8)
    hour, minute, second = two(11), two(14), two(17)
    valid &= (year >= _EARLIEST) & (year <= _LATEST) & (month >= 1) & (month <= 12)
    valid &= (hour <= 23) & (minute <= 59) & (second <= 59)
    month = np.where(valid, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    valid &= (day >= 1) & (day <= _IN_MONTH[month] + (leap & (month == 2)))
    before = year - 1
    days = (
        (year - 1970) * 365
        + (before // 4 - before // 100 + before // 400 - 477)
        + _BEFORE_MONTH[month]
        + (leap & (month > 2))
        + day
        - 1
    )
    seconds = days.astype(np.int64) * 86_400 + hour * 3_600 + minute * 60 + second
    if width == 25:
        sign = cells[:, 19]
        valid &= (sign == ord("+")) | (sign == ord("-"))
        shift = two(20) * 60 + two(23)
        valid &= shift <= 14 * 60
        seconds -= np.where(sign == ord("-"), -shift, shift) * 60
    return seconds * 1_000_000, valid


def to_utc(naive: np.ndarray, timezone: str) -> np.ndarray:
    """
    Wall-clock microseconds in `timezone` as UTC microseconds.

    The hour that comes twice in autumn is read as its first; the hour that never comes in spring is
    moved on to the next moment that exists.
    """
    if timezone == "UTC" or not len(naive):
        return naive
    local = pd.DatetimeIndex(naive.view("datetime64[us]")).tz_localize(
        timezone, ambiguous=np.ones(len(naive), bool), nonexistent="shift_forward"
    )
    found: np.ndarray = local.as_unit("us").asi8
    return found


def to_day(utc: np.ndarray, timezone: str) -> np.ndarray:
    """UTC microseconds as calendar days in `timezone`, midnight, `datetime64[s]`."""
    moments = utc.view("datetime64[us]")
    if timezone != "UTC" and len(moments):
        local = pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(timezone)
        moments = local.tz_localize(None).to_numpy()
    return moments.astype("datetime64[D]").astype("datetime64[s]")
