"""Costs: what a case has cost so far, from the costs ledger and from the data, never mixed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from odrlib.appeal.cases import rules
from odrlib.errors import BadParameter
from odrlib.facts import Facts
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.store import parse_day
from odrlib.tables import among

COLUMNS = ["kind", "currency", "amount", "rows", "basis", "assumption"]
UNKNOWN = "unknown"
_Row = tuple[str, str, float, int, str, str]


def said_kind(code: str) -> str:
    """A kind of cost in words; a kind of the ledger's own stays as it is."""
    return {
        "refund": tr("refund", context="cost"),
        "lost sales": tr("lost sales"),
    }.get(code, code)


def said_basis(code: str) -> str:
    """Where a cost is known from, in words."""
    return {
        "costs ledger": tr("costs ledger"),
        "returns report": tr("returns report"),
        "orders": tr("orders", context="basis"),
    }.get(code, code)


def case_costs(facts: Facts) -> pd.DataFrame:
    """
    What the case cost, one row per kind, currency and basis; currencies are never added up.

    Returns
    -------
    DataFrame: kind (as the ledger has it, "refund" or "lost sales"), currency ("unknown" where no
    file tells it), amount (in that currency, above zero is money lost), rows (how many rows, orders
    or days it is the sum of), basis ("costs ledger", "returns report" or "orders"), assumption (a
    sentence; empty where there is none)
    """
    rows = [*_ledger(facts), *_refunds(facts), *_lost_days(facts)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(
        ["basis", "kind", "currency"], ignore_index=True
    )


def _ledger(facts: Facts) -> Iterator[_Row]:
    table = facts.store.costs
    if table is None:
        return
    kind = table["kind"].astype("str").str.strip().str.casefold().fillna("other")
    currency = table["currency"].astype("str").fillna(UNKNOWN)
    for (name, money), amounts in table["amount"].groupby([kind, currency]):
        yield name, money, float(amounts.sum()), len(amounts), "costs ledger", ""


def _refunds(facts: Facts) -> Iterator[_Row]:
    """Refunds of the defective orders that the returns report tells and the ledger does not."""
    returns = facts.store.returns
    if returns is None or facts.store.orders is None:
        return
    bad = facts.inside.loc[facts.inside["defective"], "order_id"]
    told = returns[among(returns["order_id"], bad) & returns["refunded"].gt(0).fillna(False)]
    if facts.store.costs is not None:
        kinds = facts.store.costs["kind"].astype("str").str.casefold()
        in_ledger = facts.store.costs.loc[kinds.str.contains("refund").fillna(False), "order_id"]
        told = told[~among(told["order_id"], in_ledger)]
    orders = facts.store.orders.set_index("order_id")["currency"]
    currency = told["order_id"].map(orders.astype("str")).fillna(UNKNOWN)
    for money, amounts in told["refunded"].groupby(currency.to_numpy()):
        yield (
            "refund",
            str(money),
            float(amounts.sum()),
            len(amounts),
            "returns report",
            tr(
                "refunds of defective orders that the costs ledger does not name, in "
                "the currency of the order"
            ),
        )


def _lost_days(facts: Facts) -> Iterator[_Row]:
    """What was sold on an average day before the account was closed, for each day since."""
    since, orders = closed_since(facts), facts.store.orders
    if since is None or orders is None or "value" not in orders:
        return
    lost = (facts.store.as_of - since).days
    days = rules()["sheet"]["sales_days"]
    first, last = pd.Timestamp(since) - pd.Timedelta(days=days), pd.Timestamp(since)
    before = orders[orders["counts"] & (orders["day"] >= first) & (orders["day"] < last)]
    if lost <= 0 or before.empty:
        return
    sold = before["value"].groupby(before["currency"].astype("str").fillna(UNKNOWN))
    for money, values in sold:
        yield (
            "lost sales",
            str(money),
            float(values.sum()) / days * lost,
            lost,
            "orders",
            tr(
                "{lost} since {since} at the mean sales of the {days} days before; item prices, "
                "not profit, and none of it may have been sold otherwise",
                lost=count(lost, "day"),
                since=since,
                days=days,
            ),
        )


def closed_since(facts: Facts) -> date | None:
    """The day since which the account cannot sell, as store.toml says; None if it says no day."""
    account = facts.store.settings.account
    status = str(account.get("status", "")).strip().casefold()
    if status not in rules()["sheet"]["lost_statuses"]:
        return None
    try:
        return parse_day(account.get("since"))
    except BadParameter:
        return None
