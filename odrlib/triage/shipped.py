"""Shipped: what the labels and the scans of an order answer, as conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from odrlib.languages import tr
from odrlib.languages.forms import day, listing
from odrlib.policy.states import state_said
from odrlib.triage.candidate import Answer, Condition
from odrlib.triage.gather import Case
from odrlib.triage.parcels import Parcel
from odrlib.triage.routes import words


def label_condition(case: Case) -> Condition:
    """Is the label Claims Protected, and not at risk of late delivery?"""
    name, field = "Claims Protected label", "deliveries.service"
    if any(parcel.at_risk for parcel in case.parcels):
        return Condition(name, "no", tr("the label says Late Delivery Risk"), field)
    says = {
        "yes": tr("the label is Claims Protected"),
        "no": tr("the label is not Claims Protected"),
        "unknown": tr("no file tells whether the label is Claims Protected"),
    }
    answer = _together(case.parcels, lambda parcel: parcel.protected)
    return Condition(name, answer, says[answer], field)


def bought_condition(case: Case) -> Condition:
    """Was the label bought with Buy Shipping?"""
    says = {
        "yes": tr("shipped with a Buy Shipping label"),
        "no": tr("the label was not bought with Buy Shipping"),
        "unknown": tr("no file tells whether the label was bought with Buy Shipping"),
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
        says = (
            tr(
                "the carrier's first scan ({scan}) is by the promised ship time ({ship_by})",
                scan=scan,
                ship_by=ship_by,
            )
            if answer == "yes"
            else tr(
                "the carrier's first scan ({scan}) is after the promised ship time ({ship_by})",
                scan=scan,
                ship_by=ship_by,
            )
        )
    return Condition(
        "first scan on time", answer, says, "deliveries.first_scan_at, orders.promised_ship"
    )


def _not_told(case: Case) -> str:
    if len({parcel.scanned_in_time for parcel in case.parcels}) > 1:
        return tr("not all of its parcels were scanned in time, or not all are told")
    if all(parcel.first_scan is None for parcel in case.parcels):
        return tr("no file tells the carrier's first scan (a ship confirmation is not one)")
    return tr("no file tells the promised ship time")


def _together(parcels: Iterable[Parcel], ask: Callable[[Parcel], bool | None]) -> Answer:
    """The one answer of all parcels; where they differ nobody knows."""
    answers = {ask(parcel) for parcel in parcels}
    if answers == {True}:
        return "yes"
    return "no" if answers == {False} else "unknown"


def _moment(moment: pd.Timestamp | None, timezone: str) -> str:
    if moment is None:
        return ""
    local = moment.tz_convert(timezone)
    return tr("{day}, {time}", day=day(local), time=f"{local:%H:%M}")


def delivered(case: Case) -> tuple[Answer, str]:
    """Does the carrier say delivered? With the clause that says so."""
    for parcel in case.parcels:
        if parcel.delivered is not None or parcel.state == "delivered":
            if parcel.delivered is None:
                return "yes", tr("the carrier says delivered")
            when = _moment(parcel.delivered, case.timezone)
            return "yes", tr("the carrier says delivered on {moment}", moment=when)
    states = {parcel.state for parcel in case.parcels if parcel.state}
    if states and states <= words("delivery", "not_delivered"):
        return "no", tr("the carrier says {states}",
                        states=listing(list(map(state_said, sorted(states)))))  # fmt: skip
    return "unknown", tr("no file tells a delivery")
