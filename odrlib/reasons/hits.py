"""
Hits: every cue that stands in a text, the longer before the shorter.

A cue that is part of a longer one says nothing on its own: "kaputt" is damage, "nach zwei Tagen
kaputt" is a defect. What merely stands in the gap of a longer cue counts beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from odrlib.reasons.automaton import State
from odrlib.reasons.lexicon import Label, Lexicon
from odrlib.reasons.tokens import Kind, pieces

# Languages in Latin letters share words ("Brand" is fire, "brand" is a make).
LATIN = ("en", "de", "fr", "es", "it")
# Ordinary texts need some tens of thousands.
MOST_STATES = 200_000


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a piece of text wherever it stands; `token` is its class."""

    kind: Kind
    form: str
    token: int
    common: tuple[str, ...]


class Hit(NamedTuple):
    """One cue in a text: its first token, the one after its last, what it says."""

    start: int
    end: int
    label: Label

    def covers(self, other: Hit) -> bool:
        """Is the other a part of this one, not something in one of its gaps?"""
        inside = self.start <= other.start and other.end <= self.end
        shorter = other.end - other.start < self.end - self.start
        at_edge = self.start == other.start or other.end == self.end
        return inside and shorter and (at_edge or not self.label.loose)


@dataclass(slots=True, eq=False)
class Cut:
    """A text cut into words, with their places; `service`: it speaks of seller or delivery."""

    words: list[Word]
    places: list[tuple[int, int]]
    hits: list[Hit]
    language: str
    service: bool


@dataclass(slots=True, eq=False)
class Reader:
    """Reads texts one after the other and remembers the words that it has seen."""

    book: Lexicon
    seen: dict[str, Word] = field(default_factory=dict)

    def cut(self, text: str) -> Cut:
        """The words of a text, and all cues in it of the languages that it may be in."""
        self.book.automaton.forget(MOST_STATES)
        words, places = [], []
        for kind, raw, start, end in pieces(text):
            word = self.seen.get(raw)
            if word is None:
                word = self.seen[raw] = self._word(kind, raw)
            # What is made of invisible characters only is not there.
            if word.form or kind in ("comma", "stop"):
                words.append(word)
                places.append((start, end))
        found = self._walked(words)
        languages, language = _spoken(words, found)
        mine = _of_languages(found, languages)
        # Praise hides the word "delivery" in "fast delivery", which is spoken of all the same.
        service = any(hit.label.use == "service" for hit in mine)
        return Cut(words, places, _longest(mine), language, service)

    def _word(self, kind: Kind, raw: str) -> Word:
        form = self.book.spelling.form(kind, raw)
        passable = kind not in ("comma", "stop") and form not in self.book.denying
        token = self.book.automaton.class_of(kind, form, passable)
        return Word(kind, form, token, self.book.common.get(form, ()))

    def _walked(self, words: list[Word]) -> list[Hit]:
        """Every cue from every token on, in whatever language."""
        found = []
        automaton = self.book.automaton
        tokens = [word.token for word in words]
        size = len(tokens)
        for start in range(size):
            state: State | None = automaton.root
            at = start
            while state is not None and at < size:
                token = tokens[at]
                known = state.known
                state = known[token] if token in known else automaton.after(state, token)
                at += 1
                if state is not None and state.labels:
                    found += [Hit(start, at, label) for label in state.labels]
        return found


def _spoken(words: list[Word], found: list[Hit]) -> tuple[frozenset[str], str]:
    """The languages whose cues are read in a text, and the one that it is in, or "unknown"."""
    characters = [word.form for word in words if word.kind == "character"]
    kana = any("\u3041" <= form[0] <= "\u30fc" for form in characters)
    han = len(characters)
    letters = len([word for word in words if word.kind == "word"])
    score = dict.fromkeys(LATIN, 0.0)
    for common in [word.common for word in words if word.common]:
        for code in common:
            score[code] += 1 / len(common)
    for hit in found:
        if hit.label.use == "theme" and hit.label.language in score:
            score[hit.label.language] += 0.5 * (hit.end - hit.start)
    first, second = sorted(score, key=lambda code: -score[code])[:2]
    clear = score[first] >= 1 and score[first] > 1.25 * score[second]
    latin = first if clear else "unknown"
    spoken = {latin} if clear else set(LATIN)
    if kana:
        return frozenset({"ja"} | spoken), "ja"
    if han:
        # Characters alone may be Japanese too ("未着").
        only_ja = {hit.label.language for hit in found if hit.label.use == "theme"} == {"ja"}
        main = "ja" if only_ja else "zh"
        return frozenset({"zh", "ja"} | spoken), main if han >= letters else latin
    return frozenset(spoken), latin


def _of_languages(found: list[Hit], languages: frozenset[str]) -> list[Hit]:
    """The hits that count in a text of these languages: single words of another one do not."""
    return [
        hit
        for hit in found
        if hit.label.language in languages
        or (hit.label.use == "theme" and hit.label.language in LATIN and hit.end - hit.start > 1)
    ]


def _longest(found: list[Hit]) -> list[Hit]:
    """The hits that no longer one covers, from left to right."""
    # Of one cue with several beginnings the nearest: "not not working" holds "not working".
    nearest = {(hit.end, hit.label): hit for hit in found if hit.label.loose}
    tight = [hit for hit in found if nearest.get((hit.end, hit.label), hit) == hit]
    ordered = sorted(tight, key=lambda hit: (hit.start, -hit.end, hit.label.theme, hit.label.use))
    kept: list[Hit] = []
    widest: Hit | None = None
    for hit in ordered:
        if widest is not None and widest.covers(hit):
            continue
        kept.append(hit)
        if widest is None or hit.end > widest.end:
            widest = hit
    return kept
