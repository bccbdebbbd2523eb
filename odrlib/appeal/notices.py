"""
Notices: what a message of Amazon's says about an appeal: which kind, what it wants, until when.

The parsed result holds codes, order ids and numbers, never names, addresses or the text itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odrlib.appeal.cells import Cell, asked_cells, topics_of
from odrlib.appeal.phrases import as_number, data, found, phrase, stands
from odrlib.appeal.reading import READABLE, text_of
from odrlib.appeal.wording import HAN, KANA, plain, units
from odrlib.finding import Finding
from odrlib.languages import tr

LANGUAGES = ("en", "de", "ja", "zh")
_ORDER = re.compile(r"(?<![\d-])\d{3} ?- ?\d{7} ?- ?\d{7}(?![\d-])")
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 3  # small words that a text must have before a language is said
Said = list[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Notice:
    """
    What a notice says.

    Parameters
    ----------
    patterns : which of the known notices it is, "N1" … "N11"; empty if none is recognised
    language : en, de, ja, zh; another code where the text is in a language without patterns; None
        if the text does not tell
    cells : (topic, section) pairs that are asked for; topics NR, DI, DP, CS, DQ, claims, feedback,
        chargebacks or "*", sections cause, action, prevention, evidence
    order_ids : order ids that it names
    days : days that it gives for the answer, hours rounded up; None if it names none
    final : no further answer is to be expected
    counts_in_odr : False where it says that the claim does not count; None if it does not say
    linked_account : another account has to be reactivated first
    findings : what the reader should know, for example that nothing was recognised
    """

    patterns: tuple[str, ...] = ()
    language: str | None = None
    cells: tuple[Cell, ...] = ()
    order_ids: tuple[str, ...] = ()
    days: int | None = None
    final: bool = False
    counts_in_odr: bool | None = None
    linked_account: bool = False
    findings: tuple[Finding, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The notice as JSON."""
        return {
            "patterns": list(self.patterns),
            "language": self.language,
            "cells": [list(cell) for cell in self.cells],
            "order_ids": list(self.order_ids),
            "days": self.days,
            "final": self.final,
            "counts_in_odr": self.counts_in_odr,
            "linked_account": self.linked_account,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def read_notice(notice: str | Path) -> Notice:
    """
    What a notice says, from its text or from a file (txt, eml, html, md, pdf, docx).

    >>> read_notice("We do not have enough information to reactivate your account.").patterns
    ('N2',)

    Parameters
    ----------
    notice : a path, the name of an existing file, or the text itself

    Raises
    ------
    BadParameter if the file does not exist or cannot be read
    """
    return _parsed(text_of(Path(notice)) if _is_path(notice) else str(notice))


def _is_path(notice: str | Path) -> bool:
    if isinstance(notice, Path):
        return True
    short = len(notice) < 1_000 and "\n" not in notice and bool(notice.strip())
    named = notice.strip().lower().endswith(READABLE) and not re.search(r"\s\S+\s", notice)
    return short and (named or _exists(notice))


def _exists(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _parsed(text: str) -> Notice:
    most = data()["limits"]["characters"]
    texts = _with_languages(list(dict.fromkeys(units(text[:most]))))
    about = _elsewhere(texts)
    hits = {} if about else _patterns(texts)
    rows = {name: data()["patterns"][name] for name in hits}
    days = None if about else _days(texts)
    return Notice(
        patterns=tuple(rows),
        language=_language(texts, hits),
        cells=tuple(_cells(texts, rows)),
        order_ids=tuple(dict.fromkeys(_order_ids(texts))),
        days=days,
        final=any(row.get("final", False) for row in rows.values()),
        counts_in_odr=False if any("counts_in_odr" in row for row in rows.values()) else None,
        linked_account=any(row.get("linked_account", False) for row in rows.values()),
        findings=tuple(_findings(texts, tuple(rows), about, len(text) > most)),
    )


def _with_languages(said: Sequence[str]) -> Said:
    """Each sentence with the languages that it may be in, by its script."""
    kana = any(KANA.search(text) for text in said)

    def languages(text: str) -> tuple[str, ...]:
        if KANA.search(text):
            return ("ja", "en")
        if HAN.search(text):
            return ("zh", "ja", "en") if kana else ("zh", "en")
        return ("en", "de")

    return [(text, languages(text)) for text in said]


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────


def _patterns(texts: Said) -> dict[str, dict[str, int]]:
    """Each pattern that stands in the text, with the number of sentences per language."""
    hits: dict[str, dict[str, int]] = {}
    for at, (text, languages) in enumerate(texts):
        after = texts[at + 1][0] if at + 1 < len(texts) else ""
        here = {
            (name, language)
            for name, row in data()["patterns"].items()
            for language in languages
            if _is(row, language, text, after)
        }
        names = {name for name, _ in here}
        for name, language in here:
            if names.isdisjoint(data()["patterns"][name].get("yields_to", ())):
                tally = hits.setdefault(name, {})
                tally[language] = tally.get(language, 0) + 1
    return {name: hits[name] for name in data()["patterns"] if name in hits}


def _is(row: dict[str, Any], language: str, text: str, after: str) -> bool:
    unless = row.get("unless", {}).get(language, ())
    matches = any(_stands(written, text, after) for written in row.get(language, ()))
    return matches and not stands(unless, text)


def _stands(written: str, text: str, after: str) -> bool:
    """Does a phrase stand in a sentence, or, beyond its ">>", in the next one too?"""
    here, _, there = written.partition(" >> ")
    if not phrase(here).find(text):
        return False
    return not there or bool(phrase(there).find(f"{text}\n{after}"))


def _elsewhere(texts: Said) -> str | None:
    """What the notice is about, if that is not the order defect rate or what buyers complain of."""
    if any(stands(data()["subject"]["phrases"], text) for text, _ in texts):
        return None
    if any(topics_of(text, languages) for text, languages in texts):
        return None
    for row in data()["elsewhere"]:
        if any(stands(row["phrases"], text) for text, _ in texts):
            return tr(row["about"])
    return None


def _cells(texts: Said, rows: dict[str, dict[str, Any]]) -> list[Cell]:
    own = [(topic, section) for row in rows.values() for topic, section in row.get("cells", ())]
    asked: list[Cell] = []
    if any(row.get("asks", False) for row in rows.values()):
        asked = asked_cells(texts, evidence=not own)
    return list(dict.fromkeys([*asked, *own]))


# ── language, orders, days ───────────────────────────────────────────────────────────────────────


def _language(texts: Said, hits: dict[str, dict[str, int]]) -> str | None:
    """The language of the sentences that were recognised; without any, of the whole text."""
    tally = {code: sum(one.get(code, 0) for one in hits.values()) for code in LANGUAGES}
    if any(tally.values()):
        return max(LANGUAGES, key=lambda code: tally[code])
    whole = " ".join(text for text, _ in texts)
    kana, han = len(KANA.findall(whole)), len(HAN.findall(whole))
    words = _WORD.findall(whole)
    if kana + han > len(words):
        return "ja" if kana * 5 > han else "zh"
    small = {
        code: sum(word in known for word in words)
        for code, listed in data()["languages"].items()
        for known in [frozenset(map(plain, listed))]
    }
    best = max(small, key=lambda code: small[code])
    return best if small[best] >= _FEW else None


def _order_ids(texts: Said) -> list[str]:
    return [found_.replace(" ", "") for text, _ in texts for found_ in _ORDER.findall(text)]


def _days(texts: Said) -> int | None:
    """The deadline that the notice sets: that of a sentence like N5's, else the first."""
    urgent, first = None, None
    row = data()["patterns"]["N5"]
    for text, languages in texts:
        for language in languages:
            if stands(data()["days"]["other"].get(language, ()), text):
                continue
            for place in found(data()["days"].get(language, ()), text)[:1]:
                days = _in_days(place.number, text[place.start : place.end])
                first = first if first is not None else days
                if urgent is None and _is(row, language, text, ""):
                    urgent = days
    return urgent if urgent is not None else first


def _in_days(number: str, span: str) -> int:
    count = as_number(number)
    if stands(data()["days"]["hours"], span):
        return math.ceil(count / 24)
    return 7 * count if stands(data()["days"]["weeks"], span) else count


# ── what the reader should know ──────────────────────────────────────────────────────────────────


def _findings(
    texts: Said, patterns: tuple[str, ...], about: str | None, cut: bool
) -> list[Finding]:
    findings = []
    if about:
        findings.append(
            Finding(
                "notice-about-something-else",
                "warning",
                tr("The notice speaks of {about}, not of the order defect rate.", about=about),
                tr("Answer it as what it is; a plan about order defects does not fit."),
            )
        )
    elif not patterns:
        findings.append(
            Finding(
                "notice-not-recognised",
                "warning",
                tr(
                    "None of the known notices is in this text; nothing can be said of "
                    "what it asks."
                ),
                tr("Read it yourself, or paste the whole message as Amazon sent it."),
            )
        )
    elif not _cells(texts, {name: data()["patterns"][name] for name in patterns}) and any(
        data()["patterns"][name].get("asks", False) for name in patterns
    ):
        findings.append(
            Finding(
                "notice-names-no-part",
                "information",
                tr("The notice asks for a plan and names no part of it."),
                tr("Answer with all three parts for every cause."),
            )
        )
    if cut:
        findings.append(
            Finding(
                "notice-cut",
                "warning",
                tr(
                    "Only the first {characters:,} characters were read.",
                    characters=data()["limits"]["characters"],
                ),
                tr("Paste the message alone, without what stands below it."),
            )
        )
    return findings
