"""
Tables: what many files say, merged into one row per item, order and parcel.

Overlapping downloads are merged by order and item; the newest `updated_at` wins, and what the
newest row leaves empty is filled from the others. Reading the same file twice changes nothing, and
neither does the order of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from odrlib import policy
from odrlib.exports.read import Reading
from odrlib.exports.trackers import carriers
from odrlib.tracking_numbers import tracked

UTC = "datetime64[us, UTC]"
DAY = "datetime64[us]"
# Our tables: each column with its type. "words" repeat (a categorical), "text" does not.
_TYPES = {
    "text": "str", "words": "category", "moment": UTC, "day": DAY, "number": "float64",
    "whole": "Int64", "flag": "boolean", "line": "int32",
}  # fmt: skip
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
NEAR_THE_DOOR = ("delivered", "out_for_delivery", "pickup", "attempt_failed")
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
    found: np.ndarray = pd.util.hash_array(ids.to_numpy(dtype=object)).view("int64")
    return found


def among(ids: pd.Series, known: pd.Series) -> pd.Series:
    """
    Which ids are among the known ones; as `isin`, which is slow for text.

    >>> among(pd.Series(["a", "b", None]), pd.Series(["b", "c"])).tolist()
    [False, True, False]
    """
    text = pa.large_string()
    found = pc.is_in(
        pa.array(ids, text, from_pandas=True),
        value_set=pa.array(known, text, from_pandas=True).drop_null(),
    )
    return pd.Series(found.to_numpy(zero_copy_only=False), index=ids.index)


def empty(table: str) -> pd.DataFrame:
    """The table with its columns and no rows."""
    return pd.DataFrame(
        {column: pd.Series(dtype=_TYPES[kind]) for column, kind in SCHEMA[table].items()}
    )


def stacked(readings: Iterable[Reading], table: str) -> pd.DataFrame | None:
    """The rows that the files give to `table`, one below the other; None if no file gives any."""
    frames = [
        reading.frame.assign(file=reading.file)
        for reading in sorted(readings, key=lambda reading: reading.file)
        if reading.export and table in reading.export.gives and reading.frame is not None
    ]
    if not frames:
        return None
    return pd.DataFrame(
        {
            column: _column([frame.get(column) for frame in frames], frames, kind)
            for column, kind in SCHEMA[table].items()
        }
    )


def _column(parts: list[pd.Series | None], frames: list[pd.DataFrame], kind: str) -> pd.Series:
    """One column out of several files', in one type; what a file lacks is missing."""
    dtype = _TYPES[kind]
    filled = [
        pd.Series(index=frame.index, dtype="str" if kind == "words" else dtype)
        if part is None
        else part
        for part, frame in zip(parts, frames, strict=True)
    ]
    if kind == "words":
        return pd.Series(union_categoricals([_words(p) for p in filled], sort_categories=True))
    return pd.concat([part.astype(dtype) for part in filled], ignore_index=True)


