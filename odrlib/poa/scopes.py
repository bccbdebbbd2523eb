"""
Scopes: the counts and rates of a part of the window, each with the key of the fact it is.

A number in a plan is judged against the scope its sentence speaks of: a cause, a carrier, a
product, several of them together, or the whole window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from odrlib import policy
from odrlib.causes import Cause
from odrlib.facts import Facts
from odrlib.headline import PLURAL
from odrlib.poa.appendix import refund_days, refunds
from odrlib.poa.groups import Group
from odrlib.poa.known import Known
from odrlib.poa.replay import replay
from odrlib.poa.why import conditions
from odrlib.policy import KINDS
from odrlib.tables import among

COUNT, RATE, SHARE, MONEY = "count", "rate", "share", "money"


@dataclass(frozen=True)
class Fact:
    """
    One number that can be cited: what it counts (`noun`), its sort, its value and its key.

    `noun` is a kind of defect, "defective", "orders" or "refunds"; `sort` is count, rate, share
    (both 0-1) or money.
    """

    noun: str
    sort: str
    value: float
    key: str


@dataclass(frozen=True, eq=False)
class Scope:
    """Some orders of the window, as rows of `facts.inside`, under the name of their key."""

    known: Known
    key: str
    rows: pd.DataFrame

    @property
    def defective(self) -> int:
        """How many of them are defective."""
        return int(self.rows["defective"].sum())

    @cached_property
    def facts(self) -> list[Fact]:
        """The counts, rates, shares and amounts of these orders."""
        return [*self._counts(), *self._shares(), *self._money()]

    @cached_property
    def _bad(self) -> pd.DataFrame:
        return self.rows[self.rows["defective"]]

    def _counts(self) -> list[Fact]:
        paid = refund_days(self.known.store)
        hours = policy.table("targets")["response_within_24_hours"]["hours"]
        found = [
            Fact("orders", COUNT, len(self.rows), f"{self.key}.orders"),
            Fact("defective", COUNT, self.defective, f"{self.key}.defective"),
        ]
        found += [
            Fact(kind, COUNT, int(self.rows[kind].sum()), f"{self.key}.{PLURAL[kind]}")
            for kind in KINDS
            if kind in self.rows
        ]
        several = int((self._bad["defects"] > 1).sum())
        found.append(Fact("several", COUNT, several, f"{self.key}.orders_with_several_kinds"))
        defects = int(self._bad["defects"].sum())
        found.append(Fact("defective", COUNT, defects, f"{self.key}.defects"))
        repaid = sum(str(name) in paid for name in self._bad["order_id"])
        found.append(Fact("refunds", COUNT, repaid, "ledger.costs"))
        found += [
            Fact("met", COUNT, count, f"{self.key}.{name} (defects[].{column})")
            for name, column, count in conditions(self._bad, self.known.facts, hours)
        ]
        return found

    def _shares(self) -> list[Fact]:
        whole = self.known.facts.inside
        total = int(whole["defective"].sum())
        orders = len(self.rows)
        found = []
        if orders:
            found.append(Fact("rate", RATE, self.defective / orders, f"{self.key}.rate"))
            found.append(Fact("share", SHARE, orders / len(whole), f"{self.key}.orders share"))
        rest = len(whole) - orders
        if rest:
            elsewhere = (total - self.defective) / rest
            found.append(Fact("rate", RATE, elsewhere, f"{self.key}.rate_elsewhere"))
        if total:
            found.append(Fact("share", SHARE, self.defective / total, f"{self.key}.share"))
        if self.defective:
            found += [
                Fact("share", SHARE, fact.value / self.defective, f"{fact.key} share")
                for fact in self._counts()
                if fact.noun not in ("orders", "defective")
            ]
        return found

    def _money(self) -> list[Fact]:
        return [
            Fact("refunds", MONEY, row["amount"], "ledger.costs")
            for row in refunds(self.known.store, self._bad)
        ]


class Scopes:
    """The scopes of a store, made when a sentence asks for them and kept."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._made: dict[Any, Scope] = {}
        self._extra: dict[str, list[Fact]] = {}

    @property
    def facts(self) -> Facts:
        return self.known.facts

    def whole(self) -> list[Fact]:
        """The facts of all orders of the window, by both rules and each channel."""
        if "whole" not in self._extra:
            name = self.facts.profile.name
            scope = self._scope("whole", f"profiles.{name}.all", self.facts.inside)
            self._extra["whole"] = [*scope.facts, *headline_facts(self.facts), *self._policy()]
        return self._extra["whole"]

    def _policy(self) -> list[Fact]:
        """Limits, and the related rates."""
        limit = float(self.facts.profile.limit)
        related = [
            Fact("related", RATE, float(row[name]), f"related[{row['metric']}]")
            for row in self.facts.related.to_dict("records")
            for name in ("rate", "limit")
            if not pd.isna(row[name])
        ]
        return [Fact("limit", RATE, limit, "profiles.limit"), *related]

    def of_group(self, group: Group) -> list[Fact]:
        """The facts of a cause: of its orders in this plan, and of all orders it describes."""
        if group.key not in self._extra:
            scope = self._scope(group.key, group.key, group.orders)
            found = list(scope.facts)
            if group.cause is not None:
                found += cause_facts(group.key, group.cause)
                ids = pd.Series(group.cause.order_ids, dtype="str")
                rows = self.facts.inside[among(self.facts.inside["order_id"], ids)]
                found += self._scope((group.key, "all"), group.key, rows).facts
            found += self._replays(group)
            self._extra[group.key] = found
        return self._extra[group.key]

    def _replays(self, group: Group) -> list[Fact]:
        found = []
        for measure in self.known.measures:
            tried = replay(measure, group.orders, self.known.store)
            if tried is not None and measure.cause == group.category:
                found.append(Fact("met", COUNT, tried.stopped, f"{measure.key} replay"))
        return found

    def of_entities(
        self, entities: Mapping[str, Iterable[str]], groups: Iterable[Group] = ()
    ) -> Scope:
        """
        The orders that a sentence names by its columns' values, in some causes if they are given.

        Several values of one column are taken together, several columns narrow each other.
        """
        chosen = {column: tuple(sorted(values)) for column, values in entities.items()}
        keys = tuple(group.key for group in groups)
        name = (tuple(sorted(chosen.items())), keys)
        if name not in self._made:
            rows = self.facts.inside
            if keys:
                ids = pd.concat([group.orders["order_id"] for group in groups])
                rows = rows[among(rows["order_id"], ids)]
            for column, values in chosen.items():
                rows = rows[rows[column].astype("str").isin(values).to_numpy(bool)]
            said = ", ".join(f"{c} = {' or '.join(v)}" for c, v in sorted(chosen.items()))
            where = f" in {', '.join(keys)}" if keys else ""
            self._made[name] = Scope(self.known, f"composition.by[{said}]{where}", rows)
        return self._made[name]

    def _scope(self, name: Any, key: str, rows: pd.DataFrame) -> Scope:
        if name not in self._made:
            self._made[name] = Scope(self.known, key, rows)
        return self._made[name]


