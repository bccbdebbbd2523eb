"""The pace: the defects of the last four weeks come again, and the first day over is told."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.pace import DAYS, HORIZON, Forecast, forecast_at_pace, pace_interval
from odrlib.policy import AMAZON
from odrlib.rolloff import roll_off

AS_OF = date(2026, 3, 1)


def orders(a_day, bad, days=90):
    """`a_day` orders a day; `bad` maps (days ago, age at arrival) to so many defective ones."""
    rows = [
        {"day": AS_OF - timedelta(days=ago), "arrived_on": None}
        for ago in range(days)
        for _ in range(a_day)
    ]
    for (ago, age), number in bad.items():
        day = AS_OF - timedelta(days=ago)
        rows += [{"day": day, "arrived_on": day + timedelta(days=age)}] * number
    table = pd.DataFrame(rows).assign(order_id=lambda t: t.index.astype(str))
    table = table.assign(
        day=pd.to_datetime(table["day"]), arrived_on=pd.to_datetime(table["arrived_on"])
    )
    return table.assign(
        claim=table["arrived_on"].notna(),
        defective=table["arrived_on"].notna(),
        defects=table["arrived_on"].notna().astype(int),
        channel="mfn",
    )


def told(table, lag=15, **given):
    ahead = roll_off(table, AMAZON, as_of=AS_OF, lag=lag, unknown=())
    options = {"as_of": AS_OF, "status": "under", "unknown": ()} | given
    return forecast_at_pace(table, ahead, AMAZON, **options), ahead


def by_hand(table, ahead, lag=15):
    """The same day by walking: each recent arrival comes back 1/28 every day, at its own age."""
    recent = [
        (row.arrived_on.date() - row.day.date()).days
        for row in table[table["defective"]].itertuples()
        if 0 <= (AS_OF - row.arrived_on.date()).days < DAYS
    ]
    calendar = ahead.calendar
    for step in range(1, HORIZON + 1):
        row = calendar.iloc[step]
        first, last = row["first"].date(), row["last"].date()
        came = sum(
            first <= AS_OF + timedelta(days=day - age) <= last
            for age in recent
            for day in range(1, step + 1)
        )
        if not AMAZON.under(int(row["defective"]) + came // DAYS, int(row["orders"])):
            return row["day"].date()
    return None


@settings(max_examples=25)
@given(
    bad=st.dictionaries(
        st.tuples(st.integers(0, 80), st.integers(0, 40)), st.integers(1, 3), max_size=6
    ),
    lag=st.integers(0, 20),
)
def test_the_day_is_the_one_that_walking_day_by_day_finds(bad, lag):
    bad = {(ago, min(age, ago)): number for (ago, age), number in bad.items()}
    table = orders(4, bad)
    found, ahead = told(table, lag)

    assert found.breach_on == by_hand(table, ahead, lag)
    assert found.state == ("breach" if found.breach_on else "none")


def test_a_steady_stream_that_keeps_the_limit_stays_inside_it():
    # One order in two hundred turns bad, ten days after it was placed, week in, week out.
    table = orders(20, {(ago, 10): 1 for ago in range(10, 90, 10)})
    found, _ = told(table)

    assert ("none", None) == (found.state, found.breach_on)
    assert 3 == found.arrived


def test_a_burst_of_late_complaints_is_seen_before_it_crosses():
    # Twelve complaints in four weeks, on orders of the window that is counted.
    table = orders(20, {(30 + step, 30): 1 for step in range(12)})
    found, _ = told(table, lag=0)

    assert "breach" == found.state
    assert found.earliest <= found.breach_on
    assert found.latest is None or found.breach_on <= found.latest


@given(st.integers(0, 60))
def test_more_arrivals_never_mean_a_later_earliest_day(number):
    low, high = pace_interval(number)

    assert low <= number <= high
    assert pace_interval(number + 1)[1] > high


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        ({"status": "over"}, "over", ""),
        ({"unknown": ("chargeback",)}, "unknown", "kinds-not-told"),
        ({"status": "unknown"}, "unknown", "standing-unknown"),
    ],
)
def test_what_cannot_be_forecast_says_why(given, state, why):
    found, _ = told(orders(4, {(30, 5): 1}), **given)

    assert (state, why) == (found.state, found.why)
    assert found.breach_on is None


def test_defects_without_a_day_of_arrival_leave_the_pace_unknown():
    table = orders(4, {(30, 5): 2})
    undated = table.assign(arrived_on=pd.NaT)

    assert Forecast("unknown", "arrival-days-not-told") == told(undated)[0]


def test_without_orders_there_is_no_forecast():
    found = forecast_at_pace(orders(1, {})[:0], None, AMAZON, as_of=AS_OF, status="unknown")

    assert Forecast("unknown", "no-orders") == found
