"""The defects one expects: a base rate, mild differences between levels, and the causes named."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

# A level may be this much worse or better than the others without being news ...
MILD = 1.3
# ... and is believed to differ only as far as its own defects show it: the weight of this many
# defects speaks for "no different" (the levels of a column then vary by about 14 %).
PRIOR = 80.0
# Levels with this many expected defects, if there are so many of them, show how much levels differ.
LARGE = 25.0
MANY = 8
# Sweeps over the columns, and steps over the causes, until the expected defects stand still.
SWEEPS = 4
STEPS = 12


@dataclass
class Sample:
    """
    The rows a search looks at: the defective orders first, then the others.

    Parameters
    ----------
    codes : one array of level codes per column, in the order of the rows
    sizes : number of levels per column
    defects : how many of the first rows are defective
    weight : orders that each row stands for
    """

    codes: list[Rows]
    sizes: list[int]
    defects: int
    weight: Floats

    def rows(self, where: tuple[tuple[int, int], ...]) -> Rows:
        """The rows of the slice that `where` ((column, level), …) describes."""
        (column, level), *rest = where
        rows = np.flatnonzero(self.codes[column] == level)
        for column, level in rest:
            rows = rows[self.codes[column][rows] == level]
        return rows


@dataclass
class Expected:
    """
    Expected defects per row of a sample; `mean` adds up to the number of defects.

    `levels[j]` is the factor of each level of column j, `factors` those of the named causes; `base`
    is what is left, per order; `plain` is the log chance of the levels by themselves.
    """

    mean: Floats
    base: float
    levels: list[Floats]
    factors: list[float]
    plain: float


def expect(sample: Sample, named: list[Rows]) -> Expected:
    """
    Fit the expected defects: base × levels of every column × factor of each named slice.

    Each named slice takes what it needs first; what is left is shared among the levels, which are
    held near 1, so that a cause is never explained away by its own column.
    """
    mean = sample.weight * (sample.defects / sample.weight.sum())
    levels = [np.ones(size) for size in sample.sizes]
    seen = [
        np.bincount(codes[: sample.defects], minlength=size).astype(float)
        for codes, size in zip(sample.codes, sample.sizes, strict=True)
    ]
    factors = [1.0] * len(named)
    for _ in range(SWEEPS):
        fit_factors(mean, factors, named, sample.defects)
        plain = 0.0
        for codes, observed, level in zip(sample.codes, seen, levels, strict=True):
            alone = np.bincount(codes, weights=mean, minlength=len(level)) / level
            prior, most = usual(observed, alone)
            fresh = np.clip((observed + prior) / (alone + prior), 1 / most, most)
            mean *= (fresh / level)[codes]
            level[:] = fresh
            plain += prior * float((np.log(fresh) - fresh + 1).sum())
        mean *= sample.defects / mean.sum()
    fit_factors(mean, factors, named, sample.defects)
    first = mean[0] / sample.weight[0]
    for codes, level in zip(sample.codes, levels, strict=True):
        first /= level[codes[0]]
    for rows, factor in zip(named, factors, strict=True):
        first /= factor if len(rows) and rows[0] == 0 else 1.0
    return Expected(mean, float(first), levels, factors, plain)


def usual(observed: Floats, alone: Floats) -> tuple[float, float]:
    """
    How much the levels of a column usually differ: the prior (defects) and the most (factor).

    PRIOR and MILD, unless the column has many levels and most of them differ more: where every week
    or state has a rate of its own, as in a business that drifts, one of them is no news.
    """
    large = alone >= LARGE
    if large.sum() < MANY:
        return PRIOR, MILD
    apart = np.log((observed[large] + 0.5) / (alone[large] + 0.5))
    spread = 1.4826 * float(np.median(np.abs(apart - np.median(apart))))
    # Chance alone spreads the levels by 1 / expected defects.
    variance = spread**2 - float(np.median(1 / alone[large]))
    if variance * PRIOR <= 1:
        return PRIOR, MILD
    return 1 / variance, max(MILD, float(np.exp(2 * variance**0.5)))


def first_guess(sample: Sample) -> Floats:
    """
    Expected defects per row before any cause is known.

    A bad slice pulls up every column that its rows share, and several columns together would hide
    it; so all of them together may make no more difference than one.
    """
    mean = expect(sample, []).mean
    base = sample.weight * (sample.defects / sample.weight.sum())
    mean = base * np.clip(mean / base, 1 / MILD, MILD)
    return mean * (sample.defects / mean.sum())


def fit_factors(mean: Floats, factors: list[float], named: list[Rows], defects: int) -> None:
    """Bring the factors of the named slices, and the base, to where they explain their defects."""
    if not named:
        return
    observed = [int(np.searchsorted(rows, defects)) for rows in named]
    total = float(mean.sum())
    for _ in range(STEPS):
        largest = 0.0
        for at, rows in enumerate(named):
            part = float(mean[rows].sum())
            expected = min(part / total, 1 - 1e-9) * defects
            # The rest of the orders must come down by as much as the slice goes up.
            rest = (defects - expected) / max(defects - observed[at], 0.5)
            change = max(observed[at] / expected * rest, 1 / factors[at])
            factors[at] *= change
            mean[rows] *= change
            total += part * (change - 1)
            largest = max(largest, abs(log(change)))
        if largest < 1e-3:
            break
    mean *= defects / mean.sum()
