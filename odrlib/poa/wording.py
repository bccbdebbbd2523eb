"""Wording: blame, excuses, vague and emotional words, and phrases that every template has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odrlib.finding import Finding, Level
from odrlib.languages import mark, tr
from odrlib.poa.language import catalogue
from odrlib.poa.statements import Judged

if TYPE_CHECKING:
    from odrlib.poa.check import Reading

RULES: tuple[tuple[str, str, Level, str, str], ...] = (
    ("vague", "poa-vague", "warning", mark("{words!r} says nothing that can be verified."),
     mark("Say what, who, when and how often.")),
    ("emotional", "poa-emotional", "warning", mark("{words!r} is emotional."),
     mark("Leave it out; facts first.")),
    ("ends", "poa-cause-ends-outside", "error",
     mark("{words!r} ends the cause at a person or a symptom."),
     mark("Go on asking why until the answer is a rule, setting or step of yours.")),
)  # fmt: skip


def wording_findings(reading: Reading) -> Iterator[Finding]:
    """What the words of a plan give away."""
    for one in reading.judged:
        if one.passage.kind in ("row", "head"):
            continue
        # A product's or store's name may hold any word.
        text = _without_names(reading, one.text)
        for name, code, level, what, to_do in RULES:
            for match in reading.cues.all(name, text):
                place = reading.place(one.passage, one.start + match.start(), match[0])
                yield Finding(code, level, tr(what, words=match[0]), tr(to_do), place)
        yield from _blame(reading, one, text)
        yield from _templates(reading, one, text)
    yield from _apology(reading)


def _without_names(reading: Reading, text: str) -> str:
    for name in (reading.known.store.settings.name, *(m.what for m in reading.known.measures)):
        if name:
            text = re.sub(
                re.escape(name), lambda match: " " * len(match[0]), text, flags=re.IGNORECASE
            )
    return text


def _blame(reading: Reading, one: Judged, text: str) -> Iterator[Finding]:
    for match in reading.cues.all("blame", text):
        if _decided(reading, one):
            continue
        yield Finding(
            "poa-blame",
            "error",
            tr("{words!r} blames somebody without a decision of Amazon's.", words=match[0]),
            tr("Take it out, or name the order and attach the decision on its claim."),
            reading.place(one.passage, one.start + match.start(), match[0]),
        )


def _decided(reading: Reading, one: Judged) -> bool:
    """Does the paragraph name an order whose claim Amazon decided for the seller, and say so?"""
    claims = reading.known.store.claims
    if claims is None or not reading.cues.says("decision", one.passage.text):
        return False
    named = set(re.findall(r"\d{3}-\d{7}-\d{7}", one.passage.text))
    won = claims["decided_on"].notna() & claims["charged_to"].isin(["amazon", "none"])
    return bool(named & set(claims.loc[won, "order_id"]))


def _templates(reading: Reading, one: Judged, text: str) -> Iterator[Finding]:
    plain = _plain(text)
    for phrase in catalogue(f"cues/{reading.cues.code}")["templates"]["phrases"]:
        if _plain(phrase) in plain:
            yield Finding(
                "poa-template-phrase",
                "warning",
                tr("{phrase!r} stands in many templates.", phrase=phrase),
                tr("Say it with this store's own facts, or leave it out."),
                reading.place(one.passage, one.start, phrase),
            )


def _plain(text: str) -> str:
    """Letters only, in lower case, so that commas and line ends make no difference."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def _apology(reading: Reading) -> Iterator[Finding]:
    """Sorry, and nothing done: no dated sentence among the corrective actions."""
    done = any(
        one.passage.part == "corrective"
        and one.values("date")
        and not reading.cues.future(one.text)
        for one in reading.judged
    )
    said = next((one for one in reading.judged if reading.cues.says("apology", one.text)), None)
    if said is not None and not done:
        yield Finding(
            "poa-apology-only",
            "error",
            tr("The plan apologises and tells no dated action that was taken."),
            tr("Say what was done, when, and what shows it."),
            reading.place(said.passage, said.start, said.text.strip()[:80]),
        )
