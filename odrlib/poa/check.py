"""
Check: any draft of a Plan of Action, by whomever, against the facts of the store.

Every number, day, id and name gets a verdict; the rules of a good plan give findings. Findings are
results, never errors: only a draft that cannot be read is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from odrlib.facts import Facts
from odrlib.finding import Finding, Place
from odrlib.languages import tr
from odrlib.poa.coverage import coverage_findings
from odrlib.poa.cues import Cues, cues, language_of
from odrlib.poa.files import read_draft
from odrlib.poa.known import Known, known_of
from odrlib.poa.language import catalogue
from odrlib.poa.parts import part_findings
from odrlib.poa.passages import Passage, passages
from odrlib.poa.promises import promise_findings
from odrlib.poa.scopes import Scopes
from odrlib.poa.similarity import similarity_findings
from odrlib.poa.site import site_findings
from odrlib.poa.statements import Judged, Statement, said_kind, statements_of
from odrlib.poa.verdicts import judge
from odrlib.poa.wording import wording_findings

SCHEMA_VERSION = 1
LEVELS = ("error", "warning", "information")


@dataclass(frozen=True)
class PoaCheck:
    """
    What was found in a draft.

    `statements` in the order of the draft; `findings` errors first, then by place.
    """

    draft: str
    store: str
    language: str
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]

    def count(self, verdict: str) -> int:
        """How many statements have this verdict."""
        return sum(one.verdict == verdict for one in self.statements)

    @property
    def clean(self) -> bool:
        """Is every statement supported, and nothing found that is an error or a warning?"""
        loud = any(one.level != "information" for one in self.findings)
        return not loud and self.count("supported") == len(self.statements)

    def as_dict(self) -> dict[str, Any]:
        """The check as JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "draft": self.draft,
            "store": self.store,
            "language": self.language,
            "statements": [one.as_dict() for one in self.statements],
            "findings": [one.as_dict() for one in self.findings],
        }


@dataclass(frozen=True, eq=False)
class Reading:
    """A draft as it was read: what all checks look at."""

    name: str
    path: Path | None
    known: Known
    cues: Cues
    passages: list[Passage]
    judged: list[Judged]

    @property
    def text(self) -> str:
        """All that was read, a line for each passage."""
        return "\n".join(one.text for one in self.passages)

    def place(self, passage: Passage, start: int = 0, value: str = "") -> Place:
        """Where in the draft something stands."""
        line, _ = passage.places[min(start, len(passage.places) - 1)] if passage.places else (1, 1)
        return Place(self.name, line, value=value or None)


def check_poa(draft: str | Path, facts: Facts, *, submitted: date | None = None) -> PoaCheck:
    """
    Check a draft of a Plan of Action.

    Parameters
    ----------
    draft : the path of a md, txt, docx or pdf file, or the text itself
    submitted : the day on which it will be sent; what a record shows must be older (default: the
        draft's own date, else the day of the facts)

    Raises
    ------
    BadParameter if the draft cannot be read
    """
    return check_against(draft, Scopes(known_of(facts)), submitted=submitted)


def check_against(draft: str | Path, scopes: Scopes, *, submitted: date | None = None) -> PoaCheck:
    """`check_poa` with a store's scopes made once, for many drafts."""
    known = scopes.known
    store = known.store
    name, pieces = read_draft(draft)
    whole = "\n".join(piece.text for piece in pieces)
    site = catalogue("sites")["site"][store.settings.marketplace]
    code = language_of(whole) or site["write"]
    words = cues(code)
    found = passages(pieces, words)
    judged = judge(found, scopes, words)
    path = Path(draft) if name != "text" else None
    reading = Reading(name, path, known, words, found, judged)
    sent = submitted or _own_date(reading) or store.as_of
    findings: list[Finding] = []
    for part in (
        _mistaken(reading),
        coverage_findings(reading),
        part_findings(reading),
        promise_findings(reading, sent),
        wording_findings(reading),
        site_findings(reading),
        similarity_findings(reading),
    ):
        findings += part
    return PoaCheck(
        draft=name,
        store=store.settings.id,
        language=code,
        statements=tuple(statements_of(judged)),
        findings=tuple(sorted(findings, key=_order)),
    )


def _order(finding: Finding) -> tuple[int, int, str, str]:
    line = finding.place.line if finding.place else None
    return LEVELS.index(finding.level), line or 0, finding.id, finding.message


def _own_date(reading: Reading) -> date | None:
    """The day that the draft itself bears."""
    for one in reading.judged:
        if reading.cues.label("date", one.passage.text):
            days = [day for day in one.values("date") if isinstance(day, date)]
            if days:
                return days[0]
    return None


def _mistaken(reading: Reading) -> Iterable[Finding]:
    """What is contradicted is an error in a plan; what is not supported needs a source."""
    for statement in statements_of(reading.judged):
        place = Place(reading.name, statement.line, str(statement.column), statement.text)
        said = {"text": statement.text, "kind": said_kind(statement.kind)}
        if statement.verdict == "contradicted":
            message = tr("{text!r} ({kind}) is not what the facts say: {fact}.",
                         fact=statement.fact, **said)  # fmt: skip
            to_do = tr("Write what the fact says.")
            yield Finding("poa-contradicted", "error", message, to_do, place)
        elif statement.verdict == "not supported":
            message = tr("{text!r} ({kind}) stands in no fact or ledger.", **said)
            to_do = tr("Take it out, or record where it comes from.")
            yield Finding("poa-not-supported", "warning", message, to_do, place)
