"""Groups: every defective order of the window under one cause, the named causes first."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from odrlib.categories import UNEXPLAINED, category_of_orders
from odrlib.causes import Cause
from odrlib.facts import Facts
from odrlib.tables import among


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
    bad = inside[inside["defective"]].sort_values(["day", "order_id"], kind="stable")
    if bad.empty:
        return []
    sorts = category_of_orders(facts.inquiry.categorised).set_index("order_id")["category"]
    of_order = bad["order_id"].map(sorts).fillna(UNEXPLAINED)
    taken = pd.Series(data=False, index=bad.index)
    found = []
    for rank, cause in enumerate(facts.causes):
        mine = among(bad["order_id"], pd.Series(cause.order_ids, dtype="str")) & ~taken
        if mine.any():
            category = commonest(of_order[mine])
            found.append(Group(f"causes[{rank}]", cause, category, bad[mine], rank))
            taken |= mine
    counts = of_order[~taken].value_counts()
    names = sorted(counts.index, key=lambda name: (name == UNEXPLAINED, -counts[name], name))
    for name in names:
        rows = bad[~taken & of_order.eq(name)]
        found.append(Group(f"categories.counts[{name}]", None, str(name), rows))
    return found


def commonest(categories: pd.Series) -> str:
    """The commonest category but the unexplained one; that only if there is no other."""
    counts = categories[categories.ne(UNEXPLAINED)].value_counts()
    return sorted(counts.index[counts == counts.max()])[0] if len(counts) else UNEXPLAINED