def _words(values: pd.Series) -> pd.Series:
    """The column as a categorical of text."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return values.astype("str").astype("category")


def said(values: pd.Series, test: Callable[[str], bool]) -> np.ndarray:
    """Which rows of a categorical pass `test`, asked once per word; a missing word never does."""
    passes = np.array([*(test(str(word)) for word in values.cat.categories), False], dtype=bool)
    found: np.ndarray = passes[values.cat.codes]
    return found


def last_known(rows: pd.DataFrame, starts: np.ndarray, ends: np.ndarray) -> pd.DataFrame:
    """
    One row per group of a sorted table: in each column the last value that is not missing.

    `starts` and `ends` are the first and last row numbers (both included) of the groups.
    """
    columns = {}
    for name, values in rows.items():
        seen = np.where(values.notna().to_numpy(), np.arange(len(rows)), -1)
        place = np.maximum.accumulate(seen)[ends] if len(rows) else ends
        columns[name] = values.take(np.where(place >= starts, place, ends)).reset_index(drop=True)
    return pd.DataFrame(columns)


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


def moments(values: pd.Series) -> np.ndarray:
    """Moments as integers; a missing one is the earliest of all."""
    found: np.ndarray = values.astype(UTC).dt.tz_localize(None).to_numpy().astype("int64")
    return found


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
    doubled = rows[shared].reset_index(drop=True)
    keys, items = keys[shared], items[shared]
    order = np.lexsort(
        (doubled["line"], doubled["file"].cat.codes, moments(doubled["updated_at"]), items, keys)
    )
    merged = last_known(
        doubled.take(order).reset_index(drop=True), *groups(keys[order], items[order])
    )
    both = pd.concat([rows[~shared], merged], ignore_index=True)
    return both.sort_values(["ordered_at", "order_id", "line"], kind="stable", ignore_index=True)


def _item_codes(rows: pd.DataFrame, keys: np.ndarray) -> np.ndarray:
    ids = rows["order_item_id"]
    known = ids.notna().to_numpy()
    codes = np.asarray(pd.factorize(ids)[0], dtype="int64")
    if known.all():
        return codes
    sku = rows["sku"].cat.codes.to_numpy()
    files = rows["file"].cat.codes.to_numpy()
    order = np.lexsort((rows["line"], sku, keys, files))
    starts, ends = groups(files[order], keys[order], sku[order])
    nth = np.empty(len(rows), dtype="int64")
    nth[order] = np.arange(len(rows)) - np.repeat(starts, ends - starts + 1)
    same = pd.MultiIndex.from_arrays([keys, sku, nth]).factorize()[0]
    by_row = pd.Series(codes[known], index=same[known])
    named = by_row[~by_row.index.duplicated()].reindex(same).to_numpy()
    return np.where(known, codes, np.where(np.isnan(named), codes.max() + 1 + same, named)).astype(
        "int64"
    )


def orders(
    rows: pd.DataFrame, items: pd.DataFrame, timezone: str, count_cancelled: bool
) -> pd.DataFrame:
    """
    One row per order from all rows of the files and the merged items.

    The main item is the one with the highest price (then quantity, then SKU): its SKU, ASIN and
    title stand for the order. Days are cut in `timezone`.
    """
    keys = order_keys(items["order_id"])
    newest = np.lexsort((items["line"], moments(items["updated_at"]), keys))
    starts, ends = groups(keys[newest])
    head = items.drop(columns=["order_item_id", "item_status", "item_price"])
    table = last_known(head.take(newest).reset_index(drop=True), starts, ends)

    price = items["item_price"].fillna(-np.inf).to_numpy()
    quantity = items["quantity"].fillna(-np.inf).to_numpy()
    sku = items["sku"].cat.codes.to_numpy()
    main = np.lexsort((items["line"], sku, -quantity, -price, keys))[starts]
    by_sku = np.lexsort((sku, keys))
    first_of_sku, _ = groups(keys[by_sku], sku[by_sku])
    fresh = np.zeros(len(items), dtype="int64")
    fresh[first_of_sku] = sku[by_sku][first_of_sku] >= 0

    for column in ("sku", "asin", "title"):
        table[column] = items[column].take(main).reset_index(drop=True)
    if len(items):
        table["skus"] = np.add.reduceat(fresh, starts)
        table["quantity"] = np.add.reduceat(items["quantity"].fillna(0).to_numpy()[newest], starts)
        table["value"] = np.add.reduceat(items["item_price"].fillna(0).to_numpy()[newest], starts)
    else:
        table = table.assign(skus=0, value=0.0)
    table["quantity"] = table["quantity"].astype("int64")

    multi = policy.table("decisions")["multi_channel"]
    prefixes = tuple(multi["prefixes"])
    sold = tuple(channel.casefold() for channel in multi["sales_channels"])
    elsewhere = said(table["sales_channel"], lambda word: word.casefold().startswith(sold))
    table["multi_channel"] = table["order_id"].str.startswith(prefixes).to_numpy(bool) | elsewhere
    table["cancelled"] = _cancelled(rows, keys[newest][starts])
    table["counts"] = ~table["multi_channel"] & (count_cancelled | ~table["cancelled"])
    table["day"] = order_days(table["ordered_at"], timezone)
    # The rows stand in the order of their ids, and a stable sort keeps that within a moment.
    by_time = np.argsort(moments(table["ordered_at"]), kind="stable")
    return table.drop(columns="updated_at").take(by_time).reset_index(drop=True)


def order_days(instants: pd.Series, timezone: str) -> pd.Series:
    """The calendar day of each moment in `timezone`, without a zone."""
    local = instants if timezone == "UTC" else instants.dt.tz_convert(timezone)
    return local.dt.tz_localize(None).dt.normalize()


def _cancelled(rows: pd.DataFrame, wanted: np.ndarray) -> np.ndarray:
    """
    Is each order cancelled? The file with the order's newest row decides: all its rows must say so.

    `wanted` are the sorted keys of the orders.
    """
    told = rows[rows["status"].notna()]
    keys = order_keys(told["order_id"])
    words = {word.casefold() for word in policy.table("decisions")["cancelled"]["statuses"]}
    off = said(told["status"], lambda word: word.strip().casefold() in words)
    files = told["file"].cat.codes.to_numpy()
    order = np.lexsort((files, moments(told["updated_at"]), keys))
    starts, ends = groups(keys[order])
    deciding = np.repeat(files[order][ends], ends - starts + 1)
    stands = (files[order] == deciding) & ~off[order]
    gone = pd.Series(
        ~np.maximum.reduceat(stands, starts) if len(told) else [], index=keys[order][starts]
    )
    found: np.ndarray = gone.reindex(wanted).eq(True).to_numpy()
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
    named = rows[rows["order_id"].notna() & rows["tracking_number"].notna()]
    by_number = named.drop_duplicates("tracking_number").set_index("tracking_number")["order_id"]
    found = rows["tracking_number"].map(by_number).astype("str")
    rows["order_id"] = rows["order_id"].fillna(found)
    exports = {r.file: r.export.name for r in readings if r.export and r.frame is not None}
    ranks = [_rank(exports[file]) for file in rows["file"].cat.categories]
    rank = np.array(ranks, dtype="int64")[rows["file"].cat.codes]
    order = np.lexsort((rows["line"], rows["file"].cat.codes, -rank))
    return rows.take(order).reset_index(drop=True)


def _rank(export: str) -> int:
    """The place of an export in SHIPMENT_RANK; behind all of them if it has none."""
    fit = (i for i, name in enumerate(SHIPMENT_RANK) if export.startswith(name))
    return next(fit, len(SHIPMENT_RANK))


def _numbers_lost(rows: pd.DataFrame, readings: Iterable[Reading]) -> pd.Series:
    """True where a file has a tracking number that could not be used; missing where it has none."""
    lost = pd.MultiIndex.from_tuples(
        [
            (reading.file, line)
            for reading in readings
            for line, column in zip(reading.refused["line"], reading.refused["column"], strict=True)
            if column == reading.found.get("tracking_number")
        ],
        names=["file", "line"],
    ) if any(len(reading.refused) for reading in readings) else []  # fmt: skip
    places = pd.MultiIndex.from_frame(rows[["file", "line"]].astype({"file": "str"}))
    return pd.Series(places.isin(lost), index=rows.index).astype("boolean").replace(False, pd.NA)


def with_shipments(table: pd.DataFrame, parcels: pd.DataFrame | None) -> pd.DataFrame:
    """The orders with what is known of their parcels; missing where no file speaks of the order."""
    told = None if parcels is None else parcels[parcels["order_id"].notna()]
    if told is None:
        told = empty("shipments")
    codes, ids = pd.factorize(told["order_id"], sort=True)
    order = np.argsort(codes, kind="stable")
    best = last_known(told.take(order).reset_index(drop=True), *groups(codes[order]))
    best.index = pd.Index(ids, name="order_id")
    moved = best[PARCEL].notna().any(axis="columns") if len(best) else pd.Series(dtype=bool)
    # A number that showed the parcel at or near the door was a tracked one, whatever its form.
    seen = best["delivered_at"].notna() | best["tracking_state"].isin(NEAR_THE_DOOR)
    door = tracked(best["tracking_number"], best["service"].astype("str"))
    named = best["tracking_number"].notna()
    door = door.mask(door.isna() & seen & named, True)
    unsure = ~moved | (~named & best["number_lost"].notna())
    best["tracked"] = door.mask(unsure)
    best = best.rename(columns={"service": "ship_service"})
    best["warehouse"] = (
        best["warehouse"].astype("str").fillna(best["ship_from"].astype("str")).astype("category")
    )
    for column in best.columns[best.dtypes == "category"]:
        best[column] = best[column].cat.remove_unused_categories()
    mine = best.reindex(table["order_id"]).reset_index(drop=True)
    taken = ["carrier", "ship_service", "tracking_number", "tracked", "shipped_at", "first_scan_at",
             "delivered_at", "tracking_state", "warehouse", "supplier"]  # fmt: skip
    return table.assign(
        promised_ship=table["promised_ship"].fillna(mine["promised_ship"]),
        promised_delivery=table["promised_delivery"].fillna(mine["promised_delivery"]),
        **{column: mine[column] for column in taken},
    )
