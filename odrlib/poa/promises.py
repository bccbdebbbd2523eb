"""Promises: what a plan says was or will be done, against the register of measures and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from odrlib.finding import Finding
from odrlib.languages import tr
from odrlib.poa.blocks import BLANK
from odrlib.poa.language import catalogue
from odrlib.poa.measures import Measure, measure_of
from odrlib.poa.mentions import FILE
from odrlib.poa.parts import days_of
from odrlib.poa.statements import Judged

if TYPE_CHECKING:
    from odrlib.poa.check import Reading


def promise_findings(reading: Reading, sent: date) -> Iterator[Finding]:
    """Tense against the register, measures without entry or record, settings that disagree."""
    for one in reading.judged:
        if one.passage.kind in ("row", "head", "heading") or BLANK.search(one.text):
            continue
        measure = _meant(reading, one)
        yield from _tense(reading, one, measure, sent)
        if one.passage.part in ("corrective", "preventive"):
            yield from _record(reading, one, measure, sent)
        yield from _settings(reading, one)
    yield from _unregistered(reading)


def _meant(reading: Reading, one: Judged) -> Measure | None:
    """The measure that a sentence speaks of: by its words, else by its date alone."""
    said = measure_of(one.text, reading.known.measures)
    if said is not None:
        return said
    days = set(days_of(one))
    fit = [m for m in reading.known.measures if m.date in days]
    return fit[0] if len(fit) == 1 and one.passage.part in ("corrective", "preventive") else None


def _tense(reading: Reading, one: Judged, measure: Measure | None, sent: date) -> Iterator[Finding]:
    future = reading.cues.future(one.text)
    days = days_of(one)
    place = reading.place(one.passage, one.start, one.text.strip()[:80])
    planned = measure is not None and not measure.done
    if measure is not None and not measure.done and not future and _told_as_fact(one, measure):
        yield Finding(
            "poa-planned-as-done",
            "error",
            tr("Measure {id} is planned in the register, and told here as done.", id=measure.id),
            tr("Say that it is planned and for when, or do it and record it."),
            place,
        )
    if future and not planned and one.passage.part != "corrective":
        past = [day for day in days if day <= sent] and not reading.cues.since(one.text)
        if past or (measure is not None and measure.done and measure.date in days):
            yield Finding(
                "poa-done-as-planned",
                "error",
                tr(
                    "What is done or dated in the past is told as something to come ({words!r}).",
                    words=future[0],
                ),
                tr("Use the past tense for what was done."),
                place,
            )


def _told_as_fact(one: Judged, measure: Measure) -> bool:
    """Is it the sentence that tells the measure, not one that only names its owner or record?"""
    return (
        measure.date in days_of(one)
        or bool(re.search(rf"(?<![\w-]){re.escape(measure.id)}(?![\w-])", one.text))
        or measure.what.casefold().rstrip(".") in one.text.casefold()
    )


def _record(
    reading: Reading, one: Judged, measure: Measure | None, sent: date
) -> Iterator[Finding]:
    """The record that a sentence names must exist, and be older than the submission."""
    known = {name.casefold(): m for m in reading.known.measures for name in m.files}
    documents = _documents(reading)
    place = reading.place(one.passage, one.start, one.text.strip()[:80])
    for match in FILE.finditer(one.text):
        name = match[0].casefold()
        owner = known.get(name)
        if owner is None and name not in documents:
            yield Finding(
                "poa-record-unknown",
                "warning",
                tr("The record {record} is in no ledger of the store.", record=match[0]),
                tr("Put the file into evidence/measures/ and name it in the measures ledger."),
                place,
            )
        elif owner is not None and match[0] in owner.missing:
            yield Finding(
                "poa-record-missing",
                "error",
                tr(
                    "The record {record} of measure {id} is not in evidence/measures/.",
                    record=match[0],
                    id=owner.id,
                ),
                tr("Put the file there before the plan is sent."),
                place,
            )
    if measure is not None and measure.done and measure.date and measure.date > sent:
        yield Finding(
            "poa-record-after-submission",
            "error",
            tr(
                "Measure {id} is recorded as done on {date}, after the plan's day.",
                id=measure.id,
                date=measure.date,
            ),
            tr("A record must be older than the submission."),
            place,
        )


def _documents(reading: Reading) -> set[str]:
    """The names of all files that the ledgers know, in lower case."""
    store = reading.known.store
    names: set[str] = set()
    for table in (store.evidence, store.store_settings):
        if table is not None:
            names |= {str(name).casefold() for name in table["document"].dropna()}
    return names


def _settings(reading: Reading, one: Judged) -> Iterator[Finding]:
    """A promise that a setting of the ledger contradicts."""
    settings = reading.known.store.store_settings
    if settings is None or one.passage.part not in ("corrective", "preventive"):
        return
    for rule in catalogue("limits")["setting"]:
        promised = re.search(rule["promise"], one.text, re.IGNORECASE)
        if not promised or not re.search(rule["about"], one.text, re.IGNORECASE):
            continue
        for row in settings.to_dict("records"):
            if _contradicts(rule, row, one.text):
                yield Finding(
                    "poa-setting-contradicts",
                    "error",
                    tr(
                        "The plan promises {promised!r}, and the setting {name!r} is {value!r}.",
                        promised=promised[0],
                        name=row["name"],
                        value=row["value"],
                    ),
                    tr("Change the setting and record it, or change the promise."),
                    reading.place(one.passage, one.start, one.text.strip()[:80]),
                )


def _contradicts(rule: dict[str, Any], row: dict[str, Any], text: str) -> bool:
    value = "" if pd.isna(row["value"]) else str(row["value"]).strip()
    if not value or not re.search(rule["name"], str(row["name"]), re.IGNORECASE):
        return False
    if rule["off"] != "number":
        return bool(re.search(rule["off"], value, re.IGNORECASE))
    promised = re.search(rule["about"], text, re.IGNORECASE)
    told = re.search(r"\d+", value)
    return bool(promised and told) and re.search(r"\d+", promised[0])[0] != told[0]  # type: ignore[index]


def _unregistered(reading: Reading) -> Iterator[Finding]:
    """Parts that promise something while no sentence of theirs is in the register."""
    parts: dict[tuple[int, str], list[Judged]] = {}
    for one in reading.judged:
        if one.passage.part in ("corrective", "preventive") and one.passage.kind != "heading":
            parts.setdefault((one.passage.cause, one.passage.part), []).append(one)
    for (cause, part), body in parts.items():
        if any(BLANK.search(one.text) for one in body):
            continue
        if any(_meant(reading, one) or _paid(reading, one) for one in body):
            continue
        yield Finding(
            "poa-not-in-register",
            "warning",
            _unrecorded(cause, part),
            tr("Record each measure with owner, date and record before promising it."),
            reading.place(body[0].passage),
        )


def _unrecorded(cause: int, part: str) -> str:
    if cause and part == "corrective":
        return tr(
            "Cause {cause}: no sentence of the corrective action is in the measures ledger.",
            cause=cause,
        )
    if cause:
        return tr(
            "Cause {cause}: no sentence of the preventive action is in the measures ledger.",
            cause=cause,
        )
    if part == "corrective":
        return tr("The plan: no sentence of the corrective action is in the measures ledger.")
    return tr("The plan: no sentence of the preventive action is in the measures ledger.")


def _paid(reading: Reading, one: Judged) -> bool:
    """Does the sentence tell of refunds that the costs ledger holds?"""
    return any(
        verdict == "supported" and key.startswith("ledger.costs") for verdict, key in one.verdicts
    )
