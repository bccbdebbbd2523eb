from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.maturity import (
    DelayCurve,
    NotEnough,
    arrived_share,
    delay_curve,
    delay_curves,
    equally_aged,
    mature_until,
    nowcast,
    rise_table,
    window_nowcast,
)
from odrlib.policy import KINDS
from odrlib.rates import Window

AS_OF = date(2026, 6, 30)


def orders(rows):
    """
    A defects table from (age in days at AS_OF, delay of its first defect, its kinds).

    A delay of None is an order without a defect, "?" a defect whose day of arrival is unknown.
    """
    rows = [(*row, ("claim",))[:3] for row in rows]
    day = pd.Series([AS_OF - timedelta(days=age) for age, *_ in rows], dtype="datetime64[us]")
    bad = [delay is not None for _, delay, _ in rows]
    delay = pd.Series([np.nan if d in (None, "?") else d for _, d, _ in rows], dtype="float64")
    flags = {
        kind: pd.Series(
            [b and kind in had for b, (*_, had) in zip(bad, rows, strict=True)], dtype=bool
        )
        for kind in KINDS
    }
    return pd.DataFrame(
        {
            "order_id": [f"order-{number}" for number in range(len(rows))],
            "day": day,
            **flags,
            "defects": sum(flags.values()).astype("int64") if rows else pd.Series(dtype="int64"),
            "defective": pd.Series(bad, dtype=bool),
            "arrived_on": (day + pd.to_timedelta(delay, unit="D")).astype("datetime64[us]"),
        }
    )


def history(delays, each=10, ages=range(90, 200, 5)):
    """Old orders, with these delays in turn; `each` orders a day, one of them defective."""
    rows = []
    for number, age in enumerate(ages):
        rows += [(age, delays[number % len(delays)])] + [(age, None)] * (each - 1)
    return rows


def seen(curve):
    """The curve without the little that the prior adds."""
    return np.round(curve.share, 1)


def test_the_curve_of_old_orders_is_the_share_of_their_delays():
    """40 defects, half after 10 days and half after 30: half by day 10, all by day 30."""
    curve = delay_curve(orders(history([10, 30], ages=range(90, 130))), AS_OF)

    assert [0.0, 0.0, 0.5, 0.5, 1.0, 1.0] == seen(curve)[[0, 9, 10, 29, 30, 90]].tolist()
    assert 40 == curve.matured


def test_young_orders_do_not_shorten_the_curve():
    """
    On an order of 15 days only delays up to 15 can be seen; 40 of them with a delay of 10 say
    nothing about the share that takes 30 days.
    """
    old = history([10, 30], ages=range(90, 130))
    young = [(15, 10)] * 40

    curve = delay_curve(orders(old + young), AS_OF)

    naive = (20 + 40) / 80
    assert seen(curve)[10] == 0.5 != naive


def test_half_old_orders_teach_the_short_delays():
    """The order of 20 days is no less a witness of days 0-20: after 5 days against after 15."""
    old = history([30], ages=range(90, 130))
    middle = [(20, 5)] * 30 + [(20, 15)] * 10

    curve = delay_curve(orders(old + middle), AS_OF)

    assert curve.share[5] == pytest.approx(0.75 * curve.share[15], rel=0.01)


def test_under_twenty_matured_defects_it_refuses_and_says_so():
    refused = delay_curve(orders(history([10], ages=range(90, 109))), AS_OF)

    assert isinstance(refused, NotEnough)
    assert refused.reason == (
        "19 defects with a known day of arrival on orders at least 90 days old are too few to learn"
        " how late they arrive; 20 are needed."
    )
    assert isinstance(delay_curve(orders(history([10], ages=range(90, 110))), AS_OF), DelayCurve)


def test_defects_on_younger_orders_are_not_matured():
    refused = delay_curve(orders([(89, 3)] * 500), AS_OF)

    assert 0 == refused.matured


def test_where_most_days_of_arrival_are_unknown_it_refuses():
    rows = history([10], ages=range(90, 120)) + [(100, "?")] * 31

    refused = delay_curve(orders(rows), AS_OF)

    assert str(refused) == (
        "No file tells the day of arrival of 31 of 61 defects, so how late they arrive cannot be "
        "learnt."
    )
    assert isinstance(delay_curve(orders(rows[:-1]), AS_OF), DelayCurve)


