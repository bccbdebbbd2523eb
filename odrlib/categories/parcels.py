"""Parcels: what the scans of a defective order say, against what was promised."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from odrlib import columns
from odrlib.categories.cases import Fields
from odrlib.categories.catalogue import limit, words
from odrlib.categories.records import Records
from odrlib.columns import DAY, HOUR, flags
from odrlib.exports.words import coded
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.related import NOT_SCANNED, SCANNED
from odrlib.tables import groups
from odrlib.tracking_numbers import valid

SILENT = ("unknown",)
AT_THE_DOOR = ("attempt_failed", "pickup", "returning", "returned")
# A number of the postal union ends with the country it comes from.
_POSTAL = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")


def parcel_signs(cases: Fields, history: pd.DataFrame, records: Records) -> Fields:
    """
    What the parcel of each case says: the fields from `unscanned` to `value_top` of fields.toml.

    Parameters
    ----------
    cases : the fields of `cases`
    history : all orders, which tell used numbers and dear orders
    records : shipments, where given, tell who signed
    """
    return {
        **_states(cases["tracking_state"]),
        **_hand_over(cases, records.timezone),
        **_delivery(cases, records.timezone),
        "number_wrong": _number_wrong(cases),
        **_reused(cases["tracking_number"], history),
        "never_shipped": _never_shipped(cases, history, records),
        "value_top": _value_top(cases, history),
        "signed": _signed(cases["order_id"], records.shipments),
        "abroad": _abroad(cases),
    }


def _states(states: list[str | None]) -> Fields:
    def among(wanted: Collection[str], told: Collection[str] = ()) -> list[bool | None]:
        return [
            None if state is None or state in SILENT or (told and state not in told)
            else state in wanted
            for state in states
        ]  # fmt: skip

    return {
        "unscanned": among(NOT_SCANNED, told=(*NOT_SCANNED, *SCANNED)),
        "lost": among(("lost", "expired")),
        "damaged_on_the_way": among(("damaged",)),
        "held_by_customs": among(("customs",)),
        "not_handed_over": among(AT_THE_DOOR),
    }


def _hand_over(cases: Fields, timezone: str) -> Fields:
    """Late by our own confirmation, or by a first scan that came long after it."""
    promised = columns.deadline(cases["promised_ship"], timezone)
    ship = (cases["shipped_at"] - promised) / HOUR
    scan = (cases["first_scan_at"] - promised) / HOUR
    gap = (cases["first_scan_at"] - cases["shipped_at"]) / HOUR
    too_long = np.where(np.isnan(gap), scan, gap) > limit("scan_gap_hours")
    by_scan = (scan > 0) & too_long
    known = ~np.isnan(ship)
    told = zip(ship.tolist(), by_scan.tolist(), scan.tolist(), gap.tolist(), strict=True)
    return {
        "handed_over_late": flags((ship > 0) | by_scan, known | ~np.isnan(scan)),
        "handed_over_late_says": [_handed_over(*row) for row in told],
        "confirmed_in_time": flags(ship <= 0, known),
    }


def _handed_over(ship: float, by_scan: bool, scan: float, gap: float) -> str:
    """The hand-over of one parcel in words; all in hours after the promise, or between scans."""
    if ship > 0:
        return tr("shipped {time} after the promised ship time", time=hours(ship))
    if not by_scan:
        return tr("handed over in time")
    if np.isnan(gap):
        return tr("first scan {time} after the promised ship time", time=hours(scan))
    return tr(
        "first scan {time} after the promised ship time, {between} after the confirmation",
        time=hours(scan),
        between=hours(gap),
    )


def hours(number: float) -> str:
    """Hours in words, and days from two of them on: 30 hours, 3 days."""
    return count(round(number), "hour") if number < 48 else count(round(number / 24), "day")


def _delivery(cases: Fields, timezone: str) -> Fields:
    on, delivered = cases["on"], cases["delivered_at"]
    late = np.ceil((delivered - columns.deadline(cases["promised_delivery"], timezone)) / DAY)
    arrived = columns.days(delivered, timezone)
    after_promise = (on - columns.days(cases["promised_delivery"], timezone)) / DAY
    # Without a delivery scan only a tracker that says where the parcel is proves it not there.
    elsewhere = [
        state is not None and state not in ("delivered", *SILENT, *NOT_SCANNED)
        for state in cases["tracking_state"]
    ]
    out = np.isnat(delivered) & np.array(elsewhere, dtype=bool) & (after_promise > 0)
    older = (cases["shipped_at"] - delivered) / HOUR
    older = np.where(np.isnan(older), (cases["ordered_at"] - delivered) / HOUR, older)
    return {
        "delivered_first": flags(arrived <= on, ~np.isnat(arrived) & ~np.isnat(on)),
        "days_from_delivery": (on - arrived) / DAY,
        "days_after_promise": after_promise,
        "days_late": late,
        "in_time": flags(late <= 0, ~np.isnan(late)),
        "overdue_days": np.where(out, after_promise, np.nan),
        "delivered_before_shipped": flags(older > limit("before_shipped_hours"), ~np.isnan(older)),
        "delivered_before_shipped_says": [
            tr("delivered {time} before it was shipped", time=hours(gap)) if gap > 0 else ""
            for gap in older.tolist()
        ],
    }


def _number_wrong(cases: Fields) -> list[bool | None]:
    """What the carrier has scanned is its own number, whatever its check digit says."""
    scanned = ~np.isnat(cases["first_scan_at"]) | ~np.isnat(cases["delivered_at"])
    right = [None if number is None else valid(number) for number in cases["tracking_number"]]
    return [
        False if seen or state in SCANNED or good else None if good is None else True
        for seen, state, good in zip(scanned.tolist(), cases["tracking_state"], right, strict=True)
    ]


def _reused(numbers: list[str | None], history: pd.DataFrame) -> Fields:
    """
    Is each number also that of another order, of another place or another week?

    One parcel may hold two orders of a buyer; those go to one place on one day.
    """
    used = _used(numbers, history)
    flag, says = [], []
    for number in numbers:
        orders, places, days = used.get(number or "", (0, 0, 0.0))
        reused = orders > 1 and (places > 1 or days > limit("reused_days"))
        flag.append(reused if orders else None)
        says.append(
            tr(
                "one tracking number on {orders} to {places}",
                orders=count(orders, "order"),
                places=count(places, "place"),
            )
            if reused
            else tr("tracking number used once")
        )
    return {"number_reused": flag, "number_reused_says": says}


def _used(numbers: list[str | None], history: pd.DataFrame) -> dict[str, tuple[int, int, float]]:
    """For each number its orders, their places, and the days between the first and last of them."""
    rows = columns.rows_of(history["tracking_number"], filter(None, numbers))
    taken = {
        name: history[name].array.take(rows)
        for name in ("tracking_number", "order_id", "country", "state", "shipped_at")
    }
    codes, names = coded(taken["tracking_number"])
    number = codes.astype(np.int64)
    country, state = (coded(taken[name])[0].astype(np.int64) for name in ("country", "state"))
    place = np.where((country < 0) | (state < 0), -1, country * (state.max(initial=0) + 1) + state)

    def different(values: np.ndarray) -> list[int]:
        """How many different values, other than -1, each number has."""
        width = values.max(initial=0) + 1
        pairs = np.unique((number * width + values)[values >= 0])
        found: list[int] = np.bincount(pairs // width, minlength=len(names)).tolist()
        return found

    at, apart = columns.moments(taken["shipped_at"]), np.zeros(len(names))
    known = np.flatnonzero(~np.isnat(at))
    order = known[np.lexsort((at[known], number[known]))]
    first, last = groups(number[order])
    apart[number[order[first]]] = (at[order[last]] - at[order[first]]) / DAY
    orders = different(pd.factorize(taken["order_id"])[0])
    return dict(zip(names, zip(orders, different(place), apart.tolist(), strict=True), strict=True))


def _never_shipped(cases: Fields, history: pd.DataFrame, records: Records) -> list[bool | None]:
    """No parcel after the promised time: an answer only where the files know parcels widely."""
    codes, channels = coded(history["channel"])
    # A cancelled order may well have no parcel.
    asked = ~history["cancelled"].to_numpy(bool, na_value=False) & (codes >= 0)
    shipped = history["shipped_at"].notna().to_numpy()
    size = len(channels)
    share = np.bincount(codes[asked & shipped], minlength=size) / np.maximum(
        1, np.bincount(codes[asked], minlength=size)
    )
    known = {channel for channel, part in zip(channels, share, strict=True)
             if part >= limit("known_share")}  # fmt: skip
    widely = np.array([channel in known for channel in cases["channel"]], dtype=bool)
    moved = np.array([number is not None for number in cases["tracking_number"]], dtype=bool)
    for name in ("shipped_at", "first_scan_at", "delivered_at"):
        moved |= ~np.isnat(cases[name])
    promised, by = columns.days(cases["promised_ship"], records.timezone), cases["on"]
    if records.as_of is not None:
        by = np.where(np.isnat(by), np.datetime64(records.as_of, "us"), by)
    due = ~np.isnat(promised) & ~np.isnat(by)
    return flags(~moved & (promised < by), due & (moved | widely))


def _value_top(cases: Fields, history: pd.DataFrame) -> list[bool | None]:
    """Is the order dearer than nine in ten of its currency?"""
    codes, currencies = coded(history["currency"])
    value, asked = columns.numbers(history["value"].array), set(cases["currency"])
    edges = {
        currency: _quantile(value[(codes == code) & (value > 0)], limit("value_share"))
        for code, currency in enumerate(currencies)
        if currency in asked
    }
    edge = np.array([edges.get(currency, np.nan) for currency in cases["currency"]])
    return flags(cases["value"] > edge, ~np.isnan(edge) & (cases["value"] > 0))


def _quantile(values: np.ndarray, share: float) -> float:
    """The value below which this share of the values is; nan without any."""
    if not len(values):
        return np.nan
    last = len(values) - 1
    low = int(share * last)
    near = np.partition(values, (low, min(low + 1, last)))
    return float(near[low] + (near[min(low + 1, last)] - near[low]) * (share * last - low))


def _signed(order_ids: list[str], shipments: pd.DataFrame | None) -> list[bool | None]:
    """Was any parcel of the order signed for?"""
    if shipments is None or "signed" not in shipments.columns:
        return [None] * len(order_ids)
    rows = columns.rows_of(shipments["order_id"], order_ids)
    found: dict[str | None, bool] = {}
    for order_id, signed in zip(
        columns.words(shipments["order_id"].array.take(rows)),
        columns.marks(shipments["signed"].array.take(rows)),
        strict=True,
    ):
        if signed is not None:
            found[order_id] = found.get(order_id, False) or signed
    return [found.get(order_id) for order_id in order_ids]


def _abroad(cases: Fields) -> list[bool | None]:
    """A postal number names the country it comes from; some carriers only cross borders."""
    border = set(words("border_carriers"))
    return [
        _crossed((number or "").upper(), country, (carrier or "").casefold() in border)
        for number, country, carrier in zip(
            cases["tracking_number"], cases["country"], cases["carrier"], strict=True
        )
    ]


def _crossed(number: str, country: str | None, by_border_carrier: bool) -> bool | None:
    if country is not None and _POSTAL.fullmatch(number):
        home = country.upper()
        return number[-2:] != ("GB" if home == "UK" else home)
    return True if by_border_carrier and country != "CN" else None
