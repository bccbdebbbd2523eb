from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes.cause import Cause
from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.policy import AMAZON, BRIEF, KINDS
from odrlib.whatif import (
    LikeTheRest,
    Reversed,
    Stopped,
    what_if,
    what_if_causes,
    what_if_table,
)

AS_OF = date(2026, 6, 30)
LAST = date(2026, 6, 15)
CLAIM = ("claim",)


def orders(rows, kinds=KINDS):
    """A defects table from (order day, carrier, kinds of defect)."""
    frame = pd.DataFrame(
        {
            "order_id": [f"order-{number:04d}" for number in range(len(rows))],
            "day": pd.Series([pd.Timestamp(day) for day, *_ in rows], dtype="datetime64[us]"),
            "carrier": pd.Series([carrier for _, carrier, _ in rows], dtype="str"),
        }
    )
    for kind in kinds:
        frame[kind] = pd.Series([kind in had for *_, had in rows], dtype=bool)
    return frame.assign(
        defects=frame[list(kinds)].sum(axis="columns").astype("int64"),
        defective=frame[list(kinds)].any(axis="columns"),
    )


def many(day, carrier, number, bad=0, had=CLAIM):
    """So many orders of a day, the first `bad` of them with a defect."""
    return [(day, carrier, had)] * bad + [(day, carrier, ())] * (number - bad)


def counts(outcome):
    return outcome.rate.defective, outcome.rate.orders


def ask(rows, change, profile=AMAZON, **more):
    return what_if(orders(rows), change, profile, as_of=AS_OF, last=LAST, **more)


TWO_CARRIERS = many("2026-06-01", "Slow", 200, 20) + many("2026-06-01", "Good", 800, 8)


def test_a_slice_like_the_rest_has_the_rate_of_the_rest():
    """Slow: 20 of 200. The rest: 8 of 800 is 1 %, so 2 of 200; 8 + 2 of 1,000."""
    answer = ask(TWO_CARRIERS, LikeTheRest({"carrier": "Slow"}))

    assert (28, 1000) == counts(answer.now)
    assert (10, 1000) == counts(answer.expected)
    assert 8 <= answer.low.rate.defective < 10 < answer.high.rate.defective < 20
    assert 1000 == answer.low.rate.orders == answer.high.rate.orders
    assert answer.notes == (
        "The slice has 20 of 200 orders, the rest 8 of 800 orders; at the rest's rate it would "
        f"have 2 ({answer.low.rate.defective - 8} to {answer.high.rate.defective - 8} with 95% "
        "certainty).",
    )


def test_the_sentence_says_would_be_and_which_side_of_the_limit():
    answer = ask(TWO_CARRIERS, LikeTheRest({"carrier": "Slow"}), BRIEF)

    low, high = answer.low.rate, answer.high.rate
    assert str(answer) == (
        "If carrier Slow had been like the rest, the rate would be 1.00% (10 of 1,000 orders), "
        f"{low.value:.2%} to {high.value:.2%}, instead of 2.80% (28 of 1,000 orders): inside the "
        "limit."
    )


def test_exactly_one_percent_is_over_for_amazon_and_inside_for_the_brief():
    change = LikeTheRest({"carrier": "Slow"})

    assert "over" == ask(TWO_CARRIERS, change, AMAZON).expected.status
    assert 1 == ask(TWO_CARRIERS, change, AMAZON).expected.reversals_needed
    assert "under" == ask(TWO_CARRIERS, change, BRIEF).expected.status


def test_a_slice_better_than_the_rest_would_make_it_worse():
    answer = ask(TWO_CARRIERS, LikeTheRest({"carrier": "Good"}))

    assert (20 + 80, 1000) == counts(answer.expected)
    assert "The slice is no worse than the rest: there is nothing to gain." in answer.notes


def test_other_bad_slices_are_no_rest():
    """Two bad carriers: each is compared with the good one only."""
    rows = TWO_CARRIERS + many("2026-06-01", "Lost", 100, 10)

    answer = ask(rows, LikeTheRest({"carrier": "Slow"}, besides=({"carrier": "Lost"},)))

    assert (8 + 2 + 10, 1100) == counts(answer.expected)


def test_without_a_slice_or_a_rest_nothing_changes():
    nothing = ask(TWO_CARRIERS, LikeTheRest({"carrier": "Nobody"}))
    everything = ask(TWO_CARRIERS, LikeTheRest(({"carrier": "Slow"}, {"carrier": "Good"})))

    assert counts(nothing.now) == counts(nothing.expected)
    assert ("No order of the slice is in the window, so nothing changes.",) == nothing.notes
    assert ("No order of the rest is in the window, so nothing changes.",) == everything.notes


