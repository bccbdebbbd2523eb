"""Ledgers: what the analyst's tables, and the downloads, tell of the orders with evidence."""

from __future__ import annotations

import re
from collections import defaultdict, namedtuple
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from odrlib.columns import rows_of as numbers_of
from odrlib.columns import words as words_of
from odrlib.evidence import rules
from odrlib.evidence.case import Complaint, Cost, Message, Parcel
from odrlib.evidence.shows import speaker, squashed
from odrlib.finding import Place
from odrlib.plain import arrays_of
from odrlib.store import Store
from odrlib.tables import Values

_TIMES = ("shipped_at", "first_scan_at", "promised_ship", "delivered_at")
_WORDS = ("carrier", "service")
_PLACE = ("file", "line")
_TOLD = ("tracking_number", "tracking_state", "signed", "protected", "file", "line",
         *_TIMES, *_WORDS)  # fmt: skip
_CLOSING = 80  # letters of a last word that can only be thanks


@dataclass(frozen=True)
class Entry:
    """A file that a ledger names, and for what. `name` is inside the order's folder."""

    name: str
    class_: str
    place: Place
    outside: bool = False
    dated: date | None = None
    said: str = ""


def rows_of(
    table: pd.DataFrame | None, ids: Collection[str], columns: Sequence[str] | None = None
) -> list[Any]:
    """The rows of a ledger that belong to these orders, as named tuples; none without a ledger."""
    if table is None:
        return []
    names = tuple(table.columns) if columns is None else ("order_id", *columns)
    mine = numbers_of(table["order_id"], ids)
    if not len(mine):
        return []
    arrays = dict(arrays_of(table))
    told = (_values(arrays[name].take(mine)) for name in names)
    return list(map(_row(names)._make, zip(*told, strict=True)))


def _values(values: Values) -> list[Any]:
    worded = isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype)
    return words_of(values) if worded else list(values.tolist())


@cache
def _row(names: tuple[str, ...]) -> Any:
    """The type of a row with these columns."""
    return namedtuple("Row", names, rename=True)


def place_of(row: Any) -> Place:
    """Where a row of a table stands."""
    return Place(str(row.file), int(row.line))


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


def _word(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()


def parcels(store: Store, ids: Collection[str]) -> dict[str, tuple[Parcel, ...]]:
    """The parcels of each order: one for each tracking number, the first sent first."""
    by_order: dict[str, list[Any]] = defaultdict(list)
    for row in rows_of(store.shipments, ids, _TOLD):
        by_order[row.order_id].append(row)
    return {
        order_id: tuple(sorted(_parcels(rows), key=_by_time))
        for order_id, rows in sorted(by_order.items())
    }


def _parcels(rows: Sequence[Any]) -> Iterator[Parcel]:
    """The parcels of one order; the rows stand with the most believed file last."""
    numbers = [squashed(_word(row.tracking_number)) for row in rows]
    known = [number for number in dict.fromkeys(numbers) if number] or [""]
    for number in known:
        # What a file without the number tells is told of the only parcel there is.
        mine = [
            row for row, its in zip(rows, numbers, strict=True) if len(known) == 1 or its == number
        ]
        yield _parcel(number, mine)


def _parcel(number: str, rows: Sequence[Any]) -> Parcel:
    """One parcel, each thing as the last row that knows it tells it."""

    def last(name: str) -> Any:
        told = (getattr(row, name) for row in reversed(rows))
        return next((value for value in told if pd.notna(value)), None)

    times = {name: last(name) for name in _TIMES}
    return Parcel(
        number=number,
        **{name: pd.NaT if at is None else at for name, at in times.items()},
        **{name: _word(last(name)) for name in _WORDS},
        delivered=tuple(
            (row.delivered_at, place_of(row)) for row in rows if pd.notna(row.delivered_at)
        ),
        state=str(last("tracking_state") or ""),
        signed=any(_yes(row.signed) for row in rows),
        protected=any(_yes(row.protected) for row in rows),
        ledger=any(str(row.file).startswith("ledger/") for row in rows),
        place=place_of(rows[-1]),
    )


def _yes(flag: Any) -> bool:
    return pd.notna(flag) and bool(flag)


def _by_time(parcel: Parcel) -> tuple[bool, pd.Timestamp, bool, str]:
    late = pd.isna(parcel.shipped_at)
    first = pd.Timestamp(0, tz="UTC") if late else parcel.shipped_at
    return late, first, not parcel.ledger, parcel.number


def complaints(judgement: pd.DataFrame, ids: Collection[str]) -> dict[str, tuple[Complaint, ...]]:
    """The defects that count on each order, with the day each arrived."""
    found: dict[str, list[Complaint]] = defaultdict(list)
    for row in rows_of(judgement[judgement["counts"]], ids, ("kind", "on", *_PLACE)):
        found[row.order_id].append(Complaint(row.kind, _day(row.on), place_of(row)))
    return {order_id: tuple(rows) for order_id, rows in found.items()}


def messages(store: Store, ids: Collection[str]) -> dict[str, tuple[Message, ...]]:
    """The messages of each order whose writer is known."""
    found: dict[str, list[Message]] = defaultdict(list)
    for row in rows_of(store.messages, ids, ("sender", "at", "text", *_PLACE)):
        who = speaker(_word(row.sender))
        if who:
            found[row.order_id].append(Message(who, row.at, _closing(row.text), place_of(row)))
    return {
        order_id: tuple(sorted(rows, key=lambda m: (m.at, m.place.file, m.place.line)))
        for order_id, rows in found.items()
    }


def _closing(text: object) -> bool:
    """Does a message only thank? A question mark, or many words, ask for an answer."""
    said = rules.plain(_word(text))
    short = len(said) <= _CLOSING and not re.search("[?？]", said)
    return short and bool(rules.words("no_answer_needed", "words").search(said))


def costs(store: Store, ids: Collection[str]) -> dict[str, tuple[Cost, ...]]:
    """The rows of the costs ledger of each order."""
    found: dict[str, list[Cost]] = defaultdict(list)
    asked = ("kind", "date", "amount", "currency", "note", *_PLACE)
    for row in rows_of(store.costs, ids, asked):
        amount = 0.0 if pd.isna(row.amount) else float(row.amount)
        found[row.order_id].append(
            Cost(_word(row.kind), _day(row.date), amount, _word(row.currency).upper(),
                 _word(row.note), place_of(row))
        )  # fmt: skip
    return {order_id: tuple(rows) for order_id, rows in found.items()}


def prices(store: Store, ids: Collection[str]) -> dict[str, tuple[float, ...]]:
    """The price of each piece of each order; an order of one piece has none to choose from."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(store.order_items, ids, ("quantity", "item_price")):
        pieces = 1 if pd.isna(row.quantity) else int(row.quantity)
        if pieces > 0 and pd.notna(row.item_price):
            found[row.order_id] += [float(row.item_price) / pieces] * pieces
    return {order_id: tuple(rows) for order_id, rows in found.items() if len(rows) > 1}


def asked_on(
    store: Store,
    ids: Collection[str],
    told: dict[str, tuple[Complaint, ...]],
    said: dict[str, tuple[Message, ...]],
) -> dict[str, date]:
    """The first day on which the buyer complained in any way: message, return, claim, rating."""
    days: dict[str, list[date]] = defaultdict(list)
    for order_id, rows in told.items():
        days[order_id] += [row.on for row in rows if row.on]
    zone = store.settings.timezone
    for order_id, sent in said.items():
        days[order_id] += [m.at.tz_convert(zone).date() for m in sent if m.who == "buyer"]
    for row in rows_of(store.returns, ids, ("requested_on",)):
        if pd.notna(row.requested_on):
            days[row.order_id].append(row.requested_on.date())
    return {order_id: min(known) for order_id, known in days.items() if known}


def deadlines(store: Store, ids: Collection[str]) -> dict[str, date]:
    """The next day, from as-of on, by which a claim or chargeback of the order must be answered."""
    days: dict[str, list[date]] = defaultdict(list)
    for table, column in ((store.claims, "appeal_by"), (store.chargebacks, "answer_by")):
        for row in rows_of(table, ids, (column,)):
            day = _day(getattr(row, column))
            if day and day >= store.as_of:
                days[row.order_id].append(day)
    return {order_id: min(known) for order_id, known in days.items()}


def entries(store: Store, ids: Collection[str]) -> dict[str, tuple[Entry, ...]]:
    """The files that the ledgers name for each order: evidence, deliveries, messages."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for order_id, entry in (
        *_of_evidence(rows_of(store.evidence, ids)),
        *_of_deliveries(store, ids),
        *_of_messages(rows_of(store.messages, ids, ("attachment", *_PLACE))),
    ):
        found[order_id].append(entry)
    return {order_id: tuple(rows) for order_id, rows in found.items()}


