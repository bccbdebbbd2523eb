"""Small orders that one can hold in the head, each healthy but for what a test changes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib.categories import Records, categorise

MOMENT = "datetime64[us, UTC]"
# Ordered on a Monday, shipped the next day, delivered on Friday, two days before the promise.
HEALTHY: dict[str, Any] = {
    "day": "2026-03-02",
    "ordered_at": "2026-03-02 10:00",
    "promised_ship": "2026-03-04 23:59:59",
    "shipped_at": "2026-03-03 12:00",
    "first_scan_at": "2026-03-03 18:00",
    "promised_delivery": "2026-03-08 23:59:59",
    "delivered_at": "2026-03-06 12:00",
    "tracking_state": "delivered",
    "tracking_number": None,
    "tracked": True,
    "channel": "mfn",
    "carrier": "UPS",
    "ship_service": "Ground",
    "country": "US",
    "state": "TX",
    "sku": "KETTLE",
    "asin": "B0KETTLE",
    "supplier": None,
    "warehouse": None,
    "skus": 1,
    "quantity": 1,
    "value": 20.0,
    "currency": "USD",
    "cancelled": False,
    "claim": False,
    "chargeback": False,
    "negative_feedback": False,
    "arrived_on": None,
}
NOT_DELIVERED = {"delivered_at": None, "tracking_state": "in_transit"}
TYPES = {
    **dict.fromkeys(("day", "arrived_on"), "datetime64[us]"),
    **dict.fromkeys(("ordered_at", "promised_ship", "shipped_at", "first_scan_at"), MOMENT),
    **dict.fromkeys(("promised_delivery", "delivered_at"), MOMENT),
    "tracked": "boolean",
    **dict.fromkeys(("value", "skus", "quantity"), "float64"),
}


def moments(*said: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series(said), utc=True, format="ISO8601").astype(MOMENT)


def days(*said: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series(said), format="ISO8601").astype("datetime64[us]")


def orders(*changes: dict[str, Any]) -> pd.DataFrame:
    """One order per set of changes, named a, b, c … unless it names itself."""
    rows = [{"order_id": f"o{number}"} | HEALTHY | change for number, change in enumerate(changes)]
    table = pd.DataFrame(rows)
    for column, kind in TYPES.items():
        if kind == MOMENT:
            table[column] = moments(*table[column])
        elif kind.startswith("datetime"):
            table[column] = days(*table[column])
        else:
            table[column] = table[column].astype(kind)
    return table.astype(dict.fromkeys(("tracking_number", "supplier", "warehouse"), "str"))


def reasons(said: dict[str, tuple[str, ...]], **flags: bool) -> pd.DataFrame:
    """What each order's buyer complains of: themes, the main one first."""
    topics = {"T-INR": "NR", "T-LATE": "NR", "T-DMG": "DP", "T-SERVICE": "CS", "T-WRONG": "DI"}
    rows = [
        {
            "order_id": order,
            "primary": themes[0],
            "topic": topics.get(themes[0], "DQ"),
            "themes": themes,
            "contradiction": False,
            "product_only": pd.NA,
            "says_delivered": False,
        }
        | flags
        for order, themes in said.items()
        if themes
    ]
    columns = ["order_id", "primary", "topic", "themes"]
    flagged = ["contradiction", "product_only", "says_delivered"]
    table = pd.DataFrame(rows, columns=[*columns, *flagged])
    return table.astype(dict.fromkeys(flagged, "boolean"))


def story(
    *themes: str,
    kind: str = "claim",
    on: str | None = "2026-03-14",
    records: Records | None = None,
    flags: dict[str, bool] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The row of one defect: its buyer's themes, its day, and what is odd about the order."""
    table = orders({kind: True, "arrived_on": on} | changes)
    answer = categorise(table, reasons({"o0": themes}, **(flags or {})), records)

    assert len(answer) == 1
    return answer.iloc[0].to_dict()


def messages(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Messages from (order, moment, sender)."""
    return pd.DataFrame(
        {
            "order_id": [row[0] for row in rows],
            "at": moments(*(row[1] for row in rows)),
            "sender": [row[2] for row in rows],
        }
    )


def returns(**changes: Any) -> pd.DataFrame:
    """One return of order o0."""
    row = {
        "order_id": "o0",
        "requested_on": "2026-03-09",
        "reason": None,
        "status": "Approved",
        "refunded": float("nan"),
        "disposition": None,
        "delivered_on": None,
        "in_policy": pd.NA,
        "sku": "KETTLE",
    } | changes
    table = pd.DataFrame([row])
    for column in ("requested_on", "delivered_on"):
        table[column] = days(*table[column])
    return table.astype({"in_policy": "boolean", "reason": "str", "disposition": "str"})


def events(*rows: tuple[str, str, str, str | None, str | None]) -> pd.DataFrame:
    """Events from (date, kind, what, column, value)."""
    table = pd.DataFrame(rows, columns=["date", "kind", "what", "column", "value"])
    return table.assign(date=days(*table["date"]))
