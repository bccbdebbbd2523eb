"""Measures: the rows of the store's own register, with the record that shows each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from odrlib.plain import row_dicts
from odrlib.store import Store

# Where the records of measures and settings lie, inside the store folder.
FOLDER = Path("evidence") / "measures"
# What the status column says of a measure that stands; what says none of these is planned.
DONE = ("done", "existing")


@dataclass(frozen=True)
class Measure:
    """
    One row of the measures ledger; what is not told is empty text or None.

    `files` are the names in `artefact`; `missing` are those that are not in the folder of measures.
    """

    id: str
    cause: str
    kind: str
    status: str
    date: date | None
    what: str
    owner: str
    frequency: str
    threshold: str
    setting: str
    files: tuple[str, ...]
    missing: tuple[str, ...]
    line: int

    @property
    def done(self) -> bool:
        """Does it stand already?"""
        return self.status in DONE

    @property
    def key(self) -> str:
        """Where it stands."""
        return f"ledger.measures[{self.id}]"


def measures_of(store: Store) -> list[Measure]:
    """The measures ledger, by id; empty if there is none."""
    if store.measures is None:
        return []
    rows = [_measure(store, row) for row in row_dicts(store.measures)]
    return sorted(rows, key=lambda measure: (measure.id, measure.line))


def _measure(store: Store, row: Mapping[str, Any]) -> Measure:
    text = {key: "" if pd.isna(value) else str(value).strip() for key, value in row.items()}
    names = tuple(name.strip() for name in re.split(r"[;,]", text["artefact"]) if name.strip())
    folder = store.folder / FOLDER
    return Measure(
        id=text["id"],
        cause=text["cause"].upper(),
        kind=text["kind"].casefold(),
        status=text["status"].casefold(),
        date=None if pd.isna(row["date"]) else pd.Timestamp(row["date"]).date(),
        what=text["what"],
        owner=text["owner"],
        frequency=text["frequency"],
        threshold=text["threshold"],
        setting=text["setting"],
        files=names,
        missing=tuple(name for name in names if not (folder / Path(name).name).is_file()),
        line=int(row["line"]),
    )


def measure_of(text: str, measures: Iterable[Measure]) -> Measure | None:
    """
    The measure a sentence speaks of: by its id, the name of its record, or most of its words.

    None if no measure is meant, or several could be.
    """
    folded = text.casefold()
    tests = (_by_id, _by_text, _by_file, _by_words)
    for test in tests:
        fit = [measure for measure in measures if test(measure, folded)]
        if len(fit) == 1:
            return fit[0]
    return None


def _by_id(measure: Measure, text: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(measure.id.casefold())}(?![\w-])", text))


def _by_text(measure: Measure, text: str) -> bool:
    return bool(measure.what) and measure.what.casefold().rstrip(".") in text


def _by_file(measure: Measure, text: str) -> bool:
    return any(name.casefold() in text for name in measure.files)


def _by_words(measure: Measure, text: str) -> bool:
    """At least six in ten of its longer words, and two of them."""
    words = set(re.findall(r"[^\W\d_]{4,}", measure.what.casefold()))
    return len(words) >= 2 and sum(word in text for word in words) >= max(2, 0.6 * len(words))
