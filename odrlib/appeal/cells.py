"""Cells: which part of a plan a notice asks for (cause, action, prevention, evidence), of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from odrlib import reasons
from odrlib.appeal.phrases import FAR, Found, data, found, stands
from odrlib.languages import language, tr

SECTIONS = ("cause", "action", "prevention", "evidence")
TOPICS = ("NR", "DI", "DP", "CS", "DQ", "claims", "feedback", "chargebacks")
ALL = "*"
Cell = tuple[str, str]


def said_cell(topic: str, section: str) -> str:
    """A part of a plan that a notice asks for, in words: its section and its topic."""
    part = {
        "cause": tr("cause", context="section"),
        "action": tr("action", context="section"),
        "prevention": tr("prevention", context="section"),
        "evidence": tr("evidence", context="section"),
    }[section]
    about = {
        ALL: tr("every topic"),
        "claims": tr("claims", context="topic"),
        "feedback": tr("feedback", context="topic"),
        "chargebacks": tr("chargebacks", context="topic"),
    }.get(topic) or tr("{code} ({title})", code=topic, title=reasons.TOPICS[topic][language()])
    return tr("{part} of {about}", part=part, about=about)


@dataclass(frozen=True)
class _Mark:
    """A section or a topic that a text names, and where."""

    what: Literal["section", "topic"]
    name: str
    place: Found


def asked_cells(texts: Sequence[tuple[str, tuple[str, ...]]], evidence: bool) -> list[Cell]:
    """
    The cells that the sentences and items of a notice ask for, in their order.

    A part without a topic of its own speaks of the one named before; without any, of all ("*").

    Parameters
    ----------
    texts : each sentence or item, plain, with the languages it may be in
    evidence : also look for evidence, where nothing else in the notice asks for it
    """
    cells: dict[Cell, None] = {}
    before: list[str] = []
    mentioned: list[str] = []
    for text, languages in texts:
        for sections, topics in _groups(_marks(text, languages, evidence)):
            if not sections:
                mentioned = topics
                continue
            again = before or (mentioned if _refers(text, languages) else [])
            for section in sections:
                about = topics or ([] if section == "evidence" else again) or [ALL]
                cells.update(dict.fromkeys((topic, section) for topic in about))
            before = topics or before
    return _settled(cells)


def _settled(cells: Iterable[Cell]) -> list[Cell]:
    """Without the "*" of a section that names its topics elsewhere."""
    cells = list(cells)
    named = {section for topic, section in cells if topic != ALL}
    return [cell for cell in cells if cell[0] != ALL or cell[1] not in named]


def topics_of(text: str, languages: Iterable[str]) -> list[str]:
    """The topics that a text names, in their order."""
    return list(dict.fromkeys(mark.name for mark in _topic_marks(text, languages)))


def _marks(text: str, languages: tuple[str, ...], evidence: bool) -> list[_Mark]:
    sections = [
        _Mark("section", name, place)
        for name in SECTIONS
        if evidence or name != "evidence"
        for language in languages
        for place in found(data()["sections"][name].get(language, ()), text, FAR)
    ]
    if not sections:
        marks = _topic_marks(text, languages)
    else:
        marks = [*_without_covered(sections), *_topic_marks(text, languages)]
    return sorted(marks, key=lambda mark: (mark.place.start, mark.place.end))


def _topic_marks(text: str, languages: Iterable[str]) -> list[_Mark]:
    return _without_covered(
        _Mark("topic", name, place)
        for name in TOPICS
        for language in languages
        for place in found(data()["topics"][name].get(language, ()), text, gap=40)
    )


def _without_covered(marks: Iterable[_Mark]) -> list[_Mark]:
    """The longer wording says what is meant: marks inside a longer one of another name go."""
    kept: list[_Mark] = []
    for mark in sorted(marks, key=lambda one: (one.place.start - one.place.end, one.place.start)):
        if not any(_covers(other.place, mark.place) for other in kept):
            kept.append(mark)
    return kept


def _covers(outer: Found, inner: Found) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _groups(marks: list[_Mark]) -> Iterable[tuple[list[str], list[str]]]:
    """
    The marks of a sentence in groups of sections and the topics they are about.

    Where the sentence begins with a section ("the root cause of X"), each section after a topic
    begins a group; where it begins with a topic ("Xの根本原因"), each topic after a section does.
    """
    groups: list[dict[str, list[str]]] = []
    last = ""
    for mark in marks:
        if not groups or (mark.what != last and mark.what == marks[0].what):
            groups.append({"section": [], "topic": []})
        names = groups[-1][mark.what]
        if mark.name not in names:
            names.append(mark.name)
        last = mark.what
    return [(group["section"], group["topic"]) for group in groups]


def _refers(text: str, languages: Iterable[str]) -> bool:
    return any(stands(data()["again"].get(language, ()), text) for language in languages)
