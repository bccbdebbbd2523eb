"""The chargebacks page: the JSON behind Performance > Chargeback Claims, saved from a browser."""

from __future__ import annotations

from typing import Any

from odrlib.exports.export import Column, Export
from odrlib.languages import mark


def _pages(document: Any) -> list[dict[str, Any]]:
    """The pages in a document: one page, or a list of pages saved one after the other."""
    pages = document if isinstance(document, list) else [document]
    return [page for page in pages if isinstance(page, dict)]


def looks_like_chargebacks(document: Any) -> bool:
    """Does this parsed JSON hold a `chargebacks` list? An empty one says: given, and none."""
    pages = _pages(document)
    return bool(pages) and all(isinstance(page.get("chargebacks"), list) for page in pages)


def chargeback_rows(document: Any) -> list[dict[str, Any]]:
    """One row per chargeback and related order; without an order, one row without an order id."""
    return [
        {
            "orderId": order.get("orderId"),
            "orderDate": _formatted(order.get("orderDate")),
            "filingDate": _formatted(chargeback.get("filingDate")),
            "reasonCode": chargeback.get("reasonCode"),
            "status": chargeback.get("status"),
        }
        for page in _pages(document)
        for chargeback in page["chargebacks"]
        if isinstance(chargeback, dict)
        for order in (chargeback.get("relatedOrders") or [{}])
        if isinstance(order, dict)
    ]


def _formatted(day: Any) -> str | None:
    return day.get("formattedDate") if isinstance(day, dict) else day


CHARGEBACKS_PAGE = Export(
    name="chargebacks_page",
    title=mark("the chargebacks page"),
    gives=("chargebacks",),
    columns=(
        Column("order_id", ("orderId",), "order_id", need=True),
        Column("ordered_on", ("orderDate",), "day"),
        Column("filed_on", ("filingDate",), "day"),
        Column("reason_code", ("reasonCode",)),
        Column("status", ("status",)),
    ),
    where=mark("Seller Central > Performance > Chargeback Claims, the JSON behind the list"),
    hides=mark("chargebacks and their card-network codes, unless the ledger has them"),
    format="json",
    looks=looks_like_chargebacks,
    records=chargeback_rows,
)

EXPORTS = (CHARGEBACKS_PAGE,)
