"""Faults that creep into a plan: one at a time, each a small change of its text, from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from odrlib.facts import Facts
from odrlib.poa.known import Known

ORDER = re.compile(r"\d{3}-\d{7}-\d{7}")
DAY = {
    "en": re.compile(r"\b(\d{1,2}) (?=[A-Z][a-z]+ 20\d\d)"),
    "de": re.compile(r"\b(\d{1,2})\. (?=[A-ZÄ][a-zä]+ 20\d\d)"),
    "ja": re.compile(r"(\d{1,2})日(?!間)"),
}
# Numbers that are claims: not in ids, dates, names of files, headings or lists.
NUMBER = re.compile(r"(?<![\w.,/\-])\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?![\w\-/])")
# Done, and how it reads when it is only promised.
PROMISED = {
    "en": (("On ", "this was done", "this will be done"),),
    "de": (("Am ", "wurde Folgendes erledigt", "wird Folgendes erledigt"),),
    "ja": (("", "に実施しました", "に実施します"),),
}

Fault = Callable[[str, random.Random, str, Known, Known], str | None]


def digit(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """One digit of one number that is a claim is another."""
    places = []
    for line in re.finditer(r"^.*$", text, re.MULTILINE):
        said = line[0]
        if said.startswith(("#", "| ---")):
            continue
        hidden = ORDER.sub(lambda m: "x" * len(m[0]), said)
        hidden = re.sub(r"[\w-]+\.(?:pdf|txt)|A-to-z|M\d|[KV]\d", lambda m: "x" * len(m[0]), hidden)
        for pattern in DAY.values():
            hidden = pattern.sub(lambda m: "x" * len(m[0]), hidden)
        hidden = re.sub(r"20\d\d年?|\d+月", lambda m: "x" * len(m[0]), hidden)
        hidden = re.sub(r"x+ ?[A-ZÄ][a-zä]+ ?x+", lambda m: "x" * len(m[0]), hidden)
        found = (
            NUMBER.finditer(hidden)
            if code != "ja"
            else re.finditer(r"(?<![\w.,\-])(?<!R)\d[\d,.]*(?=件|日間|時間|%|\s|\|)", hidden)
        )
        places += [(line.start() + m.start(), line.start() + m.end()) for m in found]
    return _other_digit(text, draw, places)


def _other_digit(text: str, draw: random.Random, places: list[tuple[int, int]]) -> str | None:
    if not places:
        return None
    start, end = draw.choice(places)
    spots = [place for place in range(start, end) if text[place].isdigit()]
    place = draw.choice(spots)
    first = place == spots[0] and len(spots) > 1
    digits = [d for d in "0123456789"[1 if first else 0 :] if d != text[place]]
    return text[:place] + draw.choice(digits) + text[place + 1 :]


def day(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """The day of one date is another."""
    found = list(DAY[code].finditer(text))
    if not found:
        return None
    match = draw.choice(found)
    days = [str(d) for d in range(1, 29) if str(d) != match[1]]
    return text[: match.start(1)] + draw.choice(days) + text[match.end(1) :]


def dropped(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """One order is nowhere in the plan any more."""
    gone = draw.choice(own.defective_ids)
    return "\n".join(line for line in text.split("\n") if gone not in line)


def order_digit(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """One digit of one order id is another."""
    return _other_digit(text, draw, [match.span() for match in ORDER.finditer(text)])


def store_name(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """The plan bears another store's name or id."""
    mine, theirs = own.store.settings, other.store.settings
    pairs = [(mine.name, theirs.name), (mine.id, theirs.id), (mine.seller_id, theirs.seller_id)]
    pairs = [pair for pair in pairs if pair[0] in text]
    return text.replace(*draw.choice(pairs), 1) if pairs else None


def tense(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """What was done is told as something that will be."""
    for _, done, promised in PROMISED[code]:
        places = [match.start() for match in re.finditer(done, text)]
        if places:
            place = draw.choice(places)
            return text[:place] + promised + text[place + len(done) :]
    return None


def carrier(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """One carrier is another, of the same store or of none."""
    names = sorted(set(own.entities["carrier"].values()))
    found = [match for name in names for match in re.finditer(re.escape(name), text)]
    if not found:
        return None
    match = draw.choice(found)
    others = [name for name in (*names, "FedEx", "DPD", "Royal Mail") if name != match[0]]
    return text[: match.start()] + draw.choice(others) + text[match.end() :]


def product(text: str, draw: random.Random, code: str, own: Known, other: Known) -> str | None:
    """One SKU is another of the same store."""
    names = sorted(set(own.entities["sku"].values()))
    found = [match for name in names for match in re.finditer(re.escape(name), text)]
    if not found:
        return None
    match = draw.choice(found)
    names = [name for name in names if name != match[0]]
    return text[: match.start()] + draw.choice(names) + text[match.end() :]


FAULTS: dict[str, Fault] = {
    "digit": digit,
    "day": day,
    "dropped id": dropped,
    "id digit": order_digit,
    "other store": store_name,
    "will for did": tense,
    "carrier": carrier,
    "sku": product,
}


def facts_of(known: Known) -> Facts:
    """The facts behind what is known."""
    return known.facts
