"""Where it all comes from: files, what was wrong with them, versions, and what was written."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pandas as pd

import odrlib
from odrlib import policy, words
from odrlib.facts import Facts, write_facts
from odrlib.report import show
from odrlib.report.show import Shown

USED_PACKAGES = ("pandas", "plotly", "papermill", "nbconvert", "scipy")


def quality(facts: Facts) -> Shown:
    """Every finding about the input, errors first."""
    if not facts.quality:
        return show.say("Nothing in the input needs attention.")
    return show.findings(facts.quality)


def files(facts: Facts) -> Shown:
    """Each file: what it was taken for, and rows in = rows used + rows set aside."""
    if facts.sources.empty:
        return show.say("There is no file in the store folder.")
    columns = ["file", "title", "encoding", "rows", "used", "set_aside", "refused", "first", "last"]
    return show.table(
        facts.sources[columns],
        "Files read: rows = used + set aside",
        labels={"title": "taken for", "refused": "cells left empty", "first": "first day",
                "last": "last day"},
        note="A row without a readable order id or date is set aside; a cell that cannot be read "
        "is left empty and its row is used.",
    )  # fmt: skip


def set_aside(facts: Facts) -> Shown:
    """Every row set aside and every cell left empty, with file, line and reason."""
    if facts.set_aside.empty:
        return show.say("No row was set aside and no cell was left empty.")
    return show.table(
        facts.set_aside,
        "Rows set aside and cells left empty, with the reason",
        download="set-aside.csv",
    )


def provenance(facts: Facts, parameters: Mapping[str, Any]) -> Shown:
    """What made this page: parameters, versions, and the source of each limit."""
    rows = [
        *(("parameter", name, str(value) or "(empty)") for name, value in parameters.items()),
        ("as of", facts.store.as_of.isoformat(), facts.store.as_of_reason),
        *(
            (profile.title, f"{words.limit_words(profile)}, {profile.days} days",
             f"{profile.source}, checked {profile.checked}")
            for profile in policy.PROFILES.values()
        ),
        ("version", "odrlib", odrlib.__version__),
        ("version", "Python", platform.python_version()),
        *(("version", name, version(name)) for name in USED_PACKAGES),
    ]  # fmt: skip
    return show.table(
        pd.DataFrame(rows, columns=["what", "which", "value"]), "What made this page", rows=40
    )


def hashes(facts: Facts) -> Shown:
    """The SHA-256 of each file read, so that anyone can check that these were the files."""
    if facts.sources.empty:
        return show.say("There is no file in the store folder.")
    return show.table(
        facts.sources[["file", "bytes", "sha256"]],
        "The files, by their content",
        labels={"sha256": "SHA-256"},
    )


def written(facts: Facts, out: str) -> Shown:
    """Write facts.json and the tables into the folder `out`, and say what is where."""
    if not out:
        return show.say("Nothing was written, because the parameter `out` is empty.")
    return show.table(write_facts(facts, out), "Files written beside this page")
