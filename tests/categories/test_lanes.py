"""Since when a lane is slow, and since when too much is promised."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from odrlib.categories import Records, categorise
from odrlib.categories.cases import complete
from odrlib.categories.lanes import lane_delays, promise_cuts, step
from tests.categories.little import reasons

DAY = pd.Timedelta(days=1)


def parcels(rng: np.random.Generator, size: int = 3_000) -> pd.DataFrame:
    """Parcels of 100 days with three carriers to two countries, none of which changes."""
    day = np.sort(rng.integers(0, 100, size))
    carrier = rng.choice(3, size, p=[0.5, 0.3, 0.2])
    ordered = pd.Timestamp("2026-01-01") + pd.to_timedelta(day, unit="D")
    shipped = (ordered + pd.Timedelta(hours=20)).tz_localize("UTC")
    took = np.array([2.0, 3.0, 4.0])[carrier] * rng.lognormal(0, 0.3, size)
    return complete(
        pd.DataFrame(
            {
                "order_id": [f"o{number}" for number in range(size)],
                "ordered_at": ordered.tz_localize("UTC"),
                "day": ordered,
                "carrier": pd.Series(["UPS", "DHL", "GLS"])[carrier].to_numpy(),
                "country": rng.choice(["DE", "AT"], size, p=[0.7, 0.3]),
                "channel": "mfn",
                "cancelled": False,
                "shipped_at": shipped,
                "first_scan_at": shipped,
                "delivered_at": shipped + pd.to_timedelta(took, unit="D"),
                "promised_ship": (ordered + 3 * DAY).tz_localize("UTC"),
                "promised_delivery": (ordered + 9 * DAY).tz_localize("UTC"),
            }
        )
    )


def slower(orders: pd.DataFrame, rows: pd.Series, times: float) -> pd.DataFrame:
    took = (orders["delivered_at"] - orders["first_scan_at"]) * np.where(rows, times, 1.0)
    return orders.assign(delivered_at=orders["first_scan_at"] + took)


def test_the_step_is_the_first_day_of_more_hits():
    days = np.repeat(np.arange(10), 20)
    hits = (days >= 6) & (np.arange(200) % 2 == 0)

    assert 6 == step(days, hits)[0]


def test_a_fall_is_no_step():
    days = np.repeat(np.arange(10), 20)

    assert 0.0 == step(days, days < 6)[1]
    assert np.isnan(step(days, days < 6)[0])


def test_a_lane_is_slow_from_its_day_and_only_its_slow_parcels_are_named():
    orders = parcels(np.random.default_rng(1))
    hit = orders["carrier"].eq("DHL") & orders["day"].ge("2026-03-01")
    found = lane_delays(slower(orders, hit, 2.0))
    flag = found.there

    assert flag[hit].mean() > 0.5
    assert not flag[~hit].any()
    said = sorted(found.sentences)
    assert 2 == len(said)
    assert said[1].startswith("DHL to DE: nine parcels in ten took up to 4.")
    assert "; with other carriers " in said[1]


def test_when_all_carriers_become_slower_no_lane_is_blamed():
    orders = parcels(np.random.default_rng(2))
    found = lane_delays(slower(orders, orders["day"].ge("2026-03-01"), 2.0))

    assert not found.there.any()


def test_a_parcel_without_a_delivery_scan_is_unknown():
    orders = parcels(np.random.default_rng(3))
    hidden = orders.assign(delivered_at=orders["delivered_at"].where(orders.index > 0))

    assert [None, False] == lane_delays(hidden).flags(np.array([0, 1]))


def test_quiet_lanes_raise_no_alarm():
    """In 500 worlds the large measurement found none; with daily shocks of 20 % it found 5."""
    alarms = [
        lane_delays(parcels(np.random.default_rng([4, seed]))).there.any() for seed in range(15)
    ]

    assert 0 == sum(alarms)


@pytest.fixture
def cut() -> pd.DataFrame:
    """From 1 March delivery is promised within five days, before within nine; all else stays."""
    orders = parcels(np.random.default_rng(5))
    later = orders["day"].ge("2026-03-01")
    promised = (orders["day"] + 5 * DAY).dt.tz_localize("UTC")
    return orders.assign(promised_delivery=orders["promised_delivery"].mask(later, promised))


def test_a_promise_that_became_shorter_everywhere_is_seen(cut):
    found = promise_cuts(cut)
    flag = found.there

    assert cut["day"].ge("2026-03-01").tolist() == flag.tolist()
    assert (
        "from 1 March 2026 the delivery is promised within 5 days, before within 9; late were "
    ) == found.sentences[0][:85]


def test_a_promise_that_became_shorter_for_one_carrier_only_is_no_setting_for_all(cut):
    orders = parcels(np.random.default_rng(5))
    one = cut["promised_delivery"].where(cut["carrier"].eq("UPS"), orders["promised_delivery"])

    assert not promise_cuts(cut.assign(promised_delivery=one)).there.any()


def test_late_after_the_promise_became_shorter_is_r23(cut):
    late = cut.index[
        cut["day"].ge("2026-03-01") & (cut["delivered_at"] > cut["promised_delivery"] + DAY)
    ][:3]
    orders = cut.assign(claim=cut.index.isin(late), arrived_on=pd.Timestamp("2026-04-20"))
    ids = orders.loc[late, "order_id"]
    answer = categorise(orders, reasons(dict.fromkeys(ids, ("T-LATE",))), Records())

    assert ["R23"] * 3 == answer["category"].tolist()
    assert ["strong"] * 3 == answer["certainty"].tolist()
