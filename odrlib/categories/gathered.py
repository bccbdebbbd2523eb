"""Gathered: do complaints of one kind sit in one SKU, lot, warehouse or day, or are they spread?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from scipy.special import bdtrc, pdtrc

from odrlib.categories.catalogue import limit
from odrlib.columns import DAY, days, moments
from odrlib.exports.words import coded, flags
from odrlib.languages import tr
from odrlib.naming import slice_orders

_WEEK = "%G-W%V"  # as `causes.attributes` names weeks
# 29 December 1969 was a Monday.
_MONDAY = np.datetime64("1969-12-29", "us")


class Dated(NamedTuple):
    """
    A column that tells each day by another that stands for it: of a week by its Monday, say.

    Made when it is looked at: a large store has no room for all of them at once.
    """

    days: np.ndarray
    stands: Callable[[np.ndarray], np.ndarray]
    said: Callable[[pd.Timestamp], str]


Column: TypeAlias = "pd.Series | Dated"


def gathering_columns(
    orders: pd.DataFrame, names: Iterable[str], timezone: str
) -> dict[str, Column]:
    """The named columns of the orders, as far as there are any; also those that days tell."""
    shipped = days(moments(orders["shipped_at"].array), timezone)
    ordered = moments(orders["day"].array)
    derived = {
        "ship_day": Dated(shipped, lambda day: day, lambda day: day.strftime("%Y-%m-%d")),
        "ship_week": Dated(shipped, _monday, lambda day: day.strftime(_WEEK)),
        "order_week": Dated(ordered, _monday, lambda day: day.strftime(_WEEK)),
        "weekday": Dated(ordered, _weekday, lambda day: day.day_name()),
    }
    known = {name: orders[name] for name in names if name in orders.columns}
    return known | {name: derived[name] for name in names if name in derived}


def _monday(day: np.ndarray) -> np.ndarray:
    found: np.ndarray = day - (day - _MONDAY) % (7 * DAY)
    return found


def _weekday(day: np.ndarray) -> np.ndarray:
    """A day of one week long ago for each weekday."""
    found: np.ndarray = _MONDAY + (day - _MONDAY) % (7 * DAY)
    return found


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


class _Look(NamedTuple):
    """
    The orders by one column, or by several together.

    Parameters
    ----------
    codes : one integer per order, -1 where the value is unknown
    orders : how many orders each value has
    """

    codes: np.ndarray
    orders: np.ndarray


class Gatherings:
    """
    The orders in question, good ones too, by the columns in which complaints may gather.

    Parameters
    ----------
    orders : the columns, one value per order
    """

    def __init__(self, orders: Mapping[str, Column]) -> None:
        self.orders = orders
        self._looks: dict[tuple[str, ...], _Look] = {}

    def of(self, marked: Sequence[int] | np.ndarray, by: Iterable[tuple[str, ...]]) -> Gathered:
        """
        Which marked orders are in a value that holds far more of them than its share of the orders.

        Each value of each column (or pair of columns) is tested with a Poisson tail: as many marked
        orders or more, were they spread like the orders. The error budget is shared by all values
        of all columns; of several, the surest is named.

        Parameters
        ----------
        marked : the row numbers of the orders with the complaint
        by : columns that are looked at together; those that are not there are skipped

        """
        marked, total = np.asarray(marked, dtype="int64"), len(marked)
        flag, chance = np.zeros(total, dtype=bool), np.full(total, np.inf)
        says = np.full(total, "", dtype=object)
        looks = {}
        if total >= limit("gathered_orders"):
            looks = {names: self._look(names) for names in by if set(names) <= set(self.orders)}
        values = sum(len(look.orders) for look in looks.values())
        for names, look in looks.items():
            mine = look.codes[marked]
            if not len(look.orders):
                continue
            here = np.bincount(mine[mine >= 0], minlength=len(look.orders))
            expected = look.orders * ((mine >= 0).sum() / max(1, look.orders.sum()))
            p_value = pdtrc(np.maximum(here - 1, 0), expected)
            sure = (
                (here >= limit("gathered_orders"))
                & (here >= limit("gathered_lift") * expected)
                & (p_value * values <= limit("certain"))
            )
            found = (mine >= 0) & sure[mine] & (p_value[mine] < chance)
            flag |= found
            chance[found] = p_value[mine[found]]
            for code in np.unique(mine[found]):
                where = {name: self._value(name, marked[mine == code][0]) for name in names}
                says[found & (mine == code)] = tr(
                    "{here:,} of {total:,} such complaints are of {slice}, where {expected:.1f} "
                    "would be expected",
                    here=int(here[code]),
                    total=total,
                    slice=slice_orders(where),
                    expected=float(expected[code]),
                )
        return Gathered(flag, says)

    def _look(self, names: tuple[str, ...]) -> _Look:
        if names not in self._looks:
            codes, size = _codes(self.orders[names[0]])
            for name in names[1:]:
                more, levels = _codes(self.orders[name])
                both = np.where((codes < 0) | (more < 0), -1, codes * levels + more)
                codes, size = _codes(np.where(both < 0, np.nan, both))
            self._looks[names] = _Look(codes, np.bincount(codes[codes >= 0], minlength=size))
        return self._looks[names]

    def _value(self, name: str, row: int) -> Any:
        """What a row says in a column, in words."""
        values = self.orders[name]
        if isinstance(values, Dated):
            return values.said(pd.Timestamp(values.stands(values.days[row : row + 1])[0]))
        return values.iloc[row]


def _codes(values: Column | np.ndarray) -> tuple[np.ndarray, int]:
    """One integer per value that is there (-1 where none is), and how many there are."""
    held = values.stands(values.days) if isinstance(values, Dated) else values
    codes, levels = pd.factorize(held)
    return codes.astype("int64"), len(levels)


def size_skew(returned: pd.DataFrame) -> dict[str, str]:
    """
    SKUs that come back as too small much more often than as too large, or the other way round.

    A fair chart is wrong in both directions alike, so the smaller number is a coin's; the error
    budget is shared by all SKUs that have enough such returns.

    Parameters
    ----------
    returned : one row per return: `sku`, `return_code`

    Returns
    -------
    What is said of each SKU that is skewed
    """
    codes, skus = coded(returned["sku"])
    small, large = (
        np.bincount(codes[(codes >= 0) & said], minlength=len(skus))
        for said in (
            flags(returned["return_code"], lambda code: "TOO_SMALL" in code),
            flags(returned["return_code"], lambda code: "TOO_LARGE" in code),
        )
    )
    enough = np.flatnonzero(small + large >= limit("size_returns"))
    most, total = np.maximum(small, large)[enough], (small + large)[enough]
    chance = 2 * bdtrc(most - 1.0, total, 0.5)
    skewed = enough[np.minimum(chance, 1.0) * len(enough) <= limit("certain")]
    return {
        skus[sku]: tr(
            "{sku} came back as too small {small:,} times and as too large {large:,} times",
            sku=skus[sku],
            small=int(small[sku]),
            large=int(large[sku]),
        )
        for sku in skewed
    }
