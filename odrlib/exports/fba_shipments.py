"""FBA shipments: Seller Central > Reports > Fulfillment > Amazon Fulfilled Shipments."""

from __future__ import annotations

from odrlib.exports.export import Column, Export
from odrlib.languages import mark

FBA_SHIPMENTS = Export(
    name="fba_shipments",
    title=mark("the Amazon Fulfilled Shipments report"),
    gives=("shipments",),
    columns=(
        Column("order_id", ("amazon-order-id",), "order_id", need=True),
        Column("order_item_id", ("amazon-order-item-id",), "id"),
        Column("ordered_at", ("purchase-date",), "instant"),
        Column("shipped_at", ("shipment-date",), "instant"),
        Column("promised_delivery", ("estimated-arrival-date",), "instant"),
        Column("sku", ("sku",)),
        Column("title", ("product-name",)),
        Column("quantity", ("quantity-shipped",), "integer"),
        Column("service", ("ship-service-level",), "category"),
        Column("state", ("ship-state",), "category"),
        Column("country", ("ship-country",), "category"),
        Column("carrier", ("carrier",), "category"),
        Column("tracking_number", ("tracking-number",), "id"),
        Column("warehouse", ("fulfillment-center-id",), "category"),
        Column("channel", ("fulfillment-channel",), "channel"),
        Column("sales_channel", ("sales-channel",), "category"),
    ),
    tells=("shipped_at", "warehouse"),
    where=mark("Seller Central > Reports > Fulfillment > Amazon Fulfilled Shipments"),
    hides=mark("carrier, fulfilment centre, ship date and promised arrival of FBA orders"),
)

EXPORTS = (FBA_SHIPMENTS,)
