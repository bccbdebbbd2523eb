"""
Held: what stays in memory of a file that was read.

A year of a large store is some gigabytes of text. Of each file only the columns that the tables
hold are kept, in the tables' own types, as soon as it is read; once the tables are put together,
the file's own rows are let go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.exports.columns import length
from odrlib.exports.dates import to_day
from odrlib.exports.read import Reading
from odrlib.stacks import stack
from odrlib.tables import SCHEMA

# Smaller files take less memory than the work of making them smaller.
_MANY_ROWS = 4_096
# The date that says which days a file covers, in order of preference.
COVERS = (
    "ordered_at",
    "ordered_on",
    "date",
    "requested_on",
    "filed_on",
    "shipped_at",
    "delivered_at",
    "at",
    "posted_at",
)


def slim(reading: Reading) -> Reading:
    """The reading with the columns of its tables alone, words that repeat as categories."""
    held = reading.columns
    if held is None or length(held) < _MANY_ROWS or not is_stacked(reading):
        return reading
    kinds: dict[str, str] = {}
    for table in reading.export.gives if reading.export else ():
        kinds |= {name: kind for name, kind in SCHEMA[table].items() if name in held}
    shown = _days_of(held)
    columns = {name: stack(kind, [held[name]], [length(held)]) for name, kind in kinds.items()}
    if shown and shown not in columns:
        columns[shown] = held[shown]
    reading.columns = columns
    return reading


def let_go(readings: tuple[Reading, ...], timezone: str) -> None:
    """Forget the rows that stand in the tables now, but not which days they cover."""
    for reading in readings:
        if reading.columns is not None:
            reading.days = covered(reading.columns, timezone)
        if is_stacked(reading):
            reading.frame = None


def is_stacked(reading: Reading) -> bool:
    """Are its rows nowhere asked for but in the tables? Some columns of a ledger are."""
    export = reading.export
    return export is not None and not export.path and all(name in SCHEMA for name in export.gives)


def _days_of(columns: Mapping[str, Any]) -> str | None:
    """The column that says which days a file covers."""
    there = (name for name in COVERS if name in columns)
    return next((name for name in there if not np.isnat(_moments(columns[name])).all()), None)


def _moments(days: Any) -> np.ndarray:
    return np.asarray(days, "datetime64[us]")


def covered(columns: Mapping[str, Any] | None, timezone: str) -> tuple[date | None, date | None]:
    """The first and the last day that rows are of, in `timezone`; None where they have none."""
    column = None if columns is None else _days_of(columns)
    if columns is None or column is None:
        return None, None
    days = columns[column]
    moments = _moments(days)
    known = moments[~np.isnat(moments)]
    ends = np.array([known.min(), known.max()])
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        ends = to_day(ends.view("int64"), timezone)
    first, last = ends.astype("datetime64[D]").tolist()
    return first, last