def _of_evidence(rows: Sequence[Any]) -> Iterator[tuple[str, Entry]]:
    for row in rows:
        said = " ".join(filter(None, (_word(row.closes), _word(row.note))))
        class_ = class_of_words(_word(row.class_))
        for name, outside in _names(row.document, row.order_id):
            yield row.order_id, Entry(name, class_, place_of(row), outside, _day(row.dated), said)


def class_of_words(words: str) -> str:
    """
    The class that the analyst means; "" for a word that means none.

    >>> class_of_words("Logistics"), class_of_words("补救"), class_of_words("misc")
    ('logistics', 'remedy', '')
    """
    plain = rules.plain(words)
    return next(
        (name for name in rules.CLASSES if rules.words("class_words", name).search(plain)), ""
    )


def _of_deliveries(store: Store, ids: Collection[str]) -> Iterator[tuple[str, Entry]]:
    """The proofs that the deliveries ledger names; the table of parcels does not keep them."""
    for reading in store.readings:
        if reading.export is None or reading.export.name != "ledger_deliveries":
            continue
        if reading.frame is None:
            continue
        for row in rows_of(reading.frame.assign(file=reading.file), ids):
            for name, outside in _names(row.document, row.order_id):
                yield row.order_id, Entry(name, "logistics", place_of(row), outside)


def _of_messages(rows: Sequence[Any]) -> Iterator[tuple[str, Entry]]:
    for row in rows:
        for name, outside in _names(row.attachment, row.order_id):
            yield row.order_id, Entry(name, "communication", place_of(row), outside)


def _names(cell: object, order_id: str) -> Iterable[tuple[str, bool]]:
    r"""
    The names in a cell, inside the order's folder, and whether each points out of it.

    >>> list(_names("evidence/A/pod.pdf; ../B/x.png", "A"))
    [('pod.pdf', False), ('../B/x.png', True)]
    """
    for name in re.split(r"\s*[;|\n]\s*", _word(cell)):
        plain = name.replace("\\", "/").strip().removeprefix("./")
        plain = plain.removeprefix("evidence/").removeprefix(f"{order_id}/")
        if plain:
            outside = plain.startswith("/") or ".." in plain.split("/") or ":" in plain[:3]
            yield plain, outside
