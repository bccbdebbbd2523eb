"""Orders as integer codes: one array a column, the same codes in any order of rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter

Codes = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

# Rows are worked on in pieces that stay in the processor's cache, by two threads.
PIECE = 2**17
THREADS = 2
# The rows of a level are remembered if it has no more than this part of them.
SMALL = 50


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
    _postings: dict[tuple[int, int], npt.NDArray[np.intp]] = field(default_factory=dict)

    def rows(self, where: Sequence[tuple[int, int]]) -> npt.NDArray[np.intp]:
        """The rows of a slice ((column, level), …)."""
        first, *rest = sorted(where, key=lambda pair: -len(self.levels[pair[0]]))
        rows = self._postings.get(first)
        if rows is None:
            rows = np.flatnonzero(self.codes[first[0]] == first[1])
            if len(rows) < len(self.codes[0]) // SMALL:
                self._postings[first] = rows
        for column, level in rest:
            rows = rows[self.codes[column][rows] == level]
        return rows

    def words(self, where: Sequence[tuple[int, int]]) -> dict[str, Any]:
        """The conditions of a slice, {column: value}."""
        return {self.names[column]: self.levels[column][level] for column, level in where}


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
    counts = _counts(raw, len(values))
    used = np.flatnonzero(counts[:-1])
    order = sorted(used.tolist(), key=lambda at: (str(values[at]), type(values[at]).__name__))
    levels = [_plain(values[at]) for at in order] + ([None] if counts[-1] else [])
    kind = np.int16 if len(levels) < 2**15 else np.int32
    # The last place stands for a missing value, whose raw code is -1.
    place = np.zeros(len(values) + 1, kind)
    place[np.asarray(order, np.intp)] = np.arange(len(order))
    place[-1] = len(order)
    if (place[:-1] == np.arange(len(values))).all() and not counts[-1]:
        return raw, levels
    fresh = np.empty(len(raw), kind)

    def fill(piece: slice) -> None:
        fresh[piece] = place[raw[piece]]

    in_pieces(fill, len(raw))
    return fresh, levels


def _counts(raw: Codes, size: int) -> npt.NDArray[np.intp]:
    """How often each of `size` codes comes, and last how often -1 does."""
    counts = np.zeros(size + 1, np.intp)
    for start in range(0, len(raw), PIECE):
        counts += np.bincount(raw[start : start + PIECE].astype(np.intp) + 1, minlength=size + 1)
    return np.roll(counts, -1)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def in_pieces(work: Callable[[slice], None], size: int) -> None:
    """Do `work` for every piece of `size` rows, in two threads."""
    pieces = [slice(start, start + PIECE) for start in range(0, size, PIECE)]
    if len(pieces) < THREADS:
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, pieces))


# Rows that say the same are chosen together. Where there are more than so many of them on average,
# the choice is too uneven; so many times as many are chosen then, and of these every n-th.
REPEATED = 1.5
WIDER = 2


def sampled(coded: Coded, among: Flags, share: float) -> npt.NDArray[np.intp]:
    """
    About `share` (0-1) of the rows `among`, chosen by a hash of what the row says.

    The choice is the same whatever the order of the rows: there is no random number in it.
    """
    if share >= 1:
        return np.flatnonzero(among)
    rows, hashes = _below(coded, among, share)
    starts = np.flatnonzero(np.diff(np.sort(hashes), prepend=np.uint64(0), append=np.uint64(0)))
    alike = float((np.diff(starts).astype(float) ** 2).sum()) / max(1, len(rows))
    if alike <= REPEATED:
        return rows
    wider = min(1.0, share * WIDER * alike)
    rows, hashes = _below(coded, among, wider)
    rows = rows[np.argsort(hashes)]  # rows with equal hashes say the same: either will do
    chosen = (np.arange(0.5, len(rows) * share / wider) * (wider / share)).astype(np.intp)
    return np.sort(rows[chosen[chosen < len(rows)]])


def _below(coded: Coded, among: Flags, share: float) -> tuple[npt.NDArray[np.intp], Codes]:
    """The rows whose hash is in the lowest `share` of all hashes, and these hashes."""
    factors = [
        np.uint64(0x9E3779B97F4A7C15 * (2 * at + 1) % 2**64) for at in range(len(coded.codes))
    ]
    limit = np.uint64(min(int(share * 2**64), 2**64 - 1))  # the highest hash that is chosen
    found: dict[int, tuple[npt.NDArray[np.intp], Codes]] = {}

    def choose(piece: slice) -> None:
        rows = np.flatnonzero(among[piece])
        total = np.zeros(len(among[piece]), np.uint64)
        for codes, factor in zip(coded.codes, factors, strict=True):
            total ^= codes[piece].astype(np.uint64)
            total *= factor
            total ^= total >> np.uint64(29)
        total *= np.uint64(0xBF58476D1CE4E5B9)
        total ^= total >> np.uint64(32)
        total = total[rows]
        keep = total <= limit
        found[piece.start] = rows[keep] + piece.start, total[keep]

    in_pieces(choose, len(among))
    parts = [found[start] for start in sorted(found)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
