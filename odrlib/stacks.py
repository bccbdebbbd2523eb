"""
Columns, one below the other: what several files say of one thing, in the one type of that thing.

A column is put together from the arrays of its parts, without a frame for each of them: a store has
some forty files of a few rows each, and a frame costs more than its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.exports.words import STR, arrow, coded, union
from odrlib.plain import array_of

UTC = "datetime64[us, UTC]"
# The kinds of column: "words" repeat, "text" does not.
TYPES = {
    "text": "str", "words": "category", "moment": UTC, "day": "datetime64[us]", "number": "float64",
    "whole": "Int64", "flag": "boolean", "line": "int32",
}  # fmt: skip
_FEW_ROWS = 1 << 17  # a copy of so few rows costs less than pieces cost whoever takes from them

Parts = Sequence[Any]  # of each file: a Series, or its array


def stack(kind: str, parts: Parts, lengths: Sequence[int]) -> pd.api.extensions.ExtensionArray:
    """
    One column out of several files'; what a file lacks is missing.

    Parameters
    ----------
    kind : one of `TYPES`
    parts : the column of each file, in any type that says the same; None where a file has none
    lengths : how many rows each file has
    """
    return _STACKS[kind](parts, lengths)


def _typed(part: Any, dtype: str) -> Any:
    """The array of a part in this type; a moment may be in any unit."""
    array = array_of(part)
    fits = array.dtype == dtype or array.dtype.kind == "M"
    return array if fits else pd.Series(array).astype(dtype).array


def _texts(parts: Parts, lengths: Sequence[int]) -> pd.api.extensions.ExtensionArray:
    chunks = []
    for part, length in zip(parts, lengths, strict=True):
        if part is None:
            chunks.append(pa.nulls(length, pa.large_string()))
        else:
            chunks += arrow(part).chunks
    one = pa.chunked_array(chunks, pa.large_string())
    return STR.__from_arrow__(one.combine_chunks() if len(one) <= _FEW_ROWS else one)


def _words(parts: Parts, lengths: Sequence[int]) -> pd.Categorical:
    return union(
        (np.full(length, -1, np.int8), []) if part is None else coded(part)
        for part, length in zip(parts, lengths, strict=True)
    )


def _moments(parts: Parts, lengths: Sequence[int]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(_times(parts, lengths, UTC)).tz_localize("UTC")


def _days(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return _times(parts, lengths, "datetime64[us]")


def _times(parts: Parts, lengths: Sequence[int], dtype: str) -> np.ndarray:
    return np.concatenate(
        [
            np.full(length, np.datetime64("NaT", "us"))
            if part is None
            else np.asarray(_typed(part, dtype), "datetime64[us]")
            for part, length in zip(parts, lengths, strict=True)
        ]
    )


def _numbers(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate(
        [
            np.full(length, np.nan) if part is None else _floats(array_of(part))
            for part, length in zip(parts, lengths, strict=True)
        ]
    )


def _floats(array: Any) -> Any:
    whole = array.dtype == "float64"
    return array if whole else pd.Series(array).to_numpy(np.float64, na_value=np.nan)


def _wholes(parts: Parts, lengths: Sequence[int]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(*_masked(parts, lengths, "Int64", np.int64))


def _flags(parts: Parts, lengths: Sequence[int]) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(*_masked(parts, lengths, "boolean", np.bool_))


def _masked(
    parts: Parts, lengths: Sequence[int], dtype: str, kind: type
) -> tuple[np.ndarray, np.ndarray]:
    """The values, and which of them are missing."""
    values: list[np.ndarray] = []
    missing: list[np.ndarray] = []
    for part, length in zip(parts, lengths, strict=True):
        if part is None:
            values.append(np.zeros(length, kind))
            missing.append(np.ones(length, bool))
        else:
            column = _typed(part, dtype)
            values.append(column.to_numpy(kind, na_value=kind(0)))
            missing.append(column.isna())
    return np.concatenate(values), np.concatenate(missing)


def _lines(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate([np.asarray(part, np.int32) for part in parts if part is not None])


_STACKS: dict[str, Callable[[Parts, Sequence[int]], pd.api.extensions.ExtensionArray]] = {
    "text": _texts,
    "words": _words,
    "moment": _moments,
    "day": _days,
    "number": _numbers,
    "whole": _wholes,
    "flag": _flags,
    "line": _lines,
}
