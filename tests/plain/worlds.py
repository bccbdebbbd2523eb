"""
Store folders made by chance: hostile, but such as Amazon, spreadsheets and analysts really make.

One seed gives one folder. The order days crowd the edges of both windows, leap days and the ends of
months and years; files overlap, come in several encodings and shapes, and hold rows nobody can use.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from plain.plain import FRAUD_CODES, ODR_HEADERS, ORDER_FILES, SERVICE_CODES, SITES, File


def _names(text: str) -> list[str]:
    """The names in a text, parted by bars or blanks."""
    return text.split("|" if "|" in text else None)


COLUMNS_2017 = _names(
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status "
    "fulfillment-channel sales-channel order-channel url ship-service-level product-name sku asin "
    "item-status quantity currency item-price item-tax shipping-price shipping-tax "
    "gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city "
    "ship-state ship-postal-code ship-country promotion-ids"
)
COLUMNS_2020 = [*COLUMNS_2017, "is-business-order", "purchase-order-number", "price-designation"]
COLUMNS_2026 = [
    *(c for c in COLUMNS_2020[:5]),
    "order-item-id",
    *(c for c in COLUMNS_2020[5:] if c != "url"),
    "cpf",
    "signature-confirmation-recommended",
]
COLUMNS_UNION = [
    *COLUMNS_2026,
    "url",
    "customized-url",
    "customized-page",
    "buyer-identification-number",
    "buyer-identification-type",
]
VARIANTS = (
    COLUMNS_2017,
    COLUMNS_2020,
    [*COLUMNS_2020, "is-sold-by-ab"],
    COLUMNS_2026,
    COLUMNS_UNION,
    [*COLUMNS_UNION, "item-extensions-data", "x-loyalty-tier"],
)
OPEN_COLUMNS = {
    "unshipped_orders": _names(
        "order-id order-item-id purchase-date payments-date reporting-date promise-date "
        "days-past-promise buyer-email buyer-name buyer-phone-number sku product-name "
        "quantity-purchased quantity-shipped quantity-to-ship ship-service-level recipient-name "
        "ship-address-1 ship-city ship-state ship-postal-code ship-country is-business-order"
    ),
    "new_orders": _names(
        "order-id order-item-id purchase-date payments-date buyer-email buyer-name sku "
        "product-name quantity-purchased currency item-price item-tax ship-service-level "
        "recipient-name ship-city ship-state ship-postal-code ship-country delivery-start-date "
        "earliest-ship-date latest-ship-date earliest-delivery-date latest-delivery-date is-prime"
    ),
}
SETTLEMENT_COLUMNS = _names(
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency "
    "transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name "
    "amount-type amount-description amount fulfillment-id posted-date posted-date-time "
    "order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased "
    "promotion-id"
)
SITE_NAMES = {
    "US": "Amazon.com",
    "DE": "Amazon.de",
    "UK": "Amazon.co.uk",
    "JP": "Amazon.co.jp",
    "FR": "Amazon.fr",
}
TITLES = {
    "ascii": ("Mug, blue, 350 ml", 'Cable 3.5" jack', "Lamp; with stand", "Pen | pack of 10"),
    "cp1252": ("Größe XL Müllbeutel für Küche", "Café crème façade", "Straßenschuh weiß, Größe 44"),
    "cp932": ("青いマグカップ、大きいサイズ", "ステンレス製の水筒です", "犬のおもちゃ｜日本製"),
    "gb18030": ("蓝色马克杯，大号", "不锈钢保温杯，适合旅行", "宠物玩具（中号）"),
}
# The days that windows are cut at: a leap day, and the ends of months and years.
EDGES = (date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 12, 31))
EDGES += (date(2026, 1, 1), date(2026, 3, 31), date(2024, 12, 31), date(2026, 5, 1))
ZONES = ("UTC", "UTC", "UTC", "Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata")
OFFSETS = ("+00:00", "Z", "+09:00", "-08:00", "-07:00", "+02:00", "+05:30")
FEEDBACK_HEADERS = {
    "US": ("Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"),
    "UK": ("Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"),
    "DE": ("Datum", "Bewertung", "Kommentare", "Ihre Antwort", "Bestellnummer", "E-Mail"),
    "FR": ("Jour", "Étoiles", "Avis", "Réplique", "Commande", "Courriel"),
    "JP": ("日付", "評価", "コメント", "出品者の返答", "注文番号", "評価者のEメール"),
}
FEEDBACK_DATES: dict[str, Callable[[date], str]] = {
    "US": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "UK": lambda day: f"{day.day}/{day.month}/{day:%y}",
    "DE": lambda day: f"{day.day}.{day.month}.{day:%y}",
    "FR": lambda day: f"{day.day}/{day.month}/{day:%y}",
    "JP": lambda day: f"{day:%y}/{day.month}/{day.day}",
}
# Header words of the ODR download by language, and how that language marks a defect and none.
ODR_LANGUAGES = {
    "en": (0, ("Yes", "X", "1", "Has defect", "2"), ("No", "", "0")),
    "zh": (1, ("是", "1"), ("否", "0", "")),
    "de": (2, ("Ja", "X"), ("Nein", "")),
    "ja": (3, ("はい", "1"), ("いいえ", "")),
}
ODR_WORDS = {
    "order_id": ("Order ID", "订单编号", "Bestellnummer", "注文番号"),
    "ordered_on": ("Order Date", "订单日期", "Bestelldatum", "注文日"),
    "negative_feedback": ("Negative Feedback", "负面反馈", "Negatives Feedback", "低い評価"),
    "claims": (
        "A-to-z Guarantee claim",
        "亚马逊商城交易保障索赔",
        "A-bis-z-Garantieantrag",
        "マーケットプレイス保証申請",
    ),
    "chargebacks": ("Chargeback claim", "信用卡拒付", "Rückbuchung", "チャージバック"),
    "channel": ("Fulfilled By", "配送方", "Versand durch", "出荷元"),
}
RETURN_COLUMNS = _names(
    "Order ID|Order date|Return request date|Return request status|Amazon RMA ID|Merchant RMA ID|"
    "Label type|Label cost|Currency code|Return carrier|Tracking ID|Label to be paid by|"
    "A-to-Z Claim|Is prime|ASIN|Merchant SKU|Item Name|Return quantity|Return Reason|In policy|"
    "Return type|Resolution|Invoice number|Return delivery date|Order Amount|Order quantity|"
    "SafeT Action reason|SafeT claim id|SafeT claim state|SafeT claim creation time|"
    "SafeT claim reimbursement amount|Refunded Amount|Order Item ID"
)
LEDGERS = {
    "claims": "order_id filed_on reason status decided_on charged_to odr_impact appeal_by note",
    "chargebacks": "order_id filed_on reason_code reason status class odr_impact answer_by note",
    "removals": "order_id kind requested_on result decided_on note",
}
assert all(ODR_WORDS[name][0] in ODR_HEADERS[name] for name in ODR_WORDS if name != "channel")


@dataclass(frozen=True)
class World:
    """A store folder, what its files are, and the days it is to be read for."""

    folder: Path
    files: tuple[File, ...]
    as_of: date | None
    today: date


@dataclass
class Item:
    """One item of an order."""

    id: str
    sku: str
    title: str
    dropped: bool


@dataclass
class Order:
    """One order with its history: (moment, status), oldest first."""

    id: str
    bought: datetime
    channel: str
    sales_channel: str
    items: list[Item]
    history: list[tuple[datetime, str]]


@dataclass
class Plan:
    """The choices of one world, and what it has written so far."""

    random: random.Random
    folder: Path
    marketplace: str
    zone: ZoneInfo
    as_of: date
    amazon_last: date
    reported: bool = False
    orders: list[Order] = field(default_factory=list)
    files: list[File] = field(default_factory=list)


def write_world(folder: Path, seed: int, orders: int = 250) -> World:
    """Write the store folder of this seed into `folder`, which must not exist yet."""
    luck = random.Random(seed)
    marketplace = luck.choice(list(SITES))
    edge = luck.choice(EDGES)
    # The edge is the first or the last day of a window of one of the profiles.
    lag = luck.choice((15, 15, 10, 0, 20))
    as_of = luck.choice(
        (edge, edge + timedelta(days=30), edge + timedelta(days=lag), edge + timedelta(59 + lag))
    )
    plan = Plan(
        luck,
        folder,
        marketplace,
        ZoneInfo(luck.choice(ZONES)),
        as_of,
        as_of - timedelta(days=lag),
    )
    (folder / "exports" / "old").mkdir(parents=True)
    (folder / "ledger").mkdir()
    toml = [f'id = "w{seed}"', f'marketplace = "{marketplace}"', f'timezone = "{plan.zone.key}"']
    toml += [f"lag_days = {lag}"] if lag != 15 or luck.random() < 0.5 else []
    toml += ["count_cancelled = true"] if luck.random() < 0.15 else []
    plan.orders = [_order(plan) for _ in range(luck.randint(orders * 2 // 5, orders * 8 // 5))]
    if luck.random() < 0.96:
        _write_orders(plan)
    toml += _performance(plan)
    _write_defects(plan)
    _write_text(folder / "store.toml", "\n".join(toml) + "\n", "utf-8")
    has_orders = any(file.kind in ORDER_FILES for file in plan.files)
    given = as_of if luck.random() < 0.4 and plan.amazon_last <= as_of else None
    given = given if has_orders else max(as_of, plan.amazon_last)
    if given and has_orders and not plan.reported:
        given += timedelta(days=luck.choice((0, 0, 3, -1, -2, -30)))
    return World(folder, tuple(plan.files), given, as_of + timedelta(days=luck.randint(7, 40)))


# ── orders ───────────────────────────────────────────────────────────────────────────────────────


def _order_id(luck: random.Random) -> str:
    return (
        f"{luck.randint(100, 999)}-{luck.randint(0, 9_999_999):07}-{luck.randint(0, 9_999_999):07}"
    )


def _order(plan: Plan) -> Order:
    luck = plan.random
    site = SITE_NAMES[plan.marketplace]
    id = _order_id(luck)
    multi = luck.random()
    if multi < 0.03:
        id = f"S0{luck.choice('12')}{id[3:]}"
    elsewhere = luck.choice(("Non-Amazon", "Non-Amazon US"))
    sales_channel = elsewhere if multi < 0.03 or multi > 0.98 else site
    if multi < 0.01:
        sales_channel = site
    bought = _bought(plan)
    titles = TITLES["ascii"]
    items = [
        Item(
            f"{luck.randint(10**13, 10**14 - 1)}",
            f"SKU-{luck.randint(1, 12)}",
            luck.choice(titles),
            luck.random() < 0.1,
        )
        for _ in range(luck.choice((1, 1, 1, 2, 3)))
    ]
    return Order(
        id,
        bought,
        luck.choice(("Merchant", "Merchant", "Amazon", "")) if multi > 0.9 else _channel(luck),
        sales_channel,
        items,
        _history(luck, bought),
    )


def _channel(luck: random.Random) -> str:
    return "Merchant" if luck.random() < 0.65 else "Amazon"


def _history(luck: random.Random, bought: datetime) -> list[tuple[datetime, str]]:
    """Pending, then what became of it."""
    course = luck.choices(
        (
            ["Pending"],
            ["Pending", "Shipped"],
            ["Pending", "Unshipped", "Shipped"],
            ["Pending", "Cancelled"],
            ["Pending", "Shipped", "Cancelled"],
            ["Pending", "Shipped", "Shipped - Delivered to Buyer"],
            ["Shipping"],
        ),
        (2, 60, 12, 5, 4, 10, 2),
    )[0]
    at = bought + timedelta(minutes=luck.randint(0, 30))
    history = []
    for status in course:
        history.append((at, status))
        at += timedelta(hours=luck.randint(1, 400))
    return history


def _bought(plan: Plan) -> datetime:
    """Some day of the last 150, often an edge of a window, often the first or last second of it."""
    luck = plan.random
    edges = [
        plan.as_of,
        plan.as_of - timedelta(days=30),
        plan.as_of - timedelta(days=31),
        plan.amazon_last,
        plan.amazon_last + timedelta(days=1),
        plan.amazon_last - timedelta(days=59),
        plan.amazon_last - timedelta(days=60),
        date(2024, 2, 29),
    ]
    day = plan.as_of - timedelta(days=luck.randint(0, 110))
    if luck.random() < 0.3:
        day = luck.choice(edges)
    if not plan.as_of - timedelta(days=150) <= day <= plan.as_of:
        day = plan.as_of
    clock = luck.choice(
        (
            time(23, 59, 59),
            time(0, 0, 0),
            time(0, 0, 1),
            *(time(luck.randint(0, 23), luck.randint(0, 59), luck.randint(0, 59)),) * 4,
        )
    )
    return datetime.combine(day, clock, plan.zone).astimezone(UTC)


def _stamp(luck: random.Random, at: datetime) -> str:
    """The moment as ISO text in one of the offsets that exports have."""
    offset = luck.choice(OFFSETS)
    if offset == "Z":
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    return at.astimezone(zone).isoformat(timespec="seconds")


def _write_orders(plan: Plan) -> None:
    """Overlapping downloads by order day, each showing the orders as they stood at its moment."""
    luck = plan.random
    first = plan.as_of - timedelta(days=150)
    taken = [plan.as_of - timedelta(days=days) for days in (75, 40, 10)]
    spans = [(first, taken[0]), (taken[0] - timedelta(25), taken[1]), (taken[1], taken[2])]
    spans += [(first, plan.as_of)] if luck.random() < 0.5 else [(taken[1], plan.as_of)]
    names = ["a", "b", "m", "z"]
    luck.shuffle(names)
    for (begin, end), name in zip(spans, names, strict=True):
        _download(plan, begin, end, name)
    for kind in OPEN_COLUMNS:
        if luck.random() < 0.2:
            _open_orders(plan, kind)
    if luck.random() < 0.3:
        twin = luck.choice(plan.files)
        path = f"exports/old/copy {Path(twin.path).name}"
        (plan.folder / path).write_bytes((plan.folder / twin.path).read_bytes())
        plan.files.append(File(path, twin.kind, twin.encoding, twin.delimiter))


def _download(plan: Plan, begin: date, end: date, name: str) -> None:
    """The orders of these days, as they stood when the last of them was over."""
    luck = plan.random
    seen_at = datetime.combine(end + timedelta(days=1), time(), plan.zone)
    seen = []
    for order in plan.orders:
        if begin <= order.bought.astimezone(plan.zone).date() <= end:
            past = [(at, status) for at, status in order.history if at <= seen_at]
            seen.append((order, *(past or order.history)[-1 if past else 0]))
    if seen and luck.random() < 0.12:
        _api_page(plan, seen, name)
        return
    encoding = luck.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp932", "gb18030")
    )
    delimiter = luck.choice("\t\t\t,;")
    header = list(luck.choice(VARIANTS))
    if luck.random() < 0.4:
        luck.shuffle(header)
    rows = []
    for order, at, status in seen:
        items = order.items
        if status == "Cancelled" and luck.random() < 0.5:
            items = items[:1]
        rows += [_item_row(luck, order, item, at, status, encoding) for item in items]
    luck.shuffle(rows)
    if delimiter != "\t" and rows:
        luck.choice(rows)["product-name"] = "Mug\nin two lines"
    lines = [[row.get(column, "") for column in header] for row in rows]
    lines = _with_dirt(plan, header, lines)
    ending = luck.choice(("txt", "csv", "tsv", "xlsx"))
    if delimiter == ";" and ending != "xlsx" and luck.random() < 0.3:
        lines = [header, *lines]
        header = ["sep=;"]
    path = f"exports/{luck.choice(('', 'old/'))}{name} orders.{ending}"
    _write_table(plan, File(path, "all_orders", encoding, delimiter), header, lines)


def _open_orders(plan: Plan, kind: str) -> None:
    """A report of open merchant orders: some that All Orders has too, and some that it has not."""
    luck = plan.random
    header = OPEN_COLUMNS[kind]
    mine = [order for order in plan.orders if order.channel == "Merchant"]
    fresh = [_order(plan) for _ in range(4)]
    rows = [
        {
            "order-id": order.id,
            "order-item-id": item.id,
            "purchase-date": _stamp(luck, order.bought),
            "reporting-date": _stamp(luck, order.bought),
            "promise-date": _stamp(luck, order.bought + timedelta(days=3)),
            "latest-ship-date": _stamp(luck, order.bought + timedelta(days=3)),
            "latest-delivery-date": _stamp(luck, order.bought + timedelta(days=9)),
            "buyer-name": "A. Buyer",
            "sku": item.sku,
            "product-name": item.title,
            "quantity-purchased": "1",
        }
        for order in (*luck.sample(mine, min(5, len(mine))), *fresh)
        for item in order.items
    ]
    lines = [[row.get(column, "") for column in header] for row in rows]
    _write_table(plan, File(f"exports/{kind}.txt", kind, "utf-8", "\t"), header, lines)


def _api_page(plan: Plan, seen: Sequence[tuple[Order, datetime, str]], name: str) -> None:
    """The same orders as a page of the Orders API, of the old version or the new one."""
    luck = plan.random
    version = luck.choice(("orders_api_0", "orders_api_2026"))
    if version == "orders_api_0":
        page: Any = {
            "payload": {
                "Orders": [
                    {
                        "AmazonOrderId": order.id,
                        "PurchaseDate": f"{order.bought:%Y-%m-%dT%H:%M:%SZ}",
                        "LastUpdateDate": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                        "OrderStatus": status.replace("Cancelled", "Canceled"),
                        "FulfillmentChannel": {"Merchant": "MFN", "Amazon": "AFN"}.get(
                            order.channel
                        ),
                        "SalesChannel": order.sales_channel,
                    }
                    for order, at, status in seen
                ]
            }
        }
    else:
        page = {
            "orders": [
                {
                    "orderId": order.id,
                    "createdTime": f"{order.bought:%Y-%m-%dT%H:%M:%S}.999Z",
                    "lastUpdatedTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                    "salesChannel": {
                        "channelName": "NON_AMAZON"
                        if order.sales_channel.startswith("Non")
                        else "AMAZON",
                        "marketplaceName": SITE_NAMES[plan.marketplace],
                    },
                    "fulfillment": {
                        "fulfillmentStatus": status.split(" ")[0].upper(),
                        "fulfilledBy": order.channel.upper() or None,
                    },
                    "orderItems": [
                        {"orderItemId": item.id, "product": {"sellerSku": item.sku}}
                        for item in order.items
                    ],
                }
                for order, at, status in seen
            ]
        }
    path = f"exports/{name} orders.json"
    _write_text(plan.folder / path, json.dumps(page), "utf-8")
    plan.files.append(File(path, version, delimiter=""))


def _item_row(
    luck: random.Random, order: Order, item: Item, at: datetime, status: str, encoding: str
) -> dict[str, str]:
    cancelled = status == "Cancelled"
    title = item.title
    if encoding in TITLES:
        title = luck.choice(TITLES[encoding])
    elif encoding.startswith("utf"):
        title = luck.choice(TITLES[luck.choice(list(TITLES))])
    return {
        "amazon-order-id": order.id,
        "merchant-order-id": order.id if luck.random() < 0.1 else "",
        "purchase-date": _stamp(luck, order.bought),
        "last-updated-date": _stamp(luck, at),
        "order-status": status,
        "order-item-id": item.id,
        "fulfillment-channel": order.channel,
        "sales-channel": order.sales_channel,
        "ship-service-level": luck.choice(("Standard", "Expedited", "SecondDay")),
        "product-name": title,
        "sku": item.sku,
        "asin": f"B0{item.sku[4:]:0>8}",
        "item-status": "Cancelled" if cancelled or item.dropped else "Shipped",
        "quantity": "0" if cancelled or item.dropped else "1",
        "currency": "" if cancelled else "EUR",
        "item-price": "" if cancelled else f"{luck.randint(5, 90)}.{luck.randint(0, 9)}",
        "ship-country": luck.choice(("US", "DE", "JP")),
        "ship-state": "NY",
        "is-business-order": luck.choice(("true", "false")),
        "x-loyalty-tier": luck.choice(("gold", "")),
    }


def _with_dirt(plan: Plan, header: list[str], lines: list[list[str]]) -> list[list[str]]:
    """The rows with some that nobody can use, and some that only look so."""
    luck = plan.random
    if not lines or luck.random() < 0.25:
        return lines
    place = {name: at for at, name in enumerate(header)}
    id_at, day_at = place["amazon-order-id"], place["purchase-date"]

    def a_row(**cells: str) -> list[str]:
        row = list(luck.choice(lines))
        row[id_at] = _order_id(luck)
        for name, cell in cells.items():
            row[place[name.replace("_", "-")]] = cell
        return row

    dirt = [
        a_row(amazon_order_id=f"{luck.randint(1, 9)}.80293E+13"),
        a_row(amazon_order_id="114-1234567-123456"),
        a_row(amazon_order_id=""),
        list(header),
        ["Total", *[""] * (len(header) - 1)],
        [*a_row(), "left", "over"],
        [*a_row(), "", ""],
        a_row(purchase_date="2024-02-30T10:00:00+00:00"),
        a_row(purchase_date="soon"),
        a_row(purchase_date="2099-01-01T00:00:00+00:00"),
        a_row(last_updated_date="yesterday"),
        [f" {cell}" if at == id_at else cell for at, cell in enumerate(a_row())],
        a_row()[: max(id_at, day_at, *(place[n] for n in ("last-updated-date",))) + 1],
        [""] * len(header),
        list(luck.choice(lines)),
    ]
    for row in luck.sample(dirt, luck.randint(1, 6)):
        lines.insert(luck.randint(0, len(lines)), row)
    return lines


# ── defects ──────────────────────────────────────────────────────────────────────────────────────


def _write_defects(plan: Plan) -> None:
    luck = plan.random
    share = luck.choice((0.004, 0.01, 0.02, 0.05))
    bad = luck.sample(plan.orders, max(2, int(len(plan.orders) * share * 2)))
    strangers = [_order_id(luck) for _ in range(luck.choice((0, 0, 0, 1, 2)))]
    days = {order.id: order.bought.astimezone(plan.zone).date() for order in bad}
    days |= {id: plan.as_of - timedelta(days=luck.randint(0, 120)) for id in strangers}
    ids = list(days)

    def some(most: float = 0.7) -> list[str]:
        return luck.sample(ids, int(len(ids) * luck.random() * most))

    if luck.random() < 0.55:
        _odr_download(plan, "odr", some(), days)
    if luck.random() < 0.2:
        _odr_download(plan, "odr afn", some(), days)
    if luck.random() < 0.25:
        _odr_types(plan, some(), days)
    if luck.random() < 0.7:
        _feedback(plan, some(1.0), days)
    if luck.random() < 0.7:
        _claims(plan, some(), days)
    if luck.random() < 0.6:
        _chargebacks(plan, some(0.4), days)
    if luck.random() < 0.4:
        _chargebacks_page(plan, some(0.4), days)
    if luck.random() < 0.6:
        _returns(plan, some(), days)
    if luck.random() < 0.3:
        _settlement(plan, some())
    if luck.random() < 0.6:
        rows = [
            {
                "order_id": id,
                "kind": luck.choice(("feedback", "claim", "chargeback")),
                "requested_on": days[id].isoformat(),
                "result": luck.choice(("removed", "refused", "pending")),
            }
            for id in some(0.5)
        ]
        _ledger(plan, "removals", rows)


def _odr_download(plan: Plan, name: str, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    language = luck.choice(list(ODR_LANGUAGES))
    nth, yes, no = ODR_LANGUAGES[language]
    names = list(ODR_WORDS)
    luck.shuffle(names)
    written = luck.choice(yes), luck.choice(no)
    lines = []
    for id in ids:
        marks = [luck.random() < 0.4 for _ in range(3)]
        marks[luck.randrange(3)] = True
        cells = {"order_id": id, "ordered_on": days[id].isoformat(), "channel": "Seller"}
        if luck.random() < 0.05:
            cells["ordered_on"] = "soon"
        kinds = ("negative_feedback", "claims", "chargebacks")
        cells |= {k: written[0 if mark else 1] for k, mark in zip(kinds, marks, strict=True)}
        lines.append([cells[name] for name in names])
    header = [ODR_WORDS[name][nth] for name in names]
    if lines and luck.random() < 0.4:
        damaged = ["5.80293E+13" if name == "order_id" else "1" for name in names]
        lines += [damaged, list(header), ["Total", *[""] * (len(names) - 1)]]
    encoding = luck.choice(
        {
            "en": ("utf-8", "utf-8-sig", "utf-16"),
            "zh": ("utf-8-sig", "gb18030", "utf-16"),
            "de": ("utf-8", "cp1252"),
            "ja": ("utf-8", "cp932"),
        }[language]
    )
    delimiter = luck.choice(",\t;")
    file = File(f"exports/{name}.csv", "odr_detail", encoding, delimiter)
    _write_table(plan, file, header, lines)


def _odr_types(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    words = ("A-to-z", "Chargeback", "1-Star", "2-Star", "A-to-z, Chargeback", "1-star", "Sunny")
    lines = [[id, days[id].isoformat(), luck.choice(words)] for id in ids]
    header = ["Order ID", "Date", "Defect Type"]
    path = luck.choice(("exports/defects.csv", "exports/defects.xlsx"))
    _write_table(plan, File(path, "odr_defects"), header, lines)


def _feedback(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    struck = "This item was fulfilled by Amazon, and we take responsibility for this."
    lines = []
    for id in ids:
        stars = luck.choice((1, 1, 2, 2, 3, 4, 5))
        comment = luck.choice(("Late", "Broken, sorry", "OK", ""))
        if stars < 3 and luck.random() < 0.15:
            comment = struck
        day = FEEDBACK_DATES[plan.marketplace](days[id] + timedelta(days=luck.randint(0, 5)))
        lines.append([day, str(stars), comment, "", id, "b@example.com"])
    if not lines and plan.marketplace == "FR":
        return  # names that nobody knows, and no values to know the file by
    if len(lines) > 3 and luck.random() < 0.4:
        lines.append(["soon", "1", "Late", "", luck.choice(ids), ""])
        lines.append([lines[0][0], "9", "Late", "", luck.choice(ids), ""])
        lines.append([lines[0][0], "1", "Late", "", "5.80293E+13", ""])
    encoding = luck.choice(("utf-8", "utf-8-sig", "cp932" if plan.marketplace == "JP" else "utf-8"))
    _write_table(
        plan,
        File("exports/feedback.txt", "feedback", encoding, "\t"),
        list(FEEDBACK_HEADERS[plan.marketplace]),
        lines,
    )


def _claims(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    rows = []
    for id in ids:
        row = {
            "order_id": id,
            "filed_on": (days[id] + timedelta(days=luck.randint(0, 10))).isoformat(),
            "reason": "not received",
            "status": luck.choice(("granted", "granted", "denied", "withdrawn", "pending", "")),
            "charged_to": luck.choice(("seller", "", "", "amazon", "none")),
            "odr_impact": luck.choice(("yes", "", "", "", "no")),
        }
        if luck.random() < 0.1:
            row |= {"filed_on": "soon", "odr_impact": "maybe"}
        rows.append(row)
        if luck.random() < 0.1:  # a second claim, which was granted
            rows.append(row | {"status": "granted", "charged_to": "seller", "odr_impact": "yes"})
    _ledger(plan, "claims", rows)


def _chargebacks(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    rows = []
    for id in ids:
        written = luck.choice(("service", "fraud", ""))
        rows.append(
            {
                "order_id": id,
                "filed_on": days[id].isoformat(),
                "reason_code": luck.choice((*FRAUD_CODES, *SERVICE_CODES, "37", "")),
                "status": luck.choice(("open", "Seller Refunded", "")),
                "class": written,
                "odr_impact": luck.choice(("", "", "no")) if written else "",
            }
        )
    _ledger(plan, "chargebacks", sorted(rows, key=lambda row: row["order_id"]))


def _chargebacks_page(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    codes = (*FRAUD_CODES, *SERVICE_CODES, "37", "53")
    page = {
        "chargebacks": [
            {
                "id": f"CB{number}",
                "status": "Pending",
                "reasonCode": luck.choice(codes),
                "filingDate": {"formattedDate": f"{days[id]:%b} {days[id].day}, {days[id]:%Y}"},
                "relatedOrders": [{"orderId": id, "orderAmount": {"amount": 12.5}, "items": []}],
            }
            for number, id in enumerate(ids)
        ]
    }
    path = "exports/chargebacks.json"
    _write_text(plan.folder / path, json.dumps(page), "utf-8")
    plan.files.append(File(path, "chargebacks_page", delimiter=""))


def _returns(plan: Plan, ids: Sequence[str], days: dict[str, date]) -> None:
    luck = plan.random
    lines = []
    for id in ids:
        day = days[id] + timedelta(days=6)
        cells = {
            "Order ID": id,
            "Order date": f"{days[id]:%d-%b-%Y}",
            "Return request date": luck.choice((f"{day:%d-%b-%Y}", day.isoformat())),
            "A-to-Z Claim": luck.choice(("Y", "Yes", "N", "No", " ")),
            "Return quantity": "1",
            "Return Reason": "CR-DEFECTIVE",
            "Item Name": "Mug, blue",
        }
        lines.append([cells.get(name, luck.choice(("", " "))) for name in RETURN_COLUMNS])
    header = list(RETURN_COLUMNS)
    if luck.random() < 0.5:
        order = luck.sample(range(len(header)), len(header))
        header = [header[at] for at in order]
        lines = [[line[at] for at in order] for line in lines]
    header = [luck.choice((name, name.lower(), name.upper())) for name in header]
    _write_table(plan, File("exports/returns.tsv", "mfn_returns", "utf-8", "\t"), header, lines)


def _settlement(plan: Plan, ids: Sequence[str]) -> None:
    """Debits of claims: they prove that money moved, not that a claim counts."""
    lines = []
    for id in ids:
        cells = {
            "settlement-id": "17",
            "transaction-type": "A-to-z Guarantee Claim",
            "order-id": id,
            "amount-type": "ItemPrice",
            "amount-description": "Principal",
            "amount": "-12.50",
            "currency": "EUR",
            "posted-date": plan.as_of.isoformat(),
        }
        lines.append([cells.get(name, "") for name in SETTLEMENT_COLUMNS])
    file = File("exports/settlement.txt", "settlement", "utf-8", "\t")
    _write_table(plan, file, SETTLEMENT_COLUMNS, lines)


def _ledger(plan: Plan, kind: str, rows: Sequence[dict[str, str]]) -> None:
    """A ledger as CSV or XLSX; sometimes only its header; sometimes only the example row."""
    luck = plan.random
    header = LEDGERS[kind].split()
    example = {"order_id": "000-0000000-0000000", "kind": "feedback", "result": "removed"}
    lines = [[row.get(name, "") for name in header] for row in rows]
    name = f"ledger/{kind}{luck.choice(('.csv', '.csv', '.xlsx'))}"
    if kind != "removals" and luck.random() < 0.1:
        lines = [[example.get(column, "EXAMPLE") for column in header]]
        name = f"ledger/{kind} untouched.csv"
    elif lines and luck.random() < 0.3:
        lines.insert(0, [example.get(column, "EXAMPLE") for column in header])
        lines.append(["5.80293E+13", *[""] * (len(header) - 1)])
    lines = [[luck.choice((c, c.upper())) if c == "denied" else c for c in line] for line in lines]
    _write_table(plan, File(name, kind, luck.choice(("utf-8", "utf-8-sig"))), header, lines)


def _performance(plan: Plan) -> list[str]:
    """Sometimes Amazon's report, or a figure typed off the page, says where its window ends."""
    luck = plan.random
    how = luck.choice(("", "", "report", "report", "typed"))
    if not how:
        return []
    last = plan.as_of - timedelta(days=luck.choice((15, 14, 16, 12, 20, 0, 40, -3)))
    first = last - timedelta(days=59)
    plan.amazon_last = last
    plan.reported = True
    if how == "typed":
        return ["[amazon]", f"first = {first}", f"last = {last}", "orders = 100"]

    def metric(first: date, last: date, channel: str) -> dict[str, Any]:
        seconds = luck.choice(("", ":59"))
        return {
            "reportingDateRange": {
                "reportingDateFrom": f"{first}T00:00{':00' if seconds else ''}Z",
                "reportingDateTo": f"{last}T23:59{seconds}Z",
            },
            "orderCount": 100,
            "orderWithDefects": {"count": 1, "status": "GOOD"},
            "fulfillmentType": channel,
            "status": "GOOD",
            "rate": 0.01,
            "targetValue": 0.01,
            "targetCondition": "LESS_THAN",
        }

    other = luck.choice([id for code, id in SITES.items() if code != plan.marketplace])
    old = timedelta(days=luck.choice((1, 9)))
    for name, days in (("now", timedelta()), ("before", old)):
        document = {
            "accountStatuses": [],
            "performanceMetrics": [
                {
                    "marketplaceId": SITES[plan.marketplace],
                    "orderDefectRate": {
                        channel: metric(first - days, last - days, channel)
                        for channel in ("afn", "mfn")
                    },
                },
                {
                    "marketplaceId": other,
                    "orderDefectRate": {"mfn": metric(first, plan.as_of, "mfn")},
                },
            ],
        }
        path = f"exports/performance {name}.json"
        _write_text(plan.folder / path, json.dumps(document, indent=1), "utf-8")
        plan.files.append(File(path, "performance", delimiter=""))
    return []


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def _write_table(
    plan: Plan, file: File, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    plan.files.append(file)
    ending = plan.random.choice(("\r\n", "\r\n", "\n", "\r"))
    if ending == "\r" and any("\n" in cell for row in rows for cell in row):
        ending = "\n"  # the Macs that ended lines so wrote no LF into cells
    write_lines(plan.folder / file.path, [header, *rows], file.encoding, file.delimiter, ending)


def write_lines(
    path: Path,
    lines: Sequence[Sequence[str]],
    encoding: str = "utf-8",
    delimiter: str = "\t",
    ending: str = "\r\n",
) -> None:
    """Write a table: a workbook, tabs without quotes as Amazon does, or a quoted CSV."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([_cell(text) for text in line])
        book.save(path)
        return
    text = io.StringIO()
    if delimiter == "\t":
        for line in lines:
            text.write("\t".join(line) + ending)
    else:
        csv.writer(text, delimiter=delimiter, lineterminator=ending).writerows(lines)
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    _write_text(path, mark + text.getvalue(), encoding)


def _cell(text: str) -> str | date | None:
    """The cell as a spreadsheet keeps it: days as days, empty cells as nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def an_order(order_id: str, day: date) -> dict[str, str]:
    """A row of All Orders: a shipped order of that day, of no trouble to anyone."""
    at = f"{day.isoformat()}T12:00:00+00:00"
    row = dict.fromkeys(COLUMNS_2026, "")
    return row | {
        "amazon-order-id": order_id,
        "purchase-date": at,
        "last-updated-date": at,
        "order-status": "Shipped",
        "order-item-id": "1",
        "fulfillment-channel": "Merchant",
        "sales-channel": "Amazon.com",
        "sku": "GOOD",
        "quantity": "1",
    }


def _write_text(path: Path, text: str, encoding: str) -> None:
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write(text)
