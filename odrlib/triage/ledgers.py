"""Ledgers: what the analyst noted of claims, chargebacks, refunds and removal requests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from odrlib.defects import KIND_WORDS, chargeback_class, is_said, meaning
from odrlib.store import Store
from odrlib.tables import among, order_days
from odrlib.triage.routes import removal, words
from odrlib.triage.rows import Row, by_order, day

Refund = tuple[date | None, str]
_CLAIM = ("stage", "paid", "by_seller", "granted_by_amazon", "filed_on", "decided_on", "appeal_by",
          "odr_impact")  # fmt: skip
_CHARGEBACK = ("stage", "class_", "status", "filed_on", "answer_by", "odr_impact")


def claims_of(table: pd.DataFrame | None, ids: pd.Series) -> dict[str, Row]:
    """
    The claim of each order that counts, or the newest of those that do not.

    `stage`: granted, open, appealed, lost (the appeal), unknown; `paid`: who was charged;
    `by_seller`: refunded by the seller himself; `granted_by_amazon`: Amazon decided for the buyer.
    """
    if table is None:
        return {}
    status = table["status"].astype("str").str.strip().str.casefold()
    meant = meaning(table["status"], "claim_status")
    paid = meaning(table["charged_to"], "charged_to")
    stage = meant.where(meant.isin(["granted", "open"]), "unknown")
    # A row without a status that was decided and counts can only have been granted.
    decided = table["decided_on"].notna() & (paid.eq("seller") | is_said(table["odr_impact"], True))
    stage = stage.mask(meant.isna() & decided, "granted")
    for name, to in (("appealable", "granted"), ("appealed", "appealed"), ("appeal_lost", "lost")):
        stage = stage.mask(status.isin(words("claim_stage", name)), to)
    off = is_said(table["odr_impact"], False) | paid.eq("amazon")
    off |= meant.isin(["denied", "withdrawn", "funded"])
    rows = table.assign(
        stage=stage,
        paid=paid.replace("?", pd.NA),
        by_seller=status.isin(words("claim_stage", "refunded_by_seller")),
        granted_by_amazon=meant.eq("granted")
        & ~status.str.contains("refund", regex=False).fillna(False).astype(bool),
        off=off,
    )
    # What rows of one day say decides between them, and where they stand only if they say the same.
    order = ["off", "decided_on", "filed_on", "appeal_by", "stage", "paid", "by_seller",
             "granted_by_amazon", "odr_impact", "file", "line"]  # fmt: skip
    return _newest(rows, ids, order, _CLAIM)


def _newest(
    rows: pd.DataFrame, ids: pd.Series, order: list[str], columns: tuple[str, ...]
) -> dict[str, Row]:
    """The last row of each order; one that is off the rate comes before one that counts."""

    def place(row: Row) -> list[tuple[bool, Any]]:
        # What is missing comes before what is there.
        return [(row[name] is not None, not row[name] if name == "off" else row[name])
                for name in order]  # fmt: skip

    last = {
        name: sorted(found, key=place)[-1]
        for name, found in by_order(rows, ids, list({*columns, *order})).items()
    }
    return {name: {column: row[column] for column in columns} for name, row in last.items()}


def chargebacks_of(table: pd.DataFrame | None, ids: pd.Series) -> dict[str, Row]:
    """
    The chargeback of each order that counts, or the newest of those that do not.

    `stage`: open, answered, closed; `class_`: fraud, service, None if no file tells.
    """
    if table is None:
        return {}
    status = table["status"].astype("str").str.strip().str.casefold()
    stage = pd.Series("open", index=table.index)
    for name in ("answered", "closed"):
        stage = stage.mask(status.isin(words("chargeback_stage", name)), name)
    kind = chargeback_class(table)
    rows = table.assign(
        stage=stage.where(status.notna()),
        class_=kind.where(kind.ne("?")),
        off=kind.eq("fraud") | is_said(table["odr_impact"], False),
    )
    # The page tells the day, the ledger the class: what the last row leaves out is filled in.
    rows = rows[among(rows["order_id"], ids)]
    order = ["filed_on", "answer_by", "stage", "class_", "status", "odr_impact", "file", "line"]
    rows = rows.sort_values(order, na_position="first")
    filled = ["stage", "class_", "filed_on", "answer_by", "status"]
    rows[filled] = rows.groupby("order_id")[filled].ffill()
    return _newest(rows, ids, ["off", *order], _CHARGEBACK)


def refunds_of(store: Store, ids: pd.Series) -> dict[str, tuple[Refund, ...]]:
    """Refunds of the seller's own, day and table; the money of a claim itself is none."""
    found: dict[str, set[Refund]] = {}
    named = [word.casefold() for word in removal()["refund"]["words"]]
    for name, rows in by_order(store.costs, ids, ("kind", "date")).items():
        found.setdefault(name, set()).update(
            (day(row["date"]), "costs") for row in rows if _names(row["kind"], named)
        )
    money = store.settlements
    if money is not None:
        money = money[among(money["order_id"], ids) & money["defect"].isna()]
        money = money.assign(on=order_days(money["posted_at"], store.settings.timezone))
    for name, rows in by_order(money, ids, ("type", "on")).items():
        found.setdefault(name, set()).update(
            (day(row["on"]), "settlements") for row in rows if _names(row["type"], named)
        )
    return {name: tuple(sorted(days, key=str)) for name, days in found.items() if days}


def _names(value: object, named: list[str]) -> bool:
    return value is not None and any(word in str(value).casefold() for word in named)


def requests_of(
    table: pd.DataFrame | None, ids: pd.Series
) -> dict[tuple[str, str], tuple[str, date | None]]:
    """By order and kind the newest request with its day, if it is pending or was refused."""
    if table is None:
        return {}
    told = meaning(table["result"], "removal_result").fillna("pending")
    rows = table.assign(told=told, kind=table["kind"].astype("str"))
    rows = rows.sort_values(["requested_on", "told", "kind", "file", "line"], na_position="first")
    return {
        (name, kind): (row["told"], day(row["requested_on"]))
        for name, found in by_order(rows, ids, ("kind", "told", "requested_on")).items()
        for row in found
        for kind, named in KIND_WORDS.items()
        if row["told"] in ("pending", "refused") and _names(row["kind"], list(named))
    }
