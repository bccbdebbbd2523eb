"""Shipped: what the labels and the scans of an order answer, as conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from odrlib.triage.candidate import Answer, Condition
from odrlib.triage.gather import Case
from odrlib.triage.parcels import Parcel
from odrlib.triage.routes import words


def label_condition(case: Case) -> Condition:
    """Is the label Claims Protected, and not at risk of late delivery?"""
    name, field = "Claims Protected label", "deliveries.service"
    if any(parcel.at_risk for parcel in case.parcels):
        return Condition(name, "no", "the label says Late Delivery Risk", field)
    says = {
        "yes": "the label is Claims Protected",
        "no": "the label is not Claims Protected",
        "unknown": "no file tells whether the label is Claims Protected",
    }
    answer = _together(case.parcels, lambda parcel: parcel.protected)
    return Condition(name, answer, says[answer], field)


def bought_condition(case: Case) -> Condition:
    """Was the label bought with Buy Shipping?"""
    says = {
        "yes": "shipped with a Buy Shipping label",
        "no": "the label was not bought with Buy Shipping",
        "unknown": "no file tells whether the label was bought with Buy Shipping",
    }
    answer = _together(case.parcels, lambda parcel: parcel.bought)
    return Condition("Buy Shipping label", answer, says[answer], "deliveries.service")


def scan_condition(case: Case) -> Condition:
    """Was the carrier's first scan by the promised ship day? The confirmation does not count."""
    answer = _together(case.parcels, lambda parcel: parcel.scanned_in_time)
    if answer == "unknown":
        says = _not_told(case)
    else:
        shown = case.parcels[0]
        scan, ship_by = (_moment(one, case.timezone) for one in (shown.first_scan, shown.ship_by))
        where = "by" if answer == "yes" else "after"
        says = f"the carrier's first scan ({scan}) is {where} the promised ship time ({ship_by})"
    return Condition(
        "first scan on time", answer, says, "deliveries.first_scan_at, orders.promised_ship"
    )


def _not_told(case: Case) -> str:
    if len({parcel.scanned_in_time for parcel in case.parcels}) > 1:
        return "not all of its parcels were scanned in time, or not all are told"
    if all(parcel.first_scan is None for parcel in case.parcels):
        return "no file tells the carrier's first scan (a ship confirmation is not one)"
    return "no file tells the promised ship time"


def _together(parcels: Iterable[Parcel], ask: Callable[[Parcel], bool | None]) -> Answer:
    """The one answer of all parcels; where they differ nobody knows."""
    answers = {ask(parcel) for parcel in parcels}
    if answers == {True}:
        return "yes"
    return "no" if answers == {False} else "unknown"


def _moment(moment: pd.Timestamp | None, timezone: str) -> str:
    return "" if moment is None else f"{moment.tz_convert(timezone):%Y-%m-%d %H:%M}"


def delivered(case: Case) -> tuple[Answer, str]:
    """Does the carrier say delivered? With the clause that says so."""
    for parcel in case.parcels:
        if parcel.delivered is not None or parcel.state == "delivered":
            when = f" on {_moment(parcel.delivered, case.timezone)}" if parcel.delivered else ""
            return "yes", f"the carrier says delivered{when}"
    states = {parcel.state for parcel in case.parcels if parcel.state}
    if states and states <= words("delivery", "not_delivered"):
        return "no", f"the carrier says {', '.join(sorted(states)).replace('_', ' ')}"
    return "unknown", "no file tells a delivery"
