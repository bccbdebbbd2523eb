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
    columns = [table[name].astype(object).where(table[name].notna(), None) for name in table]
    return [plain_dict(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """The value as JSON knows it: numbers, text, lists and dicts; what is missing is None."""
    if isinstance(value, Finding):
        return value.as_dict()
    if isinstance(value, Window):
        return {"first": value.first.isoformat(), "last": value.last.isoformat()}
    if isinstance(value, Mapping):
        return plain_dict(value)
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Series)):
        return [plain(one) for one in value]
    if isinstance(value, pd.DataFrame):
        return records(value)
    if value is None or value is pd.NaT or value is pd.NA:
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


def plain_dict(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The values by their names, as JSON knows them."""
    return {str(name): plain(value) for name, value in values.items()}


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
