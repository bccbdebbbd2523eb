"""Causes that stores share, and stores that belong together."""

import pytest

from odrlib.portfolio import portfolio
from odrlib.portfolio.sentences import operators, shared
from tests.portfolio.little_facts import MORNING, cause, channel, over, report


def by(**columns):
    return {"composition": {"by": {
        column: [{"value": value, "orders": orders, "defective": bad}
                 for value, orders, bad in rows]
        for column, rows in columns.items()
    }}}  # fmt: skip


def test_a_carrier_in_two_stores_causes_is_one_row_with_every_store_that_has_it(tmp_path):
    whole = {"all": channel(1000, 20)}
    report(tmp_path, "a", amazon=whole, causes=[cause({"carrier": "Hermes"}, 200, 12, 10.0)],
           **by(carrier=[("Hermes", 200, 12), ("DHL", 800, 8)]))  # fmt: skip
    report(tmp_path, "b", amazon=whole, causes=[cause({"carrier": "HERMES ", "sku": "X"}, 50, 6)],
           **by(carrier=[("HERMES ", 100, 11), ("DHL", 900, 9)]))  # fmt: skip
    report(tmp_path, "c", amazon=whole, **by(carrier=[("hermes", 500, 2), ("DHL", 500, 18)]))
    report(tmp_path, "d", amazon=whole, **by(carrier=[("DHL", 1000, 20)]))
    (one,) = portfolio(tmp_path, now=MORNING).shared

    assert ("carrier", ["a", "b"]) == (one.column, [part.store for part in one.flagged])
    # a: 8 of 800 elsewhere, so 2 of 200; b: 9 of 900, so 1; c: 18 of 500, so 18.
    assert {"a": 2.0, "b": 1.0, "c": 18.0} == {part.store: part.expected for part in one.parts}
    assert (2, 12 - 2 + 11 - 1 + 2 - 18) == (one.above, one.excess)
    assert [True, False, True] == [part.alone for part in one.parts]


def test_the_sentence_says_a_lead_with_its_counts(tmp_path):
    for key in ("a", "b"):
        report(tmp_path, key, amazon={"all": channel(1000, 20)},
               causes=[cause({"carrier": "Hermes"}, 200, 12, 10.0)],
               **by(carrier=[("Hermes", 200, 12)]))  # fmt: skip
    (said,) = shared(portfolio(tmp_path, now=MORNING))

    assert "Carrier Hermes" == said["what"]
    assert "In the causes of 2 stores; 2 stores have it." == said["lead"]
    assert (
        "Together 24 of 400 orders defective, where the stores' other orders would lead to 4; "
        "above that in 2 of 2 stores." == said["joint"]
    )


def test_where_everything_ships_with_it_nothing_is_expected(tmp_path):
    for key in ("a", "b"):
        report(tmp_path, key, amazon={"all": channel(200, 12)},
               causes=[cause({"carrier": "Hermes"}, 200, 12, 10.0)],
               **by(carrier=[("Hermes", 200, 12)]))  # fmt: skip
    (said,) = shared(portfolio(tmp_path, now=MORNING))

    assert "No store has other orders to compare it with." == said["joint"]


@pytest.mark.parametrize("where", [{"weekday": "Monday"}, {"carrier": None}])
def test_what_no_supplier_or_carrier_could_mend_is_not_shared(tmp_path, where):
    for key in ("a", "b"):
        report(tmp_path, key, causes=[cause(where)])

    assert [] == portfolio(tmp_path, now=MORNING).shared


def test_one_store_shares_nothing(tmp_path):
    report(tmp_path, "a", causes=[cause({"sku": "X"}), cause({"sku": "X", "carrier": "DHL"})])

    assert [] == portfolio(tmp_path, now=MORNING).shared


def test_stores_of_one_client_or_seller_belong_together(tmp_path):
    report(tmp_path, "a", client="Ada", amazon={"all": over()})
    report(tmp_path, "b", client="ada ")
    report(tmp_path, "c", seller="S1")
    report(tmp_path, "d", seller="S1")
    report(tmp_path, "e", seller="s1")
    report(tmp_path, "f")
    found = portfolio(tmp_path, now=MORNING)

    assert [("Ada", "client", ("a", "b"), ("a",)), ("S1", "seller_id", ("c", "d"), ())] == [
        (one.name, one.by, one.stores, one.in_trouble) for one in found.operators
    ]
    assert [
        ("Ada", "Store a and Store b",
         ["Over the limit, in an appeal or with an account status: Store a."]),
        ("seller id S1", "Store c and Store d", []),
    ] == [(one["name"], one["stores"], one["lines"]) for one in operators(found)]  # fmt: skip


def test_a_notice_about_another_account_is_said(tmp_path):
    asked = {"due": [], "commitments": {"open": 0, "done": 0}, "cases": {"opened": 1},
             "answers": [], "linked_account": True, "errors": 0}  # fmt: skip
    report(tmp_path, "a", client="Ada", appeals=asked)
    report(tmp_path, "b", client="Ada")
    (one,) = operators(portfolio(tmp_path, now=MORNING))

    assert (
        "A notice on file says that another account must be reactivated first." == one["lines"][-1]
    )
