"""
Shows: what a file's text shows, as facts and never as text.

Buyers' names and addresses stand in these files: whether there is one is a fact, which one is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from odrlib import policy
from odrlib.evidence import rules
from odrlib.evidence.moments import Moment, moments
from odrlib.exports.cells import parse_money

_LINE = 1_000  # letters of a line that are looked at; longer ones are cut into pieces
_ORDER_ID = re.compile(
    r"(?<![\d-])(\d{3}|s0[12])[- ]{0,3}-[- ]{0,3}(\d{7})[- ]{0,3}-[- ]{0,3}(\d{7})(?!\d)"
)
_DIGITS = re.compile(r"(?<![a-z0-9])\d(?:[ -]?\d){9,33}(?![a-z0-9])")
_TOKEN = re.compile(r"(?<![0-9a-z])[0-9a-z]{8,40}(?![0-9a-z])")
_S10 = re.compile(r"(?<![a-z0-9])[a-z]{2}[ -]?(?:\d[ -]?){9}[a-z]{2}(?![a-z0-9])")
_UPS = re.compile(r"(?<![a-z0-9])1z(?:[ -]?[a-z0-9]){16}(?![a-z0-9])")
_FORMS = (_UPS, _S10, _DIGITS, _TOKEN)
_BETWEEN = re.compile(r"(?:[\s:：#.=|-]|\b(?:no|number|nr|id|is|was)\b){0,12}")
_SIGNS = {"$": "", "us$": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "usd": "USD",
          "cad": "CAD", "aud": "AUD", "jpy": "JPY", "円": "JPY", "yen": "JPY", "cny": "CNY",
          "rmb": "CNY", "元": "CNY", "inr": "INR", "aed": "AED", "sar": "SAR", "mxn": "MXN",
          "sek": "SEK", "pln": "PLN", "¥": "", "￥": ""}  # fmt: skip
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3}){0,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<before>{_SIGN})\s{{0,2}}(?P<one>{_NUMBER})(?![\d.,]*\d)"
    rf"|(?<![\d.,-])(?P<two>{_NUMBER})\s{{0,2}}(?P<after>{_SIGN})"
    rf"|(?<![\d.,/:-])(?P<bare>\d{{1,6}}(?:[.,]\d{{3}}){{0,2}}[.,]\d{{2}})(?![\d.,/:-]*\d)"
)
_VALUE = re.compile(r"[\s:：;,.#=-]{0,6}(.{0,60})", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
NEAR_BEFORE, NEAR_AFTER = 25, 60  # letters between a word and the date that belongs to it


@dataclass(frozen=True)
class Turn:
    """One message of a thread in a file, by buyer, seller or automatic; `at` may be unknown."""

    who: str
    day: date
    at: datetime | None


@dataclass(frozen=True)
class Shows:
    """
    What a text shows.

    Parameters
    ----------
    order_ids : order ids in it
    numbers : what could be a tracking number, upper case without blanks
    labelled : those of them that the text calls a tracking number
    delivered : the days that it may give for the delivery, one tuple per place
    signed : True, False ("no signature"), or None if it says nothing
    address : it has an address, or a part of one
    money : amounts with their currency ("" if the sign does not tell)
    refunded : days that stand beside a word for refund
    statement, protected : words of a carrier's statement, of a Claims Protected label
    turns : the messages of a thread
    days : every day in it
    """

    order_ids: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    labelled: frozenset[str] = frozenset()
    delivered: tuple[tuple[date, ...], ...] = ()
    signed: bool | None = None
    address: bool = False
    money: tuple[tuple[float, str], ...] = ()
    refunded: tuple[tuple[date, ...], ...] = ()
    statement: bool = False
    protected: bool = False
    turns: tuple[Turn, ...] = ()
    days: frozenset[date] = frozenset()


def read_shows(text: str, marketplace: str = "US") -> Shows:
    """
    What a text shows.

    >>> shown = read_shows("Tracking number RB 123 456 785 GB, delivered 3 May 2026, signed by A.")
    >>> sorted(shown.labelled), shown.delivered[0][0].isoformat(), shown.signed, shown.address
    (['RB123456785GB'], '2026-05-03', True, False)
    """
    site = policy.MARKETPLACES.get(marketplace, {})
    order = site.get("feedback_date", "dmy")
    plain = rules.plain(text)
    lines = [line for whole in plain.splitlines() for line in _pieces(whole)]
    dated = [(line, moments(line, order)) for line in lines]
    numbers, labelled = _numbers([_without_dates(line, days) for line, days in dated])
    return Shows(
        order_ids=order_ids(plain),
        numbers=numbers,
        labelled=labelled,
        delivered=tuple(_delivered(dated)),
        signed=_signed(lines),
        address=_address(lines),
        money=tuple(_money(lines, site.get("decimal", "."))),
        refunded=tuple(
            found.days
            for line, days in dated
            for found in days
            if rules.words("remedy_kinds", "refund").search(line)
        ),
        statement=bool(rules.words("statement", "words").search(plain)),
        protected=bool(rules.words("protected", "words").search(plain)),
        turns=tuple(_turns(dated)),
        days=frozenset(found.day for _, days in dated for found in days),
    )


def _without_dates(line: str, days: list[Moment]) -> str:
    """The line with blanks in place of its dates and order ids, whose digits are no numbers."""
    for found in days:
        line = line[: found.start] + " " * (found.end - found.start) + line[found.end :]
    return _ORDER_ID.sub(lambda hit: " " * len(hit[0]), line)


def _pieces(line: str) -> list[str]:
    line = line.strip()
    return [line[at : at + _LINE] for at in range(0, len(line), _LINE)]


def order_ids(text: str) -> frozenset[str]:
    """
    The order ids in a text or file name.

    >>> sorted(order_ids("order 114-1234567 - 1234567, S01-1234567-1234567"))
    ['114-1234567-1234567', 'S01-1234567-1234567']
    """
    plain = rules.plain(text).replace("_", " ")
    return frozenset("-".join(hit.groups()).upper() for hit in _ORDER_ID.finditer(plain))


def squashed(number: str) -> str:
    """A tracking number without the blanks and hyphens that people put in."""
    return re.sub(r"[\s.-]+", "", rules.plain(number)).upper()


def _numbers(lines: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What could be a tracking number, and what the text itself calls one."""
    every: set[str] = set()
    labelled: set[str] = set()
    waiting = False  # the line before ended with a label and nothing behind it
    for line in lines:
        hits = [(hit.start(), squashed(hit[0])) for form in _FORMS for hit in form.finditer(line)]
        hits = [(at, number) for at, number in hits if sum(map(str.isdigit, number)) >= 5]
        every.update(number for _, number in hits)
        labels = [label.end() for label in rules.words("number_labels", "words").finditer(line)]
        for at, number in hits:
            behind = any(end <= at and _BETWEEN.fullmatch(line, end, at) for end in labels)
            if behind or (waiting and not line[:at].strip()):
                labelled.add(number)
        waiting = any(_BETWEEN.fullmatch(line, end) for end in labels)
    return frozenset(every), _longest(labelled)


