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


def _dig(part: Any, *path: str) -> Any:
    """The value at a path of keys, None where the path ends early."""
    for key in path:
        part = part.get(key) if isinstance(part, dict) else None
    return part


def _listed(part: Any, key: str) -> list[dict[str, Any]]:
    found = _dig(part, key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _new_rows(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row per item; an order without items keeps one row. Its package goes with the item."""
    fulfilment = _dig(order, "fulfillment")
    head = {
        "orderId": order.get("orderId"),
        "createdTime": order.get("createdTime"),
        "lastUpdatedTime": order.get("lastUpdatedTime"),
        "salesChannel": _sales_channel(order.get("salesChannel")),
        "fulfillmentStatus": _dig(fulfilment, "fulfillmentStatus"),
        "fulfilledBy": _dig(fulfilment, "fulfilledBy"),
        "fulfillmentServiceLevel": _dig(fulfilment, "fulfillmentServiceLevel"),
        "shipBy": _dig(fulfilment, "shipByWindow", "latestDateTime"),
        "deliverBy": _dig(fulfilment, "deliverByWindow", "latestDateTime"),
        "state": _dig(order, "recipient", "deliveryAddress", "stateOrRegion"),
        "country": _dig(order, "recipient", "deliveryAddress", "countryCode"),
        "business": "BUSINESS" in str(order.get("programs")).upper()
        if "programs" in order
        else None,
    }
    items = _listed(order, "orderItems") or [{}]
    packages = _listed(order, "packages")
    for item in items:
        inside = [
            package
            for package in packages
            if any(
                part.get("orderItemId") == item.get("orderItemId")
                for part in _listed(package, "packageItems")
            )
        ] or [package for package in packages if not _listed(package, "packageItems")]
        row = head | _new_item(item)
        for package in inside or [{}]:
            yield row | _package(package)


def _sales_channel(channel: Any) -> Any:
    """The sales channel in the words of the flat files: Amazon.de, or Non-Amazon."""
    name = _dig(channel, "channelName")
    if name and name != "AMAZON":
        return "Non-Amazon"
    return _dig(channel, "marketplaceName") or name or channel


def _new_item(item: dict[str, Any]) -> dict[str, Any]:
    price = _dig(item, "product", "price", "unitPrice") or {}
    amount, quantity = _dig(price, "amount"), item.get("quantityOrdered", item.get("quantity"))
    return {
        "orderItemId": item.get("orderItemId"),
        "sku": _dig(item, "product", "sellerSku") or item.get("sellerSku"),
        "asin": _dig(item, "product", "asin") or item.get("asin"),
        "title": _dig(item, "product", "title") or item.get("title"),
        "quantity": quantity,
        "currency": _dig(price, "currencyCode"),
        "itemPrice": _times(amount, quantity),
    }


def _times(amount: Any, quantity: Any) -> float | None:
    """The price of all units: the API gives that of one."""
    try:
        return round(float(amount) * int(quantity), 2)
    except (TypeError, ValueError):
        return None


def _package(package: dict[str, Any]) -> dict[str, Any]:
    status = _dig(package, "packageStatus")
    return {
        "packageStatus": _dig(status, "detailedStatus") or _dig(status, "status"),
        "carrier": package.get("carrier"),
        "shipTime": package.get("shipTime"),
        "shippingService": package.get("shippingService"),
        "trackingNumber": package.get("trackingNumber"),
        "shipFrom": _dig(package, "shipFromAddress", "city"),
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
        "state": _dig(order, "ShippingAddress", "StateOrRegion"),
        "country": _dig(order, "ShippingAddress", "CountryCode"),
        "business": order.get("IsBusinessOrder"),
        "currency": _dig(order, "OrderTotal", "CurrencyCode"),
    }
    items = _listed(order, "OrderItems")
    for item in items:
        yield head | {
            "orderItemId": item.get("OrderItemId"),
            "sku": item.get("SellerSKU"),
            "asin": item.get("ASIN"),
            "title": item.get("Title"),
            "quantity": item.get("QuantityOrdered"),
            "currency": _dig(item, "ItemPrice", "CurrencyCode"),
            "itemPrice": _dig(item, "ItemPrice", "Amount"),
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
