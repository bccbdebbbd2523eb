"""Groups: every defective order of the window under one cause, the named causes first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from odrlib.categories import UNEXPLAINED, category_of_orders, commonest
from odrlib.causes import Cause
from odrlib.columns import by_day, words
from odrlib.exports.columns import rows_at, rows_where
from odrlib.facts import Facts
from odrlib.tables import is_among


@dataclass(frozen=True, eq=False)
class Group:
    """
    Defective orders with one cause.

    Parameters
    ----------
    key : where the group stands in facts.json
    cause : the named cause; None for a category, or for what nothing explains
    category : the root-cause category of most of its orders ("R27" if none is known)
    orders : rows of `facts.inside`, by order day and id
    rank : the place of the cause in `facts.causes`, from 0; None without one
    """

    key: str
    cause: Cause | None
    category: str
    orders: pd.DataFrame
    rank: int | None = None

    @property
    def order_ids(self) -> list[str]:
        """The ids of its orders, in the order of the rows."""
        return [str(name) for name in self.orders["order_id"]]


def cause_groups(facts: Facts) -> list[Group]:
    """
    The defective orders of the window by cause; each stands in exactly one group.

    Named causes come in rank order and take their orders from those behind; the rest goes by
    category, the largest first, and what nothing explains is last.
    """
    inside = facts.inside
    places = np.flatnonzero(inside["defective"])
    if not len(places):
        return []
    bad = rows_at(inside, by_day(inside, places))
    sorts = category_of_orders(facts.inquiry.categorised)
    named = dict(zip(*(words(sorts[name].array) for name in ("order_id", "category")), strict=True))
    told = [named.get(name) or UNEXPLAINED for name in words(bad["order_id"].array)]
    of_order = np.array(told, dtype=object)
    taken = np.zeros(len(bad), dtype=bool)
    found = []
    for rank, cause in enumerate(facts.causes):
        mine = is_among(bad["order_id"], cause.order_ids) & ~taken
        if mine.any():
            known = (name for name in of_order[mine] if name != UNEXPLAINED)
            category = commonest(known) or UNEXPLAINED
            found.append(Group(f"causes[{rank}]", cause, category, rows_where(bad, mine), rank))
            taken |= mine
    counts = Counter(of_order[~taken])
    for name in sorted(counts, key=lambda name: (name == UNEXPLAINED, -counts[name], name)):
        rows = rows_where(bad, ~taken & (of_order == name))
        found.append(Group(f"categories.counts[{name}]", None, name, rows))
    return found
