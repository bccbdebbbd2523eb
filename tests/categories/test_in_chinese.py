"""Categories told in Chinese: what shows them, what speaks against them, and what to fetch."""

from __future__ import annotations

import pandas as pd

from odrlib.categories import Records, category_counts, topic_title, what_to_fetch
from odrlib.categories.catalogue import CERTAINTIES, categories, certainty_said
from odrlib.languages import speaking
from tests.categories.little import events, story
from tests.categories.test_stories import MAIL, cause


def test_a_category_is_told_with_what_shows_it():
    with speaking("zh"):
        row = story("T-INR", on="2026-03-17", **MAIL)

    assert ("R01", "strong", "不可追踪或低档的配送服务") == (
        row["category"],
        row["certainty"],
        row["title"],
    )
    assert row["shows"] == (
        "投诉：未收到",
        "全程可追踪：否",
        "配送服务：Ordinary Mail",
        "承运人：China Post",
        "承诺送达日之后 9 天出现索赔",
    )


def test_an_event_and_a_named_cause_are_told_with_day_and_counts():
    lot = events(("2026-02-20", "lot", "Lot 7 received", "sku", "KETTLE"))
    with speaking("zh"):
        noted = story("T-DEF", records=Records(events=lot))
        named = story("T-DEF", records=Records(causes=[cause("o0", sku="KETTLE")]))

    assert "2026年2月20日：Lot 7 received" in noted["shows"]
    assert "已列出的原因“SKU KETTLE”：40 个订单中 9 个有缺陷，预期 1.0 个" in named["shows"]


def test_what_speaks_against_it_is_told():
    with speaking("zh"):
        row = story("T-LATE", shipped_at="2026-03-05 12:00", first_scan_at="2026-03-05 18:00")

    assert ("在承诺日期前送达：是",) == row["conflicts"]


def test_what_is_unexplained_says_what_to_fetch():
    with speaking("zh"):
        table = pd.DataFrame([story()])
        fetch, counts = what_to_fetch(table), category_counts(table)

    assert fetch["says"].iloc[0] == "没有文字，也没有原因代码"
    assert fetch["to_do"].iloc[0] == (
        "从卖家平台把索赔或信用卡拒付的原因，或买家的评论，录入台账。"
    )
    assert [categories()["R27"].title_zh] == counts["title"].tolist()


def test_codes_have_words():
    with speaking("zh"):
        said = [certainty_said(code) for code in CERTAINTIES]
        topics = topic_title("NR"), topic_title(None)

    assert (["充分", "较可能", "较弱", "无"], ("未收到或延迟送达", "未说明")) == (said, topics)
    assert list(CERTAINTIES) == [certainty_said(code) for code in CERTAINTIES]
