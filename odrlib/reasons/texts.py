"""One text: the themes that it states, where it states them, and what it only names."""

from __future__ import annotations

from dataclasses import dataclass

from odrlib.reasons.denial import stated
from odrlib.reasons.hits import Cut, Hit, Reader
from odrlib.reasons.lexicon import lexicon
from odrlib.reasons.themes import FLAGS, THEMES, by_priority

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What one text says.

    Parameters
    ----------
    language : one of `lexicon.LANGUAGES`, or "unknown"
    themes : in order of priority
    flags : finer readings, such as "says_delivered"
    spans : theme, start, end of each cue in the text as given
    denied : likewise for the cues that are denied, supposed or asked about
    service : it speaks of seller or delivery, if only to praise them
    words : it holds words, other than such as "n/a"
    pleased : it holds praise, or a cue that is denied
    """

    language: str
    themes: tuple[str, ...]
    flags: frozenset[str]
    spans: tuple[Span, ...]
    denied: tuple[Span, ...]
    service: bool
    words: bool
    pleased: bool


def reader() -> Reader:
    """A reader that remembers the words it has seen, for as long as it is kept."""
    return Reader(lexicon())


def read_text(text: str, by: Reader) -> Reading:
    """Read one text; the time grows with its length and with nothing else."""
    cut = by.cut(text)
    said, named, praised = stated(cut, by.book)
    flags = frozenset(hit.label.flag for hit in said if hit.label.flag)
    about = {hit.label.theme for hit in (*said, *named)}
    service = (
        cut.service
        or any(THEMES[theme].service for theme in about)
        or any(FLAGS[flag].get("service", False) for flag in flags)
    )
    return Reading(
        language=cut.language,
        themes=by_priority(hit.label.theme for hit in said),
        flags=flags,
        spans=_spans(said, cut.places),
        denied=_spans(named, cut.places),
        service=service,
        words=_says_something(cut),
        pleased=bool(praised or named),
    )


def _says_something(cut: Cut) -> bool:
    """Does it hold a word, other than words such as "n/a" that stand for no text?"""
    nothing = [False] * len(cut.words)
    for hit in cut.hits:
        if hit.label.use == "no_text":
            nothing[hit.start : hit.end] = [True] * (hit.end - hit.start)
    return any(
        word.kind in ("word", "character", "number") and not empty
        for word, empty in zip(cut.words, nothing, strict=True)
    )


def _spans(hits: list[Hit], places: list[tuple[int, int]]) -> tuple[Span, ...]:
    found = {(hit.label.theme, places[hit.start][0], places[hit.end - 1][1]) for hit in hits}
    return tuple(sorted(found, key=lambda span: (span[1], span[2], span[0])))
