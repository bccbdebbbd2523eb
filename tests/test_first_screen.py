"""The first screen of stores at the edge, sentence by sentence, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stores import feedback_file, make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib import chapters
from odrlib.languages import speaking

LANGUAGES = ("en", "zh")
ORDERS = {"exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)])}
TWELVE = {"exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(12)])}


def defects(*bad: int) -> dict[str, str]:
    """An order defect download with an A-to-z claim on each of these orders."""
    return {"exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in bad])}


STORES = {
    "nothing wrong": ORDERS | defects(),
    "over the limit": ORDERS | defects(1, 2, 3, 4),
    "twelve orders": TWELVE | defects(1),
    "no file of defects": ORDERS,
    "feedback only": ORDERS | {"exports/fb.txt": feedback_file([(order_id(1), 1, "3/9/26")])},
    "no orders": defects(1),
    "nothing": {},
}


def facts_of(folder: Path, name: str, language: str) -> odr.Facts:
    """The facts of a store as they were on 20 March; to be asked while that language is spoken."""
    as_of = "" if name in ("no orders", "nothing") else "2026-03-20"
    store = make_store(folder, STORES[name])
    return odr.build_facts(odr.read_store(store, as_of, today=date(2026, 11, 1), language=language))


FIRST = {
    ("nothing wrong", "en"): (
        "small is inside the limit by both rules.",
        ["0.00%", "0 of 300 orders", "It can carry 2 more defects and stay inside the limit.",
         "The rate stays inside the 1% limit unless new defects arrive."],
        ["Add the seller feedback file (Performance > Feedback > Download).",
         "Add ledger/claims.csv, filled from Performance > A-to-z claims."],
        "The orders files end on 2026-03-01, 19 days before as-of.",
    ),
    ("nothing wrong", "zh"): (
        "按两种规则，small 都在限值以内。",
        ["0.00%", "300 个订单中有 0 个", "还可承受 2 个缺陷而不超过限值。",
         "只要没有新缺陷出现，缺陷率将一直在 1% 的限值以内。"],
        ["请添加：卖家反馈文件（绩效 > 反馈 > 下载）。",
         "请添加：ledger/claims.csv，按“绩效 > A-to-z 索赔”填写。"],
        "订单文件止于 2026-03-01，比基准日早 19 天。",
    ),
    ("over the limit", "en"): (
        "small is over the limit by both rules.",
        ["1.33%", "4 of 300 orders", "It is inside the limit once 2 defects are taken off.",
         "The rate is inside the 1% limit from 5 April 2026 on if no new defects arrive."],
        ["First look for a quiz banner on the Account Health page.",
         "0 of 4 defects can be contested today, 4 may be, 0 cannot.",
         "Add the seller feedback file (Performance > Feedback > Download).",
         "Add ledger/claims.csv, filled from Performance > A-to-z claims."],
        "The orders files end on 2026-03-01, 19 days before as-of.",
    ),
    ("over the limit", "zh"): (
        "按两种规则，small 都超过限值。",
        ["1.33%", "300 个订单中有 4 个", "移除 2 个缺陷后即在限值以内。",
         "如果没有新缺陷出现，缺陷率自 2026年4月5日起回到 1% 的限值以内。"],
        ["首先查看账户状况页面上是否有测验横幅。",
         "4 个缺陷中，今天可申诉 0 个，也许可以 4 个，不可申诉 0 个。",
         "请添加：卖家反馈文件（绩效 > 反馈 > 下载）。",
         "请添加：ledger/claims.csv，按“绩效 > A-to-z 索赔”填写。"],
        "订单文件止于 2026-03-01，比基准日早 19 天。",
    ),
    ("twelve orders", "en"): (
        "small is over the limit by both rules.",
        ["8.33%", "1 of 12 orders", "It is inside the limit once 1 defect is taken off.",
         "The rate is inside the 1% limit from 12 April 2026 on if no new defects arrive."],
        ["First look for a quiz banner on the Account Health page.",
         "0 of 1 defect can be contested today, 1 may be, 0 cannot.",
         "Add the seller feedback file (Performance > Feedback > Download).",
         "Add ledger/claims.csv, filled from Performance > A-to-z claims."],
        "The orders files end on 2026-03-01, 19 days before as-of.",
    ),
    ("twelve orders", "zh"): (
        "按两种规则，small 都超过限值。",
        ["8.33%", "12 个订单中有 1 个", "移除 1 个缺陷后即在限值以内。",
         "如果没有新缺陷出现，缺陷率自 2026年4月12日起回到 1% 的限值以内。"],
        ["首先查看账户状况页面上是否有测验横幅。",
         "1 个缺陷中，今天可申诉 0 个，也许可以 1 个，不可申诉 0 个。",
         "请添加：卖家反馈文件（绩效 > 反馈 > 下载）。",
         "请添加：ledger/claims.csv，按“绩效 > A-to-z 索赔”填写。"],
        "订单文件止于 2026-03-01，比基准日早 19 天。",
    ),
    ("no file of defects", "en"): (
        "Whether small is inside the limit is unknown by both rules.",
        ["unknown", "no file tells a defect",
         "Add the files that tell all A-to-z claims, chargebacks and negative ratings; a file "
         "without rows says that there were none."],
        ["Add the files that tell all A-to-z claims, chargebacks and negative ratings; a file "
         "without rows says that there were none.",
         "Add the order defect download (Performance > Account Health > Order Defect Rate > "
         "Download).",
         "Add the seller feedback file (Performance > Feedback > Download)."],
        "The orders files end on 2026-03-01, 19 days before as-of.",
    ),
    ("no file of defects", "zh"): (
        "按两种规则，small 是否在限值以内均未知。",
        ["未知", "没有文件说明缺陷",
         "请添加能说明以下全部缺陷的文件：A-to-z 索赔、信用卡拒付和负面反馈；"
         "没有数据行的文件即表示没有。"],
        ["请添加能说明以下全部缺陷的文件：A-to-z 索赔、信用卡拒付和负面反馈；"
         "没有数据行的文件即表示没有。",
         "请添加：订单缺陷下载文件（绩效 > 账户状况 > 订单缺陷率 > 下载）。",
         "请添加：卖家反馈文件（绩效 > 反馈 > 下载）。"],
        "订单文件止于 2026-03-01，比基准日早 19 天。",
    ),
    ("no orders", "en"): (
        "Whether small is inside the limit is unknown by both rules.",
        ["unknown", "no file gives the orders", "Add the orders of this window."],
        ["Add the All Orders report (Reports > Fulfilment > All Orders).",
         "Add the seller feedback file (Performance > Feedback > Download)."],
        "No file gives orders; unknown without it: the order count, and with it every rate.",
    ),
    ("no orders", "zh"): (
        "按两种规则，small 是否在限值以内均未知。",
        ["未知", "没有任何文件提供订单", "请添加此统计窗口的订单。"],
        ["请添加：所有订单报告（数据报告 > 亚马逊配送 > 所有订单）。",
         "请添加：卖家反馈文件（绩效 > 反馈 > 下载）。"],
        "没有文件提供订单；缺少它则未知：订单数，以及所有缺陷率。",
    ),
    ("nothing", "en"): (
        "Whether small is inside the limit is unknown by both rules.",
        ["unknown", "no file gives the orders", "Add the orders of this window."],
        ["Add the All Orders report (Reports > Fulfilment > All Orders).",
         "Add the order defect download (Performance > Account Health > Order Defect Rate > "
         "Download)."],
        "No file gives orders; unknown without it: the order count, and with it every rate.",
    ),
    ("nothing", "zh"): (
        "按两种规则，small 是否在限值以内均未知。",
        ["未知", "没有任何文件提供订单", "请添加此统计窗口的订单。"],
        ["请添加：所有订单报告（数据报告 > 亚马逊配送 > 所有订单）。",
         "请添加：订单缺陷下载文件（绩效 > 账户状况 > 订单缺陷率 > 下载）。"],
        "没有文件提供订单；缺少它则未知：订单数，以及所有缺陷率。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "language"), FIRST, ids=str)
def test_the_first_screen_is_true_of_a_store_at_the_edge(tmp_path, name, language):
    with speaking(language):
        data = chapters.verdict(facts_of(tmp_path, name, language)).data
    card = data["cards"][0]
    told = {part["name"]: [item["text"] for item in part["items"]] for part in data["lists"]}

    assert FIRST[name, language] == (
        data["headline"],
        [card["value"], card["counts"], *card["sentences"]],
        told["to_do"],
        told["not_known"][0],
    )


def test_a_rate_that_leaves_out_a_kind_is_a_lower_bound_in_both_languages(tmp_path):
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            facts = facts_of(tmp_path / language, "feedback only", language)
            said[language] = odr.words.standing(facts.headlines["amazon"]["all"])

    assert said == {
        "en": "Amazon's rule: at least 0.33% (1 of 300 orders, 5 January to 5 March 2026); whether "
        "it is below 1% is unknown, because no file tells all A-to-z claims and chargebacks.",
        "zh": "亚马逊规则：至少 0.33%（300 个订单中有 1 个，2026年1月5日至3月5日）；是否低于 1% "
        "未知，因为没有文件完整说明以下缺陷：A-to-z 索赔和信用卡拒付。",
    }


# -- tables -------------------------------------------------------------------------------------

# What a caption, a note or a label in Chinese may hold in Latin letters: names, codes and files.
NAMES = (
    r"SKU|ASIN|SHA-256|Wilson|A-to-z|FBM|FBA|POA|ODR|facts\.json|odr poa draft|odr poa check|UTC"
)
CHAPTERS = [
    "both_rules", "several_kinds", "roll_off", "rate_over_time", "days_over", "reconciliation",
    "related", "kinds", "reasons", "kinds_over_time", "defective_orders", "themes", "understood",
    "categories", "categorised", "to_fetch", "categories_of_causes", "causes_list", "quiz",
    "triage", "smallest_set", "evidence_matrix", "evidence_findings", "what_to_fetch",
    "evidence_on_hand", "poa_facts", "files", "set_aside", "hashes", "changes", "what_changed",
    "changed_then", "shifts", "newest_weeks", "without_causes", "grid", "cleared", "timeline_of",
]  # fmt: skip


def heads(data: dict[str, Any]) -> Iterator[str]:
    """Caption, note and labels of a table, or of the one behind a figure."""
    table = data.get("table", data) or {}
    yield from (table.get("caption", ""), table.get("note", ""))
    yield from (column["label"] for column in table.get("columns", ()))


@pytest.mark.parametrize("name", STORES)
def test_what_heads_a_table_is_chinese_in_chinese(tmp_path, name):
    with speaking("zh"):
        facts = facts_of(tmp_path, name, "zh")
        shown = {chapter: getattr(chapters, chapter)(facts).data for chapter in CHAPTERS}
    english = [
        (chapter, head)
        for chapter, data in shown.items()
        for head in heads(data)
        if re.search("[A-Za-z]{2}", re.sub(NAMES, "", head))
    ]

    assert english == []
