"""Operators: stores that belong together, as store.toml says, because Amazon may see them so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from odrlib.portfolio.row import Row

# States of a case in which Amazon is looking at the account, or has turned it down.
IN_REVIEW = ("opened", "drafted", "submitted", "under review", "more information asked", "denied")


@dataclass(frozen=True)
class Operator:
    """
    The stores of one operator.

    Parameters
    ----------
    by : what says that they belong together: "client" or "seller_id"
    stores : their ids, the worst first
    in_trouble : those over the limit, with an open case, a deadline or a named account status
    asked : does a notice on file ask for another account to be reactivated first?
    """

    name: str
    by: str
    stores: tuple[str, ...]
    in_trouble: tuple[str, ...]
    asked: bool

    def as_dict(self) -> dict[str, Any]:
        """The operator as JSON."""
        return {
            "name": self.name,
            "by": self.by,
            "stores": list(self.stores),
            "in_trouble": list(self.in_trouble),
            "another_account_first": self.asked,
        }


def operators(rows: Iterable[Row]) -> list[Operator]:
    """The operators of two stores or more, those in trouble first."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.client.strip():
            groups.setdefault(("client", row.client.strip().casefold()), []).append(row)
        elif row.seller_id.strip():
            groups.setdefault(("seller_id", row.seller_id.strip()), []).append(row)
    found = [
        Operator(
            name=mine[0].client.strip() or mine[0].seller_id.strip(),
            by=by,
            stores=tuple(row.id for row in mine),
            in_trouble=tuple(row.id for row in mine if _in_trouble(row)),
            asked=any((row.appeals or {}).get("linked_account", False) for row in mine),
        )
        for (by, _), mine in groups.items()
        if len(mine) > 1
    ]
    return sorted(found, key=lambda one: (-len(one.in_trouble), one.name.casefold()))


def _in_trouble(row: Row) -> bool:
    cases = (row.appeals or {}).get("cases") or {}
    return (
        row.told == "over"
        or any(cases.get(state) for state in IN_REVIEW)
        or bool(row.account.get("deadline") or row.account.get("status"))
    )
