"""
Happenings: which events of the ledger may explain a change, and which cannot, by time alone.

That something came before is no proof. That it came after is: an event after the last day on which
a change can have begun is never its cause, and is said not to be.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import pandas as pd

from odrlib.causes.cause import Cause, describe
from odrlib.causes.changes import RatesOverTime, slice_of
from odrlib.causes.sentences import days_of
from odrlib.causes.series import slice_rows
from odrlib.columns import framed, order_by
from odrlib.exports.columns import rows_at
from odrlib.exports.words import coded
from odrlib.finding import count
from odrlib.languages import mark, tr
from odrlib.languages.forms import day
from odrlib.naming import slice_orders
from odrlib.plain import row_dicts

# Codes in the tables, words of a reader through `relation_said`.
EXPLAINS = mark("may explain it")
AFTER = mark("came after")
ELSEWHERE = mark("other slice")
UNDATED = mark("date missing")
BEFORE = mark("long before")
# In the order in which a reader wants them.
RELATIONS = (EXPLAINS, AFTER, ELSEWHERE, UNDATED, BEFORE)

TABLE = {
    "slice": "str",
    "clock": "str",
    "on": "datetime64[us]",
    "date": "datetime64[us]",
    **dict.fromkeys(["kind", "what", "column", "value", "relation"], "str"),
    "days": "Int64",
    "said": "str",
}


@dataclass(frozen=True)
class EventKind:
    """How long events of a kind may wait, in days, and whether they act on orders or parcels."""

    days: int
    acts_on: Literal["order", "parcel"]


@cache
def rules() -> dict[str, Any]:
    """The kinds of event, as `happenings.toml` sets them, each with its reason."""
    text = files("odrlib.causes").joinpath("happenings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def relation_said(relation: str) -> str:
    """How an event relates to a change, in words, from its code in the table."""
    return tr(relation)


def event_kind(kind: str | None) -> EventKind:
    """
    What is known of events of a kind, from the words in the ledger.

    >>> event_kind("New lot"), event_kind("Pilot project")
    (EventKind(days=45, acts_on='parcel'), EventKind(days=21, acts_on='order'))
    """
    text = "" if pd.isna(kind) else str(kind).casefold()
    for rule in rules()["kind"]:
        if any(re.search(_pattern(cue), text) for cue in rule["cues"]):
            return EventKind(rule["days"], rule["acts_on"])
    return EventKind(rules()["other"]["days"], rules()["other"]["acts_on"])


def _pattern(cue: str) -> str:
    return rf"\b{re.escape(cue)}\b" if cue.isascii() else re.escape(cue)


def what_changed(
    changes: pd.DataFrame, events: pd.DataFrame | None, described: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Each change beside the events of the ledger.

    Parameters
    ----------
    changes : as `rate_changes` gives them
    events : date, kind, what, column, value; None if there is no ledger
    described : the orders with the columns that events and slices name; with them an event is also
        known to concern other orders when it shares none with the slice (a SKU of another supplier)

    Returns
    -------
    DataFrame, one row per change and event: slice, clock and on (of the change), date, kind, what,
    column, value (of the event), relation, days (from `on` to the event, negative before), said.
    relation is one of
    "may explain it": on or before the last day on which the change can have begun, and not longer
    before the first one than events of its kind may wait (`happenings.toml`);
    "came after": later than that, so never the cause;
    "other slice": names orders that are not in the slice that changed;
    "date missing": neither suspect nor cleared;
    "long before": listed only where nothing may explain the change.
    """
    if events is None or events.empty:
        return framed([], TABLE)
    rows: list[dict[str, Any]] = []
    order = order_by(*(events[name].array for name in ("date", "what", "kind")))
    told = row_dicts(rows_at(events, order))
    concerns = Concerns(described)
    for change in row_dicts(changes):
        mine = [_row(change, event, concerns) for event in told]
        if any(row["relation"] == EXPLAINS for row in mine):
            mine = [row for row in mine if row["relation"] != BEFORE]
        rows += sorted(mine, key=_rank)
    return framed(rows, TABLE)


