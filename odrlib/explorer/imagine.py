"""
Imagine: what the rate would be if a slice were like the rest, or its defects reversed, at once.

The same arithmetic as `what_if`, on the counts of the cube in place of the orders one by one; a
test holds that both give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from odrlib.policy import PROFILES
from odrlib.rates import Rate
from odrlib.selections import ANY, Counts, Cube, Selection
from odrlib.whatif.defective import likely_thinned


@dataclass(frozen=True)
class Imagined:
    """
    The rate of all orders of the days, as it is and with one thing changed.

    Parameters
    ----------
    now, expected, low, high : with all kinds of defects; low and high are the range to reckon with
    changed : orders of the slice, or orders whose defects are taken off
    worse : is the slice worse than the rest at all?
    """

    now: Rate
    expected: Rate
    low: Rate
    high: Rate
    changed: int
    worse: bool = True

    def status(self, profile: str) -> str:
        """Would the expected rate keep the limit: "under", "over" or "unknown"?"""
        return self.expected.status(PROFILES[profile])


def like_the_rest(
    cube: Cube, selection: Selection, unknown: tuple[str, ...] = ()
) -> Imagined | None:
    """The slice at the rate of the rest; None where the slice or the rest has no order."""
    mine, bad, orders = _counted(cube, selection)
    rest_bad, rest_orders = bad - mine.defective, orders - mine.orders
    if not mine.orders or not rest_orders:
        return None
    low, expected, high = likely_thinned(mine.defective, mine.orders, rest_bad, rest_orders)
    return Imagined(
        now=Rate(bad, orders, unknown),
        expected=Rate(rest_bad + expected, orders, unknown),
        low=Rate(rest_bad + low, orders, unknown),
        high=Rate(rest_bad + high, orders, unknown),
        changed=mine.orders,
        worse=mine.defective * rest_orders > rest_bad * mine.orders,
    )


def reversed_defects(
    cube: Cube, selection: Selection, unknown: tuple[str, ...] = ()
) -> Imagined | None:
    """The defects of the selection, of its kind, taken off; None where it has none."""
    rows, many = cube.bad_rows(selection)
    if not len(rows):
        return None
    _, bad, orders = _counted(cube, selection)
    off = int(many.sum())
    if selection.kind != ANY and PROFILES[selection.profile].count == "orders":
        # An order with another kind of defect stays defective.
        others = [flags for kind, flags in cube.flags.items() if kind not in (ANY, selection.kind)]
        kept = np.zeros(len(rows), dtype=bool)
        for flags in others:
            kept |= flags[rows] > 0
        off = int((~kept).sum())
    after = Rate(bad - off, orders, unknown)
    return Imagined(Rate(bad, orders, unknown), after, after, after, changed=len(rows))


def _counted(cube: Cube, selection: Selection) -> tuple[Counts, int, int]:
    """The counts of the slice, and defects and orders of all of its days, all kinds of defect."""
    every = replace(selection, kind=ANY)
    whole = cube.business(every)
    return cube.counts(every), whole.defective, whole.orders
