"""
Phrases: what notices.toml writes down, found in plain text.

A phrase is cut at its gaps into parts; each part is a small pattern without repetition, and the
parts are chained by their places. So the work grows with the length of the text and no further,
whatever the text is.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from odrlib.appeal.wording import plain

GAP = 120
FAR = 200
_LATIN = "a-z0-9\u00df-\u024f"
_BETWEEN = r"[^\w\n]{0,4}"
# A gap that does not stand inside a group.
_TOP = re.compile(r" \.\. (?![^()]*\))")
_TOKEN = re.compile(rf"\{{n\}}|\s\.\.\s|[{_LATIN}][{_LATIN}'-]*\*?|n't|%|\s+|[()|]|.", re.S)


@cache
def data() -> dict[str, Any]:
    """The content of notices.toml."""
    text = files(__package__).joinpath("notices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Found:
    """Where a phrase stands in a text: from `start` up to `end`; `number` is its {n}."""

    start: int
    end: int
    number: str = ""


@dataclass(frozen=True)
class Phrase:
    """A phrase, cut at its gaps."""

    parts: tuple[re.Pattern[str], ...]

    def find(self, text: str, gap: int = GAP) -> list[Found]:
        """
        Each place where the parts follow one another with at most `gap` characters between.

        Of several ways to reach an end, the shortest is given.

        >>> phrase("steps .. prevent*").find("take steps and steps to prevent it")
        [Found(start=15, end=31, number='')]
        """
        reached: list[Found] | None = None
        for part in self.parts:
            hits = list(_hits(part, text))
            reached = hits if reached is None else list(_chained(reached, hits, gap))
            if not reached:
                return []
        return reached or []


def _hits(part: re.Pattern[str], text: str) -> Iterator[Found]:
    for match in part.finditer(text):
        if match.end() > match.start():
            number = match.group("n") if part.groupindex else ""
            yield Found(match.start(), match.end(), number or "")


def _chained(before: list[Found], hits: list[Found], gap: int) -> Iterator[Found]:
    """Each hit with the nearest earlier one that ends at most `gap` characters before it."""
    before = sorted(before, key=lambda one: (one.end, one.start))
    ends = [one.end for one in before]
    for hit in hits:
        near = before[bisect_left(ends, hit.start - gap) : bisect_right(ends, hit.start)]
        if near:
            yield Found(near[-1].start, hit.end, near[-1].number or hit.number)


@cache
def phrase(written: str) -> Phrase:
    """The phrase as it is written in notices.toml."""
    return Phrase(tuple(re.compile(_part(part)) for part in _TOP.split(written)))


def found(phrases: Iterable[str], text: str, gap: int = GAP) -> list[Found]:
    """Every place in `text` where one of the phrases stands."""
    return [place for written in phrases for place in phrase(written).find(text, gap)]


def stands(phrases: Iterable[str], text: str, gap: int = GAP) -> bool:
    """Does one of the phrases stand in `text`?"""
    return any(phrase(written).find(text, gap) for written in phrases)


@cache
def _part(part: str) -> str:
    tokens = _TOKEN.findall(part)
    return "".join(_pattern(token) for token in tokens)


def _pattern(token: str) -> str:
    if token == "{n}":
        return rf"(?<![\d.,])(?P<n>\d{{1,3}}|{'|'.join(map(re.escape, _numbers()))})"
    if token in ("(", ")", "|"):
        return "(?:" if token == "(" else token
    if token == " .. ":
        return r"[^\n]{0,40}"
    if token.isspace():
        return _BETWEEN
    if token == "%":
        return r"\s?%"
    word = plain(token.rstrip("*"))
    body = "[- ]?".join(map(re.escape, word.split("-")))
    if not re.match(f"[{_LATIN}]", word):
        return body
    # "n't" is the end of a word.
    edge = f"(?<![{_LATIN}.,])" if word[0].isdigit() else f"(?<![{_LATIN}])"
    before = "" if word == "n't" else edge
    after = f"[{_LATIN}]*" if token.endswith("*") else f"(?![{_LATIN}])"
    return before + body + after


@cache
def _numbers() -> tuple[str, ...]:
    return tuple(sorted(map(plain, data()["numbers"]), key=len, reverse=True))


def as_number(text: str) -> int:
    """
    A number in digits or in words.

    >>> as_number("14"), as_number("fourteen"), as_number("十四")
    (14, 14, 14)
    """
    return (
        int(text) if text.isdigit() else {plain(k): v for k, v in data()["numbers"].items()}[text]
    )