def test_unknown_and_too_late_arrivals_are_counted_and_teach_nothing():
    rows = history([10], ages=range(90, 120))

    curve = delay_curve(orders([*rows, (150, "?"), (150, 95)]), AS_OF)

    assert (1, 1) == (curve.unknown, curve.late)
    assert np.array_equal(curve.share, delay_curve(orders(rows), AS_OF).share)


def test_a_day_before_the_order_is_day_zero_and_more_is_unknown():
    """Days are cut in time zones; a defect cannot come a week before its order."""
    curve = delay_curve(orders(history([-1, -7], ages=range(90, 150))), AS_OF)

    assert (30, 30) == (curve.arrived[0], curve.unknown)


def test_what_arrived_after_as_of_is_not_seen():
    rows = history([10], ages=range(90, 120))

    assert np.array_equal(
        delay_curve(orders([*rows, (5, 6)]), AS_OF).share,
        delay_curve(orders(rows), AS_OF).share,
    )


def test_each_kind_has_its_curve_where_it_has_enough():
    rows = [(age, 5, ("negative_feedback",)) for age in range(90, 115)]
    rows += [(age, 40, ("claim",)) for age in range(90, 115)]
    rows += [(95, 60, ("chargeback",))] * 3

    curves = delay_curves(orders(rows), AS_OF)

    def half(name):
        return int(np.argmax(curves[name].share >= 0.5))

    assert (5, 40) == (half("negative_feedback"), half("claim"))
    assert isinstance(curves["chargeback"], NotEnough)
    assert (
        "Half of the defects arrive within 40 days of the order, nine of ten within 40: learnt "
        "from 25 defects, 25 of them on orders at least 90 days old." == str(curves["claim"])
    )


def test_the_curve_has_an_interval_that_narrows_with_more_defects():
    def width(ages):
        row = delay_curve(orders(history([10, 30], ages=ages)), AS_OF).table.loc[20]
        assert row["low"] < row["share"] < row["high"]
        return row["high"] - row["low"]

    assert width(range(90, 490)) < 0.5 * width(range(90, 115))


def test_mature_until_is_the_last_day_with_that_share():
    curve = delay_curve(orders(history([10, 30], ages=range(90, 200))), AS_OF)

    assert date(2026, 5, 31) == mature_until(curve, AS_OF)
    assert date(2026, 6, 20) == mature_until(curve, AS_OF, share=0.4)


def test_the_share_arrived_of_each_day():
    curve = delay_curve(orders(history([10, 30], ages=range(90, 200))), AS_OF)
    days = pd.DatetimeIndex(["2026-03-01", "2026-06-10", "2026-06-29", "2026-07-01"])

    share = arrived_share(curve, days, AS_OF)

    assert [1.0, 0.5, 0.0, 0.0] == share.round(1).tolist()
    assert share.index.equals(days)


def test_without_a_curve_only_full_age_is_mature():
    refused = delay_curve(orders([]), AS_OF)

    share = arrived_share(refused, pd.DatetimeIndex(["2026-04-01", "2026-04-02"]), AS_OF)

    assert 1.0 == share.iloc[0]
    assert np.isnan(share.iloc[1])
    assert AS_OF - timedelta(days=90) == mature_until(refused, AS_OF)


def test_the_nowcast_keeps_the_count_and_adds_what_is_to_come():
    """Half arrive after 10 days: 10 on the orders of 15 days ago will be about 20."""
    rows = history([10, 30], each=100, ages=range(90, 390))
    young = [(15, 10)] * 10 + [(15, None)] * 1990

    weeks = nowcast(orders(rows + young), AS_OF).set_index("week")
    week = weeks.loc[pd.Timestamp("2026-06-15")]

    assert (2000, 10) == (week["orders"], week["counted"])
    assert week["share_arrived"] == pytest.approx(0.5, abs=0.05)
    assert 17 < week["expected"] < 23
    assert week["low"] <= week["expected"] <= week["high"]
    assert 10 / 2000 == week["rate_counted"]
    assert not week["mature"]


