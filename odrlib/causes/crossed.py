"""Crossed: two attributes of the orders against each other, and which two are worth a look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.breakdown import UNKNOWN
from odrlib.causes.attributes import CANDIDATES
from odrlib.causes.cause import Cause
from odrlib.causes.drill import column_of, drill_path
from odrlib.causes.series import slice_rows
from odrlib.rates import wilson

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]

# Cells with fewer orders are marked: one defect makes their rate 5 % or more.
FEW = 20
# Levels that stand in their own order, not in that of their defects.
IN_TIME = ("order_week", "ship_week")
# Sweeps until the defects expected from both margins stand still; a grid is small.
SWEEPS = 100
# A second attribute splits a slice if its levels differ by so many standard deviations more than
# chance alone: about the best of 20 attributes that say nothing, once in a thousand.
SPLITS = 4.0
# A level crosses a slice if there are such orders outside it; so must most orders of the slice.
CROSSES = 0.5


def rate_grid(
    orders: pd.DataFrame, row: str, column: str, top: int = 8, target: str = "defective"
) -> pd.DataFrame:
    """
    Two attributes crossed: the defects of each pair of levels against those expected.

    Of each attribute, the `top` levels with the most defective orders stand for themselves, the
    rest, if more than one, is the level "other (n levels)"; missing values are the level "unknown"
    and never folded. Weeks and ordered categories keep their own order.

    Parameters
    ----------
    orders : one row per order, with the columns `row` and `column`
    target : a column of 0/1 or booleans, without gaps

    Returns
    -------
    DataFrame, one row per pair of levels, also of those without orders: row, column (text, ordered
    categories), orders, defective, expected (at the rate of all orders), apart (expected if row
    and column each mattered by itself), rate, low, high (0-1, 95 %; missing without orders),
    excess (defective - expected), few (1 to 19 orders)

    Raises
    ------
    BadParameter : there is no such column
    """
    bad = column_of(orders, target).to_numpy(bool)
    down, down_names = _levels(column_of(orders, row), bad, top, row in IN_TIME)
    across, across_names = _levels(column_of(orders, column), bad, top, column in IN_TIME)
    shape = (len(down_names), len(across_names))
    cell = down * shape[1] + across
    counts = np.bincount(cell, minlength=shape[0] * shape[1])
    defects = np.bincount(cell[bad], minlength=len(counts))
    expected = counts * (bad.mean() if len(bad) else 0.0)
    low, high = wilson(defects, counts)
    return pd.DataFrame(
        {
            "row": pd.Categorical(np.repeat(down_names, shape[1]), down_names, ordered=True),
            "column": pd.Categorical(across_names * shape[0], across_names, ordered=True),
            "orders": counts,
            "defective": defects,
            "expected": expected,
            "apart": _apart(counts.reshape(shape), defects.reshape(shape)).ravel(),
            "rate": defects / np.where(counts > 0, counts, np.nan),
            "low": low,
            "high": high,
            "excess": defects - expected,
            "few": (counts > 0) & (counts < FEW),
        }
    )


def _levels(
    values: pd.Series, bad: npt.NDArray[np.bool_], top: int, in_time: bool
) -> tuple[Counts, list[str]]:
    """Each order's place in the names of the levels that stand for themselves or are folded."""
    codes, levels = pd.factorize(values, use_na_sentinel=False)
    texts = pd.Index([UNKNOWN if pd.isna(level) else str(level) for level in levels], dtype=object)
    # Two values may read alike; then they are one level here.
    merged, names = pd.factorize(texts)
    codes = merged[codes]
    counts, defects = (
        np.bincount(part, minlength=len(names)).tolist() for part in (codes, codes[bad])
    )
    named = [at for at, name in enumerate(names) if name != UNKNOWN]
    ranked = sorted(named, key=lambda at: (-defects[at], -counts[at], names[at]))
    # A single level is no shorter as "other (1 level)".
    kept = [names[at] for at in (ranked[:top] if len(ranked) > top + 1 else ranked)]
    if in_time:
        kept = sorted(kept)
    elif isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        kept = [name for name in map(str, values.dtype.categories) if name in kept]
    folded = len(named) - len(kept)
    others = f"other ({folded:,} levels)"
    rest = [others] * (folded > 0) + [UNKNOWN] * (len(named) < len(names))
    shown = pd.Index(list(dict.fromkeys([*kept, *rest])), dtype=object)
    labels = [name if name in kept or name == UNKNOWN else others for name in names]
    return shown.get_indexer(pd.Index(labels, dtype=object))[codes], list(shown)


