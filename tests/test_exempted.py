"""An approved appeal: what it exempts leaves the counts, by each rule in its own way."""

from __future__ import annotations

from datetime import date

import pytest
from stores import make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib.appeal import draft_submission, open_case, reply, submit, under_review

DAY = date(2026, 3, 20)


@pytest.fixture
def store(tmp_path):
    """300 orders of 1 March, three of them with a claim, and an appeal under review."""
    folder = make_store(
        tmp_path / "store",
        {
            "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)]),
            "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2, 3)]),
        },
    )
    draft = tmp_path / "plan.md"
    draft.write_text("Root cause: …", encoding="utf-8")
    case = open_case(folder, "ODR").id
    draft_submission(folder, case, draft)
    submit(folder, case)
    under_review(folder, case)
    return folder, case


def counts(folder, profile: str) -> tuple[int, int]:
    facts = odr.build_facts(odr.read_store(folder, DAY, today=date(2026, 11, 1)))
    line = facts.headlines[profile]["all"]
    return line.defective, line.orders


def test_before_the_answer_every_defect_counts(store):
    folder, _ = store

    assert (3, 300) == counts(folder, "amazon") == counts(folder, "brief")


def test_an_exempted_order_leaves_the_defects_and_by_the_30_day_rule_the_orders(store):
    folder, case = store
    reply(folder, case, "approved", exempted=[(order_id(1), "*")])

    assert (2, 300) == counts(folder, "amazon")
    assert (2, 299) == counts(folder, "brief")


def test_a_denial_exempts_nothing(store):
    folder, case = store
    reply(folder, case, "denied")

    assert (3, 300) == counts(folder, "amazon") == counts(folder, "brief")
    assert not (folder / "appeals" / "exempted.csv").exists()