def test_a_week_with_nothing_seen_yet_borrows_the_rate_of_the_others():
    """10 % of old orders are defective, none of this week's 200 so far: it will not stay so."""
    rows = history([30], each=10, ages=range(90, 290)) + [(1, None)] * 200

    week = nowcast(orders(rows), AS_OF).iloc[-1]

    assert 0 == week["counted"]
    assert 5 < week["low"] < 20 < week["high"]


def test_old_weeks_are_what_they_are():
    weeks = nowcast(orders(history([10, 30], ages=range(90, 190))), AS_OF)
    old = weeks[weeks["week"] <= pd.Timestamp("2026-03-16")]

    assert old["mature"].all()
    for column in ("expected", "low", "high"):
        assert old["counted"].tolist() == old[column].tolist()


def test_without_a_curve_the_young_weeks_are_unknown_and_the_old_are_not():
    weeks = nowcast(orders([(100, 3), (100, None), (1, None)]), AS_OF)
    old, young = weeks.iloc[0], weeks.iloc[-1]

    assert (1, 1, 1, True) == (old["counted"], old["low"], old["high"], old["mature"])
    assert (0, False) == (young["counted"], young["mature"])
    assert young[["share_arrived", "expected", "low", "high"]].isna().all()
    assert weeks.attrs["reason"].startswith("1 defect with a known day of arrival on orders")


def test_weeks_without_orders_are_rows_without_rates():
    weeks = nowcast(orders([*history([3], ages=range(120, 150)), (1, None)]), AS_OF)
    empty = weeks[weeks["orders"] == 0]

    assert len(empty) > 10
    assert empty["rate_expected"].isna().all()
    assert (empty["week"].dt.day_of_week == 0).all()


def test_a_store_without_orders_has_no_weeks():
    assert nowcast(orders([]), AS_OF).empty


def test_the_brief_counts_kinds():
    rows = [(100, 3, ("claim", "negative_feedback"))] * 30 + [(100, None)] * 70

    def counts(profile):
        return nowcast(orders(rows), AS_OF, profile)["counted"].iloc[0]

    assert (30, 60) == (counts("amazon"), counts("brief"))


def test_the_window_is_counted_and_forecast_side_by_side():
    rows = history([10, 30], each=100, ages=range(90, 390))
    young = [(age, 10) for age in range(11, 29)] + [(15, None)] * 1982
    window = Window(AS_OF - timedelta(days=29), AS_OF)

    found = window_nowcast(orders(rows + young), window, AS_OF)

    assert (18, 2000) == (found.counted, found.orders)
    assert found.low < 36 < found.high
    assert found.chance_over > 0.9
    assert str(found) == (
        f"Counted 18 of 2,000 orders so far (0.90%); {found.low} to {found.high} expected when all "
        f"have arrived ({found.low / 2000:.2%} to {found.high / 2000:.2%}), with 90% certainty."
    )


def test_a_window_without_a_forecast_says_why():
    found = window_nowcast(orders([(5, 1), (5, None)]), Window(date(2026, 6, 1), AS_OF), AS_OF)

    assert str(found) == (
        "Counted 1 of 2 orders so far (50.00%). 0 defects with a known day of arrival on orders at "
        "least 90 days old are too few to learn how late they arrive; 20 are needed."
    )
    assert found.as_dict()["rate_expected"] is None


def test_a_mature_window_expects_no_more():
    found = window_nowcast(
        orders(history([10], ages=range(90, 120))),
        Window(date(2026, 3, 1), date(2026, 4, 1)),
        AS_OF,
    )

    assert str(found) == "Counted 30 of 300 orders so far (10.00%); no more are expected."


def test_a_window_without_orders_says_so():
    found = window_nowcast(orders([]), Window(date(2026, 6, 1), AS_OF), AS_OF)

    assert str(found) == "No orders from 1 June to 30 June 2026."


def test_at_equal_age_a_late_defect_of_the_old_period_does_not_count():
    """The youngest order is 10 days old: what took the old orders 40 days is not compared."""
    rows = [(50, 5), (50, 40), (50, None), (10, 5), (10, None)]

    same = equally_aged(
        orders(rows),
        Window(date(2026, 5, 1), date(2026, 5, 31)),
        Window(date(2026, 6, 1), date(2026, 6, 20)),
        AS_OF,
        age=10,
    )

    assert [True, False, False, True, False] == same.orders["defective"].tolist()
    assert [1, 0, 0, 1, 0] == same.orders["defects"].tolist()
    assert [False] * 3 + [True] * 2 == same.orders["later"].tolist()
    assert same.comparable
    assert same.sentence == (
        "2 later orders beside 3 earlier orders, each with the defects that arrived within 10 days "
        "of it; 1 defective order not counted, because the defect came later."
    )


