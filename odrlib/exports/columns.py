"""
Columns: the rows of a file as arrays by name, before anybody needs a frame of them.

A store has some forty small files, and a frame costs more than the few hundred rows in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from odrlib.plain import array_of, arrays_of

# Our name -> an array of numpy's or of pandas'; all of one length, `line` among them.
Columns = dict[str, Any]
# An export's own last word: all usable rows -> the same with derived columns, and rows set aside.
Finish = Callable[[Columns], tuple[Columns, pd.DataFrame]]


def length(columns: Mapping[str, Any]) -> int:
    """How many rows there are."""
    return len(next(iter(columns.values()), ()))


def kept(columns: Columns, rows: np.ndarray) -> Columns:
    """The columns of the rows that are True in `rows`."""
    return columns if rows.all() else {name: array[rows] for name, array in columns.items()}


def frame_of(columns: Mapping[str, Any], index: pd.Index | None = None) -> pd.DataFrame:
    """
    The columns as a frame, as they are; pandas looks long at what it is given.

    Nothing is copied: who writes into the frame writes into the arrays.

    >>> frame_of({"sku": pd.array(["A", None], "str"), "orders": np.array([2, 3])})
       sku  orders
    0    A       2
    1  NaN       3
    """
    places = np.arange(len(columns))[:, np.newaxis]
    blocks = list(zip(map(_block, columns.values()), places, strict=True))
    rows = pd.RangeIndex(length(columns)) if index is None else index
    # A view of the names, so that who gives those of one frame a name gives it to no other.
    return create_dataframe_from_blocks(blocks, rows, _names(tuple(columns)).view())


def _block(column: Any) -> Any:
    """The column as pandas keeps it in a frame."""
    array = array_of(column)
    if isinstance(array, pd.arrays.NumpyExtensionArray):
        array = array.to_numpy()
    return array[np.newaxis] if isinstance(array, np.ndarray) else array


@lru_cache(1 << 10)
def _names(names: tuple[str, ...]) -> pd.Index:
    return pd.Index(names)


def beside(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """
    The frame with more columns, in one go.

    >>> beside(pd.DataFrame({"sku": ["A"]}), {"orders": np.array([2])}).to_dict("list")
    {'sku': ['A'], 'orders': [2]}
    """
    return pd.concat([frame, frame_of(columns, frame.index)], axis=1)


def rows_at(
    frame: pd.DataFrame, places: np.ndarray, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """
    The rows at these places, counted anew, of some columns or all.

    >>> rows_at(pd.DataFrame({"sku": ["A", "B"], "orders": [2, 3]}), np.array([1]), ["sku"])
      sku
    0   B
    """
    arrays = dict(arrays_of(frame))
    return frame_of(
        {name: arrays[name].take(places) for name in (arrays if columns is None else columns)}
    )


def columns_of(frame: pd.DataFrame) -> Columns:
    """A frame as columns; its index is let go."""
    return {
        str(name): np.asarray(array) if isinstance(array.dtype, np.dtype) else array
        for name, array in arrays_of(frame)
    }


def by_frame(finish: Callable[[pd.DataFrame], tuple[pd.DataFrame, pd.DataFrame]]) -> Finish:
    """A last word that asks its rows what a frame answers in fewer words."""

    def finished(columns: Columns) -> tuple[Columns, pd.DataFrame]:
        frame, aside = finish(frame_of(columns))
        return columns_of(frame), aside

    return finished


def rows_where(
    frame: pd.DataFrame, flags: Any, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The rows whose flag is set, counted anew, of some columns or all."""
    return rows_at(frame, np.flatnonzero(flags), columns)
