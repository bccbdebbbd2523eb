"""
Tables: what many files say, merged into one row per item, order and parcel.

Overlapping downloads are merged by order and item; the newest `updated_at` wins, and what the
newest row leaves empty is filled from the others. Reading the same file twice changes nothing, and
neither does the order of the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from odrlib import policy
from odrlib.exports.columns import (
    Columns,
    beside,
    columns_of,
    frame_of,
    length,
    rows_at,
    rows_where,
)
from odrlib.exports.read import Reading
from odrlib.exports.trackers import carriers
from odrlib.exports.words import categorical, coded, flags, grouped, says
from odrlib.plain import array_of
from odrlib.stacks import TYPES, UTC, stack
from odrlib.tracking_numbers import tracked

Values: TypeAlias = Any  # the array of a column, of whatever kind pandas has
# Our tables: each column with its kind (`stacks.TYPES`).
_PLACE = "file:words line:line"
SCHEMA: dict[str, dict[str, str]] = {
    table: dict(column.split(":") for column in f"{columns} {_PLACE}".split())
    for table, columns in {
        "order_items": "order_id:text order_item_id:text ordered_at:moment updated_at:moment "
        "status:words channel:words sales_channel:words service:words sku:words asin:words "
        "title:words item_status:words quantity:number currency:words item_price:number "
        "state:words country:words promised_ship:moment promised_delivery:moment business:flag",
        "shipments": "order_id:text carrier:words service:words tracking_number:text "
        "shipped_at:moment first_scan_at:moment promised_ship:moment promised_delivery:moment "
        "delivered_at:moment tracking_state:words ship_from:words warehouse:words supplier:words "
        "signed:flag protected:flag number_lost:flag",
        "feedback": "order_id:text date:day rating:whole comment:text struck:flag",
        "odr_list": "order_id:text ordered_on:day channel:words negative_feedback:flag "
        "claim:flag chargeback:flag rating:whole",
        "returns": "order_id:text requested_on:day reason:words a_to_z:flag sku:words asin:words "
        "quantity:number status:words resolution:words refunded:number comment:text channel:words "
        "warehouse:words disposition:words ordered_on:day delivered_on:day in_policy:flag",
        "claims": "order_id:text filed_on:day reason:text status:text decided_on:day "
        "charged_to:text odr_impact:flag appeal_by:day note:text",
        "chargebacks": "order_id:text filed_on:day reason_code:text reason:text status:text "
        "class_:text odr_impact:flag answer_by:day note:text",
        "messages": "order_id:text at:moment sender:text text:text attachment:text",
        "removals": "order_id:text kind:text requested_on:day result:text decided_on:day note:text",
        "settlements": "order_id:text type:words defect:words amount:number currency:words "
        "posted_at:moment sku:words",
        "erp_orders": "order_id:text ordered_at:moment shop:words sku:words country:words "
        "quantity:number supplier:words",
        "evidence": "order_id:text document:text class_:text dated:day closes:text note:text",
        "events": "date:day kind:text what:text column:text value:text",
        "measures": "id:text cause:text kind:text status:text date:day what:text owner:text "
        "frequency:text threshold:text artefact:text setting:text",
        "settings": "name:text value:text checked_on:day document:text",
        "costs": "date:day kind:text amount:number currency:text order_id:text note:text",
        "findings": "id:text noted_on:day name:text text:text profile:text first:day last:day "
        "channel:text kind:text where:text orders:number defective:number rate:text",
    }.items()
}
# Which file is believed first about a parcel: what the analyst typed, then Amazon, then the rest.
SHIPMENT_RANK = ("ledger_deliveries", "orders_api", "confirm_shipment", "fba_shipments")
LAST_RANK = len(SHIPMENT_RANK)
NEAR_THE_DOOR = ("delivered", "out_for_delivery", "pickup", "attempt_failed")
_NOT_OF_ORDERS = ("signed", "protected", "file", "line")  # what is told of a parcel only
_MANY = 8  # times as many
# A row that says none of these says nothing about a parcel (an order not yet shipped).
PARCEL = [
    "carrier",
    "tracking_number",
    "shipped_at",
    "first_scan_at",
    "delivered_at",
    "tracking_state",
]


def order_keys(ids: pd.Series) -> np.ndarray:
    """
    One integer per order id, equal exactly where the ids are, also in another call.

    Amazon's 3-7-7 form, which is all that the readers let in, is read as a number and keeps the
    order of the ids; ids of any other form are hashed.

    >>> order_keys(pd.Series(["114-1111111-2222222", "S02-0000001-0000002"])).tolist()
    [11411111112222222, 100200000010000002]
    """
    numbers = order_numbers(ids)
    if numbers is not None:
        return numbers
    found: np.ndarray = pd.util.hash_array(ids.to_numpy(dtype=object)).view("int64")
    return found


def order_numbers(ids: pd.Series) -> np.ndarray | None:
    """The ids as numbers in their own order; None if one is not of Amazon's 3-7-7 form."""
    text = pa.array(ids, from_pandas=True)
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    if len(text) and not text.null_count and pc.all(pc.equal(pc.binary_length(text), 19)).as_py():
        fixed = text.cast(pa.binary()).cast(pa.binary(19))
        letters = np.frombuffer(fixed.buffers()[1], dtype="uint8", offset=19 * fixed.offset)
        letters = letters[: 19 * len(fixed)].reshape(-1, 19)
        keys, ours = np.zeros(len(fixed), dtype="int64"), np.ones(len(fixed), dtype=bool)
        for place in (0, 1, 2, *range(4, 11), *range(12, 19)):
            digit = letters[:, place] - np.uint8(ord("0"))
            if place == 0:
                digit = np.where(digit == ord("S") - ord("0"), np.uint8(10), digit)
            ours &= digit <= (10 if place == 0 else 9)
            keys *= 10
            keys += digit
        if ours.all() and (letters[:, [3, 11]] == ord("-")).all():
            return keys
    return None


