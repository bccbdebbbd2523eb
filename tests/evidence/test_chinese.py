"""What evidence says to an analyst who reads Chinese, and what it still says in English."""

from __future__ import annotations

import re

import pytest

import odrlib as odr
from odrlib.evidence import (
    evidence_dict,
    evidence_matrix,
    said_by,
    said_class,
    said_event,
    said_in,
    said_reading,
    said_state,
    timeline,
)
from odrlib.evidence.cell import STATES
from odrlib.evidence.opening import Content
from odrlib.evidence.rules import CLASSES
from odrlib.evidence.timeline import EVENTS
from odrlib.languages import speaking
from tests.evidence.folders import TODAY, clean, order_id, store_files
from tests.evidence.test_matrix import (
    delivered_before_shipped,
    late_answer,
    no_proof,
    only_a_machine_answered,
    refund_of_a_part,
    refund_without_date,
    zero_byte,
)
from tests.stores import make_store

CHINESE = re.compile("[\u4e00-\u9fff]")
SPOILS = (
    no_proof,
    delivered_before_shipped,
    late_answer,
    only_a_machine_answered,
    refund_of_a_part,
    refund_without_date,
    zero_byte,
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A store whose analyst reads Chinese: a clean order (1), and one for each fault (11, 12 …)."""
    cases = [clean(1)]
    for number, spoil in enumerate(SPOILS, start=11):
        case = clean(number)
        spoil(case, cases)
        cases.append(case)
    folder = tmp_path_factory.mktemp("chinese") / "a"
    make_store(folder, store_files(cases), 'language = "zh"\n')
    with speaking("zh"):
        store = odr.read_store(folder, today=TODAY)
        yield store, evidence_matrix(store, odr.defects_by_order(store), today=TODAY)


def cell(evidence, number, class_, what):
    cells = evidence.cells
    mine = cells["order_id"].eq(order_id(number)) & cells["class"].eq(class_)
    return cells.loc[mine, what].iloc[0]


def finding(evidence, id_):
    return next(one for one in evidence.findings if one.id == id_)


def test_an_open_cell_says_what_is_missing(told):
    _, evidence = told

    assert ["没有带地址和追踪编号的签收证明"] == cell(evidence, 11, "logistics", "missing")


def test_a_contradiction_says_both_times(told):
    _, evidence = told
    found = finding(evidence, "delivered-before-shipped")

    assert (
        f"订单 {order_id(12)}：送达 2026-05-08 18:20 UTC，早于发货 2026-05-09 16:00 UTC。"
        == found.message
    )
    assert "承运人带时间的追踪记录。" == found.to_do


def test_a_late_answer_says_how_long_the_buyer_waited(told):
    _, evidence = told

    assert [
        "买家 2026-05-10 09:00 UTC 的消息等了 24 小时 00 分才得到人工回复；允许的时间为 24 小时"
    ] == cell(evidence, 13, "communication", "contradictions")


def test_what_is_missing_is_said_to_be_missing_in_both_languages(told):
    store, evidence = told
    with speaking("en"):
        english = evidence_matrix(store, odr.defects_by_order(store), today=TODAY)

    assert (
        f"订单 {order_id(16)}：没有退款日期。" == finding(evidence, "refund-without-date").message
    )
    assert (
        f"Order {order_id(16)} lacks the date of the refund."
        == finding(english, "refund-without-date").message
    )


def test_amounts_stand_where_chinese_has_them(told):
    _, evidence = told

    assert ["退款仅为 4.00（订单金额 20.00 USD）"] == cell(evidence, 15, "remedy", "contradictions")


def test_why_a_file_proves_nothing_is_said_where_it_is_shown(told):
    _, evidence = told
    files = evidence.files.set_index(["order_id", "file"])["why"]

    assert "文件为 0 字节" == files[order_id(17), "pod.txt"]
    assert f"订单 {order_id(17)}：pod.txt 不能证明任何事：文件为 0 字节。" == (
        finding(evidence, "file-empty").message
    )


def test_what_to_fetch_next_names_order_carrier_and_number(told):
    _, evidence = told
    fetch = evidence.next.set_index("order_id")["fetch"]

    assert f"订单 {order_id(11)} 带地址的签收证明：向 UPS 索取" in fetch[order_id(11)]


def test_codes_and_file_names_stay_as_they_are(told):
    _, evidence = told
    told_as_json = evidence_dict(evidence)

    assert set(evidence.cells["state"]) <= set(STATES)
    assert set(evidence.cells["class"]) == set(CLASSES)
    assert {"ledger", "its name"} >= set(evidence.files["told_by"])
    assert not any(CHINESE.search(one["id"]) for one in told_as_json["findings"])


def test_the_cells_are_said_in_english_for_whom_they_are_sent_to(told):
    store, evidence = told
    with speaking("en"):
        english = evidence_matrix(store, odr.defects_by_order(store), today=TODAY).cells
    sent = said_in(evidence, "en")

    assert english.to_dict("records") == sent.to_dict("records")
    assert not CHINESE.search(str(sent[["missing", "contradictions", "notes", "required"]].values))


def test_a_broken_promise_is_said_in_the_timeline(told):
    store, _ = told
    with speaking("zh"):
        table = timeline(store, order_id(13))

    assert set(table["event"]) <= set(EVENTS)
    assert "等待 24.0 小时后才回复" in table["said"].tolist()


@pytest.mark.parametrize(
    ("say", "codes"),
    [
        (said_state, STATES),
        (said_class, CLASSES),
        (said_event, EVENTS),
        (said_by, ("ledger", "its name", "its text")),
        (said_reading, ("read", "not read", "empty", "unreadable", "encrypted", "too large")),
    ],
)
def test_every_code_has_a_name_in_both_languages(say, codes):
    with speaking("zh"):
        assert all(CHINESE.search(say(code)) for code in codes)
    assert [*codes] == [say(code) for code in codes]


def test_a_reason_with_a_number_is_kept_as_a_template():
    piece = None
    content = Content(piece, "pdf", "too large", "it has {bytes:,} bytes", values={"bytes": 61_000})
    with speaking("zh"):
        said = content.because

    assert ("文件有 61,000 字节", "it has 61,000 bytes") == (said, content.because)
