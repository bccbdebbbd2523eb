"""Cases: what the journal's lines add up to."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from odrlib.appeal.archive import Frozen, frozen
from odrlib.appeal.journal import Entry
from odrlib.languages import mark, worded

WAITING = ("submitted", "under review")
OUTCOMES = ("more information asked", "denied", "approved")


STATE_WORDS = {
    "opened": mark("opened", context="case"),
    "drafted": mark("drafted", context="case"),
    "submitted": mark("submitted", context="case"),
    "under review": mark("under review", context="case"),
    "more information asked": mark("more information asked", context="case"),
    "denied": mark("denied", context="case"),
    "approved": mark("approved", context="case"),
    "withdrawn": mark("withdrawn", context="case"),
    "closed": mark("closed", context="case"),
}


def said_state(code: str) -> str:
    """The state of a case, or the outcome of a submission, in words."""
    return worded(code, STATE_WORDS, context="case")


MATTER_WORDS = {
    "account": mark("account", context="matter"),
    "claim": mark("claim", context="matter"),
    "chargeback": mark("chargeback", context="matter"),
    "feedback": mark("feedback", context="matter"),
}


def said_matter(code: str) -> str:
    """What a case is about, in words."""
    return worded(code, MATTER_WORDS, context="matter")


@cache
def rules() -> dict[str, Any]:
    """The content of rules.toml."""
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Received:
    """A notice or reply on file: the day it came, what was read in it, and the file itself."""

    on: date
    said: Mapping[str, Any]
    file: Frozen


@dataclass(frozen=True)
class Submission:
    """
    One attempt of a case: the draft, package and facts as they were, by hash.

    `text` is the hash of the draft's words alone, equal where only the form was changed.
    """

    number: int
    drafted_on: date
    draft: Frozen
    text: str
    package: Frozen | None = None
    facts: Frozen | None = None
    submitted_on: date | None = None
    outcome: str = ""
    answered_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Commitment:
    """A promise of the plan: what, by whom, by when, shown by which file and which setting."""

    id: str
    case: str
    what: str
    owner: str
    due: date
    artefact: str
    setting: str = ""
    cause: str = ""
    done_on: date | None = None
    proof: Frozen | None = None

    def state(self, today: date) -> str:
        """open, done, or late."""
        return "done" if self.done_on else "late" if self.due < today else "open"


@dataclass(frozen=True)
class Case:
    """
    One matter with Amazon: its state, its notices and its submissions.

    Parameters
    ----------
    matter : account, claim, chargeback or feedback
    exempted : (order id, kind or "*") that Amazon took off, each with the day and the note
    """

    id: str
    title: str
    matter: str
    state: str
    opened_on: date
    cause: str = ""
    order_ids: tuple[str, ...] = ()
    note: str = ""
    notices: tuple[Received, ...] = ()
    submissions: tuple[Submission, ...] = ()
    exempted: tuple[tuple[str, str, date, str], ...] = ()
    closed_on: date | None = None

    @property
    def outcome(self) -> str:
        """The last answer; empty if there is none."""
        return next((s.outcome for s in reversed(self.submissions) if s.outcome), "")

    @property
    def current(self) -> Submission | None:
        """The newest submission."""
        return self.submissions[-1] if self.submissions else None


@dataclass
class Book:
    """Cases and commitments by id, as the journal tells them, line after line."""

    cases: dict[str, Case] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Add one line; a kind that is not known here adds nothing."""
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(self, entry.data)

    def _change(self, data: Mapping[str, Any], **changes: Any) -> None:
        self.cases[data["case"]] = replace(self.cases[data["case"]], **changes)

    def _opened(self, data: Mapping[str, Any]) -> None:
        self.cases[data["case"]] = Case(
            id=data["case"],
            title=data["title"],
            matter=data["matter"],
            state="opened",
            opened_on=_day(data["on"]),
            cause=data["cause"],
            order_ids=tuple(data["order_ids"]),
            note=data["note"],
        )

    def _noticed(self, data: Mapping[str, Any]) -> None:
        received = Received(_day(data["on"]), data["said"], frozen(data["file"]))
        self._change(data, notices=(*self.cases[data["case"]].notices, received))

    def _drafted(self, data: Mapping[str, Any]) -> None:
        kept = [s for s in self.cases[data["case"]].submissions if s.submitted_on]
        draft = Submission(
            number=len(kept) + 1,
            drafted_on=_day(data["on"]),
            draft=frozen(data["draft"]),
            text=data["text"],
            package=frozen(data["package"]),
            facts=frozen(data["facts"]),
        )
        self._change(data, state="drafted", submissions=(*kept, draft))

    def _submitted(self, data: Mapping[str, Any]) -> None:
        self._last(data, "submitted", submitted_on=_day(data["on"]))

    def _reviewed(self, data: Mapping[str, Any]) -> None:
        self._change(data, state="under review")

    def _replied(self, data: Mapping[str, Any]) -> None:
        on = _day(data["on"])
        self._last(
            data, data["outcome"], outcome=data["outcome"], answered_on=on, reason=data["reason"]
        )
        exempted = [(order, kind, on, data["reason"]) for order, kind in data["exempted"]]
        self._change(data, exempted=(*self.cases[data["case"]].exempted, *exempted))
        if data["file"]:
            self._noticed(data)

    def _last(self, data: Mapping[str, Any], state: str, **changes: Any) -> None:
        *before, last = self.cases[data["case"]].submissions
        self._change(data, state=state, submissions=(*before, replace(last, **changes)))

    def _withdrawn(self, data: Mapping[str, Any]) -> None:
        self._change(data, state="withdrawn")

    def _closed(self, data: Mapping[str, Any]) -> None:
        self._change(data, state="closed", closed_on=_day(data["on"]))

    def _committed(self, data: Mapping[str, Any]) -> None:
        self.commitments[data["id"]] = Commitment(
            **{**data, "due": _day(data["due"])},
        )

    def _kept(self, data: Mapping[str, Any]) -> None:
        done = replace(
            self.commitments[data["id"]], done_on=_day(data["on"]), proof=frozen(data["file"])
        )
        self.commitments[data["id"]] = done


_STEPS: dict[str, Callable[[Book, Mapping[str, Any]], None]] = {
    "opened": Book._opened,
    "notice": Book._noticed,
    "drafted": Book._drafted,
    "submitted": Book._submitted,
    "under review": Book._reviewed,
    "replied": Book._replied,
    "withdrawn": Book._withdrawn,
    "closed": Book._closed,
    "committed": Book._committed,
    "kept": Book._kept,
}


def _day(text: str) -> date:
    return date.fromisoformat(text)
