"""Since when the rate is what it is: stories of shops whose days one can count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from causes.daily import as_orders, quiet
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes import Cause
from odrlib.causes.changes import CHANGES, SEARCHED, changes_of_causes, rate_changes
from odrlib.errors import BadParameter

few = settings(max_examples=25, derandomize=True)
FIRST = pd.Timestamp("2026-01-01")


def shop(days: int = 80, **columns) -> pd.DataFrame:
    """Fifty orders a day, every second with DHL; every 200th is defective."""
    number = np.arange(days * 50)
    orders = pd.DataFrame(
        {
            "day": FIRST + pd.to_timedelta(number // 50, unit="D"),
            "carrier": np.where(number % 2 == 0, "DHL", "UPS"),
            "defective": number % 200 == 0,
        }
    ).assign(**columns)
    return orders.assign(shipped_at=(orders["day"] + pd.Timedelta(hours=30)).dt.tz_localize("UTC"))


def spoil(orders: pd.DataFrame, rows, every: int = 10) -> pd.DataFrame:
    """The same orders, with a defect at every n-th of `rows`."""
    chosen = orders.index[rows]
    return orders.assign(defective=orders["defective"] | orders.index.isin(chosen[::every]))


def cause(**where) -> Cause:
    return Cause(where, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def days_of(changes: pd.DataFrame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in changes["on"]]


@pytest.fixture
def ups_spoiled() -> pd.DataFrame:
    """From day 40 (10 February) on, every tenth parcel of UPS goes wrong."""
    orders = shop()
    return spoil(orders, (orders["carrier"] == "UPS") & (orders["day"] >= "2026-02-10"))


def test_a_change_is_told_with_its_day_and_both_levels(ups_spoiled):
    (change,) = rate_changes(ups_spoiled).to_dict("records")

    assert pd.Timestamp("2026-02-10") == change["on"]
    assert change["earliest"] <= change["on"] <= change["latest"]
    assert "up" == change["direction"]
    assert (2_000, 10, 2_000, 110) == tuple(
        change[f"{name}_{side}"] for side in ("before", "after") for name in ("orders", "defective")
    )
    assert (0.005, 0.055) == (change["rate_before"], change["rate_after"])
    assert change["low_after"] < 0.055 < change["high_after"]
    assert change["p_value"] < 1e-6
    assert (
        "The rate of all orders rose from 0.50% (10 of 2,000 orders) to 5.50% (110 of 2,000 orders)"
        " on 10 February 2026 (between 9 February and 10 February with 95% certainty) by order "
        "day." == change["said"]
    )


def test_the_innocent_carrier_has_no_change(ups_spoiled):
    assert 1 == len(rate_changes(ups_spoiled, {"carrier": "UPS"}))
    assert 0 == len(rate_changes(ups_spoiled, {"carrier": "DHL"}))


def test_a_bad_fortnight_goes_up_and_down_again():
    orders = shop(120)
    bad = spoil(orders, orders["day"].between("2026-02-10", "2026-02-23"))
    changes = rate_changes(bad)

    assert ["2026-02-10", "2026-02-24"] == days_of(changes)
    assert ["up", "down"] == changes["direction"].tolist()
    assert changes["last"].iloc[0] == pd.Timestamp("2026-02-23")
    assert not changes["immature"].any()


def test_by_ship_day_a_change_in_the_warehouse_is_crisp():
    """Parcels leave one to three days after the order; all that left from 15 February on suffer."""
    orders = shop()
    wait = pd.to_timedelta(1 + orders.index % 3, unit="D")
    orders["shipped_at"] = (orders["day"] + wait).dt.tz_localize("UTC")
    bad = spoil(orders, orders["shipped_at"] >= "2026-02-15", every=8)
    (by_ship,) = rate_changes(bad, clock="ship day").to_dict("records")
    (by_order,) = rate_changes(bad).to_dict("records")

    assert pd.Timestamp("2026-02-15") == by_ship["on"] == by_ship["earliest"]
    assert by_order["on"] < by_ship["on"]
    assert by_order["earliest"] < by_order["latest"]


def test_ship_days_are_cut_in_the_timezone_of_the_store():
    orders = shop()
    orders["shipped_at"] = (orders["day"] + pd.Timedelta(hours=20)).dt.tz_localize("UTC")
    bad = spoil(orders, orders["day"] >= "2026-02-10")

    assert ["2026-02-10"] == days_of(rate_changes(bad, clock="ship day"))
    assert ["2026-02-11"] == days_of(rate_changes(bad, clock="ship day", timezone="Asia/Tokyo"))


def test_a_fall_at_the_end_may_be_defects_still_to_come():
    orders = shop(100)
    late = spoil(orders, orders["day"] < "2026-03-20", every=20)
    (change,) = rate_changes(late).to_dict("records")

    assert ("down", True) == (change["direction"], change["immature"])
    assert change["said"].endswith("Defects still to come may undo this fall.")


def test_what_is_still_to_come_is_no_fall_when_it_is_known_how_much():
    """One order in ten is bad at all times, but of the last 30 days only half are known yet."""
    orders = shop(100).assign(defective=lambda t: t.index % 10 == 0)
    late = orders["day"] >= FIRST + pd.Timedelta(days=70)
    orders["defective"] &= ~late | (orders.index % 20 == 0)
    share = pd.Series(1.0, index=pd.date_range(FIRST, periods=100))
    share.iloc[70:] = 0.5

    assert [("down", True)] == list(
        rate_changes(orders)[["direction", "immature"]].itertuples(index=False, name=None)
    )
    assert 0 == len(rate_changes(orders, arrived=share))


def test_where_not_all_have_arrived_the_counts_are_so_far():
    orders = shop()
    bad = spoil(orders, orders["day"] >= "2026-02-10", every=20)
    share = pd.Series(1.0, index=pd.date_range(FIRST, periods=80))
    share.iloc[40:] = 0.5
    (change,) = rate_changes(bad, arrived=share).to_dict("records")

    assert change["rate_after"] == pytest.approx(2 * change["defective_after"] / 2_000)
    assert "so far)" in change["said"]
    assert not change["immature"]


def test_what_has_arrived_may_be_told_order_by_order():
    orders = shop()
    bad = spoil(orders, orders["day"] >= "2026-02-10", every=20)
    by_day = pd.Series(0.8, index=pd.date_range(FIRST, periods=80))
    by_order = pd.Series(0.8, index=pd.DatetimeIndex(orders["day"]))

    pd.testing.assert_frame_equal(
        rate_changes(bad, arrived=by_day), rate_changes(bad, arrived=by_order)
    )


def test_days_of_which_hardly_anything_has_arrived_are_left_out():
    share = pd.Series(1.0, index=pd.date_range(FIRST, periods=80))
    share.iloc[-10:] = 0.2
    asked = changes_of_causes(shop(), [], arrived=share).searched

    assert pd.Timestamp("2026-03-11") == asked["last"].iloc[0]


def test_nothing_after_the_last_day_is_used(ups_spoiled):
    asked = changes_of_causes(ups_spoiled, [], last=date(2026, 2, 8))

    assert 0 == len(asked.changes)
    assert pd.Timestamp("2026-02-08") == asked.searched["last"].iloc[0]


def test_a_slice_that_began_is_new_from_its_first_order():
    orders = shop()
    new = (orders["day"] >= "2026-02-10") & (orders.index % 5 == 0)
    orders = spoil(orders.assign(carrier=orders["carrier"].mask(new, "China Post")), new)
    (change,) = rate_changes(orders, {"carrier": "China Post"}).to_dict("records")

    assert ("new", 0) == (change["direction"], change["orders_before"])
    assert np.isnan(change["rate_before"])
    assert (
        "carrier China Post is new: its first order is of 10 February 2026 by order day. "
        "Its rate has been 10.00% (40 of 400 orders)." == change["said"]
    )


def test_a_file_that_begins_later_makes_no_carrier_new(ups_spoiled):
    known = ups_spoiled["day"] >= "2026-02-01"
    orders = ups_spoiled.assign(carrier=ups_spoiled["carrier"].where(known))

    assert ["up"] == rate_changes(orders, {"carrier": "UPS"})["direction"].tolist()


def test_what_became_of_an_order_is_never_new():
    orders = shop()
    late = orders["day"] >= "2026-02-10"
    orders = spoil(orders.assign(delivered_late=np.where(late, "yes", "no")), late)

    assert 0 == len(rate_changes(orders, {"delivered_late": "yes"}))


def test_a_missing_value_is_a_level(ups_spoiled):
    unknown = ups_spoiled.assign(
        carrier=ups_spoiled["carrier"].mask(ups_spoiled["carrier"] == "UPS")
    )
    changes = rate_changes(unknown, {"carrier": None})

    assert ["carrier = unknown"] == changes["slice"].tolist()
    assert ["2026-02-10"] == days_of(changes)


def test_causes_are_asked_without_their_weeks_and_once_each(ups_spoiled):
    causes = [
        cause(carrier="UPS"),
        cause(carrier="UPS", order_week="2026-W08"),
        cause(order_week="2026-W08"),
    ]
    asked = changes_of_causes(ups_spoiled, causes).searched

    assert [
        ("all orders", "order day"),
        ("all orders", "ship day"),
        ("carrier = UPS", "order day"),
        ("carrier = UPS", "ship day"),
    ] == list(zip(asked["slice"], asked["clock"], strict=True))


def test_more_questions_make_a_change_less_sure(ups_spoiled):
    one = rate_changes(ups_spoiled)["p_value"].item()
    six = changes_of_causes(ups_spoiled, [cause(carrier="UPS"), cause(carrier="DHL")]).changes

    assert six["p_value"].iloc[0] == pytest.approx(6 * one)


def test_described_columns_may_stand_apart(ups_spoiled):
    apart = ups_spoiled[["carrier"]].astype("category")
    changes = changes_of_causes(
        ups_spoiled.drop(columns="carrier"), [cause(carrier="UPS")], apart
    ).changes

    assert {"all orders", "carrier = UPS"} == set(changes["slice"])
    with pytest.raises(BadParameter, match="index"):
        changes_of_causes(ups_spoiled, [], apart.iloc[1:])


def test_of_a_cause_whose_column_is_not_there_nothing_is_known(ups_spoiled):
    asked = changes_of_causes(ups_spoiled, [cause(days_late="7 days or more")])

    assert "days late = 7 days or more" not in set(asked.changes["slice"])
    assert (
        "The rate of orders 7 or more days late by order day is unknown: delay is "
        "not known of these orders." == asked.searched["said"].iloc[2]
    )


def test_no_change_is_told_with_what_would_have_been_seen():
    (asked,) = changes_of_causes(shop(200), [], clocks=("order day",)).searched.to_dict("records")

    assert (200, 10_000, 50, 0) == tuple(
        asked[name] for name in ("days", "orders", "defective", "changes")
    )
    assert 0.015 < asked["visible"] < 0.03
    assert (
        "The rate of all orders by order day shows no change from 1 January to 19 July 2026; "
        f"a rise to {asked['visible']:.2%} in the last 30 days would very likely have been seen."
        == asked["said"]
    )


def test_too_few_orders_show_nothing_and_that_is_said():
    said = changes_of_causes(shop(80).iloc[::100], [], clocks=("order day",)).searched["said"]

    assert [
        "The rate of all orders by order day shows no change from 1 January to 20 March 2026, but "
        "20 defects in 40 orders are too few to see one."
    ] == said.tolist()


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        (shop().drop(columns="shipped_at"), "no file says when parcels were shipped"),
        (
            shop().assign(shipped_at=lambda t: t["shipped_at"].where(t.index % 3 == 0)),
            "the ship day is known of less than half of the orders",
        ),
        (
            shop().assign(
                shipped_at=lambda t: t["shipped_at"].where(t["defective"] | (t.index % 5 < 3))
            ),
            "the ship day is known of defective orders much more often than of others",
        ),
        (shop().iloc[:0], "there are no orders"),
    ],
)
def test_without_ship_days_their_rate_is_unknown_not_steady(orders, reason):
    if reason == "there are no orders":
        asked = changes_of_causes(orders, [], clocks=("order day",)).searched
    else:
        asked = changes_of_causes(orders, [], clocks=("ship day",)).searched

    assert 0 == asked["days"].item()
    assert asked["said"].item().endswith(f"is unknown: {reason}.")


def test_ship_days_are_used_from_when_they_are_known():
    """Before the tracker's file begins only parcels that were complained about are known."""
    orders = shop(120)
    known = (orders["day"] >= "2026-03-01") | orders["defective"]
    asked = changes_of_causes(
        orders.assign(shipped_at=orders["shipped_at"].where(known)), [], clocks=("ship day",)
    )

    assert 0 == len(asked.changes)
    assert abs(asked.searched["first"].item() - pd.Timestamp("2026-03-01")) <= pd.Timedelta("8D")


