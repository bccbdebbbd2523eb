"""Plain values: what is computed, as JSON and CSV know it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.finding import Finding
from odrlib.rates import Window


def records(table: pd.DataFrame, index: str = "") -> list[dict[str, Any]]:
    """A table as a list of plain dicts; a named index becomes the first column."""
    if index:
        table = table.rename_axis(index)
    if table.index.name:
        table = table.reset_index()
    names = [str(name) for name in table.columns]
    columns = [plain_column(values) for _, values in table.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_column(values: pd.Series) -> list[Any]:
    """`plain` of every value of a column, by its type where one look tells it for all."""
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        words = [*map(plain, kind.categories.tolist()), None]
        return [words[code] for code in values.array.codes.tolist()]
    if isinstance(kind, pd.StringDtype):
        return [value if isinstance(value, str) else None for value in values.to_numpy(object)]
    if kind.kind == "M" and isinstance(kind, np.dtype):
        moments = values.to_numpy()
        days = moments.astype("datetime64[D]")
        if (np.isnat(moments) | (days == moments)).all():
            return [None if day == "NaT" else day for day in np.datetime_as_string(days).tolist()]
    return [plain(value) for value in values.tolist()]


def plain(value: Any) -> Any:
    """The value as JSON knows it: numbers, text, lists and dicts; what is missing is None."""
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, dict | Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Series)):
        return [plain(one) for one in value]
    if isinstance(value, Finding):
        return value.as_dict()
    if isinstance(value, Window):
        return {"first": value.first.isoformat(), "last": value.last.isoformat()}
    if isinstance(value, pd.DataFrame):
        return records(value)
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp):
        midnight = value.tzinfo is None and value == value.normalize()
        return value.date().isoformat() if midnight else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_text(table: pd.DataFrame) -> str:
    """
    The table as CSV (UTF-8 with BOM, so that spreadsheets read it), safe to open in a spreadsheet.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    out.write("\ufeff")
    rows = records(table)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_cell, table.columns))
    writer.writerows([[_cell(value) for value in row.values()] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
