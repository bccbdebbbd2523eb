"""Make-believe businesses with planted causes, to see whether the search finds exactly those."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

Where = dict[str, Any]
Rng = np.random.Generator


@dataclass
class World:
    """Orders, their defects, and the slices that were made worse."""

    orders: pd.DataFrame
    planted: list[Where] = field(default_factory=list)


def business(rng: Rng, size: int) -> pd.DataFrame:
    """
    Orders of one business: twelve columns, some of which follow from others.

    sku → supplier and category; state → region; carrier depends on region and warehouse, service on
    carrier, tracked on service; week grows in volume; sku sales follow a power law.
    """
    skus = int(rng.integers(60, 400) if size < 100_000 else rng.integers(300, 2_500))
    suppliers, states = int(rng.integers(6, 40)), int(rng.integers(20, 51))
    share = (1 + np.arange(skus)) ** -rng.uniform(0.6, 1.1)
    sku = rng.choice(skus, size, p=rng.permutation(share / share.sum()))
    supplier_of, category_of = rng.integers(suppliers, size=skus), rng.integers(9, size=skus)
    state_share = rng.dirichlet(np.full(states, 0.8))
    state = rng.choice(states, size, p=state_share)
    region = rng.integers(5, size=states)[state]
    warehouse = pick(rng, rng.dirichlet(np.full(4, 2.0), size=9)[category_of[sku]])
    carrier = pick(rng, rng.dirichlet(np.full(7, 0.7), size=(5, 4))[region, warehouse])
    service = pick(rng, rng.dirichlet(np.full(3, 0.8), size=7)[carrier]) + 3 * (carrier % 4)
    tracked = rng.random(size) < rng.beta(4, 1, size=15)[service]
    weeks = int(rng.integers(13, 53))
    week = rng.choice(weeks, size, p=(p := 1 + np.arange(weeks) * rng.uniform(0, 0.05)) / p.sum())
    price_of = rng.integers(8, size=skus)
    handler = rng.choice(12, size, p=rng.dirichlet(np.full(12, 2)))
    words = {
        "sku": ("A", sku), "supplier": ("S", supplier_of[sku]), "category": ("C", category_of[sku]),
        "state": ("T", state), "region": ("R", region), "warehouse": ("W", warehouse),
        "carrier": ("K", carrier), "service": ("V", service), "tracked": ("D", tracked * 1),
        "week": ("w", week), "price": ("P", price_of[sku]), "handler": ("H", handler),
    }  # fmt: skip
    return pd.DataFrame({name: words_of(*pair) for name, pair in words.items()})


def words_of(letter: str, codes: np.ndarray) -> pd.Categorical:
    """Codes as words: letter and number."""
    used = np.flatnonzero(np.bincount(codes))
    place = np.zeros(used[-1] + 1, int)
    place[used] = np.arange(len(used))
    return pd.Categorical.from_codes(place[codes], [f"{letter}{at}" for at in used])


def pick(rng: Rng, shares: np.ndarray) -> np.ndarray:
    """One choice for each row of `shares`, whose rows add up to 1."""
    return (rng.random((len(shares), 1)) > shares.cumsum(axis=1)[:, :-1]).sum(axis=1)


def mild(rng: Rng, orders: pd.DataFrame, most: float = 1.28) -> np.ndarray:
    """A factor per order: every level of four columns a little better or worse, at most `most`."""
    factor = np.ones(len(orders))
    for column in rng.choice(orders.columns, 4, replace=False):
        levels = most ** rng.uniform(-1, 1, len(orders[column].cat.categories))
        factor *= levels[orders[column].cat.codes]
    return factor


def holds(orders: pd.DataFrame, where: Where) -> np.ndarray:
    """Which orders are in the slice."""
    codes = (
        orders[column].cat.codes.to_numpy() == orders[column].cat.categories.get_loc(value)
        for column, value in where.items()
    )
    return np.logical_and.reduce(list(codes))


def slice_at(
    rng: Rng, orders: pd.DataFrame, columns: list[str], least: int, most: int, inside=None
) -> Where | None:
    """The slice of a random order by `columns` that has between `least` and `most` orders."""
    rows = np.arange(len(orders)) if inside is None else np.flatnonzero(inside)
    for _ in range(25):
        row = int(rng.choice(rows))
        where = {column: str(orders[column].iloc[row]) for column in columns}
        if least <= holds(orders, where).sum() <= most:
            return where
    return None


def draw(rng: Rng, chance: np.ndarray) -> np.ndarray:
    return rng.random(len(chance)) < np.minimum(chance, 0.9)


def size_for(rng: Rng, orders: pd.DataFrame, base: float, defects: float, lift: float) -> tuple:
    """Least and most orders so that a slice of this lift gets about `defects` defects."""
    orders_needed = defects / (base * lift)
    return int(orders_needed * 0.7) + 1, int(orders_needed * 1.5) + 2


COLUMNS = [
    "sku", "supplier", "category", "state", "region", "warehouse",
    "carrier", "service", "tracked", "week", "price", "handler",
]  # fmt: skip


def scale(orders: pd.DataFrame, base: float) -> float:
    """Defects that make a clear cause in a business of this size."""
    return 14 + 0.04 * len(orders) * base


def single(rng: Rng, orders: pd.DataFrame, base: float, depth: int) -> list[Where]:
    """One cause, `depth` columns deep (never two columns of which one follows from the other)."""
    for _ in range(20):
        columns = choose(rng, depth)
        least, most = size_for(rng, orders, base, scale(orders, base) * rng.uniform(0.8, 2), 5)
        if where := slice_at(rng, orders, columns, least, most):
            return [where]
    return []


FOLLOWS = {("sku", "supplier"), ("sku", "category"), ("sku", "price"), ("state", "region"),
           ("service", "carrier")}  # fmt: skip


def choose(rng: Rng, depth: int) -> list[str]:
    while True:
        columns = sorted(map(str, rng.choice(COLUMNS, depth, replace=False)))
        if not any((a, b) in FOLLOWS or (b, a) in FOLLOWS for a in columns for b in columns):
            return columns


def several(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """Three unrelated causes of one to three columns."""
    found = [single(rng, orders, base, int(rng.integers(1, 4))) for _ in range(3)]
    return list({tuple(sorted(w.items())): w for part in found for w in part}.values())


def siblings(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """Two bad skus of one supplier, whose other skus are innocent."""
    sizes = orders.groupby(["supplier", "sku"], observed=True).size().rename("n").reset_index()
    least = scale(orders, base) / (base * 6)
    sizes = sizes[sizes["n"] > least]
    whole = orders["supplier"].value_counts()
    for _ in range(20):
        chosen = sizes[sizes["supplier"] == rng.choice(sizes["supplier"])] if len(sizes) else sizes
        if len(chosen) >= 2:
            two = chosen.sample(2, random_state=rng)
            if two["n"].sum() < 0.55 * whole[two["supplier"].iloc[0]]:
                return [{"sku": str(sku)} for sku in sorted(two["sku"])]
    return []


def supplier(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """A whole supplier: to be named once, not sku by sku."""
    skus = orders.groupby("supplier", observed=True)["sku"].nunique()
    sizes = orders["supplier"].value_counts()
    enough = [s for s in skus.index if skus[s] >= 3 and sizes[s] * base * 4 > scale(orders, base)
              and sizes[s] < 0.4 * len(orders)]  # fmt: skip
    return [{"supplier": str(rng.choice(enough))}] if enough else []


def exclusive(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """A bad sku, and a carrier that ships little else: the orders of that sku move to it."""
    sizes = orders["sku"].value_counts()
    fit = sizes[(sizes * base * 6 > scale(orders, base)) & (sizes < len(orders) * 0.2)].index
    if not len(fit):
        return []
    sku = str(rng.choice(fit.astype(str)))
    moved = holds(orders, {"sku": sku}) & (rng.random(len(orders)) < 0.75)
    codes = orders["carrier"].astype("str").to_numpy().copy()
    codes[moved] = "K9"
    codes[rng.random(len(orders)) < 0.002] = "K9"
    orders["carrier"] = pd.Categorical(codes)
    return [{"sku": sku}]


def travels(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """A bad carrier, and a sku that travels with it nearly always: the sku is innocent."""
    carrier = str(rng.choice(orders["carrier"].cat.categories))
    inside = holds(orders, {"carrier": carrier})
    if not scale(orders, base) / (base * 5) < inside.sum() < len(orders) * 0.35:
        return []
    codes = orders["sku"].astype("str").to_numpy().copy()
    codes[inside & (rng.random(len(orders)) < 0.2)] = "A9999"
    orders["sku"] = pd.Categorical(codes)
    return [{"carrier": carrier}]


def nested(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """A bad slice with a part that is worse still."""
    for _ in range(50):
        outer = single(rng, orders, base, 1)
        if not outer:
            continue
        inside = holds(orders, outer[0])
        column = next(c for c in choose(rng, 3) if c not in outer[0])
        if (next(iter(outer[0])), column) in FOLLOWS or (column, next(iter(outer[0]))) in FOLLOWS:
            continue
        where = slice_at(rng, orders, [*outer[0], column], int(inside.sum() * 0.1),
                         int(inside.sum() * 0.4), inside)  # fmt: skip
        if where:
            return [outer[0], where]
    return []


def overlapping(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """Two bad slices of different columns that share orders."""
    for _ in range(100):
        first, second = (single(rng, orders, base, int(rng.integers(1, 3))) for _ in range(2))
        if first and second and not set(first[0]) & set(second[0]):
            both = holds(orders, first[0]) & holds(orders, second[0])
            if both.sum() * base * 20 > 3:
                return [first[0], second[0]]
    return []


def single_week(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """One week of one warehouse, carrier or handler."""
    for _ in range(100):
        other = str(rng.choice(["warehouse", "carrier", "handler", "category"]))
        least, most = size_for(rng, orders, base, scale(orders, base), 7)
        if where := slice_at(rng, orders, sorted([other, "week"]), least, most):
            return [where]
    return []


def tiny(rng: Rng, orders: pd.DataFrame, base: float) -> list[Where]:
    """A small, very bad slice: about 6 to 15 defects."""
    for _ in range(100):
        columns = choose(rng, int(rng.integers(1, 3)))
        goal, lift = rng.uniform(9, 15), rng.uniform(25, 60)
        least, most = int(goal / (base * lift) * 0.9), int(goal / (base * lift) * 1.1) + 2
        if where := slice_at(rng, orders, columns, least, most):
            return [where]
    return []


FAMILIES: dict[str, tuple[Callable[..., list[Where]], tuple[float, float]]] = {
    "one column": (lambda r, o, b: single(r, o, b, 1), (4, 8)),
    "two columns": (lambda r, o, b: single(r, o, b, 2), (4, 8)),
    "three columns": (lambda r, o, b: single(r, o, b, 3), (4, 8)),
    "four columns": (lambda r, o, b: single(r, o, b, 4), (5, 10)),
    "several": (several, (4, 8)),
    "siblings": (siblings, (5, 8)),
    "supplier": (supplier, (3, 6)),
    "exclusive": (exclusive, (5, 8)),
    "travels": (travels, (4, 7)),
    "nested": (nested, (3.5, 5)),
    "overlapping": (overlapping, (4, 7)),
    "single week": (single_week, (6, 10)),
    "tiny": (tiny, (25, 60)),
}


def planted_world(family: str, seed: int, size: int) -> World:
    """
    A business of `size` orders with causes of the family; seeded.

    Drawn again until every cause is one that somebody who knew where to look could be sure of:
    its log likelihood ratio against the truth without it is at least CLEAR.
    """
    plant, (low, high) = FAMILIES[family]
    for attempt in range(400):
        rng = np.random.default_rng([seed, attempt, *family.encode()])
        base = rng.uniform(0.003, 0.01)
        orders = business(rng, size)
        planted = plant(rng, orders, base)
        chance = base * mild(rng, orders, 1.2)
        slices = [holds(orders, where) for where in planted]
        lifts = [lift_for(rng, low, high, inside.sum() * base, family) for inside in slices]
        for inside, lift in zip(slices, lifts, strict=True):
            chance[inside] *= lift
        if not planted or not all(nameable(orders, where) for where in planted):
            continue
        defective = draw(rng, chance)
        clear = [
            evidence(defective[inside].sum(), (chance[inside] / lift).sum())
            for inside, lift in zip(slices, lifts, strict=True)
        ]
        if min(clear) >= CLEAR:
            return World(orders.assign(defective=defective), planted)
    raise RuntimeError(f"no {family!r} world of {size} orders")


CLEAR = 20.0


def nameable(orders: pd.DataFrame, where: Where) -> bool:
    """No other description of at most as many conditions says (nearly) the same orders."""
    rows = holds(orders, where)
    counts = {c: np.bincount(orders[c].cat.codes.to_numpy()[rows]) for c in COLUMNS}
    common = {c: str(orders[c].cat.categories[counts[c].argmax()]) for c in COLUMNS}
    usual = [c for c in COLUMNS if counts[c].max() > 0.8 * rows.sum()]
    for size in range(1, len(where) + 1):
        for columns in combinations(usual, size):
            other = {c: common[c] for c in columns}
            if other != where:
                both = holds(orders, other)
                if (rows & both).sum() > 0.8 * (rows | both).sum():
                    return False
    return True


def evidence(observed: float, expected: float) -> float:
    """Log likelihood ratio of a slice's defects; 0 if there are no more than expected."""
    return (
        observed * np.log(observed / expected) - observed + expected if observed > expected else 0
    )


def lift_for(rng: Rng, low: float, high: float, expected: float, family: str) -> float:
    """The factor of a planted slice; a tiny one gets 9 to 15 defects."""
    return rng.uniform(9, 15) / expected if family == "tiny" else rng.uniform(low, high)


def null_world(seed: int, size: int, drift: bool = False) -> World:
    """A business with nothing planted: mild differences only, and a drift of the whole if asked."""
    rng = np.random.default_rng([seed, 77])
    orders = business(rng, size)
    chance = rng.uniform(0.003, 0.01) * mild(rng, orders)
    if drift:
        week = orders["week"].cat.codes.to_numpy() / (orders["week"].cat.codes.max() + 1)
        chance *= rng.uniform(1.3, 2.0) ** (week * rng.choice([-1, 1]))
    return World(orders.assign(defective=draw(rng, chance)))


def f1(found: list[Where], planted: list[Where]) -> float:
    """Exact recovery: harmonic mean of precision and recall over whole descriptions."""
    if not found and not planted:
        return 1.0
    hits = sum(where in planted for where in found)
    return 2 * hits / (len(found) + len(planted))
