"""Parcels: what the scans of a defective order say, against what was promised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.categories.catalogue import limit, words
from odrlib.categories.records import Records
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.related import NOT_SCANNED, SCANNED, deadline
from odrlib.tables import among, order_days
from odrlib.tracking_numbers import valid

DAY = pd.Timedelta(days=1)
HOUR = pd.Timedelta(hours=1)
SILENT = ("unknown",)
AT_THE_DOOR = ("attempt_failed", "pickup", "returning", "returned")


def flags(answers: pd.Series, known: pd.Series) -> pd.Series:
    """Answers as nullable booleans, missing where they are not known."""
    found = pd.array(answers, dtype="boolean", copy=True)
    found[~known.to_numpy(bool)] = pd.NA
    return pd.Series(found, index=answers.index)


def unsaid(known: pd.Series) -> pd.DataFrame:
    """An answer still to be given: `flag` is False, or missing where not known; `says` is empty."""
    says = pd.Series("", index=known.index, dtype="str")
    return pd.DataFrame({"flag": flags(known & False, known), "says": says})


def parcel_signs(cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """
    What the parcel of each case says: the fields from `unscanned` to `value_top` of fields.toml.

    Parameters
    ----------
    cases : the table of `cases`
    records : shipments (who signed) and orders (used numbers, dear orders), where given

    Returns
    -------
    DataFrame with the index of `cases`; unknown is missing
    """
    parts = [
        _states(cases),
        _hand_over(cases, records.timezone),
        _delivery(cases, records.timezone),
        _numbers(cases, records.orders),
        _never_shipped(cases, records),
        _value_top(cases, records.orders),
    ]
    table = pd.concat(parts, axis="columns")
    return table.assign(signed=_signed(cases, records.shipments), abroad=_abroad(cases))


def _states(cases: pd.DataFrame) -> pd.DataFrame:
    state = cases["tracking_state"]
    told = state.notna() & ~state.isin(SILENT)
    return pd.DataFrame(
        {
            "unscanned": flags(
                state.isin(NOT_SCANNED), told & state.isin([*NOT_SCANNED, *SCANNED])
            ),
            "lost": flags(state.isin(["lost", "expired"]), told),
            "damaged_on_the_way": flags(state.eq("damaged"), told),
            "held_by_customs": flags(state.eq("customs"), told),
            "not_handed_over": flags(state.isin(AT_THE_DOOR), told),
        }
    )


def _hand_over(cases: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Late by our own confirmation, or by a first scan that came long after it."""
    promised = deadline(cases["promised_ship"], timezone)
    ship = (cases["shipped_at"] - promised) / HOUR
    scan = (cases["first_scan_at"] - promised) / HOUR
    gap = (cases["first_scan_at"] - cases["shipped_at"]) / HOUR
    too_long = gap.fillna(scan) > limit("scan_gap_hours")
    by_scan = (scan > 0) & too_long
    late = (ship > 0) | by_scan
    says = pd.Series(tr("handed over in time"), index=cases.index, dtype="str")
    says[ship > 0] = [
        tr("shipped {time} after the promised ship time", time=hours(late_by))
        for late_by in ship[ship > 0]
    ]
    says[by_scan & ~(ship > 0)] = [
        tr("first scan {time} after the promised ship time", time=hours(late_by))
        if np.isnan(between)
        else tr(
            "first scan {time} after the promised ship time, {between} after the confirmation",
            time=hours(late_by),
            between=hours(between),
        )
        for late_by, between in zip(
            scan[by_scan & ~(ship > 0)], gap[by_scan & ~(ship > 0)], strict=True
        )
    ]
    return pd.DataFrame(
        {
            "handed_over_late": flags(late, ship.notna() | scan.notna()),
            "handed_over_late_says": says,
            "confirmed_in_time": flags(ship <= 0, ship.notna()),
        }
    )


def hours(number: float) -> str:
    """Hours in words, and days from two of them on: 30 hours, 3 days."""
    return count(round(number), "hour") if number < 48 else count(round(number / 24), "day")


def _delivery(cases: pd.DataFrame, timezone: str) -> pd.DataFrame:
    promised = deadline(cases["promised_delivery"], timezone)
    arrived = order_days(cases["delivered_at"], timezone)
    late = np.ceil((cases["delivered_at"] - promised) / DAY)
    after_promise = (cases["on"] - order_days(cases["promised_delivery"], timezone)) / DAY
    state = cases["tracking_state"]
    # Without a delivery scan only a tracker that says where the parcel is proves it not there.
    out = cases["delivered_at"].isna() & state.notna() & ~state.isin(["delivered", *SILENT])
    out &= ~state.isin(NOT_SCANNED)
    older = (cases["shipped_at"] - cases["delivered_at"]) / HOUR
    older = older.fillna((cases["ordered_at"] - cases["delivered_at"]) / HOUR)
    return pd.DataFrame(
        {
            "delivered_first": flags(arrived <= cases["on"], arrived.notna() & cases["on"].notna()),
            "days_from_delivery": (cases["on"] - arrived) / DAY,
            "days_after_promise": after_promise,
            "days_late": late,
            "in_time": flags(late <= 0, late.notna()),
            "overdue_days": after_promise.where(out & (after_promise > 0)),
            "delivered_before_shipped": flags(older > limit("before_shipped_hours"), older.notna()),
            "delivered_before_shipped_says": [
                tr("delivered {time} before it was shipped", time=hours(gap)) if gap > 0 else ""
                for gap in older
            ],
        },
        index=cases.index,
    )