def among(ids: pd.Series, known: pd.Series) -> pd.Series:
    """
    Which ids are among the known ones; as `isin`, which is slow for text.

    >>> among(pd.Series(["a", "b", None]), pd.Series(["b", "c"])).tolist()
    [False, True, False]
    """
    return pd.Series(is_among(ids, known), index=ids.index)


def is_among(ids: pd.Series, known: Iterable[str | None]) -> np.ndarray:
    """The same as plain booleans, and of any ids that are known."""
    text = pa.large_string()
    named = pa.array(ids, text, from_pandas=True)
    wanted = known if isinstance(known, pd.Series) else list(known)
    others = pa.array(wanted, text, from_pandas=True).drop_null()
    # Many are slow to look up in, and fast to look through.
    if len(others) > _MANY * len(named):
        others = others.filter(pc.is_in(others, value_set=named.drop_null()))
    found: np.ndarray = pc.is_in(named, value_set=others).to_numpy(zero_copy_only=False)
    return found


def empty(table: str) -> pd.DataFrame:
    """The table with its columns and no rows."""
    return frame_of(
        {
            column: stack(kind, [pd.Series(dtype=TYPES[kind])], [0])
            for column, kind in SCHEMA[table].items()
        }
    )


def stacked(readings: Iterable[Reading], table: str) -> pd.DataFrame | None:
    """The rows that the files give to `table`, one below the other; None if no file gives any."""
    files = {
        reading.file: reading.columns
        for reading in sorted(readings, key=lambda reading: reading.file)
        if reading.export and table in reading.export.gives and reading.columns is not None
    }
    if not files:
        return None
    lengths = [length(columns) for columns in files.values()]
    columns = {
        column: stack(kind, [each.get(column) for each in files.values()], lengths)
        for column, kind in SCHEMA[table].items()
        if column != "file"
    }
    filled = {file: rows for file, rows in zip(files, lengths, strict=True) if rows}
    codes = np.repeat(np.arange(len(filled)), list(filled.values()))
    columns["file"] = categorical(codes, tuple(filled))
    return frame_of({column: columns[column] for column in SCHEMA[table]})


