"""Returns: what came back, how the request was answered, what was refunded or charged back."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from odrlib import columns
from odrlib.categories.cases import Fields
from odrlib.categories.catalogue import limit, words
from odrlib.categories.records import Records
from odrlib.columns import DAY, MOMENT
from odrlib.defects import class_of
from odrlib.exports.words import coded
from odrlib.exports.words import flags as word_flags
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.reasons.codes import plain_code
from odrlib.tables import groups

UNAUTHORISED = "UNAUTHORIZED_PURCHASE"
# The rows of an order stand in the order of these, as far as a table has them; unknown ones last.
BY = ("requested_on", "filed_on", "posted_at", "date", "status", "reason", "reason_code")

Rows = list[dict[str, Any]]


def return_signs(cases: Fields, records: Records) -> Fields:
    """
    The fields from `return_codes` to `fraud` of fields.toml, and `requested_on`, the day of the
    first return request; unknown is missing, and an empty tuple in the sets.
    """
    order_ids = cases["order_id"]
    asked = ("reason", "disposition", "requested_on", "in_policy", "status", "refunded",
             "delivered_on")  # fmt: skip
    mine = _mine(records.returns, order_ids, asked)
    requested = np.array(_first(mine, "requested_on", order_ids), dtype=MOMENT)
    statuses = [
        None if status is None else status.strip().casefold()
        for status in _first(mine, "status", order_ids)
    ]
    refused, pending = words("return_refused"), set(words("return_pending"))
    waited = (cases["on"] - requested) / DAY
    open_ = np.array([status in pending for status in statuses], dtype=bool) & (waited > 0)
    codes = _sets(mine, "reason", plain_code, order_ids)
    charges = _mine(records.chargebacks, order_ids, ("reason_code", "class_"))
    return {
        "return_codes": codes,
        "dispositions": _sets(mine, "disposition", str.upper, order_ids),
        "requested_on": requested,
        "return_in_policy": _first(mine, "in_policy", order_ids),
        "return_refused": [None if word is None else word in refused for word in statuses],
        "return_waited": np.where(open_, waited, np.nan),
        **_refunds(cases, mine, records),
        "chargeback_codes": _sets(charges, "reason_code", str.upper, order_ids),
        "fraud": _fraud(order_ids, codes, charges),
    }


def _mine(table: pd.DataFrame | None, order_ids: list[str], asked: Iterable[str]) -> Rows:
    """What the rows of the orders in question say in these columns, in the order of days."""
    if table is None:
        return []
    rows = columns.rows_of(table["order_id"], order_ids)
    by = [name for name in BY if name in table.columns]
    names = dict.fromkeys(("order_id", *by, *(name for name in asked if name in table.columns)))
    told = {name: columns.listed(table[name].array.take(rows)) for name in names}
    mine = [dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)]
    return sorted(mine, key=lambda row: [(row[name] is None, row[name]) for name in by])


def _first(rows: Rows, column: str, order_ids: list[str]) -> list[Any]:
    """What the first row of each order that knows it says; None where none does."""
    found: dict[str, Any] = {}
    for row in rows:
        if row.get(column) is not None:
            found.setdefault(row["order_id"], row[column])
    return [found.get(order_id) for order_id in order_ids]


def _sets(
    rows: Rows, column: str, spelt: Callable[[str], str], order_ids: list[str]
) -> list[tuple[str, ...]]:
    """The different words of each order's rows, sorted; an empty tuple for none."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.get(column) is not None:
            found[row["order_id"]].add(spelt(str(row[column])))
    return [tuple(sorted(found.get(order_id, ()))) for order_id in order_ids]


