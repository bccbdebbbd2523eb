"""
Categorise: one root-cause category for each defect, with what shows it and what speaks against it.

Evidence beats a theme alone, a named cause beats a coincidence, the specific beats the general, and
what may hurt somebody comes first; a defect that nothing explains is said to be unexplained.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from odrlib.categories.cases import cases
from odrlib.categories.catalogue import (
    CERTAINTIES,
    UNEXPLAINED,
    Category,
    Certainty,
    Way,
    categories,
    data,
    precedence,
)
from odrlib.categories.missing import missing_data
from odrlib.categories.records import Records
from odrlib.categories.rules import ANY_THEME, Answers, Case
from odrlib.categories.signs import signs_of
from odrlib.columns import typed
from odrlib.exports.columns import frame_of
from odrlib.languages import mark, tr
from odrlib.reasons import THEMES

COLUMNS = (
    *("order_id", "kind", "category", "title", "topic", "theme", "certainty", "shows", "also"),
    *("conflicts", "missing"),
)
TYPES = dict.fromkeys(COLUMNS[:7], "str")
CONTRADICTION = mark("the reason code and the text contradict each other")


@dataclass(frozen=True)
class Match:
    """A category that fits a case, in which way, how surely, and what speaks against it."""

    category: Category
    way: Way
    certainty: Certainty
    theme: str | None
    main: bool
    named: bool
    conflicts: tuple[str, ...]


def categorise(
    defects: pd.DataFrame, reasons: pd.DataFrame, records: Records | None = None
) -> pd.DataFrame:
    """
    One row per defect (order and kind that counts), each with exactly one category.

    Of several that fit, the first by these rules: harm or danger; the surer; one for which a named
    cause of the store speaks; one that explains the buyer's main theme; the list `precedence` of
    categories.toml. An unknown field is no evidence, neither for nor against.

    Parameters
    ----------
    defects : one row per order, as `defects_by_order` gives it, good orders too
    reasons : one row per order that says something, as `order_reasons` gives it
    records : what the files say beside; without them few signs can be seen

    Returns
    -------
    DataFrame, by order and kind: order_id, kind, category ("R01" … "R27"), title, topic (Amazon's;
    of an unexplained defect what the buyer complains of; missing if nobody says), theme (the one
    that fits; missing if none), certainty ("strong": theme and fields agree, "likely", "weak": the
    theme only, "none": unexplained), shows, also (other categories that fit, the best first),
    conflicts (what speaks against it), missing (ids of what would decide; for "weak" and "none").
    shows, also, conflicts and missing are tuples of text; no text of a buyer is in any of them.

    Raises
    ------
    BadParameter : an order stands in two rows, or a column of the reasons is not there
    """
    records = records or Records()
    table = cases(defects, reasons, records.verdicts)
    if not table["order_id"]:
        return pd.DataFrame(columns=list(COLUMNS)).astype(TYPES)
    answers = Answers(signs_of(table, defects, reasons, records))
    rows = [_row(answers, place, matches) for place, matches in enumerate(_matches(answers))]
    found: dict[str, Any] = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    found["missing"] = missing_data(answers, found["certainty"], records)
    kinds = TYPES | dict.fromkeys(COLUMNS[7:], "object")
    return frame_of({name: typed(values, kinds[name]) for name, values in found.items()})


def _matches(answers: Answers) -> list[list[Match]]:
    """For each case the categories that fit, each in its best way, the best first."""
    found: list[dict[str, Match]] = [{} for _ in answers.cases]
    for category in categories().values():
        for way in category.ways:
            for place in np.flatnonzero(answers.fits(category, way)):
                match = _match(answers, int(place), category, way)
                before = found[place].setdefault(category.id, match)
                if _rank(match) < _rank(before):
                    found[place][category.id] = match
    return [sorted(matches.values(), key=_rank) for matches in found]


def _match(answers: Answers, place: int, category: Category, way: Way) -> Match:
    case = answers.cases[place]
    mine = [theme for theme in case["themes"] if theme in way.themes or ANY_THEME in way.themes]
    main = case["primary"] in mine
    conflicts = answers.spoken_against(place, category)
    if case["contradiction"] is True:
        conflicts += (tr(CONTRADICTION),)
    return Match(
        category=category,
        way=way,
        certainty="likely" if conflicts and way.certainty == "strong" else way.certainty,
        theme=case["primary"] if main else mine[0] if mine else None,
        main=main,
        named=_named(category, way, case),
        conflicts=conflicts,
    )


def _named(category: Category, way: Way, case: Case) -> bool:
    """Does a named cause speak of a column that the way asks for, or where complaints gather?"""
    columns = {name for names in category.gather_by for name in names}
    for condition in (*way.all, *way.any):
        if condition.field == "named":
            columns.update(condition.value)
    return not columns.isdisjoint(case["named"])


def _rank(match: Match) -> tuple[Any, ...]:
    safety = data()["safety"]
    harm = match.theme == safety["theme"] and match.category.id == safety["category"]
    return (
        not harm,
        CERTAINTIES.index(match.certainty),
        not match.named,
        not match.main,
        precedence()[match.category.id],
    )


def _row(answers: Answers, place: int, matches: list[Match]) -> tuple[Any, ...]:
    case = answers.cases[place]
    head = (case["order_id"], case["kind"])
    if not matches:
        primary = case["primary"]
        shows = complaint(primary)
        title = categories()[UNEXPLAINED].name
        return (*head, UNEXPLAINED, title, case["topic"], primary, "none", shows, (), (), ())
    best = matches[0]
    shows = complaint(best.theme) + answers.shown(place, best.category, best.way)
    topics = best.category.topics
    return (
        *(*head, best.category.id, best.category.name),
        case["topic"] if case["topic"] in topics else topics[0],
        *(best.theme, best.certainty, shows),
        tuple(match.category.id for match in matches[1:]),
        *(best.conflicts, ()),
    )


def complaint(theme: str | None) -> tuple[str, ...]:
    """
    What the buyer complains of, in words; nothing for no theme.

    >>> complaint("T-INR")
    ('complaint: not received',)
    """
    if theme is None:
        return ()
    known = THEMES.get(theme)
    said = tr("complaint: {theme}", theme=known.title.lower()) if known else theme
    harm = data()["safety"]
    return (tr(harm["says"]), said) if theme == harm["theme"] else (said,)
