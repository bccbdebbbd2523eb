"""Days on which there was more to do than could be done, or to sell than was there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.categories import Records, categorise
from odrlib.categories.cases import complete
from odrlib.categories.loads import peaks, stock_outs
from tests.categories.little import reasons

DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)
PEAK = slice(60, 65)


def calm_days(per_day: list[int]) -> pd.DataFrame:
    """So many orders on each day, each shipped after 20 hours."""
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(
        np.repeat(np.arange(len(per_day)), per_day), unit="D"
    )
    ordered = (day + 10 * HOUR).tz_localize("UTC")
    size = len(day)
    return complete(
        pd.DataFrame(
            {
                "order_id": [f"o{number}" for number in range(size)],
                "day": day,
                "ordered_at": ordered,
                "shipped_at": ordered + 20 * HOUR,
                "promised_ship": (day + 2 * DAY).tz_localize("UTC"),
                "promised_delivery": (day + 6 * DAY).tz_localize("UTC"),
                "delivered_at": ordered + 3 * DAY,
                "channel": "mfn",
                "carrier": "UPS",
                "country": "US",
                "cancelled": False,
                "sku": pd.Series(["A", "B", "C", "D"])[np.arange(size) % 4].to_numpy(),
            }
        )
    )


def asked(orders: pd.DataFrame, waits: pd.Series) -> pd.DataFrame:
    """Each fifth order's buyer asks at once and is answered after `waits` hours."""
    part = orders.iloc[::5]
    question = pd.DataFrame({"order_id": part["order_id"], "at": part["ordered_at"]})
    answer = question.assign(at=part["ordered_at"] + pd.to_timedelta(waits[part.index], unit="h"))
    return pd.concat([question.assign(sender="buyer"), answer.assign(sender="seller")])


def in_peak(orders: pd.DataFrame) -> pd.Series:
    first = pd.Timestamp("2026-01-01")
    return orders["day"].between(first + 60 * DAY, first + 64 * DAY)


def overloaded() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Five days of 60 orders among 85 of 20, on which all takes three times as long."""
    orders = calm_days([20] * 60 + [60] * 5 + [20] * 20)
    here = in_peak(orders)
    late = orders.assign(
        shipped_at=orders["shipped_at"].mask(here, orders["ordered_at"] + 60 * HOUR),
        delivered_at=orders["delivered_at"].mask(here, orders["ordered_at"] + 8 * DAY),
    )
    return late, asked(late, pd.Series(np.where(here, 40, 5), index=late.index))


def test_orders_hand_over_and_answers_that_rise_together_are_an_overload():
    orders, messages = overloaded()
    found = peaks(orders, messages)

    assert in_peak(orders).tolist() == found.there.tolist()
    assert (
        "2 March to 6 March 2026: 60 orders a day, 20 in the four weeks before; "
        "hand-over took 2 days, else 20 hours; 100% of the answers came too late, else 0%"
    ) == found.sentences[0]


def test_a_peak_that_was_handled_is_no_overload():
    orders = calm_days([20] * 60 + [60] * 5 + [20] * 20)
    messages = asked(orders, pd.Series(5.0, index=orders.index))

    assert not peaks(orders, messages).there.any()


def test_without_messages_nobody_knows_whether_it_was_too_much():
    orders, _ = overloaded()

    assert not peaks(orders, None).known.any()


def test_late_in_an_overload_is_r22():
    orders, messages = overloaded()
    orders["claim"] = orders.index.isin(orders.index[in_peak(orders)][:3])
    orders["arrived_on"] = pd.Timestamp("2026-03-20")
    ids = orders.loc[orders["claim"], "order_id"]
    answer = categorise(
        orders, reasons(dict.fromkeys(ids, ("T-LATE",))), Records(messages=messages)
    )

    assert ["R22"] * 3 == answer["category"].tolist()


def test_a_week_in_which_most_of_a_sku_was_cancelled_is_a_stock_out():
    orders = calm_days([20] * 60)
    out = orders["sku"].eq("B") & orders["day"].between("2026-02-10", "2026-02-12")
    stray = pd.Series(orders.index % 96 == 0, index=orders.index)
    found = stock_outs(orders.assign(cancelled=(out | stray).astype("boolean")))

    assert out.tolist() == found.there.tolist()
    assert (
        "15 of 15 orders of B from 10 February to 12 February 2026 were cancelled or never "
        "shipped, 1.1% of the others"
    ) == found.sentences[0]


def test_stray_cancellations_are_no_stock_out():
    orders = calm_days([20] * 60)
    stray = pd.Series(orders.index % 23 == 0, index=orders.index)

    assert not stock_outs(orders.assign(cancelled=stray.astype("boolean"))).there.any()