def _by_order(rows: Rows, column: str) -> Mapping[str, list[Any]]:
    """What the rows of each order say in a column, where they say it."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.get(column) is not None:
            found[row["order_id"]].append(row[column])
    return found


def _refunds(cases: Fields, returns: Rows, records: Records) -> Fields:
    """When and how much was refunded, where a file says that or must have said it."""
    paid = _payments(cases["order_id"], records)
    days, amounts = _by_order(paid, "on"), _by_order(paid, "amount")
    refunded, arrived = _by_order(returns, "refunded"), _by_order(returns, "delivered_on")
    # What was paid, or what the returns say of it where that is more; nan where nobody knows.
    sums = {order_id: math.fsum(told) for order_id, told in amounts.items()}
    for order_id, told in refunded.items():
        sums[order_id] = max(math.fsum(told), sums.get(order_id, -math.inf))
    total = np.array([sums.get(order_id, math.nan) for order_id in cases["order_id"]])
    paid_on = _earliest(days, cases["order_id"])
    back = _earliest(arrived, cases["order_id"])
    # Without a payment the wait runs on to the defect, if settlements of those days are there.
    runs_on = _covered(back, cases["on"], records) & ~(total > 0)
    until = np.where(np.isnat(paid_on) & runs_on, cases["on"], paid_on)
    wait = (until - back) / DAY
    single = (cases["skus"] == 1) & (cases["quantity"] == 1) & (cases["value"] > 0) & (total > 0)
    value = np.where(single, cases["value"], np.nan)
    return {
        "refund_waited": wait,
        "refund_waited_says": [
            _waited(*row) for row in zip(wait.tolist(), (~np.isnat(paid_on)).tolist(), strict=True)
        ],
        "refund_share": total / value,
    }


def _earliest(found: Mapping[str, list[datetime]], order_ids: list[str]) -> np.ndarray:
    days = [min(found[order_id]) if order_id in found else None for order_id in order_ids]
    return np.array(days, dtype=MOMENT)


def _waited(days: float, paid: bool) -> str:
    if math.isnan(days):
        return ""
    if paid:
        return tr("refunded {days} after the return arrived", days=count(int(days), "day"))
    return tr("not refunded {days} after the return arrived", days=count(int(days), "day"))


def _payments(order_ids: list[str], records: Records) -> Rows:
    """Refunds of the orders with their days: order_id, on, amount (above zero)."""
    types = words("refund_types")
    paid: Rows = []
    for row in _mine(records.settlements, order_ids, ("type", "amount")):
        said = (row["type"] or "").casefold()
        if any(word in said for word in types) and (row["amount"] or 0) < 0:
            paid.append(row | {"amount": -row["amount"]})
    on = np.array([row["posted_at"] for row in paid], dtype=MOMENT)
    for row, day in zip(paid, columns.days(on, records.timezone).tolist(), strict=True):
        row["on"] = day
    for row in _mine(records.costs, order_ids, ("kind", "amount")):
        if (row["kind"] or "").casefold() in types:
            paid.append(row | {"on": row["date"], "amount": abs(row["amount"] or 0)})
    return paid


def _covered(back: np.ndarray, on: np.ndarray, records: Records) -> np.ndarray:
    """Do the settlements tell of all days from the return to the defect?"""
    money = records.settlements
    posted = np.empty(0, MOMENT) if money is None else columns.moments(money["posted_at"].array)
    posted = posted[~np.isnat(posted)]
    if not len(posted):
        return np.zeros(len(on), dtype=bool)
    ends = np.array([posted.min(), posted.max()])
    first, last = columns.days(ends, records.timezone)
    covered: np.ndarray = (back >= first) & (on <= last)
    return covered


def _fraud(order_ids: list[str], codes: list[tuple[str, ...]], charges: Rows) -> list[bool | None]:
    """A chargeback of the class fraud, or a return that says it; nobody says that it is none."""
    fraud = {
        row["order_id"] for row in charges if class_of(row["class_"], row["reason_code"]) == "fraud"
    }
    return [
        True if UNAUTHORISED in told or order_id in fraud else None
        for order_id, told in zip(order_ids, codes, strict=True)
    ]


def returned_before(cases: Fields, returns: pd.DataFrame | None) -> Fields:
    """
    The field `returned_before`: did units of the SKU come back, fit to be sold again, in the weeks
    before this order was shipped? Unknown where no return tells the state or the arrival.
    """
    size = len(cases["sku"])
    units = _fit_units(returns, set(cases["sku"]))
    if units is None:
        return {"returned_before": [None] * size, "returned_before_says": [""] * size}
    shipped = np.where(np.isnat(cases["shipped_at"]), cases["day"], cases["shipped_at"])
    within = limit("returned_before_days")
    flag: list[bool | None] = []
    says = []
    for sku, at in zip(cases["sku"], shipped, strict=True):
        back = units.get(sku)
        near = 0
        if back is not None and not np.isnat(at):
            first = at - within * DAY
            near = int(np.searchsorted(back, at, "right") - np.searchsorted(back, first))
        flag.append(None if back is None else near > 0)
        says.append(
            tr(
                "{units} of the SKU came back, fit to be sold again, in the {days} days before",
                units=count(near, "unit"),
                days=within,
            )
        )
    return {"returned_before": flag, "returned_before_says": says}


def _fit_units(
    returns: pd.DataFrame | None, skus: set[str | None]
) -> dict[str | None, np.ndarray] | None:
    """When units of these SKUs came back fit to be sold again, in order; None if nobody tells."""
    if returns is None or returns.empty:
        return None
    good = set(words("resaleable"))
    fit = np.zeros(len(returns), dtype=bool)
    for name in ("disposition", "status"):
        fit |= word_flags(returns[name], lambda word: word.casefold() in good)
    back = columns.moments(returns["delivered_on"].array)
    back = np.where(np.isnat(back), columns.moments(returns["requested_on"].array), back)
    codes, names = coded(returns["sku"])
    fit &= ~np.isnat(back) & (codes >= 0)
    if not fit.any():
        return None
    codes, back = codes[fit], back[fit]
    order = np.lexsort((back, codes))
    starts, ends = groups(codes[order])
    return {
        sku: back[order[start : end + 1]]
        for start, end in zip(starts, ends, strict=True)
        if (sku := names[codes[order[start]]]) in skus
    }
