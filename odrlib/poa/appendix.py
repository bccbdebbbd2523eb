"""The appendix: every defective order with what was done for it, and the index of the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from odrlib.poa.language import Listing, Term
from odrlib.poa.measures import FOLDER, measures_of
from odrlib.policy import KINDS
from odrlib.store import Store
from odrlib.tables import among

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
    told = (orders[name].tolist() for name in ("order_id", "day", "sku", "carrier", *kinds))
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


def evidence_grid(store: Store, order_ids: list[str]) -> tuple[tuple[str, ...], Rows]:
    """Columns and rows of the files on hand: of the orders first, then of the measures."""
    rows: Rows = []
    if store.evidence is not None:
        mine = store.evidence[among(store.evidence["order_id"], pd.Series(order_ids, dtype="str"))]
        rows = [
            (
                _told(row["document"]),
                Term("class", _told(row["class_"])),
                "" if pd.isna(row["dated"]) else row["dated"].date(),
                row["order_id"],
            )
            for row in mine.sort_values(["order_id", "document"]).to_dict("records")
        ]
    for measure in measures_of(store):
        found = [name for name in measure.files if name not in measure.missing]
        day = measure.date or ""
        rows += [(name, Term("class", "measure"), day, measure.id) for name in found]
    return FILE_COLUMNS, rows


def refund_days(store: Store) -> dict[str, date]:
    """The last day on which each order was refunded, by the costs ledger."""
    paid = _refunds(store)
    return {name: day.date() for name, day in paid.groupby("order_id")["date"].max().items()}


def refunds(store: Store, orders: pd.DataFrame) -> list[dict[str, Any]]:
    """Per currency: first and last day, how many of the orders were refunded, the amount."""
    paid = _refunds(store)
    paid = paid[among(paid["order_id"], orders["order_id"])]
    return [
        {
            "first": part["date"].min().date(),
            "last": part["date"].max().date(),
            "count": part["order_id"].nunique(),
            "amount": round(float(part["amount"].sum()), 2),
            "currency": str(currency),
        }
        for currency, part in paid.groupby("currency", sort=True)
    ]


def _refunds(store: Store) -> pd.DataFrame:
    if store.costs is None:
        return pd.DataFrame(columns=["order_id", "date", "amount", "currency"])
    kind = store.costs["kind"].astype("str").str.strip().str.casefold()
    told = store.costs["date"].notna() & store.costs["order_id"].notna()
    return store.costs[kind.eq("refund") & told]


def files_of(store: Store, order_id: str) -> int:
    """How many files lie in the order's folder of evidence."""
    folder = store.folder / FOLDER.parent / order_id
    return sum(path.is_file() for path in folder.iterdir()) if folder.is_dir() else 0


def _told(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
