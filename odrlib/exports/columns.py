"""
Columns: the rows of a file as arrays by name, before anybody needs a frame of them.

A store has some forty small files, and a frame costs more than the few hundred rows in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from odrlib.plain import arrays_of

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


def frame_of(columns: Columns) -> pd.DataFrame:
    """The columns as a frame."""
    # The index is said, because pandas looks long for it in the columns.
    return pd.DataFrame(columns, index=pd.RangeIndex(length(columns)), copy=False)


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