def test_a_missing_value_is_a_slice():
    rows = many("2026-06-01", None, 10, 5) + many("2026-06-01", "Good", 10, 0)

    assert (0, 20) == counts(ask(rows, LikeTheRest({"carrier": None})).expected)


def test_younger_orders_of_the_slice_are_thinned_alike():
    """Half of the window's defects stay, so half of those still to enter it stay as well."""
    rows = many("2026-06-01", "Slow", 100, 20) + many("2026-06-01", "Good", 100, 10)
    rows += many("2026-06-20", "Slow", 100, 20) + many("2026-06-20", "Good", 100, 10)

    calendar = ask(rows, LikeTheRest({"carrier": "Slow"}), orders_per_day=0).expected.roll_off

    by_day = calendar.calendar.set_index("day")["defective"]
    assert [20, 40] == by_day[["2026-07-04", "2026-07-05"]].tolist()


def test_reversed_orders_stay_as_orders():
    rows = TWO_CARRIERS
    answer = ask(rows, Reversed(("order-0000", "order-0001", "order-0001")))

    assert (26, 1000) == counts(answer.expected) == counts(answer.low) == counts(answer.high)
    assert str(answer).startswith("If the defects of 2 orders were reversed, the rate would be 2.6")


def test_ids_that_change_nothing_are_named():
    rows = [
        ("2026-06-01", "Slow", CLAIM),
        ("2026-06-01", "Slow", ()),
        ("2026-06-20", "Slow", CLAIM),
        ("2026-01-01", "Slow", CLAIM),
    ]

    answer = ask(rows, Reversed(("order-0000", "order-0001", "order-0002", "order-0003", "other")))

    assert (0, 2) == counts(answer.expected)
    assert answer.notes == (
        "The defects of 2 orders are taken off.",
        "1 order not among the orders up to 30 June 2026: other.",
        "1 order outside the window and not younger: order-0003.",
        "1 order without such a defect: order-0001.",
        "1 order younger than the window, so that only the days to come change: order-0002.",
    )


def test_an_order_with_another_defect_stays_defective():
    """Feedback removed, claim kept: Amazon still counts the order, the brief one kind less."""
    rows = [("2026-06-01", "Slow", ("claim", "negative_feedback")), ("2026-06-01", "Slow", ())]
    change = Reversed(("order-0000",), kind="negative_feedback")

    assert (1, 2) == counts(ask(rows, change, AMAZON).expected)
    assert (
        (1, 2) == counts(ask(rows, change, BRIEF).expected) != counts(ask(rows, change, BRIEF).now)
    )


def test_a_stop_in_the_past_takes_orders_and_defects_from_that_day_on():
    rows = many("2026-05-01", "Slow", 50, 5) + many("2026-06-01", "Slow", 50, 5)
    rows += many("2026-06-01", "Good", 900, 9)

    answer = ask(rows, Stopped({"carrier": "Slow"}, date(2026, 6, 1)))

    assert "If carrier Slow had stopped on 1 June 2026" == answer.scenario
    assert (14, 950) == counts(answer.expected)
    assert 1000 == answer.high.rate.orders
    assert answer.low.rate.value <= answer.expected.rate.value <= answer.high.rate.value


def test_a_stop_to_come_changes_the_days_to_come():
    """Half of the orders go with it: 20 a day till 9 July, 10 a day from the 10th on."""
    days = pd.date_range("2026-05-01", "2026-06-30").strftime("%Y-%m-%d")
    rows = [row for day in days for row in many(day, "Slow", 10) + many(day, "Good", 10)]

    answer = ask(rows, Stopped({"carrier": "Slow"}, date(2026, 7, 10)))

    assert "If carrier Slow stopped on 10 July 2026" == answer.scenario
    assert counts(answer.now) == counts(answer.expected)
    calendar = answer.expected.roll_off.calendar.set_index("day")["assumed_orders"]
    # The window ends 15 days before; 24 July's ends on the 9th.
    assert [180, 190, 200] == calendar[["2026-07-24", "2026-07-25", "2026-07-26"]].tolist()
    stayed = answer.high.roll_off.calendar.set_index("day")["assumed_orders"]
    assert [180, 200, 220] == stayed[["2026-07-24", "2026-07-25", "2026-07-26"]].tolist()


def test_new_defects_assumed_shrink_by_the_slices_share():
    """28 of 36 defects are of the slice: one a day becomes 8 in 36."""
    rows = many("2026-06-01", "Slow", 100, 28) + many("2026-06-01", "Good", 800, 8)

    answer = ask(rows, Stopped({"carrier": "Slow"}, AS_OF), new_defects_per_day=1.0)

    last_day = answer.expected.roll_off.calendar.iloc[-1]
    days = (last_day["last"].date() - AS_OF).days
    assert floor(Fraction(8, 36) * days) == last_day["assumed_defects"]