def _numbers(cases: pd.DataFrame, orders: pd.DataFrame | None) -> pd.DataFrame:
    numbers, states = cases["tracking_number"], cases["tracking_state"]
    right = [None if pd.isna(number) else valid(number) for number in numbers]
    # What the carrier has scanned is its own number, whatever its check digit says.
    scanned = states.isin(SCANNED) | cases[["first_scan_at", "delivered_at"]].notna().any(axis=1)
    wrong = ~pd.Series(right, index=cases.index, dtype="boolean") & ~scanned
    reused = _reused(numbers, orders)
    return pd.DataFrame({"number_wrong": wrong}).join(reused)


def _reused(numbers: pd.Series, orders: pd.DataFrame | None) -> pd.DataFrame:
    """
    Is each number also that of another order, of another place or another week?

    One parcel may hold two orders of a buyer; those go to one place on one day.
    """
    table = pd.DataFrame(
        {
            "number_reused": pd.Series(pd.NA, index=numbers.index, dtype="boolean"),
            "number_reused_says": pd.Series("", index=numbers.index, dtype="str"),
        }
    )
    if orders is None or "tracking_number" not in orders.columns:
        return table
    same = orders.loc[
        among(orders["tracking_number"].astype("str"), numbers.dropna()),
        ["order_id", "tracking_number", "country", "state", "shipped_at"],
    ]
    place = same["country"].astype("str") + "/" + same["state"].astype("str")
    # Numbers in place of words, which are slow to compare.
    group = pd.DataFrame(
        {
            "orders": pd.factorize(same["order_id"])[0],
            "places": np.where(place.isna(), np.nan, pd.factorize(place)[0]),
            "shipped_at": same["shipped_at"].array,
        }
    ).groupby(same["tracking_number"].astype("str").to_numpy(object))
    told = group[["orders", "places"]].nunique()
    apart = (group["shipped_at"].max() - group["shipped_at"].min()) / DAY
    reused = (told["orders"] > 1) & ((told["places"] > 1) | (apart > limit("reused_days")))
    mine = told.assign(reused=reused, apart=apart).reindex(numbers).set_axis(numbers.index)
    table["number_reused"] = flags(mine["reused"].eq(True), mine["reused"].notna())
    table["number_reused_says"] = [
        tr(
            "one tracking number on {orders} to {places}",
            orders=count(int(orders), "order"),
            places=count(int(places), "place"),
        )
        if flag is True
        else tr("tracking number used once")
        for flag, orders, places in zip(
            mine["reused"], mine["orders"].fillna(0), mine["places"].fillna(0), strict=True
        )
    ]
    return table


def _never_shipped(cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """No parcel after the promised time: an answer only where the files know parcels widely."""
    orders = records.orders
    nothing = pd.DataFrame({"never_shipped": pd.Series(pd.NA, index=cases.index, dtype="boolean")})
    if orders is None or "shipped_at" not in orders.columns:
        return nothing
    shipped, channel = orders["shipped_at"].notna(), orders["channel"].astype("str")
    if "cancelled" in orders:
        # A cancelled order may well have no parcel.
        shipped = shipped[~orders["cancelled"].astype(bool)]
    known = shipped.groupby(channel).mean()
    widely = cases["channel"].map(known).ge(limit("known_share")).to_numpy(bool)
    moved = cases[["shipped_at", "first_scan_at", "delivered_at", "tracking_number"]]
    moved = moved.notna().any(axis="columns")
    promised = order_days(cases["promised_ship"], records.timezone)
    by = cases["on"]
    if records.as_of is not None:
        by = by.fillna(pd.Timestamp(records.as_of))
    due = promised.notna() & by.notna()
    return nothing.assign(
        never_shipped=flags(~moved & (promised < by), due & (moved | pd.Series(widely, by.index)))
    )


def _value_top(cases: pd.DataFrame, orders: pd.DataFrame | None) -> pd.DataFrame:
    table = pd.DataFrame({"value_top": pd.Series(pd.NA, index=cases.index, dtype="boolean")})
    if orders is None or not {"value", "currency"}.issubset(orders.columns):
        return table
    dear = orders.loc[orders["value"] > 0, ["currency", "value"]]
    edge = dear.groupby(dear["currency"].astype("str"))["value"].quantile(limit("value_share"))
    mine = cases["currency"].map(edge).astype("float64")
    return table.assign(value_top=flags(cases["value"] > mine, mine.notna() & (cases["value"] > 0)))


def _signed(cases: pd.DataFrame, shipments: pd.DataFrame | None) -> pd.Series:
    if shipments is None or "signed" not in shipments.columns:
        return pd.Series(pd.NA, index=cases.index, dtype="boolean")
    told = shipments[shipments["signed"].notna() & shipments["order_id"].notna()]
    any_signed = told.groupby("order_id")["signed"].any()
    return any_signed.reindex(cases["order_id"]).set_axis(cases.index).astype("boolean")


def _abroad(cases: pd.DataFrame) -> pd.Series:
    """A postal number names the country it comes from; some carriers only cross borders."""
    number = cases["tracking_number"].str.upper()
    postal = number.str.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}").fillna(False).astype(bool)
    home = number.str[-2:].eq(cases["country"].str.upper().replace({"UK": "GB"}))
    crossed = flags(~home.fillna(False).astype(bool), postal & cases["country"].notna())
    carrier = cases["carrier"].str.casefold().isin(words("border_carriers"))
    abroad = carrier & cases["country"].ne("CN").fillna(False).astype(bool)
    return crossed.fillna(abroad.astype("boolean").where(abroad))
