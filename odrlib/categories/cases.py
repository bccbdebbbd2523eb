"""Cases: one row per defect (order and kind), with its order and what its buyer says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from odrlib.categories.catalogue import data
from odrlib.columns import MOMENT, marks, moments, numbers, rows_of, words
from odrlib.errors import BadParameter
from odrlib.exports.columns import columns_of, frame_of
from odrlib.languages import tr
from odrlib.rates import known_kinds

# One list or array per field, all of one length, as odrlib.columns has them: defects are few, and
# every field is asked many small questions.
Fields = dict[str, Any]

# What the signs look at; a column that a table lacks is unknown for every order.
WORDS = (
    "channel", "carrier", "ship_service", "service", "tracking_number", "tracking_state", "sku",
    "asin", "supplier", "warehouse", "state", "country", "currency",
)  # fmt: skip
_MOMENT, _DAY = "datetime64[us, UTC]", "datetime64[us]"
NOT_WORDS = {
    **dict.fromkeys(("ordered_at", "promised_ship", "promised_delivery"), _MOMENT),
    **dict.fromkeys(("shipped_at", "first_scan_at", "delivered_at"), _MOMENT),
    **dict.fromkeys(("day", "arrived_on"), _DAY),
    "tracked": "boolean",
    "cancelled": "boolean",
    **dict.fromkeys(("quantity", "skus", "value"), "float64"),
}
_READ: dict[str, Callable[[Any], Any]] = {
    _MOMENT: moments,
    _DAY: moments,
    "boolean": marks,
    "float64": numbers,
}
REASON_COLUMNS = ("order_id", "primary", "topic", "themes")
FLAGS = ("contradiction", "product_only", "says_delivered")


def complete(orders: pd.DataFrame, columns: Sequence[str] = (*WORDS, *NOT_WORDS)) -> pd.DataFrame:
    """
    The orders with these of WORDS and NOT_WORDS; what the table does not tell is missing.

    Words stay as the table holds them. Nothing is copied that has its type.
    """
    known = [name for name in columns if name in orders.columns]
    told = columns_of(orders)
    table = frame_of({name: told[name] for name in ("order_id", *known)})
    wanted = {"order_id": "str"} | {name: NOT_WORDS.get(name) for name in known}
    for name, has in zip(table.columns, table.dtypes.tolist(), strict=True):
        if wanted[name] not in (None, has):
            table[name] = table[name].astype(wanted[name])
    for name in columns:
        if name not in known:
            table[name] = pd.Series(index=table.index, dtype=NOT_WORDS.get(name, "str"))
    return table[["order_id", *columns]] if len(known) < len(columns) else table


def cases(
    defects: pd.DataFrame, reasons: pd.DataFrame, verdicts: pd.DataFrame | None = None
) -> Fields:
    """
    One row per order and kind that counts, sorted by order and kind.

    Parameters
    ----------
    defects : one row per order, as `defects_by_order` gives it
    reasons : one row per order that says something: order_id, primary, topic, themes (a tuple), and
        the flags contradiction, product_only, says_delivered where they are known
    verdicts : tells the day of each defect; without it, it is the day the order's first one came

    Returns
    -------
    Fields with order_id, kind, `on` (day of the defect), WORDS and NOT_WORDS, primary, topic,
    themes (an empty tuple for none), FLAGS, and `delivery_only`

    Raises
    ------
    BadParameter : an order stands in two rows, or a column of the reasons is not there
    """
    _check(defects, reasons)
    kinds = known_kinds(defects)
    flags = [defects[kind].to_numpy(bool) for kind in kinds]
    place, which = np.nonzero(np.column_stack(flags) if flags else np.empty((0, 0)))
    ids = words(defects["order_id"].array.take(place))
    order = sorted(range(len(ids)), key=lambda row: (ids[row], kinds[which[row]]))
    rows = place[order]
    table: Fields = {
        "order_id": [ids[row] for row in order],
        "kind": [kinds[which[row]] for row in order],
    }
    for name in WORDS:
        known = name in defects.columns
        table[name] = words(defects[name].array.take(rows)) if known else [None] * len(rows)
    for name, kind in NOT_WORDS.items():
        values = defects[name].array.take(rows) if name in defects.columns else None
        missing = pd.array([pd.NA] * len(rows), dtype=kind if kind != "float64" else "Float64")
        table[name] = _READ[kind](missing if values is None else values)
    return table | {"on": _days(table, verdicts)} | _said(table["order_id"], reasons)


def _check(defects: pd.DataFrame, reasons: pd.DataFrame) -> None:
    if "order_id" not in defects.columns:
        raise BadParameter(tr("the defects have no column order_id"))
    if defects["order_id"].duplicated().any():
        raise BadParameter(
            tr("an order stands in two rows of the defects; one row per order is meant")
        )
    lacking = [column for column in REASON_COLUMNS if column not in reasons.columns]
    if lacking:
        raise BadParameter(tr("the reasons have no column {columns}", columns=", ".join(lacking)))
    if reasons["order_id"].duplicated().any():
        raise BadParameter(
            tr("an order stands in two rows of the reasons; one row per order is meant")
        )


def _days(table: Fields, verdicts: pd.DataFrame | None) -> np.ndarray:
    first: np.ndarray = table["arrived_on"]
    if verdicts is None:
        return first
    mine = rows_of(verdicts["order_id"], table["order_id"])
    mine = mine[verdicts["counts"].array.take(mine).to_numpy(bool)]
    keys = zip(*(words(verdicts[name].array.take(mine)) for name in ("order_id", "kind")),
               strict=True)  # fmt: skip
    told = dict(zip(keys, moments(verdicts["on"].array.take(mine)).tolist(), strict=True))
    asked = zip(table["order_id"], table["kind"], strict=True)
    days = np.array([told.get(key) for key in asked], dtype=MOMENT)
    return np.where(np.isnat(days), first, days)


def _said(order_ids: list[str], reasons: pd.DataFrame) -> Fields:
    """What the buyer of each case says: primary, topic, themes, FLAGS and `delivery_only`."""
    mine = rows_of(reasons["order_id"], order_ids)
    place = {order_id: row for row, order_id in enumerate(words(reasons["order_id"].array[mine]))}
    at = [place.get(order_id) for order_id in order_ids]

    def told(name: str, read: Callable[[Any], list[Any]]) -> list[Any]:
        if name not in reasons.columns:
            return [None] * len(at)
        found = read(reasons[name].array.take(mine))
        return [None if row is None else found[row] for row in at]

    themes = [
        tuple(row) if isinstance(row, tuple | list) else ()
        for row in told("themes", lambda values: list(values))
    ]
    delivery = set(data()["delivery_themes"])
    return {
        "primary": told("primary", words),
        "topic": told("topic", words),
        "themes": themes,
        "delivery_only": [bool(row) and delivery.issuperset(row) for row in themes],
        **{name: told(name, marks) for name in FLAGS},
    }
