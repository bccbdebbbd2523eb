"""Moments: the dates and times that stand in a text, each with the days that it may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from odrlib.exports.dates import read_dates, split_moment

_DATE = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?[ -]{0,2}[^\W\d_]{3,9}\.?,?[ -]{1,2}\d{4}"
    r"|[^\W\d_]{3,9}\.?[ -]{1,2}\d{1,2}(?:st|nd|rd|th)?,?[ -]{1,2}\d{4}"
    r"|\d{1,2}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{4}"
)
_TIME = (
    r"[T, ]{0,3}(?:at |um )?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:Z|UTC|GMT|W?EST|BST|CES?T|MES?Z|JST|IST|AE[SD]T|[PM][SD]T|[EC]DT)(?![a-z])|\s?[+-]\d{2}:?\d{2})?"
)
_MOMENT = re.compile(rf"(?<![\d/.-])(?P<date>{_DATE})(?!\d)(?P<time>(?:{_TIME})?)", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|\.(?=\s?[^\W\d_]))", re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """
    A date in a text, with its time if one stands beside it.

    Parameters
    ----------
    start, end : its place in the text
    days : the days that it may mean: two where 03/04/2026 does not tell
    seconds : since midnight; None without a time
    offset : minutes from UTC; None if the text does not tell
    """

    start: int
    end: int
    days: tuple[date, ...]
    seconds: float | None = None
    offset: int | None = None

    @property
    def day(self) -> date:
        """The likeliest day: in the order of parts of the marketplace."""
        return self.days[0]

    @property
    def clock(self) -> datetime | None:
        """The moment as its clock shows it, or in UTC if the text tells the offset."""
        if self.seconds is None:
            return None
        naive = datetime.combine(self.day, datetime.min.time()) + timedelta(seconds=self.seconds)
        return naive - timedelta(minutes=self.offset or 0)


def moments(text: str, order: str = "mdy") -> list[Moment]:
    """
    The dates in a text, from left to right.

    Parameters
    ----------
    order : of day, month and year in numeric dates of the marketplace: "mdy", "dmy" or "ymd"

    >>> [found.day.isoformat() for found in moments("on 3 May 2026 and 2026年5月4日, not 1.2.3")]
    ['2026-05-03', '2026-05-04']
    >>> [day.isoformat() for day in moments("03/04/2026 18:30", "dmy")[0].days]
    ['2026-04-03', '2026-03-04']
    >>> moments("10/15/2026, 2:05 PM")[0].clock.isoformat()
    '2026-10-15T14:05:00'
    """
    found = []
    for hit in _MOMENT.finditer(text):
        days = _days(_ORDINAL.sub("", hit["date"]), order)
        if not days:
            continue
        time = hit["time"].lstrip("T, t")
        parts = split_moment(f"2026-01-01 {time}") if time else None
        seconds = parts[1] / 1_000_000 if parts else None
        end = hit.end() if parts else hit.end("date")
        found.append(Moment(hit.start(), end, days, seconds, parts[2] if parts else None))
    return found


def _days(text: str, order: str) -> tuple[date, ...]:
    """The days a text may mean, that of the marketplace's order first."""
    orders = (order, *(other for other in ("mdy", "dmy") if other != order))
    read = (read_dates([text], one, two_digit_years=False)[0][0] for one in orders)
    return tuple(dict.fromkeys(day for day in read if isinstance(day, date)))
