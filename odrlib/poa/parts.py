"""Parts: root cause, corrective action and preventive action for every cause, each well formed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from odrlib.finding import Finding
from odrlib.languages import tr
from odrlib.poa.blocks import BLANK
from odrlib.poa.context import words_of
from odrlib.poa.language import Term, language
from odrlib.poa.passages import Passage
from odrlib.poa.statements import Judged

if TYPE_CHECKING:
    from odrlib.poa.check import Reading

PARTS = ("root", "corrective", "preventive")
# A named cause may be told by its column where its values are only yes and no.
OWNER, FREQUENCY, RECORD = "owner", "frequency", "artefact"
WANTED = (OWNER, FREQUENCY, RECORD)


def part_findings(reading: Reading) -> Iterator[Finding]:
    """Missing parts and causes, parts without date, owner, frequency or record, blanks left."""
    yield from _blanks(reading)
    if not any(one.kind not in ("row", "head") for one in reading.passages):
        yield _finding(
            "poa-empty", "error", tr("The draft holds no text."), tr("Write the plan."), None
        )
        return
    sections = sorted({one.cause for one in reading.passages if one.cause})
    unexplained = language(reading.cues.code).say("unexplained").casefold()
    for number in sections or [0]:
        mine = [one for one in reading.judged if one.passage.cause == number]
        heading = next((one.passage for one in mine if one.passage.kind == "heading"), None)
        if heading is not None and unexplained in heading.text.casefold():
            continue
        yield from _three_parts(reading, mine, heading, number)
        yield from _corrective(reading, [one for one in mine if one.passage.part == "corrective"])
        yield from _preventive(reading, [one for one in mine if one.passage.part == "preventive"])
    yield from _causes_named(reading)


def _finding(
    name: str, level: str, message: str, to_do: str, place: object, order_ids: tuple[str, ...] = ()
) -> Finding:
    return Finding(name, level, message, to_do, place, order_ids=order_ids)  # type: ignore[arg-type]


def _blanks(reading: Reading) -> Iterator[Finding]:
    for one in reading.passages:
        for match in BLANK.finditer(one.text):
            place = reading.place(one, match.start(), match[0])
            to_do = tr("Fill it, or record the measure and draft again.")
            yield _finding(
                "poa-blank-left", "error", tr("A place is still to be filled."), to_do, place
            )


def _three_parts(
    reading: Reading, mine: list[Judged], heading: Passage | None, number: int
) -> Iterator[Finding]:
    bodies = [one for one in mine if one.passage.kind != "heading" and one.text.strip()]
    have = {one.passage.part for one in bodies}
    for part in PARTS:
        if part in have or (part == "root" and not number and have - {"other", ""} == set()):
            continue
        yield _finding(
            "poa-part-missing",
            "error",
            _lacks(part, number),
            tr("Give each cause its root cause, corrective action and preventive action."),
            reading.place(heading) if heading else None,
        )


def _lacks(part: str, number: int) -> str:
    """That a part is missing, of a cause or of the whole plan."""
    if number:
        return {
            "root": tr("Cause {number} has no root cause.", number=number),
            "corrective": tr("Cause {number} has no corrective action.", number=number),
            "preventive": tr("Cause {number} has no preventive action.", number=number),
        }[part]
    return {
        "root": tr("The plan has no root cause."),
        "corrective": tr("The plan has no corrective action."),
        "preventive": tr("The plan has no preventive action."),
    }[part]


def _corrective(reading: Reading, mine: list[Judged]) -> Iterator[Finding]:
    body = [one for one in mine if one.passage.kind != "heading"]
    if not body:
        return
    if not any(one.values("date") for one in body):
        yield _finding(
            "poa-corrective-without-date",
            "warning",
            tr("The corrective action has no date."),
            tr("Say on which day each action was done."),
            reading.place(body[0].passage),
        )
    for one in body:
        match = reading.cues.future(one.text)
        if match and not BLANK.search(one.text):
            yield _finding(
                "poa-corrective-not-done",
                "error",
                tr("A corrective action is told as something to come ({words!r}).", words=match[0]),
                tr("Say what was done, in the past tense, with its date; plans are preventive."),
                reading.place(one.passage, one.start + match.start(), one.text.strip()[:80]),
            )


def _preventive(reading: Reading, mine: list[Judged]) -> Iterator[Finding]:
    body = [one for one in mine if one.passage.kind != "heading"]
    if not body:
        return
    text = " ".join(one.text for one in body)
    owners = [m.owner.casefold() for m in reading.known.measures if m.owner]
    for name in WANTED:
        said = bool(reading.cues.says(name, text))
        if name == OWNER:
            said = said or any(owner in text.casefold() for owner in owners)
        if name == RECORD:
            said = said or _names_a_file(reading, text)
        if not said:
            yield _finding(
                f"poa-preventive-without-{name}",
                "warning",
                *_unnamed(name),
                reading.place(body[0].passage),
            )


def _unnamed(name: str) -> tuple[str, str]:
    """What the preventive action does not name, and what to do."""
    if name == OWNER:
        return (
            tr("The preventive action names no owner."),
            tr("Give an owner: who, how often, and what shows it."),
        )
    if name == FREQUENCY:
        return (
            tr("The preventive action names no frequency."),
            tr("Give a frequency: who, how often, and what shows it."),
        )
    return (
        tr("The preventive action names no record that shows it."),
        tr("Give a record that shows it: who, how often, and what shows it."),
    )


def _names_a_file(reading: Reading, text: str) -> bool:
    folded = text.casefold()
    return any(name.casefold() in folded for m in reading.known.measures for name in m.files)


def _causes_named(reading: Reading) -> Iterator[Finding]:
    """Named causes of the facts that the plan does not speak of by any of their names."""
    folded = reading.text.casefold()
    for group in reading.known.groups:
        words = words_of(group, reading.cues.code)
        bare = [word for word in words if not _is_column(word, reading.cues.code)]
        if group.cause is None or not bare or any(word in folded for word in words):
            continue
        yield _finding(
            "poa-cause-not-named",
            "warning",
            tr("The facts name a cause that the plan does not: {cause}.", cause=bare[0]),
            tr("Say what was done about it, or why it is none."),
            None,
            tuple(group.order_ids),
        )


def _is_column(word: str, code: str) -> bool:
    columns = ("delivered_late", "slow_answer", "handed_over_late")
    terms = {
        language(code).write(Term("column", name)).rstrip(":：").casefold() for name in columns
    }
    return word in terms


def days_of(one: Judged) -> list[date]:
    """The whole days that a sentence names."""
    return [day for day in one.values("date") if isinstance(day, date)]
