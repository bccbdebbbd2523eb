"""
A market: the orders of a make-believe store, how they were shipped and what went wrong with them.

All three tables are plain frames that know the whole truth; the store's files show parts of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from odrlib.demo.draw import order_ids

DAY = np.timedelta64(86_400, "s")
FIRST = np.datetime64("2026-01-01", "s")
LAST = np.datetime64("2026-10-31", "s")
# The last download was made on the morning after the last day.
DOWNLOADED = LAST + DAY + np.timedelta64(6 * 3_600, "s")


@dataclass(frozen=True)
class Market:
    """
    Where a store sells what.

    Parameters
    ----------
    heads : first parts of its order ids
    products : sku, asin, title, price, weight (how often it is bought)
    places : country, state, city, postal, weight
    afn, cancelled, multi_channel, business : shares of the orders, 0-1
    offset : hours that the store's days are ahead of UTC
    """

    site: str
    currency: str
    heads: tuple[int, ...]
    products: pd.DataFrame
    places: pd.DataFrame
    afn: float = 0.0
    cancelled: float = 0.025
    multi_channel: float = 0.0
    business: float = 0.06
    offset: int = 0


@dataclass(frozen=True)
class Lane:
    """A way of shipping: `number` draws tracking numbers, `days` is the median time in transit."""

    carrier: str
    service: str
    number: Callable[[np.random.Generator, int], list[str]]
    days: float
    tracked: bool = True


@dataclass(frozen=True)
class Cause:
    """
    A planted cause: among the orders of `where` (a mask), the share `rate` becomes defective.

    `mix` is the share of claims, 1-star and 2-star ratings and chargebacks among its defects;
    `says` is what its buyers write; `columns` is how an analyst would name the slice.
    """

    name: str
    where: np.ndarray
    rate: float
    mix: tuple[float, float, float, float]
    says: tuple[str, ...]
    reason: str
    columns: dict[str, str]


def elsewhere(count: int, rate: float, says: tuple[str, ...]) -> Cause:
    """What goes wrong in every store, with any order: the first cause of a list."""
    return Cause("elsewhere", np.ones(count, dtype=bool), rate, BACKGROUND, says, "CS", {})


BACKGROUND = (0.34, 0.33, 0.25, 0.08)
KINDS = np.array(["claim", "1 star", "2 stars", "chargeback"])


def simulate(market: Market, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """`count` orders from FIRST to LAST, one row each, in the order they were placed."""
    days = int((LAST - FIRST) / DAY) + 1
    # Slow growth over the year, busier Mondays, quieter Saturdays.
    weekday = (np.arange(days) + 3) % 7
    volume = np.linspace(0.85, 1.2, days) * np.array([1.15, 1.05, 1, 1, 0.98, 0.85, 0.97])[weekday]
    day = rng.choice(days, size=count, p=volume / volume.sum())
    day[:2] = 0, days - 1
    local = FIRST + day * DAY + (rng.beta(2.2, 1.8, count) * 86_399).astype("timedelta64[s]")
    local = np.sort(local)
    product = rng.choice(len(market.products), count, p=_shares(market.products))
    place = rng.choice(len(market.places), count, p=_shares(market.places))
    other = rng.choice(len(market.products), count, p=_shares(market.products))
    price = market.products["price"].to_numpy()
    # In an order of two items the dearer one comes first.
    has_two = (rng.random(count) < 0.06) & (product != other)
    swap = has_two & (price[other] > price[product])
    product, other = np.where(swap, other, product), np.where(swap, product, other)
    multi_channel = rng.random(count) < market.multi_channel
    multi_channel[[0, -1]] = False
    cancelled = (rng.random(count) < market.cancelled) & ~multi_channel
    # An order is called off after a day; the last download has not seen the newest ones.
    cancelled &= local < LAST
    cancelled[0] = False
    ids = order_ids(rng, count, market.heads)
    ids[multi_channel] = order_ids(rng, int(multi_channel.sum()), ("S02",))
    afn = (rng.random(count) < market.afn) | multi_channel
    orders = pd.DataFrame(
        {
            "order_id": ids,
            "at": local - np.timedelta64(market.offset * 3_600, "s"),
            "day": local.astype("datetime64[D]").astype("datetime64[s]"),
            "channel": np.where(afn, "afn", "mfn"),
            "cancelled": cancelled,
            "multi_channel": multi_channel,
            "counts": ~cancelled & ~multi_channel,
            "business": rng.random(count) < market.business,
            "quantity": np.where(has_two, 1, rng.choice([1, 2, 3], count, p=[0.9, 0.08, 0.02])),
            "second": np.where(has_two, other, -1),
            "item": rng.integers(10**13, 10**14, count),
        }
    )
    for column in ("sku", "asin", "title", "price"):
        orders[column] = market.products[column].to_numpy()[product]
    for column in ("country", "state", "city", "postal"):
        orders[column] = market.places[column].to_numpy()[place]
    return orders


def _shares(frame: pd.DataFrame) -> np.ndarray:
    weight = frame["weight"].to_numpy(dtype=float)
    found: np.ndarray = weight / weight.sum()
    return found


def ship(
    orders: pd.DataFrame,
    lanes: tuple[Lane, ...],
    lane: np.ndarray,
    rng: np.random.Generator,
    *,
    handling: int = 2,
    promise: int = 8,
    slower: np.ndarray | float = 1.0,
) -> pd.DataFrame:
    """
    The orders with carrier, service, tracking number, and the days promised and kept.

    `handling` and `promise` are days after the order day; `slower` multiplies the transit time.
    """
    count = len(orders)
    wait = rng.exponential(0.7, count) + 0.15 + 2.5 * (rng.random(count) < 0.03)
    shipped = orders["at"].to_numpy() + _days(wait)
    scanned = shipped + _days(rng.uniform(0.05, 0.6, count))
    median = np.array([one.days for one in lanes])[lane]
    transit = median * slower * rng.lognormal(0.0, 0.28, count)
    numbers = np.full(count, "", dtype=object)
    for index, one in enumerate(lanes):
        numbers[lane == index] = one.number(rng, int((lane == index).sum()))
    tracked = np.array([one.tracked for one in lanes])[lane]
    return orders.assign(
        carrier=np.array([one.carrier for one in lanes], dtype=object)[lane],
        ship_service=np.array([one.service for one in lanes], dtype=object)[lane],
        tracking_number=numbers,
        tracked=tracked,
        shipped_at=shipped,
        first_scan_at=scanned,
        delivered_at=scanned + _days(transit),
        promised_ship=orders["day"].to_numpy() + (handling + 1) * DAY - np.timedelta64(1, "s"),
        promised_delivery=orders["day"].to_numpy() + (promise + 1) * DAY - np.timedelta64(1, "s"),
    )


def _days(values: np.ndarray) -> np.ndarray:
    return (values * 86_400).astype("timedelta64[s]")


def go_wrong(
    orders: pd.DataFrame, causes: list[Cause], rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """
    What went wrong: one row per event (order_id, kind, day, stars, counts, outcome, says, reason).

    A later cause in the list overrules an earlier one. What would have arrived after the last
    download is not there: the newest weeks are always counted too low.
    Also returns the cause of each order, "" where nothing went wrong.
    """
    cause = np.full(len(orders), -1)
    for index, one in enumerate(causes):
        hit = one.where & orders["counts"].to_numpy() & (rng.random(len(orders)) < one.rate)
        cause[hit] = index
    rows = np.flatnonzero(cause >= 0)
    kind = np.array([rng.choice(KINDS, p=causes[index].mix) for index in cause[rows]], dtype=str)
    again = rows[rng.random(len(rows)) < 0.08]
    second = np.where(kind[np.isin(rows, again)] == "claim", "1 star", "claim")
    events = pd.DataFrame(
        {
            "row": np.concatenate([rows, again]),
            "kind": np.concatenate([kind, second]),
            "outcome": "counts",
        }
    )
    without = np.flatnonzero(orders["counts"].to_numpy() & (cause < 0))
    events = pd.concat([events, _harmless(without, len(rows), rng)], ignore_index=True)
    row = events["row"].to_numpy()
    events["cause"] = cause[row]
    words = [causes[index if index >= 0 else 0] for index in events["cause"]]
    events["says"] = [str(rng.choice(one.says)) for one in words]
    events["reason"] = [one.reason for one in words]
    there = orders.iloc[row]
    start = np.minimum(
        there["delivered_at"].to_numpy(), there["promised_delivery"].to_numpy() + 3 * DAY
    )
    moment = start + _days(rng.exponential(6.0, len(row)) + 1)
    events["day"] = moment.astype("datetime64[D]").astype("datetime64[s]")
    events["order_id"] = orders["order_id"].to_numpy()[row]
    events["stars"] = (
        events["kind"].map({"1 star": 1, "2 stars": 2, "3 stars": 3, "5 stars": 5}).fillna(0)
    ).astype(int)
    events["counts"] = events["outcome"].eq("counts") & (events["stars"] < 3)
    events = events[events["day"].to_numpy() <= LAST].sort_values(["day", "order_id", "kind"])
    return events.reset_index(drop=True), cause


def _harmless(without: np.ndarray, defects: int, rng: np.random.Generator) -> pd.DataFrame:
    """Events that do not count: claims lost or taken back, fraud, removed ratings, good ratings."""
    wanted = [
        ("claim", "denied", 0.07),
        ("claim", "withdrawn", 0.04),
        ("claim", "funded", 0.03),
        ("chargeback", "fraud", 0.05),
        ("1 star", "removed", 0.04),
        ("2 stars", "struck", 0.02),
        ("3 stars", "neutral", 0.2),
        ("5 stars", "good", 1.5),
    ]
    sizes = [max(1, round(share * defects)) for _, _, share in wanted]
    rows = rng.choice(without, size=min(sum(sizes), len(without)), replace=False)
    return pd.DataFrame(
        {
            "row": rows,
            "kind": np.repeat([kind for kind, _, _ in wanted], sizes)[: len(rows)],
            "outcome": np.repeat([outcome for _, outcome, _ in wanted], sizes)[: len(rows)],
        }
    )
