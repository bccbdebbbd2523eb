"""What is to be planted in one business: slices, and how strongly, so that they can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from tests.causes.other_businesses import MILD, Business, Rows, Where
from tests.causes.other_fairness import (
    FEWEST,
    LIFT,
    SURE,
    Flags,
    Planted,
    chance,
    fair,
    of_a_level,
    price,
    signal,
    signal_of_rise,
)

TRIES = 60  # proposals for one slice
ITEMS = 0.3  # of the slices name an item, the column with the most levels
STRENGTH = 0.9, 1.7  # defects that are planted, in multiples of those that just pass the rule
ODDS = 0.5  # no slice is planted so strongly that more than half of its orders are defective


class Plan:
    """What is to be planted in one business; a family fills it in."""

    def __init__(self, made: Business, rng: np.random.Generator) -> None:
        self.business = made
        self.rng = rng
        self.causes: list[Planted] = []
        self.parents: list[Where] = []
        self.together = str(rng.choice(["add", "multiply"]))
        self.most = np.inf

    def add(self, where: Where, share: float = 0.2, most: float = np.inf) -> bool:
        """
        Plant a slice about as strongly as it takes to be found, or somewhat more.

        Refused where the slice has more than `share` of the defects, or would need more than half
        of its orders to be defective, or more than `most` defects.
        """
        made = self.business
        rows = made.rows(where)
        expected = chance(made, self.causes, self.together)
        before = 0.0
        if made.recent is not None:
            before = float(expected[rows[~made.recent[rows]]].sum())
            rows = rows[made.recent[rows]]
        mean = float(expected[rows].sum())
        if len(rows) < 2 * FEWEST or mean > share * expected.sum() or mean <= 0:
            return False
        bar = price(made, list(where), exact=False) + SURE
        counts = np.arange(FEWEST, max(200, 8 * mean) + FEWEST)
        if made.recent is None:
            mild = MILD if of_a_level(made, where) else 1.0
            enough = signal(counts, mild * mean) > bar + 1
        else:
            enough = signal_of_rise(counts, mean, np.full(len(counts), before), before) > bar + 1
        enough &= counts > (LIFT + 0.3) * mean
        if not enough.any():
            return False
        least = counts[enough.argmax()]
        wanted = min(least * self.rng.uniform(*STRENGTH), most - 0.5)
        if least >= most or wanted > ODDS * len(rows):
            return False
        own = float(made.background[rows].sum())
        lift = wanted / mean if self.together == "multiply" else 1 + (wanted - mean) / own
        self.causes.append(Planted(where, rows, lift))
        self.most = min(self.most, most)
        return True

    def add_one(self, propose: Callable[[], Where | None], **limits: float) -> bool:
        """Plant the first proposal that can be planted."""
        for _ in range(TRIES):
            where = propose()
            new = where and all(where != cause.where for cause in self.causes)
            if new and self.add(where, **limits):
                return True
        return False

    def slice(self, depth: int, roles: Iterable[str] = (), near: Where | None = None) -> Where:
        """
        Some slice of `depth` columns out of `roles` (all, if none are given) that has orders.

        Large levels and small ones are drawn about equally often; no column determines another. A
        week is never a cause by itself. With `near`, the slice has orders in common with that one.
        """
        rng, made = self.rng, self.business
        pool = sorted(set(roles) or set(made.columns))
        if depth == 1 or made.recent is not None:
            pool = [role for role in pool if role != "week"]
        chosen: list[str] = []
        order = list(rng.permutation(pool))
        if "item" in pool and rng.random() < ITEMS:
            order.insert(0, "item")
        for role in order:
            apart = all(role != own and not made.related(str(role), own) for own in chosen)
            if len(chosen) < depth and apart:
                chosen.append(str(role))
        rows = made.rows(near) if near else None
        if rows is None and rng.random() < 0.5:
            first = made.columns[chosen[0]]
            rows = np.flatnonzero(first.codes == rng.integers(first.levels))
        if rows is None or not len(rows):
            row = int(rng.integers(len(made)))
        else:
            row = int(rng.choice(rows))
        return {role: int(made.columns[role].codes[row]) for role in chosen}

    def scatter(self, rows: Rows, role: str, level: int) -> None:
        """Give orders the level of some other order that has not this one."""
        codes = self.business.columns[role].codes
        elsewhere = np.flatnonzero(codes != level)
        self.business.move(rows, role, codes[self.rng.choice(elsewhere, len(rows))])

    def draw(self) -> Flags | None:
        """Defects by the plan; None where a chance would exceed nine in ten."""
        odds = chance(self.business, self.causes, self.together)
        if odds.max() > 0.9:
            return None
        return self.rng.random(len(odds), np.float32) < odds

    def is_fair(self, bad: Flags) -> bool:
        """Is what was planted there to be found, and no larger than the family says."""
        small = all(bad[cause.rows].sum() <= self.most for cause in self.causes)
        return small and fair(self.business, bad, self.causes, self.together, self.parents)
