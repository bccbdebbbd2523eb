"""People: the names in a text, by the label, salutation, speaker or signature beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from odrlib.package import rules

Found = tuple[int, int, str]
# One word of a name that is written like one; two to four of them. Its length is bounded, so that
# the time grows with a text and not with the square of it.
_WORD = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,60}(?:['’.-][^\W\d_]{1,60}){0,6}\.?"
_HAN = r"[\u3400-\u9fff\u3040-\u30ff々]"
_CLOCK = r"(?:[\[(]?\d[\d\s:.,/TZ年月日-]{5,24}(?:[AaPp][Mm])?[\])]?[\s,–-]{0,3})?"


def names_in(text: str) -> Iterator[Found]:
    """Each name: where it starts and ends, and the name."""
    labelled, *written = _patterns()
    for match in labelled.finditer(text):
        yield from _value(match, 1)
    for pattern in written:
        for match in pattern.finditer(text):
            if not _common(match.group(1)):
                yield (*match.span(1), match.group(1))
    banned = rules.data("masking")["name"]["east_never"]
    for match in _eastern().finditer(text):
        if match.group(1) not in banned:
            yield (*match.span(1), match.group(1))


def _value(match: re.Match[str], group: int) -> Iterator[Found]:
    """What stands after a label, up to the first thing that is no part of a name."""
    said = _end().split(match.group(group), maxsplit=1)[0].rstrip(" .,;-")
    if sum(map(str.isalpha, said)) >= 2 and not _all_common(said):
        start = match.start(group)
        yield (start, start + len(said), said)


@cache
def _end() -> re.Pattern[str]:
    """Where a name after a label ends: a wide gap, a digit, or the label of the next thing."""
    return re.compile(
        rf"\s{{3,}}|[\d(<\[/]| - |\s+(?={_any(rules.data('masking')['phone']['labels'])})"
    )


def _words(name: str) -> list[str]:
    return [word.strip(".,'’-").casefold() for word in name.split()]


def _common(name: str) -> bool:
    """Is there a word in it that is nobody's name?"""
    return any(word in _never() for word in _words(name))


def _all_common(name: str) -> bool:
    return all(word in _never() for word in _words(name))


@cache
def _never() -> frozenset[str]:
    row = rules.data("masking")["name"]
    return frozenset((*row["never"], *row["labels"], *row["speakers"]))


def _any(words: Iterable[str]) -> str:
    """Any of the words, in any case, the longest first; Latin ones only whole."""
    parts = [
        rf"(?<![^\W_]){re.escape(w)}(?![^\W_])" if w.isascii() else re.escape(w)
        for w in sorted(words, key=lambda one: (-len(one), one))
    ]
    return "(?i:" + "|".join(parts).replace(r"\ ", r"[ \t_-]{1,3}") + ")"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    row = rules.data("masking")["name"]
    titles = rf"(?:{_any(row['titles'])}\.?[ \t]+)"
    one = rf"({_WORD}(?:[ \t]+{_WORD}){{0,3}})"
    two = rf"({_WORD}(?:[ \t]+{_WORD}){{1,3}})"
    ends = r"(?=[ \t]*(?:$|[\n\t,;(<|\"“]))"
    return (
        re.compile(
            rf"{_any(row['labels'])}[ \t\"']{{0,4}}[:：=][ \t\"']{{0,4}}\n?"
            r"([^\n\t,;|\"]{2,60})"
        ),
        re.compile(rf"{_any(row['labels'])}[ \t]{{1,3}}{two}"),
        re.compile(
            rf"{_any(row['speakers'])}[ \t\"']{{0,4}}[:：=]?[ \t\"']{{0,4}}\n?{titles}?{two}{ends}",
            re.MULTILINE,
        ),
        re.compile(rf"^[ \t>]*{_CLOCK}{titles}?{two}[ \t]*(?:\([^)\n]{{1,20}}\))?[:：]", re.M),
        re.compile(rf"{_any(row['salutations'])}[ \t]+{titles}*{one}"),
        re.compile(rf"{titles}{one}"),
        re.compile(rf"{_any(row['closings'])}[,.!]?[ \t]*\n+[ \t>]*{one}[ \t]*$", re.MULTILINE),
    )


@cache
def _eastern() -> re.Pattern[str]:
    suffix = rules.data("masking")["name"]["east_suffix"]
    return re.compile(rf"(?<!{_HAN})({_HAN}{{1,6}}|{_WORD})[ \t\u3000]?{suffix}")
