"""Sentences, word for word: a reader acts on them, so each is part of the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import words
from odrlib.causes.cause import Cause
from odrlib.headline import Headline
from odrlib.languages import speaking
from odrlib.policy import AMAZON, BRIEF, KINDS
from odrlib.rates import Rate, Window, rolling_rate
from odrlib.rolloff import roll_off

WINDOW = Window(date(2026, 1, 1), date(2026, 3, 1))


def headline(defective: int | None, orders: int | None, profile=AMAZON, unknown=(), unplaced=0):
    rate = None if None in (defective, orders) else Rate(defective, orders, tuple(unknown))
    return Headline(
        profile=profile,
        channel="all",
        window=WINDOW,
        orders=orders,
        defective=defective,
        kinds={kind: None if kind in unknown else defective for kind in KINDS},
        unknown=tuple(unknown),
        status=rate.status(profile) if rate else "unknown",
        overlapping=(),
        unplaced=unplaced,
        roll_off=None,
    )


# -- small words --------------------------------------------------------------------------------


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_rate_never_reads_as_its_limit_unless_it_is_the_limit(defective, orders):
    said = words.percent(defective / orders, 0.01)

    assert (float(said.rstrip("%")) == 1) == (defective * 100 == orders)


def test_a_missing_share_is_unknown_and_not_nan():
    assert words.percent(float("nan")) == "unknown"


def test_one_day_is_not_a_span():
    assert words.span(date(2024, 2, 29), date(2024, 2, 29)) == "29 February 2024"


# -- a rate against its limit -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            headline(14, 1_200),
            "Amazon's rule: 1.17% (14 of 1,200 orders, 1 January to 1 March 2026), "
            "above the 1% limit.",
        ),
        (
            headline(12, 1_200),
            "Amazon's rule: 1.00% (12 of 1,200 orders, 1 January to 1 March 2026), "
            "exactly at the 1% limit, and so not below it.",
        ),
        (
            headline(12, 1_200, BRIEF),
            "30-day rule: 1.00% (12 defects on 1,200 orders, "
            "1 January to 1 March 2026), exactly at the 1% limit, and so within it.",
        ),
        (
            headline(8, 1_200, unknown=["chargeback"]),
            "Amazon's rule: at least 0.67% (8 of 1,200 orders, 1 January to 1 March 2026); "
            "whether it is below 1% is unknown, because no file tells all chargebacks.",
        ),
        (
            headline(14, 1_200, unknown=["claim", "chargeback"]),
            "Amazon's rule: at least 1.17% (14 of 1,200 orders, 1 January to 1 March 2026), "
            "above the 1% limit even without the A-to-z claims and chargebacks.",
        ),
        (
            headline(0, 0),
            "Amazon's rule: unknown, because there are no orders from 1 January to 1 March 2026.",
        ),
        (headline(None, None), "Amazon's rule: unknown, because no file gives the orders."),
        (
            headline(None, 1_200),
            "Amazon's rule: unknown, because no file tells a defect of any order.",
        ),
    ],
)
def test_a_standing_names_its_counts_its_days_and_where_it_lies(line, sentence):
    assert words.standing(line) == sentence


def test_a_defect_without_an_order_keeps_a_rate_from_being_called_healthy():
    line = replace(headline(11, 1_200, unplaced=2), status="unknown")

    assert words.standing(line) == (
        "Amazon's rule: 0.92% (11 of 1,200 orders, 1 January to 1 March 2026), "
        "below the 1% limit unless 2 defects without a known order belong here."
    )
    assert words.next_step(line) == "Find the orders of 2 defects that no orders file knows."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            headline(12, 1_200),
            "It is inside the limit once 1 defect is taken off.",
        ),
        (
            headline(14, 900, BRIEF),
            "It is inside the limit once 5 defects are taken off.",
        ),
        (headline(11, 1_200), "The next defect goes over the limit."),
        (headline(10, 1_200), "It can carry 1 more defect and stay inside the limit."),
        (
            headline(3, 1_200, unknown=["chargeback"]),
            "Add the files that tell all chargebacks; "
            "a file without rows says that there were none.",
        ),
        (headline(0, 0), "Add the orders of this window."),
    ],
)
def test_the_next_step_says_what_would_be_enough(line, sentence):
    assert words.next_step(line) == sentence


@given(st.integers(0, 300), st.integers(1, 20_000), st.sampled_from([AMAZON, BRIEF]))
def test_the_words_agree_with_the_policy(defective, orders, profile):
    """Below, at and above are told by the same integers as the status."""
    said = words.against(profile, Rate(defective, orders))

    assert profile.under(defective, orders) == (said.startswith("below") or "within" in said)


def test_the_conclusion_puts_the_worst_rule_first():
    lines = {"brief": headline(5, 1_200, BRIEF), "amazon": headline(14, 1_200)}

    assert words.conclusion("Harbour", lines) == (
        "Harbour is over the limit (Amazon's rule) and inside the limit (30-day rule)."
    )


def test_two_rules_that_agree_are_said_once():
    lines = {"amazon": headline(14, 1_200), "brief": headline(14, 1_200, BRIEF)}

    assert words.conclusion("Harbour", lines) == "Harbour is over the limit by both rules."


def test_unknown_by_both_rules_is_not_inside():
    lines = {"amazon": headline(None, None), "brief": headline(None, None, BRIEF)}

    assert words.conclusion("Harbour", lines) == (
        "Whether Harbour is inside the limit is unknown by both rules."
    )


def test_a_cause_is_said_with_its_counts_and_its_excess():
    cause = Cause(
        where={"carrier": "China Post", "ship_service": None},
        orders=1_500,
        defective=30,
        expected=6.1,
        excess=23.9,
        low=14.0,
        high=36.0,
        rate=0.02,
        rate_elsewhere=0.004,
        p_value=1e-9,
        q_value=1e-6,
    )

    assert words.cause_sentence(cause) == (
        "Carrier China Post and shipping service unknown: 30 of 1,500 orders defective, "
        "23.9 more than expected."
    )


# -- titles of figures --------------------------------------------------------------------------


def orders(*days: tuple[str, int, int]) -> pd.DataFrame:
    """Orders of each day and how many of them carry a claim."""
    rows = [
        {"order_id": f"{day}-{place}", "day": pd.Timestamp(day), "claim": place < bad}
        for day, total, bad in days
        for place in range(total)
    ]
    table = pd.DataFrame(rows, columns=["order_id", "day", "claim"])
    return table.assign(defective=table["claim"], defects=table["claim"].astype(int))


def test_the_title_of_the_rate_says_since_when_it_is_over():
    days = rolling_rate(orders(("2026-01-01", 100, 0), ("2026-01-02", 100, 3)))

    assert words.rate_title(days, AMAZON) == (
        "The rate of the 60 days to 2 January 2026 is 1.50%, above the 1% limit; "
        "it has been over it since 2 January 2026"
    )


def test_the_title_of_the_rate_says_until_when_it_was_over():
    days = rolling_rate(orders(("2026-01-01", 100, 2), ("2026-01-02", 300, 0)))

    assert words.rate_title(days, AMAZON) == (
        "The rate of the 60 days to 2 January 2026 is 0.50%, below the 1% limit; "
        "it was over it until 1 January 2026"
    )


def test_a_rate_without_orders_is_no_rate():
    assert words.rate_title(rolling_rate(orders()), AMAZON) == (
        "There are no orders, so there is no rate"
    )


def test_days_before_the_first_full_window_are_not_held_against_the_limit():
    """On its first day a store with one bad order of one would be at 100 %."""
    days = rolling_rate(orders(("2026-01-01", 1, 1), ("2026-03-01", 999, 0), ("2026-04-01", 1, 0)))

    assert words.calendar_title(days) == "The rate was inside the limit on all 32 days"


def test_the_kinds_title_counts_defects_not_orders():
    weeks = pd.DataFrame(
        {"group": ["claim", "chargeback", "claim"], "defective": [20, 4, 4], "period": "2026-01-05"}
    )

    assert words.kinds_title(weeks) == "A-to-z claims are 24 of the 28 defects"


def by_carrier(**counts: tuple[int, int]) -> pd.DataFrame:
    table = pd.DataFrame(counts, index=["defective", "orders"]).T
    rates = [Rate(int(bad), int(total)) for bad, total in table.to_numpy()]
    return table.assign(
        rate=[rate.value for rate in rates],
        low=[rate.low for rate in rates],
        high=[rate.high for rate in rates],
    )


def test_a_group_stands_out_when_its_interval_lies_above_all_orders():
    table = by_carrier(YunExpress=(40, 1_000), USPS=(10, 9_000))

    assert words.rate_by_title(table, "carrier", Rate(50, 10_000)) == (
        "Carrier YunExpress: 4.00% defective, against 0.11% of all other orders"
    )


def test_a_high_rate_of_few_orders_does_not_stand_out():
    table = by_carrier(Sparrow=(1, 20), USPS=(90, 9_980))

    assert words.rate_by_title(table, "carrier", Rate(91, 10_000)) == (
        "No carrier stands out: every interval reaches the 0.91% of all orders"
    )


def test_no_defect_file_gives_no_verdict_on_groups():
    table = by_carrier(USPS=(0, 10)).assign(defective=pd.array([pd.NA], dtype="Int64"))

    assert words.rate_by_title(table, "carrier", Rate(0, 10)) == (
        "No file tells the defects of these orders"
    )


def test_waiting_is_said_with_its_day_and_its_condition():
    """1 January leaves a window of 60 days on 2 March."""
    table = orders(("2026-01-01", 100, 3), ("2026-02-01", 100, 0))
    forecast = roll_off(table, AMAZON, as_of=date(2026, 2, 1), lag=0, orders_per_day=1)

    assert words.roll_off_title(forecast, AMAZON) == (
        "The rate is inside the 1% limit from 2 March 2026 on if no new defects arrive"
    )


def metrics(*statuses: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": "Late shipment rate",
            "days": 10,
            "direction": "below",
            "limit": 0.04,
            "rate": [np.nan if status == "unknown" else 0.03 for status in statuses],
            "status": statuses,
        }
    )


@pytest.mark.parametrize(
    ("statuses", "title"),
    [
        (("met", "met", "unknown"), "All 2 known metrics keep their limits; 1 unknown"),
        (("met",), "The known metric keeps its limit"),
        (("missed", "met"), "1 of 2 known metrics misses the limit"),
        (("missed", "missed"), "2 of 2 known metrics miss the limit"),
        (("unknown",), "None of the related metrics can be told from these files"),
    ],
)
def test_the_related_title_never_counts_unknown_as_kept(statuses, title):
    assert words.related_title(metrics(*statuses)) == title


def test_a_related_metric_is_said_with_its_own_limit():
    row = metrics("met").iloc[0].to_dict()

    assert words.related_sentence(row) == ("Late shipment rate, 10 days: 3.00% (below 4%), met")


def test_the_composition_title_names_a_group_and_not_what_is_folded():
    weeks = pd.DataFrame(
        {
            "group": ["USPS", "Yanwen", "12 other carriers", "unknown"],
            "orders": [8_000, 500, 1_000, 500],
            "defective": [20, 15, 40, 30],
        }
    )

    assert words.composition_title(weeks, "carrier") == (
        "Carrier Yanwen: 15 of the 105 defective orders on 5% of the orders"
    )


def test_a_channel_over_the_limit_is_not_hidden_by_a_calm_total():
    calm, bad = headline(5, 1_000), replace(headline(4, 100), channel="mfn")
    lines = {"all": calm, "mfn": bad, "afn": replace(headline(1, 900), channel="afn")}

    assert words.hidden_channels(lines) == [bad]
    assert words.but_apart([bad]) == "Taken apart, over the limit: FBM (mfn) (Amazon's rule)."
    assert words.hidden_channels({**lines, "all": headline(50, 1_000)}) == []
    assert words.but_apart([]) == ""


# -- in Chinese ---------------------------------------------------------------------------------


def test_days_and_lists_are_said_as_chinese_has_them():
    with speaking("zh"):
        said = [
            words.day(date(2026, 3, 1)),
            words.short_day(date(2026, 3, 1)),
            words.month(date(2026, 3, 1)),
            words.span(date(2026, 8, 18), date(2026, 10, 16)),
            words.span(date(2025, 12, 2), date(2026, 1, 30)),
            words.day(pd.NaT),
            words.listing(["A", "B", "C"]),
            words.listing(["差评", "信用卡拒付"]),
            words.listing(["A", "B", "C", "D"], top=2),
            words.listing([]),
            words.percent(float("nan")),
            words.whole_percent(0.001),
            words.kind_name("negative_feedback"),
            words.channel_name("mfn"),
        ]

    assert said == [
        "2026年3月1日", "3月1日", "2026年3月", "2026年8月18日至10月16日",
        "2025年12月2日至2026年1月30日", "未知日期", "A、B 和 C", "差评和信用卡拒付",
        "A、B 和另外 2 项", "无", "未知", "不到 1%", "负面反馈", "FBM（mfn）",
    ]  # fmt: skip


def test_titles_read_right_in_chinese():
    days = rolling_rate(orders(("2026-01-01", 100, 0), ("2026-01-02", 100, 3)))
    with speaking("zh"):
        said = [
            words.rate_title(days, AMAZON),
            words.rate_title(rolling_rate(orders()), AMAZON),
            words.hedged("缺陷率为 0.67%", ["chargeback", "claim"]),
            words.related_title(metrics("missed", "met", "unknown")),
            words.limit_words(AMAZON),
            words.counts(AMAZON, Rate(14, 1_200)),
            words.counts(BRIEF, Rate(1, 1_200)),
        ]

    assert said == [
        "截至 2026年1月2日的 60 天缺陷率为 1.50%，高于 1% 的限值；自 2026年1月2日起一直超过限值",
        "没有订单，因此没有缺陷率",
        "不计没有文件记录的信用卡拒付和 A-to-z 索赔：缺陷率为 0.67%",
        "2 项已知指标中有 1 项未达到限值要求；1 项未知",
        "低于 1%",
        "1,200 个订单中有 14 个",
        "1,200 个订单中有 1 个缺陷",
    ]


def excess(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["where", "defective", "expected", "excess"])


def test_the_largest_cause_is_told_by_its_share_of_the_excess_of_all():
    two = excess(("tracked = no", 47, 4.0, 43.0), ("asin = B0", 29, 3.6, 25.4))

    assert words.causes_title(two) == (
        "Not tracked: 43 of the 68 defective orders above the expected (63%)"
    )
    with speaking("zh"):
        assert words.causes_title(two) == "不可追踪：超出预期的 68 个缺陷订单中占 43 个（63%）"


def test_a_single_cause_has_no_share_of_itself():
    assert words.causes_title(excess(("carrier = Yanwen", 15, 5.0, 10.0))) == (
        "Carrier Yanwen: 15 defective orders where 5 would be expected, 10 too many"
    )


def test_a_name_keeps_its_letters_behind_what_is_left_out():
    assert words.hedged("SKU A: 3 of 4", ["claim"]) == (
        "Without the A-to-z claims, which no file tells, SKU A: 3 of 4"
    )
