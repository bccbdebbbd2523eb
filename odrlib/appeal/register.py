"""
Register: the cases of one store, kept in its folder `appeals/`, read as they stand.

The steps that a case takes are in `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from odrlib.appeal.archive import Frozen, check_archive
from odrlib.appeal.cases import Book, Case, Commitment
from odrlib.appeal.journal import Journal, read_journal
from odrlib.errors import BadParameter
from odrlib.finding import Finding, Place
from odrlib.languages import tr
from odrlib.settings import Settings, read_settings

FOLDER = "appeals"


@dataclass(frozen=True)
class Register:
    """
    The register of one store as it stands in its folder.

    `findings` are what is wrong with the journal or the archive; empty for a sound register.
    """

    store: Path
    settings: Settings
    cases: Mapping[str, Case]
    commitments: Mapping[str, Commitment]
    journal: Journal
    findings: tuple[Finding, ...]

    @property
    def folder(self) -> Path:
        """The folder `appeals/`."""
        return self.store / FOLDER

    def case(self, id_: str) -> Case:
        """The case of that id; BadParameter if there is none."""
        if id_ not in self.cases:
            known = ", ".join(self.cases) or tr("none yet")
            raise BadParameter(
                tr(
                    "{store}: no case {case!r}; there are: {known}",
                    store=self.settings.id,
                    case=id_,
                    known=known,
                )
            )
        return self.cases[id_]


def read_register(store: str | Path) -> Register:
    """
    The register of a store folder; empty if there is none yet.

    Raises
    ------
    BadStore if the folder or its store.toml cannot be used
    """
    root = Path(store)
    settings = read_settings(root)
    journal = read_journal(root / FOLDER)
    book, findings = Book(), list(journal.findings)
    for entry in journal.entries:
        try:
            book.take(entry)
        except (KeyError, ValueError, TypeError):
            findings.append(
                Finding(
                    "journal-line-out-of-place",
                    "error",
                    tr(
                        "Line {number} of the journal ({kind}) fits no case; it was left out.",
                        number=entry.number,
                        kind=entry.kind,
                    ),
                    tr("A line before it is missing or changed: compare with a backup."),
                    Place(f"{FOLDER}/journal.jsonl", entry.number),
                )
            )
    return Register(root, settings, book.cases, book.commitments, journal, tuple(findings))


def verify(store: str | Path) -> list[Finding]:
    """What is wrong with the register: journal and every archived file; empty if nothing is."""
    register = read_register(store)
    files = [file for case in register.cases.values() for file in _files(case)]
    files += [one.proof for one in register.commitments.values() if one.proof]
    return [*register.findings, *check_archive(register.folder, files)]


def _files(case: Case) -> list[Frozen]:
    files = [notice.file for notice in case.notices]
    for submission in case.submissions:
        files += filter(None, (submission.draft, submission.package, submission.facts))
    return files
