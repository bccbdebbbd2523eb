"""Small store folders written from literals, in Amazon's own formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

ALL_ORDERS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "order-item-id", "fulfillment-channel", "sales-channel", "ship-service-level", "product-name",
    "sku", "asin", "item-status", "quantity", "currency", "item-price", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "is-business-order",
)  # fmt: skip
PLAIN = {
    "order-status": "Shipped", "fulfillment-channel": "Merchant", "sales-channel": "Amazon.com",
    "ship-service-level": "Standard", "product-name": "Kettle", "sku": "KETTLE",
    "asin": "B000000001", "item-status": "Shipped", "quantity": "1", "currency": "USD",
    "item-price": "20.0",
    "ship-city": "PLANTED TOWN", "ship-state": "CA", "ship-postal-code": "90210",
    "ship-country": "US", "is-business-order": "false",
}  # fmt: skip


def order_id(number: int) -> str:
    """An order id with `number` in its last place."""
    return f"111-0000000-{number:07d}"


def order(number: int | str, bought: str, **changes: str) -> dict[str, str]:
    """One row of the All Orders report; keyword names with _ for -."""
    name = number if isinstance(number, str) else order_id(number)
    moment = bought if "T" in bought else f"{bought}T12:00:00+00:00"
    row = PLAIN | {
        "amazon-order-id": name,
        "purchase-date": moment,
        "last-updated-date": moment,
        "order-item-id": name[-7:],
    }
    return row | {key.replace("_", "-"): value for key, value in changes.items()}


def tab(header: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as the text of a tab-separated file."""
    header = list(header)
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def orders_file(rows: Iterable[Mapping[str, str]], header: Iterable[str] = ALL_ORDERS) -> str:
    """The text of an All Orders report."""
    return tab(header, rows)


def feedback_file(rows: Iterable[tuple[str, int, str]]) -> str:
    """The text of a US feedback file from (order id, stars, date like 3/14/26)."""
    lines = ["Date\tRating\tComments\tYour Response\tOrder ID\tRater Email"]
    lines += [f"{on}\t{stars}\twords\t\t{order}\tplanted@example.com" for order, stars, on in rows]
    return "\n".join(lines) + "\n"


ODR_HEADER = (
    "Order ID,Order Date,Fulfilled By,Negative Feedback,A-to-z Guarantee claim,Chargeback claim"
)


def odr_file(rows: Iterable[tuple[str, str, str]]) -> str:
    """The text of an order defect download from (order id, date, flags such as "F", "A", "AC")."""
    lines = [ODR_HEADER]
    lines += [
        f"{order},{on},Seller," + ",".join("Yes" if flag in flags else "No" for flag in "FAC")
        for order, on, flags in rows
    ]
    return "\n".join(lines) + "\n"


def make_store(folder: Path, files: Mapping[str, str | bytes], settings: str = "") -> Path:
    """A store folder `folder` with these files (path inside the folder → content)."""
    toml = (
        'id = "small"\nmarketplace = "US"\n' if "marketplace" not in settings else 'id = "small"\n'
    )
    for name, content in {"store.toml": toml + settings, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        path.write_bytes(data)
    return folder
