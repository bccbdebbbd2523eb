"""Counting by hand, and the glossary: what the tutorial asks its reader to trust."""

from __future__ import annotations

from datetime import date

import pytest

import odrlib as odr
from odrlib import chapters
from odrlib.chapters.glossary import SHORT, terms
from odrlib.languages import speaking
from tests.stores import feedback_file, make_store, odr_file, order, order_id, orders_file

AS_OF = date(2026, 5, 31)


def facts_of(folder, defects):
    """Eight orders of 1 to 8 May and the defects of some of them, as Amazon's download tells."""
    rows = [order(number, f"2026-05-{number:02d}") for number in range(1, 9)]
    listed = [(order_id(number), "05/01/2026", flags) for number, flags in defects]
    files = {"exports/orders.txt": orders_file(rows), "exports/odr.csv": odr_file(listed)}
    return odr.build_facts(odr.read_store(make_store(folder / "s", files), AS_OF, today=AS_OF))


def column(shown, name):
    return next(one["text"] for one in shown.data["columns"] if one["name"] == name)


def test_the_orders_of_each_case_and_all_others_add_up_to_the_rate(tmp_path):
    shown = chapters.by_hand(facts_of(tmp_path, [(2, "FA"), (4, "C"), (7, "A")]), "amazon")

    assert column(shown, "order") == [
        *map(order_id, (2, 4, 7, 1, 3)), "all other orders of the window", "together",
    ]  # fmt: skip
    assert column(shown, "adds") == ["1", "1", "1", "0", "0", "0", "3"]
    assert column(shown, "orders") == ["1", "1", "1", "1", "1", "3", "8"]
    assert column(shown, "kinds")[:4] == [
        "A-to-z claim and negative rating", "chargeback", "A-to-z claim", "none",
    ]  # fmt: skip


def test_the_30_day_rule_adds_every_kind(tmp_path):
    facts = facts_of(tmp_path, [(2, "AC")])

    assert column(chapters.by_hand(facts, "brief"), "adds")[0] == "2"
    assert column(chapters.by_hand(facts, "amazon"), "adds")[0] == "1"


@pytest.mark.parametrize("profile", ["amazon", "brief"])
def test_the_last_row_is_the_count_of_the_verdict(tmp_path, profile):
    facts = facts_of(tmp_path, [(2, "FA"), (4, "C")])
    shown, line = chapters.by_hand(facts, profile), facts.headlines[profile]["all"]

    assert (column(shown, "adds")[-1], column(shown, "orders")[-1]) == (
        str(line.rate.defective),
        str(line.rate.orders),
    )


def test_a_kind_that_no_file_tells_is_not_called_none(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(1, "2026-05-01")]),
        "exports/feedback.txt": feedback_file([]),
    }
    store = make_store(tmp_path / "s", files)
    shown = chapters.by_hand(odr.build_facts(odr.read_store(store, AS_OF, today=AS_OF)))

    assert column(shown, "kinds")[0] == "none that a file tells"
    assert shown.data["note"].startswith("The rate is at least")


def test_without_orders_the_reason_stands_in_its_place(tmp_path):
    store = make_store(tmp_path / "s", {"exports/odr.csv": odr_file([])})
    shown = chapters.by_hand(odr.build_facts(odr.read_store(store, AS_OF, today=AS_OF)))

    assert shown.text == "Amazon's rule: unknown, because no file gives the orders."


def test_counting_by_hand_reads_right_in_chinese(tmp_path):
    facts = facts_of(tmp_path, [(2, "FA")])
    with speaking("zh"):
        shown = chapters.by_hand(facts)

    assert shown.data["note"] == "缺陷率等于最后一行的缺陷数除以订单数。"
    assert column(shown, "order")[-2:] == ["统计窗口内的其他订单", "合计"]


# -- glossary -----------------------------------------------------------------------------------


def test_the_glossary_names_each_term_in_both_languages():
    english = chapters.glossary("lag", "odr")
    with speaking("zh"):
        chinese = chapters.glossary("lag", "odr")

    assert column(english, "term") == column(chinese, "other") == ["lag", "order defect rate"]
    assert column(english, "other") == column(chinese, "term") == ["滞后天数", "订单缺陷率"]
    assert column(chinese, "seen") == ["本工作簿", "卖家平台"]


def test_the_whole_glossary_has_every_term_once():
    assert chapters.glossary().data["total"] == len(terms())
    assert chapters.short_glossary().data["total"] == len(set(SHORT))
