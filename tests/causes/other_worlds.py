"""
Worlds with planted causes, written apart from the search and from `worlds.py`.

`planted_world(family, seed, size)` gives orders and what was planted in them; `null_world` gives
orders in which there is nothing but mild differences between levels. `other_schemas.py` draws the
twelve columns, `other_families.py` the kinds of causes, `other_plan.py` plants them, and
`other_fairness.py` says which worlds are kept. Causes add up or multiply where they meet, by the
draw of the world. The same family, seed and size give the same world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from tests.causes.other_businesses import Floats
from tests.causes.other_families import FAMILIES
from tests.causes.other_plan import Plan
from tests.causes.other_schemas import business

__all__ = ["DRIFTS", "FAMILIES", "World", "exact_f1", "null_world", "planted_world"]

BUSINESSES = 60  # before a family is said not to fit a size
DRAWS = 8  # of one plan
DRIFTS = ("trend", "season", "step")


@dataclass(frozen=True)
class World:
    """
    Orders with known causes.

    Parameters
    ----------
    family : kind of world
    orders : twelve categorical columns, `defective`, and `recent` where a rise is asked for
    planted : what was planted, as column → value; empty in a null world
    background : chance of a defect per order where nothing is planted
    """

    family: str
    orders: pd.DataFrame
    planted: list[dict[str, str]]
    background: Floats

    @property
    def by(self) -> list[str]:
        """The columns to search."""
        return [name for name in self.orders if name not in {"defective", "recent"}]

    @property
    def rise(self) -> str | None:
        """The column that marks the later period, where the question is what has changed."""
        return "recent" if "recent" in self.orders else None

    @property
    def depth(self) -> int:
        """The most columns to put into one description: three, or four where that is planted."""
        return max([3, *(len(where) for where in self.planted)])


def exact_f1(
    found: Iterable[Mapping[str, object]], planted: Iterable[Mapping[str, object]]
) -> float:
    """F1 over whole descriptions: one condition too many or too few is a miss and a false name."""
    named = {frozenset((column, str(value)) for column, value in where.items()) for where in found}
    truth = {
        frozenset((column, str(value)) for column, value in where.items()) for where in planted
    }
    return 2 * len(named & truth) / (len(named) + len(truth)) if named or truth else 1.0


def planted_world(family: str, seed: int, size: int) -> World:
    """A world of a family of FAMILIES, redrawn until what is planted is there to be found."""
    rng = np.random.default_rng([crc32(family.encode()), seed, size])
    for _ in range(BUSINESSES):
        made = business(rng, size)
        plan = Plan(made, rng)
        if not FAMILIES[family](plan):
            continue
        for _ in range(DRAWS):
            bad = plan.draw()
            if bad is not None and plan.is_fair(bad):
                said = [made.said(cause.where) for cause in plan.causes]
                return World(family, made.orders(bad), said, made.background)
    raise RuntimeError(f"no fair world of {family} with {size} orders in {BUSINESSES} businesses")


def null_world(seed: int, size: int, drift: bool = False) -> World:
    """
    A world with nothing but mild main effects.

    With `drift`, the rate of the whole business follows a trend or a season, or it steps up or down
    with the recent period (then `rise` is the question); the seed picks.
    """
    rng = np.random.default_rng([crc32(b"null"), int(drift), seed, size])
    kind = DRIFTS[seed % len(DRIFTS)] if drift else "none"
    made = business(rng, size, kind)
    bad = rng.random(size, np.float32) < made.background
    return World(f"null, {kind}" if drift else "null", made.orders(bad), [], made.background)
