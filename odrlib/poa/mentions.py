"""
Mentions: what a passage says that can be true or false: ids, days, shares, numbers, carriers, SKUs.

What only looks like a number is left out: numbers of lists, headings and appendices, versions,
articles of law, names of files, and numbers inside the names of products.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from odrlib import policy
from odrlib.poa.cues import CJK, Cues
from odrlib.poa.days import find_days
from odrlib.poa.known import Known

Kind = Literal["number", "date", "order_id", "sku", "carrier", "percentage"]

HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
ORDER = re.compile(r"(?<![\w-])(?:\d{2,4}|S0[12])-\d{6,8}-\d{6,8}(?![\w-])", re.ASCII)
WHOLE_ORDER = re.compile(r"(?:\d{3}|S0[12])-\d{7}-\d{7}")
FILE = re.compile(
    r"[\w.\-]*[\w\-]\.(?:pdf|png|jpe?g|txt|xlsx?|csv|docx?|eml|zip|html?|md)\b", re.IGNORECASE
)
LINK = re.compile(
    r"https?://\S+|\b[\w.+-]+@[\w-]+\.\w+|\b(?:www\.)?amazon\.(?:co\.|com\.)?\w{2,3}\b",
    re.IGNORECASE,
)
CODE = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[A-Za-z])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*"
)
UNIT = re.compile(
    r"(\d+)-?(?:h|hrs?|days?|d|hours?|weeks?|months?|stars?|tage?n?|tägig\w*|stunden|jours?|ore|horas?|giorni|días?|%)",
    re.IGNORECASE,
)
ASIN = re.compile(r"B0[A-Z0-9]{8}")
# Parts of text whose numbers say nothing about the store.
NO_CLAIM = re.compile(
    r"\b(?:arts?|artt|artikeln?|articles?|abs|section|sec|§§?)\.?\s*"
    r"\d+(?:\s*(?:,|und|and|et|e|y|/)\s*\d+)*"
    r"|\b(?:appendix|annex|exhibit|attachment|table|figure|page|step|version|v|no|nr|anlage|anhang"
    r"|tabelle|seite|schritt|annexe|tableau|étape|allegato|tabella|fase|anexo|tabla|paso|n°|nº"
    r"|root cause|cause|ursache|causa|issue|problem|#)\.?\s*#?\d+(?:\.\d+)*"
    r"|(?:別紙|付録|表|図|手順|資料|原因|根本原因|附录|附件|步骤|原因|第)\s*\d+"
    r"|\b24\s*/\s*7\b|\bISO\s?\d+\b|\b5 whys\b|§\s*\d+|\b[A-Z]\d{1,3}\b",
    re.IGNORECASE,
)
DIGITS = re.compile(
    r"(?<![A-Za-z0-9_.,/])(?<!\d-)"
    r"(?:\d{1,3}(?:[.,'\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?)"
    r"(?![A-Za-z0-9_])"
)
AFTER_DASH = re.compile(r"(?<=\d-)\d+(?![\w-])")
PERCENT = re.compile(
    r"\s*(?:%|％|percent\b|per cent\b|prozent\b|pour cent\b|per cento\b|por ciento\b|パーセント)",
    re.IGNORECASE,
)
THOUSANDS = {"en": ",", "ja": ",", "zh": ",", "de": ".", "it": ".", "es": "."}


@dataclass(frozen=True)
class Mention:
    """
    One checkable thing in a passage.

    Parameters
    ----------
    start, end : where it stands in the passage's text
    value : an order id, SKU or carrier as the tables have it (None if they do not), a day or
        `(year, month)`, a number
    decimals : of a number or percentage as it was written
    """

    text: str
    kind: Kind
    start: int
    end: int
    value: Any
    decimals: int = 0


def mentions(text: str, known: Known, cues: Cues, numbered: bool = False) -> list[Mention]:
    """
    The mentions of a passage in order.

    Parameters
    ----------
    numbered : the text is a heading, whose first number is that of the heading
    """
    reader = _Reader(text.translate(HYPHENS), known, cues)
    reader.hide(LINK)
    reader.hide(FILE)
    if numbered:
        reader.hide(re.compile(r"^\s*\d+(?:\.\d+)*[.)]?\s"))
    reader.hide_names()
    reader.orders()
    reader.days()
    reader.codes()
    reader.hide(NO_CLAIM)
    reader.carriers()
    reader.numbers()
    found = sorted(reader.found, key=lambda one: one.start)
    return [_as_written(one, text) for one in found]


def _as_written(one: Mention, text: str) -> Mention:
    return Mention(text[one.start : one.end], one.kind, one.start, one.end, one.value, one.decimals)


class _Reader:
    """Reads one text; what was read is blanked, so that nothing is read twice."""

    def __init__(self, text: str, known: Known, cues: Cues) -> None:
        self.text, self.known, self.cues = text, known, cues
        self.found: list[Mention] = []

    def _blank(self, start: int, end: int) -> None:
        # A letter, not a blank: numbers beside it stay apart, and words keep their distance.
        self.text = self.text[:start] + "\u00b7" * (end - start) + self.text[end:]

    def _add(self, kind: Kind, start: int, end: int, value: Any, decimals: int = 0) -> None:
        self.found.append(Mention("", kind, start, end, value, decimals))
        self._blank(start, end)

    def hide(self, pattern: re.Pattern[str]) -> None:
        for match in [*pattern.finditer(self.text)]:
            self._blank(*match.span())

    def hide_names(self) -> None:
        """Numbers inside the store's name, and inside names of its products."""
        pattern = _hidden(self.known.names)
        if pattern is not None:
            self.hide(pattern)

    def orders(self) -> None:
        for match in [*ORDER.finditer(self.text)]:
            value = match[0] if WHOLE_ORDER.fullmatch(match[0]) else None
            self._add("order_id", *match.span(), value)

    def days(self) -> None:
        site = policy.MARKETPLACES[self.known.store.settings.marketplace]
        for start, end, value in find_days(self.text, site["feedback_date"]):
            self._add("date", start, end, value)

    def codes(self) -> None:
        """SKUs and ASINs of the store, and tokens of their shape; other codes are hidden."""
        odd, shapes = sku_forms(self.known.skus)
        if odd is not None:
            for match in [*odd.finditer(self.text)]:
                self._add("sku", *match.span(), match[0])
        for match in [*CODE.finditer(self.text)]:
            token = match[0]
            if UNIT.fullmatch(token):
                continue
            if token in self.known.skus:
                self._add("sku", *match.span(), token)
            elif ASIN.fullmatch(token) or (shape(token) in shapes and len(token) > 3):
                self._add("sku", *match.span(), None)
            else:
                self._blank(*match.span())

    def carriers(self) -> None:
        """Carriers of the store, and every other carrier that we know by name."""
        mine = self.known.entities.get("carrier", {})
        names = {**_all_carriers(), **mine}
        for pattern in _carriers(tuple(sorted(names))):
            for match in [*pattern.finditer(self.text)]:
                self._add("carrier", *match.span(), names[match[0].casefold()])

    def numbers(self) -> None:
        for match in [*DIGITS.finditer(self.text), *AFTER_DASH.finditer(self.text)]:
            start, end = match.span()
            value, decimals = number_in(match[0], self.cues.code)
            share = PERCENT.match(self.text, end)
            if share:
                self._add("percentage", start, share.end(), value, decimals)
            elif not _is_year(match[0], self.text, start, end):
                self._add("number", start, end, value, decimals)
        for match in [*UNIT.finditer(self.text)]:
            if self.text[match.start() - 1 : match.start()] not in ("", " ", "(", "\u00b7", "-"):
                continue
            self._add("number", match.start(1), match.end(1), float(match[1]))
        for word, value in self.cues.numbers.items():
            for match in [*re.finditer(rf"\b{word}\b", self.text, re.IGNORECASE)]:
                if self._counts_defects(match.end()):
                    self._add("number", *match.span(), float(value))

    def _counts_defects(self, end: int) -> bool:
        """Is a number word followed by what a rate is made of? Others are seldom claims."""
        noun = self.cues.nouns.match(self.text[end:].lstrip())
        return noun is not None and noun.lastgroup in (
            "claim", "chargeback", "negative_feedback", "defective", "orders",
        )  # fmt: skip


