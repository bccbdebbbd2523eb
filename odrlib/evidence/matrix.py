"""Matrix: order × class of evidence, each cell judged, and every fault found on the way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import by_day
from odrlib.evidence import gathering, rules
from odrlib.evidence.belonging import misplaced
from odrlib.evidence.case import Case, Held, dates_of_file, fault_of_file, fault_of_lost
from odrlib.evidence.cell import Cell, Fault, judged, note
from odrlib.evidence.communication import communication_faults
from odrlib.evidence.fetching import next_fetches
from odrlib.evidence.folder import FOLDER, evidence_pieces, is_order_id
from odrlib.evidence.listing import cells_table, files_table, findings_of
from odrlib.evidence.logistics import logistics_faults
from odrlib.evidence.neighbours import names_of, neighbours
from odrlib.evidence.opening import Content, open_pieces
from odrlib.evidence.remedy import remedy_faults
from odrlib.exports.columns import rows_at, rows_where
from odrlib.finding import Finding
from odrlib.languages import speaking, tr
from odrlib.plain import plain_dict
from odrlib.store import Store
from odrlib.tables import is_among

SCHEMA_VERSION = 1
FAULTS = {
    "logistics": logistics_faults,
    "communication": communication_faults,
    "remedy": remedy_faults,
}


@dataclass(frozen=True)
class Evidence:
    """
    What the evidence folder of a store proves.

    Parameters
    ----------
    as_of : the day that the answers are for
    cells : one row per order and class: `order_id`, `day`, `kinds`, `topic` (missing if nobody
        knows), `class`, `state`, `required` (why; empty if it is not), `missing`,
        `contradictions`, `unknown`, `notes` (lists of sentences), `files` (names)
    files : one row per file: `order_id`, `file`, `class` (empty if nothing tells), `told_by`,
        `kind`, `state`, `why`, `bytes`, `sha256`, `pages`, `taken_on`, `has_location`, `own`
    findings : every fault that names an order or a file, errors first
    next : what to fetch (see `fetching.next_fetches`)
    """

    as_of: date
    cells: pd.DataFrame
    files: pd.DataFrame
    findings: tuple[Finding, ...]
    next: pd.DataFrame
    _judged: tuple[tuple[Case, tuple[Cell, ...]], ...] = field(default=(), repr=False)

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The orders with their cells, as `odr evidence --json` lists them."""
        return [
            {
                "order_id": case.order_id,
                "day": case.day.isoformat(),
                "kinds": list(case.kinds),
                "topic": case.topic,
                "cells": {cell.class_: cell.as_dict() for cell in cells},
            }
            for case, cells in self._judged
        ]


def evidence_matrix(
    store: Store,
    defects: pd.DataFrame,
    reasons: pd.DataFrame | None = None,
    judgement: pd.DataFrame | None = None,
    *,
    today: date | None = None,
    ocr: bool = False,
) -> Evidence:
    """
    Every defective order against the three classes of evidence, by content and not by presence.

    Nothing in the folder is changed, no link is followed, and no text of a file leaves this room.

    Parameters
    ----------
    store : the store, with its folder
    defects : orders with `defective` and a flag per kind (`defects_by_order`); whichever of them
        are asked about
    reasons : `order_reasons` of the store, if the caller has it
    judgement : the table of `verdicts`, if the caller has it
    today : evidence of a later day is in the future (default: the clock's day in UTC)
    ocr : read letters in pictures too (needs pytesseract)

    Raises
    ------
    BadParameter if `ocr` is asked for and pytesseract is not installed; what is wrong with a file
    is a finding, never an error
    """
    asked_of = [name for name in gathering.ASKED if name in defects.columns]
    rows = by_day(defects, np.flatnonzero(defects["defective"]), newest=True)
    bad = rows_at(defects, rows, asked_of)
    others = neighbours(store)
    contents = open_pieces(
        evidence_pieces(store), store.settings.marketplace, names_of(store, others), ocr
    )
    ids = {*bad["order_id"], *(content.piece.order_id for content in contents)}
    books = gathering.Books(store, ids, judgement, gathering.numbers_in(contents))
    registry = gathering.registry(store, contents, books, others)
    faults = misplaced(contents, registry)
    by_order: dict[str, list[Content]] = defaultdict(list)
    for content in contents:
        by_order[content.piece.order_id].append(content)
    desk = gathering.desk(store, books, contents, today)
    told = gathering.topics(store, set(bad["order_id"]), reasons)
    cases = [
        gathering.case_of(row, by_order.get(row.order_id, []), books, faults, told, desk)
        for row in bad.itertuples(index=False)
    ]
    done = tuple((case, _cells(case)) for case in cases)
    asked = set(bad["order_id"])
    rest = [content for content in contents if content.piece.order_id not in asked]
    return Evidence(
        as_of=store.as_of,
        cells=cells_table(done),
        files=files_table(cases, rest, faults),
        findings=findings_of(store, done, rest, faults, registry),
        next=next_fetches(
            [cell for _, cells in done for cell in cells],
            {case.order_id: case.deadline for case in cases if case.deadline},
        ),
        _judged=done,
    )


