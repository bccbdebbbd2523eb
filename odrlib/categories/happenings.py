"""Happenings: what the events ledger notes of an order, and which named causes it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from odrlib.categories.cases import Fields
from odrlib.categories.catalogue import limit, words
from odrlib.causes import Cause
from odrlib.causes.happenings import rules
from odrlib.columns import DAY, listed
from odrlib.languages import tr
from odrlib.languages.forms import day
from odrlib.naming import slice_name
from odrlib.plain import plain_column

# Events of these kinds say nothing of an order unless they name its SKU, ASIN or supplier.
OF_A_SLICE = ("lot", "listing", "hijack")
KINDS = ("lot", "listing", "settings", "carrier", "hijack", "staff")


def event_signs(cases: Fields, events: pd.DataFrame | None) -> Fields:
    """
    The fields `event_lot` to `event_staff`: did something of that kind happen before the order?

    An event after the order can never be its cause. One that names a column and a value speaks of
    these orders only; one that names none speaks of all, but for lots and listings.
    """
    size = len(cases["order_id"])
    fields: Fields = {}
    by_kind = _by_kind(events)
    for kind in KINDS:
        flag: list[bool | None] = [None if events is None else False] * size
        says = [""] * size
        for event in by_kind[kind]:
            said = tr("{day}: {what}", day=day(event.date), what=event.what)
            for place in np.flatnonzero(_concerns(event, kind, cases)):
                flag[place], says[place] = True, said
        fields |= {f"event_{kind}": flag, f"event_{kind}_says": says}
    return fields


def kind_of_event(said: str) -> str | None:
    """
    The kind that the ledger's word means; None for one that no rule knows.

    >>> kind_of_event("Lot received"), kind_of_event("hijack"), kind_of_event("weather")
    ('lot', 'hijack', None)
    """
    text = said.casefold()
    if any(word in text for word in words("event_hijack")):
        return "hijack"
    return next((name for name, cues in _cues().items() if cues.search(text)), None)


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    """What each kind is known by: words in Latin letters must stand alone; others may not."""
    return {
        rule["name"]: re.compile(
            "|".join(
                rf"\b{re.escape(cue)}\b" if cue.isascii() else re.escape(cue)
                for cue in rule["cues"]
            )
        )
        for rule in rules()["kind"]
    }


class _Event(NamedTuple):
    """A row of the ledger of events; None where it tells nothing."""

    date: datetime
    what: str | None
    column: str | None
    value: str | None
    kind: str | None


def _by_kind(events: pd.DataFrame | None) -> dict[str | None, list[_Event]]:
    """The events of each kind by day, so that the last one before an order has the say."""
    found: dict[str | None, list[_Event]] = defaultdict(list)
    if events is None or events.empty:
        return found
    columns = (listed(events[name].array) for name in _Event._fields)
    rows = [_Event(*row) for row in zip(*columns, strict=True) if row[0] is not None]
    rows.sort(key=lambda row: [(value is None, value) for value in row[:4]])
    for event in rows:
        found[kind_of_event(event.kind or "")].append(event)
    return found


def _concerns(event: _Event, kind: str, cases: Fields) -> np.ndarray:
    """Which cases the event speaks of."""
    age = (cases["day"] - np.datetime64(event.date, "us")) / DAY
    when: np.ndarray = (age >= 0) & (age <= limit("event_days"))
    if event.column is None or event.value is None:
        return when & (kind not in OF_A_SLICE)
    column, value = (str(said).strip().casefold() for said in (event.column, event.value))
    said = cases.get(column, [None] * len(when))
    if isinstance(said, np.ndarray) and said.dtype.kind == "M":
        said = plain_column(said)  # as a ledger writes a day
    mine = [word is not None and str(word).casefold() == value for word in said]
    found: np.ndarray = when & np.array(mine, dtype=bool)
    return found


def cause_signs(cases: Fields, causes: Sequence[Cause]) -> Fields:
    """
    The field `named`: the columns that describe the named causes an order is in, and their counts.

    Columns of `same_as` count too: they describe nearly the same orders.
    """
    asked = set(cases["order_id"])
    columns: dict[str, set[str]] = defaultdict(set)
    says: dict[str, str] = {}
    for cause in causes:
        names = {name for where in (cause.where, *cause.same_as) for name in where}
        said = tr(
            "named cause “{slice}”: {defective:,} of {orders:,} orders defective, "
            "{expected:.1f} expected",
            slice=slice_name(cause.where),
            defective=cause.defective,
            orders=cause.orders,
            expected=cause.expected,
        )
        for order_id in asked.intersection(cause.order_ids):
            columns[order_id].update(names)
            # Causes come in rank order: the first one that holds the order is the largest.
            says.setdefault(order_id, said)
    return {
        "named": [tuple(sorted(columns.get(order_id, ()))) for order_id in cases["order_id"]],
        "named_says": [says.get(order_id, "") for order_id in cases["order_id"]],
    }