def test_slices_can_be_told_by_another_table():
    table = orders(TWO_CARRIERS)
    described = pd.DataFrame({"late": ["yes"] * 20 + ["no"] * 970}, index=table.index[:990])

    answer = what_if(
        table, LikeTheRest({"late": "yes"}), as_of=AS_OF, last=LAST, described=described
    )

    assert (8, 1000) == counts(answer.expected)
    assert "Not described, and so in no slice: 10 orders." == answer.notes[-1]


def test_a_kind_that_no_file_tells_is_never_inside_the_limit():
    table = orders(TWO_CARRIERS, kinds=("claim", "negative_feedback"))

    answer = what_if(table, LikeTheRest({"carrier": "Slow"}), BRIEF, as_of=AS_OF, last=LAST)

    assert "unknown" == answer.expected.status
    assert "at least 1.00%" in str(answer)
    assert what_if_table([answer])["under"].isna().tolist() == [False, True]


def test_scenarios_stand_below_the_rate_as_it_is():
    table = what_if_table(
        [
            ask(TWO_CARRIERS, LikeTheRest({"carrier": "Slow"})),
            ask(TWO_CARRIERS, Reversed(tuple(f"order-{n:04d}" for n in range(20)))),
        ]
    )

    assert [
        "As it is",
        "If carrier Slow had been like the rest",
        "If the defects of 20 orders were reversed",
    ] == table["scenario"].tolist()
    assert [28, 10, 8] == table["defective"].tolist()
    assert [False, False, True] == table["under"].tolist()
    assert [19, 1, 0] == table["reversals_needed"].tolist()
    # 1 June leaves the window on 15 August; from then on no order is a defect.
    assert table["back_under_limit_on"].isna().tolist() == [False, False, True]


def test_scenarios_of_different_profiles_do_not_stand_side_by_side():
    change = Reversed(("order-0000",))
    with pytest.raises(BadParameter):
        what_if_table([ask(TWO_CARRIERS, change, AMAZON), ask(TWO_CARRIERS, change, BRIEF)])


def test_no_scenarios_are_an_empty_table():
    assert what_if_table([]).empty


def cause(where):
    return Cause(where, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_causes_alone_and_together():
    rows = TWO_CARRIERS + many("2026-06-01", "Lost", 100, 10)
    causes = [cause({"carrier": "Slow"}), cause({"carrier": "Lost"})]

    table = what_if_causes(orders(rows), causes, as_of=AS_OF, last=LAST)

    assert ["", "1", "2", "1-2"] == table["causes"].tolist()
    assert [38, 8 + 2 + 10, 8 + 20 + 1, 8 + 3] == table["defective"].tolist()
    assert "If causes 1-2 had been like the rest" == table["scenario"].iloc[-1]
    assert what_if_causes(orders(rows), [], as_of=AS_OF, last=LAST).empty


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ask(TWO_CARRIERS, LikeTheRest({})),
        lambda: ask(TWO_CARRIERS, LikeTheRest({"courier": "Slow"})),
        lambda: ask(TWO_CARRIERS, Stopped({"courier": "Slow"}, AS_OF)),
        lambda: ask(TWO_CARRIERS, Reversed(())) and Reversed("order-0000"),
        lambda: Reversed(("order-0000",), kind="return"),
        lambda: ask(TWO_CARRIERS, Reversed(()), orders_per_day=-1),
        lambda: what_if(orders(TWO_CARRIERS), Reversed(()), as_of=AS_OF),
    ],
)
def test_unusable_parameters_are_refused(wrong):
    with pytest.raises(BadParameter):
        wrong()


some_orders = st.lists(
    st.tuples(
        st.dates(date(2026, 3, 1), AS_OF).map(str),
        st.sampled_from(["Slow", "Good", None]),
        st.sets(st.sampled_from(KINDS)).map(tuple),
    ),
    max_size=40,
)
profiles = st.sampled_from([AMAZON, BRIEF])


def by_hand(rows, profile, as_of=AS_OF):
    """(defects, orders) of the window, counted one by one."""
    first = LAST - timedelta(days=profile.days - 1)
    inside = [had for day, _, had in rows if first <= date.fromisoformat(day) <= LAST]
    return sum(len(had) if profile.count == "kinds" else bool(had) for had in inside), len(inside)


