"""Earlier: the cases of before by cause, outcome, day and words, in one store or over many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from odrlib.appeal.archive import Frozen
from odrlib.appeal.cases import Case, Submission
from odrlib.appeal.reading import text_of
from odrlib.appeal.register import Register, read_register
from odrlib.appeal.wording import plain
from odrlib.errors import BadParameter

COLUMNS = ["store", "case", "matter", "cause", "state", "outcome", "submission", "on", "found_in"]


def search(
    stores: Iterable[str | Path],
    *,
    text: str = "",
    cause: str = "",
    outcome: str = "",
    first: date | None = None,
    last: date | None = None,
) -> pd.DataFrame:
    """
    The cases and submissions of these stores that fit all that is asked.

    The answer holds ids, states and days only: no store's words stand in another store's answer.

    Parameters
    ----------
    text : words that the draft or a notice holds, whatever their case and line breaks
    cause : category of the case (R01 …)
    outcome : of the submission: "approved", "denied", "more information asked"
    first, last : days between which the case was opened or the draft submitted, both included

    Returns
    -------
    DataFrame, newest first: store, case, matter, cause, state, outcome, submission (number; missing
    for a case without one), on (day), found_in ("draft", "notice", or empty if no text is asked)
    """
    rows = []
    for folder in stores:
        register = read_register(folder)
        for case in register.cases.values():
            if cause and case.cause != cause:
                continue
            for submission in case.submissions or (None,):
                row = _row(register, case, submission, plain(text))
                if row is not None and _fits(row, outcome, first, last):
                    rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"submission": "Int64"})
    return table.sort_values(["on", "store", "case"], ascending=[False, True, True]).reset_index(
        drop=True
    )


def _row(
    register: Register, case: Case, submission: Submission | None, text: str
) -> tuple[Any, ...] | None:
    where = next(_holding(register, case, submission, text), None) if text else ""
    if where is None:
        return None
    on = case.opened_on
    if submission is not None:
        on = submission.submitted_on or submission.drafted_on
    number = submission.number if submission else None
    outcome = submission.outcome if submission else ""
    id_ = register.settings.id
    return id_, case.id, case.matter, case.cause, case.state, outcome, number, on, where


def _fits(row: tuple[Any, ...], outcome: str, first: date | None, last: date | None) -> bool:
    said, on = row[COLUMNS.index("outcome")], row[COLUMNS.index("on")]
    return bool((not outcome or said == outcome) and (first or on) <= on <= (last or on))


def _holding(
    register: Register, case: Case, submission: Submission | None, text: str
) -> Iterator[str]:
    if submission is not None and text in _plain(register, submission.draft):
        yield "draft"
    if any(text in _plain(register, notice.file) for notice in case.notices):
        yield "notice"


def _plain(register: Register, file: Frozen) -> str:
    """The words of an archived file; none where it can no longer be read."""
    try:
        return plain(text_of(register.folder / file.file))
    except BadParameter:
        return ""
