"""
Simulated stores whose defects are all known in the end, to see what a nowcast is worth.

A world is a size, a delay and a rate over time. A store is simulated to the end, shown to `nowcast`
as of a day in the middle of its life, and each week that is not mature yet is compared with what
finally came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from odrlib.maturity import nowcast, window_nowcast
from odrlib.policy import AMAZON
from odrlib.rates import Window

FIRST = date(2025, 1, 1)
HORIZON = 90
KINDS = ("negative_feedback", "claim", "chargeback")


def exponential(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    """Half within ten days, whatever the kind."""
    return rng.exponential(15, len(kind))


def slow(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    """Everything late: half within 40 days."""
    return rng.gamma(4, 11, len(kind))


def two_humps(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    """Feedback early, claims around the promised day, chargebacks after 40 to 80 days."""
    draws = [
        1 + rng.exponential(8, len(kind)),
        rng.normal(24, 7, len(kind)),
        rng.uniform(40, 80, len(kind)),
    ]
    return np.choose(kind, draws)


def steady(share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same rate on every day of the history (0-1 of its length)."""
    return np.ones(len(share))


def rising(share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The rate doubles over the history."""
    return 0.65 * (1 + share)


def stepping(share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The rate doubles, or halves, on one day of the history."""
    factor = 2.0 if rng.random() < 0.5 else 0.5
    return np.where(share > rng.uniform(0.3, 1), factor, 1.0)


def wandering(share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each week's rate is about 15 % off that of the week before."""
    weeks = np.arange(len(share)) // 7
    steps = rng.normal(0, 0.15, weeks[-1] + 1)
    level = np.exp(np.cumsum(steps) - np.linspace(0, 1, len(steps)) * steps.sum() * 0.5)
    return (level / level.mean())[weeks]


@dataclass(frozen=True)
class World:
    """A kind of store: orders a day, days of history, its delays, its rate over time."""

    name: str
    orders_a_day: float
    days: int
    delay: Callable[[np.random.Generator, np.ndarray], np.ndarray]
    rate: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    base: float = 0.01
    claims_grow: bool = False


WORLDS = (
    World("small, exponential", 14, 280, exponential, steady, 0.012),
    World("small, humps", 14, 280, two_humps, steady, 0.012),
    World("small, wandering", 14, 280, exponential, wandering, 0.012),
    World("middle, exponential", 80, 300, exponential, steady),
    World("middle, humps", 80, 300, two_humps, steady),
    World("middle, slow", 80, 300, slow, steady),
    World("middle, rising", 80, 300, two_humps, rising),
    World("middle, stepping", 80, 300, exponential, stepping),
    World("middle, wandering", 80, 300, two_humps, wandering),
    World("middle, more claims", 80, 300, two_humps, steady, claims_grow=True),
    World("large, humps", 600, 330, two_humps, steady, 0.006),
    World("large, wandering", 600, 330, exponential, wandering, 0.006),
    World("large, stepping", 600, 330, two_humps, stepping, 0.006),
)


def store(world: World, rng: np.random.Generator) -> tuple[pd.DataFrame, date]:
    """All orders of a store with all the defects they ever get, and the day to look at it."""
    weekday = np.array([1.1, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1])[np.arange(world.days) % 7]
    orders = rng.poisson(world.orders_a_day * weekday)
    place = np.repeat(np.arange(world.days), orders)
    share = np.arange(world.days) / world.days
    bad = rng.random(len(place)) < (world.base * world.rate(share, rng))[place]
    mix = np.tile([0.5, 0.42, 0.08], (len(place), 1))
    if world.claims_grow:
        mix = np.column_stack([0.7 - 0.4 * share, 0.22 + 0.4 * share, 0 * share + 0.08])[place]
    kind = (rng.random(len(place))[:, None] > mix.cumsum(axis=1)).sum(axis=1).clip(max=2)
    delay = np.clip(world.delay(rng, kind), 0, HORIZON).astype(int)
    day = pd.Timestamp(FIRST) + pd.to_timedelta(place, unit="D")
    flags = {name: bad & (kind == at) for at, name in enumerate(KINDS)}
    table = pd.DataFrame(
        {
            "order_id": np.arange(len(place)),
            "day": day,
            "defective": bad,
            "defects": bad.astype("int64"),
            **flags,
            "arrived_on": (day + pd.to_timedelta(delay, unit="D")).where(bad),
        }
    )
    return table, FIRST + timedelta(days=world.days - 1 - int(rng.integers(0, 7)))


def weeks(table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The nowcast of the weeks that are not mature, with what finally came (`final`)."""
    known = table[table["day"] <= pd.Timestamp(as_of)]
    seen = nowcast(table, as_of)
    finally_ = known.groupby(known["day"].dt.to_period("W").dt.start_time)["defective"].sum()
    seen["final"] = finally_.reindex(seen["week"]).fillna(0).to_numpy()
    return seen[~seen["mature"] & seen["low"].notna()]


def held(forecast: pd.DataFrame) -> np.ndarray:
    """Was what finally came inside the interval?"""
    return forecast["final"].between(forecast["low"], forecast["high"]).to_numpy()


def measured(world: World, stores: int, seed: int = 0) -> Iterator[pd.DataFrame]:
    """One table per store: the immature weeks, whether each was held, and the whole window."""
    for number in range(stores):
        rng = np.random.default_rng([seed, number])
        table, as_of = store(world, rng)
        forecast = weeks(table, as_of)
        window = Window.ending(as_of - timedelta(days=15), AMAZON.days)
        whole = window_nowcast(table, window, as_of)
        if whole.low is None:
            continue
        came = int(window.select(table)["defective"].sum())
        yield forecast.assign(
            held=held(forecast), window_held=whole.low <= came <= (whole.high or 0)
        )