def orders_to_prove(store: Store, defects: pd.DataFrame, first: date) -> pd.DataFrame:
    """
    The defective orders that evidence is asked for.

    Those placed on or after `first`, the first day of the window: they count, or will. And any
    older one for which a folder or a row of the evidence ledger is there.
    """
    bad = rows_where(defects, defects["defective"])
    listed = store.evidence["order_id"] if store.evidence is not None else pd.Series(dtype="str")
    root = store.folder / FOLDER
    # Other names may not even be letters.
    names = [path.name for path in root.iterdir()] if root.is_dir() else []
    folders = pd.Series([name for name in names if is_order_id(name)], dtype="str")
    on_hand = is_among(bad["order_id"], listed) | is_among(bad["order_id"], folders)
    young = bad["day"].to_numpy() >= np.datetime64(first)
    return rows_where(bad, young | on_hand)


def check_evidence(
    store: Store, defects: pd.DataFrame, reasons: pd.DataFrame | None = None
) -> list[Finding]:
    """Every fault in the evidence folder, errors first (see `evidence_matrix`)."""
    return list(evidence_matrix(store, defects, reasons).findings)


def said_in(evidence: Evidence, language: str) -> pd.DataFrame:
    """
    The table of cells with its sentences in a language, whatever is spoken.

    For what is sent to Amazon: it is not said in the analyst's language.
    """
    with speaking(language):
        return cells_table([(case, _cells(case)) for case, _ in evidence._judged])


def evidence_dict(evidence: Evidence) -> dict[str, Any]:
    """What `odr evidence --json` prints."""
    return plain_dict(
        {
            "schema_version": SCHEMA_VERSION,
            "as_of": evidence.as_of,
            "orders": evidence.orders,
            "findings": list(evidence.findings),
            "next": evidence.next,
        }
    )


def _cells(case: Case) -> tuple[Cell, ...]:
    required = case.required()
    return tuple(_cell(case, class_, required.get(class_, "")) for class_ in rules.CLASSES)


def _cell(case: Case, class_: str, required: str) -> Cell:
    files = case.of_class(class_)
    own = [fault for held in files if (fault := fault_of_file(held))]
    usable = [held for held in files if held.usable]
    if usable:
        # A file that proves nothing is told by its finding; what is whole beside it may suffice.
        own = [f if f.effect == "contradiction" else _aside(f) for f in own]
    own += [fault_of_lost(lost) for lost in case.lost if (lost.class_ or "") == class_]
    own += [fault for held in usable for fault in dates_of_file(held, case)]
    own += [_unlisted(held) for held in usable if held.place is None]
    on_hand = bool(files) or _on_hand(case, class_)
    return judged(
        case.order_id,
        class_,
        required,
        [held.name for held in usable],
        [*own, *FAULTS[class_](case)],
        on_hand,
    )


def _unlisted(held: Held) -> Fault:
    if held.by == "its name":
        return note(
            tr("{file} is in no ledger; it is used for what its name tells", file=held.name)
        )
    return note(tr("{file} is in no ledger; it is used for what its text tells", file=held.name))


def _aside(fault: Fault) -> Fault:
    return replace(fault, effect="note")


def _on_hand(case: Case, class_: str) -> bool:
    """Is there anything of this class besides files?"""
    if class_ == "logistics":
        return any(parcel.ledger for parcel in case.parcels)
    if class_ == "communication":
        return any(message.who == "buyer" for message in case.messages)
    return bool(case.costs) or any(lost.class_ == class_ for lost in case.lost)
