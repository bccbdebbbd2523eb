"""Faults that the laws of this room found, each as the smallest store that had it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from stores import make_store, order, order_id, orders_file, tab

import odrlib as odr
from odrlib.checks import check_tables
from odrlib.errors import BadParameter
from odrlib.exports.cells import parse_flag, parse_money
from odrlib.exports.read import Context, read_file
from odrlib.facts import facts_json
from odrlib.poa.files import read_draft
from odrlib.selections.conditions import conditions

AS_OF = date(2026, 3, 31)
RETURNS = ("Order ID", "Order date", "Return request date", "A-to-Z Claim", "Return Reason",
           "Return quantity", "Merchant SKU")  # fmt: skip


def facts(folder, files, settings=""):
    """facts.json of a store of these files."""
    store = odr.read_store(make_store(folder, files, settings), as_of=AS_OF, today=AS_OF)
    return json.loads(facts_json(odr.build_facts(store)))


def the_order(folder, files):
    """The one order of a store of these files."""
    store = odr.read_store(make_store(folder, files), as_of=AS_OF, today=AS_OF)
    return store.orders.iloc[0]


def test_of_two_rows_of_one_moment_neither_the_line_nor_the_file_decides(tmp_path):
    one = order(1, "2026-03-01", ship_state="CA", ship_service_level="Standard")
    other = order(1, "2026-03-01", ship_state="TX", ship_service_level="Expedited")
    ways = [
        {"exports/a.txt": orders_file([one, other])},
        {"exports/a.txt": orders_file([other, one])},
        {"exports/a.txt": orders_file([one]), "exports/b.txt": orders_file([other])},
        {"exports/b.txt": orders_file([one]), "exports/a.txt": orders_file([other])},
    ]
    said = {
        tuple(the_order(tmp_path / str(n), files)[["state", "service"]])
        for n, files in enumerate(ways)
    }

    assert said == {("CA", "Standard")}


def test_an_order_cancelled_in_one_of_two_files_of_one_moment_is_not_cancelled(tmp_path):
    gone = orders_file([order(1, "2026-03-01", order_status="Cancelled")])
    there = orders_file([order(1, "2026-03-01")])
    first = the_order(tmp_path / "1", {"exports/a.txt": gone, "exports/b.txt": there})
    last = the_order(tmp_path / "2", {"exports/a.txt": there, "exports/b.txt": gone})
    both = the_order(tmp_path / "3", {"exports/a.txt": gone, "exports/b.txt": gone})

    assert [first["cancelled"], last["cancelled"], both["cancelled"]] == [False, False, True]


def test_an_orders_value_is_the_same_to_the_last_digit_in_any_order_of_its_items(tmp_path):
    prices = ("0.1", "0.2", "0.3", "1e16")
    rows = [
        order(1, "2026-03-01", order_item_id=str(n), item_price=price)
        for n, price in enumerate(prices)
    ]
    values = {
        the_order(tmp_path / str(n), {"exports/a.txt": orders_file(rows[n:] + rows[:n])})["value"]
        for n in range(4)
    }

    assert len(values) == 1


def test_a_parcel_is_told_the_same_whichever_equally_believed_file_comes_first(tmp_path):
    header = "Tracking Number,Carrier,Package Status,Delivered time,Order No.\n"
    early = f"{header}RB123456785CN,,InTransit,,{order_id(1)}\n"
    late = f"{header}RB123456785CN,,Delivered,2026-03-09 14:20,{order_id(1)}\n"
    orders = {"exports/orders.txt": orders_file([order(1, "2026-03-01")])}
    said = [
        the_order(tmp_path / "1", orders | {"exports/a.csv": early, "exports/b.csv": late}),
        the_order(tmp_path / "2", orders | {"exports/a.csv": late, "exports/b.csv": early}),
    ]

    assert ["delivered", "delivered"] == [row["tracking_state"] for row in said]


def test_a_number_of_two_orders_is_the_parcel_of_the_same_one_in_any_order_of_files(tmp_path):
    parcels = "order-id\tship-date\tcarrier-code\tcarrier-name\ttracking-number\tship-method\n"
    rows = [f"{order_id(n)}\t2026-03-02\tUSPS\t\t9400111201080805483016\tGround\n" for n in (1, 2)]
    tracker = "Tracking Number,Package Status,Delivered time\n"
    tracker += "9400111201080805483016,Delivered,2026-03-09 14:20\n"
    orders = orders_file([order(1, "2026-03-01"), order(2, "2026-03-01")])
    delivered = []
    for n, (first, second) in enumerate((rows, rows[::-1])):
        files = {"exports/o.txt": orders, "exports/t.csv": tracker}
        files |= {"exports/a.txt": parcels + first, "exports/b.txt": parcels + second}
        store = odr.read_store(make_store(tmp_path / str(n), files), as_of=AS_OF, today=AS_OF)
        got = store.orders.loc[store.orders["delivered_at"].notna(), "order_id"]
        delivered.append(list(got))

    assert delivered == [[order_id(1)], [order_id(1)]]


def test_the_reason_of_a_defect_is_that_of_its_first_day_not_of_its_first_line(tmp_path):
    rows = [
        {"Order ID": order_id(1), "Order date": "01-Mar-2026", "Return request date": on,
         "A-to-Z Claim": "Y", "Return Reason": reason, "Return quantity": "1"}
        for on, reason in (("09-Mar-2026", "CR-NO_LONGER_NEEDED"), ("08-Mar-2026", "CR-DEFECTIVE"))
    ]  # fmt: skip
    orders = orders_file([order(1, "2026-03-01")])
    reasons = [
        facts(
            tmp_path / str(n),
            {"exports/o.txt": orders, "exports/r.txt": tab(RETURNS, some)},
        )["defects"][0]["reason"]
        for n, some in enumerate((rows, rows[::-1]))
    ]

    assert reasons == ["CR-DEFECTIVE", "CR-DEFECTIVE"]


@pytest.mark.parametrize("row", [1, 60])
def test_one_nul_costs_no_row_wherever_it_stands(tmp_path, row):
    rows = [order(n, "2026-03-01") for n in range(80)]
    rows[row] |= {"product-name": "Ket\0tle"}
    path = tmp_path / "orders.txt"
    path.write_text(orders_file(rows), encoding="utf-8")
    reading = read_file(path, "exports/orders.txt", Context(today=AS_OF))

    assert (80, 80) == (reading.rows_in, len(reading.frame))
    assert ["unreadable-bytes"] == [finding.id for finding in reading.findings]


def test_a_number_with_a_power_is_never_read_without_its_e():
    assert [parse_money(text, ".") for text in ("1e5", "1.5E+3", "-2e-1")] == [1e5, 1500.0, -0.2]


def test_a_count_of_five_thousand_digits_is_a_yes():
    assert parse_flag("9" * 5_000)
    assert not parse_flag("0" * 5_000)


def test_the_seller_is_found_in_a_document_of_any_depth(tmp_path):
    """Deeper than functions may call each other."""
    document = {"SellerId": "A2"}
    for _ in range(2_000):
        document = {"x": [document]}
    files = {"exports/a.txt": orders_file([order(1, "2026-03-01")])}
    store = odr.read_store(make_store(tmp_path, files, 'seller_id = "A1"\n'), as_of=AS_OF)
    store.readings[0].document = document

    assert "file-of-another-store" in [finding.id for finding in check_tables(store)]


def test_a_draft_of_one_sentence_may_be_longer_than_a_files_name_can_be():
    name, lines = read_draft("We ship every order in time. " * 20)

    assert (name, len(lines)) == ("text", 1)


def test_a_comment_with_any_kind_of_line_end_moves_no_line():
    _, lines = read_draft("a <!-- one\rtwo\u2028three --> b\nlast")

    assert [line.line for line in lines if line.text == "last"] == [4]


@pytest.mark.parametrize("where", ['sku = "a\tb"', 'sku = "\\q"', 'sku = "\\ud8"'])
def test_conditions_in_broken_quotes_are_told_as_no_conditions(where):
    with pytest.raises(BadParameter, match="is no list of conditions"):
        conditions(where)


def test_half_a_letter_in_a_condition_can_be_written():
    assert conditions('sku = "a\\ud800"') == {"sku": "a?"}
