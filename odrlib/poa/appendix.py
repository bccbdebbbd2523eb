"""The appendix: every defective order with what was done for it, and the index of the evidence."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import listed, order_by, rows_of
from odrlib.exports.columns import rows_at
from odrlib.plain import row_dicts
from odrlib.poa.language import Listing, Term
from odrlib.poa.measures import FOLDER, Measure
from odrlib.policy import KINDS
from odrlib.store import Store

ORDER_COLUMNS = ("order_id", "day", "kinds", "sku", "carrier", "remedy", "files")
FILE_COLUMNS = ("file", "class", "dated", "belongs")
Rows = list[tuple[Any, ...]]


def order_grid(
    store: Store, orders: pd.DataFrame, paid: Mapping[str, date]
) -> tuple[tuple[str, ...], Rows]:
    """
    Columns and rows of the orders of one cause.

    Parameters
    ----------
    paid : `refund_days` of the store
    """
    kinds = [kind for kind in KINDS if kind in orders]
    told = (listed(orders[name].array) for name in ("order_id", "day", "sku", "carrier", *kinds))
    rows = [
        (
            order_id,
            day.date(),
            Listing(
                [Term("kind", kind) for kind, is_so in zip(kinds, flags, strict=True) if is_so]
            ),
            _told(sku),
            _told(carrier),
            paid.get(order_id, ""),
            files_of(store, order_id),
        )
        for order_id, day, sku, carrier, *flags in zip(*told, strict=True)
    ]
    return ORDER_COLUMNS, rows


def evidence_grid(
    store: Store, order_ids: list[str], measures: Iterable[Measure]
) -> tuple[tuple[str, ...], Rows]:
    """Columns and rows of the files on hand: of the orders first, then of the measures."""
    rows: Rows = []
    if store.evidence is not None:
        mine = rows_at(store.evidence, rows_of(store.evidence["order_id"], order_ids),
                       ["document", "class_", "dated", "order_id"])  # fmt: skip
        order = order_by(mine["order_id"].array, mine["document"].array)
        rows = [
            (
                _told(row["document"]),
                Term("class", _told(row["class_"])),
                "" if pd.isna(row["dated"]) else row["dated"].date(),
                row["order_id"],
            )
            for row in row_dicts(rows_at(mine, order))
        ]
    for measure in measures:
        found = [name for name in measure.files if name not in measure.missing]
        day = measure.date or ""
        rows += [(name, Term("class", "measure"), day, measure.id) for name in found]
    return FILE_COLUMNS, rows


def refund_days(store: Store) -> dict[str, date]:
    """The last day on which each order was refunded, by the costs ledger."""
    # The last day stands last, and stays.
    paid = sorted((day, order_id) for _, order_id, day, _ in _refunds(store))
    return {order_id: day.date() for day, order_id in paid}


def refunds(store: Store, orders: pd.DataFrame) -> list[dict[str, Any]]:
    """Per currency: first and last day, how many of the orders were refunded, the amount."""
    found: dict[str, list[tuple[str, Any, float]]] = defaultdict(list)
    for currency, *paid in _refunds(store, orders["order_id"]):
        if currency is not None:
            found[currency].append(tuple(paid))
    return [
        {
            "first": min(day for _, day, _ in rows).date(),
            "last": max(day for _, day, _ in rows).date(),
            "count": len({order_id for order_id, _, _ in rows}),
            "amount": round(math.fsum(amount for *_, amount in rows), 2),
            "currency": currency,
        }
        for currency, rows in sorted(found.items())
    ]


def _refunds(store: Store, order_ids: pd.Series | None = None) -> list[tuple[Any, ...]]:
    """Currency, order, day and amount of each refund of the costs ledger, for these orders only."""
    if store.costs is None:
        return []
    costs = store.costs
    rows = np.arange(len(costs)) if order_ids is None else rows_of(costs["order_id"], order_ids)
    asked = ("currency", "order_id", "date", "amount", "kind")
    told = (listed(costs[name].array.take(rows)) for name in asked)
    return [
        (currency, order_id, day, amount or 0.0)
        for currency, order_id, day, amount, kind in zip(*told, strict=True)
        if None not in (order_id, day, kind) and kind.strip().casefold() == "refund"
    ]


def files_of(store: Store, order_id: str) -> int:
    """How many files lie in the order's folder of evidence."""
    folder = store.folder / FOLDER.parent / order_id
    return sum(path.is_file() for path in folder.iterdir()) if folder.is_dir() else 0


def _told(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
