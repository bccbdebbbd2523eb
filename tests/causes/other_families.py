"""
The kinds of planted causes, one function each.

A family shapes the business where it has to and adds its causes to the plan; it answers False where
this business does not allow it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.causes.other_businesses import MILD, Rows, Where
from tests.causes.other_fairness import chance
from tests.causes.other_plan import ODDS, TRIES, Plan


def one_attribute(plan: Plan) -> bool:
    """One level of one column: a SKU, a carrier, a state."""
    return plan.add_one(lambda: plan.slice(1))


def two_attributes(plan: Plan) -> bool:
    """One combination of two columns: a carrier in a region."""
    return plan.add_one(lambda: plan.slice(2))


def three_attributes(plan: Plan) -> bool:
    """One combination of three columns."""
    return plan.add_one(lambda: plan.slice(3))


def four_attributes(plan: Plan) -> bool:
    """One combination of four columns."""
    return plan.add_one(lambda: plan.slice(4))


def several(plan: Plan) -> bool:
    """Two to four causes of one to three attributes, anywhere."""
    number = int(plan.rng.integers(2, 5))
    return all(
        plan.add_one(lambda: plan.slice(int(plan.rng.integers(1, 4))), share=0.1)
        for _ in range(number)
    )


def overlapping(plan: Plan) -> bool:
    """Two causes of different columns that share at least a tenth of the smaller one's orders."""
    if not plan.add_one(lambda: plan.slice(int(plan.rng.integers(1, 3)))):
        return False
    first = plan.causes[0]
    free = sorted(set(plan.business.columns) - first.where.keys())

    def second() -> Where | None:
        where = plan.slice(int(plan.rng.integers(1, 3)), free, near=first.where)
        rows = plan.business.rows(where)
        shared = len(np.intersect1d(rows, first.rows, assume_unique=True))
        return where if shared >= 0.1 * min(len(rows), len(first.rows)) else None

    return plan.add_one(second)


def _families(plan: Plan) -> list[tuple[str, str]]:
    """The pairs (child, parent) of the business: item and maker, state and region, …"""
    return sorted(
        (child, parent)
        for child, column in plan.business.columns.items()
        for parent in column.parents
    )


def _children(plan: Plan, parent: Where, child: str) -> np.ndarray:
    """Orders of each level of the child inside one level of the parent."""
    return np.bincount(plan.business.columns[child].codes[plan.business.rows(parent)])


def siblings(plan: Plan) -> bool:
    """Two or three bad SKUs of one innocent supplier, or bad states of one innocent region."""
    rng, made = plan.rng, plan.business
    child, above = _families(plan)[rng.integers(len(_families(plan)))]
    for _ in range(TRIES):
        parent = {above: int(made.columns[above].codes[rng.integers(len(made))])}
        orders = _children(plan, parent, child)
        sold = np.flatnonzero(orders)
        number = int(rng.integers(2, 4))
        if len(sold) < number + 3:
            continue
        bad = rng.choice(sold, number, replace=False)
        if orders[bad].sum() > 0.5 * orders.sum():
            continue
        plan.causes.clear()
        if all(plan.add({child: int(level)}) for level in bad):
            plan.parents = [parent]
            return True
    return False


def hierarchy(plan: Plan) -> bool:
    """A whole supplier, category, region or carrier, none of whose parts is most of it."""
    pairs = _families(plan)

    def whole() -> Where | None:
        child, above = pairs[plan.rng.integers(len(pairs))]
        where = plan.slice(1, [above])
        orders = _children(plan, where, child)
        return where if orders.max() <= 0.6 * orders.sum() and (orders > 0).sum() >= 3 else None

    return plan.add_one(whole, share=0.35)


def exclusive(plan: Plan) -> bool:
    """A bad SKU shipped mostly by one carrier (or warehouse); or such a carrier with one SKU."""
    way = "carrier" if plan.rng.random() < 0.75 else "warehouse"
    kind = _item_by_one_way if plan.rng.random() < 0.5 else _way_with_one_item
    return any(kind(plan, way) for _ in range(TRIES))


def _item_by_one_way(plan: Plan, way: str) -> bool:
    """A bad SKU, 85-95 % of it by one innocent carrier that ships much else."""
    rng, made = plan.rng, plan.business
    item, shipper = plan.slice(1, ["item"]), plan.slice(1, [way])
    sold = made.rows(item)
    if not 40 <= len(sold) <= 0.5 * len(made.rows(shipper)):
        return False
    made.move(sold[rng.random(len(sold)) < rng.uniform(0.85, 0.95)], way, shipper[way])
    return plan.add(item)


def _way_with_one_item(plan: Plan, way: str) -> bool:
    """A bad carrier, 60-80 % of whose parcels are one innocent SKU that others ship as well."""
    rng, made = plan.rng, plan.business
    item, shipper = plan.slice(1, ["item"]), plan.slice(1, [way])
    sold = made.rows(item)
    strange = np.setdiff1d(made.rows(shipper), sold, assume_unique=True)
    through = sold[rng.random(len(sold)) < rng.uniform(0.3, 0.5)]
    keep = round(len(through) * rng.uniform(0.25, 0.65))
    if not 80 <= len(sold) <= 0.15 * len(made) or not 15 <= keep < len(strange):
        return False
    plan.scatter(rng.permutation(strange)[keep:], way, shipper[way])
    made.move(through, way, shipper[way])
    return plan.add(shipper)


