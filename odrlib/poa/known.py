"""
Known: every name, day and number of the store that a plan may mention, and where each stands.

Orders, products and carriers come from the tables; measures, settings, events, costs and evidence
from the ledgers; ids and names of the other stores from their own folders.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from odrlib import policy
from odrlib.facts import Facts
from odrlib.poa.groups import Group, cause_groups
from odrlib.poa.measures import Measure, measures_of
from odrlib.poa.siblings import Sibling, siblings_of
from odrlib.store import Store
from odrlib.tables import among

# The columns whose values name a part of the business, as a plan may name it.
NAMED_BY = ("carrier", "sku", "asin", "ship_service", "warehouse", "supplier")
# A value this short is more often a word than a name.
SHORTEST = 3
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, eq=False)
class Known:
    """What can be said of one store, ready to be looked up."""

    facts: Facts
    groups: list[Group]
    measures: list[Measure]
    siblings: list[Sibling]
    entities: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The store."""
        return self.facts.store

    @cached_property
    def bad(self) -> pd.DataFrame:
        """The defective orders of the window."""
        return self.facts.inside[self.facts.inside["defective"]]

    @cached_property
    def defective_ids(self) -> list[str]:
        """Their ids, sorted."""
        return sorted(map(str, self.bad["order_id"]))

    @cached_property
    def ever_defective(self) -> frozenset[str]:
        """Ids of all orders that are defective by any rule in the whole history."""
        tables = self.facts.defects.values()
        return frozenset(str(one) for t in tables for one in t.loc[t["defective"], "order_id"])

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """All that is known of each order that is defective by any rule."""
        table = self.facts.defects["amazon"]
        ever = pd.Series(sorted(self.ever_defective), dtype="str")
        mine = table[among(table["order_id"], ever)]
        return {str(row["order_id"]): row for row in mine.to_dict("records")}

    def has_order(self, order_id: str) -> bool:
        """Is it an order of this store?"""
        if order_id in self.rows:
            return True
        orders = self.store.orders
        return orders is not None and bool(orders["order_id"].eq(order_id).any())

    @cached_property
    def skus(self) -> frozenset[str]:
        """Every SKU and ASIN of the store."""
        items = self.store.order_items
        if items is None:
            return frozenset()
        columns = [items[name].astype("str").dropna().unique() for name in ("sku", "asin")]
        return frozenset(str(name) for column in columns for name in column)

    @cached_property
    def order_codes(self) -> dict[str, set[str]]:
        """The SKUs and ASINs of every item of each defective order."""
        found: dict[str, set[str]] = defaultdict(set)
        items = self.store.order_items
        if items is not None:
            mine = items[among(items["order_id"], pd.Series(list(self.rows), dtype="str"))]
            for row in mine[["order_id", "sku", "asin"]].to_dict("records"):
                names = (row["sku"], row["asin"])
                found[str(row["order_id"])] |= {str(one) for one in names if not pd.isna(one)}
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of stores and products, whose digits are no claims, longest first."""
        settings = self.store.settings
        names = {settings.name, settings.id, settings.seller_id}
        names |= {one for row in self.siblings for one in (row.name, row.id, row.seller_id)}
        if "title" in self.bad:
            titles = self.facts.inside["title"].astype("str").dropna().unique()
            names |= {str(title) for title in titles if re.search(r"\d", str(title))}
        return tuple(sorted((n for n in names if len(n) > 3), key=lambda one: (-len(one), one)))

    @cached_property
    def order_days(self) -> dict[str, dict[str, set[date]]]:
        """Of each defective order: what happened on which days, by column."""
        found: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
        zone = self.store.settings.timezone
        for name, row in self.rows.items():
            for column in ("day", "arrived_on", "promised_ship", "shipped_at", "first_scan_at",
                           "promised_delivery", "delivered_at"):  # fmt: skip
                found[name][column] |= days_in(row.get(column), zone)
        for table, columns in _DAYS.items():
            rows = getattr(self.store, table)
            if rows is None:
                continue
            mine = rows[among(rows["order_id"], pd.Series(list(self.rows), dtype="str"))]
            for row in mine.to_dict("records"):
                for column in columns:
                    found[str(row["order_id"])][f"{table}.{column}"] |= days_in(row[column], zone)
        return found

    @cached_property
    def days(self) -> dict[date, str]:
        """Days that a plan may name outside of an order's own, with their keys."""
        return days_of(self)

    @cached_property
    def window_days(self) -> dict[date, str]:
        """The days of the windows alone, for sentences on the rate itself."""
        found = {self.store.as_of: "as_of"}
        for name, choice in self.facts.windows.items():
            found.setdefault(choice.window.first, f"profiles.{name}.window.first")
            found.setdefault(choice.window.last, f"profiles.{name}.window.last")
        # "1 October to 31 October" is thirty days as the 30-day rule's own words count them.
        found.setdefault(self.store.as_of - timedelta(days=30), "profiles.brief.window.first")
        for row in self.facts.related.to_dict("records"):
            for name in ("first", "last"):
                found.setdefault(row[name], f"related[{row['metric']}].{name}")
        return found

    @cached_property
    def group_days(self) -> dict[str, list[tuple[date, str]]]:
        """The days of each cause, by its key."""
        return {group.key: days_of_group(self, group) for group in self.groups}

    @cached_property
    def ledger_numbers(self) -> dict[str, str]:
        """Every number in the words of measures, settings and events, with its key."""
        found: dict[str, str] = {}
        for measure in self.measures:
            text = " ".join((measure.what, measure.frequency, measure.threshold, measure.setting))
            for number in NUMBER.findall(text):
                found.setdefault(number.replace(",", "."), measure.key)
        for table, columns in (
            ("store_settings", ("name", "value")),
            ("events", ("what", "value")),
        ):
            rows = getattr(self.store, table)
            for row in [] if rows is None else rows.to_dict("records"):
                text = " ".join(str(row[name]) for name in columns if not pd.isna(row[name]))
                key = f"ledger.{table.removeprefix('store_')}"
                for number in NUMBER.findall(text):
                    found.setdefault(number.replace(",", "."), key)
        return found

    @cached_property
    def ledger_text(self) -> str:
        """All words of measures, settings and events, for names that only they know."""
        parts = [f"{m.what} {m.setting} {m.threshold} {m.owner}" for m in self.measures]
        for table, columns in (
            ("store_settings", ("name", "value")),
            ("events", ("what", "value")),
        ):
            rows = getattr(self.store, table)
            parts += [
                str(row[name])
                for row in ([] if rows is None else rows.to_dict("records"))
                for name in columns
                if not pd.isna(row[name])
            ]
        return " ".join(parts)


