"""What one knows of an order, put into words."""

from __future__ import annotations

import pandas as pd
import pytest

from odrlib.causes import CANDIDATES, attributes


def utc(*moments: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series(moments), utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )


@pytest.fixture
def four_orders() -> pd.DataFrame:
    """Four orders of one week: in time, two days late, never scanned, and untracked."""
    ordered = utc("2026-02-02", "2026-02-03", "2026-02-04", "2026-02-20")
    return pd.DataFrame(
        {
            "order_id": ["a", "b", "c", "d"],
            "ordered_at": ordered,
            "day": ordered.dt.tz_localize(None),
            "channel": pd.Categorical(["mfn"] * 4),
            "sku": ["A", "B", "A", "B"],
            "carrier": ["UPS", "UPS", "DHL", "China Post"],
            "skus": [1, 2, 1, 1],
            "quantity": [1, 2, 1, 1],
            "value": [10.0, 20.0, 30.0, 40.0],
            "currency": ["USD"] * 4,
            "tracked": pd.array([True, True, True, False], dtype="boolean"),
            "promised_ship": utc("2026-02-03", "2026-02-04", "2026-02-05", "2026-02-21"),
            "shipped_at": utc("2026-02-03 18:00", "2026-02-06", "2026-02-05", None),
            "promised_delivery": utc("2026-02-09", "2026-02-10", "2026-02-11", "2026-02-27"),
            "delivered_at": utc("2026-02-09 20:00", "2026-02-12 12:00", None, None),
            "defective": [False, True, False, True],
        }
    )


def words(table: pd.DataFrame, column: str) -> list:
    return [None if pd.isna(word) else word for word in table[column]]


def test_a_parcel_is_late_from_the_end_of_the_promised_day(four_orders):
    table = attributes(four_orders)

    assert words(table, "shipped_late") == ["no", "yes", "no", None]


def test_a_tracked_parcel_without_a_delivery_scan_is_late_and_an_untracked_one_unknown(four_orders):
    table = attributes(four_orders)

    assert words(table, "delivered_late") == ["no", "yes", "yes", None]
    assert words(table, "days_late") == ["on time", "1-2 days", "7 days or more", None]


def test_weeks_bands_and_flags_are_words(four_orders):
    table = attributes(four_orders)

    assert words(table, "order_week") == ["2026-W06", "2026-W06", "2026-W06", "2026-W08"]
    assert words(table, "weekday") == ["Monday", "Tuesday", "Wednesday", "Friday"]
    assert words(table, "multi_item") == ["no", "yes", "no", "no"]
    assert words(table, "tracked") == ["yes", "yes", "yes", "no"]
    assert words(table, "price_band") == [
        "under 17.50 USD",
        "17.50-25.00 USD",
        "25.00-32.50 USD",
        "32.50 USD or more",
    ]


def test_a_column_with_one_value_is_left_out_and_every_other_is_a_candidate(four_orders):
    table = attributes(four_orders)

    assert "channel" not in table.columns
    assert list(table.columns[:2]) == ["order_id", "defective"]
    assert set(table.columns[2:]) <= set(CANDIDATES)


def test_what_is_known_of_defective_orders_only_is_left_out(four_orders):
    looked_up = four_orders.assign(carrier=four_orders["carrier"].mask(~four_orders["defective"]))

    assert "carrier" not in attributes(looked_up).columns
    assert "carrier" in attributes(four_orders).columns


def test_a_buyer_who_waited_over_a_day_was_answered_slowly(four_orders):
    messages = pd.DataFrame(
        {
            "order_id": ["a", "a", "b", "b", "c"],
            "at": utc("2026-02-10", "2026-02-10 20:00", "2026-02-10", "2026-02-12", "2026-02-13"),
            "sender": ["buyer", "seller", "buyer", "seller", "buyer"],
        }
    )

    assert words(attributes(four_orders, messages), "slow_answer") == ["no", "yes", "yes", "no"]


def test_a_message_alone_is_no_cause(four_orders):
    messages = pd.DataFrame(
        {
            "order_id": ["a", "b", "b"],
            "at": utc("2026-02-10", "2026-02-10", "2026-02-10 01:00"),
            "sender": ["buyer", "buyer", "seller"],
        }
    )

    assert "slow_answer" not in attributes(four_orders, messages).columns
