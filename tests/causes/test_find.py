"""Root causes, as small stories whose answer one can see without a search."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes import causes_table, find_causes
from odrlib.errors import BadParameter


def shop(size: int = 8_000, **columns) -> pd.DataFrame:
    """Orders in which everything is mixed evenly, and every 200th is defective."""
    rng = np.random.default_rng(size)
    orders = pd.DataFrame(
        {
            "sku": np.char.add("A", rng.integers(10, size=size).astype(str)),
            "carrier": np.char.add("K", rng.integers(4, size=size).astype(str)),
            "region": np.char.add("R", rng.integers(5, size=size).astype(str)),
            "order_id": np.char.add("n", np.char.zfill(np.arange(size).astype(str), 6)),
        }
    ).assign(**columns)
    return orders.assign(defective=orders.index % 200 == 3)


def spoil(orders: pd.DataFrame, rows, every: int) -> pd.DataFrame:
    """The same orders, with a defect at every n-th of `rows`."""
    hit = np.flatnonzero(rows)[::every]
    defective = orders["defective"].to_numpy(copy=True)
    defective[hit] = True
    return orders.assign(defective=defective)


def named(orders: pd.DataFrame, **options) -> list[dict]:
    return [cause.where for cause in find_causes(orders, **options)]


def test_one_bad_sku_is_named_with_its_counts_and_orders():
    orders = shop()
    bad = orders["sku"] == "A3"
    orders = spoil(orders, bad, every=15)

    (cause,) = find_causes(orders)

    assert cause.where == {"sku": "A3"}
    assert cause.orders == bad.sum()
    assert cause.defective == (bad & orders["defective"]).sum()
    assert cause.order_ids == tuple(sorted(orders.loc[bad & orders["defective"], "order_id"]))
    assert cause.excess == cause.defective - cause.expected
    assert cause.low < cause.excess < cause.high
    assert cause.rate == cause.defective / cause.orders
    assert cause.rate_elsewhere == pytest.approx(orders.loc[~bad, "defective"].mean())
    assert cause.p_value <= cause.q_value <= 0.01


def test_a_carrier_that_ships_only_the_bad_sku_is_not_accused():
    orders = shop()
    bad = orders["sku"] == "A3"
    orders.loc[bad & (orders.index % 20 < 10), "carrier"] = "K9"

    assert named(spoil(orders, bad, every=12)) == [{"sku": "A3"}]


def test_a_sku_that_only_travels_with_the_bad_carrier_is_not_accused():
    orders = shop()
    orders.loc[(orders["carrier"] == "K1") & (orders.index % 3 == 0), "sku"] = "A99"

    assert named(spoil(orders, orders["carrier"] == "K1", every=25)) == [{"carrier": "K1"}]


def test_two_bad_skus_are_named_and_their_innocent_supplier_is_not():
    orders = shop()
    supplier = orders["sku"].map(lambda sku: "S0" if sku in ("A0", "A1", "A2", "A3") else "S1")
    orders = orders.assign(supplier=supplier)
    orders = spoil(orders, orders["sku"] == "A1", every=15)
    orders = spoil(orders, orders["sku"] == "A2", every=16)

    assert sorted(where["sku"] for where in named(orders)) == ["A1", "A2"]


def test_a_bad_supplier_is_named_once_and_not_sku_by_sku():
    orders = shop()
    supplier = orders["sku"].map(lambda sku: "S0" if sku in ("A0", "A1", "A2") else "S1")
    orders = orders.assign(supplier=supplier)

    assert named(spoil(orders, orders["supplier"] == "S0", every=19)) == [{"supplier": "S0"}]


def test_a_part_that_is_worse_than_its_bad_parent_is_named_beside_it():
    orders = shop(20_000)
    bad = orders["sku"] == "A3"
    orders = spoil(orders, bad, every=40)
    orders = spoil(orders, bad & (orders["region"] == "R2"), every=4)

    assert named(orders) == [{"sku": "A3"}, {"region": "R2", "sku": "A3"}]


def test_a_part_that_is_as_bad_as_its_parent_is_not_named():
    orders = shop(20_000)

    assert named(spoil(orders, orders["sku"] == "A3", every=13)) == [{"sku": "A3"}]


def test_a_cause_of_three_columns_is_named_with_all_three():
    orders = shop(20_000)
    bad = (orders["sku"] == "A3") & (orders["carrier"] == "K2") & (orders["region"] == "R4")

    assert named(spoil(orders, bad, every=3)) == [{"carrier": "K2", "region": "R4", "sku": "A3"}]


def test_with_two_columns_at_most_the_answer_has_two_at_most():
    orders = shop(20_000)
    bad = (orders["sku"] == "A3") & (orders["carrier"] == "K2") & (orders["region"] == "R4")
    found = named(spoil(orders, bad, every=3), max_depth=2)

    assert found
    assert all(len(where) <= 2 for where in found)


def test_where_nothing_stands_out_the_list_is_empty_and_says_why():
    causes = find_causes(shop())

    assert causes == []
    assert causes.reason.startswith("the defects are spread like orders; the largest contrast is ")
    assert "corrected p = " in causes.reason


def test_no_defects_at_all_is_said():
    causes = find_causes(shop().assign(defective=False))

    assert (causes, causes.reason) == ([], "there are no defective orders")


def test_three_defects_name_nothing():
    orders = shop().assign(defective=False)
    orders.loc[orders["sku"].eq("A3") & (orders.index < 30), "defective"] = True

    assert "too few" in find_causes(orders).reason


def test_a_missing_value_is_a_level_of_its_own():
    orders = shop()
    lost = orders["carrier"] == "K1"
    orders = orders.assign(carrier=orders["carrier"].mask(lost))
    (cause,) = find_causes(spoil(orders, lost, every=25))

    assert cause.where == {"carrier": None}
    assert cause.orders == lost.sum()


def test_two_names_of_the_same_orders_are_said_to_be_the_same():
    orders = shop()
    orders = orders.assign(asin=orders["sku"].str.replace("A", "B0"))
    (cause,) = find_causes(spoil(orders, orders["sku"] == "A3", every=15))

    assert {"sku": "A3"} in (cause.where, *cause.same_as)
    assert {"asin": "B03"} in (cause.where, *cause.same_as)


def test_what_was_always_bad_did_not_rise():
    orders = shop(20_000)
    later = orders.index >= 12_000
    orders = orders.assign(later=later)
    orders = spoil(orders, orders["sku"] == "A3", every=15)
    orders = spoil(orders, later & (orders["carrier"] == "K2"), every=20)

    assert named(orders, rise="later") == [{"carrier": "K2"}]


def test_a_business_that_rises_as_a_whole_has_no_cause():
    orders = shop(20_000)
    later = orders.index >= 12_000
    orders = spoil(orders.assign(later=later), later & (orders.index % 97 == 5), every=1)

    assert named(orders, rise="later") == []


@settings(max_examples=5, deadline=None)
@given(st.permutations(["sku", "carrier", "region", "order_id", "defective"]), st.integers(0, 99))
def test_the_order_of_rows_and_columns_changes_nothing(columns, seed):
    orders = shop(4_000)
    orders = spoil(orders, orders["sku"] == "A3", every=12)
    orders = spoil(orders, (orders["carrier"] == "K2") & (orders["region"] == "R1"), every=8)
    causes = find_causes(orders)
    shuffled = find_causes(orders.sample(frac=1, random_state=seed)[columns])

    assert len(causes) == 2
    pd.testing.assert_frame_equal(causes_table(causes), causes_table(shuffled))
    assert [c.order_ids for c in causes] == [c.order_ids for c in shuffled]


def test_categories_numbers_and_words_give_the_same_answer():
    orders = shop()
    orders = spoil(orders, orders["sku"] == "A3", every=15)
    words = find_causes(orders)[0]

    assert find_causes(orders.astype({"sku": "category"}))[0] == words
    assert find_causes(orders.assign(defective=orders["defective"].astype(int)))[0] == words


def test_a_target_with_gaps_or_other_numbers_is_refused():
    orders = shop(100)

    with pytest.raises(BadParameter, match="0 and 1"):
        find_causes(orders.assign(defective=2))
    with pytest.raises(BadParameter, match="no column 'claim'"):
        find_causes(orders, target="claim")
    with pytest.raises(BadParameter, match="no column 'city'"):
        find_causes(orders.assign(defective=orders.index < 9), by=["city"])
    with pytest.raises(BadParameter, match="max_depth"):
        find_causes(orders, max_depth=5)


def test_the_table_has_one_row_per_cause_and_its_columns_without_any():
    orders = shop()
    table = causes_table(find_causes(spoil(orders, orders["sku"] == "A3", every=15)))

    assert table["where"].tolist() == ["sku = A3"]
    assert table["rank"].tolist() == [1]
    assert list(causes_table([]).columns) == list(table.columns)
    assert causes_table([]).dtypes.equals(table.dtypes)
