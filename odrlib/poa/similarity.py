"""
Similarity: runs of words that a plan shares with plans that were sent before, by any store.

Numbers, days and names are taken out first: two honest plans on one cause differ in those alone
where they follow the same form, so what our own worksheet writes is left out as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odrlib.errors import BadParameter
from odrlib.finding import Finding
from odrlib.languages import tr
from odrlib.poa.cues import CJK
from odrlib.poa.days import find_days
from odrlib.poa.files import file_lines
from odrlib.poa.language import CODES, catalogue, language
from odrlib.poa.siblings import archive_of

if TYPE_CHECKING:
    from odrlib.poa.check import Reading

TOKEN = re.compile(rf"[{CJK}]|[^\W\d_]+(?:['’-][^\W\d_]+)*")
PLACE = re.compile(r"\{\w+\}")
# No run goes over the end of a paragraph.
END = "\n"


@dataclass(frozen=True)
class Copied:
    """What two texts share: the part of the first's own shingles (0-1), and its longest run."""

    share: float
    run: str
    words: int
    letters: int

    @property
    def alarms(self) -> bool:
        """Is it more than two honest plans on one cause would share?"""
        limits = catalogue("limits")["similarity"]
        return bool(
            self.words >= limits["run_words"]
            or self.letters >= limits["run_letters"]
            or self.share >= limits["share"]
        )


def similarity_findings(reading: Reading) -> Iterator[Finding]:
    """Every plan in this store's archive, or in a neighbour's, that this one copies from."""
    known = reading.known
    folders = [("", known.store.folder)]
    folders += [(other.id, other.folder) for other in known.siblings]
    mine = reading.path.resolve() if reading.path else None
    names = _names(reading)
    for owner, folder in folders:
        for path in archive_of(folder):
            if path.resolve() == mine:
                continue
            text = _read(path)
            found = copied(reading.text, text, names) if text else None
            if found is None or not found.alarms:
                continue
            yield Finding(
                "poa-copied",
                "error" if owner else "warning",
                _said(found, path.name, owner),
                tr("Write it anew from this store's facts: what resembles an appeal is refused."),
            )


def _said(found: Copied, file: str, owner: str) -> str:
    values: dict[str, Any] = {"share": found.share, "file": file, "run": found.run[:160]}
    if owner:
        return tr("{share:.0%} of the wording is that of {file} of the store {owner}: “{run}”.",
                  owner=owner, **values)  # fmt: skip
    return tr("{share:.0%} of the wording is that of {file} of this store: “{run}”.", **values)


def copied(text: str, other: str, names: tuple[str, ...] = ()) -> Copied:
    """
    What `text` shares with `other`, our own sentence plans and the names of both left out.

    >>> copied("one two three four five six seven eight nine", "nothing in common").share
    0.0
    """
    limits = catalogue("limits")["similarity"]
    mine, theirs = _tokens(text, names), _tokens(other, names)
    asian = sum(bool(re.match(f"[{CJK}]", word)) for word in mine) > len(mine) / 2
    size = limits["letters"] if asian else limits["words"]
    ours = _plan_shingles(size)
    there = set(_shingles(theirs, size))
    own = [(place, one) for place, one in _placed_shingles(mine, size) if one not in ours]
    hits = [place for place, one in own if one in there]
    first, length = _longest(hits, size)
    run = mine[first : first + length]
    said = ("" if asian else " ").join(run)
    return Copied(
        share=len(hits) / len(own) if len(own) >= size else 0.0,
        run=said,
        words=0 if asian else length,
        letters=length if asian else 0,
    )


def _tokens(text: str, names: tuple[str, ...]) -> list[str]:
    """The words of a text without days and names; END stands between its lines."""
    folded = text.casefold()
    found = sorted(find_days(folded, "dmy"), key=lambda day: -day[0])
    for start, end, _ in found:
        folded = f"{folded[:start]} {folded[end:]}"
    for name in names:
        folded = folded.replace(name, " ")
    return [word for line in folded.splitlines() for word in (*TOKEN.findall(line), END)]


def _placed_shingles(tokens: list[str], size: int) -> list[tuple[int, tuple[str, ...]]]:
    found = ((i, tuple(tokens[i : i + size])) for i in range(len(tokens) - size + 1))
    return [(place, one) for place, one in found if END not in one]


def _shingles(tokens: list[str], size: int) -> list[tuple[str, ...]]:
    return [one for _, one in _placed_shingles(tokens, size)]


@cache
def _plan_shingles(size: int) -> frozenset[tuple[str, ...]]:
    """The shingles of every sentence plan, so that our own form is no copy of itself."""
    found: set[tuple[str, ...]] = set()
    for code in CODES:
        plans = [PLACE.sub(" ", plan) for plan in language(code).plans.values()]
        for plan in plans:
            found |= set(_shingles(TOKEN.findall(plan.casefold()), size))
    return frozenset(found)


def _longest(hits: list[int], size: int) -> tuple[int, int]:
    """Where the longest run of neighbouring shingles begins, and its length in tokens."""
    best, start = (0, 0), 0
    for number, place in enumerate(hits):
        if number == 0 or place != hits[number - 1] + 1:
            start = place
        length = place - start + size
        if length > best[1]:
            best = (start, length)
    return best


def _names(reading: Reading) -> tuple[str, ...]:
    """Names that two honest plans share without copying: stores, products, carriers, measures."""
    known = reading.known
    words = {known.store.settings.name, *(m.what for m in known.measures)}
    for column in known.entities.values():
        words |= set(column.values())
    return tuple(sorted((w.casefold() for w in words if len(w) > 3), key=lambda w: (-len(w), w)))


def _read(path: Path) -> str:
    """The text of an archived plan; empty for a file that is none."""
    try:
        return "\n".join(piece.text for piece in file_lines(path))
    except BadParameter:
        return ""
