"""What can be taken off, how soon, and what it would do to the rate, a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pandas as pd

from odrlib import policy
from odrlib.finding import count
from odrlib.languages import mark, sentences, tr, trn
from odrlib.plain import row_dicts
from odrlib.words.plain import day, kind_name, listing, percent, sentence

if TYPE_CHECKING:
    from odrlib.facts import Facts
    from odrlib.triage import QuizState, Reversals

VERDICT_WORDS = {
    "yes": mark("can be contested"),
    "unknown": mark("may be, but a file or a look is missing"),
    "no": mark("cannot"),
    "not needed": mark("does not count"),
}
CERTAINTY_WORDS = {
    "certain": mark("certain"),
    "likely": mark("likely"),
    "open": mark("undecided"),
    "unknown": mark("unknown"),
}


def quiz_words(state: QuizState) -> tuple[str, ...]:
    """Sentences about the quiz; none where it is not needed. Nothing here says that it is there."""
    rule = policy.table("removal")
    questions = rule["quiz"]["questions"]
    hours = rule["deadlines"]["quiz"]["hours"]
    what = tr(
        "Some sellers at risk are offered a quiz of {questions} questions, open for {hours} hours; "
        "passing it spares the plan of action and the deactivation.",
        questions=questions, hours=hours,
    )  # fmt: skip
    says: Mapping[str, tuple[str, ...]] = {
        "offered": (
            tr(
                "First take the quiz: store.toml says that its banner is on the Account Health "
                "page."
            ),
            what,
        ),
        "look": (tr("First look for a quiz banner on the Account Health page."), what),
        "not seen": (
            tr(
                "store.toml says that no quiz banner was on the Account Health page; look once "
                "more before anything is written."
            ),
            what,
        ),
        "too late": (
            tr("The quiz is offered before a deactivation only; this account needs the appeal."),
        ),
    }
    return says.get(state, ())


def contest_lines(facts: Facts) -> list[str]:
    """What can be taken off, as a terminal shows it: quiz, count, smallest set. None if nothing."""
    if facts.triage.empty:
        return []
    titles = (triage_title(facts.triage), smallest_title(facts.reversals))
    said = [sentences(*quiz_words(facts.quiz)), *map(sentence, titles)]
    return [line for line in said if line]


def triage_title(table: pd.DataFrame) -> str:
    """One sentence: how many defects can be contested, may be and cannot, and what ends first."""
    number = Counter(table["verdict"])
    can, may = number["yes"], number["unknown"]
    counted = number.total() - number["not needed"]
    if not counted:
        return tr("No defect that counts in the window, or will, is told")
    first = tr(
        "{can:,} of {defects} can be contested today, {may:,} may be, {cannot:,} cannot",
        can=can, defects=count(counted, "defect"), may=may, cannot=counted - can - may,
    )  # fmt: skip
    soon = [
        row for row in row_dicts(table) if row["verdict"] == "yes" and pd.notna(row["deadline"])
    ]
    if not soon:
        return first
    nearest = min(soon, key=itemgetter("deadline", "order_id", "kind"))
    return tr(
        "{first}; the first deadline is {day} ({left})",
        first=first, day=day(nearest["deadline"]), left=days_left(nearest),
    )  # fmt: skip


def days_left(row: Mapping[str, Any]) -> str:
    """
    How long a deadline lasts, in words.

    >>> days_left({"days_left": 0}), days_left({"days_left": 1}), days_left({"days_left": -2})
    ('today is the last day', '1 day left', '2 days too late')
    >>> days_left({"days_left": pd.NA})
    'not known'
    """
    left = row["days_left"]
    if pd.isna(left):
        return tr("not known")
    if left == 0:
        return tr("today is the last day")
    if left > 0:
        return trn("{n:,} day left", "{n:,} days left", int(left))
    return trn("{n:,} day too late", "{n:,} days too late", -int(left))


def money_words(row: Mapping[str, object]) -> str:
    """
    Money and rate of a claim, which are two things; empty where no file tells of either.

    >>> money_words({"charged_to": "seller", "odr_impact": "no"})
    'charged to the seller, does not count in the rate'
    """
    who = {
        "seller": mark("charged to the seller"),
        "amazon": mark("paid by Amazon"),
        "none": mark("nobody charged"),
    }
    counts = {"yes": mark("counts in the rate"), "no": mark("does not count in the rate")}
    said = [who.get(str(row["charged_to"])), counts.get(str(row["odr_impact"]))]
    return tr(", ", context="list").join(tr(word) for word in said if word)


def smallest_title(found: Reversals) -> str:
    """One sentence: the smallest set of reversals and what it does to the rate."""
    limit = float(found.profile.limit)
    now, then = (
        tr("at least {share}", share=percent(rate.value, limit))
        if found.before.unknown
        else percent(rate.value, limit)
        for rate in (found.before, found.after)
    )
    if found.needed is None:
        return tr("There are no orders in the window, so there is no rate to bring down")
    if not found.needed:
        if found.before.unknown:
            return tr("The rate is {now}; whether anything must be taken off is unknown", now=now)
        return tr("At {now} nothing must be taken off to be inside the limit", now=now)
    if not found.reachable:
        needed = (
            count(found.needed, "defective order")
            if found.profile.count == "orders"
            else count(found.needed, "defect")
        )
        return tr(
            "Reversals alone do not reach the limit: {needed} must go, and with all that can or "
            "may be contested the rate falls from {now} to {then}",
            needed=needed, now=now, then=then,
        )  # fmt: skip
    kinds = found.steps["kind"].value_counts()
    parts = listing(
        [tr("{number:,} {kind}", number=number, kind=kind_name(kind, number))
         for kind, number in kinds.items()]
    )  # fmt: skip
    unsure = int(found.steps["verdict"].eq("unknown").sum())
    if unsure:
        return tr(
            "The smallest set: {parts}, {unsure:,} of them only if what is unknown turns out well; "
            "all taken off, the rate falls from {now} to {then}",
            parts=parts, unsure=unsure, now=now, then=then,
        )  # fmt: skip
    return tr(
        "The smallest set: {parts}; all taken off, the rate falls from {now} to {then}",
        parts=parts, now=now, then=then,
    )  # fmt: skip
