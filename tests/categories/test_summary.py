"""Counts that add up exactly, the category of an order, the topic of a cause; and their laws."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odrlib.categories import (
    Records,
    categories,
    categorise,
    category_counts,
    category_of_orders,
    cause_topics,
    what_to_fetch,
)
from odrlib.causes import CauseList
from odrlib.errors import BadParameter
from odrlib.policy import KINDS
from odrlib.reasons import THEMES
from odrlib.tables import empty
from tests.categories.little import NOT_DELIVERED, orders, reasons, story
from tests.categories.test_stories import MAIL, cause

CAME = {"arrived_on": "2026-03-17"}


@pytest.fixture
def four_orders() -> pd.DataFrame:
    """Lost mail with a claim and a rating; a broken kettle; a silent claim; a good order."""
    return orders(
        {"claim": True, "negative_feedback": True} | MAIL | CAME,
        {"negative_feedback": True, "arrived_on": "2026-03-08"},
        {"claim": True} | CAME,
        {},
    )


@pytest.fixture
def categorised(four_orders) -> pd.DataFrame:
    return categorise(four_orders, reasons({"o0": ("T-INR",), "o1": ("T-DMG",)}))


def test_one_row_per_order_and_kind(categorised):
    assert [
        ("o0", "claim", "R01", "strong"),
        ("o0", "negative_feedback", "R01", "strong"),
        ("o1", "negative_feedback", "R05", "strong"),
        ("o2", "claim", "R27", "none"),
    ] == list(
        categorised[["order_id", "kind", "category", "certainty"]].itertuples(
            index=False, name=None
        )
    )


def test_counts_add_up_to_defects_and_orders_and_the_unexplained_come_last(categorised):
    counts = category_counts(categorised)

    assert [("R01", 2, 1), ("R05", 1, 1), ("R27", 1, 1)] == list(
        counts[["category", "defects", "orders"]].itertuples(index=False, name=None)
    )
    assert [0.5, 0.25, 0.25] == counts["share"].tolist()
    assert [1, 0, 1] == counts["claim"].tolist()
    assert [2, 1, 0] == counts["strong"].tolist()
    assert (
        "complaint: not received; tracked to the door: no; service: Ordinary Mail"
        == counts["example"][0]
    )
    assert ["NR", "DP"] == counts["topic"].tolist()[:2]
    assert pd.isna(counts["topic"][2])


def test_an_order_stands_with_its_surest_category():
    two = orders({"claim": True, "negative_feedback": True, "channel": "afn"} | NOT_DELIVERED)
    answer = categorise(two, reasons({"o0": ("T-LATE",)}))

    assert ["R27", "R25"] == answer["category"].tolist()
    assert ["R25"] == category_of_orders(answer)["category"].tolist()


def test_a_cause_has_the_topic_of_most_of_its_defects(categorised):
    causes = CauseList([cause("o0", "o1", carrier="China Post"), cause("o9", sku="X")], "no more")
    told, table = cause_topics(causes, categorised)

    assert ["NR", None] == [one.topic for one in told]
    assert "no more" == told.reason
    assert ["2 of 3: not received or late"] * 2 == table["says"].tolist()
    assert [("R01", 2, 3), ("R05", 1, 3)] == list(
        table[["category", "defects", "of"]].itertuples(index=False, name=None)
    )


def test_what_to_fetch_names_the_most_useful_first(categorised):
    table = what_to_fetch(categorised)

    assert [("no-words", 1, 1, 1, 0)] == list(
        table[["missing", "defects", "orders", "unexplained", "weak"]].itertuples(
            index=False, name=None
        )
    )
    assert table["to_do"][0].startswith("Fetch the reason of the claim")


def test_a_store_without_defects_has_empty_tables():
    answer = categorise(orders({}, {}), reasons({}))

    assert answer.empty
    assert category_counts(answer).empty
    assert what_to_fetch(answer).empty
    assert category_of_orders(answer).empty


def test_tables_that_are_given_but_empty_say_nothing():
    names = ("shipments", "messages", "returns", "chargebacks", "settlements", "costs", "events")
    table = orders({"claim": True} | CAME)
    given = categorise(
        table, reasons({"o0": ("T-SERVICE",)}), Records(**{name: empty(name) for name in names})
    )

    assert ["R13"] == given["category"].tolist()
    assert ["weak"] == given["certainty"].tolist()
    assert [("no-messages-of-order",)] == given["missing"].tolist()


def test_a_kind_that_no_file_tells_has_no_defects(four_orders):
    answer = categorise(four_orders.drop(columns=["chargeback", "claim"]), reasons({}))

    assert {"negative_feedback"} == set(answer["kind"])


def test_an_order_in_two_rows_or_a_lacking_column_is_refused(four_orders):
    twice = pd.concat([four_orders, four_orders])
    with pytest.raises(BadParameter, match="an order stands in two rows of the defects"):
        categorise(twice, reasons({}))
    with pytest.raises(BadParameter, match="the reasons have no column themes"):
        categorise(four_orders, reasons({}).drop(columns="themes"))
    with pytest.raises(BadParameter, match="the defects have no column order_id"):
        categorise(four_orders.drop(columns="order_id"), reasons({}))


MAYBE = {
    "tracked": st.sampled_from([True, False, None]),
    "tracking_state": st.sampled_from(["delivered", "returned", "not_found", "customs", None]),
    "delivered_at": st.sampled_from(["2026-03-06 12:00", "2026-03-20 12:00", None]),
    "first_scan_at": st.sampled_from(["2026-03-03 18:00", "2026-03-08 18:00", None]),
    "shipped_at": st.sampled_from(["2026-03-03 12:00", "2026-03-06 12:00", None]),
    "promised_ship": st.sampled_from(["2026-03-04 23:59:59", None]),
    "promised_delivery": st.sampled_from(["2026-03-08 23:59:59", None]),
    "arrived_on": st.sampled_from(["2026-03-07", "2026-03-24", None]),
    "channel": st.sampled_from(["mfn", "afn"]),
    "sku": st.sampled_from(["A", "B", None]),
    "tracking_number": st.sampled_from(["X77", "RB123456785CN", "1Z5R89390357567120", None]),
    **dict.fromkeys(KINDS, st.booleans()),
}
CALM = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def stores(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders with anything known or unknown, and what some of their buyers complain of."""
    table = orders(*draw(st.lists(st.fixed_dictionaries(MAYBE), min_size=1, max_size=12)))
    themes = st.lists(st.sampled_from(sorted(THEMES)), max_size=3, unique=True).map(tuple)
    return table, reasons({order: draw(themes) for order in table["order_id"]})


