"""Orders as integer codes: one array a column, the same codes in any order of rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter

Codes = npt.NDArray[Any]


@dataclass(frozen=True)
class Coded:
    """
    The columns as codes. `codes[j][i]` is the place of row i's value in `levels[j]`.

    Columns stand in order of their names, levels in order of their words, a missing value (None)
    last, so that neither the order of the rows nor that of the columns can change an answer.
    """

    names: tuple[str, ...]
    codes: list[Codes]
    levels: list[list[Any]]


def coded(orders: pd.DataFrame, by: Sequence[str]) -> Coded:
    """Code the columns `by` of `orders`; a column with one level says nothing and is left out."""
    if unknown := [column for column in by if column not in orders.columns]:
        raise BadParameter(
            f"no column {', '.join(map(repr, unknown))} in the orders; there are "
            f"{', '.join(map(str, orders.columns))}"
        )
    names, codes, levels = [], [], []
    for name in sorted(set(by)):
        column_codes, column_levels = _code(orders[name])
        if len(column_levels) > 1:
            names.append(name)
            codes.append(column_codes)
            levels.append(column_levels)
    return Coded(tuple(names), codes, levels)


def _code(column: pd.Series) -> tuple[Codes, list[Any]]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        raw, values = column.cat.codes.to_numpy(), list(column.cat.categories)
    else:
        raw, uniques = pd.factorize(column, use_na_sentinel=True)
        values = list(uniques)
    counts = np.bincount(raw.astype(np.intp) + 1, minlength=len(values) + 1)
    used = np.flatnonzero(counts[1:])
    order = sorted(used.tolist(), key=lambda at: (str(values[at]), type(values[at]).__name__))
    # Place 0 stands for a missing value, whose raw code is -1.
    place = np.zeros(len(values) + 1, np.intp)
    place[np.asarray(order, np.intp) + 1] = np.arange(len(order))
    place[0] = len(order)
    levels = [_plain(values[at]) for at in order] + ([None] if counts[0] else [])
    kind = np.int16 if len(levels) < 2**15 else np.int32
    return place.astype(kind)[raw.astype(np.intp) + 1], levels


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def sampled(coded: Coded, share: float) -> npt.NDArray[np.bool_]:
    """
    About `share` (0-1) of the rows, chosen by a hash of what the row says.

    The choice is the same whatever the order of the rows: there is no random number in it.
    """
    total = np.zeros(len(coded.codes[0]), np.uint64)
    for at, codes in enumerate(coded.codes):
        factor = np.uint64(0x9E3779B97F4A7C15 * (2 * at + 1) % 2**64)
        total = (total ^ codes.astype(np.uint64)) * factor
        total ^= total >> np.uint64(29)
    total *= np.uint64(0xBF58476D1CE4E5B9)
    total ^= total >> np.uint64(32)
    return total < np.uint64(int(share * 2**64) if share < 1 else 2**64 - 1)
