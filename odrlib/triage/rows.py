"""Rows: the rows of a table by order, as plain dicts with None for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from odrlib.tables import among

Row = dict[str, Any]


def by_order(
    table: pd.DataFrame | None, ids: pd.Series, columns: Sequence[str]
) -> dict[str, list[Row]]:
    """The rows of each of these orders, in the order of the table; nothing without a table."""
    if table is None:
        return {}
    mine = among(table["order_id"], ids).to_numpy()
    rows = table.loc[mine, ["order_id", *(name for name in columns if name != "order_id")]]
    values = [
        [value if ok else None for value, ok in zip(column.tolist(), column.notna(), strict=True)]
        for column in (rows[name] for name in columns)
    ]
    found: dict[str, list[Row]] = {}
    for order_id, *row in zip(rows["order_id"].to_numpy(object), *values, strict=True):
        found.setdefault(str(order_id), []).append(dict(zip(columns, row, strict=True)))
    return found


def day(value: Any) -> date | None:
    """The day of a value, None where it is missing."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
