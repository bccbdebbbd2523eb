"""
An independent, slow program that counts a store folder with loops and the standard library.

It imports nothing from odrlib and was written from the contract, so that where the two agree on
every number of every world, both have understood it. It reads only the forms that `worlds` writes,
and is told of each file what it is.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

ORDER_ID = re.compile(r"(\d{3}|S0[12])-\d{7}-\d{7}")
KINDS = ("claims", "chargebacks", "negative_feedback")
ORDER_FILES = ("all_orders", "orders_api_0", "orders_api_2026", "unshipped_orders", "new_orders")
DAYS = {"amazon": 60, "brief": 31}
STARS = {"amazon": {1, 2}, "brief": {1}}
FRAUD_CODES = ("10.1", "10.2", "10.3", "10.4", "10.5", "4837", "4863", "F29", "FR2", "UA02")
SERVICE_CODES = ("13.1", "13.3", "13.6", "4853", "4855", "C08", "C31")
SITES = {
    "US": "ATVPDKIKX0DER",
    "DE": "A1PA6795UKMFR9",
    "UK": "A1F83G8C2ARO7P",
    "JP": "A1VC38T7YXB528",
    "FR": "A13V1IB3VIYZZH",
}
# What the headers of the ODR download are called, whatever the language.
ODR_HEADERS = {
    "order_id": {"Order ID", "订单编号", "Bestellnummer", "注文番号"},
    "ordered_on": {"Order Date", "订单日期", "Bestelldatum", "注文日", "Date"},
    "negative_feedback": {"Negative Feedback", "负面反馈", "Negatives Feedback", "低い評価"},
    "claims": {
        "A-to-z Guarantee claim",
        "亚马逊商城交易保障索赔",
        "A-bis-z-Garantieantrag",
        "マーケットプレイス保証申請",
    },
    "chargebacks": {"Chargeback claim", "信用卡拒付", "Rückbuchung", "チャージバック"},
    "type": {"Defect Type", "缺陷类型"},
}
NUMBERS = (
    *("orders", "defective", "rate", "reversals_needed", "spare_defects", "good_orders_needed"),
    "back_under_limit_on",
)
NO = {"", "no", "0", "nein", "否", "いいえ", "-"}
TYPES = {
    "a-to-z": ("claims", None),
    "a-to-z claim": ("claims", None),
    "chargeback": ("chargebacks", None),
    "1-star": ("negative_feedback", 1),
    "2-star": ("negative_feedback", 2),
    "negative feedback": ("negative_feedback", None),
}


@dataclass(frozen=True)
class File:
    """A file of the world: its path in the store folder, its kind, and how it is written."""

    path: str
    kind: str
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class Window:
    """The order days that are counted on the as-of day, both ends included."""

    first: date
    last: date
    as_of: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def tomorrow(self) -> Window:
        day = timedelta(days=1)
        return Window(self.first + day, self.last + day, self.as_of + day)


@dataclass
class Order:
    """One order, as the newest row that says something says it."""

    id: str
    bought: datetime
    status: str = ""
    channel: str = ""
    sales_channel: str = ""


@dataclass
class Case:
    """All that the files say of one kind of defect of one order."""

    flagged: bool = False
    stars: set[int] = field(default_factory=set)
    counts: list[bool] = field(default_factory=list)  # of the ledger's rows, or the page's
    coded: list[bool] = field(default_factory=list)  # of rows that tell no more than a code
    struck: bool = False
    removed: bool = False
    ordered_on: date | None = None


def count(folder: Path, files: Iterable[File], as_of: date | None, today: date) -> dict[str, Any]:
    """The `profiles` of facts.json, as far as the contract names their keys."""
    files = list(files)
    settings = tomllib.loads((folder / "store.toml").read_text(encoding="utf-8"))
    zone = ZoneInfo(settings.get("timezone", "UTC"))
    orders = read_orders(folder, files, today)
    if as_of is None:
        as_of = max(order.bought.astimezone(zone).date() for order in orders.values())
    cases, known = read_cases(folder, files)
    counting = {
        order.id: order
        for order in (orders or {}).values()
        if counts(order, settings.get("count_cancelled", False))
    }
    days = {id: order.bought.astimezone(zone).date() for id, order in counting.items()}
    last = {"amazon": amazon_end(folder, files, settings, as_of), "brief": as_of}
    profiles: dict[str, Any] = {}
    for profile, length in DAYS.items():
        window = Window(last[profile] - timedelta(days=length - 1), last[profile], as_of)
        profiles[profile] = {
            "window": {"first": window.first.isoformat(), "last": window.last.isoformat()}
        }
        bad = {key for key, case in cases.items() if is_defect(key[1], case, profile)}
        lost = [
            key
            for key in bad
            if key[0] not in (orders or {})
            and (cases[key].ordered_on is None or window.holds(cases[key].ordered_on))
        ]
        for channel in ("all", "mfn", "afn"):
            profiles[profile][channel] = answer(
                profile,
                window,
                {
                    id: days[id]
                    for id, order in counting.items()
                    if channel in ("all", channel_of(order.channel))
                }
                if orders is not None
                else None,
                {kind: {id for id, of in bad if of == kind} for kind in KINDS if known[kind]},
                complete=all(known[kind] == "complete" for kind in KINDS),
                lost=lost if channel == "all" else [],
            )
    return profiles


def answer(
    profile: str,
    window: Window,
    days: dict[str, date] | None,
    ids: dict[str, set[str]],
    *,
    complete: bool,
    lost: list[tuple[str, str]],
) -> dict[str, Any]:
    """
    The numbers of one profile and channel, found by trying.

    `days` are the order days of the orders that count, `ids` the orders with each kind of defect,
    `lost` the defects of orders that no orders file has.
    """
    inside = [id for id, day in (days or {}).items() if window.holds(day)]
    orders = len(inside)
    numbers: dict[str, Any] = dict.fromkeys((*KINDS, *NUMBERS))
    numbers |= {"orders": None if days is None else orders, "limit": 0.01, "status": "unknown"}
    if days is None or not ids:
        return numbers
    defects = {
        id: min(1, found) if profile == "amazon" else found
        for id in days
        for found in [sum(id in of for of in ids.values())]
    }
    bad = sum(defects[id] for id in inside)
    more_orders = len({id for id, _ in lost})
    more_bad = more_orders if profile == "amazon" else len(lost)
    if orders and not under(profile, bad, orders):
        numbers["status"] = "over"
    elif orders and complete and under(profile, bad + more_bad, orders + more_orders):
        numbers["status"] = "under"
    return (
        numbers
        | {kind: len(of.intersection(inside)) for kind, of in ids.items()}
        | {
            "defective": bad,
            "rate": bad / orders if orders else None,
            "reversals_needed": next(
                (fewer for fewer in range(bad + 1) if under(profile, bad - fewer, orders)), None
            ),
            "spare_defects": next(
                more for more in range(orders + 2) if not under(profile, bad + more + 1, orders)
            ),
            "good_orders_needed": next(
                more for more in range(100 * bad + 2) if under(profile, bad, orders + more)
            ),
            "back_under_limit_on": back_under(profile, window, days, defects),
        }
    )


def back_under(
    profile: str, window: Window, days: dict[str, date], defects: dict[str, int]
) -> str | None:
    """
    The first day from which the rate stays under, if each day brings what the last 28 brought.

    The window moves on by a day a day, until the last known order has left it. A fraction of an
    order adds up: the whole orders so far are the volume times the days, rounded down.
    """
    window = replace(window, as_of=max(window.as_of, window.last))
    known = {id: day for id, day in days.items() if day <= window.as_of}
    if not known:
        return None
    newest = max(known.values())
    first = max(min(known.values()), newest - timedelta(days=27))
    volume = Fraction(sum(day >= first for day in known.values()), (newest - first).days + 1)
    assumed = Counter()
    for n in range(1, 400):
        assumed[window.as_of + timedelta(days=n)] = int(n * volume) - int((n - 1) * volume)
    states = []
    gone = False
    while not gone:
        gone = window.first > newest
        inside = [id for id, day in known.items() if window.holds(day)]
        orders = len(inside) + sum(of for day, of in assumed.items() if window.holds(day))
        states.append((window.as_of, under(profile, sum(defects[id] for id in inside), orders)))
        window = window.tomorrow()
    over = [at for at, (_, good) in enumerate(states) if not good]
    if not over or over[-1] == len(states) - 1:
        return None
    return states[over[-1] + 1][0].isoformat()


def under(profile: str, bad: int, orders: int) -> bool:
    """Below 1 % (amazon), or at most 1 % (brief); no orders are no rate."""
    if orders == 0:
        return False
    return 100 * bad < orders if profile == "amazon" else 100 * bad <= orders


# ── which orders count, and which days ───────────────────────────────────────────────────────────


def counts(order: Order, count_cancelled: bool) -> bool:
    """Any status but cancelled, and never a multi-channel order."""
    if order.id.startswith(("S01-", "S02-")) or order.sales_channel.startswith("Non-Amazon"):
        return False
    return count_cancelled or order.status.lower() not in ("cancelled", "canceled")


def channel_of(text: str) -> str:
    """Who sends the parcel: mfn, afn, or nobody said."""
    return {"merchant": "mfn", "mfn": "mfn", "amazon": "afn", "afn": "afn"}.get(text.lower(), "")


def amazon_end(folder: Path, files: Iterable[File], settings: dict[str, Any], as_of: date) -> date:
    """Where the newest performance report of this site says, else as-of minus the lag."""
    ends = [
        date.fromisoformat(metric["reportingDateRange"]["reportingDateTo"][:10])
        for file in files
        if file.kind == "performance"
        for metrics in json.loads((folder / file.path).read_text(file.encoding))[
            "performanceMetrics"
        ]
        if metrics["marketplaceId"] == SITES[settings["marketplace"]]
        for metric in metrics["orderDefectRate"].values()
    ]
    if "last" in settings.get("amazon", {}):
        ends.append(settings["amazon"]["last"])
    return max(ends, default=as_of - timedelta(days=settings.get("lag_days", 15)))


def read_orders(folder: Path, files: Iterable[File], today: date) -> dict[str, Order] | None:
    """Every order of the orders files; None if there is no such file."""
    told = [list(order_rows(folder, file)) for file in files if file.kind in ORDER_FILES]
    if not told:
        return None
    rows = []
    for row in (row for file_rows in told for row in file_rows):
        bought = moment(row["bought"])
        if not ORDER_ID.fullmatch(row["id"]) or bought is None:
            continue
        if bought.astimezone(UTC).date() > today + timedelta(days=1):
            continue
        updated = moment(row["updated"]) or datetime.min.replace(tzinfo=UTC)
        rows.append((updated, bought, row))
    orders: dict[str, Order] = {}
    for _, bought, row in sorted(rows, key=lambda of: of[0]):
        order = orders.setdefault(row["id"], Order(row["id"], bought))
        order.bought = bought
        order.status = row["status"] or order.status
        order.channel = row["channel"] or order.channel
        order.sales_channel = row["sales_channel"] or order.sales_channel
    return orders


def order_rows(folder: Path, file: File) -> Iterator[dict[str, str]]:
    """The rows of an orders file, in names of our own."""
    if file.kind == "all_orders":
        for row in table(folder, file):
            yield {
                "id": row["amazon-order-id"],
                "bought": row["purchase-date"],
                "updated": row["last-updated-date"],
                "status": row["order-status"],
                "channel": row["fulfillment-channel"],
                "sales_channel": row["sales-channel"],
            }
        return
    if file.kind in ("unshipped_orders", "new_orders"):
        for row in table(folder, file):
            yield {
                "id": row["order-id"],
                "bought": row["purchase-date"],
                "updated": row.get("reporting-date", ""),
                "status": "Unshipped" if file.kind == "unshipped_orders" else "",
                "channel": "Merchant",
                "sales_channel": "",
            }
        return
    page = json.loads((folder / file.path).read_text(file.encoding))
    if file.kind == "orders_api_0":
        for order in page["payload"]["Orders"]:
            yield {
                "id": order["AmazonOrderId"],
                "bought": order["PurchaseDate"],
                "updated": order["LastUpdateDate"],
                "status": order["OrderStatus"],
                "channel": order["FulfillmentChannel"] or "",
                "sales_channel": order["SalesChannel"],
            }
        return
    for order in page["orders"]:
        on_amazon = order["salesChannel"]["channelName"] == "AMAZON"
        yield {
            "id": order["orderId"],
            "bought": order["createdTime"],
            "updated": order["lastUpdatedTime"],
            "status": order["fulfillment"]["fulfillmentStatus"],
            "channel": order["fulfillment"]["fulfilledBy"] or "",
            "sales_channel": "Amazon" if on_amazon else "Non-Amazon",
        }


# ── what the files say of defects ────────────────────────────────────────────────────────────────


def is_defect(kind: str, case: Case, profile: str) -> bool:
    """A defect counts unless something says it does not."""
    if case.removed or case.struck:
        return False
    if kind == "negative_feedback":
        if case.stars & STARS[profile]:
            return True
        return case.flagged and (profile == "amazon" or not case.stars)
    if case.counts or case.coded:
        return any(case.counts or case.coded)
    return case.flagged


def read_cases(
    folder: Path, files: Iterable[File]
) -> tuple[dict[tuple[str, str], Case], dict[str, str]]:
    """What is said of each order and kind, and how completely each kind is told."""
    cases: dict[tuple[str, str], Case] = defaultdict(Case)
    known = dict.fromkeys(KINDS, "")
    days: dict[str, date] = {}
    for file in files:
        if file.kind in ("odr_detail", "odr_defects"):
            known = dict.fromkeys(KINDS, "complete")
            for row in odr_rows(folder, file):
                days |= {row["id"]: row["day"]} if row["day"] else {}
                for kind, stars in row["defects"]:
                    cases[row["id"], kind].flagged = True
                    cases[row["id"], kind].stars |= {stars} if stars else set()
        elif file.kind == "feedback":
            known["negative_feedback"] = "complete"
            for id, stars, struck in feedback_rows(folder, file):
                cases[id, "negative_feedback"].stars.add(stars)
                cases[id, "negative_feedback"].struck |= struck
        elif file.kind == "mfn_returns":
            known["claims"] = known["claims"] or "partly"
            for row in table(folder, file):
                row = {name.lower(): cell for name, cell in row.items()}
                if ORDER_ID.fullmatch(row["order id"]) and row["a-to-z claim"] in ("Y", "Yes"):
                    cases[row["order id"], "claims"].flagged = True
        elif file.kind in ("claims", "chargebacks", "removals"):
            rows = [row for row in table(folder, file) if "000-0000000-0000000" not in row.values()]
            if not rows and file.path.endswith("untouched.csv"):
                continue
            if file.kind != "removals":
                known[file.kind] = "complete"
            for row in rows:
                if ORDER_ID.fullmatch(row["order_id"]):
                    ledger_row(cases, file.kind, row)
        elif file.kind == "chargebacks_page":
            known["chargebacks"] = "complete"
            page = json.loads((folder / file.path).read_text(file.encoding))
            for chargeback in page["chargebacks"]:
                for order in chargeback["relatedOrders"]:
                    coded(cases[order["orderId"], "chargebacks"], chargeback["reasonCode"])
    for (id, _), case in cases.items():
        case.ordered_on = days.get(id)
    return dict(cases), known


def ledger_row(cases: dict[tuple[str, str], Case], kind: str, row: dict[str, str]) -> None:
    """One row of the claims, chargebacks or removals ledger."""
    row = {name: cell.lower() for name, cell in row.items()}
    id = row["order_id"].upper()
    if kind == "removals":
        of = {"feedback": "negative_feedback", "claim": "claims", "chargeback": "chargebacks"}
        cases[id, of[row["kind"]]].removed |= row["result"] == "removed"
    elif kind == "claims":
        off = row["status"] in ("denied", "withdrawn", "funded by amazon")
        off = off or row["charged_to"] == "amazon" or row["odr_impact"] == "no"
        cases[id, kind].counts.append(not off)
    elif row["class"] or row["odr_impact"]:
        off = row["class"] == "fraud" or row["odr_impact"] == "no"
        cases[id, kind].counts.append(not off)
    else:
        coded(cases[id, kind], row["reason_code"].upper())


def coded(case: Case, code: str) -> None:
    """A chargeback of which nobody wrote more than the network's code, which may mean anything."""
    case.flagged = True
    if code in FRAUD_CODES + SERVICE_CODES:
        case.coded.append(code in SERVICE_CODES)


