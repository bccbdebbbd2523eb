"""
What can be had: a search that knows what no analyst knows, the chance of a defect of every order
had nothing been planted.

It looks at every cell of every set of columns, names the one whose likelihood pays best for the
search, multiplies what it expects there, and looks again. A worse part of what it has named costs
only the choice of the part. It takes no name back: where two siblings are bad it may name their
parent first, and a search that compares whole explanations does better there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb, log

import numpy as np
import numpy.typing as npt

from tests.causes.other_fairness import signal, signal_of_rise
from tests.causes.other_worlds import World

CHANCE = 0.01
MOST = 8  # causes
EXCESS, LIFT = 3.0, 1.5

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """
    The cells of one set of columns that hold a defect.

    Parameters
    ----------
    columns : their positions
    cell : per order, which cell; `number` for a cell without defects
    number : of cells with defects
    example : an order of each cell with defects
    price : log of all the cells that could be named at this depth
    """

    columns: tuple[int, ...]
    cell: npt.NDArray[np.int32]
    number: int
    example: npt.NDArray[np.intp]
    price: float

    def sums(self, weight: Numbers) -> Numbers:
        """The total of a weight per order, cell by cell."""
        return np.bincount(self.cell, weight, minlength=self.number + 1)[: self.number]


def knowing(world: World) -> list[dict[str, str]]:
    """The causes that it names, the clearest first."""
    columns = [world.orders[name].cat for name in world.by]
    codes = np.stack([column.codes.to_numpy().astype(np.int64) for column in columns])
    bad = world.orders["defective"].to_numpy().astype(float)
    late = world.orders["recent"].to_numpy() == 1 if world.rise else np.ones(len(bad), bool)
    expected = world.background.astype(float)
    sets = [
        _cells(codes, chosen, bad > 0)
        for many in range(1, world.depth + 1)
        for chosen in combinations(range(len(codes)), many)
    ]
    named: list[dict[int, int]] = []
    while len(named) < MOST:
        pairs = [_best(cells, bad, expected, late, _prices(cells, codes, named)) for cells in sets]
        first = max(range(len(sets)), key=lambda i: pairs[i][0])
        net, best = pairs[first]
        if net < -log(CHANCE):
            break
        rows = np.flatnonzero((sets[first].cell == best) & late)
        named.append({column: int(codes[column, rows[0]]) for column in sets[first].columns})
        expected[rows] *= bad[rows].sum() / expected[rows].sum()
    return [
        {world.by[column]: str(columns[column].categories[level]) for column, level in one.items()}
        for one in named
    ]


def _cells(
    codes: npt.NDArray[np.int64], chosen: tuple[int, ...], bad: npt.NDArray[np.bool_]
) -> Cells:
    place = np.zeros(len(bad), np.int64)
    for column in chosen:
        place = place * (codes[column].max() + 1) + codes[column]
    held, first = np.unique(place[bad], return_index=True)
    cell = np.searchsorted(held, place).astype(np.int32)
    cell[held[np.minimum(cell, len(held) - 1)] != place] = len(held)
    price = log(len(np.unique(place))) + log(comb(len(codes), len(chosen)))
    return Cells(chosen, cell, len(held), np.flatnonzero(bad)[first], price)


def _prices(cells: Cells, codes: npt.NDArray[np.int64], named: list[dict[int, int]]) -> Numbers:
    """What each cell costs: less for a part of what is named already, by one more column."""
    prices = np.full(cells.number, cells.price)
    for whole in named:
        added = set(cells.columns) - whole.keys()
        if len(added) == 1 and len(cells.columns) == len(whole) + 1:
            inside = np.ones(cells.number, bool)
            for column, level in whole.items():
                inside &= codes[column, cells.example] == level
            levels = int(codes[added.pop()].max()) + 1
            prices[inside] = log((len(codes) - len(whole)) * levels)
    return prices


def _best(
    cells: Cells, bad: Numbers, expected: Numbers, late: npt.NDArray[np.bool_], prices: Numbers
) -> tuple[float, int]:
    """The most evidence, net of its price, and the cell that has it."""
    seen, due = cells.sums(bad * late), cells.sums(expected * late)
    if late.all():
        gain = signal(seen, due)
    else:
        gain = signal_of_rise(seen, due, cells.sums(bad * ~late), cells.sums(expected * ~late))
    net = np.where((seen >= LIFT * due) & (seen >= due + EXCESS), gain, 0.0) - prices
    best = int(net.argmax())
    return float(net[best]), best
