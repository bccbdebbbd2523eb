"""The path from all orders to a slice, its weeks, and two attributes against each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.causes.cause import Cause
from odrlib.causes.crossed import matter_most, rate_grid
from odrlib.causes.drill import drill_down, weekly_rate
from odrlib.causes.find import find_causes
from odrlib.errors import BadParameter


def orders(*rows: tuple[str, str | None, int, int]) -> pd.DataFrame:
    """Carrier, SKU, how many such orders, and how many of them are defective."""
    table = [
        {"carrier": carrier, "sku": sku, "defective": place < bad}
        for carrier, sku, number, bad in rows
        for place in range(number)
    ]
    frame = pd.DataFrame(table, columns=["carrier", "sku", "defective"])
    return frame.assign(
        order_id=[f"o{place}" for place in range(len(frame))],
        defective=frame["defective"].astype(bool),
    )


SHOP = orders(
    ("Slow", "A", 20, 6),
    ("Slow", "B", 20, 2),
    ("Fast", "A", 60, 1),
    ("Fast", "B", 100, 1),
)

frames = st.lists(
    st.tuples(st.sampled_from("XYZ"), st.sampled_from(["a", "b", None]), st.booleans()),
    min_size=1,
    max_size=40,
).map(lambda rows: pd.DataFrame(rows, columns=["carrier", "sku", "defective"]))


# -- the path -----------------------------------------------------------------------------------


def test_the_condition_that_leaves_the_larger_excess_comes_first():
    """10 of 200 are bad: Slow has 8 - 2 = 6 too many, A has 7 - 4 = 3, whatever `where` says."""
    path = drill_down(SHOP, {"sku": "A", "carrier": "Slow"})

    assert path["condition"].tolist() == ["all orders", "carrier Slow", "SKU A"]
    assert path["orders"].tolist() == [200, 40, 20]
    assert path["defective"].tolist() == [10, 8, 6]
    assert path["excess"].tolist() == [0, 6, 5]


def test_a_step_says_what_it_keeps_of_all_orders_and_of_all_defects():
    last = drill_down(SHOP, {"carrier": "Slow"}).iloc[-1]

    assert last["rate"] == 0.2
    assert last["share_of_orders"] == 0.2
    assert last["share_of_defects"] == 0.8


def test_a_missing_value_is_a_condition_like_any_other():
    shop = orders(("Slow", None, 10, 3), ("Slow", "A", 30, 0))
    path = drill_down(shop, {"sku": None})

    assert path["condition"].tolist() == ["all orders", "SKU unknown"]
    assert path["defective"].tolist() == [3, 3]


def test_no_condition_is_a_path_of_one_step():
    assert drill_down(SHOP, {})["condition"].tolist() == ["all orders"]


def test_a_slice_without_orders_has_no_rate_rather_than_a_good_one():
    last = drill_down(SHOP, {"carrier": "Nobody"}).iloc[-1]

    assert last["orders"] == 0
    assert np.isnan(last["rate"])
    assert np.isnan(last["high"])


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(BadParameter, match="no column 'lot' in the orders"):
        drill_down(SHOP, {"lot": "7"})


@given(frames, st.sampled_from("XYZ"), st.sampled_from(["a", "b", None]))
def test_every_step_is_part_of_the_one_before_and_the_last_is_the_slice(frame, carrier, sku):
    path = drill_down(frame, {"carrier": carrier, "sku": sku})
    same = frame["carrier"].eq(carrier) & (
        frame["sku"].isna() if sku is None else frame["sku"] == sku
    )

    assert path["orders"].is_monotonic_decreasing
    assert path["defective"].is_monotonic_decreasing
    assert path["orders"].iloc[-1] == same.sum()
    assert path["defective"].iloc[-1] == (same & frame["defective"]).sum()


@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_the_path(frame, random):
    where = {"carrier": "X", "sku": "a"}
    mixed = frame.iloc[random.sample(range(len(frame)), len(frame))]

    pd.testing.assert_frame_equal(drill_down(frame, where), drill_down(mixed, where))


# -- weeks --------------------------------------------------------------------------------------


def test_weeks_start_on_monday_and_a_week_without_orders_has_no_rate():
    """4 January 2026 is a Sunday."""
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-01-04", "2026-01-05", "2026-01-06", "2026-01-19"]),
            "defective": [False, True, False, False],
        }
    )
    weeks = weekly_rate(table)

    assert weeks["week"].dt.strftime("%m-%d").tolist() == ["12-29", "01-05", "01-12", "01-19"]
    assert weeks["orders"].tolist() == [1, 2, 0, 1]
    assert weeks["defective"].tolist() == [0, 1, 0, 0]
    assert weeks["rate"].tolist() == pytest.approx([0, 0.5, np.nan, 0], nan_ok=True)
    assert np.isnan(weeks["high"][2])


def test_ship_days_are_cut_in_the_time_zone_and_unknown_ones_are_in_no_week():
    """Sunday 22:00 in London is Monday morning in Tokyo."""
    table = pd.DataFrame(
        {
            "shipped_at": pd.to_datetime(["2026-01-04 22:00", None], utc=True),
            "defective": [True, True],
        }
    )
    weeks = weekly_rate(table, clock="ship day", timezone="Asia/Tokyo")

    assert weeks["week"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-05"]
    assert weeks["orders"].tolist() == [1]


def test_weeks_of_a_slice_hold_only_its_orders():
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-01-05", "2026-01-06"]),
            "carrier": ["Slow", "Fast"],
            "defective": [True, False],
        }
    )

    assert weekly_rate(table, {"carrier": "Slow"})["orders"].tolist() == [1]
    assert weekly_rate(table, {"carrier": "Nobody"}).empty


def test_a_clock_that_is_not_there_is_named():
    with pytest.raises(BadParameter, match="there are 'order day' and 'ship day'"):
        weekly_rate(SHOP, clock="moon")


# -- two attributes -----------------------------------------------------------------------------


def cell(grid: pd.DataFrame, row: str, column: str) -> pd.Series:
    return grid[(grid["row"] == row) & (grid["column"] == column)].iloc[0]


def test_a_cell_is_compared_with_its_share_and_with_what_both_sides_do_apart():
    """Twice as bad by Slow, three times as bad for A, and no more than that for both together."""
    shop = orders(("Slow", "A", 100, 12), ("Slow", "B", 100, 4), ("Fast", "A", 100, 6),
                  ("Fast", "B", 100, 2))  # fmt: skip
    both = cell(rate_grid(shop, "carrier", "sku"), "Slow", "A")

    assert both["expected"] == 6
    assert both["excess"] == 6
    assert both["apart"] == pytest.approx(12)


def test_levels_stand_by_their_defects_and_the_rest_is_folded():
    shop = orders(
        ("Slow", "A", 5, 1), ("Slow", "B", 5, 3), ("Slow", "C", 5, 0), ("Slow", "D", 9, 0)
    )
    grid = rate_grid(shop, "carrier", "sku", top=2)

    assert grid["column"].tolist() == ["B", "A", "other (2 levels)"]
    assert grid["orders"].tolist() == [5, 5, 14]


def test_a_single_level_is_not_folded():
    shop = orders(("Slow", "A", 5, 1), ("Slow", "B", 5, 3), ("Slow", "C", 5, 0))

    assert rate_grid(shop, "carrier", "sku", top=2)["column"].tolist() == ["B", "A", "C"]


def test_missing_values_are_a_level_that_is_never_folded():
    shop = orders(
        ("Slow", "A", 5, 1), ("Slow", None, 5, 0), ("Slow", "C", 5, 0), ("Slow", "D", 5, 0)
    )
    grid = rate_grid(shop, "carrier", "sku", top=1)

    assert grid["column"].tolist() == ["A", "other (2 levels)", "unknown"]


def test_a_pair_without_orders_is_there_and_has_no_rate():
    grid = rate_grid(orders(("Slow", "A", 5, 1), ("Fast", "B", 30, 0)), "carrier", "sku")
    empty, few, many = (cell(grid, *pair) for pair in (("Slow", "B"), ("Slow", "A"), ("Fast", "B")))

    assert empty["orders"] == 0
    assert np.isnan(empty["rate"])
    assert [bool(each["few"]) for each in (empty, few, many)] == [False, True, False]


def test_weeks_and_ordered_categories_keep_their_own_order():
    late = pd.Categorical(["7 days", "on time", "7 days"], ["on time", "7 days"], ordered=True)
    table = pd.DataFrame(
        {"order_week": ["2026-W02", "2026-W01", "2026-W02"], "late": late, "defective": [1, 0, 1]}
    )
    grid = rate_grid(table, "order_week", "late")

    assert grid["row"].cat.categories.tolist() == ["2026-W01", "2026-W02"]
    assert grid["column"].cat.categories.tolist() == ["on time", "7 days"]


def test_a_value_that_reads_like_unknown_is_counted_with_the_missing_ones():
    grid = rate_grid(orders(("Slow", "unknown", 5, 1), ("Slow", None, 5, 0)), "carrier", "sku")

    assert grid["column"].tolist() == ["unknown"]
    assert grid["orders"].tolist() == [10]


@given(frames, st.integers(1, 3))
def test_no_order_and_no_defect_is_lost_in_the_grid(frame, top):
    grid = rate_grid(frame, "carrier", "sku", top)

    assert grid["orders"].sum() == len(frame)
    assert grid["defective"].sum() == frame["defective"].sum()
    assert grid["expected"].sum() == pytest.approx(frame["defective"].sum())
    assert grid["apart"].sum() == pytest.approx(frame["defective"].sum())


@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_the_grid(frame, random):
    mixed = frame.iloc[random.sample(range(len(frame)), len(frame))]

    pd.testing.assert_frame_equal(
        rate_grid(frame, "carrier", "sku"), rate_grid(mixed, "carrier", "sku")
    )


# -- which two attributes -----------------------------------------------------------------------


def cause(where: dict, same_as: tuple = ()) -> Cause:
    return Cause(where, 1, 1, 0.1, 0.9, 0.0, 3.0, 1.0, 0.0, 0.01, 0.01, same_as=same_as)


def business(**columns: list) -> pd.DataFrame:
    """400 orders; each column repeats its values; by Slow every fourth order of SKU A is bad."""
    frame = pd.DataFrame({name: pd.Series(np.resize(v, 400)) for name, v in columns.items()})
    slow = frame["carrier"].eq("Slow") & frame["sku"].eq("A")
    return frame.assign(defective=slow & (slow.cumsum() % 4 == 1))


def test_no_cause_no_grid():
    assert matter_most([], SHOP) is None


def test_a_cause_of_two_attributes_names_both_the_narrowing_one_first():
    assert matter_most([cause({"sku": "A", "carrier": "Slow"})], SHOP) == ("carrier", "sku")


def test_a_cause_of_one_attribute_is_crossed_with_the_one_that_splits_it():
    table = business(carrier=["Slow", "Fast"], sku=["A", "A", "B", "B"], state=list("KLMNO"))

    assert matter_most([cause({"carrier": "Slow"})], table) == ("carrier", "sku")


def test_what_describes_the_same_orders_or_lies_inside_the_cause_is_passed_over():
    """The zone is another name of the carrier, the SKUs of a supplier are nowhere else."""
    table = business(carrier=["Slow", "Fast"], sku=["A", "A", "B", "B"], weekday=["Mo", "Tu", "We"])
    table["zone"] = table["carrier"].map({"Slow": "far", "Fast": "near"})
    table["label"] = table["carrier"] + table["sku"]
    found = cause({"carrier": "Slow"}, same_as=({"zone": "far"},))

    assert matter_most([found], table, by=["carrier", "zone", "label"]) is None
    assert matter_most([found], table, by=["zone", "label", "weekday"]) == ("carrier", "weekday")


def test_where_nothing_splits_the_cause_the_next_cause_is_crossed():
    slow = orders(
        *(("Slow", sku, 100, 5) for sku in "AB"), *(("Fast", sku, 300, 1) for sku in "AB")
    )
    table = slow.assign(state=np.resize(list("KLMNO"), len(slow)))
    causes = [cause({"carrier": "Slow"}), cause({"state": "K"})]

    assert matter_most(causes[:1], table) == ("carrier", "sku")
    assert matter_most(causes, table) == ("carrier", "state")


def test_the_order_of_the_columns_does_not_matter():
    table = business(carrier=["Slow", "Fast"], sku=["A", "A", "B", "B"], state=list("KLMNO"))
    backwards = table[table.columns[::-1]]
    causes = find_causes(table)

    assert causes[0].where == {"carrier": "Slow", "sku": "A"}
    assert matter_most(causes, table) == matter_most(causes, backwards)
