"""The made worlds: what is said to be planted is in the orders, and can be told from its rivals."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.knowing import knowing
from tests.causes.other_businesses import MILD, Business, Column
from tests.causes.other_fairness import Planted, fair, signal, signal_of_rise
from tests.causes.other_families import exclusive
from tests.causes.other_plan import Plan
from tests.causes.other_schemas import business
from tests.causes.other_worlds import FAMILIES, World, exact_f1, null_world, planted_world

SIZE = 20_000


def inside(world: World, where: dict[str, str]) -> np.ndarray:
    """The orders of a slice; those of the later period, where a rise is asked for."""
    rows = np.ones(len(world.orders), bool)
    for column, value in where.items():
        rows &= (world.orders[column] == value).to_numpy()
    return rows & (world.orders[world.rise] == 1).to_numpy() if world.rise else rows


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_planted_is_at_least_twice_as_bad_as_without_it(family):
    world = planted_world(family, 1, SIZE)
    for where in world.planted:
        rows = inside(world, where)
        defects = world.orders["defective"].to_numpy()[rows].sum()
        assert defects >= max(6, 2 * world.background[rows].sum())


@pytest.mark.parametrize("family", ["two attributes", "exclusive", "twins", "tiny", "recent"])
def test_who_knows_all_mild_effects_finds_it(family):
    world = planted_world(family, 7, SIZE)
    assert 1 == exact_f1(knowing(world), world.planted)


@pytest.mark.parametrize(
    ("family", "depths"), [("one attribute", {1}), ("three attributes", {3}), ("nested", {1, 2, 3})]
)
def test_a_family_plants_the_depth_that_its_name_says(family, depths):
    worlds = [planted_world(family, seed, SIZE) for seed in range(3)]
    assert {len(where) for world in worlds for where in world.planted} <= depths


def test_the_worse_part_lies_inside_its_whole():
    whole, part = planted_world("nested", 0, SIZE).planted
    assert whole.items() < part.items()


@pytest.mark.parametrize("seed", range(3))
def test_a_tiny_cause_has_six_to_fifteen_defects(seed):
    world = planted_world("tiny", seed, SIZE)
    defective = world.orders["defective"].to_numpy()
    assert all(6 <= defective[inside(world, where)].sum() <= 15 for where in world.planted)


def test_a_single_week_is_never_that_of_the_whole_business():
    for seed in range(5):
        (where,) = planted_world("single week", seed, SIZE).planted
        assert len(where) == 2
        assert any("week" in column for column in where)


def test_twelve_columns_and_the_target():
    world = planted_world("one attribute", 0, SIZE)
    assert (SIZE, 13) == world.orders.shape
    assert 12 == len(world.by)
    assert world.rise is None


def test_recent_worlds_ask_what_has_changed():
    world = planted_world("recent", 0, SIZE)
    assert "recent" == world.rise
    assert "recent" not in world.by
    assert 0.1 < world.orders["recent"].mean() < 0.6


def test_the_same_seed_gives_the_same_world():
    one, same = (planted_world("several", 3, SIZE) for _ in range(2))
    pd.testing.assert_frame_equal(one.orders, same.orders)
    assert one.planted == same.planted
    assert one.planted != planted_world("several", 4, SIZE).planted


def test_schemas_differ_from_seed_to_seed():
    schemas = [business(np.random.default_rng(seed), 1_000_000).columns for seed in range(8)]
    assert 8 == len({tuple(column.name for column in columns.values()) for columns in schemas})
    levels = [column.levels for columns in schemas for column in columns.values()]
    assert min(levels) == 2
    assert max(levels) > 2_000


def one_parent_each(made: Business) -> bool:
    return all(
        made.cells([child, parent]) == made.cells([child])
        for child, column in made.columns.items()
        for parent in column.parents
    )


@pytest.mark.parametrize("seed", range(6))
def test_every_child_has_one_parent_also_after_orders_were_moved(seed):
    rng = np.random.default_rng(seed)
    made = business(rng, SIZE)
    assert one_parent_each(made)
    exclusive(Plan(made, rng))
    assert one_parent_each(made)


@pytest.mark.parametrize("drift", ["none", "trend", "season"])
def test_mild_is_at_most_1_28_either_way_in_every_column(drift):
    made = business(np.random.default_rng(5), SIZE, drift)
    factors = np.concatenate(list(made.effects.values()))
    assert factors.min() >= 1 / MILD - 1e-6
    assert factors.max() <= MILD + 1e-6
    spread = made.background.max() / made.background.min()
    assert spread <= MILD ** (2 * len(made.effects)) * 1.001
    assert 0.003 <= made.background.mean() <= 0.01


@pytest.mark.parametrize("drift", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_planted_in_a_null_world(seed, drift):
    world = null_world(seed, SIZE, drift)
    assert [] == world.planted
    mean = world.background.sum()
    assert abs(world.orders["defective"].sum() - mean) < 4 * np.sqrt(mean)
    assert (world.rise is not None) == (world.family == "null, step")


def four_columns(carrier: np.ndarray) -> Business:
    """Four thousand orders of ten SKUs and a carrier, and two columns that mean nothing."""
    item = np.repeat(np.arange(10, dtype=np.int16), 400)
    other = np.tile(np.arange(2, dtype=np.int16), 2000)
    columns = {
        "item": Column("sku", 10, item),
        "carrier": Column("carrier", 10, carrier.astype(np.int16)),
        "gift": Column("gift", 2, other),
        "day": Column("day", 2, (np.arange(4_000, dtype=np.int16) // 7 % 2).astype(np.int16)),
    }
    return Business(columns, {}, 0.01)


def with_a_bad_item(made: Business, orders: slice) -> tuple[np.ndarray, list[Planted]]:
    bad = np.zeros(len(made), bool)
    bad[::100] = True
    bad[orders] = True
    return bad, [Planted({"item": 0}, made.rows({"item": 0}), 10.0)]


def test_a_bad_sku_on_all_carriers_is_fair():
    made = four_columns(np.tile(np.arange(10), 400))
    bad, causes = with_a_bad_item(made, slice(0, 60))
    assert fair(made, bad, causes, "add", [])


def test_a_sku_with_a_carrier_of_its_own_cannot_be_told_from_it():
    made = four_columns(np.repeat(np.arange(10), 400))
    bad, causes = with_a_bad_item(made, slice(0, 60))
    assert not fair(made, bad, causes, "add", [])


def test_too_few_defects_do_not_pay_for_the_search():
    made = four_columns(np.tile(np.arange(10), 400))
    bad, causes = with_a_bad_item(made, slice(0, 8))
    assert not fair(made, bad, causes, "add", [])


def test_siblings_that_are_all_of_their_parent_are_the_parent():
    made = four_columns(np.repeat([0, 1, 1, 1, 1], 800))  # carrier 0 ships SKU 0 and 1 and no other
    bad = np.zeros(len(made), bool)
    bad[::100] = True
    bad[0:60] = bad[400:460] = True
    causes = [Planted({"item": level}, made.rows({"item": level}), 10.0) for level in (0, 1)]
    assert fair(made, bad, causes, "add", [])
    assert not fair(made, bad, causes, "add", [{"carrier": 0}])


def test_a_worse_part_of_a_whole_that_is_fine_is_no_whole():
    made = four_columns(np.tile(np.arange(10), 400))
    bad = np.arange(4_000) % 97 == 50
    whole = Planted({"item": 0}, made.rows({"item": 0}), 14.0)
    part = Planted({"item": 0, "carrier": 3}, made.rows({"item": 0, "carrier": 3}), 7.0)
    bad[part.rows] = True
    assert not fair(made, bad, [whole, part], "multiply", [])
    bad[whole.rows[::7]] = True
    assert fair(made, bad, [whole, part], "multiply", [])


def test_signal_in_nats():
    assert signal(10, 2) == pytest.approx(10 * np.log(5) - 8)
    assert signal(2, 10) == 0


def test_a_rise_is_judged_by_what_the_slice_was_before():
    assert signal_of_rise(10, 2, 10, 2) == 0  # always bad is no news
    assert signal_of_rise(10, 2, 2, 2) < signal_of_rise(10, 2, 20, 20) < signal(10, 2)


def test_f1_counts_whole_descriptions():
    bad_sku, bad_week = {"sku": "A"}, {"sku": "A", "week": "1"}
    assert exact_f1([bad_sku], [bad_sku]) == 1
    assert exact_f1([bad_week], [bad_sku]) == 0
    assert exact_f1([bad_sku, bad_week], [bad_sku]) == pytest.approx(2 / 3)
    assert exact_f1([], []) == 1
    assert exact_f1([], [bad_sku]) == 0