@CALM
@given(stores())
def test_every_defect_has_exactly_one_category_and_all_sums_are_exact(store):
    table, said = store
    answer = categorise(table, said)
    counts = category_counts(answer)

    wanted = {(row.order_id, kind) for row in table.itertuples() for kind in KINDS
              if getattr(row, kind)}  # fmt: skip
    found = list(zip(answer["order_id"], answer["kind"], strict=True))
    assert sorted(wanted) == found
    assert set(answer["category"]) <= set(categories())
    assert len(wanted) == counts["defects"].sum()
    assert table[list(KINDS)].any(axis="columns").sum() == counts["orders"].sum()
    assert [int(table[kind].sum()) for kind in KINDS] == [int(counts[kind].sum()) for kind in KINDS]
    sure = counts[["strong", "likely", "weak"]].sum(axis="columns")
    assert (counts["defects"] - sure)[counts["category"] != "R27"].sum() == 0
    assert not len(wanted) or counts["share"].sum() == pytest.approx(1)


@CALM
@given(stores(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_rows(store, rng):
    table, said = store
    order = rng.sample(range(len(table)), len(table))
    shuffled = categorise(table.iloc[order], said.iloc[::-1])

    pd.testing.assert_frame_equal(categorise(table, said), shuffled)


@CALM
@given(stores())
def test_what_is_not_known_accuses_nobody(store):
    """With nothing known of an order only its theme speaks, and that is weak at most."""
    table, said = store
    bare = table[["order_id", *KINDS]]
    answer = categorise(bare, said)

    assert set(answer["certainty"]) <= {"weak", "none"}


@CALM
@given(stores())
def test_no_theme_and_no_field_is_unexplained_and_nothing_else_is(store):
    table, said = store
    answer = categorise(table, said)

    assert answer["category"].eq("R27").tolist() == answer["certainty"].eq("none").tolist()
    assert not answer["category"].isin(["R27"]).any() or (
        answer.loc[answer["category"].eq("R27"), "also"].map(len).eq(0).all()
    )


def test_a_defect_that_came_on_its_own_day_is_judged_by_that_day():
    verdicts = pd.DataFrame(
        {"order_id": ["o0"], "kind": ["claim"], "on": pd.to_datetime(["2026-03-07"]),
         "counts": [True]}
    )  # fmt: skip
    row = story("T-INR", on="2026-03-30", records=Records(verdicts=verdicts))

    assert "claim 1 day after the delivery" in row["shows"]
