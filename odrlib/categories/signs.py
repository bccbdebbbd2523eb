"""Signs: everything that can be asked of a case, one column per field of fields.toml."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from odrlib.categories.cases import WORDS, Fields, complete
from odrlib.categories.catalogue import categories
from odrlib.categories.contacts import contact_signs
from odrlib.categories.gathered import Gatherings, gathering_columns, size_skew
from odrlib.categories.happenings import cause_signs, event_signs
from odrlib.categories.lanes import LANE, PROMISES, TRANSIT, lane_delays, promise_cuts
from odrlib.categories.loads import STOCK, WORK, peaks, stock_outs
from odrlib.categories.noted import Noted
from odrlib.categories.parcels import parcel_signs
from odrlib.categories.records import Records
from odrlib.categories.returns import return_signs, returned_before
from odrlib.columns import DAY, days, rows_of, words
from odrlib.exports.words import each_word
from odrlib.reasons.codes import plain_code

# What is looked at of all orders: a large store has no room for a second copy of the rest.
HISTORY = tuple(
    dict.fromkeys(
        (*TRANSIT, *LANE, *PROMISES, *WORK, *STOCK, "tracking_number", "state", "value", "currency")
    )
)


def signs_of(
    cases: Fields, defects: pd.DataFrame, reasons: pd.DataFrame, records: Records
) -> Fields:
    """
    The cases with every field of fields.toml.

    Parameters
    ----------
    cases : the fields of `cases`
    defects : all orders in question, good ones too: complaints gather against them
    reasons : one row per order that says something
    records : what the files say beside; its orders are the history (else `defects` is)

    Returns
    -------
    The fields of `cases` and more; beside a field that is a sentence stands `…_says`
    """
    history = complete(defects if records.orders is None else records.orders, HISTORY)
    if records.orders is None:
        history["cancelled"] = False
    fields = {
        **cases,
        **parcel_signs(cases, history, records),
        **contact_signs(cases, records),
        **return_signs(cases, records),
        **returned_before(cases, records.returns),
        **event_signs(cases, records.events),
        **cause_signs(cases, records.causes),
        **_of_orders(cases, history, records),
        **_gatherings(cases, defects, reasons, records.timezone),
        **_skewed(cases["sku"], records.returns),
    }
    return fields | {"complaint_days": _first_trouble(fields, records.timezone)}


def _of_orders(cases: Fields, history: pd.DataFrame, records: Records) -> Fields:
    """What shows in the orders as a whole, for the orders of the cases."""
    zone, order_ids = records.timezone, cases["order_id"]
    rows = rows_of(history["order_id"], order_ids)
    ids = words(history["order_id"].array.take(rows))
    # Of an order that stands in several rows the first one speaks.
    place = dict(zip(reversed(ids), reversed(rows.tolist()), strict=True))
    mine = np.array([place.get(order_id, -1) for order_id in order_ids], dtype="int64")
    sold = ~history["cancelled"].to_numpy(bool, na_value=False)
    fields: Fields = {}

    def note(name: str, noted: Noted) -> None:
        """Keep what a look at all orders says of the cases; the rest may go."""
        fields[name], fields[f"{name}_says"] = noted.flags(mine), noted.says(mine)

    note("lane_delay", lane_delays(history, zone, sold=sold))
    note("promise_cut", promise_cuts(history, zone, sold))
    note("peak", peaks(history, records.messages, zone, sold))
    note("stock_out", stock_outs(history, zone))
    return fields


def _gatherings(
    cases: Fields, orders: pd.DataFrame, reasons: pd.DataFrame, timezone: str
) -> Fields:
    """For each category, whether its complaints gather where this case is."""
    asked = [category for category in categories().values() if category.gather_by]
    names = dict.fromkeys(name for category in asked for by in category.gather_by for name in by)
    given = [name for name in names if name in WORDS]
    spread = Gatherings(
        gathering_columns(complete(orders, [*given, "shipped_at", "day"]), names, timezone)
    )
    bad = rows_of(orders["order_id"], cases["order_id"])
    ids = words(orders["order_id"].array.take(bad))
    themes = dict(zip(cases["order_id"], cases["themes"], strict=True))
    fields: Fields = {}
    for category in asked:
        wanted = set(category.gather_themes)
        complain = [
            row for row, order_id in enumerate(ids)
            if not wanted.isdisjoint(themes[order_id])
        ]  # fmt: skip
        found = spread.of(bad[complain], category.gather_by)
        mine = [ids[row] for row in complain]
        flag = dict(zip(mine, found.flag.tolist(), strict=True))
        says = dict(zip(mine, found.says.tolist(), strict=True))
        name = f"gathered_{category.id}"
        fields[name] = [flag.get(order_id) for order_id in cases["order_id"]]
        fields[f"{name}_says"] = [says.get(order_id, "") for order_id in cases["order_id"]]
    return fields


def _skewed(skus: Sequence[str | None], returns: pd.DataFrame | None) -> Fields:
    """Does the SKU come back as too small, or too large, more than chance gives?"""
    if returns is None or returns.empty:
        return {"size_skew": [None] * len(skus), "size_skew_says": [""] * len(skus)}
    spelt = each_word(returns["reason"], plain_code)
    skewed = size_skew(pd.DataFrame({"sku": returns["sku"].array, "return_code": spelt}))
    return {
        "size_skew": [None if sku is None else sku in skewed for sku in skus],
        "size_skew_says": [skewed.get(sku or "", "") for sku in skus],
    }


def _first_trouble(fields: Fields, timezone: str) -> np.ndarray:
    """Days from the delivery to the first of defect, return request and buyer's message."""
    first = np.fmin(np.fmin(fields["on"], fields["requested_on"]), fields["first_message"])
    since = (first - days(fields["delivered_at"], timezone)) / DAY
    # A question before the delivery is about the delivery, not about what came.
    found: np.ndarray = np.where(since >= 0, since, fields["days_from_delivery"])
    return found
