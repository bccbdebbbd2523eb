"""What columns, values and slices are called, in both languages; data keep their own words."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import naming
from odrlib.causes import CANDIDATES, describe
from odrlib.languages import speaking


def test_every_attribute_that_a_search_can_make_has_a_name():
    assert set(CANDIDATES) <= set(naming.ATTRIBUTES)


@pytest.mark.parametrize(
    ("where", "english", "chinese"),
    [
        ({"tracked": "no"}, "not tracked", "不可追踪"),
        ({"tracked": None}, "tracking unknown", "物流追踪未知"),
        (
            {"carrier": "China Post", "shipped_late": "yes"},
            "carrier China Post and shipped late",
            "承运人 China Post 且迟发",
        ),
        ({"channel": "mfn"}, "channel FBM (mfn)", "配送渠道 FBM（mfn）"),
        ({"order_week": "2026-W31"}, "order week 2026-W31", "下单周 2026年第31周"),
        ({"weekday": "Monday"}, "weekday Monday", "下单星期 星期一"),
        ({"days_late": "7 days or more"}, "7 or more days late", "延迟 7 天及以上"),
        (
            {"price_band": "29.00 USD or more"},
            "order value 29.00 USD or more",
            "订单金额 29.00 USD 及以上",
        ),
        ({"ship_day": "2026-03-02"}, "ship day 2 March 2026", "发货日期 2026年3月2日"),
        ({"business": True}, "business buyer", "企业买家"),
        ({"sku": "A-1", "supplier": None}, "SKU A-1 and supplier unknown", "SKU A-1 且供应商未知"),
        ({"my_column": "x"}, "my column x", "my column x"),
        ({}, "all orders", "全部订单"),
    ],
)
def test_a_slice_is_named_in_words(where, english, chinese):
    assert naming.slice_name(where) == english
    with speaking("zh"):
        assert naming.slice_name(where) == chinese


@pytest.mark.parametrize(
    ("column", "row", "chinese"),
    [
        ("sku", "8 other SKUs", "其他 8 项"),
        ("carrier", "1 other carrier", "其他 1 项"),
        ("asin", "other (6 levels)", "其他 6 项"),
        ("sku", "1,204 SKUs with fewer than 20 orders", "1,204 项，订单各少于 20 个"),
        ("sku", "A-1 other", "A-1 other"),
    ],
)
def test_folded_rows_are_named_and_values_of_files_are_not_translated(column, row, chinese):
    assert naming.level(column, row) == row
    with speaking("zh"):
        assert naming.level(column, row) == chinese


@given(st.dictionaries(st.sampled_from(CANDIDATES), st.text("AB×= ;01", min_size=1), max_size=3))
def test_what_describe_wrote_is_named_like_the_slice_itself(where):
    """The text of a table names the same slice, whatever letters its values have."""
    assert naming.slice_name(describe(where) or naming.ALL) == naming.slice_name(where)


def test_text_that_describes_no_slice_stays_as_it_is():
    assert naming.slice_name("week = 7") == "week = 7"
    assert naming.slice_name("tracked = no; asin = B0") == "not tracked; ASIN B0"


def test_a_missing_value_is_unknown_however_it_is_missing():
    missing = [None, float("nan"), pd.NA, pd.NaT, "unknown"]

    assert {naming.level("carrier", value) for value in missing} == {"unknown"}


@pytest.mark.parametrize(
    ("where", "english", "chinese"),
    [
        ({}, "all orders", "全部订单"),
        ({"carrier": "DHL", "delivered_late": "yes"}, "carrier DHL and delivered late", None),
        ({"tracked": "no"}, "orders not tracked", "不可追踪"),
        ({"slow_answer": None}, "orders with answer unknown", "回复时效未知"),
        ({"days_late": "1-2 days"}, "orders 1-2 days late", "延迟 1–2 天"),
        ({"multi_item": "yes"}, "orders with several items", "多件商品"),
        ({"business": "no"}, "orders of a private buyer", "个人买家"),
    ],
)
def test_in_the_middle_of_a_sentence_a_slice_is_a_noun(where, english, chinese):
    assert naming.slice_orders(where) == english
    with speaking("zh"):
        assert naming.slice_orders(where) == (chinese or naming.slice_name(where))


@pytest.mark.parametrize("hostile", ["{attribute}", "<b>x</b>", "a × carrier = b", "%s {0}", "是"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_file_says_is_never_changed(hostile, language):
    with speaking(language):
        assert naming.level("carrier", hostile) == hostile
        assert naming.slice_name({"carrier": hostile}).endswith(hostile)
