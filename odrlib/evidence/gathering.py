"""Gathering: what the store's files tell of each order with evidence, read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from odrlib import policy
from odrlib.columns import rows_of, words
from odrlib.defects import verdicts
from odrlib.evidence import ledgers, rules
from odrlib.evidence.belonging import Known, Registry
from odrlib.evidence.case import Case, Desk
from odrlib.evidence.cell import Fault
from odrlib.evidence.holding import held_files
from odrlib.evidence.neighbours import Neighbour
from odrlib.evidence.opening import Content
from odrlib.evidence.shows import order_ids
from odrlib.policy import KINDS
from odrlib.reasons import THEMES, classify_reasons, order_reasons, statements
from odrlib.store import Store
from odrlib.tables import among

TOGETHER = pd.Timedelta(hours=12)  # parcels confirmed within these hours may be one parcel
# What a case tells of its order.
ASKED = ("order_id", "day", "ordered_at", "channel", "value", "currency", *KINDS)
Told = Mapping[str, tuple[str | None, str | None]]


class Books:
    """
    The ledgers' rows of the orders in question, read once.

    Parameters
    ----------
    numbers : tracking numbers that the files name; `owners` tells whose they are, and whose those
        of the orders' own parcels are
    """

    def __init__(
        self,
        store: Store,
        ids: Collection[str],
        judgement: pd.DataFrame | None,
        numbers: Collection[str] = (),
    ) -> None:
        judgement = verdicts(store, "amazon") if judgement is None else judgement
        self.judgement = judgement
        self.parcels = ledgers.parcels(store, ids)
        own = {parcel.number for mine in self.parcels.values() for parcel in mine} - {""}
        self.owners = _owners(store, own.union(numbers))
        self.reused = _reused(store, {n: self.owners[n] for n in own & self.owners.keys()})
        self.complaints = ledgers.complaints(judgement, ids)
        self.messages = ledgers.messages(store, ids)
        self.costs = ledgers.costs(store, ids)
        self.entries = ledgers.entries(store, ids)
        self.asked_on = ledgers.asked_on(store, ids, self.complaints, self.messages)
        self.prices = ledgers.prices(store, ids)
        self.deadlines = ledgers.deadlines(store, ids)


def _reused(
    store: Store, owners: Mapping[str, frozenset[str]]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """
    Orders whose tracking number an earlier parcel already had: order -> (number, that order).

    `owners` are the orders of each number.
    Two orders that went out together share a parcel, and that is no fault.
    """
    shared = {number: ids for number, ids in owners.items() if len(ids) > 1}
    every = ledgers.parcels(store, {order_id for ids in shared.values() for order_id in ids})
    found: dict[str, list[tuple[str, str]]] = {}
    for number, ids in sorted(shared.items()):
        sent = sorted(
            (p.shipped_at, order_id)
            for order_id in ids
            for p in every[order_id]
            if p.number == number and pd.notna(p.shipped_at)
        )
        for at, order_id in sent[1:]:
            if at - sent[0][0] > TOGETHER:
                found.setdefault(order_id, []).append((number, sent[0][1]))
    return {order_id: tuple(rows) for order_id, rows in found.items()}


def numbers_in(contents: Iterable[Content]) -> set[str]:
    """The tracking numbers that the files name."""
    return {number for content in contents for number in content.shows.numbers}


def registry(
    store: Store, contents: Sequence[Content], books: Books, others: Sequence[Neighbour]
) -> Registry:
    """Whose is what, asked only for what the files name."""
    folders = {content.piece.order_id for content in contents}
    values = _values(store, folders)
    known = {order_id: _known(order_id, books, values) for order_id in folders}
    numbers = numbers_in(contents)
    ids = {i for c in contents for i in c.shows.order_ids | order_ids(c.piece.name)} | folders
    mine = pd.Series(sorted(ids), dtype="str")
    in_store = mine[among(mine, store.orders["order_id"])] if store.orders is not None else mine[:0]
    owners = {number: books.owners[number] for number in numbers & books.owners.keys()}
    strange = (ids - set(in_store)) | {
        number for c in contents for number in c.shows.labelled if number not in owners
    }
    theirs: dict[str, str] = {}
    for other in others if strange else ():
        theirs |= dict.fromkeys(other.knows(strange - set(theirs)), other.title)
    return Registry(known, frozenset(in_store), owners, others, theirs)


def _values(store: Store, ids: Collection[str]) -> dict[str, float]:
    return {row.order_id: row.value for row in ledgers.rows_of(store.orders, ids, ("value",))}


def _known(order_id: str, books: Books, values: dict[str, float]) -> Known:
    mine = books.parcels.get(order_id, ())
    money = {abs(cost.amount) for cost in books.costs.get(order_id, ())}
    return Known(
        numbers=frozenset(parcel.number for parcel in mine if parcel.number),
        delivered=frozenset(at.date() for parcel in mine for at, _ in parcel.delivered),
        money=frozenset({*money, values.get(order_id, 0.0)} - {0.0}),
        listed=frozenset(entry.name for entry in books.entries.get(order_id, ())),
    )


def _owners(store: Store, numbers: Collection[str]) -> dict[str, frozenset[str]]:
    """The orders of this store that each number belongs to."""
    if store.shipments is None or not numbers:
        return {}
    number = store.shipments["tracking_number"]
    clean = number.str.upper()
    # Few are written with spaces or dots, and only those are put right one by one.
    odd = clean.str.contains("[^0-9A-Z]").fillna(False).to_numpy(bool)
    if odd.any():
        clean[odd] = clean[odd].str.replace(r"[\s.-]+", "", regex=True)
    rows = rows_of(clean, numbers)
    found: dict[str, list[str]] = defaultdict(list)
    for name, order_id in zip(
        words(clean.array.take(rows)),
        words(store.shipments["order_id"].array.take(rows)),
        strict=True,
    ):
        if order_id is not None:
            found[name].append(order_id)
    return {name: frozenset(ids) for name, ids in sorted(found.items())}


def desk(store: Store, books: Books, contents: Iterable[Content], today: date | None) -> Desk:
    """What is the same for every order of the store (see `Desk`)."""
    settings = store.settings
    last = store.as_of + timedelta(days=rules.bound("days_after_as_of"))
    signing = {
        (parcel.carrier, parcel.service)
        for parcel in (p for mine in books.parcels.values() for p in mine)
        if parcel.signed
    }
    for content in contents:
        mine = books.parcels.get(content.piece.order_id, ())
        if content.shows.signed and mine:
            signing.add((mine[0].carrier, mine[0].service))
    behind = rules.data("rules")["behind_utc"].get(settings.marketplace, 0)
    return Desk(
        zone=settings.timezone,
        behind=behind if settings.timezone == "UTC" else 0,
        horizon=max(store.as_of, min(last, today or datetime.now(UTC).date())),
        currency=policy.MARKETPLACES[settings.marketplace].get("currency", ""),
        signing=frozenset(signing),
        given=frozenset(
            name for name in ("messages", "costs", "evidence") if getattr(store, name) is not None
        ),
    )


def topics(store: Store, ids: Collection[str], reasons: pd.DataFrame | None) -> Told:
    """Topic and theme of each order; both None where nothing tells them."""
    if reasons is None:
        said = statements(store)
        mine = said[among(said["order_id"], pd.Series(sorted(ids), dtype="str"))]
        reasons = order_reasons(classify_reasons(mine))
    return {
        order_id: (topic, primary)
        for order_id, topic, primary in zip(
            *(words(reasons[name].array) for name in ("order_id", "topic", "primary")), strict=True
        )
    }


def case_of(
    row: Any,
    contents: Sequence[Content],
    books: Books,
    faults: Mapping[str, Fault],
    told: Told,
    desk: Desk,
) -> Case:
    """One defective order, from its row of `defects_by_order` and what was gathered."""
    order_id = str(row.order_id)
    held, lost = held_files(contents, books.entries.get(order_id, ()), faults)
    topic, theme = told.get(order_id, (None, None))
    return Case(
        order_id=order_id,
        day=row.day.date(),
        ordered_at=row.ordered_at,
        kinds=tuple(kind for kind in KINDS if getattr(row, kind, False)),
        topic=topic,
        theme=theme if theme in THEMES else None,
        channel=_word(row.channel),
        value=0.0 if pd.isna(row.value) else float(row.value),
        currency=_word(row.currency),
        prices=books.prices.get(order_id, ()),
        parcels=books.parcels.get(order_id, ()),
        reused=books.reused.get(order_id, ()),
        complaints=books.complaints.get(order_id, ()),
        asked_on=books.asked_on.get(order_id),
        messages=books.messages.get(order_id, ()),
        costs=books.costs.get(order_id, ()),
        held=held,
        lost=lost,
        deadline=books.deadlines.get(order_id),
        desk=desk,
    )


def _word(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
