"""Order files: what Seller Central and the Orders API say of orders and shipments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.market import DAY, Market
from odrlib.demo.write import HEADERS, amounts, stamps

FORM_2026 = HEADERS["all_orders_2026"]
FORM_2017 = HEADERS["all_orders_2017"]
NEW_ORDERS = HEADERS["new_orders"]
UNSHIPPED = HEADERS["unshipped"]
FBA_SHIPMENTS = HEADERS["fba_shipments"]
CONFIRM = HEADERS["confirm_shipment"]


def items(orders: pd.DataFrame, market: Market) -> pd.DataFrame:
    """One row per order item: the orders again, with the second items of those that have one."""
    two = orders[orders["second"].ge(0)]
    other = market.products.iloc[two["second"]]
    columns = ["sku", "asin", "title", "price"]
    again = two.assign(
        item=two["item"] + 1, **{column: other[column].to_numpy() for column in columns}
    )
    both = pd.concat([orders, again])
    # Stable, so that an order's dearer item stays first.
    return both.sort_values("at", kind="stable")


def _fill(given: dict[str, Any], columns: list[str], index: pd.Index) -> pd.DataFrame:
    """A frame of text with `columns`; those not given are empty."""
    return pd.DataFrame({column: given.get(column, "") for column in columns}, index=index)


def _planted(orders: pd.DataFrame, market: Market) -> dict[str, Any]:
    """Personal data that must never reach a table: each cell says so."""
    number = (orders["item"] % 97).astype(str)
    domain = market.site.lower().removeprefix("amazon.")
    return {
        "buyer-email": "planted" + number + f"@marketplace.amazon.{domain}",
        "buyer-name": "PLANTED BUYER " + number,
        "buyer-phone-number": "+00 555 0100 " + number,
        "recipient-name": "PLANTED RECIPIENT " + number,
        "ship-address-1": number + " PLANTED STREET",
        "ship-phone-number": "+00 555 0199 " + number,
        "bill-address-1": number + " PLANTED STREET",
    }


def all_orders(
    sold: pd.DataFrame, market: Market, seen: np.datetime64, form: list[str] = FORM_2026
) -> pd.DataFrame:
    """The All Orders report of these order items, as it was at the moment `seen`."""
    at, shipped = sold["at"].to_numpy(), sold["shipped_at"].to_numpy()
    arrived = sold["delivered_at"].to_numpy()
    called_off = sold["cancelled"].to_numpy() & (at + DAY <= seen)
    gone = ~sold["cancelled"].to_numpy() & (shipped <= seen)
    updated = np.where(gone, np.where(arrived <= seen, arrived, shipped), at)
    updated = np.where(called_off, at + DAY, updated)
    open_ = np.where(at + DAY / 24 <= seen, "Unshipped", "Pending")
    afn = sold["channel"].eq("afn").to_numpy()
    status = np.select([called_off, gone], ["Cancelled", "Shipped"], open_)
    status = np.where(~gone & ~called_off & afn, "Pending", status)
    business = sold["business"].map({True: "true", False: "false"})
    given = {
        "amazon-order-id": sold["order_id"],
        "merchant-order-id": sold["order_id"],
        "purchase-date": stamps(at),
        "last-updated-date": stamps(updated),
        "order-status": status,
        "order-item-id": sold["item"].astype(str),
        "fulfillment-channel": np.where(afn, "Amazon", "Merchant"),
        "sales-channel": np.where(sold["multi_channel"], "Non-Amazon", market.site),
        "ship-service-level": np.where(afn, "Expedited", "Standard"),
        "product-name": sold["title"],
        "sku": sold["sku"],
        "asin": sold["asin"],
        "item-status": np.select([called_off, gone], ["Cancelled", "Shipped"], "Unshipped"),
        "quantity": np.where(called_off, "0", sold["quantity"].astype(str)),
        "currency": np.where(called_off, "", market.currency),
        "item-price": np.where(called_off, "", amounts(sold["price"] * sold["quantity"])),
        "ship-city": sold["city"],
        "ship-state": sold["state"],
        "ship-postal-code": sold["postal"],
        "ship-country": sold["country"],
        "is-business-order": business,
        "signature-confirmation-recommended": "false",
    }
    return _fill(given, form, sold.index)


def new_orders(sold: pd.DataFrame, market: Market) -> pd.DataFrame:
    """The new-orders report: the one flat file with both promise dates, and with personal data."""
    given = {
        **_to_ship(sold, market),
        "currency": market.currency,
        "item-price": amounts(sold["price"] * sold["quantity"]),
        "earliest-ship-date": stamps(sold["at"]),
        "latest-ship-date": stamps(sold["promised_ship"]),
        "earliest-delivery-date": stamps(sold["promised_delivery"] - 3 * DAY),
        "latest-delivery-date": stamps(sold["promised_delivery"]),
        "is-prime": "false",
    }
    return _fill(given, NEW_ORDERS, sold.index)


def unshipped(sold: pd.DataFrame, market: Market, seen: np.datetime64) -> pd.DataFrame:
    """The unshipped-orders report: what was still to be sent at the moment `seen`."""
    waiting = sold[~sold["cancelled"] & (sold["shipped_at"].to_numpy() > seen)]
    late = np.floor((seen - waiting["promised_ship"].to_numpy()) / DAY).astype(int)
    given = {
        **_to_ship(waiting, market),
        "reporting-date": stamps(np.repeat(seen, len(waiting))),
        "promise-date": stamps(waiting["promised_ship"]),
        "days-past-promise": late.astype(str),
        "quantity-shipped": "0",
        "quantity-to-ship": waiting["quantity"].astype(str),
    }
    return _fill(given, UNSHIPPED, waiting.index)


def _to_ship(sold: pd.DataFrame, market: Market) -> dict[str, Any]:
    """What both reports of orders to be sent have in common."""
    return {
        **_planted(sold, market),
        "order-id": sold["order_id"],
        "order-item-id": sold["item"].astype(str),
        "purchase-date": stamps(sold["at"]),
        "payments-date": stamps(sold["at"] + pd.Timedelta(minutes=20)),
        "sku": sold["sku"],
        "product-name": sold["title"],
        "quantity-purchased": sold["quantity"].astype(str),
        "ship-service-level": "Standard",
        "ship-city": sold["city"],
        "ship-state": sold["state"],
        "ship-postal-code": sold["postal"],
        "ship-country": sold["country"],
        "is-business-order": sold["business"].map({True: "true", False: "false"}),
    }


def orders_api(sold: pd.DataFrame, market: Market, seen: np.datetime64) -> dict[str, Any]:
    """Orders API 2026-01-01: the answer to a search, orders with their packages."""
    text = {
        column: stamps(sold[column])
        for column in ("at", "shipped_at", "promised_ship", "promised_delivery")
    }
    orders: dict[str, dict[str, Any]] = {}
    for index, row in enumerate(sold.itertuples()):
        gone = not row.cancelled and row.shipped_at <= seen
        item = {
            "orderItemId": str(row.item),
            "quantityOrdered": int(row.quantity),
            "product": {
                "asin": row.asin,
                "title": row.title,
                "sellerSku": row.sku,
                "price": {"unitPrice": {"amount": str(row.price), "currencyCode": market.currency}},
            },
        }
        if row.order_id in orders:
            orders[row.order_id]["orderItems"].append(item)
            continue
        status = "CANCELLED" if row.cancelled else "SHIPPED" if gone else "UNSHIPPED"
        orders[row.order_id] = {
            "orderId": row.order_id,
            "createdTime": text["at"][index],
            "lastUpdatedTime": text["shipped_at" if gone else "at"][index],
            "salesChannel": {"channelName": "AMAZON", "marketplaceName": market.site},
            "buyer": {"buyerName": f"PLANTED BUYER {row.item % 97}"},
            "recipient": {
                "deliveryAddress": {
                    "name": f"PLANTED RECIPIENT {row.item % 97}",
                    "addressLine1": f"{row.item % 97} PLANTED STREET",
                    "stateOrRegion": row.state,
                    "countryCode": row.country,
                }
            },
            "fulfillment": {
                "fulfillmentStatus": status,
                "fulfilledBy": "MERCHANT" if row.channel == "mfn" else "AMAZON",
                "fulfillmentServiceLevel": "STANDARD",
                "shipByWindow": {"latestDateTime": text["promised_ship"][index]},
                "deliverByWindow": {"latestDateTime": text["promised_delivery"][index]},
            },
            "orderItems": [item],
            "packages": [_package(row, text["shipped_at"][index])] if gone else [],
        }
    return {"orders": list(orders.values()), "pagination": {}}


def _package(row: Any, shipped: str) -> dict[str, Any]:
    return {
        "packageReferenceId": "1",
        "createdTime": shipped,
        "packageStatus": {"status": "SHIPPED"},
        "carrier": row.carrier,
        "shipTime": shipped,
        "shippingService": row.ship_service,
        "trackingNumber": row.tracking_number,
        "packageItems": [{"orderItemId": str(row.item), "quantity": int(row.quantity)}],
    }


def confirm_shipment(
    shipped: pd.DataFrame, codes: tuple[str, ...], offset: int = 0
) -> pd.DataFrame:
    """The upload that confirms shipments; a carrier not in `codes` is "Other" with its name."""
    known = shipped["carrier"].isin(codes)
    given = {
        "order-id": shipped["order_id"],
        "ship-date": stamps(shipped["shipped_at"], offset),
        "carrier-code": shipped["carrier"].where(known, "Other"),
        "carrier-name": shipped["carrier"],
        "tracking-number": shipped["tracking_number"],
        "ship-method": shipped["ship_service"],
    }
    return _fill(given, CONFIRM, shipped.index)


def fba_shipments(sold: pd.DataFrame, market: Market, *, points: bool = False) -> pd.DataFrame:
    """Amazon's own shipments of these order items: 48 columns, 49 with Japan's points."""
    given = {
        **_planted(sold, market),
        "amazon-order-id": sold["order_id"],
        "shipment-id": "D" + (sold["item"] % 10**8).astype(str),
        "shipment-item-id": "D" + (sold["item"] % 10**9).astype(str),
        "amazon-order-item-id": sold["item"].astype(str),
        "purchase-date": stamps(sold["at"], market.offset),
        "payments-date": stamps(sold["shipped_at"], market.offset),
        "shipment-date": stamps(sold["shipped_at"], market.offset),
        "reporting-date": stamps(sold["shipped_at"] + pd.Timedelta(hours=3), market.offset),
        "sku": sold["sku"],
        "product-name": sold["title"],
        "quantity-shipped": sold["quantity"].astype(str),
        "currency": market.currency,
        "item-price": amounts(sold["price"] * sold["quantity"]),
        "ship-service-level": "Expedited",
        "ship-city": sold["city"],
        "ship-state": sold["state"],
        "ship-postal-code": sold["postal"],
        "ship-country": sold["country"],
        "carrier": sold["carrier"],
        "tracking-number": sold["tracking_number"],
        "estimated-arrival-date": stamps(sold["promised_delivery"], market.offset),
        "fulfillment-center-id": sold["warehouse"],
        "fulfillment-channel": "AFN",
        "sales-channel": market.site,
        "points-granted": "0.0",
    }
    columns = [*FBA_SHIPMENTS, "points-granted"] if points else FBA_SHIPMENTS
    return _fill(given, columns, sold.index)
