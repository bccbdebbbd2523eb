"""Where it all comes from: files, what was wrong with them, versions, and what was written."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import pandas as pd

import odrlib
from odrlib import policy, words
from odrlib.chapters.labels import labels_of
from odrlib.facts import Facts, write_facts
from odrlib.languages import tr
from odrlib.report import show
from odrlib.report.show import Shown

USED_PACKAGES = ("pandas", "plotly", "papermill", "nbconvert", "scipy")


def quality(facts: Facts) -> Shown:
    """Every finding about the input, errors first."""
    if not facts.quality:
        return show.say(tr("Nothing in the input needs attention."))
    return show.findings(facts.quality)


def files(facts: Facts) -> Shown:
    """Each file: what it was taken for, and rows in = rows used + rows set aside."""
    if facts.sources.empty:
        return show.say(tr("There is no file in the store folder."))
    columns = ["file", "title", "encoding", "rows", "used", "set_aside", "refused", "first", "last"]
    own = {
        "title": tr("taken for"),
        "encoding": tr("encoding"),
        "refused": tr("cells left empty"),
        "first": tr("first day"),
        "last": tr("last day"),
    }
    return show.table(
        facts.sources[columns].assign(title=facts.sources["title"].map(tr)),
        tr("Files read: rows = used + set aside"),
        labels=labels_of(columns, own),
        download="files-read.csv",
        note=tr("A row without a readable order id or date is set aside; a cell that cannot be "
                "read is left empty and its row is used."),
    )  # fmt: skip


def set_aside(facts: Facts) -> Shown:
    """Every row set aside and every cell left empty, with file, line and reason."""
    if facts.set_aside.empty:
        return show.say(tr("No row was set aside and no cell was left empty."))
    own = {
        "column": tr("column of the file"),
        "value": tr("what stands there"),
        "reason": tr("code of the reason"),
        "message": tr("why"),
        "used": tr("the row was used"),
    }
    return show.table(
        facts.set_aside,
        tr("Rows set aside and cells left empty, with the reason"),
        labels=labels_of(facts.set_aside.columns, own),
        download="set-aside.csv",
        aside=["reason"],
    )


def provenance(facts: Facts, parameters: Mapping[str, Any]) -> Shown:
    """What made this page: parameters, versions, and the source of each limit."""
    rows = [
        *(
            (tr("parameter"), name, str(value) or tr("(empty)"))
            for name, value in parameters.items()
        ),
        (tr("as of"), facts.store.as_of.isoformat(), tr(facts.store.as_of_reason)),
        *(
            (profile.title,
             tr("{rule}, {days}", rule=words.limit_words(profile),
                days=words.count(profile.days, "day")),
             tr("{source}, checked {day}", source=tr(profile.source), day=profile.checked))
            for profile in policy.PROFILES.values()
        ),
        (tr("version"), "odrlib", odrlib.__version__),
        (tr("version"), "Python", platform.python_version()),
        *((tr("version"), name, _version(name)) for name in USED_PACKAGES),
    ]  # fmt: skip
    return show.table(
        pd.DataFrame(rows, columns=["what", "which", "value"]),
        tr("What made this page"),
        labels={"what": tr("what"), "which": tr("which"), "value": tr("value")},
        download="provenance.csv",
        rows=40,
    )


@cache
def _version(package: str) -> str:
    return version(package)


def hashes(facts: Facts) -> Shown:
    """The SHA-256 of each file read, so that anyone can check that these were the files."""
    if facts.sources.empty:
        return show.say(tr("There is no file in the store folder."))
    return show.table(
        facts.sources[["file", "bytes", "sha256"]],
        tr("The files, by their content"),
        labels={"file": tr("file"), "bytes": tr("bytes"), "sha256": "SHA-256"},
        download="files-by-content.csv",
    )


def written(facts: Facts, out: str) -> Shown:
    """Write facts.json and the tables into the folder `out`, and say what is where."""
    if not out:
        return show.say(tr("Nothing was written, because the parameter `out` is empty."))
    from odrlib.appeal.agenda import agenda

    table = write_facts(facts, out, agenda(facts.store.folder))
    return show.table(
        table,
        tr("Files written beside this page"),
        labels=labels_of(table.columns, {"holds": tr("holds")}),
        download="files-written.csv",
    )
