"""Candidate: one way to take one defect off, the conditions it has, and the verdict they give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from odrlib.languages import language, mark, tr
from odrlib.languages.forms import day
from odrlib.triage.routes import Route

Answer = Literal["yes", "no", "unknown"]
Verdict = Literal["yes", "no", "not needed", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("yes", "unknown", "no", "not needed")
COMMENT = "feedback.comment"
_WEIGHED = mark("Amazon weighs the proof")
CERTAINTIES = ("certain", "likely", "open", "unknown")


@dataclass(frozen=True)
class Condition:
    """
    One thing that has to be so.

    Parameters
    ----------
    says : a clause that says what is so, or what is not known
    field : table and column that say it
    soft : it rests on our own reading or on a third party's word, not on a date or field that
        Amazon's rule names
    """

    name: str
    answer: Answer
    says: str
    field: str
    soft: bool = False

    def as_dict(self) -> dict[str, str]:
        """The condition as JSON."""
        return {"name": self.name, "answer": self.answer, "says": self.says, "field": self.field}


def all_of(conditions: Iterable[Condition]) -> Answer:
    """One "no" decides; otherwise unknown never becomes yes."""
    answers = {condition.answer for condition in conditions}
    if "no" in answers:
        return "no"
    return "unknown" if "unknown" in answers else "yes"


def in_time(
    until: date | None, as_of: date, untold: str, field: str, *, soft: bool = False
) -> Condition:
    """The last day is still in time; without a day nobody knows, and `untold` says why."""
    if until is None:
        return Condition("in time", "unknown", untold, field)
    if as_of > until:
        says = tr("the time for it ended on {day}", day=day(until))
        return Condition("in time", "no", says, field, soft)
    return Condition("in time", "yes", tr("in time until {day}", day=day(until)), field)


@dataclass(frozen=True)
class Candidate:
    """
    One way for one defect.

    Parameters
    ----------
    route : None if nothing is to be done
    name : the route as printed; of a defect that is off already, why it is
    certainty : "certain" a file says it; "likely" as far as files and our reading of a text tell;
        "open" the way is open and Amazon weighs the proof; "unknown"
    deadline : last day in time, in the store's time zone
    decides : False for a way that never gives a defect its verdict
    """

    route: Route | None
    name: str
    verdict: Verdict
    certainty: str
    why: str
    proof: tuple[str, ...] = ()
    deadline: date | None = None
    conditions: tuple[Condition, ...] = ()
    decides: bool = True

    @property
    def order(self) -> tuple[int, ...]:
        """The best first: open ways before unknown ones, then what fails least."""
        rank = self.route.rank if self.route else 99
        answers = [condition.answer for condition in self.conditions]
        return (
            not self.decides,
            VERDICTS.index(self.verdict),
            # What the comment is not about is no way to it, however few other conditions fail.
            sum(one.field == COMMENT and one.answer == "no" for one in self.conditions),
            answers.count("no"),
            answers.count("unknown"),
            rank,
        )


def weighed(
    route: Route,
    conditions: Iterable[Condition],
    *,
    deadline: date | None,
    certainty: str,
    topic: str | None = None,
    decides: bool = True,
) -> Candidate:
    """
    The candidate that the conditions give.

    Parameters
    ----------
    certainty : of a "yes"; a "no" is certain unless all that says so is soft
    """
    conditions = tuple(conditions)
    verdict = all_of(conditions)
    telling = [one for one in conditions if one.answer == verdict]
    is_open = verdict == "yes" and certainty == "open"
    soft = all(one.soft for one in telling)
    return Candidate(
        route=route,
        name=route.name,
        verdict=verdict,
        certainty={
            "yes": certainty,
            "unknown": "unknown",
            "no": "likely" if soft else "certain",
        }[verdict],
        why=sentence([*(one.says for one in telling), tr(_WEIGHED) if is_open else ""]),
        proof=route.proof(topic),
        deadline=deadline,
        conditions=conditions,
        decides=decides,
    )


def sentence(clauses: Iterable[str]) -> str:
    """Clauses as one sentence, the first letter a capital."""
    told = list(dict.fromkeys(clause for clause in clauses if clause))
    if language() == "zh":
        return "；".join(told) + "。" if told else ""
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
