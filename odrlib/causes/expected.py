"""The defects one expects: a base rate, mild differences between levels, and the causes named."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

# A level may be this much worse or better than the others without being news ...
MILD = 1.3
# ... and is believed to differ only as far as its own defects show it: the weight of this many
# defects speaks for "no different" (the levels of a column then vary by about 14 %).
PRIOR = 50.0
SWEEPS = 4


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

    `levels[j]` is the factor of each level of column j, between 1/MILD and MILD; `factors` those of
    the named causes.
    """

    mean: Floats
    levels: list[Floats]
    factors: list[float] = field(default_factory=list)


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
        for codes, observed, level in zip(sample.codes, seen, levels, strict=True):
            alone = np.bincount(codes, weights=mean, minlength=len(level)) / level
            fresh = np.clip((observed + PRIOR) / (alone + PRIOR), 1 / MILD, MILD)
            mean *= (fresh / level)[codes]
            level[:] = fresh
        mean *= sample.defects / mean.sum()
    fit_factors(mean, factors, named, sample.defects)
    return Expected(mean, levels, factors)


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
    for _ in range(3 if named else 0):
        for at, rows in enumerate(named):
            observed = np.searchsorted(rows, defects)
            change = max(observed / mean[rows].sum(), 1 / factors[at])
            factors[at] *= change
            mean[rows] *= change
        mean *= defects / mean.sum()
