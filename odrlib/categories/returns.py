"""Returns: what came back, how the request was answered, what was refunded or charged back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pandas as pd

from odrlib.categories.catalogue import limit, words
from odrlib.categories.parcels import DAY, flags
from odrlib.categories.records import Records
from odrlib.defects import chargeback_class, is_said
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.reasons.codes import plain_code
from odrlib.tables import among, order_days

UNAUTHORISED = "UNAUTHORIZED_PURCHASE"


def return_signs(cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """
    The fields from `return_codes` to `fraud` of fields.toml, and `requested_on`, the day of the
    first return request; unknown is missing, and an empty tuple in the sets.
    """
    mine = _mine(records.returns, cases)
    table = pd.DataFrame(
        {
            "return_codes": _sets(cases, mine, "reason", plain_code),
            "dispositions": _sets(cases, mine, "disposition", str.upper),
            "requested_on": _first(cases, mine, "requested_on", "datetime64[us]"),
            "return_in_policy": _first(cases, mine, "in_policy", "boolean"),
        }
    )
    status = _first(cases, mine, "status", "str").str.strip().str.casefold()
    refused = status.isin(words("return_refused"))
    pending = status.isin(words("return_pending"))
    waited = (cases["on"] - table["requested_on"]) / DAY
    return pd.concat(
        [
            table.assign(
                return_refused=flags(refused, status.notna()),
                return_waited=waited.where(pending & (waited > 0)),
            ),
            _refunds(cases, mine, records),
            _charges(cases, table["return_codes"], records.chargebacks),
        ],
        axis="columns",
    )


def _mine(table: pd.DataFrame | None, cases: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of the orders in question, in the order of days."""
    if table is None:
        return None
    mine = table[among(table["order_id"], cases["order_id"])]
    mine = mine.assign(order_id=mine["order_id"].astype("str"))
    told = ("requested_on", "filed_on", "posted_at", "date", "status", "reason", "reason_code")
    by = [name for name in told if name in mine]
    return mine.sort_values(by, kind="stable") if len(mine) > 1 and by else mine


def _first(cases: pd.DataFrame, rows: pd.DataFrame | None, column: str, kind: str) -> pd.Series:
    """What the first row of each order that knows it says; missing where none does."""
    found: dict[str, Any] = {}
    if rows is not None and column in rows.columns:
        told = rows[rows[column].notna()]
        for order_id, value in zip(told["order_id"], told[column], strict=True):
            found.setdefault(order_id, value)
    return pd.Series(map(found.get, cases["order_id"]), index=cases.index, dtype=kind)


def _sets(
    cases: pd.DataFrame, rows: pd.DataFrame | None, column: str, spelt: Callable[[str], str]
) -> pd.Series:
    """The different words of each order's rows, sorted; an empty tuple for none."""
    found: dict[str, set[str]] = defaultdict(set)
    if rows is not None and column in rows.columns:
        told = rows[rows[column].notna()]
        for order_id, word in zip(told["order_id"], told[column], strict=True):
            found[order_id].add(spelt(str(word)))
    words = [tuple(sorted(found.get(order_id, ()))) for order_id in cases["order_id"]]
    return pd.Series(words, index=cases.index, dtype="object")


def _refunds(cases: pd.DataFrame, returns: pd.DataFrame | None, records: Records) -> pd.DataFrame:
    """When and how much was refunded, where a file says that or must have said it."""
    paid = _payments(cases, records)
    paid_on = paid.groupby("order_id")["on"].min().reindex(cases["order_id"]).set_axis(cases.index)
    sums = paid.groupby("order_id")["amount"].sum()
    if returns is not None and "refunded" in returns.columns:
        told = returns.groupby("order_id")["refunded"].sum(min_count=1)
        sums = pd.concat([sums, told]).groupby(level=0).max()
    total = sums.reindex(cases["order_id"]).set_axis(cases.index)
    back = pd.Series(pd.NaT, index=cases.index, dtype="datetime64[us]")
    if returns is not None and "delivered_on" in returns.columns:
        first = returns.groupby("order_id")["delivered_on"].min()
        back = first.reindex(cases["order_id"]).set_axis(cases.index).astype("datetime64[us]")
    # Without a payment the wait runs on to the defect, if settlements of those days are there.
    covered = _covered(back, cases["on"], records)
    until = paid_on.fillna(cases["on"].where(covered & ~(total > 0)))
    wait = (until - back) / DAY
    single = cases["skus"].eq(1) & cases["quantity"].eq(1) & (cases["value"] > 0)
    return pd.DataFrame(
        {
            "refund_waited": wait,
            "refund_waited_says": [
                ""
                if pd.isna(days)
                else tr("refunded {days} after the return arrived", days=count(int(days), "day"))
                if paid
                else tr(
                    "not refunded {days} after the return arrived", days=count(int(days), "day")
                )
                for days, paid in zip(wait, paid_on.notna(), strict=True)
            ],
            "refund_share": (total / cases["value"]).where(single & (total > 0)),
        }
    )


