from datetime import date, timedelta
from math import floor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.policy import AMAZON, BRIEF, KINDS
from odrlib.rolloff import roll_off


def table(rows, kinds=KINDS):
    """A defects table from (ISO day, the kinds of defect of that order)."""
    frame = pd.DataFrame(
        {
            "order_id": [f"order-{number}" for number in range(len(rows))],
            "day": pd.Series([day for day, _ in rows], dtype="datetime64[us]"),
        }
    )
    for kind in kinds:
        frame[kind] = pd.Series([kind in had for _, had in rows], dtype=bool)
    return frame.assign(
        defects=frame[list(kinds)].sum(axis="columns").astype("int64"),
        defective=frame[list(kinds)].any(axis="columns"),
    )


def one_a_day(first, last, defective=()):
    """One order a day, with a claim on the named days."""
    days = pd.date_range(first, last).strftime("%Y-%m-%d")
    return table([(day, ["claim"] if day in defective else []) for day in days])


def test_an_order_leaves_with_its_order_day():
    """On 1 June the 31-day window starts on 2 May; on 2 June the order of 2 May is out."""
    defects = one_a_day("2026-04-01", "2026-06-01", defective=["2026-05-02"])

    calendar = roll_off(defects, BRIEF, as_of=date(2026, 6, 1), lag=0).calendar

    assert calendar["defective"].head(2).tolist() == [1, 0]
    assert calendar["leaving"].head(2).tolist() == [[], ["order-31"]]
    assert pd.Timestamp("2026-05-02") == calendar["first"].iloc[0]


def test_back_under_is_the_day_after_the_last_defect_leaves():
    """With one order a day, a single defect is over 1 % until its day is gone."""
    defects = one_a_day("2026-01-01", "2026-06-01", defective=["2026-05-10"])

    forecast = roll_off(defects, AMAZON, as_of=date(2026, 6, 1), last=date(2026, 5, 17))

    # 10 May is the window's first day on 23 July (lag 15, 60 days), and gone on the 24th.
    assert date(2026, 7, 24) == forecast.back_under_limit_on
    assert forecast.breach_on is None


def test_the_rate_must_stay_inside_and_not_only_visit():
    """A defect already known that enters later puts the date off."""
    defects = one_a_day("2026-01-01", "2026-06-01", defective=["2026-03-19", "2026-05-25"])

    forecast = roll_off(defects, AMAZON, as_of=date(2026, 6, 1), last=date(2026, 5, 17))
    visited = forecast.calendar.loc[lambda t: t["under"], "day"].min().date()

    assert date(2026, 6, 2) == visited
    assert date(2026, 8, 8) == forecast.back_under_limit_on


def test_a_denominator_cliff_is_a_breach_without_any_new_defect():
    """200 orders in one old peak day leave; the defect that was 1 in 260 is then 1 in 60."""
    peak = table([("2026-04-03", [])] * 200)
    quiet = one_a_day("2026-04-03", "2026-06-01", defective=["2026-06-01"])
    defects = pd.concat([peak, quiet], ignore_index=True)

    forecast = roll_off(defects, AMAZON, as_of=date(2026, 6, 1), lag=0, orders_per_day=1)

    assert date(2026, 6, 2) == forecast.breach_on
    assert forecast.breach_reason == "orders in the window fall from 260 to 60"
    assert date(2026, 7, 31) == forecast.back_under_limit_on


def test_a_known_newer_defect_that_enters_is_a_breach():
    defects = one_a_day("2026-01-01", "2026-06-01", defective=["2026-05-20"])

    forecast = roll_off(defects, AMAZON, as_of=date(2026, 6, 1), lag=15)

    assert date(2026, 6, 4) == forecast.breach_on
    assert forecast.breach_reason == "defects in the window rise from 0 to 1"
    entering = forecast.calendar.set_index("day")["entering_known"]
    assert entering[pd.Timestamp("2026-06-04")] == ["order-139"]


def test_no_orders_is_unknown_and_never_inside():
    """A closed store's window runs empty: that is not health."""
    defects = one_a_day("2026-05-01", "2026-05-31", defective=["2026-05-03"])

    forecast = roll_off(defects, BRIEF, as_of=date(2026, 5, 31), lag=0, orders_per_day=0)
    last_day = forecast.calendar.iloc[-1]

    assert (last_day["orders"], last_day["under"]) == (0, False)
    assert pd.isna(last_day["rate"])
    assert forecast.back_under_limit_on is None


