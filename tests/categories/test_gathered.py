"""Whether complaints gather somewhere, and the sizes that come back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.categories.gathered import Gatherings, size_skew

SKU, BY = ("sku",), (("sku",), ("warehouse", "ship_day"))


def two_hundred() -> pd.DataFrame:
    """200 orders of ten SKUs, twenty each, of two warehouses and five days."""
    number = np.arange(200)
    return pd.DataFrame(
        {
            "sku": [f"S{n % 10}" for n in number],
            "warehouse": [f"W{n % 2}" for n in number],
            "ship_day": [f"2026-03-0{n % 5 + 1}" for n in number],
        }
    )


def test_five_of_six_complaints_of_one_sku_of_ten_have_gathered():
    orders = two_hundred()
    found = Gatherings(orders).of([3, 4, 13, 23, 33, 43], (SKU,))

    assert [True, False, True, True, True, True] == found.flag.tolist()
    assert "5 of 6 such complaints are of SKU S3, where 0.6 would be expected" == found.says[0]
    assert "" == found.says[1]


def test_two_are_no_gathering_and_spread_complaints_are_none():
    orders = two_hundred()
    spread = Gatherings(orders)

    assert not spread.of([3, 13], (SKU,)).flag.any()
    assert not spread.of([0, 1, 2, 3, 4, 5, 16, 17, 18], (SKU,)).flag.any()


def test_an_unknown_value_gathers_nothing():
    orders = two_hundred()
    orders.loc[[3, 13, 23, 33, 43], "sku"] = None

    assert not Gatherings(orders).of([3, 13, 23, 33, 43], (SKU,)).flag.any()


def test_a_column_that_is_not_there_is_skipped():
    orders = two_hundred()[["warehouse"]]

    assert not Gatherings(orders).of([1, 2, 3], (SKU,)).flag.any()


def test_random_complaints_raise_no_alarm():
    """The error budget is 1 in 100; the large measurement found 0 in 500."""
    rng = np.random.default_rng(8)
    orders = pd.DataFrame(
        {
            "sku": rng.zipf(1.4, 3_000).clip(max=300).astype(str),
            "warehouse": rng.choice(["a", "b", "c"], 3_000),
            "ship_day": rng.integers(0, 60, 3_000).astype(str),
        }
    )
    spread = Gatherings(orders)
    alarms = [
        spread.of(rng.choice(3_000, size, replace=False), BY).flag.any()
        for size in rng.integers(3, 60, 60)
    ]

    assert sum(alarms) <= 2


def sizes(small: int, large: int, sku: str = "SHIRT") -> pd.DataFrame:
    codes = ["APPAREL_TOO_SMALL"] * small + ["APP_TOO_LARGE"] * large
    return pd.DataFrame({"sku": sku, "return_code": codes})


def test_twelve_too_small_and_one_too_large_is_a_skew_and_seven_and_six_is_none():
    both = pd.concat([sizes(12, 1), sizes(7, 6, "SOCK"), sizes(3, 0, "HAT")])
    found = size_skew(both)

    assert ["SHIRT"] == list(found)
    assert ("SHIRT came back as too small 12 times and as too large 1 times") == found["SHIRT"]


def test_a_skew_to_the_large_side_is_one_too():
    assert ["SHIRT"] == list(size_skew(sizes(0, 10)))
