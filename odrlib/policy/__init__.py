"""
Every number and word Amazon or the brief sets, each with its source and the day it was checked.

The numbers live in the TOML files beside this page; nothing else in odrlib may hold one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from odrlib.languages import tr

KINDS = ("claim", "chargeback", "negative_feedback")
CHANNELS = ("all", "mfn", "afn")
TRACKING_STATES = (
    "not_found",
    "label_only",
    "accepted",
    "in_transit",
    "customs",
    "out_for_delivery",
    "pickup",
    "attempt_failed",
    "delivered",
    "returning",
    "returned",
    "lost",
    "damaged",
    "expired",
    "unknown",
)


@cache
def table(name: str) -> dict[str, Any]:
    """One of the policy files as a dict: "profiles", "targets", "marketplaces", "decisions"."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Profile:
    """
    One way to count the order defect rate, with its limit. `called` is its title in English.

    All arithmetic against the limit is done in integers, so 12 of 1,200 is exactly 1 %.

    >>> AMAZON.under(12, 1_200), BRIEF.under(12, 1_200)
    (False, True)
    """

    name: Literal["amazon", "brief"]
    called: str
    days: int
    lag: bool
    negative_stars: tuple[int, ...]
    count: Literal["orders", "kinds"]
    limit: Fraction
    strict: bool
    source: str
    checked: str

    @property
    def title(self) -> str:
        """What the profile is called, in the spoken language."""
        return tr(self.called)

    def under(self, defective: Any, orders: Any) -> Any:
        """
        Is `defective` of `orders` inside the limit? No orders are inside no limit.

        Numbers or arrays of them.
        """
        gap = self.limit.numerator * orders - self.limit.denominator * defective
        return gap > 0 if self.strict else (gap >= 0) & (orders > 0)

    def allowed(self, orders: int) -> int:
        """
        The most defects that `orders` orders can carry inside the limit; -1 without orders.

        >>> AMAZON.allowed(1_200), AMAZON.allowed(1_250), BRIEF.allowed(1_200), AMAZON.allowed(0)
        (11, 12, 12, -1)
        """
        top = self.limit.numerator * orders
        return (top - 1 if self.strict else top) // self.limit.denominator if orders else -1

    def reversals_needed(self, defective: int, orders: int) -> int | None:
        """
        The fewest defects that must be taken off; None if no number of them would do.

        >>> AMAZON.reversals_needed(12, 900), AMAZON.reversals_needed(12, 1_200)
        (4, 1)
        """
        return max(0, defective - self.allowed(orders)) if orders else None

    def spare_defects(self, defective: int, orders: int) -> int:
        """
        How many more defects the rate can carry; 0 if none.

        >>> AMAZON.spare_defects(9, 1_000), AMAZON.spare_defects(5, 1_000)
        (0, 4)
        """
        return max(0, self.allowed(orders) - defective)

    def good_orders_needed(self, defective: int, orders: int) -> int:
        """
        How many orders without a defect would bring the rate inside the limit, all else equal.

        >>> AMAZON.good_orders_needed(3, 250), BRIEF.good_orders_needed(3, 250)
        (51, 50)
        >>> AMAZON.good_orders_needed(0, 0), BRIEF.good_orders_needed(0, 0)
        (1, 1)
        """
        needed = self.limit.denominator * defective + self.limit.numerator * self.strict
        return max(0, max(1, -(-needed // self.limit.numerator)) - orders)


def _profile(name: Literal["amazon", "brief"]) -> Profile:
    row = table("profiles")[name]
    return Profile(
        name=name,
        called=row["title"],
        days=row["days"],
        lag=row["lag"],
        negative_stars=tuple(row["negative_stars"]),
        count=row["count"],
        limit=Fraction(*row["limit"]),
        strict=row["strict"],
        source=row["source"],
        checked=row["checked"],
    )


AMAZON = _profile("amazon")
BRIEF = _profile("brief")
PROFILES: dict[str, Profile] = {"amazon": AMAZON, "brief": BRIEF}
LAG_DAYS: int = table("targets")["lag_days"]["value"]
MARKETPLACES: dict[str, dict[str, Any]] = table("marketplaces")
