"""The days on which a rate moved: exact against all partitions, sure within what is promised."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from causes.daily import DAYS, Days, Story, quiet, told
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import xlogy

from odrlib.causes.steps import (
    AROUND,
    LEAST,
    chance,
    cut_days,
    day_spread,
    find_steps,
    price,
    visible_rate,
)

few = settings(max_examples=60, derandomize=True)
COUNTS = st.lists(st.integers(0, 30), min_size=20, max_size=80)


def steps_of(days: Days, q: float = 0.01):
    used = days.orders > 0
    assert used.all()
    return find_steps(days.defective, days.orders, q)


def value(bad, orders, cuts, cost):
    """Log likelihood of the levels between the cuts over that of one rate, less what cuts cost."""
    ends, total = [0, *cuts, len(bad)], 0.0
    rate = bad.sum() / orders.sum()
    for first, end in pairwise(ends):
        seen, expected = bad[first:end].sum(), orders[first:end].sum() * rate
        few_and_high = seen < LEAST and seen > expected
        total += 0.0 if few_and_high else float(xlogy(seen, seen / expected))
    return total - cost * len(cuts)


@few
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), min_size=2, max_size=9),
    st.floats(0.2, 4),
)
def test_no_other_partition_is_better(days, cost):
    bad, orders = (np.array(part, float) for part in zip(*days, strict=True))
    if bad.sum() < LEAST:
        return
    places = range(1, len(bad))
    best = max(
        value(bad, orders, cuts, cost)
        for number in range(len(bad))
        for cuts in combinations(places, number)
    )

    assert best == pytest.approx(value(bad, orders, cut_days(bad, orders, cost), cost))


@few
@given(COUNTS, st.integers(2, 50))
def test_only_the_proportions_of_the_orders_matter(bad, factor):
    orders = 20 + np.arange(len(bad)) % 7

    assert [s.at for s in find_steps(bad, orders, 0.05)] == [
        s.at for s in find_steps(bad, orders * factor, 0.05)
    ]


@few
@given(COUNTS, st.sampled_from([0.2, 0.01, 0.0001]))
def test_steps_stand_in_order_inside_their_intervals_and_keep_the_budget(bad, q):
    steps = find_steps(bad, np.full(len(bad), 40), q)
    places = [step.at for step in steps]

    assert places == sorted(set(places))
    for step in steps:
        assert 1 <= step.earliest <= step.at <= step.latest < len(bad)
        assert chance(step.gain, len(bad)) <= q * (1 + 1e-9)


def test_a_bad_fortnight_is_two_steps():
    bad = [0, 1, 0, 1, 0] * 8 + [4, 5] * 7 + [1, 0, 0, 1, 0] * 6

    assert [40, 54] == [step.at for step in find_steps(bad, [100] * len(bad), 0.01)]


def test_a_crisp_step_is_known_to_the_day():
    steps = find_steps([1] * 50 + [12] * 50, [100] * 100, 0.01)

    assert [(50, 50, 50)] == [(step.at, step.earliest, step.latest) for step in steps]


def test_four_defects_on_one_day_may_be_one_buyer_and_eight_are_a_bad_day():
    quiet_days = [0] * 60

    assert [] == find_steps([*quiet_days, 4, *quiet_days], [50] * 121, 0.01)
    assert [60, 61] == [s.at for s in find_steps([*quiet_days, 8, *quiet_days], [50] * 121, 0.01)]


def test_more_orders_are_no_worse_rate():
    assert [] == find_steps([1] * 60 + [5] * 60, [100] * 60 + [500] * 60, 0.01)


def test_price_and_chance_undo_each_other():
    assert chance(price(365, 0.004), 365) == pytest.approx(0.004)


def test_a_rate_that_never_moved_is_hardly_ever_given_a_step():
    rng = np.random.default_rng(11)
    alarms = sum(
        bool(steps_of(quiet(rng, volume, 0.01))) for volume in (30, 100) for _ in range(300)
    )

    assert alarms <= 6


def clumped(rng, volume: int, rate: float, spread: float) -> Days:
    """Days whose defects vary `spread` times as much as chance has it."""
    days = quiet(rng, volume, rate)
    shape = days.orders * rate / (spread - 1)
    return Days(days.orders, rng.binomial(days.orders, rng.gamma(shape, rate / shape)), [])


def test_defects_that_come_in_clumps_are_no_steps():
    """Taken for chance, every ninth of these series had one."""
    rng = np.random.default_rng(14)
    series = [clumped(rng, 100, 0.01, 1.6) for _ in range(150)]

    assert sum(bool(steps_of(days)) for days in series) <= 5
    assert 1.4 < np.median([day_spread(one.defective, one.orders, 0.01) for one in series]) < 1.7


def test_days_that_vary_by_chance_have_no_spread():
    rng = np.random.default_rng(15)
    series = [quiet(rng, 100, 0.01) for _ in range(100)]

    assert sum(day_spread(one.defective, one.orders, 0.01) > 1 for one in series) <= 12


def test_the_day_and_its_interval_are_right_as_often_as_promised():
    """0.5 % to 2 % at 100 orders a day for 30 days: promised are 94 and 98 of 100."""
    rng, story, worlds = np.random.default_rng(12), Story(100, 0.005, 0.02), 200
    near = held = 0
    for _ in range(worlds):
        days = told(rng, story)
        steps = steps_of(days)
        near += any(abs(step.at - days.planted[0]) <= AROUND for step in steps)
        held += any(step.earliest <= days.planted[0] <= step.latest for step in steps)

    assert near >= 0.88 * worlds
    assert held >= 0.93 * worlds


def test_a_rise_to_the_visible_rate_is_seen_in_nine_of_ten_cases():
    rng, worlds, seen = np.random.default_rng(13), 200, 0
    for _ in range(worlds):
        days = quiet(rng, 200, 0.01)
        late = np.arange(DAYS) >= DAYS - 30
        orders = days.orders
        rate = visible_rate(0.01, orders[~late].sum(), orders[late].sum(), DAYS, 0.01)
        bad = np.where(late, rng.binomial(orders, rate), days.defective)
        seen += bool(find_steps(bad, orders, 0.01))

    assert 0.82 * worlds <= seen <= 0.98 * worlds


def test_nothing_is_visible_in_a_handful_of_orders():
    assert np.isnan(visible_rate(0.01, 100.0, 4.0, 60, 0.01))
    assert np.isnan(visible_rate(0.01, 0.0, 100.0, 60, 0.01))
