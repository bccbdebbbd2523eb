"""Parcels: what the files tell of the label, the scans and the delivery of each order's parcels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from odrlib.related import deadline
from odrlib.stacks import UTC
from odrlib.triage.routes import words
from odrlib.triage.rows import Row, by_order

_COLUMNS = (
    "tracking_number", "service", "protected", "first_scan_at", "promised_ship", "delivered_at",
    "tracking_state", "signed",
)  # fmt: skip


@dataclass(frozen=True)
class Parcel:
    """
    What the files tell of a parcel; None where they tell nothing.

    Parameters
    ----------
    protected, bought : the label is Claims Protected; it was bought with Buy Shipping
    at_risk : the label says Late Delivery Risk
    ship_by : last moment of the promised ship day, UTC
    state : of the tracker, one of `policy.TRACKING_STATES`
    """

    protected: bool | None
    bought: bool | None
    at_risk: bool
    first_scan: pd.Timestamp | None
    ship_by: pd.Timestamp | None
    delivered: pd.Timestamp | None
    state: str | None
    signed: bool | None

    @property
    def scanned_in_time(self) -> bool | None:
        """Was the carrier's first scan by the promised ship day? None if one of them is missing."""
        if self.first_scan is None or self.ship_by is None:
            return None
        return bool(self.first_scan <= self.ship_by)


def parcels_of(
    shipments: pd.DataFrame | None, promised: Mapping[str, Any], ids: Iterable[str], timezone: str
) -> dict[str, tuple[Parcel, ...]]:
    """The parcels of each order, by tracking number; `promised` is what the order files say."""
    told = by_order(shipments, ids, _COLUMNS)
    every = [row for rows in told.values() for row in rows]
    ends = _ends([row["promised_ship"] for row in every], timezone)
    for row, end in zip(every, ends, strict=True):
        row["ship_by"] = end
    last = dict(zip(promised, _ends(promised.values(), timezone), strict=True))
    return {
        name: tuple(_parcel(rows, last.get(name)) for rows in _by_number(told.get(name, [{}])))
        for name in {**promised, **told}
    }


def _ends(promised: Iterable[pd.Timestamp | None], timezone: str) -> list[pd.Timestamp | None]:
    """The last moment of each promised ship day."""
    moments = deadline(pd.Series(list(promised), dtype=UTC), timezone)
    return [None if pd.isna(moment) else moment for moment in moments]


def _by_number(rows: list[Row]) -> list[list[Row]]:
    """The rows of each parcel; one without a number tells of the only parcel, if there is one."""
    numbers = {row.get("tracking_number") for row in rows} - {None}
    if len(numbers) <= 1:
        return [rows]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["tracking_number"] or "", []).append(row)
    return [groups[number] for number in sorted(groups)]


def _parcel(rows: list[Row], promised: pd.Timestamp | None) -> Parcel:
    """One parcel out of its rows, the most believed of which stands last."""
    services = [str(row["service"]).casefold() for row in rows if row.get("service") is not None]
    at_risk = _any_of(services, "at_risk")
    # The deliveries ledger tells the label of a row only where it names the service.
    label = _last([row for row in rows if row.get("service") is not None], "protected")
    return Parcel(
        protected=label,
        bought=True if label or at_risk or _any_of(services, "buy_shipping") else label,
        at_risk=at_risk,
        first_scan=_last(rows, "first_scan_at"),
        ship_by=_last(rows, "ship_by") if promised is None else promised,
        delivered=_last(rows, "delivered_at"),
        state=_last(rows, "tracking_state"),
        signed=_last(rows, "signed"),
    )


def _any_of(services: list[str], label: str) -> bool:
    return any(word in service for service in services for word in words("label", label))


def _last(rows: list[Row], name: str) -> Any:
    return next((row[name] for row in reversed(rows) if row.get(name) is not None), None)
