"""The register in Chinese: lists, dates, refusals and the sheet; what is stored keeps its codes."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner
from stores import make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib import appeal
from odrlib.appeal.cases import rules, said_state
from odrlib.appeal.cells import said_cell
from odrlib.appeal.due import said_what, said_when
from odrlib.cli_appeal import appeal as command
from odrlib.errors import BadParameter
from odrlib.languages import speaking

CHINESE = re.compile("[\u4e00-\u9fff]")
GIVEN = "If we do not receive your plan within 14 days, your account will remain deactivated."
CLAIMS = "order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note\n"
FILES = {
    "plan.md": "A plan.",
    "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(1, 101)]),
    "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2)]),
    "ledger/claims.csv": CLAIMS
    + f"{order_id(1)},2026-03-02,not received,granted,2026-03-05,seller,yes,,\n",
}


@pytest.fixture
def store(tmp_path):
    with speaking("zh"):
        yield make_store(tmp_path / "store", FILES, 'language = "zh"\n')


def run(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments]).stdout


def sent(store):
    appeal.open_case(store, "订单缺陷率", on=date(2026, 3, 1))
    appeal.add_notice(store, "C001", GIVEN, on=date(2026, 3, 1))
    appeal.draft_submission(store, "C001", store / "plan.md", on=date(2026, 3, 16))
    return appeal.submit(store, "C001", on=date(2026, 3, 17))


def test_a_case_is_listed_with_its_state_in_words(store):
    sent(store)

    assert "small C001 · 已提交 · 订单缺陷率 · 已提交或已起草 1 次 · 2026-03-01 立案\n" == run(
        "list", store
    )


def test_the_journal_and_json_keep_their_codes(store):
    sent(store)
    appeal.reply(store, "C001", "approved", exempted=[(order_id(1), "claim")], on=date(2026, 4, 1))
    (case,) = json.loads(run("list", store, "--json"))["cases"]
    written = (store / "appeals" / "journal.jsonl").read_text(encoding="utf-8")
    kinds = [json.loads(line)["kind"] for line in written.splitlines()]

    assert ["opened", "notice", "drafted", "submitted", "replied"] == kinds
    assert "approved" == case["state"]
    assert not CHINESE.search((store / "appeals" / "exempted.csv").read_text(encoding="utf-8"))


def test_dates_say_what_is_due_and_why(store):
    appeal.open_case(store, "订单缺陷率", on=date(2026, 3, 1))
    appeal.add_notice(store, "C001", GIVEN, on=date(2026, 3, 1))
    lines = run("due", store, "--as-of", "2026-03-16").splitlines()

    assert "2026-03-15 已逾期   small 申诉 C001" == lines[0]
    assert "  订单缺陷率：2026-03-01 的通知给出 14 天期限" == lines[1]
    assert f"  订单 {order_id(1)} 的 A-to-z 索赔申诉：裁决后 30 个自然日" == lines[3]


def test_a_late_submission_is_said_to_be_late(store):
    _, findings = sent(store)

    assert "C001 提交时，已超过 2026-03-01 的通知所给的 14 天期限 2 天。" == findings[0].message


def test_what_the_register_refuses_is_said_with_the_states_in_words(store):
    sent(store)
    appeal.reply(store, "C001", "denied", on=date(2026, 3, 20))

    with pytest.raises(
        BadParameter, match="^C001 的状态为“已驳回”，不能变为“审核中”；下一步可以是："
    ):
        appeal.under_review(store, "C001")
    with pytest.raises(BadParameter, match="文字相同；不接受原样重复提交$"):
        appeal.draft_submission(store, "C001", store / "plan.md")


def test_a_notice_says_what_it_asks_for(store):
    (store / "notice.txt").write_text(
        "Your order defect rate exceeds our target of 1%. Send a plan of action within 14 days:\n"
        "- The root cause of orders not received\n"
    )
    lines = run("notice", store / "notice.txt").splitlines()

    assert "  要求写明：NR（未收到或延迟送达）的根本原因" == lines[1]
    assert "  须在 14 天内答复" == lines[2]


def test_the_sheet_is_said_in_the_analyst_s_language_and_its_json_keeps_the_codes(store):
    facts = odr.build_facts(odr.read_store(store, "2026-03-21", today=date(2026, 11, 1)))
    made = appeal.case_sheet(facts, appeal.read_register(store))
    page = appeal.sheet_markdown(made)

    assert page.startswith("# 案件摘要：small\n\n店铺 small，US，截至 2026-03-21。")
    assert "| 订单编号 | 种类 | 下单日期 | 到达日期 |" in page
    assert "措施台账（已尝试的措施）" in page
    assert {"claim"} == {row["kind"] for row in made["defects"]}


@pytest.mark.parametrize("state", rules()["moves"])
def test_every_state_has_a_name(state):
    with speaking("zh"):
        assert CHINESE.search(said_state(state))
    assert state == said_state(state)


def test_parts_and_dates_have_names_in_both_languages():
    parts = [("NR", "cause"), ("*", "evidence"), ("claims", "prevention")]

    assert [
        "cause of NR (Not received or late)",
        "evidence of every topic",
        "prevention of claims",
    ] == [said_cell(*one) for one in parts]
    assert ("answer expected", "ahead") == (said_what("answer expected"), said_when("ahead"))
    with speaking("zh"):
        assert ["NR（未收到或延迟送达）的根本原因", "所有主题的证据", "索赔的预防措施"] == [
            said_cell(*one) for one in parts
        ]
        assert ("等待答复", "未到期") == (said_what("answer expected"), said_when("ahead"))