def _longest(numbers: set[str]) -> frozenset[str]:
    """Without those that are only the first groups of a longer one."""
    return frozenset(
        number
        for number in numbers
        if not any(other != number and other.startswith(number) for other in numbers)
    )


def _delivered(dated: list[tuple[str, list[Moment]]]) -> list[tuple[date, ...]]:
    """The days beside each word for delivered, unless the words before it say: not yet."""
    found = []
    for at, (line, days) in enumerate(dated):
        for hit in rules.words("delivered", "words").finditer(line):
            before = line[max(0, hit.start() - NEAR_BEFORE) : hit.start()]
            if rules.words("delivered", "not_yet").search(before):
                continue
            near = [
                day
                for moment in days
                if -NEAR_BEFORE <= moment.end - hit.start() <= 0
                or 0 <= moment.start - hit.end() <= NEAR_AFTER
                for day in moment.days
            ]
            if not days and at + 1 < len(dated) and dated[at + 1][1]:
                # A table may put the value below its heading.
                first = dated[at + 1][1][0]
                near = list(first.days) if first.start <= NEAR_BEFORE else []
            if near:
                found.append(tuple(dict.fromkeys(near)))
    return found


def _signed(lines: list[str]) -> bool | None:
    """Does the text name who signed, or say that nobody did?"""
    said: bool | None = None
    for at, line in enumerate(lines):
        if rules.words("no_signature", "words").search(line):
            said = False
        for hit in rules.words("signature", "words").finditer(line):
            value = _value(line, hit.end())
            if not value and at + 1 < len(lines) and not re.search("[:：]", lines[at + 1]):
                value = lines[at + 1][:60]
            none = rules.words("signature", "none").match(value)
            if none or rules.words("no_signature", "words").search(line):
                said = False
            elif _LETTER.search(value):
                return True
    return said


def _address(lines: list[str]) -> bool:
    """Is there an address: a form of one, or something behind a label of one?"""
    for at, line in enumerate(lines):
        if any(form.search(line) for form in _forms()):
            return True
        for hit in rules.words("address", "labels").finditer(line):
            value = _value(line, hit.end())
            if not value and at + 1 < len(lines):
                value = lines[at + 1][:60]
            # "Delivered to front door" names no address: one has a number, or is long and divided.
            if len(value) >= 6 and (
                re.search(r"\d", value) or re.search(r".{3,}[,、,].{3,}", value)
            ):
                return True
            if len(value) >= 5 and not value.isascii() and re.search(r"[市区県省町村]", value):
                return True
    return False


def _value(line: str, start: int) -> str:
    """What follows a label, up to sixty letters of it."""
    hit = _VALUE.match(line, start)
    return hit[1].strip() if hit else ""


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form) for form in rules.data("cues")["address"]["forms"])


def _money(lines: list[str], decimal: str) -> list[tuple[float, str]]:
    found = []
    for line in lines:
        for hit in _MONEY.finditer(line):
            sign = hit["before"] or hit["after"] or ""
            try:
                amount = parse_money(
                    (hit["one"] or hit["two"] or hit["bare"]).replace("'", ""), decimal
                )
            except ValueError:
                continue
            found.append((amount, _SIGNS.get(sign, "")))
    return found


def _turns(dated: list[tuple[str, list[Moment]]]) -> list[Turn]:
    """Lines such as "2026-05-03 14:00 buyer: …": who wrote, and when."""
    found = []
    for line, days in dated:
        if not days or days[0].start > 60:
            continue
        head = line[: days[0].start] + " " + line[days[0].end : days[0].end + 40]
        who = speaker(head.split(":")[0] if ":" in head else head)
        if who:
            found.append(Turn(who, days[0].day, days[0].clock))
    return found


def speaker(words: str) -> str:
    """
    Who is meant: "buyer", "seller", "automatic"; "" if none of them is named.

    >>> speaker("Buyer"), speaker("auto-reply of the seller"), speaker("carrier")
    ('buyer', 'automatic', '')
    """
    plain = rules.plain(words)
    for who in ("automatic", "buyer", "seller"):
        if rules.words("speakers", who).search(plain):
            return who
    return ""
