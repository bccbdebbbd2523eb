"""
Held: what stays in memory of a file that was read.

A year of a large store is some gigabytes of text. Of each file only the columns that the tables
hold are kept, in the tables' own types, as soon as it is read; once the tables are put together,
the file's own rows are let go.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

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
    frame = reading.frame
    if frame is None or len(frame) < _MANY_ROWS or not is_stacked(reading):
        return reading
    kinds: dict[str, str] = {}
    for table in reading.export.gives if reading.export else ():
        kinds |= {name: kind for name, kind in SCHEMA[table].items() if name in frame}
    shown = _days_of(frame)
    columns = {name: stack(kind, [frame[name]], [len(frame)]) for name, kind in kinds.items()}
    if shown and shown not in columns:
        columns[shown] = frame[shown]
    reading.frame = pd.DataFrame(columns, copy=False)
    return reading


def let_go(readings: tuple[Reading, ...], timezone: str) -> None:
    """Forget the rows that stand in the tables now, but not which days they cover."""
    for reading in readings:
        if reading.frame is not None:
            reading.days = covered(reading.frame, timezone)
        if is_stacked(reading):
            reading.frame = None


def is_stacked(reading: Reading) -> bool:
    """Are its rows nowhere asked for but in the tables? Some columns of a ledger are."""
    export = reading.export
    return export is not None and not export.path and all(name in SCHEMA for name in export.gives)


def _days_of(frame: pd.DataFrame) -> str | None:
    """The column that says which days a file covers."""
    return next((name for name in COVERS if name in frame and not frame[name].isna().all()), None)


def covered(frame: pd.DataFrame | None, timezone: str) -> tuple[date | None, date | None]:
    """The first and the last day that rows are of, in `timezone`; None where they have none."""
    column = None if frame is None else _days_of(frame)
    if frame is None or column is None:
        return None, None
    days = frame[column]
    moments = np.asarray(days.array, "datetime64[us]")
    known = moments[~np.isnat(moments)]
    ends = np.array([known.min(), known.max()])
    if isinstance(days.dtype, pd.DatetimeTZDtype):
        ends = to_day(ends.view("int64"), timezone)
    first, last = ends.astype("datetime64[D]").tolist()
    return first, last
