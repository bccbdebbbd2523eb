"""Due: what has to be done by when, over one store or many, overdue first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from odrlib.appeal.cases import WAITING, Case, rules
from odrlib.appeal.register import Register, read_register
from odrlib.defects import is_said, meaning
from odrlib.languages import mark, tr, worded
from odrlib.policy import table
from odrlib.store import Store, read_store

COLUMNS = ["store", "what", "id", "due", "latest", "days_left", "state", "text", "source"]
SATURDAY = 5


WHAT_WORDS = {
    "appeal": mark("appeal", context="due"),
    "answer expected": mark("answer expected", context="due"),
    "A-to-z appeal": mark("A-to-z appeal", context="due"),
    "chargeback answer": mark("chargeback answer", context="due"),
    "commitment": mark("commitment", context="due"),
}


def said_what(code: str) -> str:
    """What is due, in words; another word stays as it is."""
    return worded(code, WHAT_WORDS, context="due")


WHEN_WORDS = {
    "overdue": mark("overdue", context="due"),
    "due": mark("due", context="due"),
    "ahead": mark("ahead", context="due"),
}


def said_when(code: str) -> str:
    """The state of a date in words: overdue, due or ahead."""
    return worded(code, WHEN_WORDS, context="due")


@dataclass(frozen=True)
class _Due:
    """One date; `latest` is later than `due` where a span is usual."""

    what: str
    id: str
    due: date
    latest: date
    text: str
    source: str


def due_dates(
    stores: Iterable[str | Path], today: date | None = None, *, at: datetime | None = None
) -> pd.DataFrame:
    """
    Every open date of these stores, overdue first.

    Deadlines of claims and chargebacks that have passed are left out: nothing can be done there.

    Parameters
    ----------
    today : the day to answer for; by default each store's own day at `at` (the clock's moment)

    Returns
    -------
    DataFrame: store, what ("appeal", "answer expected", "A-to-z appeal", "chargeback answer",
    "commitment"), id (case, order or commitment), due, latest (days), days_left (whole days to
    `due`, below zero when past), state ("overdue", "due", "ahead"), text, source

    Raises
    ------
    BadStore if a folder is no store
    """
    rows = []
    for folder in stores:
        register = read_register(folder)
        day = today or _today(register, at)
        found = [*register_dates(register), *_of_ledgers(read_store(folder), day)]
        rows += [_row(register.settings.id, one, day) for one in found]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["due", "store", "what", "id"], ignore_index=True)


def _today(register: Register, at: datetime | None) -> date:
    return (at or datetime.now(UTC)).astimezone(ZoneInfo(register.settings.timezone)).date()


def _row(store: str, one: _Due, today: date) -> tuple[Any, ...]:
    left = (one.due - today).days
    state = "overdue" if one.latest < today else "due" if left <= 0 else "ahead"
    return store, one.what, one.id, one.due, one.latest, left, state, one.text, one.source


def register_dates(register: Register) -> Iterator[_Due]:
    """Every open date of the register: cases that wait or are waited for, and promises."""
    for case in register.cases.values():
        if case.state in WAITING:
            yield _answer(case)
        elif case.state not in ("approved", "withdrawn", "closed") and case.notices:
            yield _appeal(case)
    for one in register.commitments.values():
        if one.done_on is None:
            text = tr(
                "{owner}: {what}; to be shown by {artefact}",
                owner=one.owner,
                what=one.what,
                artefact=one.artefact,
            )
            yield _Due("commitment", one.id, one.due, one.due, text, tr("the register"))


def _appeal(case: Case) -> _Due:
    """The deadline of the newest notice that names one, else the usual span after the newest."""
    rule = rules()["due"]["notice"]
    told = [notice for notice in case.notices if notice.said.get("days") is not None]
    if told:
        last = told[-1].on + timedelta(days=told[-1].said["days"])
        text = tr("{title}: the notice of {on} gives {days} days",
                  title=case.title, on=told[-1].on, days=told[-1].said["days"])  # fmt: skip
        return _Due("appeal", case.id, last, last, text, tr("the notice itself"))
    on = case.notices[-1].on
    first, last = (on + timedelta(days=days) for days in rule["days"])
    text = tr("{title}: the notice of {on} names no deadline; {least}-{most} days are usual",
              title=case.title, on=on, least=rule["days"][0], most=rule["days"][1])  # fmt: skip
    return _Due("appeal", case.id, first, last, text, rule["source"])


def _answer(case: Case) -> _Due:
    rule = rules()["due"]["answer"]
    on = next(one.submitted_on for one in reversed(case.submissions) if one.submitted_on)
    first, last = (working_days_after(on, days) for days in rule["working_days"])
    least, most = rule["working_days"]
    text = tr(
        "{title}: submitted on {on}; an answer usually takes {least}-{most} working days (public "
        "holidays are not considered)",
        title=case.title,
        on=on,
        least=least,
        most=most,
    )
    return _Due("answer expected", case.id, first, last, text, rule["source"])


def working_days_after(day: date, count: int) -> date:
    """
    The `count`-th working day after `day`; Saturdays and Sundays are none, holidays are not known.

    >>> working_days_after(date(2026, 3, 6), 5)
    datetime.date(2026, 3, 13)
    """
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _of_ledgers(store: Store, today: date) -> Iterator[_Due]:
    if store.claims is not None:
        rows = store.claims
        counts = meaning(rows["status"], "claim_status").eq("granted")
        counts &= ~is_said(rows["odr_impact"], False)
        paid = meaning(rows["charged_to"], "charged_to").eq("amazon").fillna(False).astype(bool)
        rule = table("targets")["deadlines"]["a_to_z_appeal"]
        yield from _by_order(
            rows[counts & ~paid], ("appeal_by", "decided_on"), "A-to-z appeal", rule, today
        )
    if store.chargebacks is not None:
        rule = table("targets")["deadlines"]["chargeback_answer"]
        yield from _by_order(
            store.chargebacks, ("answer_by", "filed_on"), "chargeback answer", rule, today
        )


def _by_order(
    rows: pd.DataFrame, columns: tuple[str, str], what: str, rule: dict[str, Any], today: date
) -> Iterator[_Due]:
    """What the ledger says, else so many days after the day that starts the clock."""
    told, start = columns
    last = rows[told].fillna(rows[start] + pd.Timedelta(days=rule["days"]))
    ahead = last >= pd.Timestamp(today)
    for order, day, by in zip(
        rows.loc[ahead, "order_id"], last[ahead], rows.loc[ahead, told].notna(), strict=True
    ):
        text = _said(what, str(order), None if by else rule["days"])
        yield _Due(what, str(order), day.date(), day.date(), text, rule["source"])


def _said(what: str, order: str, days: int | None) -> str:
    """The date of one order; `days` after what starts the clock, where no ledger tells the day."""
    if what == "A-to-z appeal":
        if days is None:
            return tr("A-to-z appeal of order {order}: day in the ledger", order=order)
        return tr("A-to-z appeal of order {order}: {days} calendar days after the decision",
                  order=order, days=days)  # fmt: skip
    if days is None:
        return tr("chargeback answer of order {order}: day in the ledger", order=order)
    return tr("chargeback answer of order {order}: {days} calendar days after it was filed",
              order=order, days=days)  # fmt: skip