def headline_facts(facts: Facts) -> list[Fact]:
    """The counts and rates of both profiles for all channels, as `profiles` of facts.json."""
    found = []
    for name, lines in facts.headlines.items():
        for channel, line in lines.items():
            key = f"profiles.{name}.{channel}"
            said = line.as_dict()
            if channel != "all" and not said["orders"]:
                continue
            counts = {"orders": "orders", "defective": "defective"} | {k: PLURAL[k] for k in KINDS}
            for noun, column in counts.items():
                if said[column] is not None:
                    found.append(Fact(noun, COUNT, said[column], f"{key}.{column}"))
            found += [
                Fact("met", COUNT, said[column], f"{key}.{column}")
                for column in ("reversals_needed", "spare_defects", "good_orders_needed")
                if said[column]
            ]
            if said["rate"] is not None:
                found.append(Fact("rate", RATE, said["rate"], f"{key}.rate"))
    return found


def cause_facts(key: str, cause: Cause) -> list[Fact]:
    """What facts.json says of a named cause."""
    found = [
        Fact("orders", COUNT, cause.orders, f"{key}.orders"),
        Fact("defective", COUNT, cause.defective, f"{key}.defective"),
        Fact("rate", RATE, cause.rate, f"{key}.rate"),
        Fact("rate", RATE, cause.rate_elsewhere, f"{key}.rate_elsewhere"),
    ]
    return found + [
        Fact("met", COUNT, float(getattr(cause, name)), f"{key}.{name}")
        for name in ("expected", "excess", "low", "high")
    ]