def twins(plan: Plan) -> bool:
    """A SKU that only travels with a bad carrier; or a good warehouse that holds a bad supplier."""
    kind = _item_of_one_carrier if plan.rng.random() < 0.5 else _good_hall_with_bad_goods
    return any(kind(plan) for _ in range(TRIES))


def _item_of_one_carrier(plan: Plan) -> bool:
    """All parcels of an innocent SKU go by a bad carrier, so its rate is as bad."""
    made = plan.business
    item, carrier = plan.slice(1, ["item"]), plan.slice(1, ["carrier"])
    sold = made.rows(item)
    if not 20 <= len(sold) <= 0.4 * len(made.rows(carrier)):
        return False
    made.move(sold, "carrier", carrier["carrier"])
    return plan.add(carrier, share=0.35)


def _good_hall_with_bad_goods(plan: Plan) -> bool:
    """Simpson: the warehouse is better than others with any goods, and worse with its own."""
    rng, made = plan.rng, plan.business
    cause, hall = plan.slice(1, ["maker", "item", "line"]), plan.slice(1, ["warehouse"])
    rows, level = made.rows(cause), hall["warehouse"]
    if not 60 <= len(rows) <= 0.2 * len(made):
        return False
    halls = made.columns["warehouse"].levels
    made.effects.setdefault("warehouse", np.ones(halls, np.float32))[level] = 1 / MILD
    strange = np.setdiff1d(made.rows(hall), rows, assume_unique=True)
    inside = rows[rng.random(len(rows)) < rng.uniform(0.5, 0.75)]
    keep = round(len(inside) * rng.uniform(0.5, 1.5))
    plan.scatter(rng.permutation(strange)[keep:], "warehouse", level)
    made.move(inside, "warehouse", level)
    if not plan.add(cause, share=0.35):
        return False
    odds = chance(made, plan.causes, plan.together)
    looks_bad = odds[made.rows(hall)].mean() > 1.5 * odds.mean()
    if not looks_bad:
        plan.causes.clear()
    return bool(looks_bad)


def single_week(plan: Plan) -> bool:
    """One week of one warehouse, carrier, supplier, region …, not of the whole business."""
    places = sorted(set(plan.business.columns) - {"week", "lot"})

    def week() -> Where:
        where = plan.slice(1, places)
        return plan.slice(1 + len(where), ["week", *where], near=where) | where

    return plan.add_one(week)


def tiny(plan: Plan) -> bool:
    """One or two causes of 6 to 15 defects, of one to three attributes."""
    number = int(plan.rng.integers(1, 3))
    return all(
        plan.add_one(lambda: plan.slice(int(plan.rng.integers(1, 4))), most=15)
        for _ in range(number)
    )


def nested(plan: Plan) -> bool:
    """A bad slice with a part that is worse still; both are causes."""
    plan.together = "multiply"
    if not plan.add_one(lambda: plan.slice(int(plan.rng.integers(1, 3)))):
        return False
    outer = plan.causes[0]

    def inner() -> Where | None:
        where = plan.slice(1, set(plan.business.columns) - outer.where.keys(), near=outer.where)
        if any(plan.business.related(role, own) for role in where for own in outer.where):
            return None
        part = len(plan.business.rows(outer.where | where)) / len(outer.rows)
        return outer.where | where if 0.05 <= part <= 0.5 else None

    return plan.add_one(inner)


def recent(plan: Plan) -> bool:
    """One or two causes that begin with the recent weeks, beside one to three old hot spots."""
    rng, made = plan.rng, plan.business
    made.begin_recent(rng)
    old = [_hot_spot(plan) for _ in range(rng.integers(1, 4))]
    step = rng.uniform(0.8, 1.4) if rng.random() < 0.5 else 1.0
    extra = np.where(made.recent, step, 1.0).astype(np.float32)
    for rows, factor in old:
        extra[rows] *= factor
    made.burden(extra)
    number = 1 if rng.random() < 0.7 else 2
    return all(plan.add_one(lambda: plan.slice(int(rng.integers(1, 3)))) for _ in range(number))


def _hot_spot(plan: Plan) -> tuple[Rows, float]:
    """A slice that was always bad, and by how much; now and then more of it is sold lately."""
    rng, made = plan.rng, plan.business
    for _ in range(TRIES):
        rows = made.rows(plan.slice(int(rng.integers(1, 3))))
        usual = made.background[rows]
        if 3 <= usual.sum() <= 0.1 * made.rate * len(made):
            factor = min(rng.uniform(3, 8), ODDS / 3 / usual.max())
            if rng.random() < 0.3:
                moved = rows[rng.random(len(rows)) < rng.uniform(0.1, 0.4)]
                made.sell_lately(moved, rng)
            return rows, factor
    return rows[:0], 1.0


FAMILIES: dict[str, Callable[[Plan], bool]] = {
    "one attribute": one_attribute,
    "two attributes": two_attributes,
    "three attributes": three_attributes,
    "four attributes": four_attributes,
    "several": several,
    "overlapping": overlapping,
    "siblings": siblings,
    "hierarchy": hierarchy,
    "exclusive": exclusive,
    "twins": twins,
    "single week": single_week,
    "tiny": tiny,
    "nested": nested,
    "recent": recent,
}
