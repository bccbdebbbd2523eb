"""Rows: the rows of a table by order, as plain dicts with None for what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from odrlib.columns import rows_of, words
from odrlib.plain import arrays_of, listed

Row = dict[str, Any]


def by_order(
    table: pd.DataFrame | None, ids: Iterable[str], columns: Sequence[str]
) -> dict[str, list[Row]]:
    """The rows of each of these orders, in the order of the table; nothing without a table."""
    if table is None:
        return {}
    rows = rows_of(table["order_id"], ids)
    arrays = dict(arrays_of(table))
    values = [listed(arrays[name].take(rows)) for name in columns]
    found: dict[str, list[Row]] = {}
    for order_id, *row in zip(words(arrays["order_id"].take(rows)), *values, strict=True):
        found.setdefault(order_id, []).append(dict(zip(columns, row, strict=True)))
    return found


def in_order(rows: Iterable[Row], columns: Sequence[str]) -> list[Row]:
    """The rows by these columns; what is missing comes before what is there."""
    return sorted(rows, key=lambda row: [(row[name] is not None, row[name]) for name in columns])


def day(value: Any) -> date | None:
    """The day of a value, None where it is missing."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