def test_orders_younger_than_the_age_take_no_part():
    """A window that ends on as-of has orders of no age; they could not have a defect yet."""
    rows = [(50, 12), (50, None), (20, 12), (3, None)]

    same = equally_aged(
        orders(rows),
        Window(date(2026, 5, 1), date(2026, 5, 31)),
        Window(date(2026, 6, 1), AS_OF),
        AS_OF,
    )

    assert 12 == same.age
    assert ["order-0", "order-1", "order-2"] == same.orders["order_id"].tolist()
    assert Window(date(2026, 6, 1), date(2026, 6, 18)) == same.later
    assert "1 later order younger than that left out" in same.sentence


def test_defects_of_unknown_arrival_count_in_neither_period():
    rows = [(50, "?"), (50, 3), (20, "?"), (20, 4)]
    periods = Window(date(2026, 5, 1), date(2026, 5, 31)), Window(date(2026, 6, 1), AS_OF)

    same = equally_aged(orders(rows), *periods, AS_OF, age=20)

    assert [False, True, False, True] == same.orders["defective"].tolist()
    assert 2 == same.unknown
    assert same.comparable
    assert not equally_aged(orders(rows[:3]), *periods, AS_OF, age=20).comparable


def test_at_full_age_everything_has_arrived_and_counts():
    rows = [(150, "?"), (150, 3), (100, "?"), (100, 4)]
    periods = (
        Window(date(2026, 1, 1), date(2026, 2, 28)),
        Window(date(2026, 3, 1), date(2026, 4, 1)),
    )

    same = equally_aged(orders(rows), *periods, AS_OF, age=90)

    assert same.orders["defective"].all()
    assert same.comparable


def test_the_window_beside_up_to_three_times_the_time_before():
    rows = [(age, None) for age in range(120)]
    window = Window.ending(AS_OF - timedelta(days=15), 20)

    assert 60 == rise_table(orders(rows), window, AS_OF, times=3).earlier.days
    assert 20 == rise_table(orders(rows), window, AS_OF, times=1).earlier.days
    assert (
        Window(date(2026, 5, 2), date(2026, 5, 26))
        == rise_table(orders(rows[:60]), window, AS_OF).earlier
    )


def test_a_window_without_a_time_before_has_nothing_to_compare():
    alone = rise_table(orders([(20, 3), (20, None)]), Window(date(2026, 6, 1), AS_OF), AS_OF)

    assert alone.earlier is None
    assert not alone.comparable


def test_the_same_rates_look_alike_at_equal_age_only():
    """The same store in both periods; by the naive count the new one has half of the defects."""
    rng = np.random.default_rng(5)
    rows = []
    for age in range(15, 195):
        delay = np.where(rng.random(200) < 0.05, rng.exponential(30, 200).astype(int), -1)
        rows += [(age, d if 0 <= d <= age else None) for d in delay.tolist()]
    table = orders(rows)
    window = Window.ending(AS_OF - timedelta(days=15), 60)

    aged = rise_table(table, window, AS_OF, times=2).orders
    later = aged.groupby("later")["defective"].mean()
    naive = table.groupby(window.holds(table["day"]))["defective"].mean()

    assert naive[True] < 0.8 * naive[False]
    assert later[True] == pytest.approx(later[False], rel=0.1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: delay_curve(orders([]), AS_OF, kind="return"),
        lambda: delay_curve(orders([]), AS_OF, horizon=0),
        lambda: mature_until(delay_curve(orders([]), AS_OF), AS_OF, share=0),
        lambda: nowcast(orders([]), AS_OF, every="year"),
        lambda: nowcast(orders([]), AS_OF, "google"),
        lambda: rise_table(orders([]), Window(date(2026, 6, 1), AS_OF), AS_OF, times=4),
        lambda: equally_aged(
            orders([]), Window(date(2026, 5, 1), AS_OF), Window(date(2026, 6, 1), AS_OF), AS_OF
        ),
        lambda: equally_aged(
            orders([]),
            Window(date(2026, 5, 1), date(2026, 5, 2)),
            Window(date(2026, 6, 1), AS_OF),
            AS_OF,
            age=-1,
        ),
    ],
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(BadParameter):
        wrong()