# Days that other tables tell of an order.
_DAYS = {
    "claims": ("filed_on", "decided_on", "appeal_by"),
    "chargebacks": ("filed_on", "answer_by"),
    "feedback": ("date",),
    "returns": ("requested_on", "delivered_on"),
    "messages": ("at",),
    "costs": ("date",),
    "evidence": ("dated",),
    "removals": ("requested_on", "decided_on"),
}


def days_in(value: Any, zone: str) -> set[date]:
    """The day of a moment, in the store's zone and in UTC; nothing for a missing one."""
    if value is None or pd.isna(value):
        return set()
    moment = pd.Timestamp(value)
    if moment.tzinfo is None:
        return {moment.date()}
    return {moment.date(), moment.tz_convert(zone).date()}


def known_of(facts: Facts) -> Known:
    """All that is known of a store and its neighbours."""
    return Known(
        facts=facts,
        groups=cause_groups(facts),
        measures=measures_of(facts.store),
        siblings=siblings_of(facts.store),
        entities=_entities(facts),
    )


def _entities(facts: Facts) -> dict[str, dict[str, str]]:
    """Per column: each value as it may be written, in lower case -> as the tables have it."""
    found: dict[str, dict[str, str]] = {}
    for column in NAMED_BY:
        if column not in facts.inside:
            continue
        names = facts.inside[column].astype("str").dropna().unique()
        found[column] = {
            str(name).casefold(): str(name) for name in names if len(str(name)) >= SHORTEST
        }
    spellings = policy.table("tracking")["carrier_names"]
    carriers = found.get("carrier", {})
    for name in list(carriers.values()):
        for spelling in spellings.get(name, ()):
            # "Amazon" alone is the site, not its parcel service.
            if len(spelling) >= SHORTEST and spelling != "amazon":
                carriers.setdefault(spelling.casefold(), name)
    return found


def days_of(known: Known) -> dict[date, str]:
    """The days of windows, ledgers and causes, each with the key of the fact."""
    facts, store = known.facts, known.store
    found: dict[date, str] = dict(known.window_days)

    def add(value: Any, key: str) -> None:
        for day in days_in(value, store.settings.timezone):
            found.setdefault(day, key)

    for name, value in store.settings.account.items():
        if isinstance(value, date):
            add(value, f"store.account.{name}")
    for measure in known.measures:
        add(measure.date, measure.key)
    for table, column in (("events", "date"), ("store_settings", "checked_on")):
        rows = getattr(store, table)
        for value in [] if rows is None else rows[column]:
            add(value, f"ledger.{table.removeprefix('store_')}")
    for lines in facts.headlines.values():
        roll = lines["all"].roll_off
        if roll is not None:
            add(roll.back_under_limit_on, "roll_off.back_under_limit_on")
    if facts.inquiry.known:
        for on in facts.inquiry.over_time.changes["on"]:
            add(on, "changes.found")
    return found


def days_of_group(known: Known, group: Group) -> list[tuple[date, str]]:
    """The first and last day of a cause's orders, and of their refunds."""
    ids = group.orders["order_id"]
    if group.cause is not None:
        ids = pd.concat([ids, pd.Series(group.cause.order_ids, dtype="str")])
    inside = known.facts.inside
    found: list[tuple[date, str]] = []
    for rows in (group.orders, inside[among(inside["order_id"], ids)]):
        found.append((rows["day"].min().date(), f"{group.key}.first"))
        found.append((rows["day"].max().date(), f"{group.key}.last"))
        paid = paid_days(known, rows["order_id"])
        found += [(edge(paid), "ledger.costs") for edge in (min, max) if paid]
    return found


def paid_days(known: Known, order_ids: pd.Series) -> list[date]:
    """The days on which any of the orders was refunded."""
    costs = known.store.costs
    if costs is None:
        return []
    mine = costs[among(costs["order_id"], order_ids) & costs["date"].notna()]
    return [day.date() for day in mine["date"]]