def test_a_window_that_runs_empty_is_no_breach():
    defects = one_a_day("2026-05-01", "2026-05-31")

    forecast = roll_off(defects, BRIEF, as_of=date(2026, 5, 31), lag=0, orders_per_day=0)

    assert forecast.calendar["under"].iloc[0]
    assert forecast.breach_on is None


def test_exactly_one_percent_passes_the_brief_and_fails_amazon():
    rows = [("2026-05-31", ["claim"])] * 12 + [("2026-05-31", [])] * 1_188

    def inside(profile):
        forecast = roll_off(table(rows), profile, as_of=date(2026, 5, 31), lag=0)
        return forecast.calendar["under"].iloc[0]

    assert (inside(AMAZON), inside(BRIEF)) == (False, True)


def test_the_brief_counts_kinds_and_amazon_orders():
    rows = [("2026-05-31", ["claim", "negative_feedback"]), ("2026-05-31", [])]

    def counts(profile):
        return roll_off(table(rows), profile, as_of=date(2026, 5, 31), lag=0).calendar["defective"]

    assert (counts(AMAZON).iloc[0], counts(BRIEF).iloc[0]) == (1, 2)


def test_half_an_order_a_day_is_one_order_every_second_day():
    forecast = roll_off(
        table([]), BRIEF, as_of=date(2024, 2, 27), lag=0, orders_per_day=0.5, horizon=4
    )

    assert forecast.calendar["assumed_orders"].tolist() == [0, 0, 1, 1, 2]


def test_what_is_assumed_may_change_on_a_day():
    """Two orders a day till 29 February, then half an order; a defect a day from 1 March on."""
    forecast = roll_off(
        table([]),
        BRIEF,
        as_of=date(2024, 2, 27),
        lag=0,
        orders_per_day={date(2024, 2, 28): 2, date(2024, 3, 1): 0.5},
        new_defects_per_day={date(2024, 3, 1): 1},
        horizon=5,
    )

    assert forecast.calendar["assumed_orders"].tolist() == [0, 2, 4, 4, 5, 5]
    assert forecast.calendar["assumed_defects"].tolist() == [0, 0, 0, 1, 2, 3]
    assert "2 orders a day are assumed after 2024-02-27, as given; 0.5 from 2024-03-01 on." in (
        forecast.assumptions
    )


def test_the_mean_of_four_weeks_is_assumed_and_said():
    """56 orders on the last day of a longer history: two a day over 28 days."""
    defects = table([("2026-01-01", [])] + [("2026-05-31", [])] * 56)

    forecast = roll_off(defects, AMAZON, as_of=date(2026, 5, 31), lag=15, horizon=16)

    assert forecast.calendar["assumed_orders"].tolist() == [0] * 16 + [2]
    assert forecast.assumptions == (
        "The window of each day is 60 days long and ends 15 days before that day.",
        "Known orders keep the defects known today.",
        "56 orders younger than the window enter it day by day, counted as known today.",
        "2 orders a day are assumed after 2026-05-31, the mean of 28 days.",
        "No new defects are assumed, neither on known nor on future orders.",
    )


def test_a_leap_day_is_a_day():
    defects = one_a_day("2024-01-30", "2024-03-01", defective=["2024-01-31"])

    calendar = roll_off(defects, BRIEF, as_of=date(2024, 3, 1), lag=0, horizon=1).calendar

    assert pd.Timestamp("2024-01-31") == calendar["first"].iloc[0]
    assert calendar["orders"].tolist() == [31, 31]
    assert calendar["defective"].tolist() == [1, 0]


def test_orders_after_as_of_are_not_foreseen():
    defects = one_a_day("2026-05-01", "2026-06-10", defective=["2026-06-05"])

    calendar = roll_off(defects, BRIEF, as_of=date(2026, 6, 1), lag=0).calendar

    assert calendar["defective"].sum() == 0


def test_without_any_known_kind_nothing_is_inside():
    defects = table([("2026-05-31", [])] * 5, kinds=())

    forecast = roll_off(defects, BRIEF, as_of=date(2026, 5, 31), lag=0)

    assert not forecast.calendar["under"].any()
    assert forecast.calendar["rate"].isna().all()
    assert forecast.back_under_limit_on is None
    assert forecast.unknown == KINDS


