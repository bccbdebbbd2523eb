"""Root causes, as small stories whose answer one can see without a search."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes import causes_table, cleared_table, find_causes, how_to_tell_apart
from odrlib.causes.codes import coded
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


@settings(max_examples=5)
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


def test_a_suspect_that_a_cause_explains_is_cleared_by_it():
    orders = shop()
    bad = orders["sku"] == "A3"
    orders.loc[bad & (orders.index % 20 < 14), "carrier"] = "K9"
    causes = find_causes(spoil(orders, bad, every=12))

    (cleared,) = [suspect for suspect in causes.cleared if suspect.where == {"carrier": "K9"}]
    assert [cause.where for cause in causes] == [{"sku": "A3"}]
    assert cleared.because == ({"sku": "A3"},)
    assert cleared.rate > 3 * cleared.rate_elsewhere
    assert cleared.expected == pytest.approx(cleared.defective, rel=0.3)
    assert cleared.p_value > 0.01


def test_the_table_of_cleared_suspects_has_its_columns_without_any():
    orders = shop()
    bad = orders["sku"] == "A3"
    orders.loc[bad & (orders.index % 20 < 14), "carrier"] = "K9"
    table = cleared_table(find_causes(spoil(orders, bad, every=12)))
    empty = cleared_table(find_causes(shop()))

    assert table.loc[table["suspect"].eq("carrier = K9"), "because"].tolist() == ["sku = A3"]
    assert len(empty) == 0
    assert empty.dtypes.equals(table.dtypes)


def test_where_a_sku_and_its_carrier_cannot_be_told_apart_a_test_order_is_named():
    orders = shop()
    bad = (orders["sku"] == "A3").to_numpy()
    orders.loc[bad, "carrier"] = "K9"
    orders.loc[np.flatnonzero(~bad)[:8], "carrier"] = "K9"
    (cause,) = find_causes(spoil(orders, bad, every=12))

    names = [cause.where, *cause.same_as]
    assert {"sku": "A3"} in names
    assert {"carrier": "K9"} in names
    ship = {"ship": {"sku": "A3"}, "by_other_than": {"carrier": "K9"}}
    other = {"ship": {"carrier": "K9"}, "by_other_than": {"sku": "A3"}}
    assert ship in cause.to_tell_apart or other in cause.to_tell_apart


def test_a_cause_without_rivals_needs_no_test_order():
    orders = shop()
    (cause,) = find_causes(spoil(orders, orders["sku"] == "A3", every=15))

    assert cause.same_as == ()
    assert how_to_tell_apart(cause) == []


def test_no_test_order_is_asked_for_that_cannot_be_sent():
    """An asin is its sku, so no order can have the one without the other."""
    orders = shop()
    orders = orders.assign(asin=orders["sku"].str.replace("A", "B0"))
    (cause,) = find_causes(spoil(orders, orders["sku"] == "A3", every=15))

    assert len(cause.same_as) == 1
    assert cause.to_tell_apart == ()


def test_what_is_expected_is_the_rate_of_the_rest():
    orders = shop()
    bad = orders["sku"] == "A3"
    (cause,) = find_causes(spoil(orders, bad, every=10))

    assert cause.expected == pytest.approx(cause.rate_elsewhere * bad.sum(), rel=0.15)


def test_many_orders_that_say_the_same_are_sampled_evenly():
    """Two columns make forty kinds of orders: a choice by kind would lose most of them."""
    orders = shop(150_000)[["sku", "carrier", "order_id", "defective"]]
    bad = (orders["sku"] == "A3") & (orders["carrier"] == "K2")
    (cause,) = find_causes(spoil(orders, bad, every=30))

    assert cause.where == {"carrier": "K2", "sku": "A3"}
    assert cause.orders == bad.sum()
    assert cause.expected == pytest.approx(cause.rate_elsewhere * bad.sum(), rel=0.15)


def test_the_floors_of_excess_and_lift_are_settable():
    orders = shop(20_000)
    orders = spoil(orders, orders["sku"] == "A3", every=60)

    assert named(orders) == [{"sku": "A3"}]
    assert named(orders, min_lift=6.0) == []
    assert named(orders, min_excess=60.0) == []


def test_a_hot_spot_that_became_worse_is_news_and_one_that_sold_more_is_not():
    orders = shop(20_000)
    later = orders.index >= 12_000
    orders = spoil(orders.assign(later=later), orders["sku"] == "A3", every=20)
    sold_more = orders["sku"].mask(later & (orders["sku"] == "A4") & (orders.index % 2 == 0), "A3")
    worse = spoil(orders, later & (orders["sku"] == "A3"), every=9)

    assert named(worse, rise="later") == [{"sku": "A3"}]
    steady = shop(20_000).assign(sku=sold_more, later=later)
    assert named(spoil(steady, sold_more == "A3", every=20), rise="later") == []


def test_the_answer_comes_quickly():
    """A guard, not a benchmark: ten times what it takes on a calm machine."""
    orders = shop(200_000)
    orders = spoil(orders, orders["sku"] == "A3", every=40)
    start = time.process_time()
    find_causes(orders)

    assert time.process_time() - start < 5


@given(st.integers(0, 2), st.integers(0, 199), st.integers(0, 100))
def test_the_rows_of_a_slice_are_those_with_its_levels(common, rare, seed):
    rng = np.random.default_rng(seed)
    orders = pd.DataFrame({"a": rng.integers(3, size=2_000), "b": rng.integers(200, size=2_000)})
    table = coded(orders, ["a", "b"])
    where = [(0, common), (1, rare)]
    expected = np.flatnonzero((table.codes[0] == common) & (table.codes[1] == rare))
    assert table.rows(where).tolist() == expected.tolist()
    assert table.rows(where[:1]).tolist() == np.flatnonzero(table.codes[0] == common).tolist()
