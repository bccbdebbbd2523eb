"""The sentences over the figures about causes, word for word."""

from __future__ import annotations

import numpy as np
import pytest

from odrlib import words
from odrlib.languages import speaking
from odrlib.policy import AMAZON
from tests.cause_tables import (
    CATEGORIES,
    CHANGES,
    CLEARED,
    GRID,
    HAPPENINGS,
    NOWCAST,
    PATH,
    SCENARIOS,
    THEMES,
)

NONE = PATH.assign(orders=0, defective=0)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (PATH, "From 200 orders to 40: 20% of the orders, 80% of the defective ones"),
        (NONE, "There are no orders to narrow down"),
        (PATH.assign(defective=0), "None of 200 orders is defective"),
        (
            PATH.assign(orders=[200, 50, 0]),
            "None of 200 orders meets all conditions",
        ),
    ],
)
def test_a_path_says_what_it_keeps(path, said):
    assert words.drill_title(path) == said


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (
            GRID.assign(row=GRID["row"].astype("str").str.replace("<b>Slow</b>", "Slow")),
            "Carrier Slow and SKU A: 8 defective orders where 2 would be its share; "
            "carrier and SKU taken apart give 8",
        ),
        (
            GRID.assign(excess=0.4),
            "No pair of carrier and SKU has one defective order more than its share",
        ),
        (GRID.assign(defective=0), "None of 200 orders is defective"),
        (GRID.assign(orders=0, defective=0), "There are no orders to compare"),
    ],
)
def test_a_grid_names_its_worst_pair_and_what_both_sides_do_apart(grid, said):
    assert words.grid_title(grid, "carrier", "sku") == said


@pytest.mark.parametrize(
    ("changes", "of", "said"),
    [
        (
            CHANGES,
            "all orders",
            "The rate rose from 0.50% to 2.00% around 2 February 2026 "
            "(95%: 30 January to 6 February 2026); 2 changes in all",
        ),
        (
            CHANGES.iloc[1:].assign(clock="ship day"),
            "carrier = Slow",
            "Carrier Slow: the rate by ship day fell from 2.00% to 1.00% on 16 March 2026, "
            "which defects still to come may undo",
        ),
        (
            CHANGES.iloc[:1].assign(rate_before=np.nan),
            "carrier = Slow",
            "Carrier Slow is new since 2 February 2026, its rate 2.00%",
        ),
        (CHANGES.iloc[:0], "all orders", "The rate shows no change beyond chance"),
        (CHANGES.iloc[:0], "sku = A", "SKU A: the rate shows no change beyond chance"),
    ],
)
def test_a_change_says_from_where_to_where_and_how_surely_when(changes, of, said):
    assert words.changes_title(changes, of) == said


@pytest.mark.parametrize(
    ("row", "more", "said"),
    [
        (0, {}, "1 February 2026: Slow · 1 day before the change of 2 February: may explain it"),
        (
            0,
            {"days": 0},
            "1 February 2026: Slow · on the day of the change of 2 February: may explain it",
        ),
        (
            0,
            {"days": 3},
            "1 February 2026: Slow · inside the days on which the change of 2 February may have "
            "begun: may explain it",
        ),
        (
            1,
            {"what": None},
            "1 February 2026: carrier · 43 days before the change of 16 March: too early by itself",
        ),
        (2, {}, "20 February 2026: Lot 7 · came 18 days after the change of 2 February"),
        (2, {"relation": "other slice"}, "20 February 2026: Lot 7 · concerns other orders"),
        (4, {"what": None, "kind": None}, "An unknown day: an event without a name · date missing"),
    ],
)
def test_an_event_is_told_beside_its_change_and_never_as_its_cause(row, more, said):
    what = ["Slow", "Slow", "Lot 7", "Opened", "Left"]
    happening = HAPPENINGS.assign(what=what).iloc[row].to_dict() | more

    assert words.happening_words(happening) == said


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        (
            NOWCAST,
            "The newest 2 weeks are not complete: 1 defective order counted, about 3 expected once "
            "all have arrived",
        ),
        (
            NOWCAST.iloc[1:2].assign(expected=np.nan),
            "The newest week is not complete: 1 defective order counted, and how many will come "
            "is unknown",
        ),
        (NOWCAST.assign(mature=True), "The defects of all 3 weeks have arrived"),
        (NOWCAST.iloc[:0], "There are no weeks to look ahead for"),
    ],
)
def test_the_newest_weeks_are_told_as_counted_and_as_expected(weeks, said):
    assert words.nowcast_title(weeks) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (CATEGORIES, "Untracked: 4 of 10 defects; 2 unexplained"),
        (CATEGORIES.iloc[:3], "Untracked: 4 of 8 defects"),
        (CATEGORIES.iloc[3:], "None of 2 defects is explained"),
        (CATEGORIES.iloc[:0], "There are no defects to explain"),
    ],
)
def test_the_commonest_category_is_named_and_the_unexplained_are_counted(counts, said):
    assert words.categories_title(counts) == said


