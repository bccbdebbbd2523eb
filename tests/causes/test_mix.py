"""What else was different before and after a day, told by the orders themselves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.causes.mix import TABLE, mix_shifts
from odrlib.errors import BadParameter

ON = date(2026, 3, 1)


def shop(before: dict[str | None, int], after: dict[str | None, int]) -> pd.DataFrame:
    """So many orders with each carrier a day, for four weeks before and four weeks after."""
    parts = [
        pd.DataFrame({"day": [pd.Timestamp(day)] * sum(mix.values()), "carrier": spread(mix)})
        for first, mix in (("2026-02-01", before), ("2026-03-01", after))
        for day in pd.date_range(first, periods=28)
    ]
    return pd.concat(parts, ignore_index=True).assign(defective=False)


def spread(mix: dict[str | None, int]) -> pd.Series:
    return pd.Series([c for c, n in mix.items() for _ in range(n)], dtype="str")


def test_a_switch_of_carrier_is_found_without_a_ledger():
    orders = shop({"China Post": 1, "UPS": 19}, {"China Post": 9, "UPS": 11})
    bad = orders.assign(defective=orders["carrier"].eq("China Post") & (orders.index % 7 == 0))
    table = mix_shifts(bad, ON, ["carrier"])

    assert ["China Post", "UPS"] == table["value"].tolist()
    assert [28, 252] == table.loc[0, ["orders_before", "orders_after"]].tolist()
    assert (0.05, 0.45) == tuple(table.loc[0, ["share_before", "share_after"]])
    assert [1.0, 0.0] == table["defects_after"].tolist()
    assert (
        "Carrier China Post went from 5.0% to 45.0% of the orders, and has 100% of the defects "
        "since." == table["said"][0]
    )


def test_more_orders_of_the_same_mix_are_no_shift():
    assert 0 == len(mix_shifts(shop({"A": 5, "B": 5}, {"A": 50, "B": 50}), ON, ["carrier"]))


def test_a_small_part_that_doubled_counts_only_if_it_could_matter():
    doubled = shop({"A": 98, "B": 2}, {"A": 95, "B": 5})
    tiny = shop({"A": 998, "B": 2}, {"A": 994, "B": 6})

    assert ["B"] == mix_shifts(doubled, ON, ["carrier"])["value"].tolist()
    assert 0 == len(mix_shifts(tiny, ON, ["carrier"]))


def test_a_handful_of_orders_shows_no_shift():
    few = shop({"A": 1}, {"A": 1}).iloc[24:32].reset_index(drop=True)
    few["carrier"] = ["A", "A", "A", "B", "B", "B", "A", "B"]

    assert 0 == len(mix_shifts(few, ON, ["carrier"]))


def test_a_file_that_begins_then_moves_only_what_is_unknown():
    """Before, nobody knew the carrier of half of the orders; the known ones were mixed alike."""
    table = mix_shifts(shop({None: 10, "A": 5, "B": 5}, {"A": 10, "B": 10}), ON, ["carrier"])

    assert [None] == table["value"].tolist()
    assert "Carrier unknown went from 50.0% to 0.0% of the orders." == table["said"][0]


def test_days_far_away_are_not_compared():
    orders = shop({"A": 10, "B": 10}, {"A": 10, "B": 10})
    old = orders.assign(day=orders["day"] - pd.Timedelta(days=60), carrier="A")

    assert 0 == len(mix_shifts(pd.concat([orders, old]), ON, ["carrier"]))


def test_weeks_are_not_compared_unless_asked():
    orders = shop({"A": 10}, {"A": 10}).assign(order_week=lambda t: t["day"].dt.strftime("%V"))

    assert 0 == len(mix_shifts(orders, ON))
    assert 0 < len(mix_shifts(orders, ON, ["order_week"]))


def test_a_day_with_nothing_before_or_after_has_nothing_to_compare():
    table = mix_shifts(shop({"A": 1}, {"B": 1}), date(2026, 6, 1), ["carrier"])

    assert (0, list(TABLE)) == (len(table), list(table.columns))


def test_a_mix_that_never_moved_is_hardly_ever_listed():
    rng, alarms = np.random.default_rng(4), 0
    days = pd.Timestamp("2026-02-01") + pd.to_timedelta(np.arange(1_120) // 20, unit="D")
    for _ in range(60):
        orders = pd.DataFrame({"day": days, "defective": False})
        for column in ("sku", "state"):
            orders[column] = rng.choice(40, len(orders), p=rng.dirichlet(np.ones(40))).astype(str)
        alarms += bool(len(mix_shifts(orders, ON, ["sku", "state"])))

    assert alarms <= 1


def test_misuse_is_told():
    with pytest.raises(BadParameter, match="no column 'city'"):
        mix_shifts(shop({"A": 1}, {"A": 1}), ON, ["city"])
    with pytest.raises(BadParameter, match="days is 0"):
        mix_shifts(shop({"A": 1}, {"A": 1}), ON, days=0)


@settings(max_examples=10, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_order_of_the_rows_says_nothing(seed):
    orders = shop({"A": 4, "B": 3, "C": 3}, {"A": 1, "B": 6, "C": 3})
    rows = np.random.default_rng(seed).permutation(len(orders))
    other = orders.iloc[rows].assign(carrier=lambda t: t["carrier"].astype("category"))

    pd.testing.assert_frame_equal(
        mix_shifts(orders, ON, ["carrier"]), mix_shifts(other, ON, ["carrier"])
    )
