"""Steps: which file is missing, in which order, and what is said of it."""

from datetime import date, timedelta

import pytest
from stores import feedback_file, make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib.exports.known import EXPORTS
from odrlib.guide import guide
from odrlib.guide.steps import NEVER_ASKED, _table
from odrlib.languages import speaking

TODAY = date(2026, 11, 1)
STAGES = ("orders", "rate", "causes", "evidence", "related")


def steps(folder, files, settings="", **options):
    return guide(odr.read_store(make_store(folder, files, settings), today=TODAY, **options))


def sold(first, last, **changes):
    """One order a day."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return orders_file([order(n, day.isoformat(), **changes) for n, day in enumerate(days)])


def test_every_kind_of_file_is_asked_for_once():
    asked = [name for row in _table()["steps"] for name in row["exports"]]
    also = {name for row in _table()["steps"] for name in row.get("also", ())}

    assert len(set(asked)) == len(asked)
    assert {export.name for export in EXPORTS} == {*asked, *also, *NEVER_ASKED}


def test_the_stages_follow_each_other():
    places = [STAGES.index(row["stage"]) for row in _table()["steps"]]

    assert sorted(places) == places


def test_every_step_names_its_source():
    assert [] == [row["exports"] for row in _table()["steps"] if not row.get("source")]


def test_a_button_is_named_only_where_the_menu_path_names_it():
    where = {export.name: export.where for export in EXPORTS}
    named = {row["exports"][0]: row["button"] for row in _table()["steps"] if "button" in row}

    assert dict.fromkeys(named, True) == {
        name: where[name].endswith(button) for name, button in named.items()
    }


def test_nothing_comes_before_the_orders(tmp_path):
    first = steps(tmp_path, {"exports/odr.csv": odr_file([(order_id(1), "2026-10-01", "A")])})[0]

    assert (("all_orders",), "orders") == (first.exports, first.stage)


def test_the_days_reach_from_the_first_window_to_the_as_of_day(tmp_path):
    """Amazon's window: 60 days that end 15 days before as-of."""
    first = steps(tmp_path, {}, as_of="2026-10-31")[0]

    assert (date(2026, 8, 18), date(2026, 10, 31), 3) == (first.first, first.last, first.pieces)


def test_orders_that_begin_inside_the_window_are_asked_for_from_its_first_day(tmp_path):
    files = {"exports/o.txt": sold(date(2026, 9, 1), date(2026, 10, 31))}
    first = steps(tmp_path, files)[0]

    assert (True, date(2026, 8, 18), date(2026, 8, 31)) == (first.in_part, first.first, first.last)


def test_a_file_that_is_there_is_asked_for_no_more(tmp_path):
    files = {
        "exports/o.txt": sold(date(2026, 8, 1), date(2026, 10, 31)),
        "exports/f.txt": feedback_file([(order_id(1), 1, "9/20/26")]),
    }
    asked = {name for step in steps(tmp_path, files) for name in step.exports}

    assert not asked & {"all_orders", "feedback"}


@pytest.mark.parametrize(
    ("channel", "other"), [("Merchant", "fba_shipments"), ("Amazon", "confirm_shipment")]
)
def test_files_of_the_other_channel_are_not_asked_for(tmp_path, channel, other):
    files = {
        "exports/o.txt": sold(date(2026, 8, 1), date(2026, 10, 31), fulfillment_channel=channel)
    }
    asked = {name for step in steps(tmp_path, files) for name in step.exports}

    assert other not in asked


def test_an_untouched_ledger_is_still_missing_and_an_emptied_one_is_not(tmp_path):
    odr.init_store(tmp_path)
    untouched = {name for step in guide(odr.read_store(tmp_path)) for name in step.exports}
    claims = tmp_path / "ledger" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    emptied = {name for step in guide(odr.read_store(tmp_path)) for name in step.exports}

    assert {"ledger_claims"} == untouched - emptied


def test_an_address_is_given_only_where_a_source_names_it(tmp_path):
    german = steps(tmp_path / "de", {}, 'marketplace = "DE"\n')[0]
    french = steps(tmp_path / "fr", {}, 'marketplace = "FR"\n')[0]

    assert ("sellercentral.amazon.de", "") == (german.domain, french.domain)


def test_a_step_is_said_in_chinese(tmp_path):
    with speaking("zh"):
        first = steps(tmp_path, {}, 'language = "zh"\n')[0]

    assert ("所有订单报告", "订单总数，因此得不出任何缺陷率", "下单日期") == (
        first.title,
        first.hides,
        first.dates,
    )
