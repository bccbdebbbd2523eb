"""What happened at the time of a change: what may explain it, and what cannot."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes import Cause
from odrlib.causes.changes import RatesOverTime, rate_changes
from odrlib.causes.happenings import (
    RELATIONS,
    TABLE,
    event_kind,
    rules,
    what_changed,
    what_changed_beside,
)

few = settings(max_examples=60, derandomize=True)


def change(on: str, earliest: str = "", latest: str = "", clock="order day", **where):
    """One change, of all orders unless a slice is named."""
    return pd.DataFrame(
        {
            "slice": [" × ".join(f"{k} = {v}" for k, v in where.items()) or "all orders"],
            "where": [where],
            "clock": [clock],
            "on": [pd.Timestamp(on)],
            "earliest": [pd.Timestamp(earliest or on)],
            "latest": [pd.Timestamp(latest or on)],
        }
    )


def event(date: str | None, kind="carrier", what="Carrier switched to China Post", **where):
    """One row of the ledger."""
    column, value = next(iter(where.items()), (None, None))
    return pd.DataFrame(
        {
            "date": [pd.Timestamp(date) if date else pd.NaT],
            "kind": [kind],
            "what": [what],
            "column": pd.Series([column], dtype="str"),
            "value": pd.Series([value], dtype="str"),
        }
    )


def only(table: pd.DataFrame) -> tuple[str, str]:
    (row,) = table.to_dict("records")
    return row["relation"], row["said"]


MARCH = change("2026-03-03", "2026-03-02", "2026-03-06")


@pytest.mark.parametrize(
    ("date", "relation", "said"),
    [
        (
            "2026-03-02",
            "may explain it",
            "Carrier switched to China Post on 2 March 2026, 1 day before the change of "
            "3 March 2026 (between 2 March and 6 March with 95% certainty): may explain it.",
        ),
        (
            "2026-03-03",
            "may explain it",
            "Carrier switched to China Post on 3 March 2026, the day of the change of "
            "3 March 2026 (between 2 March and 6 March with 95% certainty): may explain it.",
        ),
        (
            "2026-03-06",
            "may explain it",
            "Carrier switched to China Post on 6 March 2026, inside the days on which the change "
            "of 3 March 2026 (between 2 March and 6 March with 95% certainty) may have begun: may "
            "explain it.",
        ),
        (
            "2026-03-15",
            "came after",
            "Carrier switched to China Post on 15 March 2026 came 12 days after the change of "
            "3 March 2026 (between 2 March and 6 March with 95% certainty): it cannot be its "
            "cause.",
        ),
        (
            "2026-01-02",
            "long before",
            "Carrier switched to China Post on 2 January 2026, 60 days before the change of "
            "3 March 2026 (between 2 March and 6 March with 95% certainty): too early by itself.",
        ),
        (
            None,
            "date missing",
            "Carrier switched to China Post: its date is missing, so it can be neither suspected "
            "nor cleared.",
        ),
    ],
)
def test_time_decides(date, relation, said):
    assert (relation, said) == only(what_changed(MARCH, event(date)))


def test_by_order_day_a_parcel_event_just_after_is_left_to_the_ship_day():
    """Ordered on the 5th, shipped on the 8th by the new carrier: the order day cannot clear it."""
    relation, said = only(what_changed(MARCH, event("2026-03-08")))

    assert "came after" == relation
    assert said.endswith(
        "it is no cause of orders shipped before it; some were ordered before and shipped after, "
        "so compare the ship day."
    )
    for clock, kind in (("ship day", "carrier"), ("order day", "listing")):
        table = what_changed(MARCH.assign(clock=clock), event("2026-03-08", kind))
        assert only(table)[1].endswith("it cannot be its cause.")


def test_an_event_of_another_slice_is_cleared():
    dhl = event("2026-03-02", what="DHL strike", carrier="DHL")

    assert (
        "other slice",
        "DHL strike on 2 March 2026 concerns carrier DHL; the change of 3 March 2026 is in "
        "carrier UPS.",
    ) == only(what_changed(change("2026-03-03", carrier="UPS"), dhl))
    assert "may explain it" == only(what_changed(change("2026-03-03", carrier=" dhl"), dhl))[0]
    assert "may explain it" == only(what_changed(change("2026-03-03", sku="A"), dhl))[0]
    assert "may explain it" == only(what_changed(change("2026-03-03", carrier=None), dhl))[0]
    assert "may explain it" == only(what_changed(change("2026-03-03"), dhl))[0]


def test_with_the_orders_an_event_that_shares_none_with_the_slice_is_cleared():
    """SKU B is of supplier T; nobody sells a SKU that is written C."""
    orders = pd.DataFrame({"sku": ["A", "B", "A"], "supplier": ["S", "T", "S"]}, dtype="category")
    of_s = change("2026-03-03", supplier="S")

    assert [("A", "may explain it"), ("B", "other slice"), ("C", "may explain it")] == [
        (sku, only(what_changed(of_s, event("2026-03-02", "lot", sku=sku), orders))[0])
        for sku in "ABC"
    ]


def test_what_was_long_before_stays_only_where_nothing_explains():
    old, new = event("2025-12-01", what="Moved"), event("2026-03-01", what="Listing edited")
    both = what_changed(MARCH, pd.concat([old, new]))

    assert ["Listing edited"] == both["what"].tolist()
    assert ["Moved"] == what_changed(MARCH, old)["what"].tolist()


def test_rows_come_as_a_reader_wants_them():
    events = pd.concat(
        [
            event("2026-03-20"),
            event(None),
            event("2026-02-25"),
            event("2026-03-04"),
            event("2026-03-10"),
        ]
    )
    table = what_changed(MARCH, events)

    assert [1, -6, 7, 17] == table["days"].dropna().tolist()
    assert ["may explain it"] * 2 + ["came after"] * 2 + ["date missing"] == table[
        "relation"
    ].tolist()


def test_stock_that_was_received_may_wait_longer_than_a_new_carrier():
    six_weeks = "2026-01-20"

    assert "may explain it" == only(what_changed(MARCH, event(six_weeks, "lot received")))[0]
    assert "long before" == only(what_changed(MARCH, event(six_weeks, "carrier")))[0]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Carrier", 14),
        ("换承运商", 14),
        ("新批次", 45),
        ("客服", 21),
        ("ロット", 45),
        ("pilot", 21),
    ],
)
def test_kinds_are_known_by_their_words(words, days):
    assert days == event_kind(words).days


def test_an_event_without_words_is_still_an_event():
    said = only(what_changed(MARCH, event("2026-03-02", kind=None, what=None)))[1]

    assert said.startswith("An event (not described) on 2 March 2026, 1 day before")


def test_no_events_and_no_changes_give_no_rows():
    for table in (
        what_changed(MARCH, None),
        what_changed(MARCH, event("2026-03-02").iloc[:0]),
        what_changed(MARCH.iloc[:0], event("2026-03-02")),
    ):
        assert (0, list(TABLE)) == (len(table), list(table.columns))


@few
@given(
    st.integers(-400, 400),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from(["carrier", "lot", "listing", "staff", "settings", "?"]),
    st.sampled_from(["order day", "ship day"]),
)
def test_nothing_is_accused_that_came_after(days, back, ahead, kind, clock):
    on = pd.Timestamp("2026-03-03")
    moved = MARCH.assign(
        earliest=on - pd.Timedelta(days=back), latest=on + pd.Timedelta(days=ahead), clock=clock
    )
    dated = event("2026-03-03", kind).assign(date=on + pd.Timedelta(days=days))
    relation, said = only(what_changed(moved, dated))

    assert relation in RELATIONS
    assert (relation == "came after") == (days > ahead)
    assert "caused" not in said
    assert ("may explain it" in said) == (relation == "may explain it")
    if -14 - back <= days <= ahead:
        assert "may explain it" == relation


def test_every_rule_has_a_reason_and_says_what_it_rests_on():
    table = rules()

    for rule in [*table["kind"], table["other"], table["parcel"]]:
        assert {"days", "why", "basis", "checked"} <= set(rule)
        assert rule["days"] > 0


@pytest.fixture
def lot() -> tuple[pd.DataFrame, RatesOverTime]:
    """A lot received on 10 February is bad from the day on which it is sold."""
    number = range(4_000)
    orders = pd.DataFrame(
        {
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta([n // 50 for n in number], "D"),
            "sku": ["A", "B"] * 2_000,
            "defective": [n % 200 == 0 or (n >= 2_000 and n % 20 == 1) for n in number],
        }
    )
    where = {"sku": "B"}
    changes = rate_changes(orders, where)
    asked = pd.DataFrame({"slice": ["sku = B"], "clock": ["order day"], "said": ["asked"]})
    return changes, RatesOverTime(changes, asked)


def cause(**where) -> Cause:
    return Cause(where, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_beside_a_cause_stands_its_change_with_what_happened(lot):
    changes, rates = lot
    events = pd.concat(
        [
            event("2026-02-10", "lot", "Lot 7 received", sku="B"),
            event("2026-02-09", "listing", "Photos of A", sku="A"),
        ]
    )
    said = what_changed_beside(cause(sku="B"), rates, what_changed(changes, events))

    assert 2 == len(said)
    assert said[0] == changes["said"].item()
    assert said[1].startswith("Lot 7 received on 10 February 2026, the day of the change")


def test_beside_a_cause_no_ledger_is_not_nothing_happened(lot):
    changes, rates = lot
    said = what_changed_beside(cause(sku="B"), rates, what_changed(changes, None), ledger=False)

    assert "What happened then is not known: there is no ledger of events." == said[-1]


def test_beside_a_cause_without_a_change_stands_that_there_is_none(lot):
    changes, rates = lot
    steady = RatesOverTime(changes.iloc[:0], rates.searched)

    assert ["asked"] == what_changed_beside(cause(sku="B"), steady, what_changed(changes, None))
    assert [] == what_changed_beside(cause(sku="C"), steady, what_changed(changes, None))