def _apart(counts: Counts, defects: Counts) -> Floats:
    """Defects expected from a rate of each row times a rate of each column, no more than that."""
    expected = counts.astype(float)
    for _ in range(SWEEPS):
        for axis in (1, 0):
            now = expected.sum(axis=axis, keepdims=True)
            wanted = defects.sum(axis=axis, keepdims=True)
            expected *= np.divide(wanted, now, out=np.zeros_like(now), where=now > 0)
    return expected


def matter_most(
    causes: Sequence[Cause],
    orders: pd.DataFrame,
    by: Sequence[str] | None = None,
    target: str = "defective",
    order_id: str = "order_id",
) -> tuple[str, str] | None:
    """
    The two attributes to cross: those of the first cause, or its own and the next that matters.

    A cause of one attribute is crossed with the attribute whose levels differ most within it; if
    none differs more than chance, with that of the next cause; if there is none, with the first of
    CANDIDATES, which shows that the cause is the same whatever the other attribute. Attributes
    whose levels hardly occur outside the cause (the SKUs of a supplier), and those that describe
    the same orders, are passed over.

    Parameters
    ----------
    causes, orders, target, order_id : as `find_causes` gave and took them
    by : the columns to choose from; all but `target` and `order_id` if not given

    Returns
    -------
    tuple or None : (row, column) for `rate_grid`; None without a cause or without a second column
    """
    if not causes:
        return None
    lead, *more = drill_path(orders, causes[0].where, target)
    if more:
        return lead, more[0]
    inside = slice_rows(orders, causes[0].where)
    twins = {name for where in causes[0].same_as for name in where}
    names = set(orders.columns if by is None else by) - {lead, target, order_id} - twins
    bad = column_of(orders, target).to_numpy(bool)
    split = {
        name: score
        for name in sorted(names)
        if (score := _split(column_of(orders, name), inside, bad)) is not None
    }
    if not split:
        return None
    best = max(split, key=lambda name: split[name])
    if split[best] < SPLITS:
        named = [name for cause in causes[1:] for name in drill_path(orders, cause.where, target)]
        best = next((name for name in named if name in split), min(split, key=_rank))
    return lead, best


def _rank(name: str) -> tuple[int, str]:
    """The place of a column among those that `find_causes` searches; other columns after them."""
    return (CANDIDATES.index(name) if name in CANDIDATES else len(CANDIDATES), name)


def _split(
    values: pd.Series, inside: npt.NDArray[np.bool_], bad: npt.NDArray[np.bool_]
) -> float | None:
    """
    How much more than chance the levels of a column differ within a slice, in standard deviations.

    Pearson's chi-square, which holds for many levels of few orders each. None if the column does
    not cross the slice: one level only, or levels that hardly occur outside it.
    """
    codes = pd.factorize(values)[0] + 1
    size = codes.max() + 1
    counts, others = (np.bincount(codes[part], minlength=size) for part in (inside, ~inside))
    here = counts > 0
    freedom = int(here.sum()) - 1
    if freedom < 1 or counts[here & (others > 0)].sum() < CROSSES * inside.sum():
        return None
    defects = np.bincount(codes[inside & bad], minlength=size)[here]
    expected = counts[here] * (defects.sum() / counts[here].sum())
    if not defects.sum():
        return None
    chi2 = float(((defects - expected) ** 2 / expected).sum())
    return (chi2 - freedom) / float(np.sqrt(2 * freedom + (1 / expected).sum()))
