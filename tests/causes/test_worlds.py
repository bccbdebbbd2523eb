"""Recovery on make-believe businesses whose causes are known, and silence where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from odrlib.causes import find_causes
from tests.causes.worlds import COLUMNS, f1, null_world, planted_world

EASY = ["one column", "two columns", "supplier", "travels", "overlapping", "single week", "tiny"]


def test_planted_causes_are_found_exactly():
    scores = []
    for family in EASY:
        world = planted_world(family, 0, 20_000)
        found = find_causes(world.orders, by=COLUMNS)
        scores.append(f1([cause.where for cause in found], world.planted))

    assert np.mean(scores) >= 0.9


@pytest.mark.parametrize("drift", [False, True])
def test_where_nothing_is_planted_nothing_is_named(drift):
    named = [find_causes(null_world(seed, 20_000, drift).orders, by=COLUMNS) for seed in range(10)]

    assert sum(map(bool, named)) == 0
    assert all(causes.reason for causes in named)