def odr_rows(folder: Path, file: File) -> Iterator[dict[str, Any]]:
    """The rows of an ODR download: id, day, and the (kind, stars) that it marks."""
    for row in table(folder, file):
        cells = {
            ours: row[header]
            for ours, theirs in ODR_HEADERS.items()
            for header in row
            if header in theirs
        }
        if not ORDER_ID.fullmatch(cells["order_id"]):
            continue
        if "type" in cells:
            words = [word.strip().lower() for word in cells["type"].split(",")]
            if not all(word in TYPES for word in words):
                continue
            defects = [TYPES[word] for word in words]
        else:
            defects = [(kind, None) for kind in KINDS if cells[kind].lower() not in NO]
        moment_ = moment(cells.get("ordered_on", ""))
        yield {
            "id": cells["order_id"],
            "day": moment_.date() if moment_ else None,
            "defects": defects,
        }


def feedback_rows(folder: Path, file: File) -> Iterator[tuple[str, int, bool]]:
    """Order, stars, and struck through; the six columns are known by their places alone."""
    for day, stars, comment, response, id, *_ in map(list, map(dict.values, table(folder, file))):
        if not re.search(r"\d+[./-]\d+[./-]\d+", day) or stars not in tuple("12345"):
            continue
        if ORDER_ID.fullmatch(id):
            struck = "fulfilled by Amazon, and we take responsibility" in comment + response
            yield id, int(stars), struck