class Concerns:
    """Which events concern other orders than those of a slice; asks each column of a slice once."""

    def __init__(self, described: pd.DataFrame | None) -> None:
        self._described = described
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def others(self, where: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
        """Does the event name orders that are not in the slice?"""
        column, value = _text(event["column"]), _text(event["value"])
        if column is None or value is None or not where:
            return False
        column, value = column.strip(), _key(value)
        if self._described is None:
            return where.get(column) is not None and _key(where[column]) != value
        if column not in self._described.columns:
            return False
        # A value that no order has may be written in another way, so it clears nothing.
        return value in self._levels({}, column) and value not in self._levels(where, column)

    def _levels(self, where: Mapping[str, Any], column: str) -> frozenset[str]:
        """The values of a column in a slice."""
        key = (describe(where), column)
        if key not in self._known and self._described is not None:
            codes, levels = coded(self._described[column])
            held = np.unique(codes[slice_rows(self._described, where)]).tolist()
            self._known[key] = frozenset(_key(levels[code]) for code in held if code >= 0)
        return self._known[key]


def _rank(row: dict[str, Any]) -> tuple[int, int]:
    return RELATIONS.index(row["relation"]), abs(row["days"]) if row["days"] is not None else 0


def _row(change: dict[str, Any], event: dict[str, Any], concerns: Concerns) -> dict[str, Any]:
    dated = not pd.isna(event["date"])
    relation = _relation(change, event, concerns)
    return {
        **{name: change[name] for name in ("slice", "clock", "on")},
        **{name: _text(event[name]) for name in ("kind", "what", "column", "value")},
        "date": event["date"],
        "relation": relation,
        "days": (event["date"] - change["on"]).days if dated else None,
        "said": _said(change, event, relation),
    }


def _relation(change: dict[str, Any], event: dict[str, Any], concerns: Concerns) -> str:
    if pd.isna(event["date"]):
        return UNDATED
    if event["date"] > change["latest"]:
        return AFTER
    if concerns.others(change["where"], event):
        return ELSEWHERE
    waits = pd.Timedelta(days=event_kind(event["kind"]).days)
    return EXPLAINS if event["date"] >= change["earliest"] - waits else BEFORE


def _key(value: Any) -> str:
    return str(value).strip().casefold()


def _text(value: Any) -> str | None:
    return None if pd.isna(value) or not str(value).strip() else str(value)


def _said(change: dict[str, Any], event: dict[str, Any], relation: str) -> str:
    """One sentence of one event beside one change; it never says "caused"."""
    said = {"what": _text(event["what"]) or _unnamed(event)}
    if relation == UNDATED:
        return tr(
            "{what}: its date is missing, so it can be neither suspected nor cleared.", **said
        )
    said |= {"day": day(event["date"]), "change": days_of(change)}
    if relation == ELSEWHERE:
        return tr(
            "{what} on {day} concerns {others}; the change of {change} is in {slice}.",
            others=slice_orders({str(event["column"]).strip(): event["value"]}),
            slice=slice_orders(change["where"]),
            **said,
        )
    days = (event["date"] - change["on"]).days
    said["days"] = count(abs(days), "day")
    if relation == AFTER:
        return _excuse(change, event, said)
    if relation == BEFORE:
        return tr("{what} on {day}, {days} before the change of {change}: too early by itself.",
                  **said)  # fmt: skip
    if days < 0:
        return tr("{what} on {day}, {days} before the change of {change}: may explain it.", **said)
    del said["days"]
    if days == 0:
        return tr("{what} on {day}, the day of the change of {change}: may explain it.", **said)
    return tr(
        "{what} on {day}, inside the days on which the change of {change} may have begun: may "
        "explain it.",
        **said,
    )


def _unnamed(event: Mapping[str, Any]) -> str:
    """What to call an event of which the ledger tells the kind only, or nothing."""
    kind = _text(event["kind"])
    return tr("An event ({kind})", kind=kind) if kind else tr("An event (not described)")


def _excuse(change: Mapping[str, Any], event: Mapping[str, Any], said: dict[str, str]) -> str:
    """Why a later event is no cause; of parcels the order day cannot quite say so."""
    late = (event["date"] - change["latest"]).days
    acts = event_kind(event["kind"]).acts_on
    if change["clock"] == "order day" and acts == "parcel" and late <= rules()["parcel"]["days"]:
        return tr(
            "{what} on {day} came {days} after the change of {change}: it is no cause of orders "
            "shipped before it; some were ordered before and shipped after, so compare the ship "
            "day.",
            **said,
        )
    return tr(
        "{what} on {day} came {days} after the change of {change}: it cannot be its cause.", **said
    )


def what_changed_beside(
    cause: Cause, rates: RatesOverTime, happenings: pd.DataFrame, ledger: bool = True
) -> list[str]:
    """
    What to say beside one cause: its changes with their events, or that there was none.

    Of two clocks the one speaks that shows a change more surely.

    Parameters
    ----------
    cause : one of those asked of `changes_of_causes`
    rates : what that gave
    happenings : what `what_changed` gave for `rates.changes`
    ledger : False if the store has no ledger of events, which is not "nothing happened"

    Returns
    -------
    Sentences; none if the cause was not asked
    """
    name = slice_of(cause.where)
    columns = ("slice", "p_value", "clock", "on", "said")
    told = zip(*(rates.changes[column].tolist() for column in columns), strict=True)
    changes = [tuple(change) for name_, *change in told if name_ == name]
    if not changes:
        asked = zip(*(rates.searched[column].tolist() for column in ("slice", "said")), strict=True)
        return [said for name_, said in asked if name_ == name][:1]
    _, clock = min((p_value, clock) for p_value, clock, *_ in changes)
    columns = ("slice", "clock", "on", "said", "relation")
    told = zip(*(happenings[column].tolist() for column in columns), strict=True)
    beside = [
        (on, said)
        for name_, by, on, said, relation in told
        if (name_, by) == (name, clock) and relation != ELSEWHERE
    ]
    said = []
    for _, by, on, sentence in changes:
        if by == clock:
            said += [sentence, *(event for day_, event in beside if day_ == on)]
    if not ledger:
        said.append(tr("What happened then is not known: there is no ledger of events."))
    return said
