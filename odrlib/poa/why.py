"""
Why: the chain from a defect to something the seller controls, each link with the fact it cites.

A link that no file gives is a blank that demands what is missing. A chain never ends at the buyer,
at the carrier alone, or at a person's mistake: its end is a rule, setting or step of the seller's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.categories import UNEXPLAINED
from odrlib.columns import days, listed, moments
from odrlib.defects import is_said
from odrlib.exports.words import says
from odrlib.facts import Facts
from odrlib.poa.groups import Group
from odrlib.poa.language import Share, Term
from odrlib.poa.measures import Measure
from odrlib.poa.replay import slow_answers

# An event so long before the first order is too old to be named without the analyst.
EVENT_DAYS = 120
# A link is of use where it holds for at least so large a part of the orders.
MOST = 0.5


@dataclass(frozen=True)
class Link:
    """
    One "because": a sentence plan with its values, and the keys of the facts it cites.

    `ours` says that it names something the seller controls; `blank` that the analyst must fill it.
    """

    plan: str
    values: dict[str, Any]
    keys: tuple[str, ...] = ()
    ours: bool = False
    blank: bool = False


def why_chain(facts: Facts, group: Group, measures: list[Measure]) -> list[Link]:
    """
    Three to five links for a cause, the last of them ours, or a blank that demands it.

    Parameters
    ----------
    measures : the measures of this cause
    """
    links = [*_first(group), *_mechanism(facts, group)][:3]
    return [*links, _event(facts, group), _end(measures)]


def _first(group: Group) -> Iterator[Link]:
    cause = group.cause
    if cause is not None:
        keys = tuple(f"{group.key}.{name}" for name in ("defective", "orders", "rate"))
        values = {
            "defective": cause.defective,
            "orders": cause.orders,
            "rate": Share(cause.rate),
            "elsewhere": Share(cause.rate_elsewhere),
        }
        yield Link("why_rate", values, (*keys, f"{group.key}.rate_elsewhere"))
        return
    if group.category != UNEXPLAINED:
        category = Term("category", group.category)
        values = {"count": len(group.orders), "category": category}
        yield Link("why_complaint", values, (f"{group.key}.orders",))


def _mechanism(facts: Facts, group: Group) -> list[Link]:
    """What the parcels and messages of most of the orders have in common, the commonest first."""
    hours = policy.table("targets")["response_within_24_hours"]["hours"]
    counts = conditions(group.orders, facts, hours)
    links = [
        Link(
            f"why_{name}",
            {"count": count} | ({"hours": hours} if name == "slow" else {}),
            (f"defects[].{column}",),
        )
        for name, column, count in counts
        if count >= MOST * len(group.orders) and count
    ]
    return sorted(links, key=lambda link: -link.values["count"])


def conditions(orders: pd.DataFrame, facts: Facts, hours: float) -> list[tuple[str, str, int]]:
    """How many orders are known to meet each condition: its name, the column read, the count."""
    zone = facts.store.settings.timezone
    known = [
        ("untracked", "tracked", is_said(orders["tracked"].astype("boolean"), False)),
        ("no_scan", "delivered_at", _no_scan(orders)),
        ("late", "delivered_at", _after(orders["delivered_at"], orders["promised_delivery"], zone)),
        (
            "handed_over",
            "first_scan_at",
            _after(orders["first_scan_at"], orders["promised_ship"], zone),
        ),
        ("slow", "order_id", slow_answers(orders, facts.store, hours)),
    ]
    return [(name, column, int(held.sum())) for name, column, held in known]


def _no_scan(orders: pd.DataFrame) -> np.ndarray:
    """Shipped by the seller with a number, and never scanned as delivered."""
    sent = orders["tracking_number"].notna().to_numpy() & ~says(orders["channel"], ("afn",))
    found: np.ndarray = sent & orders["delivered_at"].isna().to_numpy()
    return found


def _after(came: pd.Series, promised: pd.Series, zone: str) -> np.ndarray:
    """On a later day than promised, as days are cut in the store's zone? Not if one is unknown."""
    day, last = (days(moments(each), zone) for each in (came, promised))
    return day > last


def _event(facts: Facts, group: Group) -> Link:
    """The newest event of the ledger that speaks of this cause and came before its orders end."""
    first, last = group.orders["day"].min(), group.orders["day"].max()
    events = facts.store.events
    if events is not None and group.cause is not None:
        named = {
            str(value).casefold()
            for where in (group.cause.where, *group.cause.same_as)
            for value in where.values()
            if value is not None
        }
        told = (listed(events[name].array) for name in ("date", "line", "value", "what"))
        fit = [
            (on, line, what)
            for on, line, value, what in zip(*told, strict=True)
            if on is not None and first - timedelta(days=EVENT_DAYS) <= on <= last
            if what is not None and value is not None and str(value).casefold() in named
        ]
        if fit:
            on, _, what = max(fit)
            values = {"date": on.date(), "what": str(what)}
            return Link("why_event", values, (f"ledger.events[{on.date().isoformat()}]",))
    return Link("blank_event", {"first": first.date()}, blank=True)


def _end(measures: list[Measure]) -> Link:
    """The seller's own setting that a done measure changed; else a blank that asks for it."""
    for measure in measures:
        if measure.done and measure.setting and measure.date:
            values = {"setting": measure.setting, "id": measure.id, "date": measure.date}
            return Link("why_setting", values, (measure.key,), ours=True)
    return Link("blank_end", {}, ours=True, blank=True)
