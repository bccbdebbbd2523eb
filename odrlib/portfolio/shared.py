"""
Shared: a carrier, a supplier or a SKU that several stores' causes have in common.

That is a lead, not a proof: each store's cause was found in that store alone. Beside it stands how
the same value does in every store that has it, against that store's own other orders.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from odrlib.portfolio.digest import SHARED
from odrlib.portfolio.row import Row


@dataclass(frozen=True)
class Part:
    """
    One store's share in it.

    Parameters
    ----------
    orders, defective : of the value in the store's window
    expected : defective orders if the value did as the store's other orders; None without others
    flagged : is it in one of the store's causes?
    excess : of that cause; None if it is in none
    alone : is the value the only condition of that cause?
    """

    store: str
    orders: int
    defective: int
    expected: float | None
    flagged: bool
    excess: float | None = None
    alone: bool = True

    @property
    def beyond(self) -> float:
        """Defective orders beyond what the store's other orders lead to; 0 without others."""
        return 0.0 if self.expected is None else self.defective - self.expected


@dataclass(frozen=True)
class Shared:
    """A value that causes of several stores have in common, with every store that has it."""

    column: str
    value: str
    parts: tuple[Part, ...]

    @property
    def flagged(self) -> tuple[Part, ...]:
        """The stores whose causes it is in."""
        return tuple(part for part in self.parts if part.flagged)

    @property
    def comparable(self) -> tuple[Part, ...]:
        """The stores that have other orders to compare it with."""
        return tuple(part for part in self.parts if part.expected is not None)

    @property
    def above(self) -> int:
        """In how many of those the value does worse than the store's other orders."""
        return sum(part.beyond > 0 for part in self.comparable)

    @property
    def excess(self) -> float:
        """Over all stores to compare, defective orders beyond what their other orders lead to."""
        return sum(part.beyond for part in self.comparable)

    def as_dict(self) -> dict[str, Any]:
        """The shared cause as JSON; no order id is in it."""
        return {
            "column": self.column,
            "value": self.value,
            "stores_flagged": len(self.flagged),
            "stores_with_it": len(self.parts),
            "stores_above": self.above,
            "stores_compared": len(self.comparable),
            "orders": sum(part.orders for part in self.comparable),
            "defective": sum(part.defective for part in self.comparable),
            "expected": sum(part.expected or 0.0 for part in self.comparable),
            "excess": self.excess,
            "stores": [
                {
                    "id": part.store,
                    "orders": part.orders,
                    "defective": part.defective,
                    "expected": part.expected,
                    "flagged": part.flagged,
                    "excess_of_cause": part.excess,
                    "only_condition": part.alone,
                }
                for part in self.parts
            ],
        }


def same(value: Any) -> str:
    """
    One form for values that two stores may write in two ways.

    >>> same(" Deutsche  Post ") == same("DEUTSCHE POST"), same("A-1") == same("A-2")
    (True, False)
    """
    return " ".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def shared_causes(rows: Iterable[Row]) -> list[Shared]:
    """What causes of two stores or more have in common, the largest excess first."""
    rows = list(rows)
    flagged: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
    names: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        for cause in row.causes:
            for column in set(SHARED) & cause["where"].keys():
                value = cause["where"][column]
                if value is None:
                    continue
                key = column, same(value)
                names.setdefault(key, Counter())[str(value)] += 1
                # Causes are ranked: the first with this value is the store's largest.
                flagged.setdefault(key, {}).setdefault(row.id, cause)
    found = [
        Shared(key[0], names[key].most_common(1)[0][0], _parts(rows, key, stores))
        for key, stores in flagged.items()
        if len(stores) > 1
    ]
    return sorted(found, key=lambda one: (-len(one.flagged), -one.excess, one.column, one.value))


def _parts(
    rows: list[Row], key: tuple[str, str], flagged: Mapping[str, Mapping[str, Any]]
) -> tuple[Part, ...]:
    column, wanted = key
    parts = []
    for row in rows:
        values = row.shares.get(column) or {}
        mine = [counts for value, counts in values.items() if same(value) == wanted]
        cause = flagged.get(row.id)
        if mine:
            orders, defective = (sum(numbers) for numbers in zip(*mine, strict=True))
        elif cause:
            orders, defective = cause["orders"], cause["defective"]
        else:
            continue
        parts.append(
            Part(
                row.id,
                orders,
                defective,
                _expected(row, orders, defective),
                cause is not None,
                cause["excess"] if cause else None,
                cause is None or len(cause["where"]) == 1,
            )
        )
    return tuple(sorted(parts, key=lambda part: (not part.flagged, -part.defective, part.store)))


def _expected(row: Row, orders: int, defective: int) -> float | None:
    """What the store's orders without this value would lead to on as many orders."""
    whole = (row.profiles.get(row.profile) or {}).get("all") or {}
    if whole.get("orders") is None or whole.get("defective") is None:
        return None
    others = whole["orders"] - orders
    return max(0, whole["defective"] - defective) / others * orders if others > 0 else None
