"""Chargebacks: the answer within seven days, and the class that does not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odrlib.languages import tr
from odrlib.triage.candidate import Candidate, Condition, in_time, weighed
from odrlib.triage.gather import Case
from odrlib.triage.routes import ROUTES, last_day
from odrlib.triage.rows import day


def chargeback_candidates(case: Case) -> list[Candidate]:
    """The ways for a chargeback that counts."""
    row = case.record
    found = [_answer(case, row)]
    if row.get("class_") is None:
        unknown = Condition(
            "payment fraud",
            "unknown",
            tr("no file tells whether it is fraud, which does not count, or service"),
            "chargebacks.class, reason_code",
        )
        found.append(
            weighed(ROUTES["fraud_chargeback"], [unknown], deadline=None, certainty="likely")
        )
    return found


def _answer(case: Case, row: Mapping[str, Any]) -> Candidate:
    filed = day(row.get("filed_on")) or case.on
    written = day(row.get("answer_by"))
    until = last_day("chargeback_answer", filed, written)
    field = "chargebacks.answer_by" if written else "chargebacks.filed_on"
    return weighed(
        ROUTES["chargeback_answer"],
        [
            _open(case, row),
            in_time(until, case.as_of, tr("no file tells when the chargeback came"), field),
        ],
        deadline=until,
        certainty="open",
        topic=case.said.topic if case.said else None,
    )


def _open(case: Case, row: Mapping[str, Any]) -> Condition:
    name, field = "not answered yet", "chargebacks.status"
    if case.request == "refused":
        return Condition(name, "no", tr("the answer was refused"), "removals.result")
    if case.request == "pending" or row.get("stage") == "answered":
        says = tr("an answer is under review; a second one must not be sent")
        return Condition(name, "unknown", says, field)
    if row.get("stage") == "closed":
        return Condition(name, "no", _closed(row), field)
    return Condition(name, "yes", tr("not answered yet"), field)


def _closed(row: Mapping[str, Any]) -> str:
    """That it is over, with the word of the file for it if there is one."""
    status = str(row.get("status") or "").strip().casefold()
    return tr("closed already ({status})", status=status) if status else tr("closed already")
