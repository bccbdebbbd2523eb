"""Cases: one row per defect (order and kind), with its order and what its buyer says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from odrlib.categories.catalogue import data
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.rates import known_kinds
from odrlib.tables import among

_MOMENT, _DAY = "datetime64[us, UTC]", "datetime64[us]"
# What the signs look at; a column that a table lacks is unknown for every order.
WORDS = (
    "channel", "carrier", "ship_service", "service", "tracking_number", "tracking_state", "sku",
    "asin", "supplier", "warehouse", "state", "country", "currency",
)  # fmt: skip
NOT_WORDS = {
    **dict.fromkeys(("ordered_at", "promised_ship", "promised_delivery"), _MOMENT),
    **dict.fromkeys(("shipped_at", "first_scan_at", "delivered_at"), _MOMENT),
    **dict.fromkeys(("day", "arrived_on"), _DAY),
    "tracked": "boolean",
    "cancelled": "boolean",
    **dict.fromkeys(("quantity", "skus", "value"), "float64"),
}
REASON_COLUMNS = ("order_id", "primary", "topic", "themes")
FLAGS = ("contradiction", "product_only", "says_delivered")


def complete(
    orders: pd.DataFrame, columns: Sequence[str] = (*WORDS, *NOT_WORDS), words: str | None = None
) -> pd.DataFrame:
    """
    The orders with these of WORDS and NOT_WORDS; what the table does not tell is missing.

    Words stay as the table holds them, or become `words`. Nothing is copied that has its type.
    """
    types = dict.fromkeys(WORDS, words) | NOT_WORDS
    known = [name for name in columns if name in orders.columns]
    table = orders[["order_id", *known]].reset_index(drop=True)
    wanted = {"order_id": "str"} | {name: types[name] for name in known}
    for name, has in zip(table.columns, table.dtypes.tolist(), strict=True):
        if wanted[name] not in (None, has):
            table[name] = table[name].astype(wanted[name])
    for name in columns:
        if name not in known:
            table[name] = pd.Series(index=table.index, dtype=types[name] or "str")
    return table[["order_id", *columns]] if len(known) < len(columns) else table


def cases(
    defects: pd.DataFrame, reasons: pd.DataFrame, verdicts: pd.DataFrame | None = None
) -> pd.DataFrame:
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
    DataFrame with order_id, kind, `on` (day of the defect), WORDS and NOT_WORDS, primary, topic,
    themes (an empty tuple for none), FLAGS, and `delivery_only`

    Raises
    ------
    BadParameter : an order stands in two rows, or a column of the reasons is not there
    """
    _check(defects, reasons)
    kinds = list(known_kinds(defects))
    flags = [defects[kind].to_numpy(bool) for kind in kinds]
    place, kind = np.nonzero(np.column_stack(flags) if flags else np.empty((0, 0)))
    known = [name for name in ("order_id", *WORDS, *NOT_WORDS) if name in defects.columns]
    table = complete(defects[known].iloc[place], words="str")
    table["kind"] = pd.array(np.array(kinds, dtype=object)[kind], dtype="str")
    table = table.sort_values(["order_id", "kind"], ignore_index=True)
    table["on"] = _days(table, verdicts)
    return _with_reasons(table, reasons)


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


def _days(table: pd.DataFrame, verdicts: pd.DataFrame | None) -> pd.Series:
    first = table["arrived_on"].astype(_DAY)
    if verdicts is None:
        return first
    asked = verdicts["counts"] & among(verdicts["order_id"], table["order_id"])
    mine = verdicts.loc[asked, ["order_id", "kind", "on"]]
    told = {(order, kind): on for order, kind, on in zip(*map(mine.get, mine), strict=True)}
    days = [told.get(key) for key in zip(table["order_id"], table["kind"], strict=True)]
    return pd.Series(days, index=table.index, dtype=_DAY).fillna(first)


def _with_reasons(table: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    asked = [name for name in (*REASON_COLUMNS, *FLAGS) if name in reasons.columns]
    told = reasons[asked].set_index("order_id").reindex(table["order_id"]).set_axis(table.index)
    themes = [tuple(row) if isinstance(row, tuple | list) else () for row in told["themes"]]
    delivery = set(data()["delivery_themes"])
    only = [bool(row) and delivery.issuperset(row) for row in themes]
    flags = {
        name: told[name].astype("boolean")
        if name in told
        else pd.Series(pd.NA, index=table.index, dtype="boolean")
        for name in FLAGS
    }
    return table.assign(
        primary=told["primary"].astype("str"),
        topic=told["topic"].astype("str"),
        themes=pd.Series(themes, index=table.index, dtype="object"),
        delivery_only=pd.Series(only, index=table.index, dtype="boolean"),
        **flags,
    )
