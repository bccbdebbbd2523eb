"""
Columns, one below the other: what several files say of one thing, in the one type of that thing.

A column is put together from the arrays of its parts, without a frame for each of them: a store has
some forty files of a few rows each, and a frame costs more than its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.exports.cells import categorical

UTC = "datetime64[us, UTC]"
# The kinds of column: "words" repeat, "text" does not.
TYPES = {
    "text": "str", "words": "category", "moment": UTC, "day": "datetime64[us]", "number": "float64",
    "whole": "Int64", "flag": "boolean", "line": "int32",
}  # fmt: skip
_STR = pd.StringDtype("pyarrow", na_value=np.nan)
_FEW_ROWS = 1 << 17  # a copy of so few rows costs less than pieces cost whoever takes from them

Parts = Sequence[pd.Series | None]


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


def _texts(parts: Parts, lengths: Sequence[int]) -> pd.api.extensions.ExtensionArray:
    chunks = []
    for part, length in zip(parts, lengths, strict=True):
        if part is None:
            chunks.append(pa.nulls(length, pa.large_string()))
        else:
            chunks += _arrow(part).chunks
    one = pa.chunked_array(chunks, pa.large_string())
    return _STR.__from_arrow__(one.combine_chunks() if len(one) <= _FEW_ROWS else one)


def _arrow(part: pd.Series) -> pa.ChunkedArray:
    text = part if part.dtype == _STR else part.astype(_STR)
    array = pa.array(text.array, from_pandas=True)
    array = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    return array.cast(pa.large_string())


def _words(parts: Parts, lengths: Sequence[int]) -> pd.Categorical:
    coded = [
        (np.full(length, -1, np.int8), []) if part is None else _coded(part)
        for part, length in zip(parts, lengths, strict=True)
    ]
    names = sorted({name for _, own in coded for name in own})
    place = {name: number for number, name in enumerate(names)}
    # The last place is that of the missing word, whose code is -1.
    codes = [
        np.array([*(place[name] for name in own), -1], np.int32)[at] if own else at
        for at, own in coded
    ]
    return words(np.concatenate(codes), tuple(names))


def _coded(part: pd.Series) -> tuple[np.ndarray, list[str]]:
    """The code of each word, and the words; also those that no row has."""
    if isinstance(part.dtype, pd.CategoricalDtype):
        return part.array.codes, list(part.dtype.categories)
    one = _arrow(part).dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # no chunk at all
        return np.empty(0, np.int8), []
    codes = one.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, one.dictionary.to_pylist()


def words(codes: np.ndarray, names: tuple[str, ...]) -> pd.Categorical:
    """A categorical whose codes take no more memory than its words need."""
    small = next(kind for kind in (np.int8, np.int16, np.int32) if len(names) < np.iinfo(kind).max)
    return categorical(codes.astype(small), names)


def _moments(parts: Parts, lengths: Sequence[int]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(_times(parts, lengths, UTC)).tz_localize("UTC")


def _days(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return _times(parts, lengths, "datetime64[us]")


def _times(parts: Parts, lengths: Sequence[int], dtype: str) -> np.ndarray:
    return np.concatenate(
        [
            np.full(length, np.datetime64("NaT", "us"))
            if part is None
            else np.asarray(part.astype(dtype).array, "datetime64[us]")
            for part, length in zip(parts, lengths, strict=True)
        ]
    )


def _numbers(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate(
        [
            np.full(length, np.nan) if part is None else part.to_numpy(np.float64, na_value=np.nan)
            for part, length in zip(parts, lengths, strict=True)
        ]
    )


def _wholes(parts: Parts, lengths: Sequence[int]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(*_masked(parts, lengths, "Int64", np.int64))


def _flags(parts: Parts, lengths: Sequence[int]) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(*_masked(parts, lengths, "boolean", np.bool_))


def _masked(
    parts: Parts, lengths: Sequence[int], dtype: str, kind: type
) -> tuple[np.ndarray, np.ndarray]:
    """The values, and which of them are missing."""
    values, missing = [], []
    for part, length in zip(parts, lengths, strict=True):
        if part is None:
            values.append(np.zeros(length, kind))
            missing.append(np.ones(length, bool))
        else:
            column = part.astype(dtype).array
            values.append(column.to_numpy(kind, na_value=kind(0)))
            missing.append(column.isna())
    return np.concatenate(values), np.concatenate(missing)


def _lines(parts: Parts, lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate([part.to_numpy(np.int32) for part in parts])


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