# ── cells ────────────────────────────────────────────────────────────────────────────────────────


def table(folder: Path, file: File) -> Iterator[dict[str, str]]:
    """The rows of a file by header; rows with more cells than the header are left out."""
    rows = lines(folder, file)
    header = [cell.strip() for cell in rows[0]]
    while not header[-1]:  # a workbook's header is as wide as its widest row
        header.pop()
    for row in rows[1:]:
        cells = [cell.strip() for cell in row]
        if not any(cells) or any(cells[len(header) :]):
            continue
        cells += [""] * (len(header) - len(cells))
        yield dict(zip(header, cells, strict=False))


def lines(folder: Path, file: File) -> list[list[str]]:
    """The cells of every line of a table file, the header first."""
    if file.path.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(folder / file.path).worksheets[0]
        return [
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
    encoding = file.encoding.removesuffix("-be")  # its mark says the rest
    with open(folder / file.path, encoding=encoding, newline="") as text:
        quoting = csv.QUOTE_NONE if file.delimiter == "\t" else csv.QUOTE_MINIMAL
        rows = list(csv.reader(text, delimiter=file.delimiter, quoting=quoting))
    return rows[1:] if rows[0][0].startswith("sep=") else rows


def moment(text: str) -> datetime | None:
    """The moment a cell says; None if it says none. Without an offset it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
