import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.breakdown import composition, rate_by
from odrlib.errors import BadParameter
from odrlib.policy import KINDS


def table(rows, kinds=KINDS):
    """A defects table from (ISO day, SKU or None, the kinds of defect, arrival day or None)."""
    frame = pd.DataFrame(
        {
            "order_id": [f"order-{number}" for number in range(len(rows))],
            "day": pd.Series([row[0] for row in rows], dtype="datetime64[us]"),
            "sku": pd.Series([row[1] for row in rows], dtype="category"),
            "arrived_on": pd.Series([row[3] for row in rows], dtype="datetime64[us]"),
        }
    )
    for kind in kinds:
        frame[kind] = pd.Series([kind in row[2] for row in rows], dtype=bool)
    return frame.assign(
        defects=frame[list(kinds)].sum(axis="columns").astype("int64"),
        defective=frame[list(kinds)].any(axis="columns"),
    )


def orders_of(sku, good, bad=0, day="2026-05-06"):
    return [(day, sku, [], None)] * good + [(day, sku, ["claim"], day)] * bad


@pytest.fixture
def shop():
    """A bad shoe, a good hat, two socks too few to judge, and three orders without a SKU."""
    rows = orders_of("shoe", 36, 4) + orders_of("hat", 80, 0)
    rows += orders_of("sock-a", 10) + orders_of("sock-b", 4, 1) + orders_of(None, 2, 1)
    return table(rows)


def test_the_worst_product_stands_first_and_small_ones_share_the_last_row(shop):
    rates = rate_by(shop, "sku")

    assert rates.index.tolist() == ["shoe", "unknown", "hat", "2 SKUs with fewer than 20 orders"]
    assert rates["orders"].tolist() == [40, 3, 80, 15]
    assert rates["defective"].tolist() == [4, 1, 0, 1]


def test_excess_is_what_the_rate_of_the_others_does_not_explain(shop):
    """4 of the shoe's 40 orders are defective; at the 2 in 98 of all others, 0.82 would be."""
    shoe = rate_by(shop, "sku").loc["shoe"]

    assert shoe["excess"] == pytest.approx(4 - 40 * 2 / 98)
    assert shoe["rate"] == 0.1
    assert shoe["share_of_defects"] == 4 / 6
    assert shoe["low"] < 0.1 < shoe["high"]


def test_beyond_the_top_the_rest_is_one_row(shop):
    rates = rate_by(shop, "sku", min_orders=1, top=1)

    assert rates.index.tolist() == ["shoe", "unknown", "3 other SKUs"]
    assert rates["orders"].tolist() == [40, 3, 95]


def test_twenty_orders_are_enough_and_equal_groups_stand_by_name():
    rates = rate_by(table(orders_of("shoe", 20) + orders_of("hat", 20)), "sku")

    assert rates.index.tolist() == ["hat", "shoe"]


def test_one_group_has_no_others_to_be_compared_with():
    rates = rate_by(table(orders_of("hat", 30, 1)), "sku")

    assert pd.isna(rates.loc["hat", "excess"])


def test_an_order_with_two_products_can_count_under_each():
    """By main item the rows add up to the two orders; by items held they add up to three."""
    defects = table(orders_of("hat", 1, 1))
    items = pd.DataFrame(
        {
            "order_id": ["order-0", "order-1", "order-1", "order-1", "order-9"],
            "sku": ["hat", "hat", "sock", "sock", "shoe"],
        }
    )

    by_main = rate_by(defects, "sku", min_orders=0)
    by_item = rate_by(defects, "sku", min_orders=0, items=items)

    assert by_main["orders"].to_dict() == {"hat": 2}
    assert by_item["orders"].to_dict() == {"sock": 1, "hat": 2}
    assert by_item["defective"].to_dict() == {"sock": 1, "hat": 1}
    assert "more than all orders" in by_item.attrs["rule"]


def test_an_order_with_two_small_products_is_once_in_the_folded_row():
    defects = table(orders_of("hat", 1))
    items = pd.DataFrame({"order_id": ["order-0"] * 2, "sku": ["hat", "sock"]})

    rates = rate_by(defects, "sku", items=items)

    assert rates["orders"].to_dict() == {"2 SKUs with fewer than 20 orders": 1}


def test_many_lines_of_one_product_are_one_order():
    items = pd.DataFrame({"order_id": ["order-0"] * 20, "sku": ["hat"] * 20})

    rates = rate_by(table(orders_of("hat", 1)), "sku", items=items)

    assert rates["orders"].to_dict() == {"1 SKU with fewer than 20 orders": 1}


def test_an_order_without_known_items_is_unknown_and_not_lost():
    items = pd.DataFrame({"order_id": pd.Series(dtype="str"), "sku": pd.Series(dtype="str")})

    rates = rate_by(table(orders_of("hat", 2)), "sku", items=items)

    assert rates["orders"].to_dict() == {"unknown": 2}


def test_flags_read_as_yes_and_no():
    defects = table(orders_of("hat", 3)).assign(
        tracked=pd.Series([True, False, None], dtype="boolean")
    )

    assert set(rate_by(defects, "tracked", min_orders=0).index) == {"yes", "no", "unknown"}


def test_a_kind_that_no_file_tells_has_no_column():
    rates = rate_by(table(orders_of("hat", 20, 1), kinds=("claim",)), "sku")

    assert [name for name in KINDS if name in rates.columns] == ["claim"]


