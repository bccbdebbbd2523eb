"""All Orders: Seller Central > Reports > Fulfillment > All Orders, by order date or last update."""

from __future__ import annotations

from odrlib.exports.export import Column, Export
from odrlib.languages import mark

ALL_ORDERS = Export(
    name="all_orders",
    title=mark("the All Orders report"),
    gives=("order_items",),
    columns=(
        Column("order_id", ("amazon-order-id", "order-id", "AmazonOrderID"), "order_id", need=True),
        Column("order_item_id", ("order-item-id", "AmazonOrderItemCode"), "id"),
        Column("ordered_at", ("purchase-date", "order-date"), "instant", need=True),
        Column("updated_at", ("last-updated-date", "last-update-date"), "instant"),
        Column("status", ("order-status",), "category"),
        Column("channel", ("fulfillment-channel", "fulfilment-channel"), "channel"),
        Column("sales_channel", ("sales-channel",), "category"),
        Column("service", ("ship-service-level",), "category"),
        Column("sku", ("sku", "seller-sku", "merchant-sku")),
        Column("asin", ("asin",)),
        Column("title", ("product-name", "item-name", "title")),
        Column("item_status", ("item-status",), "category"),
        Column("quantity", ("quantity", "quantity-purchased"), "integer"),
        Column("currency", ("currency", "currency-code"), "category"),
        Column("item_price", ("item-price",), "money"),
        Column("state", ("ship-state",), "category"),
        Column("country", ("ship-country",), "category"),
        Column("business", ("is-business-order",), "flag"),
    ),
    tells=("order_id", "ordered_at", "status", "updated_at"),
    never=("promise-date", "shipment-id", "tracking-number", "latest-ship-date"),
    where=mark("Seller Central > Reports > Fulfillment > All Orders"),
    hides=mark("how many orders there were, so no rate can be told"),
)

EXPORTS = (ALL_ORDERS,)
