"""Orders as integer codes: one array a column, the same codes in any order of rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.languages import tr

Codes = npt.NDArray[Any]
Where = Sequence[tuple[int, int]]
Flags = npt.NDArray[np.bool_]

# Rows are worked on in pieces that stay in the processor's cache, by two threads.
PIECE = 2**17
THREADS = 2
# The rows of a level are remembered if it has no more than one in so many of them.
SMALL = 50


@dataclass(frozen=True)
class Coded:
    """
    The columns as codes. `codes[j][i]` is the place of row i's value in `levels[j]`.

    Columns stand in order of their names, levels in order of their words, a missing value (None)
    last, so that neither the order of the rows nor that of the columns can change an answer.
    `sizes[j]` are the orders of each level.
    """

    names: tuple[str, ...]
    codes: list[Codes]
    levels: list[list[Any]]
    sizes: list[npt.NDArray[np.intp]]
    _postings: dict[tuple[int, int], npt.NDArray[np.int32]] = field(default_factory=dict)

    def rows(self, where: Where) -> npt.NDArray[np.intp]:
        """The rows of a slice ((column, level), …), in order."""
        first = self._rarest(where)
        if not self._small(first):
            return self._whole(where)
        self.remember([where])
        rows = self._postings[first].astype(np.intp)
        for column, level in where:
            if (column, level) != first:
                rows = rows[self.codes[column][rows] == level]
        return rows

    def remember(self, slices: Iterable[Where]) -> None:
        """Find the rows of the rarest level of each slice, all of a column in one pass."""
        wanted: dict[int, set[int]] = {}
        for where in slices:
            first = self._rarest(where)
            if first not in self._postings and self._small(first):
                wanted.setdefault(first[0], set()).add(first[1])
        for column, levels in sorted(wanted.items()):
            self._look_up(column, sorted(levels))

    def _look_up(self, column: int, levels: list[int]) -> None:
        codes = self.codes[column]
        among = np.zeros(len(self.levels[column]), bool)
        among[levels] = True
        rows = flagged(lambda piece: among[codes[piece]], len(codes))
        found = codes[rows]
        order = np.argsort(found, kind="stable")
        rows, found = rows[order].astype(np.int32), found[order]
        ends = np.searchsorted(found, levels, side="right")
        for level, part in zip(levels, np.split(rows, ends), strict=False):
            self._postings[column, level] = part.astype(np.int32, copy=False)

    def _whole(self, where: Where) -> npt.NDArray[np.intp]:
        """The rows of a slice, by a pass over all rows."""

        def held(piece: slice) -> Flags:
            flags = np.ones(len(self.codes[0][piece]), bool)
            for column, level in where:
                flags &= self.codes[column][piece] == level
            return flags

        return flagged(held, len(self.codes[0]))

    def _rarest(self, where: Where) -> tuple[int, int]:
        return min(where, key=lambda pair: (self.sizes[pair[0]][pair[1]], pair))

    def _small(self, condition: tuple[int, int]) -> bool:
        column, level = condition
        return int(self.sizes[column][level]) * SMALL < len(self.codes[0])

    def words(self, where: Where) -> dict[str, Any]:
        """The conditions of a slice, {column: value}."""
        return {self.names[column]: self.levels[column][level] for column, level in where}


def coded(orders: pd.DataFrame, by: Sequence[str]) -> Coded:
    """Code the columns `by` of `orders`; a column with one level says nothing and is left out."""
    if unknown := [column for column in by if column not in orders.columns]:
        raise BadParameter(
            tr(
                "no column {columns} in the orders; there are {others}",
                columns=", ".join(map(repr, unknown)),
                others=", ".join(map(str, orders.columns)),
            )
        )
    names, codes, levels, sizes = [], [], [], []
    for name in sorted(set(by)):
        column_codes, column_levels, column_sizes = _code(orders[name])
        if len(column_levels) > 1:
            names.append(name)
            codes.append(column_codes)
            levels.append(column_levels)
            sizes.append(column_sizes)
    return Coded(tuple(names), codes, levels, sizes)


def _code(column: pd.Series) -> tuple[Codes, list[Any], npt.NDArray[np.intp]]:
    """The codes of a column, its levels, and how many orders each level has."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        raw, values = column.array.codes, column.array.categories.tolist()
    else:
        raw, uniques = pd.factorize(column, use_na_sentinel=True)
        values = list(uniques)
    counts = _counts(raw, len(values))
    used = np.flatnonzero(counts[:-1])
    order = sorted(used.tolist(), key=lambda at: (str(values[at]), type(values[at]).__name__))
    levels = [_plain(values[at]) for at in order] + ([None] if counts[-1] else [])
    sizes = counts[[*order, len(values)]][: len(levels)]
    kind = np.min_scalar_type(-len(levels) - 1)
    # The last place stands for a missing value, whose raw code is -1.
    place = np.zeros(len(values) + 1, kind)
    place[np.asarray(order, np.intp)] = np.arange(len(order))
    place[-1] = len(order)
    if (place[:-1] == np.arange(len(values))).all() and not counts[-1]:
        return raw, levels, sizes
    fresh = np.empty(len(raw), kind)

    def fill(piece: slice) -> None:
        fresh[piece] = place[raw[piece]]

    in_pieces(fill, len(raw))
    return fresh, levels, sizes


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

    def share(first: int) -> None:
        for piece in pieces[first::THREADS]:
            work(piece)

    if len(pieces) < THREADS:
        share(0)
        return
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(share, range(THREADS)))


def flagged(says: Callable[[slice], Flags], size: int) -> npt.NDArray[np.intp]:
    """The rows, of `size`, for which `says` says yes."""
    found: dict[int, npt.NDArray[np.intp]] = {}

    def look(piece: slice) -> None:
        found[piece.start] = np.flatnonzero(says(piece)) + piece.start

    in_pieces(look, size)
    return np.concatenate([found[start] for start in sorted(found)])


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
