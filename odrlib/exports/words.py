"""
Words that repeat: each is looked at once, however many rows say it.

A column of words is a code for each row and the words the codes stand for; -1 is a missing word.
A column is a Series, or its array.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.plain import array_of, listed

STR = pd.StringDtype("pyarrow", na_value=np.nan)
# The types of so few words are kept: a store's files hold the same ones again and again.
_FEW_WORDS = 64


def categorical(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """
    The column that these codes and words are; the words are sorted, and each is there once.

    >>> list(categorical(np.array([1, 0, -1]), ["mfn", "afn"][::-1]))
    ['mfn', 'afn', nan]
    """
    kind = _kind if len(names) <= _FEW_WORDS else _kind.__wrapped__
    return pd.Categorical.from_codes(codes, dtype=kind(tuple(names)), validate=False)


@lru_cache(1 << 10)
def _kind(names: tuple[str, ...]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(names, dtype="str"))


def coded(values: Any) -> tuple[np.ndarray, list[str]]:
    """The code of each row's word, and the words; of a categorical also those no row has."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return array_of(values).codes, listed(values.dtype.categories)
    one = _encoded(arrow(values))
    if one is None:
        return np.empty(0, np.int8), []
    codes = one.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, one.dictionary.to_pylist()


def _encoded(texts: pa.ChunkedArray) -> pa.DictionaryArray | None:
    """Each text once, and where it stands; None where there is no chunk at all."""
    if texts.num_chunks == 1:
        return texts.chunk(0).dictionary_encode()
    one = texts.dictionary_encode().unify_dictionaries().combine_chunks()
    return None if isinstance(one, pa.ChunkedArray) else one


def arrow(values: Any) -> pa.ChunkedArray:
    """The column as arrow strings."""
    text = array_of(values if isinstance(values.dtype, pd.StringDtype) else values.astype(STR))
    array = pa.array(text, from_pandas=True)
    array = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    return array if array.type == pa.large_string() else array.cast(pa.large_string())


def text_column(
    said: pd.Series | np.ndarray | str | None, rows: int
) -> pd.api.extensions.ExtensionArray:
    """A column of text: the one given, one text in every row, or none in any."""
    if isinstance(said, pd.Series):
        return (said if said.dtype == STR else said.astype(STR)).array
    if said is None:
        return STR.__from_arrow__(pa.nulls(rows, pa.large_string()))
    texts = [said] * rows if isinstance(said, str) else said
    return STR.__from_arrow__(pa.array(texts, pa.large_string(), from_pandas=True))


def grouped(codes: np.ndarray, names: Sequence[str | None]) -> pd.Categorical:
    """
    A column of words that may be said twice or by no row, or be none, as a proper one.

    >>> list(grouped(np.array([0, 1, 2, 3, -1]), ["UPS", "DHL", "UPS", None, "GLS"]).categories)
    ['DHL', 'UPS']
    """
    used = np.zeros(len(names) + 1, bool)
    used[codes] = True
    kept = sorted({name for name, seen in zip(names, used, strict=False) if seen and name})
    place = {name: number for number, name in enumerate(kept)}
    at = np.array([*(place.get(name or "", -1) for name in names), -1], np.int32)
    return categorical(at[codes], kept)


def each_word(values: Any, meaning: Callable[[str], str | None]) -> pd.Categorical:
    """The column with `meaning` of each word in its place; asked once per word."""
    codes, words = coded(values)
    return grouped(codes, [meaning(word) for word in words])


def is_worded(values: Any) -> bool:
    """Is it a column of words or text?"""
    return isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype)


def says(values: Any, wanted: Collection[str]) -> np.ndarray:
    """Which rows say one of these words, letter for letter."""
    return flags(values, wanted.__contains__)


def flags(values: Any, test: Callable[[str], bool]) -> np.ndarray:
    """Which rows say a word that passes the test; a missing word never does."""
    codes, words = coded(values)
    passes: np.ndarray = np.array([*map(test, words), False], bool)
    found: np.ndarray = passes[codes]
    return found


def constant(word: str, rows: int) -> pd.Categorical:
    """A column that says the same in every row."""
    return categorical(np.zeros(rows, np.int8), (word,))


def union(parts: Iterable[tuple[np.ndarray, list[str]]]) -> pd.Categorical:
    """Coded columns one below the other; words that no row has stay."""
    parts = list(parts)
    names = sorted({name for _, own in parts for name in own})
    place = {name: number for number, name in enumerate(names)}
    codes = [np.array([*(place[name] for name in own), -1], np.int32)[at] for at, own in parts]
    return categorical(np.concatenate(codes), names)