def last_known(rows: Columns, order: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> Columns:
    """
    One row per group of rows: in each column the last value that is not missing.

    `order` sorts the rows into groups; `starts` and `ends` are the first and last places in it
    (both included) of the groups, in the order of the answer.
    """
    last = order[ends]
    columns = {}
    for name, values in rows.items():
        missing = pd.isna(values)
        place = last
        if missing.any() and not missing.all() and len(last) < len(order):
            seen = np.where(missing[order], -1, np.arange(len(order)))
            known = np.maximum.accumulate(seen)[ends]
            place = order[np.where(known >= starts, known, ends)]
        columns[name] = values.take(place)
    return columns


def groups(*keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last row numbers of the runs of equal keys in sorted rows."""
    length = len(keys[0])
    if not length:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    change = np.zeros(length, dtype=bool)
    change[0] = True
    for key in keys:
        change[1:] |= key[1:] != key[:-1]
    starts = np.flatnonzero(change)
    return starts, np.append(starts[1:] - 1, length - 1)


def moments(values: Values) -> np.ndarray:
    """Moments as integers; a missing one is the earliest of all."""
    known = values if values.dtype == UTC else values.astype(UTC)
    return np.asarray(array_of(known), "datetime64[us]").view("int64")


def settled(order: np.ndarray, keys: Sequence[np.ndarray], told: Iterable[Values]) -> np.ndarray:
    """
    `order`, which sorts rows by `keys`, with those that tie and differ in the order of their words.

    So the words of two rows decide which of them wins, never the names of their files or where in
    them they stand.
    """
    tied = np.logical_and.reduce([key[order[1:]] == key[order[:-1]] for key in keys])
    beside = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
    if not len(beside):
        return order
    rows = order[beside]
    some = [values.take(rows) for values in told]
    group = np.cumsum(np.append(True, ~tied))[beside]
    same = group[1:] == group[:-1]
    # Most rows that tie say the same in most columns, or in all.
    codes = ((values, _codes(values)) for values in some)
    differ = [values for values, code in codes if (same & (code[1:] != code[:-1])).any()]
    if not differ:
        return order
    order = order.copy()
    order[beside] = rows[np.lexsort((*map(_ranks, reversed(differ)), group))]
    return order


def _codes(values: Values) -> np.ndarray:
    """
    One integer per value, in no order; that of a missing one is its own too.

    Only for a first look: of a few equal values (0 and -0) the integers differ.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.codes)
    if values.dtype.kind == "M":
        return np.asarray(values, "datetime64[us]").view("int64")
    if values.dtype == "float64":
        return np.ascontiguousarray(values).view("int64")
    return np.asarray(pd.factorize(values)[0])


def _ranks(values: Values) -> np.ndarray:
    """One integer per value, in the order of the values; missing ones first."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.codes)
    return np.asarray(pd.factorize(values, sort=True)[0])


def merge_items(rows: pd.DataFrame) -> pd.DataFrame:
    """
    One row per order and item: the newest `updated_at` wins, its gaps are filled from older rows.

    Files of before May 2026 have no `order-item-id`; there an item is the n-th row of that SKU in
    that order of that file, and is matched with the same row of a file that has the id.
    """
    keys = order_keys(rows["order_id"])
    items = _item_codes(rows, keys)
    # Almost all rows stand alone; only those that share order and item go through the merge.
    mixed = keys.astype("uint64") * np.uint64(0x9E3779B97F4A7C15) + items.astype("uint64")
    shared = pd.Series(mixed).duplicated(keep=False).to_numpy()
    if not shared.any():
        return rows
    doubled = _taken(columns_of(rows), np.flatnonzero(shared))
    keys = keys[shared]
    # By an item's first row in its own order, whatever other orders name the same item.
    items = _numbered(keys, items[shared])
    updated = moments(doubled["updated_at"])
    order = np.lexsort((doubled["line"], doubled["file"].codes, updated, items, keys))
    order = settled(order, (updated, items, keys), _without(doubled, "file", "line").values())
    merged = last_known(doubled, order, *groups(keys[order], items[order]))
    alone = rows_where(rows, ~shared)
    return in_order(pd.concat([alone, frame_of(merged)], ignore_index=True))


def _taken(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: values.take(rows) for name, values in columns.items()}


def _without(columns: Columns, *names: str) -> Columns:
    return {name: values for name, values in columns.items() if name not in names}


def in_order(items: pd.DataFrame) -> pd.DataFrame:
    """The items as they stand once any two rows were merged into one: by moment, order and line."""
    unknown = items["ordered_at"].isna().to_numpy()
    order = np.lexsort(
        (items["line"], order_keys(items["order_id"]), moments(items["ordered_at"]), unknown)
    )
    return rows_at(items, order)


def _item_codes(rows: pd.DataFrame, keys: np.ndarray) -> np.ndarray:
    ids = rows["order_item_id"]
    known = ids.notna().to_numpy()
    codes = np.asarray(pd.factorize(ids)[0], dtype="int64")
    if known.all():
        return codes
    told = columns_of(rows)
    sku, files = told["sku"].codes, told["file"].codes
    order = np.lexsort((told["line"], sku, keys, files))
    looks = ["asin", "title", "item_price", "quantity", "currency", "item_status", "updated_at"]
    order = settled(order, (sku, keys, files), [told[name] for name in looks])
    starts, ends = groups(files[order], keys[order], sku[order])
    nth = np.empty(len(rows), dtype="int64")
    nth[order] = np.arange(len(rows)) - np.repeat(starts, ends - starts + 1)
    same = _numbered(keys, sku, nth)
    by_number = np.full(len(rows), -1)
    # Backwards, so that the first row of each number is the one that stays.
    by_number[same[known][::-1]] = codes[known][::-1]
    named = by_number[same]
    return np.where(known, codes, np.where(named < 0, codes.max() + 1 + same, named))


def _numbered(*keys: np.ndarray) -> np.ndarray:
    """One number per row, equal where all keys are, counted up in the order of the rows."""
    order = np.lexsort(keys[::-1])
    starts, ends = groups(*(key[order] for key in keys))
    numbers = np.empty(len(starts), dtype="int64")
    numbers[np.argsort(order[starts])] = np.arange(len(starts))
    found = np.empty(len(order), dtype="int64")
    found[order] = np.repeat(numbers, ends - starts + 1)
    return found


def orders(
    rows: pd.DataFrame, items: pd.DataFrame, timezone: str, count_cancelled: bool
) -> pd.DataFrame:
    """
    One row per order from all rows of the files and the merged items.

    The main item is the one with the highest price (then quantity, then SKU): its SKU, ASIN and
    title stand for the order. Days are cut in `timezone`.
    """
    told = columns_of(items)
    keys = order_keys(told["order_id"])
    updated = moments(told["updated_at"])
    newest = np.lexsort((told["line"], updated, keys))
    starts, ends = groups(keys[newest])
    # The groups stand in the order of their ids, and a stable sort keeps that within a moment.
    head = _without(told, "order_item_id", "item_status", "item_price")
    alone = len(starts) == len(items)  # one item each: nothing is to be chosen
    if not alone:
        of_items = ("sku", "asin", "title", "quantity", "file", "line")
        newest = settled(newest, (updated, keys), _without(head, *of_items).values())
    at = last_known({"at": told["ordered_at"]}, newest, starts, ends)["at"]
    by_time = np.argsort(moments(at), kind="stable")
    table = last_known(_without(head, "updated_at"), newest, starts[by_time], ends[by_time])

    sku, sums = told["sku"].codes, {}
    amounts = {"quantity": _known(told["quantity"], 0.0), "value": _known(told["item_price"], 0.0)}
    if alone:
        main = newest[by_time]
        sums["skus"] = (sku[main] >= 0).astype("int64")
        for name, each in amounts.items():
            sums[name] = each[main]
    else:
        price, quantity = (_known(told[name], -np.inf) for name in ("item_price", "quantity"))
        dearest = np.lexsort((told["line"], sku, -quantity, -price, keys))
        names = (told["asin"], told["title"])
        dearest = settled(dearest, (sku, quantity, price, keys), names)
        main = dearest[starts][by_time]
        by_sku = np.lexsort((sku, keys))
        first_of_sku, _ = groups(keys[by_sku], sku[by_sku])
        fresh = np.zeros(len(items), dtype="int64")
        fresh[first_of_sku] = sku[by_sku][first_of_sku] >= 0
        sums["skus"] = np.add.reduceat(fresh, starts)[by_time]
        # Added in the order of the amounts, so that the order of the rows moves no last digit.
        for name, each in amounts.items():
            sums[name] = np.add.reduceat(each[dearest], starts)[by_time]
    for column in ("sku", "asin", "title"):
        table[column] = told[column].take(main)
    table |= {"skus": sums["skus"], "quantity": sums["quantity"].astype("int64")}
    table["value"] = sums["value"]

    multi = policy.table("decisions")["multi_channel"]
    prefixes = tuple(multi["prefixes"])
    sold = tuple(channel.casefold() for channel in multi["sales_channels"])
    elsewhere = flags(table["sales_channel"], lambda word: word.casefold().startswith(sold))
    ours = pd.Series(table["order_id"]).str.startswith(prefixes).to_numpy(bool)
    table["multi_channel"] = ours | elsewhere
    table["cancelled"] = _cancelled(rows, keys[newest][starts])[by_time]
    table["counts"] = ~table["multi_channel"] & (count_cancelled | ~table["cancelled"])
    table["day"] = _days(table["ordered_at"], timezone)
    return frame_of(table)


def _known(numbers: np.ndarray, otherwise: float) -> np.ndarray:
    return np.where(np.isnan(numbers), otherwise, numbers)


def order_days(instants: pd.Series, timezone: str) -> pd.Series:
    """The calendar day of each moment in `timezone`, without a zone."""
    days = _days(instants.array, timezone)
    return pd.Series(days, index=instants.index, name=instants.name)


def _days(instants: Values, timezone: str) -> Values:
    local = instants if timezone == "UTC" else instants.tz_convert(timezone)
    return local.tz_localize(None).normalize()


def _cancelled(rows: pd.DataFrame, wanted: np.ndarray) -> np.ndarray:
    """
    Is each order cancelled? The file with the order's newest row decides: all its rows must say so.

    Of two files with rows of that moment both must. `wanted` are the sorted keys of the orders.
    """
    known = np.flatnonzero(rows["status"].notna())
    if not len(known):
        return np.zeros(len(wanted), dtype=bool)
    asked = ("order_id", "status", "file", "updated_at")
    told = {name: rows[name].array.take(known) for name in asked}
    keys = order_keys(told["order_id"])
    words = {word.casefold() for word in policy.table("decisions")["cancelled"]["statuses"]}
    off = flags(told["status"], lambda word: word.strip().casefold() in words)
    files, updated = told["file"].codes, moments(told["updated_at"])
    order = np.lexsort((updated, files, keys))
    starts, ends = groups(keys[order], files[order])
    stands = np.logical_or.reduceat(~off[order], starts)
    ids, last = keys[order][starts], updated[order][ends]
    first, end = groups(ids)
    newest = np.repeat(np.maximum.reduceat(last, first), end - first + 1)
    gone = ~np.logical_or.reduceat(stands & (last == newest), first)
    place = places(ids[first], wanted)
    found: np.ndarray = (place >= 0) & gone[place]
    return found


def shipments(readings: Iterable[Reading]) -> pd.DataFrame | None:
    """
    One row per parcel that a file tells of, the most believed file last.

    A tracker export that knows only the tracking number finds its order through the other files.
    """
    readings = list(readings)
    rows = stacked(readings, "shipments")
    if rows is None:
        return None
    rows["carrier"] = carriers(rows["carrier"], rows["tracking_number"])
    rows["number_lost"] = _numbers_lost(rows, readings)
    unnamed = rows["order_id"].isna()
    if unnamed.any():
        named = rows.loc[~unnamed & rows["tracking_number"].notna()]
        shared = named["tracking_number"].duplicated(keep=False)
        first = named[shared].sort_values("order_id").drop_duplicates("tracking_number")
        by_number = pd.concat([named[~shared], first]).set_index("tracking_number")
        found = rows.loc[unnamed, "tracking_number"].map(by_number["order_id"]).astype("str")
        rows["order_id"] = rows["order_id"].fillna(found)
    exports = {r.file: r.export.name for r in readings if r.export and r.columns is not None}
    ranks = [shipment_rank(exports[file]) for file in rows["file"].cat.categories]
    rank = np.array(ranks, dtype="int64")[rows["file"].cat.codes]
    order = np.lexsort((rows["line"], rows["file"].cat.codes, -rank))
    told = columns_of(rows)
    del rows
    order = _equals_settled(order, told, rank)
    return frame_of({name: told.pop(name).take(order) for name in list(told)})


def _equals_settled(order: np.ndarray, rows: Columns, rank: np.ndarray) -> np.ndarray:
    """`order` with the parcels of one order in equally believed files by what they say."""
    keys = np.full(len(order), -1)
    known = ~rows["order_id"].isna()
    keys[known] = order_keys(rows["order_id"][known])
    # The rows of one order and rank stand together; those that are alone are in their place.
    beside = np.lexsort((keys[order], -rank[order]))
    starts, ends = groups(rank[order[beside]], keys[order[beside]])
    at = np.sort(beside[np.repeat(ends > starts, ends - starts + 1)])
    some = order[at]
    some = some[np.lexsort((keys[some], -rank[some]))]
    late = ("shipped_at", "first_scan_at", "delivered_at")
    words = _without(rows, "order_id", "file", "line", *late)
    order[at] = settled(some, (keys, rank), [*(rows[name] for name in late), *words.values()])
    return order


def shipment_rank(export: str) -> int:
    """The place of an export in SHIPMENT_RANK; behind all of them if it has none."""
    fit = (i for i, name in enumerate(SHIPMENT_RANK) if export.startswith(name))
    return next(fit, LAST_RANK)


def _numbers_lost(rows: pd.DataFrame, readings: Iterable[Reading]) -> pd.Series:
    """True where a file has a tracking number that could not be used; missing where it has none."""
    lost = {
        reading.file: reading.refused.loc[
            reading.refused["column"].eq(reading.found.get("tracking_number")), "line"
        ]
        for reading in readings
        if len(reading.refused)
    }
    flags = np.zeros(len(rows), dtype=bool)
    for code, file in enumerate(rows["file"].cat.categories):
        if file in lost:
            mine = np.flatnonzero(rows["file"].cat.codes.to_numpy() == code)
            flags[mine] = np.isin(rows["line"].to_numpy()[mine], lost[file])
    return pd.Series(pd.arrays.BooleanArray(flags, ~flags), index=rows.index)


def best_parcels(ids: pd.Series, parcels: pd.DataFrame | None) -> tuple[pd.DataFrame, np.ndarray]:
    """What is known of the parcels of each order of `parcels`; and where that of each id stands."""
    told = empty("shipments") if parcels is None else parcels
    told = _without(columns_of(told), *_NOT_OF_ORDERS)
    unnamed = told["order_id"].isna()
    if unnamed.any():
        told = _taken(told, np.flatnonzero(~unnamed))
    both = pd.concat([pd.Series(told["order_id"]), ids], ignore_index=True)
    keys = order_keys(both)
    keys, wanted = keys[: -len(ids) or None], keys[len(keys) - len(ids) :]
    order = np.argsort(keys, kind="stable")
    starts, ends = groups(keys[order])
    best = last_known(told, order, starts, ends)
    known = {name: ~best[name].isna() for name in (*PARCEL, "number_lost")}
    moved = np.logical_or.reduce([known[name] for name in PARCEL])
    # A number that showed the parcel at or near the door was a tracked one, whatever its form.
    seen = known["delivered_at"] | says(best["tracking_state"], NEAR_THE_DOOR)
    named = known["tracking_number"]
    door = tracked(pd.Series(best["tracking_number"]), pd.Series(best["service"]))
    door = door.mask(door.isna() & seen & named, True)
    unsure = ~moved | (~named & known["number_lost"])
    best["warehouse"] = _first_said(best["warehouse"], best["ship_from"])
    best["tracked"] = door.mask(unsure).array
    best = {
        "ship_service" if name == "service" else name: values.remove_unused_categories()
        if isinstance(values, pd.Categorical)
        else values
        for name, values in best.items()
    }
    return frame_of(best), places(keys[order][starts], wanted)


def _first_said(words: pd.Categorical, others: pd.Categorical) -> pd.Categorical:
    """The word of each row, or what others say where it has none."""
    codes, names = coded(words)
    more, beside = coded(others)
    return grouped(np.where(codes < 0, more + len(names) * (more >= 0), codes), [*names, *beside])


def with_parcels(table: pd.DataFrame, best: pd.DataFrame, place: np.ndarray) -> pd.DataFrame:
    """The orders with the columns of their parcels, which stand at `place` in `best`."""
    taken = ["carrier", "ship_service", "tracking_number", "tracked", "shipped_at", "first_scan_at",
             "delivered_at", "tracking_state", "warehouse", "supplier"]  # fmt: skip
    for column in ("promised_ship", "promised_delivery"):
        if best[column].notna().any():
            mine = pd.Series(best[column].array.take(place, allow_fill=True))
            table = table.assign(**{column: table[column].fillna(mine)})
    return beside(
        table, {column: best[column].array.take(place, allow_fill=True) for column in taken}
    )


def places(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """
    Where each wanted key stands among the known ones, which are sorted; -1 where it does not.

    >>> places(np.array([2, 5, 9]), np.array([9, 3, 2]))
    array([ 2, -1,  0])
    """
    if not len(known):
        return np.full(len(wanted), -1)
    place = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    return np.where(known[place] == wanted, place, -1)
