"""Ledgers: what the analyst noted of claims, chargebacks, refunds and removal requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import pandas as pd

from odrlib.defects import KIND_WORDS, class_of, meant
from odrlib.store import Store
from odrlib.triage.routes import removal, words
from odrlib.triage.rows import Row, by_order, day, in_order

Refund = tuple[date | None, str]
_CLAIM = ("stage", "paid", "by_seller", "granted_by_amazon", "filed_on", "decided_on", "appeal_by",
          "odr_impact")  # fmt: skip
_CHARGEBACK = ("stage", "class_", "status", "filed_on", "answer_by", "odr_impact")


def claims_of(table: pd.DataFrame | None, ids: Iterable[str]) -> dict[str, Row]:
    """
    The claim of each order that counts, or the newest of those that do not.

    `stage`: granted, open, appealed, lost (the appeal), unknown; `paid`: who was charged;
    `by_seller`: refunded by the seller himself; `granted_by_amazon`: Amazon decided for the buyer.
    """
    asked = ("status", "charged_to", "decided_on", "filed_on", "appeal_by", "odr_impact", "file",
             "line")  # fmt: skip
    # What rows of one day say decides between them, and where they stand only if they say the same.
    order = ("counts", "decided_on", "filed_on", "appeal_by", "stage", "paid", "by_seller",
             "granted_by_amazon", "odr_impact", "file", "line")  # fmt: skip
    found = by_order(table, ids, asked)
    return {
        name: _only(in_order(map(_claim, rows), order)[-1], _CLAIM) for name, rows in found.items()
    }


def _claim(row: Row) -> Row:
    """A row of the claims ledger with what it means."""
    status = "" if row["status"] is None else row["status"].strip().casefold()
    says, paid = meant(row["status"], "claim_status"), meant(row["charged_to"], "charged_to")
    stage = says if says in ("granted", "open") else "unknown"
    # A row without a status that was decided and counts can only have been granted.
    if says is None and row["decided_on"] is not None:
        stage = "granted" if paid == "seller" or row["odr_impact"] is True else stage
    for name, to in (("appealable", "granted"), ("appealed", "appealed"), ("appeal_lost", "lost")):
        if status in words("claim_stage", name):
            stage = to
    off = row["odr_impact"] is False or paid == "amazon"
    return row | {
        "stage": stage,
        "paid": None if paid == "?" else paid,
        "by_seller": status in words("claim_stage", "refunded_by_seller"),
        "granted_by_amazon": says == "granted" and "refund" not in status,
        "counts": not (off or says in ("denied", "withdrawn", "funded")),
    }


def _only(row: Row, columns: tuple[str, ...]) -> Row:
    return {column: row[column] for column in columns}


def chargebacks_of(table: pd.DataFrame | None, ids: Iterable[str]) -> dict[str, Row]:
    """
    The chargeback of each order that counts, or the newest of those that do not.

    `stage`: open, answered, closed; `class_`: fraud, service, None if no file tells.
    """
    asked = ("status", "class_", "reason_code", "filed_on", "answer_by", "odr_impact", "file",
             "line")  # fmt: skip
    order = ("filed_on", "answer_by", "stage", "class_", "status", "odr_impact", "file", "line")
    found = {}
    for name, rows in by_order(table, ids, asked).items():
        told = in_order(map(_chargeback, rows), order)
        # The page tells the day, the ledger the class: what the last row leaves out is filled in.
        for before, row in pairwise(told):
            for column in ("stage", "class_", "filed_on", "answer_by", "status"):
                if row[column] is None:
                    row[column] = before[column]
        found[name] = _only(in_order(told, ("counts", *order))[-1], _CHARGEBACK)
    return found


def _chargeback(row: Row) -> Row:
    """A row of the chargebacks ledger with what it means."""
    status = None if row["status"] is None else row["status"].strip().casefold()
    stage = None if status is None else "open"
    for name in ("answered", "closed"):
        if status in words("chargeback_stage", name):
            stage = name
    kind = class_of(row["class_"], row["reason_code"])
    return row | {
        "stage": stage,
        "class_": None if kind == "?" else kind,
        "counts": kind != "fraud" and row["odr_impact"] is not False,
    }


def refunds_of(store: Store, ids: Iterable[str]) -> dict[str, tuple[Refund, ...]]:
    """Refunds of the seller's own, day and table; the money of a claim itself is none."""
    found: dict[str, set[Refund]] = {}
    named = [word.casefold() for word in removal()["refund"]["words"]]
    for name, rows in by_order(store.costs, ids, ("kind", "date")).items():
        found.setdefault(name, set()).update(
            (day(row["date"]), "costs") for row in rows if _names(row["kind"], named)
        )
    for name, rows in by_order(store.settlements, ids, ("type", "posted_at", "defect")).items():
        found.setdefault(name, set()).update(
            (_local_day(row["posted_at"], store.settings.timezone), "settlements")
            for row in rows
            if row["defect"] is None and _names(row["type"], named)
        )
    return {name: tuple(sorted(days, key=str)) for name, days in found.items() if days}


def _local_day(moment: pd.Timestamp | None, timezone: str) -> date | None:
    return None if moment is None else day(moment.tz_convert(timezone))


def _names(value: object, named: list[str]) -> bool:
    return value is not None and any(word in str(value).casefold() for word in named)


def requests_of(
    table: pd.DataFrame | None, ids: Iterable[str]
) -> dict[tuple[str, str], tuple[str, date | None]]:
    """By order and kind the newest request with its day, if it is pending or was refused."""
    asked = ("kind", "result", "requested_on", "file", "line")
    found = {}
    for name, rows in by_order(table, ids, asked).items():
        told = [row | {"told": meant(row["result"], "removal_result") or "pending"} for row in rows]
        for row in in_order(told, ("requested_on", "told", "kind", "file", "line")):
            for kind, named in KIND_WORDS.items():
                if row["told"] in ("pending", "refused") and _names(row["kind"], list(named)):
                    found[name, kind] = (row["told"], day(row["requested_on"]))
    return found
