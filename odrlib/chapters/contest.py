"""What can be taken off: the quiz first, then each defect, then the smallest set that is enough."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib import policy, words
from odrlib.chapters.parts import as_told, headline_of
from odrlib.facts import Facts
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.triage import quiz_state
from odrlib.words.triage import (
    VERDICT_WORDS,
    days_left,
    money_words,
    quiz_words,
    smallest_title,
    triage_title,
)

_PROMISE = "Amazon or the buyer decides; nothing here promises a result."
_BUYER = (
    "A buyer may be asked once, politely, after the problem is solved: never for money, and never "
    "with a refund made to depend on it."
)


def quiz(facts: Facts) -> Shown:
    """Whether to look for the quiz before anything is written."""
    state = quiz_state(facts.store.settings.account, headline_of(facts).status)
    return show.say(*quiz_words(state) or ("There is no sign that a quiz is needed.",))


def triage(facts: Facts) -> Shown:
    """Every defect of the window and of the orders that will enter it, the most urgent first."""
    table = facts.triage
    if table.empty:
        return as_told(facts, triage_title(table))
    told = table.assign(
        kind=[words.kind_name(kind, 1) for kind in table["kind"]],
        why=[_why(row) for row in table[["verdict", "why", "proof"]].to_dict("records")],
        verdict=[VERDICT_WORDS[verdict] for verdict in table["verdict"]],
        left=[days_left(row) for row in table[["days_left"]].to_dict("records")],
        proof=["; ".join(lines) for lines in table["proof"]],
        money=[money_words(row) for row in table[["charged_to", "odr_impact"]].to_dict("records")],
        also=[_also(ways) for ways in table["also"]],
    )
    columns = ["order_id", "kind", "verdict", "route", "deadline", "why", "proof", "left",
               "certainty", "odr_after", "where", "also", "money", "day"]  # fmt: skip
    return show.table(
        told[columns],
        triage_title(table),
        formats={"odr_after": ".3%"},
        labels={
            "verdict": "can it be taken off", "route": "by", "left": "time left",
            "odr_after": "rate once it alone is off", "proof": "what it takes",
            "also": "other ways", "money": "money and rate", "day": "ordered",
        },
        download="triage.csv",
        rows=6,
        aside=["proof", "left", "certainty", "odr_after", "where", "also", "money", "day"],
        note=f"{_PROMISE} Deadlines are days of {facts.store.settings.timezone}, the last day "
        f"included. {_BUYER}",
    )  # fmt: skip


def _why(row: dict[str, Any]) -> str:
    """Why it is so, and what it takes where there is a way."""
    takes = "; ".join(row["proof"])
    return f"{row['why']} It takes: {takes}." if takes and row["verdict"] != "no" else row["why"]


def _also(ways: tuple[dict[str, str], ...]) -> str:
    return "; ".join(f"{way['route']}: {way['verdict']}" for way in ways)


def smallest_set(facts: Facts) -> Shown:
    """The fewest reversals that bring the rate of the chosen rule inside its limit."""
    found = facts.reversals
    if found.steps.empty:
        return show.say(words.sentence(smallest_title(found)))
    title = policy.PROFILES[found.profile.name].title
    steps = found.steps.assign(
        kind=[words.kind_name(kind, 1) for kind in found.steps["kind"]],
        verdict=[VERDICT_WORDS[verdict] for verdict in found.steps["verdict"]],
        left=[days_left(row) for row in found.steps[["days_left"]].to_dict("records")],
    )
    columns = ["step", "order_id", "kind", "route", "verdict", "certainty", "deadline", "left",
               "rate_after", "under", "leaves_on"]  # fmt: skip
    return show.table(
        steps[columns].assign(leaves_on=pd.to_datetime(steps["leaves_on"])),
        smallest_title(found),
        formats={"rate_after": ".3%"},
        labels={
            "route": "by", "verdict": "can it be taken off", "left": "time left",
            "rate_after": "rate after this and all above", "under": "inside the limit",
            "leaves_on": "leaves the window by itself on",
        },
        download="smallest-set.csv",
        note=f"{title}. Of sets of one size the surest come first, then near deadlines, then "
        f"orders that stay in the window longest. {_PROMISE}",
    )  # fmt: skip
