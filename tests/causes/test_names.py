"""What a reader calls attributes, levels and slices, in both languages."""

import numpy as np
import pytest

from odrlib.causes.attributes import CANDIDATES
from odrlib.causes.names import FLAGS, attribute, level, slice_name, slice_orders
from odrlib.languages import speaking


@pytest.mark.parametrize(
    ("where", "english", "chinese"),
    [
        ({}, "all orders", "全部订单"),
        ({"carrier": "China Post"}, "carrier China Post", "承运人 China Post"),
        ({"tracked": "no"}, "not tracked to the door", "无全程追踪"),
        ({"tracked": None}, "with unknown tracking", "追踪情况未知"),
        ({"ship_service": "Standard"}, "ship service Standard", "物流服务 Standard"),
        ({"sku": "A-1", "supplier": None}, "SKU A-1 × supplier unknown", "SKU A-1 × 供应商未知"),
        ({"channel": "mfn"}, "seller-fulfilled (FBM)", "卖家自配送 (FBM)"),
        ({"weekday": "Monday"}, "placed on a Monday", "星期一下单"),
        ({"order_week": "2026-W05"}, "placed in 2026-W05", "2026年第5周下单"),
        (
            {"ship_week": "week of 2026-03-02"},
            "shipped in the week of 2 March 2026",
            "2026年3月2日当周发货",
        ),
        ({"ship_day": "2026-03-02"}, "shipped on 2 March 2026", "2026年3月2日发货"),
        ({"days_late": "1-2 days"}, "delivered 1-2 days late", "晚送达 1-2 天"),
        ({"days_late": "on time"}, "delivered on time", "准时送达"),
        ({"price_band": "under 9.50 USD"}, "order value under 9.50 USD", "订单金额 低于 9.50 USD"),
        ({"business": True}, "from a business", "企业买家"),
        ({"my_column": "x"}, "my column x", "my column x"),
    ],
)  # fmt: skip
def test_a_slice_is_called_by_words(where, english, chinese):
    with speaking("zh"):
        said = slice_name(where)

    assert (english, chinese) == (slice_name(where), said)


def test_in_the_middle_of_a_sentence_a_slice_is_a_noun():
    assert "orders not tracked to the door" == slice_orders({"tracked": "no"})
    assert "carrier DHL × delivered late" == slice_orders(
        {"carrier": "DHL", "delivered_late": "yes"}
    )


@pytest.mark.parametrize(
    ("column", "value", "english", "chinese"),
    [
        ("tracked", "yes", "yes", "是"),
        ("slow_answer", "no", "no", "否"),
        ("carrier", "yes", "yes", "yes"),
        ("carrier", np.nan, "unknown", "未知"),
        ("channel", "afn", "Amazon-fulfilled (FBA)", "亚马逊配送 (FBA)"),
        ("days_late", "7 days or more", "7 days or more", "7 天及以上"),
        ("price_band", "20.00 EUR or more", "20.00 EUR or more", "20.00 EUR 及以上"),
        ("sku", "other (12 levels)", "other (12 levels)", "其他（12 个取值）"),
    ],
)
def test_a_level_is_a_word_only_where_it_is_ours(column, value, english, chinese):
    with speaking("zh"):
        said = level(column, value)

    assert (english, chinese) == (level(column, value), said)


@pytest.mark.parametrize("hostile", ["{attribute}", "<b>x</b>", "a × carrier = b", "%s {0}", "是"])
def test_what_a_file_says_is_never_changed(hostile):
    for language in ("en", "zh"):
        with speaking(language):
            assert hostile == level("carrier", hostile)
            assert slice_name({"carrier": hostile}).endswith(hostile)


def test_every_attribute_has_a_name_in_chinese():
    with speaking("zh"):
        named = {column: attribute(column) for column in CANDIDATES}

    assert {"sku": "SKU", "asin": "ASIN"} == {
        column: name for column, name in named.items() if name.isascii()
    }


@pytest.mark.parametrize("column", FLAGS)
@pytest.mark.parametrize("value", ["yes", "no", None])
def test_every_answer_has_words_of_its_own(column, value):
    with speaking("zh"):
        chinese = slice_name({column: value})

    assert "=" not in slice_name({column: value})
    assert not chinese.isascii()