def test_misuse_is_told():
    with pytest.raises(BadParameter, match="no clock 'week'"):
        rate_changes(shop(), clock="week")
    with pytest.raises(BadParameter, match="no column 'city'"):
        rate_changes(shop(), {"city": "Berlin"})
    with pytest.raises(BadParameter, match="no column 'claim'"):
        rate_changes(shop(), target="claim")
    with pytest.raises(BadParameter, match="no column 'day'"):
        rate_changes(shop().drop(columns="day"))
    with pytest.raises(BadParameter, match="0 and 1"):
        rate_changes(shop().assign(defective=2))
    with pytest.raises(BadParameter, match="q is 1"):
        rate_changes(shop(), q=1)
    with pytest.raises(BadParameter, match="nothing of 4 January 2026"):
        rate_changes(shop(), arrived=pd.Series(1.0, index=pd.date_range(FIRST, periods=3)))
    with pytest.raises(BadParameter, match="0 to 1"):
        rate_changes(shop(), arrived=pd.Series(7.0, index=pd.date_range(FIRST, periods=80)))


def test_tables_without_rows_have_their_columns():
    nothing = changes_of_causes(shop().iloc[:0], [])

    assert list(CHANGES) == list(nothing.changes.columns)
    assert list(SEARCHED) == list(nothing.searched.columns)
    assert "datetime64[us]" == str(nothing.changes["on"].dtype)


