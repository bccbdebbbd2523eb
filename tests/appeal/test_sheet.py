"""The case sheet: what a helper asks for, costs by currency, and what is not told."""

from datetime import date

import pytest
from stores import make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib import appeal

COSTS = "date,kind,amount,currency,order_id,note\n"
FILES = {
    "plan.md": "A plan.",
    "exports/orders.txt": orders_file(
        [order(n, "2026-03-01", currency="EUR" if n == 9 else "USD") for n in range(1, 201)]
    ),
    "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2, 3)]),
    "ledger/costs.csv": COSTS
    + f"2026-03-09,Refund,20.00,USD,{order_id(1)},late\n"
    + "2026-03-09,refund,10.00,EUR,,late\n"
    + "2026-03-10,refund,5.50,USD,,late\n"
    + "2026-03-10,staff,80,CNY,,two days\n",
}
CLOSED = '[account]\nstatus = "deactivated"\nsince = 2026-03-11\n'


def sheet(store, as_of="2026-03-21"):
    facts = odr.build_facts(odr.read_store(store, as_of, today=date(2026, 11, 1)))
    return appeal.case_sheet(facts, appeal.read_register(store))


def costs(made, basis):
    return {
        (row["kind"], row["currency"]): row["amount"]
        for row in made["costs"]
        if row["basis"] == basis
    }


def test_costs_of_the_ledger_are_summed_by_currency_and_never_across(tmp_path):
    made = sheet(make_store(tmp_path / "store", FILES))

    assert {
        ("refund", "USD"): 25.5,
        ("refund", "EUR"): 10.0,
        ("staff", "CNY"): 80.0,
    } == costs(made, "costs ledger")


def test_lost_days_are_told_only_of_a_closed_account_and_with_their_assumption(tmp_path):
    """199 orders of 20 USD in the 28 days before, ten days closed."""
    closed = sheet(make_store(tmp_path / "closed", FILES, CLOSED))
    selling = sheet(make_store(tmp_path / "selling", FILES))
    lost = {("lost sales", "USD"): 199 * 20 / 28 * 10, ("lost sales", "EUR"): 20 / 28 * 10}

    assert pytest.approx(lost) == costs(closed, "orders")
    assert {} == costs(selling, "orders")
    assert "10 days since 2026-03-11 at the mean sales of the 28 days before" in str(closed)
    assert (10, None) == (closed["account"]["days_closed"], selling["account"]["days_closed"])


def test_defects_and_submissions_are_listed(tmp_path):
    store = make_store(tmp_path / "store", FILES)
    appeal.open_case(store, "Order defect rate")
    appeal.draft_submission(store, "C001", store / "plan.md")
    appeal.submit(store, "C001", on=date(2026, 3, 12))
    made = sheet(store)

    assert [order_id(n) for n in (1, 2, 3)] == [row["order_id"] for row in made["defects"]]
    assert [("C001", 1, "2026-03-12", "submitted")] == [
        (row["case"], row["number"], row["submitted_on"], row["outcome"])
        for row in made["submissions"]
    ]


def test_what_is_not_told_is_said(tmp_path):
    made = sheet(
        make_store(tmp_path / "store", {"exports/orders.txt": FILES["exports/orders.txt"]})
    )

    assert "the costs ledger (refunds, reshipments, staff, services, storage)" in made["not_told"]
    assert "chargebacks (no file tells them)" in made["not_told"]
    assert "unknown" in made["standing"]["amazon"]["sentence"]


def test_a_store_without_any_file_has_a_sheet(tmp_path):
    text = appeal.sheet_markdown(sheet(make_store(tmp_path / "store", {})))

    assert "None on record." in text


@pytest.mark.parametrize(
    ("marketplace", "language", "needed"),
    [("JP", "en", True), ("DE", "en", False), ("US", "zh", True)],
)
def test_translation_is_needed_where_the_site_does_not_read_the_language(
    tmp_path, marketplace, language, needed
):
    keys = f'marketplace = "{marketplace}"\nlanguage = "{language}"\n'

    assert needed == sheet(make_store(tmp_path / "store", FILES, keys))["translation"]["needed"]


def test_a_name_cannot_break_the_page(tmp_path):
    store = make_store(tmp_path / "store", FILES, 'name = "A | <script>x</script>"\n')

    assert "# Case sheet: A \\| \\<script\\>x\\</script\\>" in appeal.sheet_markdown(sheet(store))
