"""Themes: what a text or code can complain of, in order of priority, and Amazon's cause topics."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from odrlib.languages import language


@dataclass(frozen=True)
class Theme:
    """
    One thing that buyers complain of.

    Parameters
    ----------
    id : such as "T-INR"
    rank : 0 is the first in priority
    titles : language -> title
    topic : one of `TOPICS`
    service : it speaks of seller or delivery, not of the product
    asking : a question about it is a complaint
    addition : it comes on top of another complaint and disagrees with none
    alone : it can be the cause
    beside : the themes that it does not disagree with
    """

    id: str
    rank: int
    titles: dict[str, str]
    topic: str
    service: bool
    asking: bool
    addition: bool
    alone: bool
    beside: frozenset[str]

    @property
    def title(self) -> str:
        """The title in the spoken language."""
        return self.titles[language()]

    def agrees(self, other: Theme) -> bool:
        """Can both be true of one order?"""
        return self.id == other.id or other.id in self.beside or self.id in other.beside


@cache
def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this page, by its path without the ending."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _theme(name: str, rank: int, row: dict[str, Any]) -> Theme:
    return Theme(
        id=name,
        rank=rank,
        titles={"en": row["en"], "zh": row["zh"]},
        topic=row["topic"],
        service=row.get("service", False),
        asking=row.get("asking", False),
        addition=row.get("addition", False),
        alone=row.get("alone", True),
        beside=frozenset(row.get("beside", ())),
    )


THEMES: dict[str, Theme] = {
    name: _theme(name, rank, row)
    for rank, (name, row) in enumerate(data("themes")["themes"].items())
}
TOPICS: dict[str, dict[str, str]] = data("themes")["topics"]
# flag -> its theme and whether it makes that theme one of service
FLAGS: dict[str, dict[str, Any]] = data("themes")["flags"]


def by_priority(names: Iterable[str]) -> tuple[str, ...]:
    """
    The themes without repetition, the first in priority first.

    >>> by_priority(["T-LATE", "T-DMG", "T-LATE"])
    ('T-DMG', 'T-LATE')
    """
    return tuple(sorted(set(names), key=lambda name: THEMES[name].rank))