@few
@given(st.integers(0, 10**6), st.integers(10, 70), st.integers(4, 30))
def test_the_order_of_the_rows_says_nothing(seed, start, every):
    orders = shop()
    bad = spoil(orders, orders["day"] >= FIRST + pd.Timedelta(days=start), every)
    rows = np.random.default_rng(seed).permutation(len(bad))

    pd.testing.assert_frame_equal(rate_changes(bad), rate_changes(bad.iloc[rows]))


@few
@given(st.integers(1, 400), st.integers(1, 60), st.integers(10, 70))
def test_the_calendar_says_nothing(shift, gap, start):
    """All days later, and a gap without orders somewhere: the same change, so many days later."""
    orders = shop()
    bad = spoil(orders, orders["day"] >= FIRST + pd.Timedelta(days=start))
    far = bad["day"] >= FIRST + pd.Timedelta(days=50)
    moved = pd.to_timedelta(np.where(far, shift + gap, shift), unit="D")
    before, after = rate_changes(bad), rate_changes(bad.assign(day=bad["day"] + moved))

    late = before["on"] >= FIRST + pd.Timedelta(days=50)
    expected = before["on"] + pd.to_timedelta(np.where(late, shift + gap, shift), unit="D")
    assert expected.tolist() == after["on"].tolist()
    assert before["p_value"].tolist() == after["p_value"].tolist()


@few
@given(st.integers(0, 10**6))
def test_a_change_is_of_the_orders_that_were_counted(seed):
    rng = np.random.default_rng(seed)
    days = quiet(rng, 30, 0.01, 90)
    days.defective[45:] = rng.binomial(days.orders[45:], 0.06)
    orders = as_orders(days)
    changes = rate_changes(orders)

    for row in changes.to_dict("records"):
        inside = orders[orders["day"].between(row["first"], row["last"])]
        after = inside["day"] >= row["on"]
        assert (row["orders_after"], row["orders_before"]) == (after.sum(), (~after).sum())
        assert row["defective_after"] == inside["defective"][after].sum()
        assert row["defective_before"] == inside["defective"][~after].sum()
        assert row["p_value"] <= 0.01 + 1e-9
