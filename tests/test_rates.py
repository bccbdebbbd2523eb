from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.policy import AMAZON, BRIEF
from odrlib.rates import Rate, Window, component_rates, defect_rate, percent, rolling_rate, wilson

COUNTS = st.integers(0, 1_000_000)
PROFILE = st.sampled_from([AMAZON, BRIEF])


def orders(days, **kinds):
    frame = pd.DataFrame({"order_id": map(str, range(len(days))), "day": pd.to_datetime(days)})
    frame = frame.assign(**{kind: np.array(flags, dtype=bool) for kind, flags in kinds.items()})
    flags = frame[list(kinds)]
    return frame.assign(defective=flags.any(axis="columns"), defects=flags.sum(axis="columns"))


def test_twelve_of_twelve_hundred_fails_amazon_and_passes_the_brief():
    rate = Rate(12, 1_200)

    assert (rate.status(AMAZON), rate.status(BRIEF)) == ("over", "under")


def test_a_lower_bound_under_the_limit_is_unknown_and_one_over_it_is_over():
    low, high = Rate(1, 1_000, ("chargeback",)), Rate(11, 1_000, ("chargeback",))

    assert (low.status(AMAZON), high.status(AMAZON)) == ("unknown", "over")


def test_no_orders_are_unknown_not_healthy():
    assert Rate(0, 0).status(AMAZON) == "unknown"


@given(COUNTS, COUNTS, PROFILE)
def test_reversals_needed_is_the_fewest_that_do(defective, orders, profile):
    needed = profile.reversals_needed(defective, orders)

    if needed is None:
        assert orders == 0
    else:
        assert profile.under(defective - needed, orders)
        assert needed == 0 or not profile.under(defective - needed + 1, orders)


@given(COUNTS, COUNTS, PROFILE)
def test_spare_defects_is_the_most_that_fit(defective, orders, profile):
    spare = profile.spare_defects(defective, orders)

    assert not profile.under(defective + spare + 1, orders)
    assert spare == 0 or profile.under(defective + spare, orders)


@given(st.integers(1, 1_000_000), COUNTS, PROFILE)
def test_good_orders_needed_is_the_fewest_that_do(defective, orders, profile):
    needed = profile.good_orders_needed(defective, orders)

    assert profile.under(defective, orders + needed)
    assert needed == 0 or not profile.under(defective, orders + needed - 1)


@given(st.integers(0, 3_000), st.integers(1, 3_000))
def test_the_interval_holds_the_rate_and_stays_between_zero_and_one(bad, good):
    low, high = wilson(bad, bad + good)

    assert 0 <= low <= bad / (bad + good) <= high <= 1


def test_sixty_days_end_over_a_leap_day():
    window = Window.ending(date(2024, 3, 1), 60)

    assert (window.first, window.last, window.days) == (date(2024, 1, 2), date(2024, 3, 1), 60)


def test_both_ends_of_a_window_are_in_it():
    table = orders(["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"], claim=[1, 0, 0, 1])

    assert ["1", "2"] == Window(date(2026, 1, 2), date(2026, 1, 3)).select(table)[
        "order_id"
    ].tolist()


def test_a_window_that_ends_before_it_starts_is_refused():
    with pytest.raises(BadParameter, match="starts on 2026-01-02, after its end on 2026-01-01"):
        Window(date(2026, 1, 2), date(2026, 1, 1))


def test_the_brief_adds_the_kinds_and_amazon_counts_the_orders():
    table = orders(["2026-01-01"] * 4, claim=[1, 1, 0, 0], negative_feedback=[1, 0, 0, 0])

    assert (defect_rate(table, "amazon").defective, defect_rate(table, "brief").defective) == (2, 3)


def test_a_kind_that_no_file_tells_is_missing_not_zero():
    table = component_rates(orders(["2026-01-01"] * 4, claim=[1, 0, 0, 0]))

    assert 1 == table.loc["claim", "orders"]
    assert pd.isna(table.loc["chargeback", "orders"])
    assert pd.isna(table.loc["chargeback", "rate"])


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60))
def test_the_rolling_rate_is_the_rate_of_each_days_window(rows):
    days = [pd.Timestamp(2024, 2, 1) + pd.Timedelta(days=offset) for offset, _ in rows]
    table = orders(days, claim=[bad for _, bad in rows])

    for day, row in rolling_rate(table, "amazon", days=7).iterrows():
        inside = Window.ending(day.date(), 7).select(table)
        assert (row["orders"], row["defective"]) == (len(inside), inside["defective"].sum())
        assert row["over"] == (len(inside) > 0 and 100 * inside["defective"].sum() >= len(inside))


def test_a_share_that_rounds_to_the_limit_shows_its_side():
    assert ("0.999%", "1.00%", "1.001%") == (
        percent(999, 100_000),
        percent(1_000, 100_000),
        percent(1_001, 100_000),
    )