def number_in(text: str, code: str) -> tuple[float, int]:
    """
    A number as that language writes it, and how many decimals it has.

    >>> number_in("1.234", "de"), number_in("1,44", "de"), number_in("7,317", "en")
    ((1234.0, 0), (1.44, 2), (7317.0, 0))
    >>> number_in("0,5", "en"), number_in("1\u202f234,5", "fr")
    ((0.5, 1), (1234.5, 1))
    """
    plain = re.sub(r"['\u00a0\u202f\u2009 ]", "", text)
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return float(plain), 0
    group = THOUSANDS.get(code, "")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain)
    if grouped and (set(marks) == {group} or len(marks) > 1):
        return float(re.sub(r"[.,]", "", plain)), 0
    whole, _, part = plain.rpartition(marks[-1])
    return float(re.sub(r"[.,]", "", whole) + "." + part), len(part)


def _is_year(text: str, whole: str, start: int, end: int) -> bool:
    """A bare year, as in "our 2026 review"; not "2026 orders"."""
    if not re.fullmatch(r"20[12]\d", text):
        return False
    return not re.match(
        r"\s*(?:orders|bestellungen|件|单|commandes|ordini|pedidos)", whole[end:], re.IGNORECASE
    )


def shape(token: str) -> str:
    """
    Letters as A, digits as 9: the form of a code.

    >>> shape("KB-CHOP-02")
    'AA-AAAA-99'
    """
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", token))


