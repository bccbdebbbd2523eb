"""Signs: everything that can be asked of a case, one column per field of fields.toml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from odrlib.categories.cases import complete
from odrlib.categories.catalogue import categories
from odrlib.categories.contacts import contact_signs
from odrlib.categories.gathered import Gatherings, gathering_columns, size_skew
from odrlib.categories.happenings import cause_signs, event_signs
from odrlib.categories.lanes import LANE, PROMISES, TRANSIT, lane_delays, promise_cuts
from odrlib.categories.loads import STOCK, WORK, peaks, stock_outs
from odrlib.categories.parcels import DAY, parcel_signs
from odrlib.categories.records import Records
from odrlib.categories.returns import return_signs, returned_before
from odrlib.reasons.codes import plain_code
from odrlib.tables import among, order_days

# What is looked at of all orders: a large store has no room for a second copy of the rest.
HISTORY = tuple(
    dict.fromkeys(
        (*TRANSIT, *LANE, *PROMISES, *WORK, *STOCK, "tracking_number", "state", "value", "currency")
    )
)


def signs_of(
    cases: pd.DataFrame, defects: pd.DataFrame, reasons: pd.DataFrame, records: Records
) -> pd.DataFrame:
    """
    The cases with every field of fields.toml.

    Parameters
    ----------
    cases : the table of `cases`
    defects : all orders in question, good ones too: complaints gather against them
    reasons : one row per order that says something
    records : what the files say beside; its orders are the history (else `defects` is)

    Returns
    -------
    DataFrame with the index of `cases`; beside a field that is a sentence stands `…_says`
    """
    history = complete(defects if records.orders is None else records.orders, HISTORY)
    if records.orders is None:
        history["cancelled"] = False
    known = Records(**{**vars(records), "orders": history})
    parts = [
        parcel_signs(cases, known),
        contact_signs(cases, known),
        return_signs(cases, known),
        returned_before(cases, known.returns),
        event_signs(cases, known.events),
        cause_signs(cases, known.causes),
        _of_orders(cases, history, known),
        _gatherings(cases, complete(defects), reasons, known.timezone),
        _skewed(cases, known.returns),
    ]
    table = pd.concat([cases, *parts], axis="columns")
    return table.assign(complaint_days=_first_trouble(table, known.timezone))


def _of_orders(cases: pd.DataFrame, history: pd.DataFrame, records: Records) -> pd.DataFrame:
    """What shows in the orders as a whole, for the orders of the cases."""
    sold = ~history["cancelled"].fillna(False).to_numpy(bool)
    place = _places(history["order_id"], cases["order_id"])
    columns: dict[str, pd.Series] = {}

    def note(name: str, table: pd.DataFrame) -> None:
        """Keep what a table of all orders says of the cases; the table itself may go."""
        mine = table[table.index.isin(place)].reindex(place).set_axis(cases.index)
        columns[name] = mine["flag"].astype("boolean")
        columns[f"{name}_says"] = mine["says"].fillna("")

    zone = records.timezone
    note("lane_delay", lane_delays(history.loc[sold, [*TRANSIT, *LANE]], zone))
    note("promise_cut", promise_cuts(history.loc[sold, list(PROMISES)], zone))
    note("peak", peaks(history.loc[sold, list(WORK)], records.messages, zone))
    note("stock_out", stock_outs(history, zone))
    return pd.DataFrame(columns)


def _places(ids: pd.Series, wanted: pd.Series) -> pd.Series:
    """The label of the first row that has each wanted id; missing where none has."""
    mine = ids[among(ids, wanted)].drop_duplicates()
    return wanted.map(pd.Series(mine.index, index=mine))


def _gatherings(
    cases: pd.DataFrame, orders: pd.DataFrame, reasons: pd.DataFrame, timezone: str
) -> pd.DataFrame:
    """For each category, whether its complaints gather where this case is."""
    wide = gathering_columns(orders, timezone)
    spread = Gatherings(wide)
    bad = among(wide["order_id"], cases["order_id"]).to_numpy()
    told = dict(zip(reasons["order_id"].to_numpy(object), reasons["themes"], strict=True))
    ids = wide.loc[bad, "order_id"].to_numpy(object)
    themes = [told.get(order_id) for order_id in ids]
    asked = cases["order_id"].to_numpy(object)
    columns: dict[str, Any] = {}
    for category in categories().values():
        if not category.gather_by:
            continue
        marked = np.zeros(len(wide), dtype=bool)
        complain = np.array([_any_of(row, category.gather_themes) for row in themes], dtype=bool)
        marked[bad] = complain
        found = spread.of(pd.Series(marked, index=wide.index), category.gather_by)
        flag, says = (dict(zip(ids[complain], column.tolist(), strict=True)) for column in found)
        columns[f"gathered_{category.id}"] = pd.array(
            [flag.get(order_id) for order_id in asked], dtype="boolean"
        )
        columns[f"gathered_{category.id}_says"] = pd.array(
            [says.get(order_id, "") for order_id in asked], dtype="str"
        )
    return pd.DataFrame(columns, index=cases.index)


def _any_of(row: object, themes: Sequence[str]) -> bool:
    return isinstance(row, tuple | list) and not set(themes).isdisjoint(row)


def _skewed(cases: pd.DataFrame, returns: pd.DataFrame | None) -> pd.DataFrame:
    flag = pd.Series(pd.NA, index=cases.index, dtype="boolean")
    says = pd.Series("", index=cases.index, dtype="str")
    if returns is not None and len(returns):
        told = returns[returns["reason"].notna() & returns["sku"].notna()]
        words = told["reason"].astype("str")
        spelt = words.map({word: plain_code(word) for word in words.unique()})
        skewed = size_skew(told[["sku"]].assign(return_code=spelt))
        flag = cases["sku"].isin(skewed.index).astype("boolean").where(cases["sku"].notna())
        says = cases["sku"].map(skewed["says"]).astype("str").fillna("")
    return pd.DataFrame({"size_skew": flag, "size_skew_says": says})


def _first_trouble(table: pd.DataFrame, timezone: str) -> pd.Series:
    """Days from the delivery to the first of defect, return request and buyer's message."""
    first = pd.concat(
        [table[name].astype("datetime64[us]") for name in ("on", "requested_on", "first_message")],
        axis="columns",
    ).min(axis="columns")
    arrived = order_days(table["delivered_at"], timezone)
    days = (first - arrived) / DAY
    # A question before the delivery is about the delivery, not about what came.
    return days.where(days >= 0, table["days_from_delivery"])
