"""Make-believe days: orders with a weekly rhythm in a growing business, and their defects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

Rng = np.random.Generator

# Orders of each weekday against the mean, Monday first.
RHYTHM = np.array([1.10, 1.15, 1.10, 1.00, 1.00, 0.80, 0.85])
DAYS = 240
QUIET = 45


@dataclass
class Days:
    """Orders and defective orders of each day; `planted` are the first days of new levels."""

    orders: np.ndarray
    defective: np.ndarray
    planted: list[int]


@dataclass(frozen=True)
class Story:
    """`volume` orders a day; the rate `low` becomes `high` for `lasting` days (None: all)."""

    volume: int
    low: float
    high: float
    lasting: int | None = 30

    def __str__(self) -> str:
        span = "to the end" if self.lasting is None else f"{self.lasting} days"
        return f"{self.volume:>6,} {self.low:>8.2%} {self.high:>6.2%} {span:>11}"


def volumes(rng: Rng, volume: float, days: int = DAYS) -> np.ndarray:
    """Orders of each day: a weekly rhythm from a random weekday on, growth of 0 to 40 %."""
    rhythm = RHYTHM[(np.arange(days) + rng.integers(7)) % 7]
    return rng.poisson(volume * rhythm * np.linspace(1, rng.uniform(1, 1.4), days))


def quiet(rng: Rng, volume: float, rate: float, days: int = DAYS) -> Days:
    """One rate all the time."""
    orders = volumes(rng, volume, days)
    return Days(orders, rng.binomial(orders, rate), [])


def told(rng: Rng, story: Story, days: int = DAYS) -> Days:
    """The story begins on a random day, at least 45 days after the first."""
    lasting = story.lasting or int(rng.integers(30, days - QUIET))
    start = int(rng.integers(QUIET, days - lasting)) if story.lasting else days - lasting
    rate = np.full(days, story.low)
    rate[start : start + lasting] = story.high
    orders = volumes(rng, story.volume, days)
    planted = [start] if start + lasting >= days else [start, start + lasting]
    return Days(orders, rng.binomial(orders, rate), planted)


def as_orders(days: Days, first: str = "2026-01-01") -> pd.DataFrame:
    """One row per order; the first orders of a day are the defective ones."""
    place = np.repeat(np.arange(len(days.orders)), days.orders)
    rank = np.arange(len(place)) - np.repeat(np.cumsum(days.orders) - days.orders, days.orders)
    day = pd.Timestamp(first) + pd.to_timedelta(place, unit="D")
    return pd.DataFrame({"day": day, "defective": rank < days.defective[place]})