def test_the_commonest_theme_is_named():
    assert words.themes_title(THEMES) == "Told most: Not received, in 6 orders (60%)"
    assert words.themes_title(THEMES.iloc[:0]) == "No text and no code tells a reason"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            SCENARIOS.assign(scenario=SCENARIOS["scenario"].str.replace("<b>Slow</b>", "Slow")),
            "1 of 3 changes would bring the rate of 1.50% inside the limit, the first: if Slow had "
            "been like the rest",
        ),
        (
            SCENARIOS.assign(under=[False, None, False, False]),
            "None of 3 changes would bring the rate of 1.50% inside the limit",
        ),
        (
            SCENARIOS.iloc[[0, 2]],
            "The change would not bring the rate of 1.50% inside the limit",
        ),
        (
            SCENARIOS.iloc[[0, 2]].assign(under=[False, True]),
            "If 2 orders were reversed, the rate would be inside the limit and not 1.50%",
        ),
        (
            SCENARIOS.assign(under=True),
            "The rate is inside the limit as it is; 3 changes would take it to 0.80% at best",
        ),
        (SCENARIOS.iloc[:1], "The rate is 1.50% as it is; no change was tried"),
        (SCENARIOS.iloc[:0], "There is no rate to change"),
    ],
)
def test_what_if_says_which_changes_would_do_and_promises_nothing(table, said):
    assert words.what_if_title(table, AMAZON) == said


def test_suspects_are_cleared_by_name_and_by_what_explains_them():
    plain = CLEARED.assign(suspect=["sku = B", "week = 7"])

    assert words.cleared_title(plain) == (
        "2 suspects look bad only through the named causes: SKU B and week = 7"
    )
    assert words.cleared_title(plain.iloc[:0]) == "No other suspect looks bad by itself"
    assert words.cleared_sentence(plain.iloc[0].to_dict()) == (
        "SKU B: 6 of 100 orders defective (6.00%; elsewhere 1.00%), 5.5 expected through "
        "carrier Slow."
    )


def test_a_share_that_is_neither_nothing_nor_all_never_reads_so():
    assert [words.whole_percent(share) for share in (0, 0.001, 0.999, 1, np.nan)] == [
        "0%", "under 1%", "over 99%", "100%", "unknown",
    ]  # fmt: skip


def test_the_titles_about_causes_read_right_in_chinese():
    plain = HAPPENINGS.assign(what=["Slow", "Slow", "Lot 7", "Opened", "Left"])
    with speaking("zh"):
        said = [
            words.drill_title(PATH),
            words.changes_title(CHANGES),
            words.changes_title(CHANGES.iloc[:0], "sku = A"),
            words.happening_words(plain.iloc[0].to_dict()),
            words.happening_words(plain.iloc[4].to_dict()),
            words.nowcast_title(NOWCAST),
            words.cleared_title(CLEARED.assign(suspect=["sku = B", "tracked = no"])),
        ]

    assert said == [
        "从 200 个订单缩小到 40 个：占订单的 20%，占缺陷订单的 80%",
        "缺陷率于 2026年2月2日前后（95%：2026年1月30日至2月6日）从 0.50% 升至 2.00%；共有 2 次变化",
        "SKU A：缺陷率没有超出偶然的变化",
        "2026年2月1日：Slow · 早于 2月2日的变化 1 天：可能是其原因",
        "未知日期：Left · 缺少日期",
        "最近 2 周尚不完整：已计 1 个缺陷订单，全部到达后预计约 3 个",
        "2 个嫌疑项只是因已列出的原因才显得偏高：SKU B 和不可追踪",
    ]
