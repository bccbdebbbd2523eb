"""What follows from the register: dates, search, exempted orders, and whether a measure worked."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib import appeal
from odrlib.appeal.effect import difference
from odrlib.appeal.wording import plain
from odrlib.errors import BadParameter
from odrlib.rates import Rate

GIVEN = "If we do not receive your plan within 14 days, your account will remain deactivated."
CLAIMS = "order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note\n"
BACK = "order_id,filed_on,reason_code,reason,status,class,odr_impact,answer_by,note\n"
FILES = {
    "plan.md": "We use tracked services only since 3 March.",
    "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(1, 101)]),
    "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2)]),
    "ledger/claims.csv": CLAIMS
    + f"{order_id(1)},2026-03-02,not received,granted,2026-03-05,seller,yes,,\n"
    + f"{order_id(2)},2026-03-02,not received,denied,2026-03-05,none,no,,\n",
    "ledger/chargebacks.csv": BACK + f"{order_id(3)},2026-03-05,13.1,,Pending,service,yes,,\n",
}


@pytest.fixture
def store(tmp_path):
    return make_store(tmp_path / "store", FILES)


def what_is_due(store, today):
    table = appeal.due_dates([store], today)
    return [(row.what, row.id, row.due, row.days_left, row.state) for row in table.itertuples()]


def test_the_last_days_of_claim_and_chargeback_are_still_in_time(store):
    """Granted on 5 March, 30 days end with 4 April; the denied claim has no deadline."""
    claim = ("A-to-z appeal", order_id(1), date(2026, 4, 4), 0, "due")
    chargeback = ("chargeback answer", order_id(3), date(2026, 3, 12), 0, "due")

    assert [claim] == what_is_due(store, date(2026, 4, 4))
    assert [] == what_is_due(store, date(2026, 4, 5))
    assert chargeback == what_is_due(store, date(2026, 3, 12))[0]


def test_the_notice_names_its_days_and_the_overdue_comes_first(store):
    appeal.open_case(store, "Order defect rate")
    appeal.add_notice(store, "C001", GIVEN, on=date(2026, 3, 1))

    assert ("appeal", "C001", date(2026, 3, 15), -1, "overdue") == what_is_due(
        store, date(2026, 3, 16)
    )[0]


def test_without_days_the_usual_span_is_said_with_its_source(store):
    appeal.open_case(store, "Order defect rate")
    appeal.add_notice(store, "C001", "Your plan is not complete.", on=date(2026, 3, 1))
    row = appeal.due_dates([store], date(2026, 3, 1)).iloc[0]

    assert (date(2026, 3, 8), date(2026, 3, 15)) == (row["due"], row["latest"])
    assert "names no deadline; 7-14 days are usual" in row["text"]
    assert row["source"]


def test_an_answer_is_expected_in_5_to_10_working_days(store):
    appeal.open_case(store, "Order defect rate")
    appeal.draft_submission(store, "C001", store / "plan.md")
    appeal.submit(store, "C001", on=date(2026, 3, 6))
    table = appeal.due_dates([store], date(2026, 3, 6))
    row = table[table["what"].eq("answer expected")].iloc[0]

    assert (date(2026, 3, 13), date(2026, 3, 20)) == (row["due"], row["latest"])
    assert "public holidays are not considered" in row["text"]


# ── search ───────────────────────────────────────────────────────────────────────────────────────


def test_search_finds_by_words_and_gives_no_words(store, tmp_path):
    other = make_store(tmp_path / "other", {})
    appeal.open_case(other, "PLANTED TITLE", cause="R03")
    appeal.open_case(store, "Order defect rate", cause="R01", on=date(2026, 3, 1))
    appeal.draft_submission(store, "C001", store / "plan.md", on=date(2026, 3, 2))
    found = appeal.search([store, other], text="TRACKED\nservices")

    assert [("small", "C001", "R01", "draft")] == list(
        found[["store", "case", "cause", "found_in"]].itertuples(index=False, name=None)
    )
    assert "tracked" not in plain(found.to_csv())
    assert "PLANTED" not in appeal.search([store, other]).to_csv()


def test_search_by_cause_outcome_and_day(store):
    appeal.open_case(store, "Order defect rate", cause="R01", on=date(2026, 3, 1))
    appeal.draft_submission(store, "C001", store / "plan.md", on=date(2026, 3, 2))
    appeal.submit(store, "C001", on=date(2026, 3, 2))
    appeal.reply(store, "C001", "denied", on=date(2026, 3, 9))

    assert 1 == len(appeal.search([store], cause="R01", outcome="denied"))
    assert 0 == len(appeal.search([store], outcome="approved"))
    assert 0 == len(appeal.search([store], first=date(2026, 3, 3)))
    assert 1 == len(appeal.search([store], last=date(2026, 3, 2)))


# ── exempted orders ──────────────────────────────────────────────────────────────────────────────


def approved(store, exempted):
    appeal.open_case(store, "Order defect rate")
    appeal.draft_submission(store, "C001", store / "plan.md")
    appeal.submit(store, "C001")
    appeal.reply(
        store, "C001", "approved", reason="carrier lost it", exempted=exempted, on=date(2026, 4, 1)
    )


def counted(store, profile):
    table = odr.defects_by_order(odr.read_store(store), profile)
    return int(table["defects"].sum()), len(table)


def test_exempted_orders_leave_numerator_and_in_the_30_day_rule_the_denominator(store):
    before = {profile: counted(store, profile) for profile in ("amazon", "brief")}
    approved(store, [(order_id(1), "claim")])
    off = appeal.exempted(store)

    assert {"amazon": (2, 100), "brief": (2, 100)} == before
    assert {"amazon": (1, 100), "brief": (1, 99)} == {
        profile: counted(store, profile) for profile in before
    }
    assert [(order_id(1), "claim", "carrier lost it")] == list(
        off[["order_id", "kind", "note"]].itertuples(index=False, name=None)
    )


def test_an_exempted_claim_leaves_the_chargeback_where_it_is(store):
    before = odr.defects_by_order(odr.read_store(store), "brief")
    approved(store, [(order_id(3), "claim"), (order_id(99), "*")])
    after = odr.defects_by_order(odr.read_store(store), "brief")

    assert before["order_id"].tolist() == after["order_id"].tolist()


def test_only_an_approval_exempts(store):
    with pytest.raises(BadParameter, match="exempted by an approval"):
        appeal.reply(store, "C001", "denied", exempted=[(order_id(1), "claim")])
    with pytest.raises(BadParameter, match="kind 'rating'"):
        appeal.reply(store, "C001", "approved", exempted=[(order_id(1), "rating")])


def test_without_a_register_nothing_is_exempted(store):
    assert appeal.exempted(store).empty
    assert (2, 100) == counted(store, "amazon") == counted(store, "brief")


# ── did it work ──────────────────────────────────────────────────────────────────────────────────


def orders(before, after, seed=7, a_day=200, days=60, rest=0.005):
    """Two periods around 1 March; half the orders are affected; each defect comes 5 days later."""
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(-days, days), unit="D")
    table = pd.DataFrame({"day": np.repeat(day.to_numpy(), a_day)})
    table["affected"] = np.arange(len(table)) % 2 == 0
    rate = np.where(table["day"] < "2026-03-01", before, after)
    bad = rng.random(len(table)) < np.where(table["affected"], rate, rest)
    arrived = (table["day"] + pd.Timedelta(days=5)).where(bad)
    return table.assign(
        order_id=[f"o{n}" for n in range(len(table))],
        claim=bad, defective=bad, defects=bad.astype("int64"), arrived_on=arrived,
    )  # fmt: skip


SINCE, LAST = date(2026, 3, 1), date(2026, 4, 29)


def test_a_measure_that_works_is_seen_beside_the_rest():
    table = orders(before=0.03, after=0.005)
    effect = appeal.did_it_work(table, table["affected"], SINCE, LAST)

    assert "better" == effect.verdict
    assert effect.low < -0.025 < effect.high < 0
    assert effect.until is None


def test_a_fall_that_all_orders_share_is_no_effect_of_the_measure():
    """At 95 % an alarm or two in 20 is chance; measured on 300: 5 %."""
    alarms = 0
    for seed in range(20):
        fallen = orders(before=0.03, after=0.005, seed=seed, a_day=80, rest=0.0)
        mine = fallen[fallen["affected"]]
        half = pd.Series(np.arange(len(mine)) % 2 == 0, index=mine.index)
        alarms += appeal.did_it_work(mine, half, SINCE, LAST).verdict != "no difference shown"

    assert alarms <= 4


def test_four_days_after_it_is_too_early_and_a_day_is_named():
    table = orders(before=0.03, after=0.03, a_day=20)
    early = table[table["day"] <= "2026-03-04"]
    effect = appeal.did_it_work(early, early["affected"], SINCE, date(2026, 3, 4))

    assert "too early to say" == effect.verdict
    assert effect.until > date(2026, 3, 4)
    assert f"Too early to say until {effect.until}" in effect.text


def test_defects_without_a_day_of_arrival_are_compared_when_all_have_come():
    table = orders(before=0.03, after=0.005).assign(arrived_on=pd.NaT)
    early = appeal.did_it_work(table, table["affected"], SINCE, LAST)
    late = appeal.did_it_work(table, table["affected"], SINCE, date(2026, 7, 28))

    assert "too early to say" == early.verdict
    assert "no file tells on which day most defects arrived" in early.text
    assert ("better", 90) == (late.verdict, late.age)


def test_misuse_is_refused():
    table = orders(before=0.03, after=0.03, a_day=4, days=5)

    with pytest.raises(BadParameter, match="after the day"):
        appeal.did_it_work(table, table["affected"], LAST, SINCE)
    with pytest.raises(BadParameter, match="no order is affected"):
        appeal.did_it_work(table, table["affected"] & False, SINCE, LAST)
    with pytest.raises(BadParameter, match="every order is affected"):
        appeal.did_it_work(table, table["affected"] | True, SINCE, LAST)


def test_where_nothing_changed_few_alarms_are_raised():
    verdicts = [
        appeal.did_it_work(table, table["affected"], SINCE, LAST).verdict
        for seed in range(60)
        for table in [orders(before=0.01, after=0.01, seed=seed, a_day=100, rest=0.01)]
    ]

    assert sum(verdict in ("better", "worse") for verdict in verdicts) <= 8


@given(*(st.integers(0, 50) for _ in range(2)), *(st.integers(50, 5_000) for _ in range(2)))
def test_the_interval_holds_the_difference_and_turns_with_it(bad, bad_later, all_, all_later):
    before, after = Rate(bad, all_), Rate(bad_later, all_later)
    change, low, high = difference(before, after)

    assert low <= change <= high
    assert pytest.approx((-change, -high, -low)) == difference(after, before)
