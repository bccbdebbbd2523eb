"""Happenings: what the events ledger notes of an order, and which named causes it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from odrlib.categories.catalogue import limit, words
from odrlib.categories.parcels import DAY
from odrlib.causes import Cause
from odrlib.causes.happenings import rules
from odrlib.languages import tr
from odrlib.languages.forms import day
from odrlib.naming import slice_name

# Events of these kinds say nothing of an order unless they name its SKU, ASIN or supplier.
OF_A_SLICE = ("lot", "listing", "hijack")
KINDS = ("lot", "listing", "settings", "carrier", "hijack", "staff")


def event_signs(cases: pd.DataFrame, events: pd.DataFrame | None) -> pd.DataFrame:
    """
    The fields `event_lot` to `event_staff`: did something of that kind happen before the order?

    An event after the order can never be its cause. One that names a column and a value speaks of
    these orders only; one that names none speaks of all, but for lots and listings.
    """
    columns: dict[str, pd.Series] = {}
    by_kind = _by_kind(events)
    for kind in KINDS:
        answer = pd.Series(pd.NA if events is None else False, index=cases.index, dtype="boolean")
        says = pd.Series("", index=cases.index, dtype="str")
        for event in by_kind[kind]:
            hit = _concerns(event, kind, cases)
            answer[hit] = True
            says[hit] = tr("{day}: {what}", day=day(event.date), what=event.what)
        columns |= {f"event_{kind}": answer, f"event_{kind}_says": says}
    return pd.DataFrame(columns, index=cases.index)


def kind_of_event(said: str) -> str | None:
    """
    The kind that the ledger's word means; None for one that no rule knows.

    >>> kind_of_event("Lot received"), kind_of_event("hijack"), kind_of_event("weather")
    ('lot', 'hijack', None)
    """
    text = said.casefold()
    if any(word in text for word in words("event_hijack")):
        return "hijack"
    for rule in rules()["kind"]:
        if any(_stands_in(cue, text) for cue in rule["cues"]):
            name: str | None = rule["name"]
            return name
    return None


def _stands_in(cue: str, text: str) -> bool:
    """Words in Latin letters must stand alone; others may stand anywhere."""
    return bool(re.search(rf"\b{re.escape(cue)}\b", text)) if cue.isascii() else cue in text


def _by_kind(events: pd.DataFrame | None) -> dict[str | None, list[Any]]:
    """The events of each kind by day, so that the last one before an order has the say."""
    found: dict[str | None, list[Any]] = defaultdict(list)
    if events is None or events.empty:
        return found
    rows = events[events["date"].notna()].sort_values(
        ["date", "what", "column", "value"], kind="stable"
    )
    for event in rows.itertuples(index=False):
        found[kind_of_event("" if pd.isna(event.kind) else str(event.kind))].append(event)
    return found


def _concerns(event: Any, kind: str, cases: pd.DataFrame) -> pd.Series:
    age = (cases["day"] - event.date) / DAY
    when = (age >= 0) & (age <= limit("event_days"))
    if pd.isna(event.column) or pd.isna(event.value):
        return when & (kind not in OF_A_SLICE)
    column = str(event.column).strip().casefold()
    if column not in cases.columns:
        return when & False
    mine = cases[column].astype("str").str.casefold()
    return when & mine.eq(str(event.value).strip().casefold()).fillna(False).astype(bool)


def cause_signs(cases: pd.DataFrame, causes: Sequence[Cause]) -> pd.DataFrame:
    """
    The field `named`: the columns that describe the named causes an order is in, and their counts.

    Columns of `same_as` count too: they describe nearly the same orders.
    """
    columns: dict[object, set[str]] = {}
    says: dict[object, str] = {}
    for cause in causes:
        names = {name for where in (cause.where, *cause.same_as) for name in where}
        for order in cause.order_ids:
            columns.setdefault(order, set()).update(names)
            # Causes come in rank order: the first one that holds the order is the largest.
            says.setdefault(
                order,
                tr(
                    "named cause “{slice}”: {defective:,} of {orders:,} orders defective, "
                    "{expected:.1f} expected",
                    slice=slice_name(cause.where),
                    defective=cause.defective,
                    orders=cause.orders,
                    expected=cause.expected,
                ),
            )
    orders = cases["order_id"]
    return pd.DataFrame(
        {
            "named": orders.map(lambda order: tuple(sorted(columns.get(order, ())))).astype(
                "object"
            ),
            "named_says": orders.map(lambda order: says.get(order, "")).astype("str"),
        },
        index=cases.index,
    )
