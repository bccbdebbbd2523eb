"""Agenda: what the register of one store says for its facts: open dates, promises, answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from odrlib.appeal.due import register_dates
from odrlib.appeal.register import read_register


def agenda(store: str | Path) -> dict[str, Any]:
    """
    The part `appeals` of facts.json. Days are said, never how far away they are.

    Returns
    -------
    `due` open dates of cases and commitments; `commitments` how many are open and done; `cases` the
    number of cases by state; `answers` what came back from Amazon; `linked_account` whether a
    notice asks for another account to be reactivated first; `errors` what is wrong in the register
    """
    register = read_register(store)
    cases = list(register.cases.values())
    promises = list(register.commitments.values())
    done = sum(one.done_on is not None for one in promises)
    return {
        "due": [
            {"what": one.what, "id": one.id, "due": one.due, "latest": one.latest}
            for one in register_dates(register)
        ],
        "commitments": {"open": len(promises) - done, "done": done},
        "cases": dict(sorted(Counter(case.state for case in cases).items())),
        "answers": [
            {"case": case.id, "number": one.number, "outcome": one.outcome, "on": one.answered_on}
            for case in cases
            for one in case.submissions
            if one.outcome
        ],
        "linked_account": any(
            bool(notice.said.get("linked_account")) for case in cases for notice in case.notices
        ),
        "errors": len(register.findings),
    }
