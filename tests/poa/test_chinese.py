"""A finding of each family of `odr poa check` in Chinese; the worksheet keeps its language."""

from __future__ import annotations

import pytest

from odrlib.cli_poa import said_level
from odrlib.languages import speaking
from odrlib.poa import check_poa, draft_findings, draft_poa, said_kind, said_verdict
from tests.poa.test_check import PLAN, facts
from tests.stores import order_id

__all__ = ["facts"]  # the fixture: a store of twelve orders, three of them defective


def found(facts, plan, id_):
    with speaking("zh"):
        check = check_poa(plan, facts)
    first = next(one for one in check.findings if one.id == id_)
    return first.message, first.to_do


@pytest.mark.parametrize(
    ("old", "new", "id_", "message", "to_do"),
    [
        ("3 of 12 orders", "4 of 12 orders", "poa-contradicted",
         "'4'（数字）与数据不符：categories.counts[R27].defective。", "按数据改写。"),
        (f"- {order_id(8)}\n", "", "poa-order-missing",
         f"统计窗口内有 1 个缺陷订单未写入行动计划：{order_id(8)}。",
         "每个缺陷订单都要列在其原因之下；漏掉一个，申诉就不完整。"),
        ("### Preventive action", "### Thanks", "poa-part-missing",
         "原因 1 没有写预防措施。", "每个原因都要写明根本原因、纠正措施和预防措施。"),
        ("we replaced the cartons", "we will replace the cartons", "poa-corrective-not-done",
         "纠正措施被写成将来的事（'will'）。",
         "用过去时写已完成的措施，并注明日期；计划中的属于预防措施。"),
        ("drop.pdf", "other.pdf", "poa-record-unknown",
         "记录 other.pdf 不在本店铺的任何台账中。",
         "把文件放入 evidence/measures/，并写入措施台账。"),
        ("Store: Kettles", "Store: Pots", "poa-wrong-store",
         "行动计划写的是 'Pots'，不是 'Kettles'。",
         "按卖家平台上显示的写明本店铺的名称和 ID。"),
        ("too thin", "too thin. The buyer lied", "poa-blame",
         "'buyer lied' 在没有亚马逊裁决的情况下指责他人。",
         "删去，或写明订单并附上该索赔的裁决。"),
    ],
)  # fmt: skip
def test_a_finding_of_each_family(facts, old, new, id_, message, to_do):
    assert old in PLAN

    assert (message, to_do) == found(facts, PLAN.replace(old, new), id_)


def test_the_same_draft_has_the_same_verdicts_in_both_languages(facts):
    plan = PLAN.replace("3 of 12", "4 of 12").replace("20 March 2026", "31 February 2026")
    english = check_poa(plan, facts)
    with speaking("zh"):
        chinese = check_poa(plan, facts)

    assert [(one.text, one.kind, one.verdict) for one in english.statements] == [
        (one.text, one.kind, one.verdict) for one in chinese.statements
    ]
    assert [one.id for one in english.findings] == [one.id for one in chinese.findings]


def test_the_worksheet_that_is_sent_does_not_follow_the_analyst_s_language(facts):
    english = draft_poa(facts)
    with speaking("zh"):
        chinese = draft_poa(facts)
        said = draft_findings(chinese)[0].message

    assert english.blocks == chinese.blocks
    assert english.markdown() == chinese.markdown()
    assert f"工作表中有 {chinese.blanks} 处未能由文件填写。" == said


def test_codes_have_names(facts):
    with speaking("zh"):
        assert ["有依据", "与数据矛盾", "无依据"] == [
            said_verdict(code) for code in ("supported", "contradicted", "not supported")
        ]
        assert ["订单编号", "百分比"] == [said_kind(code) for code in ("order_id", "percentage")]
        assert ["错误", "警告", "提示"] == [
            said_level(code) for code in ("error", "warning", "information")
        ]
    assert ("order id", "sku") == (said_kind("order_id"), said_kind("sku"))
