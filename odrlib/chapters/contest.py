"""What can be taken off: the quiz first, then each defect, then the smallest set that is enough."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib import policy, words
from odrlib.chapters.labels import in_words, labels_of
from odrlib.chapters.parts import as_told, headline_of
from odrlib.facts import Facts
from odrlib.languages import mark, sentences, tr
from odrlib.plain import row_dicts
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.triage import quiz_state
from odrlib.words.triage import (
    CERTAINTY_WORDS,
    VERDICT_WORDS,
    days_left,
    money_words,
    quiz_words,
    smallest_title,
    triage_title,
)

_PROMISE = mark("Amazon or the buyer decides; nothing here promises a result.")
_BUYER = mark(
    "A buyer may be asked once, politely, after the problem is solved: never for money, and never "
    "with a refund made to depend on it."
)


def quiz(facts: Facts) -> Shown:
    """Whether to look for the quiz before anything is written."""
    state = quiz_state(facts.store.settings.account, headline_of(facts).status)
    said = quiz_words(state) or (tr("There is no sign that a quiz is needed."),)
    return show.say(sentences(*said))


def triage(facts: Facts) -> Shown:
    """Every defect of the window and of the orders that will enter it, the most urgent first."""
    table = facts.triage
    title = triage_title(table)
    if table.empty:
        return as_told(facts, title)
    rows = row_dicts(table)
    told = table.assign(
        kind=[words.kind_name(row["kind"], 1) for row in rows],
        why=[_why(row) for row in rows],
        verdict=in_words(table["verdict"], VERDICT_WORDS),
        certainty=in_words(table["certainty"], CERTAINTY_WORDS),
        route=_routes(table["route"]),
        left=[days_left(row) for row in rows],
        proof=[tr("; ", context="list").join(row["proof"]) for row in rows],
        money=[money_words(row) for row in rows],
        also=[_also(row["also"]) for row in rows],
    )
    columns = ["order_id", "kind", "verdict", "route", "deadline", "why", "proof", "left",
               "certainty", "odr_after", "where", "also", "money", "day"]  # fmt: skip
    return show.table(
        told[columns],
        title,
        formats={"odr_after": ".3%"},
        labels=labels_of(columns, _labels() | {
            "where": tr("where in Seller Central"),
            "odr_after": tr("rate once it alone is off"),
            "proof": tr("what it takes"),
            "also": tr("other ways"),
            "money": tr("money and rate"),
        }),
        download="triage.csv",
        rows=6,
        aside=["proof", "left", "certainty", "odr_after", "where", "also", "money", "day"],
        note=sentences(
            tr(_PROMISE),
            tr("Deadlines are days of {timezone}, the last day included.",
               timezone=facts.store.settings.timezone),
            tr(_BUYER),
        ),
    )  # fmt: skip


def _labels() -> dict[str, str]:
    """What both tables call the same columns."""
    return {
        "verdict": tr("can it be taken off"),
        "route": tr("by"),
        "left": tr("time left"),
    }


def _why(row: dict[str, Any]) -> str:
    """Why it is so, and what it takes where there is a way."""
    takes = tr("; ", context="list").join(row["proof"])
    if not takes or row["verdict"] == "no":
        text: str = row["why"]
        return text
    return sentences(row["why"], tr("It takes: {takes}.", takes=takes))


def _also(ways: tuple[dict[str, str], ...]) -> str:
    return tr("; ", context="list").join(
        tr("{route}: {verdict}", route=tr(way["route"]), verdict=tr(VERDICT_WORDS[way["verdict"]]))
        for way in ways
    )


def _routes(routes: pd.Series) -> list[str]:
    """The ways of policy/removal.toml, which are codes of `status --json` too, in words."""
    return [tr(route) if isinstance(route, str) else route for route in routes]


def smallest_set(facts: Facts) -> Shown:
    """The fewest reversals that bring the rate of the chosen rule inside its limit."""
    found = facts.reversals
    if found.steps.empty:
        return show.say(words.sentence(smallest_title(found)))
    title = policy.PROFILES[found.profile.name].title
    steps = found.steps.assign(
        kind=[words.kind_name(kind, 1) for kind in found.steps["kind"]],
        verdict=in_words(found.steps["verdict"], VERDICT_WORDS),
        certainty=in_words(found.steps["certainty"], CERTAINTY_WORDS),
        route=_routes(found.steps["route"]),
        left=[days_left(row) for row in row_dicts(found.steps)],
    )
    columns = ["step", "order_id", "kind", "route", "verdict", "certainty", "deadline", "left",
               "rate_after", "under", "leaves_on"]  # fmt: skip
    return show.table(
        steps[columns].assign(leaves_on=pd.to_datetime(steps["leaves_on"])),
        smallest_title(found),
        formats={"rate_after": ".3%"},
        labels=labels_of(columns, _labels() | {
            "rate_after": tr("rate after this and all above"),
            "leaves_on": tr("leaves the window by itself on"),
        }),
        download="smallest-set.csv",
        note=sentences(
            tr("{rule}. Of sets of one size the surest come first, then near deadlines, then "
               "orders that stay in the window longest.", rule=title),
            tr(_PROMISE),
        ),
    )  # fmt: skip