@settings(max_examples=30)
@given(some_orders, profiles, st.sets(st.integers(0, 39)))
def test_reversals_are_what_counting_by_hand_gives(rows, profile, taken):
    answer = ask(rows, Reversed(tuple(f"order-{number:04d}" for number in taken)), profile)

    left = [(d, c, () if at in taken else had) for at, (d, c, had) in enumerate(rows)]
    assert by_hand(left, profile) == counts(answer.expected)
    assert by_hand(rows, profile) == counts(answer.now)


@settings(max_examples=30)
@given(some_orders, profiles, st.dates(date(2026, 3, 1), AS_OF))
def test_a_stop_is_what_counting_by_hand_gives(rows, profile, from_day):
    answer = ask(rows, Stopped({"carrier": "Slow"}, from_day), profile)

    left = [row for row in rows if row[1] != "Slow" or date.fromisoformat(row[0]) < from_day]
    assert by_hand(left, profile) == counts(answer.expected)


@settings(max_examples=40)
@given(some_orders, profiles)
def test_like_the_rest_is_what_counting_by_hand_gives(rows, profile):
    answer = ask(rows, LikeTheRest({"carrier": "Slow"}), profile)

    bad, number = by_hand([row for row in rows if row[1] == "Slow"], profile)
    rest_bad, rest = by_hand([row for row in rows if row[1] != "Slow"], profile)
    # Defects are taken away where there were more, and else an order gets one at most.
    most = bad if bad * rest > number * rest_bad else number
    wanted = min(floor(Fraction(number * rest_bad, rest) + Fraction(1, 2)), most) if rest else bad
    assert (rest_bad + wanted, rest + number) == counts(answer.expected)
    assert answer.low.rate.defective <= answer.expected.rate.defective
    assert answer.expected.rate.defective <= answer.high.rate.defective
    if rest and bad * rest >= rest_bad * number:
        assert answer.high.rate.defective <= answer.now.rate.defective or bad * rest == (
            rest_bad * number
        )


@settings(max_examples=20)
@given(some_orders, profiles)
def test_no_change_changes_nothing(rows, profile):
    far = Stopped({"carrier": "Slow"}, date(2028, 1, 1))
    for change in (Reversed(()), far):
        answer = ask(rows, change, profile, new_defects_per_day=0.3)
        pd.testing.assert_frame_equal(
            answer.now.roll_off.calendar, answer.expected.roll_off.calendar
        )


@settings(max_examples=20)
@given(some_orders, profiles)
def test_reversing_all_leaves_no_defect_ever(rows, profile):
    answer = ask(rows, Reversed(tuple(f"order-{n:04d}" for n in range(len(rows)))), profile)

    assert 0 == answer.expected.rate.defective
    assert 0 == answer.expected.roll_off.calendar["defective"].sum()


@settings(max_examples=20)
@given(some_orders, profiles, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, profile, random):
    table = orders(rows)
    places = list(range(len(table)))
    random.shuffle(places)
    for change in (
        LikeTheRest({"carrier": "Slow"}),
        Stopped({"carrier": "Slow"}, date(2026, 5, 1)),
    ):
        one, other = (
            what_if(each, change, profile, as_of=AS_OF, last=LAST)
            for each in (table, table.iloc[places])
        )
        assert str(one) == str(other)
        pd.testing.assert_frame_equal(one.high.roll_off.calendar, other.high.roll_off.calendar)


def test_in_chinese_a_change_is_told_with_what_was_assumed():
    with speaking("zh"):
        slow = ask(TWO_CARRIERS, LikeTheRest({"carrier": "Slow"}))
        sentence = str(slow)
        stop = ask(TWO_CARRIERS, Stopped({"carrier": "Slow"}, date(2026, 6, 1)))
        off = ask(TWO_CARRIERS, Reversed(("order-0001",), "negative_feedback"))

    assert slow.scenario == "如果“承运人 Slow”与其余订单一样"
    assert slow.notes == (
        "该分组：200 个订单中 20 个缺陷；其余订单：800 个订单中 8 个缺陷。若按其余订单的缺陷率，"
        f"该分组会有 2 个（有 95% 的把握在 {slow.low.rate.defective - 8} 至 "
        f"{slow.high.rate.defective - 8} 个之间）。",
    )
    assert sentence.startswith("如果“承运人 Slow”与其余订单一样，缺陷率将是 1.00%")
    assert sentence.endswith("：超过限值。")
    assert stop.scenario == "如果当初自 2026年6月1日起就停止“承运人 Slow”"
    assert off.scenario == "如果 1 个订单的负面反馈被撤销"
    assert off.notes[1] == "1 个订单没有这类缺陷：order-0001。"
