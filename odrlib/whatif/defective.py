"""A table of orders with a part of them given another number of defects, and which number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from odrlib.exports.columns import columns_of, frame_of
from odrlib.policy import Profile
from odrlib.rates import counted, known_kinds
from odrlib.whatif.change import Mask

# The range holds 95 %, like every interval of a rate.
TAILS = (0.025, 0.975)
# So many equally likely values of the rest's rate stand for all.
NODES = 200

Likely = tuple[int, int, int]


def without_defects(orders: pd.DataFrame, mask: Mask, kind: str | None = None) -> pd.DataFrame:
    """The orders, those of `mask` without their defects (or without those of one kind)."""
    places = np.flatnonzero(mask)
    defects = orders["defects"].to_numpy(copy=True)
    flags = _flags(orders)
    for name in flags if kind is None else {kind}.intersection(flags):
        defects[places] -= flags[name][places]
        flags[name][places] = False
    if kind is None:
        defects[places] = 0
    return _counting(orders, flags, defects)


def with_defects(
    orders: pd.DataFrame, mask: Mask, inside: Mask, profile: Profile, wanted: int
) -> pd.DataFrame:
    """
    The orders, those of `mask` with `wanted` defects among those `inside` the window.

    Which ones go, or which orders get one, is spread evenly: of the defects in order of day and
    order id, every so manyth. Orders younger than the window get their share of it likewise. A
    defect that is added is of no kind.
    """
    numbers = counted(orders, profile)
    had = int(numbers[mask & inside].sum())
    if wanted < had:
        return _fewer(orders, mask & (numbers > 0), profile, Fraction(wanted, had))
    good = mask & (numbers == 0)
    return _more(orders, good, Fraction(wanted - had, max(1, int((good & inside).sum()))))


def likely_thinned(had: int, orders: int, rest_had: int, rest_orders: int) -> Likely:
    """
    Low, expected and high number of defects of a slice at the rest's rate.

    Each defect of a slice worse than the rest stays with the chance rate of the rest / rate of the
    slice (so that none is added); the range holds the luck of that and the doubt about the rest's
    rate. A slice no worse than the rest is drawn anew.
    """
    if had * rest_orders <= orders * rest_had:
        return likely_anew(orders, rest_had, rest_orders)
    stay = np.minimum(_rates(rest_had, rest_orders) * orders / had, 1.0)
    return _range(
        lambda number: float(special.bdtr(number, had, stay).mean()),
        had,
        Fraction(orders * rest_had, rest_orders),
    )


def likely_anew(orders: int, rest_had: int, rest_orders: int) -> Likely:
    """Low, expected and high number of defects of so many other orders at the rest's rate."""
    mean = _rates(rest_had, rest_orders) * orders
    return _range(
        lambda number: float(special.pdtr(number, mean).mean()),
        orders,
        Fraction(orders * rest_had, rest_orders),
    )


def _range(cumulative: Callable[[int], float], most: int, expected: Fraction) -> Likely:
    low, high = (min(bisect_left(range(most + 1), tail, key=cumulative), most) for tail in TAILS)
    middle = min(int(expected + Fraction(1, 2)), most)
    return min(low, middle), middle, max(high, middle)


def _rates(had: int, orders: int) -> npt.NDArray[np.float64]:
    """Rates that such a count is likely to come from (Jeffreys' posterior of a Poisson rate)."""
    chance = (np.arange(NODES) + 0.5) / NODES
    found: npt.NDArray[np.float64] = special.gammaincinv(had + 0.5, chance) / orders
    return found


def _fewer(orders: pd.DataFrame, bad: Mask, profile: Profile, share: Fraction) -> pd.DataFrame:
    flags = _flags(orders)
    defects = orders["defects"].to_numpy(copy=True)
    places = _in_order(orders, bad)
    if profile.count == "orders":
        gone = places[~_kept(len(places), share)]
        defects[gone] = 0
        for column in flags.values():
            column[gone] = False
    else:
        row, kind = np.nonzero(np.column_stack([column[places] for column in flags.values()]))
        off = ~_kept(len(row), share)
        row, kind = places[row[off]], kind[off]
        np.subtract.at(defects, row, 1)
        for at, column in enumerate(flags.values()):
            column[row[kind == at]] = False
    return _counting(orders, flags, defects)


def _more(orders: pd.DataFrame, good: Mask, share: Fraction) -> pd.DataFrame:
    places = _in_order(orders, good)
    defects = orders["defects"].to_numpy(copy=True)
    defects[places[_kept(len(places), share)]] = 1
    return _counting(orders, {}, defects)


def _counting(orders: pd.DataFrame, flags: dict[str, Mask], defects: np.ndarray) -> pd.DataFrame:
    """The orders with other defects, their other columns shared."""
    told = flags | {"defects": defects, "defective": defects > 0}
    return frame_of(columns_of(orders) | told, orders.index)


def _in_order(orders: pd.DataFrame, mask: Mask) -> npt.NDArray[np.intp]:
    """The places of the orders of `mask`, by day and order id."""
    places = np.flatnonzero(mask)
    ids = orders["order_id"].array.take(places).to_numpy(str)
    return places[np.lexsort((ids, orders["day"].to_numpy()[places]))]


def _kept(number: int, share: Fraction) -> Mask:
    """Of `number` things every so manyth: of any first few, `share` of them, rounded down."""
    up_to = np.arange(number + 1, dtype=object) * share.numerator // share.denominator
    return np.diff(up_to).astype(bool)


def _flags(orders: pd.DataFrame) -> dict[str, Mask]:
    """Which orders have each known kind of defect, to be changed."""
    return {kind: orders[kind].to_numpy(dtype=bool, copy=True) for kind in known_kinds(orders)}
