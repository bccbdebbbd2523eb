"""Gathered: do complaints of one kind sit in one SKU, lot, warehouse or day, or are they spread?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import bdtrc, pdtrc

from odrlib.categories.catalogue import limit
from odrlib.languages import tr
from odrlib.naming import slice_orders
from odrlib.tables import order_days

ISO_WEEK = "%G-W%V"  # as `causes.attributes` names weeks


def gathering_columns(orders: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """The orders with `ship_day`, `ship_week`, `order_week` and `weekday` as text."""
    shipped, ordered = order_days(orders["shipped_at"], timezone), orders["day"]
    return orders.assign(
        ship_day=_said(shipped, lambda days: days.strftime("%Y-%m-%d")),
        ship_week=_said(shipped, lambda days: days.strftime(ISO_WEEK)),
        order_week=_said(ordered, lambda days: days.strftime(ISO_WEEK)),
        weekday=_said(ordered, lambda days: days.day_name()),
    )


def _said(days: pd.Series, words: Callable[[pd.DatetimeIndex], pd.Index]) -> pd.Series:
    """What each day is called, asked once per day and held as a category; missing stays missing."""
    codes, found = pd.factorize(days)
    names, place = np.unique(words(pd.DatetimeIndex(found)).to_numpy(object), return_inverse=True)
    values = pd.Categorical.from_codes(np.append(place, -1)[codes], pd.Index(names, dtype="str"))
    return pd.Series(values, index=days.index)


class Gathered(NamedTuple):
    """
    For each marked order, in the order of the rows, whether it is where such orders gather.

    Parameters
    ----------
    flag : booleans; False where nothing gathers
    says : one sentence with its counts; empty where nothing gathers
    """

    flag: np.ndarray
    says: np.ndarray


class Gatherings:
    """
    The orders in question, good ones too, by the columns in which complaints may gather.

    Parameters
    ----------
    orders : one row per order
    """

    def __init__(self, orders: pd.DataFrame) -> None:
        self.orders = orders
        self._looks: dict[tuple[str, ...], tuple[np.ndarray, int]] = {}

    def of(self, marked: pd.Series, by: Iterable[tuple[str, ...]]) -> Gathered:
        """
        Which marked orders are in a value that holds far more of them than its share of the orders.

        Each value of each column (or pair of columns) is tested with a Poisson tail: as many marked
        orders or more, were they spread like the orders. The error budget is shared by all values
        of all columns; of several, the surest is named.

        Parameters
        ----------
        marked : True for the orders with the complaint, in the order of the rows
        by : columns that are looked at together; those that are not there are skipped

        """
        marks = marked.to_numpy(bool)
        rows, total = np.flatnonzero(marks), int(marks.sum())
        flag, chance = np.zeros(total, dtype=bool), np.full(total, np.inf)
        says = np.full(total, "", dtype=object)
        looks = {}
        if total >= limit("gathered_orders"):
            looks = {names: self._look(names) for names in by if set(names) <= set(self.orders)}
        values = sum(size for _, size in looks.values())
        for names, (codes, size) in looks.items():
            if not size:
                continue
            here, expected, p_value = _spread(codes, size, marks)
            mine = codes[marks]
            sure = (
                (here >= limit("gathered_orders"))
                & (here >= limit("gathered_lift") * expected)
                & (p_value * values <= limit("certain"))
            )
            for place in np.flatnonzero((mine >= 0) & sure[mine] & (p_value[mine] < chance)):
                code = mine[place]
                flag[place], chance[place] = True, p_value[code]
                where = {name: self.orders[name].iloc[rows[place]] for name in names}
                says[place] = tr(
                    "{here:,} of {total:,} such complaints are of {slice}, where {expected:.1f} "
                    "would be expected",
                    here=int(here[code]),
                    total=total,
                    slice=slice_orders(where),
                    expected=float(expected[code]),
                )
        return Gathered(flag, says)

    def _look(self, names: tuple[str, ...]) -> tuple[np.ndarray, int]:
        if names not in self._looks:
            self._looks[names] = _codes(self.orders, names)
        return self._looks[names]


def _spread(
    codes: np.ndarray, size: int, marks: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Marked orders of each value, those expected by its orders, and the chance of so many."""
    known = codes >= 0
    here = np.bincount(codes[known & marks], minlength=size)
    share = (known & marks).sum() / max(1, known.sum())
    expected = np.bincount(codes[known], minlength=size) * share
    return here, expected, pdtrc(np.maximum(here - 1, 0), expected)


def _codes(orders: pd.DataFrame, names: tuple[str, ...]) -> tuple[np.ndarray, int]:
    """One integer per value (-1: unknown) and the number of values."""
    codes, levels = pd.factorize(orders[names[0]])
    size = len(levels)
    for name in names[1:]:
        more, levels = pd.factorize(orders[name])
        both = np.where((codes < 0) | (more < 0), -1, codes.astype("int64") * len(levels) + more)
        codes, kept = pd.factorize(np.where(both < 0, np.nan, both))
        size = len(kept)
    return np.asarray(codes), size


def size_skew(returned: pd.DataFrame) -> pd.DataFrame:
    """
    SKUs that come back as too small much more often than as too large, or the other way round.

    A fair chart is wrong in both directions alike, so the smaller number is a coin's; the error
    budget is shared by all SKUs that have enough such returns.

    Parameters
    ----------
    returned : one row per return: `sku`, `return_code`

    Returns
    -------
    DataFrame indexed by SKU, of the skewed ones only: small, large (returns), says
    """
    code = returned["return_code"].astype("str")
    counts = pd.DataFrame(
        {
            "small": code.str.contains("TOO_SMALL", regex=False),
            "large": code.str.contains("TOO_LARGE", regex=False),
        }
    )
    counts = counts.groupby(returned["sku"].astype("str")).sum().astype("int64")
    total = counts.sum(axis="columns")
    counts = counts[total >= limit("size_returns")]
    if counts.empty:
        return counts.assign(says=pd.Series(dtype="str"))
    most, total = counts.max(axis="columns"), counts.sum(axis="columns")
    chance = 2 * bdtrc(most.to_numpy() - 1.0, total.to_numpy(), 0.5)
    skewed = counts[np.minimum(chance, 1.0) * len(counts) <= limit("certain")]
    return skewed.assign(
        says=[
            tr(
                "{sku} came back as too small {small:,} times and as too large {large:,} times",
                sku=sku,
                small=small,
                large=large,
            )
            for sku, small, large in zip(
                skewed.index, skewed["small"], skewed["large"], strict=True
            )
        ]
    )
