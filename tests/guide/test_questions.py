"""Questions: yes, partly or no, and what would tell."""

from datetime import date, timedelta

import pytest
from stores import feedback_file, make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib.guide import days_without_orders, questions
from odrlib.languages import speaking

TODAY = date(2026, 11, 1)
DAYS = [date(2026, 8, 1) + timedelta(days=n) for n in range(92)]
ORDERS = orders_file([order(n, day.isoformat()) for n, day in enumerate(DAYS)])
BAD = feedback_file([(order_id(50), 1, "9/20/26")])
LISTED = odr_file([(order_id(50), "2026-09-20", "A"), (order_id(51), "2026-09-21", "C")])


def facts(folder, files, settings=""):
    return odr.build_facts(odr.read_store(make_store(folder, files, settings), today=TODAY))


def answer(made, id):
    return next(one for one in questions(made) if one.id == id)


def test_without_orders_nothing_is_answered_and_the_orders_would_tell(tmp_path):
    made = answer(facts(tmp_path, {"exports/odr.csv": LISTED}), "rate_amazon")

    assert ("no", "no file gives the orders", ("all_orders",)) == (
        made.state,
        made.reason,
        made.tells,
    )


def test_a_rate_that_lacks_kinds_of_defect_is_a_lower_bound(tmp_path):
    files = {
        "exports/o.txt": ORDERS,
        "exports/f.txt": feedback_file([(order_id(50), 1, "9/20/26")]),
    }
    made = answer(facts(tmp_path, files), "rate_amazon")

    assert "partly" == made.state
    assert (
        "at least 1 defective order of 60 orders from 2026-08-18 to 2026-10-16; "
        "no file tells the A-to-z claims, chargebacks of every order"
    ) == made.reason
    assert ("odr_detail", "ledger_claims", "chargebacks_page", "ledger_chargebacks") == made.tells


def test_the_same_in_chinese(tmp_path):
    files = {
        "exports/o.txt": ORDERS,
        "exports/f.txt": feedback_file([(order_id(50), 1, "9/20/26")]),
    }
    with speaking("zh"):
        made = answer(facts(tmp_path, files, 'language = "zh"\n'), "rate_amazon")

    assert (
        "至少是 2026-08-18 至 2026-10-16 的 60 个订单中有 1 个缺陷订单；"
        "没有文件说明每个订单是否有：A-to-z 索赔、信用卡拒付"
    ) == made.reason


def test_a_rate_of_which_everything_is_known_is_a_yes(tmp_path):
    made = answer(
        facts(tmp_path, {"exports/o.txt": ORDERS, "exports/odr.csv": LISTED}), "rate_amazon"
    )

    assert ("yes", "2 defective orders of 60 orders from 2026-08-18 to 2026-10-16", ()) == (
        made.state,
        made.reason,
        made.tells,
    )


def test_orders_that_begin_inside_the_window_make_it_a_partly(tmp_path):
    late = orders_file([order(n, day.isoformat()) for n, day in enumerate(DAYS) if n > 30])
    made = answer(
        facts(tmp_path, {"exports/o.txt": late, "exports/odr.csv": LISTED}), "rate_amazon"
    )

    assert "partly" == made.state
    assert made.reason.endswith("; the orders files begin on 2026-09-01")


def test_evidence_counts_orders_with_a_file_in_their_folder(tmp_path):
    files = {"exports/o.txt": ORDERS, "exports/odr.csv": LISTED}
    none = answer(facts(tmp_path, files), "evidence").state
    files[f"evidence/{order_id(50)}/proof.txt"] = "delivered"
    one = answer(facts(tmp_path, files), "evidence")

    assert "no" == none
    assert (
        "partly",
        "the folder evidence has files for 1 of 2 defective orders; odr evidence says what to "
        "fetch",
    ) == (one.state, one.reason)


@pytest.mark.parametrize(
    "files", [{}, {"exports/o.txt": ORDERS}, {"exports/o.txt": ORDERS, "exports/odr.csv": LISTED}]
)
def test_whatever_cannot_be_told_says_why(tmp_path, files):
    open_ones = [one for one in questions(facts(tmp_path, files)) if one.state != "yes"]

    assert open_ones
    assert [] == [one.id for one in open_ones if not one.reason]
    assert [] == [one.id for one in open_ones if not one.tells and one.id != "evidence"]


def test_days_without_orders_are_runs_inside_the_window(tmp_path):
    gap = orders_file(
        [order(n, day.isoformat()) for n, day in enumerate(DAYS) if n not in (40, 41, 50)]
    )
    store = odr.read_store(make_store(tmp_path, {"exports/o.txt": gap}), today=TODAY)

    assert [(DAYS[40], DAYS[41]), (DAYS[50], DAYS[50])] == days_without_orders(store)["amazon"]