def test_without_any_known_kind_a_rate_is_unknown_and_not_zero():
    defects = table(orders_of("hat", 30), kinds=())

    by_sku, by_week = rate_by(defects, "sku"), composition(defects, "sku")

    assert by_sku["orders"].tolist() == [30]
    assert by_sku[["defective", "rate", "low", "high", "excess"]].isna().all(axis=None)
    assert by_week[["defective", "rate"]].isna().all(axis=None)
    assert composition(defects).empty


def test_a_column_we_do_not_have_is_named():
    with pytest.raises(BadParameter, match="'size'"):
        rate_by(table([]), "size")
    with pytest.raises(BadParameter, match="'size'"):
        composition(table([]), "size")
    with pytest.raises(BadParameter, match="'month'"):
        composition(table([]), "sku", "month")


def test_a_week_starts_on_monday_and_an_empty_week_is_there():
    """Sunday 1 March 2026 belongs to the week of 23 February; the next order is a fortnight on."""
    rows = [("2026-03-01", "hat", ["claim"], None), ("2026-03-09", "hat", [], None)]

    weeks = composition(table(rows, kinds=("claim",)))

    assert weeks["period"].dt.strftime("%m-%d").tolist() == ["02-23", "03-02", "03-09"]
    assert weeks["orders"].tolist() == [1, 0, 1]
    assert weeks["defective"].tolist() == [1, 0, 0]
    assert weeks["rate"].fillna(-1).tolist() == [1, -1, 0]


def test_a_month_goes_to_its_leap_day():
    rows = [("2024-02-29", "hat", [], None), ("2024-03-01", "hat", [], None)]

    months = composition(table(rows), "sku", "order_month")

    assert months["period"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-01", "2024-03-01"]
    assert months["orders"].tolist() == [1, 1]


def test_an_order_with_two_kinds_is_in_both_and_each_is_a_share_of_all_orders():
    rows = [("2026-05-06", "hat", ["claim", "chargeback"], None), ("2026-05-06", "hat", [], None)]

    kinds = composition(table(rows)).set_index("group")

    assert kinds["defective"].to_dict() == {"claim": 1, "chargeback": 1, "negative_feedback": 0}
    assert kinds["orders"].tolist() == [2, 2, 2]
    assert kinds["rate"].tolist() == [0.5, 0.5, 0]


def test_a_defect_of_unknown_arrival_has_no_week_and_is_not_lost():
    rows = [
        ("2026-01-05", "hat", ["claim"], "2026-05-06"),
        ("2026-01-05", "hat", ["claim"], None),
        ("2026-01-05", "hat", [], None),
    ]

    weeks = composition(table(rows), "sku", "arrival_week")

    assert weeks["defective"].tolist() == [1, 1]
    assert weeks["period"].iloc[0] == pd.Timestamp("2026-05-04")
    assert pd.isna(weeks["period"].iloc[1])
    assert weeks[["orders", "rate", "low", "high"]].isna().all(axis=None)


def test_who_writes_into_one_unknown_rate_writes_into_no_other():
    untold = table([("2026-01-05", "hat", ["claim"], None)])
    for weeks in (
        composition(untold, "kind", "arrival_week"),
        composition(untold.drop(columns=list(KINDS)), "sku"),
    ):
        weeks.loc[0, "rate"] = 0.5

        assert weeks[["low", "high"]].isna().all(axis=None)


def test_beyond_the_top_groups_are_one_and_unknown_stands_last():
    rows = orders_of("shoe", 1, 2) + orders_of("hat", 9) + orders_of("sock", 1)
    rows += orders_of(None, 1, 5)

    groups = composition(table(rows), "sku", top=1)["group"]

    assert groups.tolist() == ["shoe", "2 other SKUs", "unknown"]


def test_nothing_comes_of_nothing():
    columns = ["period", "group", "orders", "defective", "rate", "low", "high"]

    assert rate_by(table([]), "sku").empty
    assert composition(table([]), "sku", "arrival_week").columns.tolist() == columns
    assert composition(table([])).columns.tolist() == columns


days = st.dates(pd.Timestamp("2023-12-25").date(), pd.Timestamp("2024-03-04").date()).map(str)
rows = st.lists(
    st.tuples(
        days,
        st.sampled_from(["hat", "shoe", "sock", None]),
        st.sets(st.sampled_from(KINDS)),
        st.none() | days,
    ),
    max_size=40,
)


@settings(max_examples=60)
@given(rows, st.integers(0, 12), st.none() | st.integers(0, 4))
def test_folding_loses_no_order_and_no_defect(rows, min_orders, top):
    defects = table(rows)

    rates = rate_by(defects, "sku", min_orders=min_orders, top=top)

    for column in ("defective", *KINDS):
        assert rates[column].sum() == defects[column].sum()
    assert rates["orders"].sum() == len(defects)
    assert rates.index.is_unique


@settings(max_examples=60)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))

    pd.testing.assert_frame_equal(
        rate_by(table(rows), "sku", min_orders=3), rate_by(table(shuffled), "sku", min_orders=3)
    )
    pd.testing.assert_frame_equal(
        composition(table(rows), "sku", top=2), composition(table(shuffled), "sku", top=2)
    )


@settings(max_examples=60)
@given(rows, st.sampled_from(["order_week", "order_month", "order_day", "arrival_week"]))
def test_periods_lose_no_defect_and_repeat_no_group(rows, time):
    defects = table(rows)

    by_sku, by_kind = composition(defects, "sku", time, top=1), composition(defects, "kind", time)

    assert by_sku["defective"].sum() == defects["defective"].sum()
    assert by_kind["defective"].sum() == defects["defects"].sum()
    assert not by_sku.duplicated(["period", "group"]).any()
    if time != "arrival_week":
        assert by_sku["orders"].sum() == len(defects)