@cache
def sku_forms(skus: frozenset[str]) -> tuple[re.Pattern[str] | None, frozenset[str]]:
    """A pattern of the SKUs that are no codes by their form, and the forms of the others."""
    # A SKU of small letters only is more often a word.
    odd = sorted(
        (
            name
            for name in skus
            if not CODE.fullmatch(name) and (name.isupper() or not name.isalpha())
        ),
        key=lambda one: (-len(one), one),
    )
    whole = "|".join(map(re.escape, odd))
    pattern = re.compile(rf"(?<![\w-])(?:{whole})(?![\w-])") if odd else None
    return pattern, frozenset(shape(name) for name in skus if CODE.fullmatch(name))


@cache
def _hidden(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all names, the longest first."""
    whole = "|".join(re.escape(name) for name in names)
    return re.compile(whole, re.IGNORECASE) if whole else None


@cache
def _carriers(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """
    One pattern for the spellings that are names in capitals only, one for the rest.

    A short Latin name is only a name as it is written in capitals: "ups" and "sf" are words.
    """
    ordered = sorted(names, key=lambda one: (-len(one), one))
    asian = [one for one in ordered if re.search(f"[{CJK}]", one)]
    latin = [one for one in ordered if not re.search(f"[{CJK}]", one)]
    short = [re.escape(one.upper()) for one in latin if len(one) <= 4]
    long = [re.escape(one) for one in latin if len(one) > 4]
    edges = r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])"
    patterns = [re.compile(edges.format("|".join(long)), re.IGNORECASE)] if long else []
    patterns += [re.compile(edges.format("|".join(short)))] if short else []
    patterns += [re.compile("|".join(map(re.escape, asian)))] if asian else []
    return tuple(patterns)


@cache
def _all_carriers() -> dict[str, str]:
    """Every spelling in policy/tracking.toml that is a name and no word, with the carrier."""
    return {
        spelling.casefold(): name
        for name, spellings in policy.table("tracking")["carrier_names"].items()
        for spelling in (name, *spellings)
        if len(spelling) >= 3 and not spelling.casefold().startswith(("amazon", "amzn"))
    }
