"""Context: what the words around a mention say that it is: its noun, its clause, its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from odrlib.categories import UNEXPLAINED
from odrlib.poa.cues import Cues
from odrlib.poa.groups import Group
from odrlib.poa.known import Known
from odrlib.poa.language import Term, language
from odrlib.poa.mentions import Mention
from odrlib.poa.passages import Passage

# How far from a number its noun may stand, in letters.
AFTER, BEFORE = 34, 30
CLAUSE_ENDS = re.compile(r"[;；、。]|[,，](?!\d)|(?<!\d)[:：]")
# What may stand between two numbers of "12 of the 47 orders".
OF = re.compile(
    r"\s*(?:\w+\s+){0,2}?(?:of|out of|von|der|des|sur|su|dei|di|de|del|/)\s+(?:[^\W\d]+\s+){0,3}$",
    re.IGNORECASE,
)
SPECIFIC = ("claim", "chargeback", "negative_feedback", "defective", "refunds")


def clause_of(text: str, start: int, end: int) -> tuple[int, int]:
    """
    Where the clause around a mention begins and ends.

    >>> clause_of("China Post 47, UPS 2.", 15, 18)
    (14, 21)
    """
    before = [match.end() for match in CLAUSE_ENDS.finditer(text, 0, start)]
    after = CLAUSE_ENDS.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


def noun_of(text: str, mention: Mention, others: list[Mention], cues: Cues) -> str:
    """
    What a number counts, by the nearest noun: after it, in "47 of 105 orders" after the other
    number, else before it; "" if nothing near says it.
    """
    asian = cues.code in ("ja", "zh")
    if not asian and _is_part(text, mention, others, cues):
        return "defective"
    before = _before(text, mention, others, cues)
    after = _after(text, mention, others, cues)
    if asian:
        return before if before in SPECIFIC or not after else after
    return after or before


def _is_part(text: str, mention: Mention, others: list[Mention], cues: Cues) -> bool:
    """Is it the 47 of "47 of 783 orders with this feature were defective"?"""
    following = [one for one in others if one.start >= mention.end and one.kind == "number"]
    if not following or not OF.match(text[mention.end : following[0].start]):
        return False
    stop = CLAUSE_ENDS.search(text, following[0].end)
    end = stop.start() if stop else len(text)
    found = [match.lastgroup for match in cues.nouns.finditer(text, following[0].end, end)]
    return "defective" in found and not {"claim", "chargeback", "negative_feedback"} & set(found)


def is_whole(text: str, mention: Mention, code: str) -> bool:
    """Is it the number that others are a part of: the 105 of "47 of the 105 orders"?"""
    if code in ("ja", "zh"):
        return bool(re.match(r"\s*[件单]?(?:の)?(?:うち|中)", text[mention.end :]))
    return bool(
        re.search(OF.pattern, text[max(0, mention.start - BEFORE) : mention.start], re.IGNORECASE)
    )


def _after(text: str, mention: Mention, others: list[Mention], cues: Cues) -> str:
    end = min(len(text), mention.end + AFTER)
    following = [one for one in others if one.start >= mention.end and one.kind == "number"]
    stop = CLAUSE_ENDS.search(text, mention.end, end)
    limit = min(end, stop.start() if stop else end)
    if following and following[0].start < limit:
        gap = text[mention.end : following[0].start]
        if OF.match(gap):
            rest = [one for one in others if one is not following[0]]
            return _after(text, following[0], rest, cues)
        limit = following[0].start
    match = cues.nouns.search(text, mention.end, limit)
    return match.lastgroup or "" if match else ""


def _before(text: str, mention: Mention, others: list[Mention], cues: Cues) -> str:
    start = max(0, mention.start - BEFORE)
    preceding = [one.end for one in others if one.end <= mention.start and one.kind == "number"]
    start = max(start, *preceding) if preceding else start
    stops = [
        match.end() for match in re.finditer(r"[;；。、]|[,，](?!\d)", text[start : mention.start])
    ]
    start += stops[-1] if stops else 0
    found = [match.lastgroup or "" for match in cues.nouns.finditer(text, start, mention.start)]
    return found[-1] if found else ""


@dataclass(frozen=True)
class Named:
    """The parts of the business that a text names: column -> values."""

    values: dict[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.values)


def named_in(text: str, found: list[Mention], known: Known) -> Named:
    """Carriers and SKUs of the mentions, and services, warehouses and suppliers by their names."""
    values: dict[str, set[str]] = {}
    inside = known.facts.inside
    for one in found:
        if one.value is None or one.kind not in ("carrier", "sku"):
            continue
        column: str = one.kind
        if column == "sku" and one.value not in known.entities.get("sku", {}).values():
            column = "asin"
        if column in inside and one.value in known.entities.get(column, {}).values():
            values.setdefault(column, set()).add(one.value)
    folded = text.casefold()
    for column in ("ship_service", "warehouse", "supplier"):
        for spelling, name in known.entities.get(column, {}).items():
            if spelling in folded and _stands_alone(spelling, folded):
                values.setdefault(column, set()).add(name)
    return Named({column: tuple(sorted(names)) for column, names in values.items()})


def _stands_alone(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text))


def groups_of_sections(found: list[Passage], known: Known, code: str) -> dict[int, list[Group]]:
    """Which causes each cause section of a plan speaks of: by its heading, else by its text."""
    sections = sorted({one.cause for one in found if one.cause})
    bound: dict[int, list[Group]] = {}
    for number in sections:
        mine = [one for one in found if one.cause == number]
        heads = " ".join(one.text for one in mine if one.kind == "heading" and one.part == "root")
        text = " ".join(one.text for one in mine)
        bound[number] = _spoken_of(heads, known, code) or _spoken_of(text, known, code)
    return bound


def _spoken_of(text: str, known: Known, code: str) -> list[Group]:
    folded = text.casefold()
    said = [
        (group, [word for word in words_of(group, code) if _in(word, folded)])
        for group in known.groups
    ]
    every = {word for _, words in said for word in words}
    # "Slow answer" inside "slow answer to buyers" is no second cause.
    return [
        group
        for group, words in said
        if any(not any(word != more and word in more for more in every) for word in words)
    ]


def _in(word: str, text: str) -> bool:
    if word.isascii():
        return _stands_alone(word, text)
    return word in text


def words_of(group: Group, code: str) -> list[str]:
    """By what words a plan may name a cause, in lower case."""
    words: set[str] = set()
    if group.cause is not None:
        for where in (group.cause.where, *group.cause.same_as):
            for column, value in where.items():
                if value in ("yes", "no", None) or isinstance(value, bool):
                    if column in ("delivered_late", "slow_answer", "handed_over_late"):
                        term = language(code).write(Term("column", column))
                        words.add(term.rstrip(":：").casefold())
                elif len(str(value)) >= 3:
                    words.add(str(value).casefold())
    else:
        category = Term("category", group.category)
        words |= {language(one).write(category).casefold() for one in {code, "en"}}
        if group.category == UNEXPLAINED:
            words.add(language(code).say("unexplained").casefold())
    return sorted(words)
