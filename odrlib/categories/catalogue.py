"""The catalogue: the root-cause categories, read from categories.toml and fields.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from odrlib.languages import language, mark, tr
from odrlib.reasons import TOPICS

OPERATORS = ("is", "in", "over", "under", "between", "has")
# The category of a defect that no rule explains.
UNEXPLAINED = "R27"
CERTAINTIES = ("strong", "likely", "weak", "none")
# As a reader is told them; the tables keep the codes.
CERTAINTIES_SAID = {
    "strong": mark("strong"),
    "likely": mark("likely"),
    "weak": mark("weak"),
    "none": mark("none", context="certainty"),
}
Certainty = Literal["strong", "likely", "weak", "none"]


@dataclass(frozen=True)
class Condition:
    """
    One question to one field. `operator` is one of OPERATORS, `value` what it asks for.

    >>> Condition.of({"field": "days_late", "over": 0})
    Condition(field='days_late', operator='over', value=0)
    """

    field: str
    operator: str
    value: Any

    @classmethod
    def of(cls, row: dict[str, Any]) -> Condition:
        """The condition that a row of categories.toml writes."""
        ((operator, value),) = ((key, row[key]) for key in row if key != "field")
        return cls(row["field"], operator, tuple(value) if isinstance(value, list) else value)


@dataclass(frozen=True)
class Way:
    """
    One way to belong to a category.

    Parameters
    ----------
    themes : of which one must be there; empty if the defect must have no theme; ("*",) for any
    all, any : conditions that must all hold, and of which one must hold
    certainty : what a match says
    fields : shown beside the conditions where they are known
    """

    themes: tuple[str, ...]
    all: tuple[Condition, ...]
    any: tuple[Condition, ...]
    certainty: Certainty
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """What to do, and the artefact by which a reviewer can see that it was done."""

    measure: str
    artefact: str


@dataclass(frozen=True)
class Category:
    """
    A root-cause category with its rule, its evidence and its measures.

    Parameters
    ----------
    title, title_zh : the name in English and Chinese
    topics : Amazon's topics of it, the usual one first
    ways : the rule, the surest way first; the last may be the theme alone
    unless, against : conditions that shut the category, and that speak against it
    gather_themes, gather_by : whose complaints may gather, in which columns ("a+b" are two columns)
    basis : "K" (general knowledge, unchecked), "brief", or the page that says so
    checked : day on which that was checked
    """

    id: str
    title: str
    title_zh: str
    topics: tuple[str, ...]
    ways: tuple[Way, ...]
    unless: tuple[Condition, ...]
    against: tuple[Condition, ...]
    gather_themes: tuple[str, ...]
    gather_by: tuple[tuple[str, ...], ...]
    evidence: tuple[str, ...]
    corrective: tuple[Measure, ...]
    preventive: tuple[Measure, ...]
    basis: str
    checked: str

    @property
    def name(self) -> str:
        """The title in the spoken language."""
        return self.title_zh if language() == "zh" else self.title


@cache
def data() -> dict[str, Any]:
    """The whole of categories.toml."""
    return _toml("categories.toml")


@cache
def fields() -> dict[str, dict[str, str]]:
    """The fields that rules may ask for, each with `type`, `meaning` and `phrase`."""
    return _toml("fields.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def limit(name: str) -> float:
    """One of the thresholds of categories.toml."""
    number: float = data()["limits"][name]
    return number


def words(name: str) -> tuple[str, ...]:
    """One of the word lists of categories.toml, in lower case."""
    return tuple(word.casefold() for word in data()["words"][name])


def certainty_said(certainty: str) -> str:
    """How surely a defect is in its category, in words, from its code."""
    context = "certainty" if certainty == "none" else ""
    return tr(CERTAINTIES_SAID[certainty], context=context)


def topic_title(topic: str | None) -> str:
    """
    Amazon's topic in words; "not told" for none.

    >>> topic_title("NR"), topic_title(None)
    ('Not received or late', 'not told')
    """
    return TOPICS[topic][language()] if topic else tr("not told")


@cache
def categories() -> dict[str, Category]:
    """The categories by id, R01 first."""
    return {row["id"]: _category(row) for row in data()["category"]}


@cache
def precedence() -> dict[str, int]:
    """The place of each category where all else is equal, 0 first."""
    return {name: place for place, name in enumerate(data()["precedence"])}


def _category(row: dict[str, Any]) -> Category:
    themes = tuple(row["themes"])
    ways = [_way(way, themes) for way in row.get("way", [])]
    if row.get("alone"):
        alone = tuple(row.get("alone_themes", themes))
        ways.append(Way(alone, (), (), "weak", ()))
    return Category(
        id=row["id"],
        title=row["title"]["en"],
        title_zh=row["title"]["zh"],
        topics=tuple(row["topics"]),
        ways=tuple(ways),
        unless=_conditions(row.get("unless", [])),
        against=_conditions(row.get("against", [])),
        gather_themes=tuple(row.get("gather_themes", themes)),
        gather_by=tuple(tuple(names.split("+")) for names in row["gather_by"]),
        evidence=tuple(row["evidence"]),
        corrective=tuple(Measure(**measure) for measure in row["corrective"]),
        preventive=tuple(Measure(**measure) for measure in row["preventive"]),
        basis=row["basis"],
        checked=data()["checked"],
    )


def _way(row: dict[str, Any], themes: tuple[str, ...]) -> Way:
    mine = tuple(row.get("themes", themes))
    return Way(
        themes=mine,
        all=_conditions(row.get("all", [])),
        any=_conditions(row.get("any", [])),
        certainty=row.get("certainty", "strong" if mine else "likely"),
        fields=tuple(row.get("fields", [])),
    )


def _conditions(rows: list[dict[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition.of(row) for row in rows)
