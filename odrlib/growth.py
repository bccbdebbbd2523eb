"""
Growth: the tables of last time with the files that are new since, as if all were put together anew.

Only the orders that the new files name are put together again, from all of their rows; all others
are taken as they are. Where that could give another table than all rows would, there is no answer,
and everything is put together anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from odrlib import tables
from odrlib.assembly import PARCEL_WORDS, ROWS, Assembly, assembled, gathered
from odrlib.cached import Tables, as_arrow, as_column
from odrlib.exports.read import Reading
from odrlib.exports.words import coded
from odrlib.settings import Settings

# With more rows than this share of all, putting everything together costs no more.
_MOST = 1 / 3
# So many runs of rows are copied run by run; more are cheaper to pick row by row.
_FEW_RUNS = 1 << 12
_FEW_CHUNKS = 16  # text in so few pieces is taken from as fast as in one
_NEVER, _LAST = np.iinfo("int64").min, np.iinfo("int64").max
# Reading, order ids → the reading with the rows of these orders alone.
RowsOf = Callable[[Reading, pa.Array], Reading]


def lasting(assembly: Assembly, readings: Iterable[Reading]) -> dict[str, pd.DataFrame] | None:
    """What is to be kept of the tables so that they can grow; None if they cannot."""
    items, orders, parcels = assembly.order_items, assembly.orders, assembly.shipments
    if items is None or orders is None or assembly.strangers is None or not len(items):
        return None
    # What such a parcel's order is hangs on the parcels of all orders.
    if assembly.linked:
        return None
    kept = {"order_items": items, "orders": orders, "strangers": assembly.strangers}
    if tables.order_numbers(orders["order_id"]) is None:
        return None
    if parcels is None:
        return kept
    shared = _shared(parcels, _ranks(readings))
    if shared is None:
        return None
    return kept | {"shipments": parcels, "slots": pd.DataFrame({"shared": shared})}


def grown(
    kept: Tables,
    readings: Sequence[Reading],
    fresh: Sequence[Reading],
    rows_of: RowsOf,
    settings: Settings,
) -> Assembly | None:
    """
    The tables of `kept` with the rows of the fresh files.

    Parameters
    ----------
    kept : what `lasting` said is to be kept of the tables of all readings but the fresh ones
    readings : all readings that rows are taken from; of those not fresh the rows need not be there
    rows_of : gives the rows of some orders in a reading that is not fresh
    """
    if not fresh:
        return Assembly(
            kept.table("order_items"),
            kept.table("orders"),
            kept.table("shipments") if "shipments" in kept else None,
            kept.table("strangers"),
            kept.about["merged"],
        )
    ids = _ids(fresh)
    if ids is None:
        return None
    named = {
        table: _among(kept.look(table, "order_id")[0], ids)
        for table in ("order_items", "orders", "shipments", "strangers")
        if table in kept
    }
    again = sum(int(named[table].sum()) for table in named)
    if again + sum(map(_length, fresh)) > _MOST * sum(map(len, named.values())):
        return None
    new = {reading.file for reading in fresh}
    wanted = {table for table in ROWS if table in named and named[table].any()}
    known = [
        rows_of(reading, ids)
        for reading in readings
        if reading.file not in new
        and wanted.intersection(reading.export.gives if reading.export else ())
    ]
    given = gathered([*known, *fresh])
    if given.order_items is None:
        given.order_items = tables.empty("order_items")
    part = assembled(given, settings)
    if part.shipments is not None and "shipments" not in kept:
        return None
    growing = _Growing(kept, named, part, list(fresh), _ranks(readings))
    parcels = growing.shipments() if "shipments" in kept else None
    if parcels is None and "shipments" in kept:
        return None
    if kept.about["merged"]:
        items = growing.merged_items()
    else:
        items = growing.sorted_items() if part.merged else growing.stacked_items()
    merged = kept.about["merged"] or part.merged
    return Assembly(items, growing.orders(), parcels, growing.strangers(), merged)


def _length(reading: Reading) -> int:
    return 0 if reading.frame is None else len(reading.frame)


def _ids(readings: Iterable[Reading]) -> pa.Array | None:
    """The orders that the files name; None if a row names none, or in an unusual form."""
    frames = [reading.frame for reading in readings]
    named = [frame["order_id"] for frame in frames if frame is not None and len(frame)]
    if not named:
        return pa.array([], pa.large_string())
    every = pd.concat(named, ignore_index=True)
    if every.isna().any() or tables.order_numbers(every) is None:
        return None
    return pc.unique(pa.array(every, pa.large_string(), from_pandas=True))


def _among(ids: pa.ChunkedArray, known: pa.Array) -> np.ndarray:
    found: np.ndarray = pc.is_in(ids, value_set=known).to_numpy()
    return found


def _ranks(readings: Iterable[Reading]) -> dict[str, int]:
    """File → its place among those that are believed of a parcel."""
    return {
        reading.file: tables.shipment_rank(reading.export.name)
        for reading in readings
        if reading.export
    }


def _shared(parcels: pd.DataFrame, ranks: Mapping[str, int]) -> np.ndarray | None:
    """Which parcels are one of several of their order in equally believed files."""
    if not len(parcels):
        return np.zeros(0, bool)
    keys = tables.order_numbers(parcels["order_id"])
    if keys is None:
        return None
    rank = np.array([ranks[file] for file in parcels["file"].cat.categories], "int64")
    key = pd.DataFrame({"key": keys, "rank": rank[parcels["file"].cat.codes]})
    shared: np.ndarray = key.duplicated(keep=False).to_numpy()
    return shared


@dataclass
class _Growing:
    """
    The kept tables, and the part that takes the place of what they say of the named orders.

    `named` tells of each kept table which rows are of an order that the fresh files name.
    """

    kept: Tables
    named: Mapping[str, np.ndarray]
    part: Assembly
    fresh: list[Reading]
    ranks: Mapping[str, int]

    def merged_items(self) -> pd.DataFrame:
        items = tables.in_order(_some(self.part.order_items))
        return self._woven("order_items", items, self._by_moment("order_items", items, _LAST))

    def stacked_items(self) -> pd.DataFrame:
        """No two rows tell of one item: all rows, as they stand in the files."""
        rows = tables.stacked(self.fresh, "order_items")
        if rows is None:
            rows = tables.empty("order_items")
        files = np.concatenate(self._files("order_items", rows))
        return self._woven("order_items", rows, np.argsort(files, kind="stable"))

    def sorted_items(self) -> pd.DataFrame:
        """For the first time two rows tell of one item: all items as they stand from now on."""
        items = tables.in_order(_some(self.part.order_items))
        rows = self._kept_and_new("order_items", len(items))
        moments = self._both("order_items", "ordered_at", items)[rows]
        moments[moments == _NEVER] = _LAST
        lines = self._both("order_items", "line", items)[rows]
        ids = self._both_ids("order_items", items, rows)
        return self._woven("order_items", items, rows[np.lexsort((lines, ids, moments))])

    def orders(self) -> pd.DataFrame:
        orders = _some(self.part.orders)
        order = self._by_moment("orders", orders, _NEVER)
        return self._woven("orders", orders, order, self._parcel_words)

    def strangers(self) -> pd.DataFrame:
        table = _some(self.part.strangers)
        order = self._kept_and_new("strangers", len(table))
        return self._woven("strangers", table, order, self._parcel_words)

    @cached_property
    def _parcel_words(self) -> dict[str, list[str]]:
        """The words that the parcels of any order tell, as the orders' columns list them."""
        words: dict[str, set[str]] = {}
        for name in PARCEL_WORDS:
            words[name] = set(_some(self.part.orders)[name].cat.categories)
            for table in ("orders", "strangers"):
                codes, kind = self.kept.look(table, name)
                used = np.unique(codes.to_numpy()[~self.named[table]])
                words[name] |= {kind[1][code] for code in used if code >= 0}
        return {name: sorted(said) for name, said in words.items()}

    def shipments(self) -> pd.DataFrame | None:
        """
        All parcels, the most believed file last.

        Those that share their order and rank stand in the places of such rows, by their orders and
        what they say (`tables.shipments`). None if the places of two parcels cannot be told apart.
        """
        new = self.part.shipments
        if new is None:
            new = tables.empty("shipments")
        stays = self._kept_and_new("shipments", len(new))
        old = self.kept.look("slots", "shared")[0].to_numpy()
        mine = _shared(new, self.ranks)
        if mine is None:
            return None
        shared = np.concatenate([old, mine])[stays]
        names = self._file_names("shipments", new)
        rank = np.array([self.ranks[file] for file in names], "int64")
        files = np.concatenate(self._files("shipments", new))[stays]
        lines = self._both("shipments", "line", new)[stays]
        # One number for the rank, the file and the line.
        at = ((tables.LAST_RANK - rank) * len(names) + np.arange(len(names)))[files] << 32 | lines
        order = np.argsort(at, kind="stable")
        same = np.flatnonzero(np.diff(at[order]) == 0)
        fits = shared[order] + 2 * (stays >= len(old))[order]
        if (fits[same] != fits[same + 1]).any():
            return None
        some = np.flatnonzero(shared)
        if len(some):
            ids = self._both_ids("shipments", new, stays[some])
            some = some[np.lexsort((ids, -rank[files[some]]))]
            order[np.flatnonzero(shared[order])] = some
        return self._woven("shipments", new, stays[order])

    def _kept_and_new(self, table: str, rows: int) -> np.ndarray:
        """The rows that stay, then the new ones; new rows are numbered after all kept ones."""
        named = self.named[table]
        return np.concatenate([np.flatnonzero(~named), len(named) + np.arange(rows)])

    def _file_names(self, table: str, new: pd.DataFrame) -> list[str]:
        _, words, _ = self.kept.look(table, "file")[1]
        return sorted({*words, *new["file"].cat.categories})

    def _files(self, table: str, new: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The number of each row's file among all files' names."""
        codes, (_, words, _) = self.kept.look(table, "file")
        names = self._file_names(table, new)
        mine, own = coded(new["file"])
        return _recoded(codes.to_numpy(), words, names), _recoded(mine, own, names)

    def _both(self, table: str, name: str, new: pd.DataFrame) -> np.ndarray:
        """A column of numbers, of the kept rows and the new ones."""
        parts = (self.kept.look(table, name)[0], as_arrow(new[name])[0])
        return np.concatenate([part.to_numpy() for part in parts])

    def _both_ids(self, table: str, new: pd.DataFrame, at: np.ndarray) -> np.ndarray:
        """The ids of some rows, kept and new ones, as numbers."""
        kept, _ = self.kept.look(table, "order_id")
        both = pa.chunked_array([*kept.chunks, *as_arrow(new["order_id"])[0].chunks], kept.type)
        numbers = tables.order_numbers(pd.Series(as_column(both.take(pa.array(at)), "str")))
        return np.empty(0, "int64") if numbers is None else numbers

    def _by_moment(self, table: str, new: pd.DataFrame, missing: int) -> np.ndarray:
        """
        The order by moment and id of the kept rows that stay and the new ones, as row numbers.

        Both are in this order already, and no order has rows among both.
        """
        stays = np.flatnonzero(~self.named[table])
        moments = self.kept.look(table, "ordered_at")[0].to_numpy()[stays]
        mine = np.array(new["ordered_at"].array, "datetime64[us]").view("int64")
        for each in (moments, mine):
            each[each == _NEVER] = missing
        low = np.searchsorted(moments, mine)
        # Of one moment the ids decide.
        tied = np.zeros(len(moments) + 1, "int64")
        np.add.at(tied, low, 1)
        np.add.at(tied, np.searchsorted(moments, mine, "right"), -1)
        tied = np.flatnonzero(np.cumsum(tied[:-1]))
        if len(tied):
            rows = len(self.named[table]) + np.arange(len(mine))
            ids = self._both_ids(table, new, np.concatenate([stays[tied], rows]))
            order = np.lexsort((ids, np.concatenate([moments[tied], mine])))
            old = order < len(tied)
            before = np.cumsum(old)[~old]
            low = np.maximum(low, np.append(0, tied + 1)[before])
        return np.insert(stays, low, len(self.named[table]) + np.arange(len(mine)))

    def _woven(
        self,
        table: str,
        new: pd.DataFrame,
        order: np.ndarray,
        words: Mapping[str, list[str]] | None = None,
    ) -> pd.DataFrame:
        """
        The table with these rows, kept and new ones, column by column.

        `words` are those that some columns list; the others list all words of both.
        """
        cuts = np.flatnonzero(np.diff(order) != 1) + 1
        starts, ends = np.append(0, cuts), np.append(cuts, len(order))
        runs = [*zip(order[starts], (ends - starts), strict=True)] if len(order) else []
        columns = {}
        for name in self.kept.names(table):
            kept, kind = self.kept.column(table, name)
            mine, own = as_arrow(new[name])
            if kind[0] == "category":
                names = sorted({*kind[1], *own[1]})
                if words is not None and name in words:
                    names = words[name]
                kept, mine = (
                    pa.chunked_array([_recoded(codes.to_numpy(), said, names)])
                    for codes, said in ((kept, kind[1]), (mine, own[1]))
                )
                kind = ["category", names]
            both = pa.chunked_array([*kept.chunks, *mine.cast(kept.type).chunks], kept.type)
            if len(runs) <= _FEW_RUNS:
                pieces = [both.slice(start, length).chunks for start, length in runs]
                both = pa.chunked_array([one for piece in pieces for one in piece], both.type)
            else:
                both = both.take(pa.array(order))
            if kind[0] == "str" and both.num_chunks > _FEW_CHUNKS:
                both = both.combine_chunks()
            columns[name] = as_column(both, *kind)
        return pd.DataFrame(columns, copy=False)


def _some(table: pd.DataFrame | None) -> pd.DataFrame:
    assert table is not None
    return table


def _recoded(codes: np.ndarray, words: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """The codes of `words` as those of `names`; -1 for a word that is not among them."""
    if list(words) == list(names):
        return np.asarray(codes)
    place = {name: number for number, name in enumerate(names)}
    dtype = np.int16 if len(names) < 1 << 15 else np.int32
    at = np.array([*(place.get(word, -1) for word in words), -1], dtype)
    recoded: np.ndarray = at[codes]
    return recoded