def _payments(cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Refunds of the orders with their days: order_id, on, amount (above zero)."""
    parts = [pd.DataFrame({"order_id": [], "on": [], "amount": []})]
    money = _mine(records.settlements, cases)
    if money is not None:
        types = "|".join(map(re.escape, words("refund_types")))
        is_refund = money["type"].astype("str").str.casefold().str.contains(types).fillna(False)
        part = money[is_refund.astype(bool) & (money["amount"] < 0)]
        on = order_days(part["posted_at"], records.timezone)
        parts.append(part[["order_id"]].assign(on=on, amount=-part["amount"]))
    costs = _mine(records.costs, cases)
    if costs is not None:
        kind = costs["kind"].astype("str").str.casefold()
        part = costs[kind.isin(words("refund_types"))]
        parts.append(part[["order_id"]].assign(on=part["date"], amount=part["amount"].abs()))
    return pd.concat([part for part in parts if len(part)] or parts[:1]).astype(
        {"order_id": "str", "on": "datetime64[us]", "amount": "float64"}
    )


def _covered(back: pd.Series, on: pd.Series, records: Records) -> pd.Series:
    money = records.settlements
    if money is None or money["posted_at"].isna().all():
        return pd.Series(False, index=on.index)
    days = order_days(money["posted_at"], records.timezone)
    return (back >= days.min()) & (on <= days.max())


def _charges(
    cases: pd.DataFrame, codes: pd.Series, chargebacks: pd.DataFrame | None
) -> pd.DataFrame:
    mine = _mine(chargebacks, cases)
    fraud = codes.map(lambda row: UNAUTHORISED in row).astype("boolean")
    fraud = fraud.where(fraud.to_numpy(bool))
    if mine is not None and len(mine):
        said = mine.assign(fraud=chargeback_class(mine).eq("fraud"))
        by_order = said.groupby("order_id")["fraud"].any()
        fraud |= by_order.reindex(cases["order_id"]).set_axis(cases.index).astype("boolean")
    return pd.DataFrame(
        {
            "chargeback_codes": _sets(cases, mine, "reason_code", str.upper),
            "fraud": fraud,
        }
    )


def returned_before(cases: pd.DataFrame, returns: pd.DataFrame | None) -> pd.DataFrame:
    """
    The field `returned_before`: did units of the SKU come back, fit to be sold again, in the weeks
    before this order was shipped? Unknown where no return tells the state or the arrival.
    """
    answer = pd.Series(pd.NA, index=cases.index, dtype="boolean")
    says = pd.Series("", index=cases.index, dtype="str")
    table = pd.DataFrame({"returned_before": answer, "returned_before_says": says})
    if returns is None or returns.empty:
        return table
    fit = returns["disposition"].astype("str").str.casefold().isin(words("resaleable"))
    fit |= returns["status"].astype("str").str.casefold().isin(words("resaleable"))
    back = returns["delivered_on"].fillna(returns["requested_on"])
    units = returns.assign(back=back)[fit & back.notna() & returns["sku"].notna()]
    if units.empty:
        return table
    shipped = cases["shipped_at"].dt.tz_localize(None).fillna(cases["day"])
    rows = pd.DataFrame({"case": cases.index, "sku": cases["sku"], "shipped": shipped})
    rows = rows.merge(units[["sku", "back"]].astype({"sku": "str"}), on="sku")
    age = (rows["shipped"] - rows["back"]) / DAY
    near = rows[(age >= 0) & (age <= limit("returned_before_days"))].groupby("case").size()
    number = near.reindex(cases.index)
    known = is_said(cases["sku"].isin(units["sku"].astype("str")).astype("boolean"), True)
    return table.assign(
        returned_before=flags(number.notna(), known),
        returned_before_says=[
            tr(
                "{units} of the SKU came back, fit to be sold again, in the {days} days before",
                units=count(int(units_back), "unit"),
                days=limit("returned_before_days"),
            )
            for units_back in number.fillna(0)
        ],
    )
