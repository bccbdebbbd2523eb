"""Causes, changes and events, told in Chinese: whole sentences, word for word."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from odrlib.causes import find_causes, how_to_tell_apart, mix_shifts, rate_changes
from odrlib.causes.happenings import relation_said, what_changed
from odrlib.causes.sentences import change_sentence, direction_said, search_sentence
from odrlib.languages import speaking
from tests.causes.test_apart import cause_with
from tests.causes.test_happenings import MARCH, event, only


@pytest.fixture(autouse=True)
def chinese():
    with speaking("zh"):
        yield


def row(direction: str = "up", **more):
    return {
        "where": {"tracked": "no"},
        "clock": "order day",
        "on": date(2026, 8, 10),
        "earliest": date(2026, 8, 6),
        "latest": date(2026, 9, 1),
        "direction": direction,
        "rate_before": 0.005,
        "defective_before": 10,
        "orders_before": 2_000,
        "rate_after": 0.05,
        "defective_after": 30,
        "orders_after": 1_000,
        "immature": False,
    } | more


def test_a_rise_is_told_with_its_day_and_both_levels():
    assert change_sentence(row()) == (
        "按下单日期，“不可追踪”的缺陷率由 0.50%（2,000 个订单中 10 个有缺陷）升至 5.00%"
        "（截至目前 1,000 个订单中 30 个有缺陷），"
        "始于 2026年8月10日（有 95% 的把握在 8月6日至 9月1日之间）。"
    )


def test_a_fall_may_be_undone_by_what_is_still_to_come():
    fall = row("down", where={}, clock="ship day", latest=date(2026, 8, 6), immature=True)

    assert change_sentence(fall) == (
        "按发货日期，“全部订单”的缺陷率由 0.50%（2,000 个订单中 10 个有缺陷）降至 5.00%（截至目前 "
        "1,000 个订单中 30 个有缺陷），始于 2026年8月10日。尚未到达的缺陷可能抵消这一下降。"
    )


def test_a_new_slice_has_no_rate_before():
    assert change_sentence(row("new", rate_after=0.03)) == (
        "“不可追踪”是新出现的：按下单日期，第一个订单在 2026年8月10日。此后缺陷率为 3.00%"
        "（1,000 个订单中 30 个有缺陷）。"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days": 0}, "按下单日期，“承运人 DHL”的缺陷率未知：没有文件说明包裹的发货时间。"),
        (
            {"changes": 2},
            "按下单日期，“承运人 DHL”的缺陷率在 2026年1月1日至3月20日期间有 2 次变化。",
        ),
        (
            {},
            "按下单日期，“承运人 DHL”的缺陷率在 2026年1月1日至3月20日期间没有变化；若最近 30 天内"
            "升至 2.00%，极可能已被发现。",
        ),
        (
            {"visible": float("nan")},
            "按下单日期，“承运人 DHL”的缺陷率在 2026年1月1日至3月20日期间没有变化，但 4,000 个"
            "订单中只有 20 个缺陷，数量太少，即使有变化也看不出来。",
        ),
    ],
)
def test_what_was_searched_says_what_would_have_been_seen(more, said):
    asked = {
        "where": {"carrier": "DHL"},
        "clock": "order day",
        "first": date(2026, 1, 1),
        "last": date(2026, 3, 20),
        "days": 79,
        "orders": 4_000,
        "defective": 20,
        "changes": 0,
        "visible": 0.02,
    } | more

    assert said == search_sentence(asked, "没有文件说明包裹的发货时间")


def test_an_event_after_the_change_is_never_its_cause():
    late = what_changed(MARCH, event("2026-03-15"))

    assert only(late) == (
        "came after",
        "“Carrier switched to China Post”（2026年3月15日）比变化晚 12 天，不可能是其原因；"
        "变化始于 2026年3月3日（有 95% 的把握在 3月2日至 3月6日之间）。",
    )
    assert "发生在变化之后" == relation_said("came after")


def test_an_event_just_before_may_explain_it():
    assert only(what_changed(MARCH, event("2026-03-02")))[1] == (
        "“Carrier switched to China Post”（2026年3月2日）比变化早 1 天，可能是其原因；"
        "变化始于 2026年3月3日（有 95% 的把握在 3月2日至 3月6日之间）。"
    )
    assert only(what_changed(MARCH, event(None)))[1] == (
        "“Carrier switched to China Post”：缺少日期，既不能怀疑，也不能排除。"
    )


def test_a_shift_of_the_mix_is_told_with_its_defects():
    days = pd.Timestamp("2026-03-01") + pd.to_timedelta([n // 20 for n in range(800)], "D")
    orders = pd.DataFrame({"day": days, "carrier": ["UPS", "China Post"] * 400})
    orders["carrier"] = orders["carrier"].mask(orders.index < 400, "UPS")
    orders["defective"] = orders["carrier"].eq("China Post") & (orders.index % 5 == 0)

    assert mix_shifts(orders, date(2026, 3, 21))["said"].iloc[0] == (
        "“承运人 China Post”占订单的比例由 0.0% 变为 50.0%，此后占缺陷的 100%。"
    )


def test_a_cause_and_why_there_is_none():
    orders = pd.DataFrame({"sku": ["A"] * 1500 + ["B"] * 500, "site": ["1", "2"] * 1000})
    orders["defective"] = (orders["sku"] == "B") & (orders.index % 21 == 1)
    (cause,) = find_causes(orders)

    assert str(cause).startswith("SKU B：500 个订单中 24 个有缺陷，预期 0.")
    assert "没有缺陷订单" == find_causes(orders.assign(defective=False)).reason


def test_a_rate_that_never_moved_has_no_change():
    days = pd.date_range("2026-01-01", periods=100).repeat(20)
    orders = pd.DataFrame({"day": days, "defective": [n % 100 == 0 for n in range(2_000)]})

    assert rate_changes(orders).empty
    assert ["上升", "下降", "新出现"] == [direction_said(one) for one in ("up", "down", "new")]


def test_a_test_order_rules_out_a_rival():
    assert how_to_tell_apart(cause_with({"sku": "A3"}, {"carrier": "K9"})) == [
        "“SKU A3”的订单，改用 K9 以外的承运人发货：如果缺陷仍然出现，问题就在于“SKU”。"
    ]
