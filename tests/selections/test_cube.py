"""The cube counts what plain pandas counts, whatever is selected."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from odrlib.errors import BadParameter
from odrlib.selections import Selection, cube
from tests.selections.tables import above, plainly, selections, tables

WHOLE = Selection("amazon", "2026-01-01", "2026-01-20")


@given(tables(), selections())
@settings(max_examples=60)
def test_counts_are_those_of_plain_pandas(table, selection):
    defects, described = table
    made = cube(defects, described, selection.profile)
    selection = _only_told(made, selection)
    inside = plainly(defects, described, selection)
    found = made.counts(selection)

    assert (inside.sum(), above(defects, selection)[inside].sum()) == (
        found.orders,
        found.defective,
    )


@given(tables(), selections())
@settings(max_examples=40)
def test_the_trend_has_the_orders_and_defects_of_each_day(table, selection):
    defects, described = table
    made = cube(defects, described, selection.profile)
    selection = _only_told(made, selection)
    always = replace(selection, first=date(2025, 1, 1), last=date(2027, 1, 1))
    inside = plainly(defects, described, always)
    days = pd.date_range(defects["day"].min(), defects["day"].max(), freq="D")
    orders = defects["day"][inside].value_counts().reindex(days, fill_value=0)
    many = above(defects, selection)[inside]
    bad = many.groupby(defects["day"]).sum().reindex(days, fill_value=0)

    assert [orders.tolist(), bad.tolist()] == [each.tolist() for each in made.trend(selection)]


@given(tables(), selections())
@settings(max_examples=40)
def test_bars_are_counted_with_their_own_condition_lifted(table, selection):
    defects, described = table
    made = cube(defects, described, selection.profile)
    selection = _only_told(made, selection)
    for column in made.codes:
        lifted = (
            replace(selection, channel="all") if column == "channel" else selection.without(column)
        )
        inside = plainly(defects, described, lifted)
        values = described[column].astype(object).where(described[column].notna(), None)
        expected = {
            value: (int((inside & same).sum()), int(above(defects, selection)[inside & same].sum()))
            for value in set(values)
            if (inside & (same := values.isna() if value is None else values.eq(value))).any()
        }

        assert expected == {
            bar.value: (bar.orders, bar.defective) for bar in made.bars(selection, column)
        }


@given(tables(), selections())
@settings(max_examples=40)
def test_the_order_of_filters_makes_no_difference(table, selection):
    made = cube(*table, selection.profile)
    selection = _only_told(made, selection)
    other = replace(selection, where=dict(reversed(selection.where.items())))

    assert selection == other
    assert made.counts(selection) == made.counts(other)


def test_what_is_expected_of_a_bar_is_the_rate_of_all_others():
    defects, described = _two_carriers()
    bars = cube(defects, described, "amazon").bars(WHOLE, "carrier")

    assert [("A", 10, 5, 1.0, 4.0), ("B", 10, 1, 5.0, -4.0)] == [
        (bar.value, bar.orders, bar.defective, bar.expected, bar.excess) for bar in bars
    ]


def test_the_quick_ranking_names_the_worst_first_and_leaves_out_what_is_filtered():
    made = cube(*_two_carriers(), "amazon")

    assert [("carrier", "A")] == [(bar.column, bar.value) for bar in made.ranked(WHOLE)]
    assert [] == made.ranked(WHOLE.having("carrier", "A"))


def test_codes_are_as_small_as_can_be():
    made = cube(*_two_carriers(), "amazon")

    assert np.uint8 == made.codes["carrier"].dtype


def test_a_column_that_no_file_tells_is_an_error_with_its_name():
    with pytest.raises(BadParameter, match="no file tells the column 'supplier' now"):
        cube(*_two_carriers(), "amazon").counts(WHOLE.having("supplier", "X"))


def test_a_table_without_orders_has_a_cube_too():
    defects, described = _two_carriers()
    made = cube(defects[:0], described[:0], "amazon")

    assert (0, 0) == (made.counts(WHOLE).orders, made.counts(WHOLE).defective)
    assert [] == made.ranked(WHOLE)


def _only_told(made, selection):
    """Without conditions on attributes that are the same for all orders: the cube has none."""
    kept = {column: value for column, value in selection.where.items() if column in made.codes}
    return replace(selection, where=kept)


def _two_carriers():
    bad = np.array([True] * 5 + [False] * 5 + [True] + [False] * 9)
    defects = pd.DataFrame(
        {
            "day": pd.Timestamp("2026-01-05"),
            "order_id": [f"111-0000000-{number:07}" for number in range(20)],
            "channel": "mfn",
            "claim": bad,
            "defective": bad,
            "defects": bad.astype(int),
        }
    )
    return defects, pd.DataFrame({"carrier": pd.Categorical(["A"] * 10 + ["B"] * 10)})
