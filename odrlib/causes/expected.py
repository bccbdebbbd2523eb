"""The defects one expects: a base rate, mild differences between levels, and the causes named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from odrlib.causes.bar import Numbers
from odrlib.causes.sample import Rows, Sample

Floats = npt.NDArray[np.float64]

# A level may be this much worse or better than the others without being news ...
MILD = 1.3
# ... and is believed to differ only as far as its own defects show it: the weight of this many
# defects speaks for "no different" (the levels of a column then vary by about 11 %).
PRIOR = 80.0
# Levels with this many expected defects, if there are so many of them, show how much levels differ.
LARGE = 25.0
MANY = 8
# Sweeps over the columns, and steps over the causes, until the expected defects stand still.
SWEEPS = 3
LEVELLING = 6
STEPS = 12


@dataclass
class Atoms:
    """
    The pieces into which overlapping slices cut the rows; piece `label[i]` holds row i.

    `inside[s, a]` says whether piece a lies in slice s; piece 0 is in none of them.
    """

    label: Rows
    inside: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, size: int, slices: list[Rows]) -> Atoms:
        """Cut `size` rows by the slices (row numbers)."""
        label = np.zeros(size, np.intp)
        inside = np.zeros((0, 1), bool)
        for rows in slices:
            pieces = inside.shape[1]
            touched = np.flatnonzero(np.bincount(label[rows], minlength=pieces))
            moved = np.zeros(pieces, np.intp)
            moved[touched] = pieces + np.arange(len(touched))
            label[rows] = moved[label[rows]]
            new = np.arange(pieces + len(touched)) >= pieces
            inside = np.vstack([np.hstack([inside, inside[:, touched]]), new])
        return cls(label, inside)

    def factors(self, observed: Numbers, plain: Numbers, start: Floats) -> tuple[Floats, float]:
        """
        The factor of each slice, and that of everything, so that they explain their defects.

        Parameters
        ----------
        observed, plain : defects of each piece, and those expected without the slices
        start : first guess of the factors; none ever falls below 1
        """
        factors, total = start.copy(), float(observed.sum())
        seen = self.inside @ observed
        # The factor of each slice in each piece, kept up to date: its product is asked most of all.
        each = np.where(self.inside, factors[:, None], 1.0)
        sides = [(np.flatnonzero(held), np.flatnonzero(~held)) for held in self.inside]
        for _ in range(STEPS if len(factors) else 0):
            before = factors.copy()
            for at, (held, others) in enumerate(sides):
                mean = plain * np.multiply.reduce(each)
                part, rest = (float(np.add.reduce(mean.take(side))) for side in (held, others))
                ratio = seen[at] / max(total - seen[at], 0.5) * rest / max(part, 1e-12)
                factors[at] = max(1.0, factors[at] * ratio)
                each[at, held] = factors[at]
            if np.abs(np.log(factors / before)).max() < 1e-3:
                break
        return factors, total / float((plain * self.of_pieces(factors)).sum())

    def of_pieces(self, factors: Floats) -> Floats:
        """The product of the factors in each piece."""
        found: Floats = np.multiply.reduce(np.where(self.inside, factors[:, None], 1.0))
        return found


@dataclass
class Expected:
    """
    Expected defects per row of a sample; `mean` adds up to the number of defects.

    `bare` is `mean` without the factors of the named causes (and not scaled), `levels[j]` the
    factor of each level of column j, `factors` those of the causes, `base` what is left, per order;
    `plain` is the log chance of the levels by themselves.
    """

    mean: Floats
    bare: Floats
    levels: list[Floats]
    factors: Floats
    base: float
    plain: float


def expect(sample: Sample, named: list[Rows]) -> Expected:
    """
    Fit the expected defects: base × levels of every column × factor of each named slice.

    Each named slice takes what it needs first; what is left is shared among the levels, which are
    held near 1, so that a cause is never explained away by its own column.
    """
    total = sample.defects
    atoms = Atoms.of(len(sample.weight), named)
    observed = np.bincount(atoms.label[:total], minlength=atoms.inside.shape[1]).astype(float)
    bare = sample.weight * (total / sample.orders)
    change = np.empty(len(bare))
    levels = [np.ones(size) for size in sample.sizes]
    factors = np.ones(len(named))
    for _ in range(SWEEPS):
        pieces = np.bincount(atoms.label, weights=bare, minlength=len(observed))
        factors, scale = atoms.factors(observed, pieces, factors)
        bare *= scale
        mean = bare * atoms.of_pieces(factors)[atoms.label] if len(named) else bare
        plain = 0.0
        for column, codes in enumerate(sample.codes):
            level, seen = levels[column], sample.seen[column]
            alone = np.bincount(codes, weights=mean, minlength=len(level)) / level
            prior, most = (1.0, np.inf) if column in sample.free else usual(seen, alone)
            fresh = held(seen, alone, prior, most)
            np.take(fresh / level, codes, out=change, mode="clip")
            bare *= change
            if len(named):
                mean *= change
            level[:] = fresh
            plain += prior * float((np.log(fresh) - fresh + 1).sum())
    pieces = np.bincount(atoms.label, weights=bare, minlength=len(observed))
    factors, scale = atoms.factors(observed, pieces, factors)
    mean = bare * (scale * atoms.of_pieces(factors))[atoms.label]
    first = scale * bare[0] / sample.weight[0]
    for codes, level in zip(sample.codes, levels, strict=True):
        first /= level[codes[0]]
    return Expected(mean, bare, levels, factors, float(first), plain)


def held(seen: Floats, alone: Floats, prior: float, most: float) -> Floats:
    """The factor of each level, between 1 / most and most, so that all add up to the defects."""
    scale, total = 1.0, seen.sum()
    weighed = seen + prior
    for _ in range(LEVELLING):
        fresh = np.minimum(weighed / (scale * alone + prior), most)
        fresh = np.maximum(fresh, 1 / most)
        scale = total / (alone @ fresh)
    return fresh


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
    # Rates that drift, or lie anywhere in a range, spread by about 1.2 times the middle distance.
    spread = 1.2 * float(np.median(np.abs(apart - np.median(apart))))
    # Chance alone spreads the levels by 1 / expected defects.
    variance = spread**2 - float(np.median(1 / alone[large]))
    if variance * PRIOR <= 1:
        return PRIOR, MILD
    return 1 / variance, max(MILD, float(np.exp(1.75 * variance**0.5)))


def first_guess(sample: Sample) -> Expected:
    """Expected defects before any cause is known, with the levels as `hopeful` holds them."""
    fit = expect(sample, [])
    fit.bare = hopeful(sample, fit, [])
    fit.mean = fit.bare * (sample.defects / fit.bare.sum())
    return fit


def hopeful(sample: Sample, fit: Expected, named: list[Rows]) -> Floats:
    """
    `fit.bare` with all levels of a row together making no more difference than one may.

    A bad slice pulls up every column that its rows share, and several columns together would hide
    it. Free columns may make what difference they like, as far as the orders outside the named
    slices show it: where a named slice became worse, the whole business did not.
    """
    outside = np.ones(len(fit.bare))
    for rows in named:
        outside[rows] = 0.0
    bare, base = fit.bare.copy(), sample.weight.copy()
    for column in sample.free:
        codes, bad = sample.codes[column], sample.codes[column][: sample.defects]
        bare /= fit.levels[column][codes]
        seen = np.bincount(bad, weights=outside[: sample.defects], minlength=sample.sizes[column])
        alone = np.bincount(codes, weights=bare * outside, minlength=sample.sizes[column])
        level = (seen + 1) / (alone * (seen.sum() / max(alone.sum(), 1e-9)) + 1)
        bare *= level[codes]
        base *= level[codes]
    base *= bare.sum() / base.sum()
    return base * np.clip(bare / base, 1 / MILD, MILD)
