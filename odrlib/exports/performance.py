"""
Seller performance: Amazon's own count of orders and defects, as V2 JSON or the older V1 XML.

The words of the reports are kept as they are: a status is never derived from a rate, because Amazon
says GOOD below a target when there are too few orders, and counts that are absent stay None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any
from xml.etree.ElementTree import Element

from odrlib import policy
from odrlib.exports.export import Column, Export
from odrlib.languages import mark

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Keys of Amazon's own example that differ from its schema, and shorter names of ours.
_NAMES = {
    "prefulfillment_cancel_rate": "cancellation_rate",
    "pre_fulfillment_cancel_rate": "cancellation_rate",
    "pre_fulfillment_cancellation_rate": "cancellation_rate",
    "prefulfillment_cancellation_rate": "cancellation_rate",
    "late_shipment_rate_list": "late_shipment_rate",
    "document_request": "document_requests",
}
_EVENTS = (
    "lateShipmentCount",
    "cancellationCount",
    "validTrackingCount",
    "onTimeDeliveryCount",
    "unitOnTimeDeliveryCount",
    "invoiceDefect",
    "defectsCount",
    "warningsCount",
)
Entry = dict[str, Any]  # an object of the report
_ORDERS = ("orderCount", "shipmentCount", "shipmentCountWithValidTracking", "totalUnitCount")


@dataclass(frozen=True)
class Related:
    """
    Another metric of the account: late shipment, valid tracking, policy violations and so on.

    Parameters
    ----------
    name : as in policy/targets.toml where it is there ("late_shipment_rate")
    orders : what is counted: orders, shipments or units; None if the report does not say
    events : how many of them the metric speaks of, good or bad as its name says
    rate, target : shares 0-1 (for violations the target is a count)
    """

    name: str
    channel: str
    first: date | None
    last: date | None
    orders: int | None
    events: int | None
    rate: float | None
    status: str | None
    target: float | None


@dataclass(frozen=True)
class Performance:
    """
    What one report says of one marketplace and channel. None = the report does not say.

    Parameters
    ----------
    source : the file
    marketplace : our code ("DE"), or Amazon's id where it is not in policy
    channel : mfn, afn or all
    first, last : the days of the order defect rate, both included, as the report prints them
    rate, target : shares 0-1
    account : status word of the account (NORMAL, AT_RISK …); health : rating 0-1000
    warnings : what the account is warned of, in the report's words
    related : the other metrics, on the first row of a marketplace only
    """

    source: str
    marketplace: str
    channel: str
    first: date | None
    last: date | None
    orders: int | None = None
    defective: int | None = None
    claims: int | None = None
    chargebacks: int | None = None
    negative_feedback: int | None = None
    rate: float | None = None
    status: str | None = None
    target: float | None = None
    account: str | None = None
    health: int | None = None
    health_status: str | None = None
    warnings: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()


def performance(document: Any, file: str) -> list[Performance]:
    """
    The reports in a document: parsed JSON (V2), or the root Element of an XML file (V1).

    Parameters
    ----------
    document : `Reading.document`
    file : its name, kept as `source`

    Returns
    -------
    list of Performance, mfn before afn; without an order defect rate one row of channel "all"
    """
    if isinstance(document, Element):
        return [_of_v1(report, file) for report in _v1_reports(document)]
    accounts = {
        str(account.get("marketplaceId")): account.get("status")
        for report in _v2_reports(document)
        for account in _list(report.get("accountStatuses"))
    }
    return [
        row
        for report in _v2_reports(document)
        for metrics in _list(report.get("performanceMetrics"))
        for row in _of_v2(metrics, accounts, file)
    ]


def _of_v2(metrics: Entry, accounts: Entry, file: str) -> list[Performance]:
    marketplace = metrics.get("marketplaceId")
    rates = _by_channel(_dict(metrics.get("orderDefectRate")))
    channels = list(rates)
    health = _dict(metrics.get("accountHealthRating"))
    return [
        Performance(
            source=file,
            marketplace=marketplace_code(marketplace),
            channel=channel,
            **_odr(rates[channel]),
            account=_word(accounts.get(str(marketplace))),
            health=_whole(health.get("ahrScore")),
            health_status=_word(health.get("ahrStatus")),
            warnings=_warnings(metrics),
            related=_related(metrics) if channel == channels[0] else (),
        )
        for channel in channels
    ]


def _odr(entry: Entry) -> dict[str, Any]:
    first, last = _range(entry)
    return {
        "first": first,
        "last": last,
        "orders": _whole(entry.get("orderCount")),
        "defective": _count(entry.get("orderWithDefects", entry.get("ordersWithDefects"))),
        "claims": _count(entry.get("claims")),
        "chargebacks": _count(entry.get("chargebacks")),
        "negative_feedback": _count(entry.get("negativeFeedback")),
        "rate": _share(entry.get("rate")),
        "status": _word(entry.get("status")),
        "target": _share(entry.get("targetValue")),
    }


def _related(metrics: Entry) -> tuple[Related, ...]:
    return tuple(
        Related(
            name=metric_name(key),
            channel=_channel(metric_name(key)),
            first=_range(entry)[0],
            last=_range(entry)[1],
            orders=next((_whole(entry[name]) for name in _ORDERS if name in entry), None),
            events=next((_count(entry[name]) for name in _EVENTS if name in entry), None),
            rate=_share(entry.get("rate")),
            status=_word(entry.get("status", entry.get("ahrStatus"))),
            target=_share(entry.get("targetValue")),
        )
        for key, entry in _entries(metrics)
    )


def _entries(metrics: Entry) -> list[tuple[str, Entry]]:
    """The other metrics of a marketplace: each object, and each object of a list."""
    return [
        (key, entry)
        for key, value in metrics.items()
        if key not in ("orderDefectRate", "warningStates", "warningState")
        for entry in (value if isinstance(value, list) else [value])
        if isinstance(entry, dict)
    ]


def _warnings(metrics: Entry) -> tuple[str, ...]:
    """Warnings come as words, or as objects of a type and a status."""
    states = metrics.get("warningStates", metrics.get("warningState"))
    states = states if isinstance(states, list) else [states] if states else []
    return tuple(
        " ".join(str(word) for word in state.values() if word) if isinstance(state, dict) else state
        for state in states
        if isinstance(state, dict | str)
    )


def _of_v1(report: Element, file: str) -> Performance:
    """A V1 report has no order count; its newest time frame of order defects is taken."""
    frames = [
        (*_v1_range(metric), metric)
        for metric in report.iterfind("orderDefects/orderDefectMetrics")
    ]
    first, last, odr = max(
        frames, key=lambda frame: frame[1] or date.min, default=(None, None, Element("none"))
    )
    return Performance(
        source=file,
        marketplace=marketplace_code(
            report.get("marketplaceId") or report.findtext("marketplaceId")
        ),
        channel="all",
        first=first,
        last=last,
        orders=_whole(odr.findtext("orderCount")),
        claims=_whole(odr.findtext("a_z_claims/count")),
        chargebacks=_whole(odr.findtext("chargebacks/count")),
        negative_feedback=_whole(odr.findtext("negativeFeedbacks/count")),
        related=tuple(_v1_related(report)),
    )


def _v1_related(report: Element) -> list[Related]:
    names = {
        "lateShipment": "late_shipment_rate",
        "preFulfillmentCancellation": "cancellation_rate",
        "refunds": "refund_rate",
        "responseUnder24Hours": "response_within_24_hours",
        "responseTimeGreaterThan24Hours": "response_after_24_hours",
        "noResponseForContactsOlderThan24Hours": "no_response_within_24_hours",
    }
    metrics = [
        *report.iterfind("customerExperience/customerExperienceMetrics"),
        *report.iterfind("buyerSellerContactResponseTimeMetrics/responseTimeMetrics"),
    ]
    return [
        Related(
            name=names[entry.tag],
            channel=_channel(names[entry.tag]),
            first=_v1_range(metric)[0],
            last=_v1_range(metric)[1],
            orders=None,
            events=_whole(entry.findtext("count", entry.text)),
            rate=_share(entry.findtext("rate")),
            status=None,
            target=None,
        )
        for metric in metrics
        for entry in metric
        if entry.tag in names
    ]


def _v1_range(metric: Element) -> tuple[date | None, date | None]:
    return _day(metric.findtext("timeFrame/start")), _day(metric.findtext("timeFrame/end"))


def _v1_reports(root: Element) -> list[Element]:
    return (
        [root] if root.tag == "sellerPerformanceReport" else root.findall("sellerPerformanceReport")
    )


def _v2_reports(document: Any) -> list[Entry]:
    """The reports in a document: one, or a list of them."""
    return [report for report in _list(document) if "performanceMetrics" in report]


def metric_name(key: str) -> str:
    """
    Our name for a key of the report.

    >>> metric_name("lateShipmentRate"), metric_name("prefulfillmentCancelRate")
    ('late_shipment_rate', 'cancellation_rate')
    """
    name = _WORDS.sub("_", key).lower()
    return _NAMES.get(name, name)


def marketplace_code(marketplace: str | None) -> str:
    """
    Our code for Amazon's marketplace id; the id itself where policy does not know it.

    >>> marketplace_code("A1PA6795UKMFR9"), marketplace_code("A0"), marketplace_code(None)
    ('DE', 'A0', '')
    """
    codes = {row["id"]: code for code, row in policy.MARKETPLACES.items()}
    return codes.get(str(marketplace), str(marketplace or ""))


def _range(entry: Entry) -> tuple[date | None, date | None]:
    """First and last day as printed: the report cuts its days itself."""
    days = _dict(entry.get("reportingDateRange"))
    return _day(days.get("reportingDateFrom")), _day(days.get("reportingDateTo"))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text).strip()[:10])
    except ValueError:
        return None


def _count(value: Any) -> int | None:
    return _whole(value.get("count") if isinstance(value, dict) else value)


def _whole(value: Any) -> int | None:
    number = _share(value)
    return int(number) if number is not None and number.is_integer() else None


def _share(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _dict(value: Any) -> Entry:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Entry]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _channel(metric: str) -> str:
    """The channel a metric is about; policy knows which are for seller-fulfilled orders only."""
    text: str = policy.table("targets").get(metric, {}).get("channel", "all")
    return text


def _by_channel(entry: Entry) -> dict[str, Entry]:
    """The parts of a metric that tells the channels apart, or the metric itself as "all"."""
    parts = {key.lower(): part for key, part in entry.items() if isinstance(part, dict)}
    return {name: parts[name] for name in ("mfn", "afn") if name in parts} or {"all": entry}


def _rows(document: Any) -> list[dict[str, Any]]:
    """One row per metric, marketplace and channel."""
    return [
        _row(report.marketplace, metric)
        for report in performance(document, "")
        for metric in (*_odr_metric(report), *report.related)
    ]


def _odr_metric(report: Performance) -> list[Related]:
    """The order defect rate as one metric among others; none if the report does not tell it."""
    told = (report.first, report.orders, report.rate, report.claims, report.negative_feedback)
    if told == (None,) * len(told):
        return []
    return [
        Related(
            name="order_defect_rate",
            channel=report.channel,
            first=report.first,
            last=report.last,
            orders=report.orders,
            events=report.defective,
            rate=report.rate,
            status=report.status,
            target=report.target,
        )
    ]


def _row(marketplace: str, metric: Related) -> dict[str, Any]:
    return {
        "marketplace": marketplace,
        "metric": metric.name,
        "channel": metric.channel,
        "first": metric.first and metric.first.isoformat(),
        "last": metric.last and metric.last.isoformat(),
        "status": metric.status,
    }


_COLUMNS = (
    Column("marketplace", ("marketplace",), "category"),
    Column("metric", ("metric",), "category", need=True),
    Column("channel", ("channel",), "category"),
    Column("first", ("first",), "day"),
    Column("last", ("last",), "day"),
    Column("status", ("status",), "category"),
)
_WHERE = mark(
    "Seller Central > Performance > Account Health, or the seller performance report of the API"
)
_HIDES = mark("Amazon's own window, order count and rate, so nothing can be reconciled")

PERFORMANCE_V2 = Export(
    name="performance_v2",
    title=mark("the seller performance report (V2, JSON)"),
    gives=("performance",),
    columns=_COLUMNS,
    where=_WHERE,
    hides=_HIDES,
    format="json",
    looks=lambda document: bool(_v2_reports(document)),
    records=_rows,
)

PERFORMANCE_V1 = Export(
    name="performance_v1",
    title=mark("the seller performance report (V1, XML)"),
    gives=("performance",),
    columns=_COLUMNS,
    where=_WHERE,
    hides=mark("how many messages were answered in 24 hours, unless the ledger has them"),
    format="xml",
    looks=lambda root: root.tag in ("sellerPerformanceReports", "sellerPerformanceReport"),
    records=_rows,
)

EXPORTS = (PERFORMANCE_V2, PERFORMANCE_V1)
