"""Merchant orders: Seller Central > Orders > Order Reports, new and unshipped orders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.exports.columns import Columns, length
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.words import coded, constant, grouped
from odrlib.languages import mark

_ORDER_ID = Column("order_id", ("order-id", "amazon-order-id"), "order_id", need=True)
_ORDERED_AT = Column("ordered_at", ("purchase-date", "order-date"), "instant", need=True)
_ITEM = (
    Column("order_item_id", ("order-item-id", "amazon-order-item-id"), "id"),
    Column("sku", ("sku", "seller-sku", "merchant-sku")),
    Column("title", ("product-name", "item-name", "title")),
    Column("quantity", ("quantity-purchased", "quantity"), "integer"),
    Column("service", ("ship-service-level",), "category"),
    Column("state", ("ship-state",), "category"),
    Column("country", ("ship-country",), "category"),
    Column("business", ("is-business-order",), "flag"),
)


def _merchant(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    """These reports hold merchant orders only, without saying so in a column."""
    return columns | {"channel": constant("mfn", length(columns))}, none_aside()


def _unshipped(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    columns, aside = _merchant(columns)
    codes, words = coded(columns["status"])
    status = grouped(np.where(codes < 0, len(words), codes), [*words, "Unshipped"])
    return columns | {"status": status}, aside


UNSHIPPED_ORDERS = Export(
    name="unshipped_orders",
    title=mark("the unshipped orders report"),
    gives=("order_items",),
    columns=(
        _ORDER_ID,
        _ORDERED_AT,
        Column("updated_at", ("reporting-date",), "instant"),
        Column("promised_ship", ("promise-date",), "instant"),
        Column("status", ("shipment-status", "order-status"), "category"),
        *_ITEM,
        Column("sales_channel", ("sales-channel",), "category"),
    ),
    tells=("promised_ship",),
    finish=_unshipped,
    never=("latest-ship-date", "last-updated-date", "shipment-id"),
    where=mark("Seller Central > Orders > Order Reports > Unshipped Orders"),
    hides=mark("by when open merchant orders were to be shipped"),
)

NEW_ORDERS = Export(
    name="new_orders",
    title=mark("the new orders report"),
    gives=("order_items",),
    columns=(
        _ORDER_ID,
        _ORDERED_AT,
        Column("promised_ship", ("latest-ship-date",), "instant"),
        Column("promised_delivery", ("latest-delivery-date",), "instant"),
        *_ITEM,
        Column("currency", ("currency", "currency-code"), "category"),
        Column("item_price", ("item-price",), "money"),
        Column("sales_channel", ("sales-channel",), "category"),
    ),
    tells=("sku",),
    finish=_merchant,
    never=(
        "last-updated-date",
        "promise-date",
        "shipment-id",
        "shipment-date",
        "tracking-number",
        "order-status",
        "fulfillment-channel",
        "return-date",
        "Return request date",
    ),
    where=mark("Seller Central > Orders > Order Reports > New Orders"),
    hides=mark(
        "by when merchant orders were to be shipped and delivered, so lateness cannot be told"
    ),
)

EXPORTS = (UNSHIPPED_ORDERS, NEW_ORDERS)
