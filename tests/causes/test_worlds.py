"""Recovery on make-believe businesses whose causes are known, and silence where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from odrlib.causes import find_causes
from tests.causes import other_worlds, worlds

SIZE = 20_000
# Worlds per family: few, so that the tests take seconds; benchmarks/causes.py makes many.
SEEDS = range(3)
# Where nothing is planted; at most 1 in 100 may be named, so none of so few.
NULLS = range(12)


@pytest.mark.parametrize("family", other_worlds.FAMILIES)
def test_planted_causes_are_found_exactly(family):
    scores = []
    for seed in SEEDS:
        world = other_worlds.planted_world(family, seed, SIZE)
        found = find_causes(world.orders, by=world.by, max_depth=world.depth, rise=world.rise)
        scores.append(other_worlds.exact_f1([cause.where for cause in found], world.planted))

    assert np.mean(scores) >= 0.65


def test_planted_causes_of_another_kind_of_business_are_found_exactly():
    """Two generators share no assumptions, so that the search cannot learn one of them by heart."""
    scores = []
    for family in ("one column", "two columns", "supplier", "exclusive", "travels", "tiny"):
        world = worlds.planted_world(family, 0, SIZE)
        found = find_causes(world.orders, by=worlds.COLUMNS)
        scores.append(worlds.f1([cause.where for cause in found], world.planted))

    assert np.mean(scores) >= 0.9


@pytest.mark.parametrize("drift", [False, True])
def test_where_nothing_is_planted_nothing_is_named(drift):
    nulls = [other_worlds.null_world(seed, SIZE, drift) for seed in NULLS]
    answers = [find_causes(world.orders, by=world.by, rise=world.rise) for world in nulls]

    assert sum(map(bool, answers)) == 0
    assert all(causes.reason for causes in answers)


@pytest.mark.parametrize("drift", [False, True])
def test_nothing_is_named_in_another_kind_of_business_either(drift):
    nulls = [worlds.null_world(seed, SIZE, drift) for seed in NULLS]

    assert not any(find_causes(world.orders, by=worlds.COLUMNS) for world in nulls)


def test_four_columns_may_be_searched_for_one():
    """A deeper search costs a little power and finds the same."""
    world = other_worlds.planted_world("one attribute", 0, SIZE)
    found = find_causes(world.orders, by=world.by, max_depth=4)

    assert other_worlds.exact_f1([cause.where for cause in found], world.planted) == 1.0


@pytest.mark.parametrize(("family", "seed"), [("one attribute", 45), ("twins", 44)])
def test_a_bad_level_is_not_explained_away_by_its_own_factor(family, seed):
    world = other_worlds.planted_world(family, seed, SIZE)
    found = find_causes(world.orders, by=world.by)

    assert other_worlds.exact_f1([cause.where for cause in found], world.planted) == 1.0


def test_two_slices_are_reworded_together_where_other_columns_say_the_same():
    """Each SKU is the only one of its factory and price, but the two share no such pair."""
    world = other_worlds.planted_world("siblings", 33, SIZE)
    found = find_causes(world.orders, by=world.by)

    assert other_worlds.exact_f1([cause.where for cause in found], world.planted) == 1.0