some_orders = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.one_of(st.none(), st.just("?"), st.integers(-3, 120)),
        st.sets(st.sampled_from(KINDS), min_size=1).map(tuple),
    ),
    max_size=60,
)
OLD = [(age, delay) for age in range(90, 120) for delay in (3, 20)]


@settings(max_examples=40)
@given(some_orders)
def test_the_curve_climbs_from_nothing_to_all(rows):
    share = delay_curve(orders(OLD * 2 + rows), AS_OF).share

    assert (np.diff(share) >= 0).all()
    assert share[0] >= 0
    assert share[-1] == 1


@settings(max_examples=25)
@given(some_orders, st.randoms(use_true_random=False), st.sampled_from(["amazon", "brief"]))
def test_the_order_of_the_rows_changes_nothing(rows, random, profile):
    table = orders(OLD * 2 + rows)
    places = list(range(len(table)))
    random.shuffle(places)

    pd.testing.assert_frame_equal(
        nowcast(table, AS_OF, profile), nowcast(table.iloc[places], AS_OF, profile)
    )


@settings(max_examples=40)
@given(some_orders)
def test_the_forecast_never_takes_back_what_is_counted(rows):
    weeks = nowcast(orders(OLD * 2 + rows), AS_OF)

    assert (weeks["counted"] <= weeks["low"]).all()
    assert (weeks["low"] <= weeks["high"]).all()
    assert (weeks["counted"] <= weeks["expected"] + 1e-9).all()


@settings(max_examples=60)
@given(some_orders, st.integers(0, 90))
def test_equal_age_is_what_counting_by_hand_gives(rows, age):
    table = orders(rows)
    earlier = Window(date(2025, 11, 1), date(2026, 5, 31))
    later = Window(date(2026, 6, 1), AS_OF)

    same = equally_aged(table, earlier, later, AS_OF, age=age)

    by_hand = [
        delay is not None and (age >= 90 if delay == "?" else delay <= age and delay <= old)
        for old, delay, _ in rows
        if old >= age
    ]
    assert by_hand == same.orders["defective"].tolist()


def test_in_chinese_a_window_is_counted_and_forecast_side_by_side():
    with speaking("zh"):
        nothing = str(window_nowcast(orders([]), Window(date(2026, 6, 1), AS_OF), AS_OF))
        few = orders([(5, 1), (5, None)])
        unknown = str(window_nowcast(few, Window(date(2026, 6, 1), AS_OF), AS_OF))
        done = orders(history([10], ages=range(90, 120)))
        mature = str(window_nowcast(done, Window(date(2026, 3, 1), date(2026, 4, 1)), AS_OF))

    assert nothing == "2026年6月1日至6月30日没有订单。"
    assert unknown == (
        "目前 2 个订单中计有 1 个（50.00%）。订单已满 90 天且到达日期已知的只有 0 个缺陷，"
        "不足以得知缺陷会延迟多久到达；至少需要 20 个。"
    )
    assert mature == "目前 300 个订单中计有 30 个（10.00%）；预计不会再增加。"


def test_in_chinese_a_comparison_at_equal_age_says_what_was_left_out():
    rows = history([10], ages=range(10, 120))
    with speaking("zh"):
        said = rise_table(orders(rows), Window(date(2026, 5, 1), AS_OF), AS_OF, age=20).sentence

    assert said == (
        "410 个后来的订单与 590 个较早的订单相比较，各自只计下单后 20 天内到达的缺陷；"
        "未满该天数的 100 个后来的订单不参与比较。"
    )


def test_in_chinese_a_kind_without_enough_defects_says_so():
    with speaking("zh"):
        said = str(delay_curve(orders([(100, "?", ("claim",))] * 30), AS_OF, kind="claim"))

    assert said == "30 笔索赔中有 30 个没有文件说明到达日期，因此无法得知缺陷会延迟多久到达。"
