"""Parts: root cause, corrective action and preventive action for every cause, each well formed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from odrlib.finding import Finding
from odrlib.poa.blocks import BLANK
from odrlib.poa.context import words_of
from odrlib.poa.language import Term, language
from odrlib.poa.passages import Passage
from odrlib.poa.verdicts import Judged

if TYPE_CHECKING:
    from odrlib.poa.check import Reading

PARTS = {"root": "root cause", "corrective": "corrective action", "preventive": "preventive action"}
# A named cause may be told by its column where its values are only yes and no.
OWNER, FREQUENCY, RECORD = "owner", "frequency", "artefact"
WANTED = {OWNER: "an owner", FREQUENCY: "a frequency", RECORD: "a record that shows it"}


def part_findings(reading: Reading) -> Iterator[Finding]:
    """Missing parts and causes, parts without date, owner, frequency or record, blanks left."""
    yield from _blanks(reading)
    if not any(one.kind not in ("row", "head") for one in reading.passages):
        yield _finding("poa-empty", "error", "The draft holds no text.", "Write the plan.", None)
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
            to_do = "Fill it, or record the measure and draft again."
            yield _finding(
                "poa-blank-left", "error", "A place is still to be filled.", to_do, place
            )


def _three_parts(
    reading: Reading, mine: list[Judged], heading: Passage | None, number: int
) -> Iterator[Finding]:
    bodies = [one for one in mine if one.passage.kind != "heading" and one.text.strip()]
    have = {one.passage.part for one in bodies}
    where = f"Cause {number}" if number else "The plan"
    for part, title in PARTS.items():
        if part in have or (part == "root" and not number and have - {"other", ""} == set()):
            continue
        yield _finding(
            "poa-part-missing",
            "error",
            f"{where} has no {title}.",
            "Give each cause its root cause, corrective action and preventive action.",
            reading.place(heading) if heading else None,
        )


def _corrective(reading: Reading, mine: list[Judged]) -> Iterator[Finding]:
    body = [one for one in mine if one.passage.kind != "heading"]
    if not body:
        return
    if not any(one.values("date") for one in body):
        yield _finding(
            "poa-corrective-without-date",
            "warning",
            "The corrective action has no date.",
            "Say on which day each action was done.",
            reading.place(body[0].passage),
        )
    for one in body:
        match = reading.cues.future(one.text)
        if match and not BLANK.search(one.text):
            yield _finding(
                "poa-corrective-not-done",
                "error",
                f"A corrective action is told as something to come ({match[0]!r}).",
                "Say what was done, in the past tense, with its date; plans are preventive.",
                reading.place(one.passage, one.start + match.start(), one.text.strip()[:80]),
            )


def _preventive(reading: Reading, mine: list[Judged]) -> Iterator[Finding]:
    body = [one for one in mine if one.passage.kind != "heading"]
    if not body:
        return
    text = " ".join(one.text for one in body)
    owners = [m.owner.casefold() for m in reading.known.measures if m.owner]
    for name, wanted in WANTED.items():
        said = reading.cues.says(name, text)
        if name == OWNER:
            said = said or any(owner in text.casefold() for owner in owners)
        if name == RECORD:
            said = said or _names_a_file(reading, text)
        if not said:
            yield _finding(
                f"poa-preventive-without-{name}",
                "warning",
                f"The preventive action names no {wanted.partition(' ')[2]}.",
                f"Give {wanted}: who, how often, and what shows it.",
                reading.place(body[0].passage),
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
            f"The facts name a cause that the plan does not: {bare[0]}.",
            "Say what was done about it, or why it is none.",
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
