"""A cause: a slice of the orders that has more defects than the rest of the business explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from odrlib.columns import framed
from odrlib.languages import mark, tr
from odrlib.naming import slice_name


@dataclass(frozen=True)
class Cause:
    """
    A slice that carries more defective orders than expected.

    Parameters
    ----------
    where : {column: value}; all conditions hold at once; a missing value is None
    orders, defective : counts in the slice (with `rise`: in the later period)
    expected : defective orders if the slice were like the rest, after the mild differences between
        the levels of each column and after every other cause in the list
    excess : defective - expected
    low, high : 95 % interval of the excess (exact Poisson interval of the defects, less expected)
    rate, rate_elsewhere : defective orders per order in the slice and outside of it, 0-1
    p_value : chance of at least so many defects, had the slice been like the rest (against 1.1
        times what is expected, which is an estimate; of the part that no other cause covers)
    q_value : p_value corrected for every slice that was searched, not only for those shown, 0-1
    order_ids : the defective orders of the slice, sorted
    same_as : other descriptions of (nearly) the same orders that the data cannot tell apart
    to_tell_apart : test orders that would separate the slice from rivals that explain the defects
        nearly as well: {"ship": conditions, "by_other_than": conditions}
    topic : Amazon's topic of the cause, if something coded it
    """

    where: dict[str, Any]
    orders: int
    defective: int
    expected: float
    excess: float
    low: float
    high: float
    rate: float
    rate_elsewhere: float
    p_value: float
    q_value: float
    order_ids: tuple[Any, ...] = ()
    same_as: tuple[dict[str, Any], ...] = ()
    to_tell_apart: tuple[dict[str, dict[str, Any]], ...] = ()
    topic: str | None = None

    def __str__(self) -> str:
        return tr(
            "{slice}: {defective:,} of {orders:,} orders defective, {expected:.1f} expected",
            slice=slice_name(self.where),
            defective=self.defective,
            orders=self.orders,
            expected=self.expected,
        )


@dataclass(frozen=True)
class Cleared:
    """
    A suspect that looks bad by itself, but whose defects something else explains.

    Parameters
    ----------
    where : {column: value}
    orders, defective : counts in the slice
    rate, rate_elsewhere : defective orders per order in the slice and outside of it, 0-1
    expected : defective orders once the causes and the mild differences are known
    p_value : chance of at least so many defects where so many are expected, 0-1
    because : the causes that explain it, the most important first; with none, mild differences do
    """

    where: dict[str, Any]
    orders: int
    defective: int
    rate: float
    rate_elsewhere: float
    expected: float
    p_value: float
    because: tuple[dict[str, Any], ...] = ()


class CauseList(list[Cause]):
    """
    Causes in rank order, the largest excess first, with the reason why there are no more.

    `reason` is one sentence and always there; with no cause it is the whole answer. `cleared` are
    the suspects that were looked at and are no causes, the largest raw excess first.
    """

    def __init__(
        self, causes: Iterable[Cause] = (), reason: str = "", cleared: Iterable[Cleared] = ()
    ) -> None:
        super().__init__(causes)
        self.reason = reason
        self.cleared = tuple(cleared)

    def having(self, causes: Iterable[Cause]) -> CauseList:
        """The same answer with other causes: of the same slices, with more known of each."""
        return CauseList(causes, self.reason, self.cleared)


def describe(where: Mapping[str, Any]) -> str:
    """
    The conditions of a slice as codes, for data, JSON and CSV; a reader is told `slice_name`.

    >>> describe({"carrier": "China Post", "sku": None})
    'carrier = China Post × sku = unknown'
    """
    return " × ".join(
        f"{column.replace('_', ' ')} = {'unknown' if value is None else value}"
        for column, value in where.items()
    )


def causes_table(causes: Iterable[Cause]) -> pd.DataFrame:
    """
    The causes as a table, one row each, in rank order.

    Returns
    -------
    DataFrame with rank, where (text), orders, defective, expected, excess, low, high (orders),
    rate, rate_elsewhere, q_value (shares 0-1), same_as (text, "; " between descriptions)
    """
    rows = [
        {
            "rank": rank,
            "where": describe(cause.where),
            "orders": cause.orders,
            "defective": cause.defective,
            "expected": cause.expected,
            "excess": cause.excess,
            "low": cause.low,
            "high": cause.high,
            "rate": cause.rate,
            "rate_elsewhere": cause.rate_elsewhere,
            "q_value": cause.q_value,
            "same_as": "; ".join(describe(where) for where in cause.same_as),
        }
        for rank, cause in enumerate(causes, start=1)
    ]
    return framed(rows, TYPES)


def cleared_table(causes: CauseList) -> pd.DataFrame:
    """
    The suspects that were cleared as a table, one row each.

    Returns
    -------
    DataFrame with suspect (text), orders, defective, rate, rate_elsewhere (0-1), expected (orders),
    p_value (0-1), because (text, "; " between causes)
    """
    rows = [
        {
            "suspect": describe(cleared.where),
            "orders": cleared.orders,
            "defective": cleared.defective,
            "rate": cleared.rate,
            "rate_elsewhere": cleared.rate_elsewhere,
            "expected": cleared.expected,
            "p_value": cleared.p_value,
            "because": "; ".join(map(describe, cleared.because)) or MILDLY,
        }
        for cleared in causes.cleared
    ]
    return framed(rows, CLEARED)


# What clears a suspect when no cause does.
MILDLY = mark("mild differences between levels")
CLEARED = {
    "suspect": "str",
    "orders": "int64",
    "defective": "int64",
    **dict.fromkeys(["rate", "rate_elsewhere", "expected", "p_value"], "float64"),
    "because": "str",
}
TYPES = {
    "rank": "int64",
    "where": "str",
    "orders": "int64",
    "defective": "int64",
    **dict.fromkeys(
        ["expected", "excess", "low", "high", "rate", "rate_elsewhere", "q_value"], "float64"
    ),
    "same_as": "str",
}
TABLE = list(TYPES)