def test_a_store_without_orders_has_one_day_and_no_rate():
    forecast = roll_off(table([]), AMAZON, as_of=date(2026, 5, 31), lag=15)

    assert forecast.calendar["orders"].tolist() == [0]
    assert "No order up to 2026-05-31 is known." in forecast.assumptions


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"lag": -1},
        {"last": date(2026, 6, 1)},
        {"last": date(2026, 5, 30), "lag": 15},
        {"lag": 0, "horizon": -1},
        {"lag": 0, "orders_per_day": -0.1},
        {"lag": 0, "new_defects_per_day": float("nan")},
    ],
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(BadParameter):
        roll_off(table([]), AMAZON, as_of=date(2026, 5, 31), **wrong)


orders_and_defects = st.lists(
    st.tuples(
        st.dates(date(2023, 12, 1), date(2024, 3, 15)).map(str),
        st.sets(st.sampled_from(KINDS)),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(
    orders_and_defects,
    st.sampled_from([AMAZON, BRIEF]),
    st.integers(0, 40),
    st.sampled_from([0, 0.3, 1, 2.5]),
    st.sampled_from([0, 0.25, 1]),
)
def test_every_day_is_what_counting_by_hand_gives(rows, profile, lag, volume, arriving):
    """The calendar is the same as walking through the days and counting orders one by one."""
    as_of = date(2024, 3, 1)

    calendar = roll_off(
        table(rows),
        profile,
        as_of=as_of,
        lag=lag,
        orders_per_day=volume,
        new_defects_per_day=arriving,
        horizon=50,
    ).calendar

    for row in calendar.itertuples():
        last = row.day.date() - timedelta(days=lag)
        first = last - timedelta(days=profile.days - 1)
        inside = [had for day, had in rows if first <= date.fromisoformat(day) <= min(last, as_of)]
        bad = sum(len(had) if profile.count == "kinds" else bool(had) for had in inside)
        newest, oldest = (max((end - as_of).days, 0) for end in (last, first - timedelta(days=1)))
        orders = len(inside) + floor(newest * volume) - floor(oldest * volume)
        bad += floor(newest * arriving) - floor(oldest * arriving)
        assert (orders, bad) == (row.orders, row.defective)
        assert profile.under(bad, orders) == row.under


@settings(max_examples=60)
@given(orders_and_defects, st.sampled_from([AMAZON, BRIEF]), st.integers(0, 40))
def test_every_defective_order_of_the_window_or_younger_leaves_once(rows, profile, lag):
    defects = table(rows)
    as_of = date(2024, 3, 1)

    calendar = roll_off(defects, profile, as_of=as_of, lag=lag).calendar

    first = calendar["first"].iloc[0]
    mine = defects[defects["day"].between(first, pd.Timestamp(as_of)) & defects["defective"]]
    assert sorted(mine["order_id"]) == sorted(calendar["leaving"].explode().dropna())
    assert calendar["defective"].iloc[-1] == 0


@settings(max_examples=60)
@given(orders_and_defects, st.sampled_from([AMAZON, BRIEF]), st.integers(0, 40))
def test_from_back_under_on_every_day_is_inside_and_the_day_before_is_not(rows, profile, lag):
    forecast = roll_off(table(rows), profile, as_of=date(2024, 3, 1), lag=lag)

    under = forecast.calendar.set_index("day")["under"]
    if forecast.back_under_limit_on is None:
        assert under.all() or not under.iloc[-1]
    else:
        assert under[pd.Timestamp(forecast.back_under_limit_on) :].all()
        assert not under[pd.Timestamp(forecast.back_under_limit_on) - pd.Timedelta(days=1)]


def test_what_is_assumed_is_said_in_chinese():
    with speaking("zh"):
        said = roll_off(
            table([]),
            as_of=date(2026, 3, 1), lag=15, orders_per_day=1, horizon=1,
        ).assumptions  # fmt: skip

    assert said[:3] == (
        "每一天的统计窗口长 60 天，止于该日之前 15 天。",
        "截至 2026-03-01 没有已知订单。",
        "2026-03-01 之后假设每天 1 个订单，为给定值。",
    )
