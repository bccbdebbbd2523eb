"""What can be taken off, how soon, and what it would do to the rate, a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from odrlib import policy
from odrlib.finding import count
from odrlib.words.plain import day, kind_name, listing, percent

if TYPE_CHECKING:
    from odrlib.facts import Facts
    from odrlib.triage import QuizState, Reversals

VERDICT_WORDS = {
    "yes": "can be contested",
    "unknown": "may be, but a file or a look is missing",
    "no": "cannot",
    "not needed": "does not count",
}


def quiz_words(state: QuizState) -> tuple[str, ...]:
    """Sentences about the quiz; none where it is not needed. Nothing here says that it is there."""
    rule = policy.table("removal")
    questions = rule["quiz"]["questions"]
    hours = rule["deadlines"]["quiz"]["hours"]
    what = (
        f"Some sellers at risk are offered a quiz of {questions} questions, open for {hours} "
        "hours; passing it spares the plan of action and the deactivation."
    )
    says: Mapping[str, tuple[str, ...]] = {
        "offered": (
            "First take the quiz: store.toml says that its banner is on the Account Health page.",
            what,
        ),
        "look": ("First look for a quiz banner on the Account Health page.", what),
        "not seen": (
            "store.toml says that no quiz banner was on the Account Health page; look once more "
            "before anything is written.",
            what,
        ),
        "too late": (
            "The quiz is offered before a deactivation only; this account needs the appeal.",
        ),
    }
    return says.get(state, ())


def contest_lines(facts: Facts) -> list[str]:
    """What can be taken off, as a terminal shows it: quiz, count, smallest set. None if nothing."""
    if facts.triage.empty:
        return []
    said = [" ".join(quiz_words(facts.quiz)), f"{triage_title(facts.triage)}."]
    return [line for line in (*said, f"{smallest_title(facts.reversals)}.") if line]


def triage_title(table: pd.DataFrame) -> str:
    """One sentence: how many defects can be contested, may be and cannot, and what ends first."""
    counted = table[table["verdict"] != "not needed"]
    if counted.empty:
        return "No defect that counts in the window, or will, is told"
    number = counted["verdict"].value_counts()
    can, may = (int(number.get(verdict, 0)) for verdict in ("yes", "unknown"))
    first = (
        f"{can:,} of {count(len(counted), 'defect')} can be contested today, {may:,} may be, "
        f"{len(counted) - can - may:,} cannot"
    )
    soon = counted[(counted["verdict"] == "yes") & counted["deadline"].notna()]
    if soon.empty:
        return first
    nearest = soon.sort_values(["deadline", "order_id", "kind"]).iloc[0]
    return f"{first}; the first deadline is {day(nearest['deadline'])} ({days_left(nearest)})"


def days_left(row: Mapping[str, object]) -> str:
    """
    How long a deadline lasts, in words.

    >>> days_left({"days_left": 0}), days_left({"days_left": 1}), days_left({"days_left": -2})
    ('today is the last day', '1 day left', '2 days too late')
    >>> days_left({"days_left": pd.NA})
    'not known'
    """
    left = row["days_left"]
    if pd.isna(left):
        return "not known"
    if left == 0:
        return "today is the last day"
    return f"{count(abs(int(left)), 'day')} {'left' if left > 0 else 'too late'}"


def money_words(row: Mapping[str, object]) -> str:
    """
    Money and rate of a claim, which are two things; empty where no file tells of either.

    >>> money_words({"charged_to": "seller", "odr_impact": "no"})
    'charged to the seller, does not count in the rate'
    """
    who = {"seller": "charged to the seller", "amazon": "paid by Amazon", "none": "nobody charged"}
    counts = {"yes": "counts in the rate", "no": "does not count in the rate"}
    said = [who.get(str(row["charged_to"])), counts.get(str(row["odr_impact"]))]
    return ", ".join(word for word in said if word)


def smallest_title(found: Reversals) -> str:
    """One sentence: the smallest set of reversals and what it does to the rate."""
    limit = float(found.profile.limit)
    least = "at least " if found.before.unknown else ""
    now = f"{least}{percent(found.before.value, limit)}"
    then = f"{least}{percent(found.after.value, limit)}"
    noun = "defective order" if found.profile.count == "orders" else "defect"
    if found.needed is None:
        return "There are no orders in the window, so there is no rate to bring down"
    if not found.needed:
        if found.before.unknown:
            return f"The rate is {now}; whether anything must be taken off is unknown"
        return f"At {now} nothing must be taken off to be inside the limit"
    if not found.reachable:
        return (
            f"Reversals alone do not reach the limit: {count(found.needed, noun)} must go, and "
            f"with all that can or may be contested the rate falls from {now} to {then}"
        )
    kinds = found.steps["kind"].value_counts()
    parts = listing([f"{number:,} {kind_name(kind, number)}" for kind, number in kinds.items()])
    unsure = int(found.steps["verdict"].eq("unknown").sum())
    hope = f", {unsure:,} of them only if what is unknown turns out well" if unsure else ""
    return f"The smallest set: {parts}{hope}; all taken off, the rate falls from {now} to {then}"
