"""Timeline: what happened to one order, in order, from all files, with broken promises marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from odrlib.errors import BadParameter
from odrlib.evidence import ledgers
from odrlib.evidence.cell import joined
from odrlib.evidence.remedy import kind_of_cost
from odrlib.evidence.shows import speaker
from odrlib.languages import mark, tr, worded
from odrlib.related import ANSWER_TIME, deadline
from odrlib.store import Store

# Events in the order in which they stand where only days are known.
EVENTS = (
    "ordered", "ship-by", "shipped", "first scan", "delivery promised", "delivered",
    "buyer's message", "automatic answer", "answer", "return requested", "claim filed",
    "chargeback filed", "negative feedback", "feedback", "refund", "reshipment", "other cost",
    "money taken", "decision on the claim", "removal asked for", "decision on the removal",
)  # fmt: skip
_COST_EVENTS = {"refund": "refund", "reshipment": "reshipment"}
_SAID_BY = {"buyer": "buyer's message", "seller": "answer", "automatic": "automatic answer"}
_PROMISES = {"shipped": "ship-by", "first scan": "ship-by", "delivered": "delivery promised"}
_MATTER = ("ordered", "shipped", "first scan", "delivered")


EVENT_WORDS = {
    "ordered": mark("ordered", context="event"),
    "ship-by": mark("ship-by", context="event"),
    "shipped": mark("shipped", context="event"),
    "first scan": mark("first scan", context="event"),
    "delivery promised": mark("delivery promised", context="event"),
    "delivered": mark("delivered", context="event"),
    "buyer's message": mark("buyer's message", context="event"),
    "automatic answer": mark("automatic answer", context="event"),
    "answer": mark("answer", context="event"),
    "return requested": mark("return requested", context="event"),
    "claim filed": mark("claim filed", context="event"),
    "chargeback filed": mark("chargeback filed", context="event"),
    "negative feedback": mark("negative feedback", context="event"),
    "feedback": mark("feedback", context="event"),
    "refund": mark("refund", context="event"),
    "reshipment": mark("reshipment", context="event"),
    "other cost": mark("other cost", context="event"),
    "money taken": mark("money taken", context="event"),
    "decision on the claim": mark("decision on the claim", context="event"),
    "removal asked for": mark("removal asked for", context="event"),
    "decision on the removal": mark("decision on the removal", context="event"),
}


def said_event(code: str) -> str:
    """An event of `EVENTS` in words; another word stays as it is."""
    return worded(code, EVENT_WORDS, context="event")


@dataclass(frozen=True)
class Event:
    """
    One thing that happened, or was to happen.

    Parameters
    ----------
    at : moment in UTC, or midnight of the day in the store's time zone
    day_only : the file tells no time of day
    source : "file:line"
    """

    at: pd.Timestamp
    day_only: bool
    event: str
    source: str


def timeline(store: Store, order_id: str) -> pd.DataFrame:
    """
    Everything that the files tell of an order, in order.

    Returns
    -------
    DataFrame: `at` (moment in the store's time zone; midnight where only the day is known),
    `day_only`, `event` (see `EVENTS`), `source` ("file:line", several joined by ", "), `broken` (a
    promise was not kept, or a step stands before the one it must follow), `said` (what is broken;
    empty otherwise)

    Raises
    ------
    BadParameter for an order id that no file of the store has
    """
    zone = store.settings.timezone
    events = [event for read in _READERS for event in read(store, order_id)]
    if not events:
        raise BadParameter(tr("no file of this store tells of order {order!r}", order=order_id))
    rows = _merged(events)
    said = _broken(rows, zone)
    table = pd.DataFrame(
        {
            "at": pd.DatetimeIndex([row.at for row in rows]).as_unit("us").tz_convert(zone),
            "day_only": [row.day_only for row in rows],
            "event": [row.event for row in rows],
            "source": [row.source for row in rows],
            "broken": [bool(words) for words in said],
            "said": said,
        }
    )
    return table.astype({"event": "str", "source": "str", "said": "str"})


def _merged(events: Iterable[Event]) -> list[Event]:
    """One event for what several files tell alike, in the order of time."""
    sources: dict[tuple[str, pd.Timestamp, bool], list[str]] = {}
    for event in events:
        key = (event.event, event.at, event.day_only)
        sources.setdefault(key, []).append(event.source)
    merged = [
        Event(at, day_only, name, ", ".join(dict.fromkeys(told)))
        for (name, at, day_only), told in sources.items()
    ]
    return sorted(merged, key=_place)


def _place(event: Event) -> tuple[pd.Timestamp, int, str]:
    """A promise holds to the end of its day; any other day without a time stands at noon."""
    wait = {"ship-by": 24, "delivery promised": 24}.get(event.event, 12)
    at = event.at + pd.Timedelta(hours=wait if event.day_only else 0)
    return at, EVENTS.index(event.event), event.source


# ── what the files tell ─────────────────────────────────────────────────────────────────────────


def _of(table: pd.DataFrame | None, order_id: str) -> Iterator[Any]:
    yield from ledgers.rows_of(table, [order_id])


def _event(store: Store, row: Any, value: Any, name: str) -> Iterator[Event]:
    """An event if the cell has a value; a midnight of the store's zone is a day."""
    if pd.isna(value):
        return
    source = f"{row.file}:{row.line}"
    if value.tzinfo is None:
        at = value.tz_localize(store.settings.timezone, nonexistent="shift_forward", ambiguous=True)
        yield Event(at.tz_convert("UTC"), True, name, source)
    else:
        local = value.tz_convert(store.settings.timezone)
        yield Event(value.tz_convert("UTC"), bool(local == local.normalize()), name, source)


def _orders(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.orders, order_id):
        yield from _event(store, row, row.ordered_at, "ordered")
        if not list(_of(store.shipments, order_id)):
            yield from _event(store, row, row.promised_ship, "ship-by")
            yield from _event(store, row, row.promised_delivery, "delivery promised")


def _parcels(store: Store, order_id: str) -> Iterator[Event]:
    named = {
        "shipped_at": "shipped",
        "first_scan_at": "first scan",
        "promised_ship": "ship-by",
        "promised_delivery": "delivery promised",
        "delivered_at": "delivered",
    }
    rows = list(_of(store.shipments, order_id))
    for column, name in named.items():
        told = [row for row in rows if pd.notna(getattr(row, column))]
        for row in told:
            yield from _event(store, row, getattr(row, column), name)
        if not told and rows and column.startswith("promised"):
            for order in _of(store.orders, order_id):
                yield from _event(store, order, getattr(order, column), name)


def _messages(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.messages, order_id):
        who = speaker("" if pd.isna(row.sender) else str(row.sender))
        if who:
            yield from _event(store, row, row.at, _SAID_BY[who])


def _returns(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.returns, order_id):
        yield from _event(store, row, row.requested_on, "return requested")


def _claims(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.claims, order_id):
        yield from _event(store, row, row.filed_on, "claim filed")
        yield from _event(store, row, row.decided_on, "decision on the claim")
    for row in _of(store.chargebacks, order_id):
        yield from _event(store, row, row.filed_on, "chargeback filed")


def _feedback(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.feedback, order_id):
        negative = pd.notna(row.rating) and row.rating <= 2
        yield from _event(store, row, row.date, "negative feedback" if negative else "feedback")
    for row in _of(store.removals, order_id):
        yield from _event(store, row, row.requested_on, "removal asked for")
        yield from _event(store, row, row.decided_on, "decision on the removal")


def _money(store: Store, order_id: str) -> Iterator[Event]:
    for row in _of(store.costs, order_id):
        kind = kind_of_cost("" if pd.isna(row.kind) else str(row.kind))
        yield from _event(store, row, row.date, _COST_EVENTS.get(kind, "other cost"))
    for row in _of(store.settlements, order_id):
        if pd.notna(row.defect):
            yield from _event(store, row, row.posted_at, "money taken")


_READERS: tuple[Callable[[Store, str], Iterator[Event]], ...] = (
    _orders, _parcels, _messages, _returns, _claims, _feedback, _money,
)  # fmt: skip


# ── broken promises ─────────────────────────────────────────────────────────────────────────────


def _broken(rows: list[Event], zone: str) -> list[str]:
    """For each event, what is broken by it, in words; empty if nothing is."""
    last = {name: _end(rows, name, zone) for name in set(_PROMISES.values())}
    ordered = min((row.at for row in rows if row.event == "ordered"), default=None)
    complained = _complained(rows)
    said = []
    for place, row in enumerate(rows):
        words = []
        promise = _PROMISES.get(row.event)
        if promise and last[promise] is not None and row.at > last[promise]:
            days = (row.at - last[promise]) / pd.Timedelta(days=1)
            words.append(
                tr("{event} {days:.1f} days after the {promise}",
                   event=said_event(row.event), days=max(days, 0.1), promise=_said_promise(promise))
            )  # fmt: skip
        if row.event in _MATTER[1:] and ordered is not None and _finish(row) < ordered:
            words.append(tr("{event} before it was ordered", event=said_event(row.event)))
        if row.event == "delivered" and complained is not None and row.at >= complained:
            words.append(tr("delivered after the buyer complained"))
        if row.event == "answer":
            words += _late_answer(rows, place)
        said.append(joined(words))
    return said


def _said_promise(event: str) -> str:
    if event == "ship-by":
        return tr("ship-by", context="promise")
    return tr("promised delivery", context="promise")


def _end(rows: list[Event], name: str, zone: str) -> pd.Timestamp | None:
    """The last moment of a promise; of several, the first that was made counts."""
    at = [row.at for row in rows if row.event == name]
    if not at:
        return None
    return deadline(pd.Series([min(at)]), zone).iloc[0]


def _finish(row: Event) -> pd.Timestamp:
    return row.at + pd.Timedelta(days=1 if row.day_only else 0)


def _complained(rows: list[Event]) -> pd.Timestamp | None:
    """The end of the day of the first claim, chargeback or negative rating."""
    days = [
        _finish(row)
        for row in rows
        if row.event in ("claim filed", "chargeback filed", "negative feedback")
    ]
    return min(days, default=None)


def _late_answer(rows: list[Event], place: int) -> list[str]:
    """An answer is late if the first message that it answers waited longer than allowed."""
    waiting: pd.Timestamp | None = None
    for row in rows[:place]:
        if row.event == "buyer's message" and waiting is None:
            waiting = row.at
        elif row.event == "answer":
            waiting = None
    if waiting is None or rows[place].at - waiting <= ANSWER_TIME:
        return []
    hours = (rows[place].at - waiting) / pd.Timedelta(hours=1)
    return [tr("answered after {hours:.1f} hours", hours=hours)]
