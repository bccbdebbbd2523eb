"""Orders from the Selling Partner API: version 2026-01-01 and version 0, pages saved as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from odrlib.exports.export import Column, Export
from odrlib.languages import mark

_ORDER_ID = Column("order_id", ("orderId",), "order_id", need=True)
_ORDERED_AT = Column("ordered_at", ("createdTime",), "instant", need=True)


def _orders(document: Any, mark: str) -> Iterator[dict[str, Any]]:
    """Every order in a page, a list of pages or an order alone, however it is wrapped."""
    if isinstance(document, list):
        for part in document:
            yield from _orders(part, mark)
    elif isinstance(document, dict):
        if mark in document:
            yield document
        else:
            for key in ("payload", "orders", "Orders", "order", "pages"):
                yield from _orders(document.get(key), mark)


def _has(document: Any, mark: str) -> bool:
    return next(_orders(document, mark), None) is not None


def _new(document: Any) -> list[dict[str, Any]]:
    return [row for order in _orders(document, "orderId") for row in _new_rows(order)]


def _listed(whole: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = whole.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _part(whole: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; an empty one where there is none."""
    found = whole.get(key)
    return found if isinstance(found, dict) else {}


def _new_rows(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row per item; an order without items keeps one row. Its package goes with the item."""
    fulfilment = _part(order, "fulfillment")
    address = _part(_part(order, "recipient"), "deliveryAddress")
    head = {
        "orderId": order.get("orderId"),
        "createdTime": order.get("createdTime"),
        "lastUpdatedTime": order.get("lastUpdatedTime"),
        "salesChannel": _sales_channel(order.get("salesChannel")),
        "fulfillmentStatus": fulfilment.get("fulfillmentStatus"),
        "fulfilledBy": fulfilment.get("fulfilledBy"),
        "fulfillmentServiceLevel": fulfilment.get("fulfillmentServiceLevel"),
        "shipBy": _part(fulfilment, "shipByWindow").get("latestDateTime"),
        "deliverBy": _part(fulfilment, "deliverByWindow").get("latestDateTime"),
        "state": address.get("stateOrRegion"),
        "country": address.get("countryCode"),
        "business": "BUSINESS" in str(order.get("programs")).upper()
        if "programs" in order
        else None,
    }
    packages = [
        (package, [part.get("orderItemId") for part in _listed(package, "packageItems")])
        for package in _listed(order, "packages")
    ]
    unsaid = [package for package, items in packages if not items]
    for item in _listed(order, "orderItems") or [{}]:
        number = item.get("orderItemId")
        inside = [package for package, items in packages if number in items] or unsaid
        row = head | _new_item(item)
        for package in inside or [{}]:
            yield row | _package(package)


def _sales_channel(channel: Any) -> Any:
    """The sales channel in the words of the flat files: Amazon.de, or Non-Amazon."""
    if not isinstance(channel, dict):
        return channel
    name = channel.get("channelName")
    if name and name != "AMAZON":
        return "Non-Amazon"
    return channel.get("marketplaceName") or name or channel


def _new_item(item: dict[str, Any]) -> dict[str, Any]:
    product = _part(item, "product")
    price = _part(_part(product, "price"), "unitPrice")
    quantity = item.get("quantityOrdered", item.get("quantity"))
    return {
        "orderItemId": item.get("orderItemId"),
        "sku": product.get("sellerSku") or item.get("sellerSku"),
        "asin": product.get("asin") or item.get("asin"),
        "title": product.get("title") or item.get("title"),
        "quantity": quantity,
        "currency": price.get("currencyCode"),
        "itemPrice": _times(price.get("amount"), quantity),
    }


def _times(amount: Any, quantity: Any) -> float | None:
    """The price of all units: the API gives that of one."""
    try:
        return round(float(amount) * int(quantity), 2)
    except (TypeError, ValueError):
        return None


def _package(package: dict[str, Any]) -> dict[str, Any]:
    status = _part(package, "packageStatus")
    return {
        "packageStatus": status.get("detailedStatus") or status.get("status"),
        "carrier": package.get("carrier"),
        "shipTime": package.get("shipTime"),
        "shippingService": package.get("shippingService"),
        "trackingNumber": package.get("trackingNumber"),
        "shipFrom": _part(package, "shipFromAddress").get("city"),
    }


def _old(document: Any) -> list[dict[str, Any]]:
    return [row for order in _orders(document, "AmazonOrderId") for row in _old_rows(order)]


def _old_rows(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    head = {
        "orderId": order.get("AmazonOrderId"),
        "createdTime": order.get("PurchaseDate"),
        "lastUpdatedTime": order.get("LastUpdateDate"),
        "salesChannel": order.get("SalesChannel"),
        "fulfillmentStatus": order.get("OrderStatus"),
        "fulfilledBy": order.get("FulfillmentChannel"),
        "fulfillmentServiceLevel": order.get("ShipServiceLevel"),
        "shipBy": order.get("LatestShipDate"),
        "deliverBy": order.get("LatestDeliveryDate"),
        "state": _part(order, "ShippingAddress").get("StateOrRegion"),
        "country": _part(order, "ShippingAddress").get("CountryCode"),
        "business": order.get("IsBusinessOrder"),
        "currency": _part(order, "OrderTotal").get("CurrencyCode"),
    }
    items = _listed(order, "OrderItems")
    for item in items:
        yield head | {
            "orderItemId": item.get("OrderItemId"),
            "sku": item.get("SellerSKU"),
            "asin": item.get("ASIN"),
            "title": item.get("Title"),
            "quantity": item.get("QuantityOrdered"),
            "currency": _part(item, "ItemPrice").get("CurrencyCode"),
            "itemPrice": _part(item, "ItemPrice").get("Amount"),
        }
    if not items:  # the total has tax and shipping in it, so it is no item price
        yield head


_COLUMNS = (
    _ORDER_ID,
    Column("order_item_id", ("orderItemId",), "id"),
    _ORDERED_AT,
    Column("updated_at", ("lastUpdatedTime",), "instant"),
    Column("status", ("fulfillmentStatus",), "category"),
    Column("channel", ("fulfilledBy",), "channel"),
    Column("sales_channel", ("salesChannel",), "category"),
    Column("service", ("fulfillmentServiceLevel",), "category"),
    Column("sku", ("sku",)),
    Column("asin", ("asin",)),
    Column("title", ("title",)),
    Column("quantity", ("quantity",), "integer"),
    Column("currency", ("currency",), "category"),
    Column("item_price", ("itemPrice",), "money"),
    Column("state", ("state",), "category"),
    Column("country", ("country",), "category"),
    Column("promised_ship", ("shipBy",), "instant"),
    Column("promised_delivery", ("deliverBy",), "instant"),
    Column("business", ("business",), "flag"),
)

ORDERS_API_2026 = Export(
    name="orders_api_2026",
    title=mark("orders of the Orders API 2026-01-01"),
    gives=("order_items", "shipments"),
    format="json",
    columns=(
        *_COLUMNS,
        Column("carrier", ("carrier",), "category"),
        Column("ship_service", ("shippingService",), "category"),
        Column("tracking_number", ("trackingNumber",), "id"),
        Column("shipped_at", ("shipTime",), "instant"),
        Column("tracking_state", ("packageStatus",), "state"),
        Column("ship_from", ("shipFrom",), "category"),
    ),
    looks=lambda document: (
        _has(document, "orderId") and "createdTime" in next(_orders(document, "orderId"))
    ),
    records=_new,
    where=mark("the Selling Partner API, Orders 2026-01-01, saved as JSON"),
    hides=mark("carrier, tracking number, ship time and promised dates of merchant orders"),
)

ORDERS_API_0 = Export(
    name="orders_api_0",
    title=mark("orders of the Orders API version 0"),
    gives=("order_items",),
    format="json",
    columns=_COLUMNS,
    looks=lambda document: _has(document, "AmazonOrderId"),
    records=_old,
    where=mark("the Selling Partner API, Orders v0, saved as JSON"),
    hides=mark("promised ship and delivery dates"),
)

EXPORTS = (ORDERS_API_2026, ORDERS_API_0)
