"""The bar: what a slice must reach to be named, and what its name costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]  # whole or not: counts, and sums of weights

# What one expects of a slice is an estimate: it may be so much higher than it seems.
ESTIMATED = 1.1
# No slice is ever named whose defects are likelier than this to be chance, taken by itself.
CHANCE = 0.001


@dataclass(frozen=True)
class Bar:
    """
    What a slice must reach to be named.

    Parameters
    ----------
    q : the chance that anything innocent is named, 0-1
    excess : defective orders above what one expects
    lift : rate of the slice over the rate expected of it
    depth : the most conditions
    """

    q: float
    excess: float
    lift: float
    depth: int

    @property
    def least(self) -> int:
        """The fewest defects a named slice can have."""
        return max(3, int(np.ceil(self.excess)) + 1)

    def lower(self, times: float) -> Bar:
        """A bar with an error budget so many times larger, for what is looked at again later."""
        return replace(self, q=self.q * times, lift=self.lift**0.75)

    def margins(self, defects: Numbers, expected: Numbers, cost: Floats, total: Floats) -> Floats:
        """
        How far (in log chance) each slice is above the bar; minus infinity if it is too mild.

        Parameters
        ----------
        defects, expected : of each slice
        cost : log of the number of slices that share the error budget with it
        total : defective orders of what it is compared with, itself included
        """
        d, e = np.asarray(defects, float), np.clip(expected, 1e-9, np.asarray(total) * (1 - 1e-9))
        alike = e * np.maximum(total - d, 0.5) / (total - e)
        p = chance(d, e, total)
        material = (d >= self.lift * alike) & (d - alike >= self.excess) & (p <= CHANCE)
        return np.where(material, np.log(self.q) - np.log(p) - cost, -np.inf)


def chance(defects: Numbers, expected: Floats, total: Numbers | float) -> Floats:
    """
    Chance that a slice gets at least so many of all `total` defects when it is like the rest.

    What is expected is an estimate, so it is taken a little higher than it seems.
    """
    share = np.minimum(expected * ESTIMATED / total, 1 - 1e-9)
    often: Floats = betainc(np.maximum(defects, 1e-9), total - defects + 1, share)
    return np.maximum(often, 1e-300)


def gains(defects: Numbers, expected: Floats, total: Numbers | float) -> Floats:
    """Log likelihood ratio: the slice has a rate of its own, against it is like the rest."""
    d, e = np.maximum(defects, 1e-9), np.maximum(expected, 1e-9)
    outside, outside_expected = np.maximum(total - d, 1e-9), np.maximum(total - e, 1e-9)
    ratio = d * np.log(d / e) + outside * np.log(outside / outside_expected)
    return np.where(d * outside_expected > e * outside, ratio, 0.0)
