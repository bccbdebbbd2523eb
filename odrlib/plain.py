"""Plain values: what is computed, as JSON and CSV know it."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.finding import Finding
from odrlib.harmless import seen
from odrlib.rates import Window

# Stands in no JSON, where it is written as a number.
_BETWEEN = "\0"
# What holds no other value.
_FLAT = frozenset((str, int, float, bool, type(None)))
# What a spreadsheet takes for the beginning of a formula, whatever unseen stands before it; its
# full-width and small forms are taken for it where Chinese or Japanese is typed.
_FORMULA = re.compile(
    "[\\s\x00-\x1f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n]"
)


def json_lines(value: Any, margin: str = "\n") -> str:
    r"""
    The plain value (no tuples) as `json.dumps(value, ensure_ascii=False, indent=1)` writes it.

    It does so sooner: Python's own encoder knows no indent where it is fast. `margin` is the end of
    a line and the blanks before the next one.

    >>> json_lines({"rate": 0.01, "ids": ["東京", None]}) == json.dumps(
    ...     {"rate": 0.01, "ids": ["東京", None]}, ensure_ascii=False, indent=1
    ... )
    True
    """
    kind = type(value)
    if kind in _WRITTEN:
        return _WRITTEN[kind](value)
    inner = f"{margin} "
    if kind is dict and value:
        if _is_flat(value):
            return f"{{{inner}{_encoder(inner).encode(value)[1:-1]}{margin}}}"
        parts = [f"{encode_basestring(name)}: {json_lines(one, inner)}"
                 for name, one in value.items()]  # fmt: skip
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}"
    if kind is list and value:
        if _FLAT.issuperset(map(type, value)):
            return f"[{inner}{_encoder(inner).encode(value)[1:-1]}{margin}]"
        if all(type(one) is dict and one and _is_flat(one) for one in value):
            return _record_lines(value, margin)
        parts = [json_lines(one, inner) for one in value]
        return f"[{inner}{f',{inner}'.join(parts)}{margin}]"
    return _encoder(inner).encode(value)


def _is_flat(record: dict[str, Any]) -> bool:
    return _FLAT.issuperset(map(type, record.values()))


def _record_lines(rows: list[dict[str, Any]], margin: str) -> str:
    """A list of flat dicts, all of them in one go: most of facts.json is tables."""
    inner, deep = f"{margin} ", f"{margin}  "
    text = _encoder(_BETWEEN).encode(rows)[2:-2]
    text = text.replace(f"}},{_BETWEEN}{{", f"{inner}}},{inner}{{{deep}")
    return f"[{inner}{{{deep}{text.replace(_BETWEEN, deep)}{inner}}}{margin}]"


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"JSON knows no number {value}")
    return repr(value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: repr,
    float: _number,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}


@cache
def _encoder(inner: str) -> json.JSONEncoder:
    """Python's own encoder, which is fast in one line; `inner` stands between two values of it."""
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(f",{inner}", ": "))


def literal(text: str) -> str:
    r"""
    The text as a cell of a CSV file that no spreadsheet runs: an apostrophe before a formula.

    >>> literal("=1+1"), literal(" ＝1+1"), literal("2-1")
    ("'=1+1", "' ＝1+1", '2-1')
    """
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Would a spreadsheet run a cell that holds the text?"""
    return _FORMULA.match(text) is not None


def records(table: pd.DataFrame, index: str = "") -> list[dict[str, Any]]:
    """A table as a list of plain dicts; a named index becomes the first column."""
    named = index or table.index.name
    if named in table.columns:
        raise ValueError(f"the index is called {named!r}, as a column is")
    columns = {str(named): plain_column(table.index)} if named else {}
    columns |= {str(name): plain_column(values) for name, values in arrays_of(table)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def arrays_of(table: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    """Each column's name and array; a Series around each costs more than most tables' rows."""
    whole = getattr(table, "_iter_column_arrays", None)  # as pandas itself does it
    arrays = whole() if whole else (values.array for _, values in table.items())
    return zip(table.columns, arrays, strict=True)


def plain_column(values: Any) -> list[Any]:
    """`plain` of every value of a column or its array, by type where one look tells it for all."""
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        words = [*map(plain, listed(kind.categories)), None]
        return [words[code] for code in array_of(values).codes.tolist()]
    if isinstance(kind, pd.StringDtype):
        return listed(values)
    if kind.kind == "M" and isinstance(kind, np.dtype):
        moments = np.asarray(values)
        days = moments.astype("datetime64[D]")
        if (np.isnat(moments) | (days == moments)).all():
            return [None if day == "NaT" else day for day in np.datetime_as_string(days).tolist()]
    if kind.kind == "f" and isinstance(kind, np.dtype):
        numbers = np.asarray(values)
        known = np.isfinite(numbers)
        told: list[Any] = numbers.tolist()
        if known.all():
            return told
        return [value if it_is else None for value, it_is in zip(told, known.tolist(), strict=True)]
    every = listed(values)
    return every if kind.kind in "biu" else [plain(value) for value in every]


def array_of(values: Any) -> Any:
    """The array of a column or an index; an array is its own."""
    return getattr(values, "array", values)


def listed(values: Any) -> list[Any]:
    """
    The values of a column or its array as Python has them, None for each that is missing.

    >>> listed(pd.Series(["mfn", None])), listed(pd.Series([1, None], dtype="Int64"))
    (['mfn', None], [1, None])
    """
    kind = values.dtype
    if isinstance(kind, pd.StringDtype):  # text out of Arrow in one piece, not value by value
        texts: list[Any] = pa.array(array_of(values), from_pandas=True).to_pylist()
        return texts
    if isinstance(kind, pd.CategoricalDtype):
        words = [*listed(kind.categories), None]
        return [words[code] for code in array_of(values).codes.tolist()]
    every: list[Any] = values.tolist()
    if isinstance(kind, np.dtype) and kind.kind in "biu":
        return every
    missing = pd.isna(array_of(values))
    if not missing.any():
        return every
    return [None if gone else value for value, gone in zip(every, missing.tolist(), strict=True)]


def row_dicts(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """
    What `table.to_dict("records")` gives, sooner; the values are not made plain.

    >>> row_dicts(pd.DataFrame({"sku": ["A", None], "orders": [2, 3]}))
    [{'sku': 'A', 'orders': 2}, {'sku': nan, 'orders': 3}]
    """
    names = table.columns.tolist()
    columns = [_boxed(values) for _, values in arrays_of(table)]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _boxed(values: Any) -> list[Any]:
    kind = values.dtype
    if isinstance(kind, pd.StringDtype | pd.CategoricalDtype):
        return [math.nan if value is None else value for value in listed(values)]
    if isinstance(kind, np.dtype) or kind.kind == "M":
        every: list[Any] = values.tolist()
        return every
    return listed(values)


def plain(value: Any) -> Any:
    """The value as JSON knows it: numbers, text, lists and dicts; what is missing is None."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else None
    if kind in _FLAT:
        return value
    if kind is dict:
        return plain_dict(value)
    if kind is list or kind is tuple:
        return [plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Series)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return plain_dict(value)
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

    Text that a spreadsheet would run as a formula gets an apostrophe before it; what would steer a
    terminal is a sign that is seen.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_cell, table.columns))
    columns = [map(_cell, plain_column(values)) for _, values in arrays_of(table)]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def _cell(value: Any) -> Any:
    if type(value) is list:
        value = " ".join(map(str, value))
    if type(value) is str:
        text = value if value.isprintable() else seen(value)
        return f"'{text}" if _FORMULA.match(value) else text
    return "" if value is None else value
