"""
Schemas for make-believe businesses.

No two seeds share one. Drawn anew each time are the names, the number of levels (2 to 5,000) and
their skewness, which column hangs on which, and which level belongs to which parent. Always there
are a product, its maker and line, a state and its region, a warehouse, a carrier and a week; four
more columns are drawn. Orders are drawn independently of each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tests.causes.other_businesses import MILD, Business, Codes, Column, Floats

QUANTILES = 1 << 20  # a draw from a column's own distribution is exact to one in a million ...
MOST_LEVELS = 5_000
COARSE = 256  # ... and one that hangs on another column to one in 256

NAMES = {
    "item": ("sku", "msku", "item", "product", "model"),
    "maker": ("supplier", "vendor", "factory", "brand"),
    "line": ("category", "product_line", "department"),
    "price": ("price_band", "price_range", "value_class"),
    "state": ("state", "province", "prefecture"),
    "region": ("region", "zone", "area"),
    "warehouse": ("warehouse", "site", "hub", "fulfilment_centre"),
    "carrier": ("carrier", "courier", "haulier"),
    "service": ("service", "ship_service", "delivery_class"),
    "week": ("week", "ship_week", "order_week"),
    "channel": ("channel", "sales_channel", "marketplace"),
    "customer": ("customer_type", "business_order", "member"),
    "packing": ("packing", "box", "packing_station"),
    "payment": ("payment", "pay_method"),
    "gift": ("gift", "promotion", "coupon"),
    "day": ("weekday", "ship_day"),
    "lot": ("lot", "batch", "purchase_order"),
    "shift": ("shift", "team"),
}
ALWAYS = ("item", "maker", "line", "state", "region", "warehouse", "carrier", "week")
SOMETIMES = ("service", "price", "channel", "customer", "packing", "payment", "gift", "day",
             "lot", "shift")  # fmt: skip


def business(rng: np.random.Generator, size: int, drift: str = "none") -> Business:
    """
    A business of `size` orders.

    `drift` is what happens to all of it over the weeks: "none", "trend" or "season" (every week
    still within 1.28 of the mean), "step" (the recent weeks up to 1.8 times the earlier ones).
    """
    draw = _Draw(rng, size)
    columns = draw.columns()
    roles = sorted(columns)
    chosen = rng.choice(len(roles), rng.integers(3, 8), replace=False)
    effects = {roles[i]: draw.mild(columns[roles[i]].levels) for i in sorted(chosen)}
    weeks = np.arange(columns["week"].levels)
    if drift in {"trend", "season"}:
        effects["week"] = _wave(rng, weeks, drift)
    made = Business(columns, effects, float(rng.uniform(0.003, 0.01)))
    if drift == "step":
        made.begin_recent(rng)
        made.burden(np.where(made.recent, rng.uniform(0.75, 1.8), 1.0).astype(np.float32))
    return made


def _wave(rng: np.random.Generator, weeks: npt.NDArray[np.intp], drift: str) -> Floats:
    if drift == "trend":
        way = np.linspace(-1, 1, len(weeks)) * rng.choice([-1.0, 1.0])
    else:
        way = np.sin(2 * np.pi * (weeks / rng.uniform(12, 52) + rng.random()))
    return (MILD ** (way * rng.uniform(0.4, 1))).astype(np.float32)


class _Draw:
    """The random choices behind one business."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.rng = rng
        self.size = size

    def between(self, low: float, high: float) -> int:
        """A whole number, evenly spread on the log scale, both ends included."""
        return round(float(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    def mild(self, levels: int) -> Floats:
        return (MILD ** self.rng.uniform(-1, 1, levels)).astype(np.float32)

    def shares(self, levels: int, low: float = 0.2, high: float = 1.2) -> npt.NDArray[np.float64]:
        """Zipf's law with a random exponent, in random order of the levels."""
        weight = np.arange(1, levels + 1) ** -self.rng.uniform(low, high)
        return self.rng.permutation(weight / weight.sum())

    def alone(self, shares: npt.NDArray[np.float64]) -> Codes:
        """One level per order, by the shares."""
        ends = np.round(np.cumsum(shares) * QUANTILES).astype(int)
        table = np.repeat(np.arange(len(shares), dtype=np.int16), np.diff(ends, prepend=0))
        return table[self.rng.integers(0, len(table), self.size, dtype=np.uint32)]

    def given(self, parent: Codes, parents: int, shares: npt.NDArray[np.float64]) -> Codes:
        """One level per order; each level of the parent has its own mixture around the shares."""
        firmness = self.between(1, 30)  # the smaller, the more one parent sticks to few levels
        mixture = self.rng.standard_gamma(shares * firmness + 1e-3, (parents, len(shares)))
        ends = np.cumsum(mixture / mixture.sum(axis=1, keepdims=True), axis=1)
        steps = (np.arange(COARSE) + 0.5) / COARSE
        table = np.concatenate([np.searchsorted(end, steps) for end in ends])
        table = np.minimum(table, len(shares) - 1).astype(np.int16)
        place = parent.astype(np.int32) * COARSE
        place += self.rng.integers(0, COARSE, self.size, dtype=np.uint8)
        return table[place]

    def belongs(self, children: int, parents: int) -> Codes:
        """Which parent each level belongs to; every parent has at least one child."""
        rest = self.rng.choice(parents, children - parents, p=self.shares(parents, 0, 0.8))
        return self.rng.permutation(np.concatenate([np.arange(parents), rest])).astype(np.int16)

    def columns(self) -> dict[str, Column]:
        rng = self.rng
        made: dict[str, Column] = {}
        for role in (*ALWAYS, *sorted(rng.choice(SOMETIMES, 4, replace=False))):
            made[role] = Column(str(rng.choice(NAMES[role])), 0, np.zeros(0, np.int16))
        self._weeks(made)
        self._products(made)
        self._places(made)
        self._shipping(made)
        self._rest(made)
        order = rng.permutation(sorted(made))
        return {str(role): made[str(role)] for role in order}

    def _set(self, made: dict[str, Column], role: str, levels: int, codes: Codes) -> None:
        made[role].levels, made[role].codes = levels, codes

    def _weeks(self, made: dict[str, Column]) -> None:
        levels = self.between(8, 60)
        growth = np.exp(np.linspace(0, self.rng.uniform(-0.4, 0.9), levels))
        growth *= self.rng.uniform(0.8, 1.2, levels)
        self._set(made, "week", levels, self.alone(growth / growth.sum()))

    def _products(self, made: dict[str, Column]) -> None:
        rng = self.rng
        most = MOST_LEVELS // 2 if "lot" in made else MOST_LEVELS
        items = self.between(40 if self.size < 100_000 else 150, most)
        codes = self.alone(self.shares(items, 0.5, 1.15))
        # A fifth of the items is launched in some week; before it, others are sold instead.
        launch = np.where(rng.random(items) < 0.2, rng.integers(0, made["week"].levels, items), 0)
        early = np.flatnonzero(made["week"].codes < launch.astype(np.int16)[codes])
        codes[early] = rng.choice(np.flatnonzero(launch == 0), len(early))
        self._set(made, "item", items, codes)
        makers = max(4, round(items / self.between(4, 25)))
        maker_of = self.belongs(items, makers)
        made["item"].parents = ("maker",)
        self._set(made, "maker", makers, maker_of[codes])
        lines = min(self.between(3, 25), makers)
        if rng.random() < 0.5:
            made["maker"].parents = ("line",)
            self._set(made, "line", lines, self.belongs(makers, lines)[made["maker"].codes])
        else:
            made["item"].parents = ("maker", "line")
            self._set(made, "line", lines, self.belongs(items, lines)[codes])
        if "price" in made:
            bands = self.between(3, 8)
            made["item"].parents += ("price",)
            self._set(made, "price", bands, self.belongs(items, bands)[codes])
        if "lot" in made:
            second = rng.integers(1, made["week"].levels, items).astype(np.int16)
            lot = codes * np.int16(2) + (made["week"].codes >= second[codes])
            made["lot"].parents = ("item",)
            self._set(made, "lot", 2 * items, lot)

    def _places(self, made: dict[str, Column]) -> None:
        states = self.between(20, 60)
        regions = self.between(4, 9)
        codes = self.alone(self.shares(states, 0.4, 1.1))
        self._set(made, "state", states, codes)
        self._set(made, "region", regions, self.belongs(states, regions)[codes])
        made["state"].parents = ("region",)

    def _hang(self, made: dict[str, Column], role: str, levels: int, on: tuple[str, ...]) -> None:
        parent = made[str(self.rng.choice(on))]
        codes = self.given(parent.codes, parent.levels, self.shares(levels))
        self._set(made, role, levels, codes)

    def _shipping(self, made: dict[str, Column]) -> None:
        self._hang(made, "warehouse", self.between(3, 12), ("region", "maker", "item", "state"))
        carriers = self.between(4, 14)
        self._hang(made, "carrier", carriers, ("warehouse", "region", "line", "item"))
        if "service" in made and self.rng.random() < 0.5:
            kinds = self.between(2, 4)
            own = self.alone(self.shares(kinds)) + made["carrier"].codes * np.int16(kinds)
            self._set(made, "service", carriers * kinds, own)
            made["service"].parents = ("carrier",)
        elif "service" in made:
            self._hang(made, "service", self.between(2, 6), ("carrier", "warehouse", "state"))

    def _rest(self, made: dict[str, Column]) -> None:
        sizes = {"channel": (2, 5), "packing": (3, 12), "payment": (3, 6), "shift": (2, 4)}
        hangs = {
            "channel": ("item", "maker", "line"),
            "packing": ("warehouse", "line"),
            "payment": ("state", "region"),
            "shift": ("warehouse", "week"),
        }
        for role in sorted(set(sizes) & set(made)):
            self._hang(made, role, self.between(*sizes[role]), hangs[role])
        for role, often in (("customer", 0.25), ("gift", 0.06)):
            if role in made:
                share = often * self.rng.uniform(0.5, 1.5)
                self._set(made, role, 2, self.alone(np.array([1 - share, share])))
        if "day" in made:
            self._set(made, "day", 7, self.alone(self.shares(7, 0, 0.5)))
