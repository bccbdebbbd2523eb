"""
Steps: what a case does, written to its store's register if it may be done.

The register only records. It never sends anything to Amazon: the seller submits in Seller Central.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from odrlib.appeal.archive import freeze, freeze_bytes
from odrlib.appeal.cases import OUTCOMES, Case, Commitment, rules
from odrlib.appeal.exempt import write_exempted
from odrlib.appeal.journal import append
from odrlib.appeal.judging import (
    exempted_orders,
    facts_of,
    late_findings,
    may,
    not_twice,
    not_unchanged,
    original,
    words,
)
from odrlib.appeal.locking import locked
from odrlib.appeal.notices import Notice
from odrlib.appeal.register import FOLDER, Register, read_register
from odrlib.errors import BadParameter
from odrlib.finding import Finding
from odrlib.languages import tr
from odrlib.settings import read_settings


def open_case(
    store: str | Path,
    title: str,
    *,
    matter: str = "account",
    cause: str = "",
    order_ids: Iterable[str] = (),
    note: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> Case:
    """
    Open a case.

    Parameters
    ----------
    matter : account, claim, chargeback or feedback
    cause : the root-cause category that it is about (R01 …), to find it again
    on : the day, in the store's time zone; by default the day of `at`
    at : the moment of writing; by default the clock's

    Raises
    ------
    BadParameter for an empty title or an unknown matter
    """
    if not title.strip():
        raise BadParameter(tr("a case needs a title"))
    if matter not in rules()["matters"]["names"]:
        raise BadParameter(
            tr(
                "matter {matter!r}; choose {known}",
                matter=matter,
                known=", ".join(rules()["matters"]["names"]),
            )
        )

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        return f"C{len(register.cases) + 1:03d}", {
            "title": title.strip(),
            "matter": matter,
            "cause": cause,
            "order_ids": list(dict.fromkeys(order_ids)),
            "note": note,
            "on": day,
        }

    return _taken(store, "opened", step, on, at)


def add_notice(
    store: str | Path,
    case: str,
    notice: str | Path,
    *,
    on: date | None = None,
    at: datetime | None = None,
) -> Notice:
    """
    Put a notice on file: its original into the archive, what was read in it into the journal.

    `notice` is a file or the text itself, `on` the day it came; see `open_case` for the rest.
    """
    said, content, name = original(notice)

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        register.case(case)
        file = freeze_bytes(register.folder, name, content)
        return case, {"said": facts_of(said), "file": file.as_dict(), "on": day}

    _taken(store, "notice", step, on, at)
    return said


def draft_submission(
    store: str | Path,
    case: str,
    draft: str | Path,
    *,
    package: str | Path | None = None,
    facts: str | Path | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Case:
    """
    Freeze a draft, and the package and facts it goes with, as the case's next submission.

    Raises
    ------
    BadParameter while an earlier one is under review, if the draft's words were submitted before,
    or if a file cannot be read
    """
    text = words(Path(draft))

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        may(register, case, "drafted")
        not_unchanged(register, text)
        frozen = {
            name: freeze(register.folder, Path(path)).as_dict() if path else None
            for name, path in (("draft", draft), ("package", package), ("facts", facts))
        }
        return case, {**frozen, "text": text, "on": day}

    return _taken(store, "drafted", step, on, at)


def submit(
    store: str | Path, case: str, *, on: date | None = None, at: datetime | None = None
) -> tuple[Case, list[Finding]]:
    """
    Record that the draft was submitted in Seller Central. Nothing is sent from here.

    Returns the case and what is worth knowing, for example that the deadline has passed.

    Raises
    ------
    BadParameter without a draft, while the matter is under review, or for an unchanged draft
    """

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        mine = may(register, case, "submitted")
        not_twice(register, mine)
        not_unchanged(register, mine.submissions[-1].text)
        return case, {"on": day}

    done = _taken(store, "submitted", step, on, at)
    return done, late_findings(done)


def under_review(
    store: str | Path, case: str, *, on: date | None = None, at: datetime | None = None
) -> Case:
    """Record that Account Health shows the appeal as under review."""
    return _moved(store, case, "under review", on, at)


def reply(
    store: str | Path,
    case: str,
    outcome: str,
    *,
    notice: str | Path | None = None,
    reason: str = "",
    exempted: Iterable[tuple[str, str]] = (),
    on: date | None = None,
    at: datetime | None = None,
) -> Case:
    """
    Record Amazon's answer.

    Parameters
    ----------
    outcome : "more information asked", "denied" or "approved"
    notice : the answer itself, a file or its text
    exempted : (order id, kind) that Amazon took off, only with "approved"; kind claim, chargeback,
        negative_feedback or "*" for all

    Raises
    ------
    BadParameter for an outcome or kind that is not known, or a case that waits for no answer
    """
    if outcome not in OUTCOMES:
        raise BadParameter(
            tr(
                "outcome {outcome!r}; choose one of: {known}",
                outcome=outcome,
                known=", ".join(OUTCOMES),
            )
        )
    off = exempted_orders(outcome, exempted)
    said, content, name = original(notice) if notice else (None, b"", "")

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        may(register, case, outcome)
        file = freeze_bytes(register.folder, name, content).as_dict() if said else None
        return case, {
            "outcome": outcome,
            "reason": reason,
            "exempted": off,
            "said": facts_of(said) if said else None,
            "file": file,
            "on": day,
        }

    return _taken(store, "replied", step, on, at)


def withdraw(
    store: str | Path, case: str, *, on: date | None = None, at: datetime | None = None
) -> Case:
    """Record that the seller took the appeal back."""
    return _moved(store, case, "withdrawn", on, at)


def close_case(
    store: str | Path, case: str, *, on: date | None = None, at: datetime | None = None
) -> Case:
    """Close a case; a closed case stays as it is."""
    return _moved(store, case, "closed", on, at)


def commit(
    store: str | Path,
    case: str,
    what: str,
    *,
    owner: str,
    due: date | None,
    artefact: str,
    setting: str = "",
    cause: str = "",
    at: datetime | None = None,
) -> Commitment:
    """
    Record a promise of the plan.

    Parameters
    ----------
    artefact : the file that will show that it was kept
    setting : the row of the settings ledger that must agree with it

    Raises
    ------
    BadParameter if what, owner or artefact is empty
    """
    for name, value in (("what", what), ("owner", owner), ("artefact", artefact)):
        if not value.strip():
            raise BadParameter(
                tr("a commitment needs its {name}: who cannot name it cannot keep it", name=name)
            )
    if not isinstance(due, date):
        raise BadParameter(tr("a commitment needs the day that it is due"))
    made: list[str] = []

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        register.case(case)
        made.append(f"P{len(register.commitments) + 1:03d}")
        return case, {
            "id": made[0],
            "what": what,
            "owner": owner,
            "due": due.isoformat(),
            "artefact": artefact,
            "setting": setting,
            "cause": cause,
        }

    _taken(store, "committed", step, None, at)
    return read_register(store).commitments[made[0]]


def keep(
    store: str | Path,
    commitment: str,
    artefact: str | Path,
    *,
    on: date | None = None,
    at: datetime | None = None,
) -> Commitment:
    """
    Record that a promise was kept; its artefact goes into the archive.

    Raises
    ------
    BadParameter for an unknown or kept commitment, or an artefact that is no file
    """

    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        mine = register.commitments.get(commitment)
        if mine is None:
            raise BadParameter(
                tr(
                    "no commitment {commitment!r} in {store}",
                    commitment=commitment,
                    store=register.settings.id,
                )
            )
        if mine.done_on:
            raise BadParameter(
                tr(
                    "{commitment} is done since {done_on}",
                    commitment=commitment,
                    done_on=mine.done_on,
                )
            )
        file = freeze(register.folder, Path(artefact)).as_dict()
        return mine.case, {"id": commitment, "file": file, "on": day}

    _taken(store, "kept", step, on, at)
    return read_register(store).commitments[commitment]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def _taken(
    store: str | Path,
    kind: str,
    step: Callable[[Register, str], tuple[str, dict[str, Any]]],
    on: date | None,
    at: datetime | None,
) -> Case:
    """Judge and write one step under the lock; the case as it stands then."""
    moment = at or datetime.now(UTC)
    if moment.tzinfo is None:
        raise BadParameter(tr("`at` needs a time zone"))
    read_settings(Path(store))  # before a folder is made in what may be no store
    with locked(Path(store) / FOLDER):
        register = read_register(store)
        day = on or moment.astimezone(ZoneInfo(register.settings.timezone)).date()
        case, data = step(register, day.isoformat())
        append(register.folder, kind, {"case": case, **data}, moment)
        write_exempted(store)
        return read_register(store).case(case)


def _moved(store: str | Path, case: str, state: str, on: date | None, at: datetime | None) -> Case:
    def step(register: Register, day: str) -> tuple[str, dict[str, Any]]:
        may(register, case, state)
        return case, {"on": day}

    return _taken(store, state, step, on, at)
