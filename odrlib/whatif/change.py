"""Changes: what could be, or could have been, different; and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.finding import count
from odrlib.languages import mark, tr, trn
from odrlib.languages.forms import day
from odrlib.naming import slice_orders
from odrlib.policy import KINDS

Where: TypeAlias = Mapping[str, Any]
Mask: TypeAlias = npt.NDArray[np.bool_]

KIND_NAMES = {
    "claim": mark("A-to-z claim"),
    "chargeback": mark("chargeback"),
    "negative_feedback": mark("negative feedback"),
}


@dataclass(frozen=True)
class LikeTheRest:
    """
    The orders of a slice have defects at the rate of the rest.

    Parameters
    ----------
    where : {column: value}, all of it at once; None is a missing value. Several slices, in a tuple,
        are changed together, and an order in two of them is one order
    besides : slices that are not changed, but are not a rest to compare with either
    """

    where: Where | tuple[Where, ...]
    besides: tuple[Where, ...] = ()

    @property
    def slices(self) -> tuple[Where, ...]:
        """The slices that are changed."""
        return (self.where,) if isinstance(self.where, Mapping) else self.where

    def scenario(self, as_of: date) -> str:
        """The change in words."""
        slices = self.slices
        if len(slices) == 1:
            return tr("If {slice} had been like the rest", slice=slice_orders(slices[0]))
        return trn(
            "If {n:,} slice had been like the rest",
            "If {n:,} slices had been like the rest",
            len(slices),
        )


@dataclass(frozen=True)
class Reversed:
    """
    The defects of these orders are taken off; the orders stay.

    `kind` takes off one kind of defect only: an order with another one stays defective.
    """

    order_ids: tuple[str, ...]
    kind: str | None = None

    def __post_init__(self) -> None:
        # Who has no type checker does give a text.
        if isinstance(self.order_ids, str):  # type: ignore[unreachable]
            raise BadParameter(tr("order_ids is a tuple of order ids, not one text"))
        if self.kind is not None and self.kind not in KINDS:
            raise BadParameter(
                tr("no kind of defect {kind!r}; there are {kinds}",
                   kind=self.kind, kinds=", ".join(KINDS))
            )  # fmt: skip

    def scenario(self, as_of: date) -> str:
        """The change in words."""
        orders = count(len(set(self.order_ids)), "order")
        if self.kind is None:
            return tr("If the defects of {orders} were reversed", orders=orders)
        return tr(
            "If the {kind} of {orders} was reversed", kind=tr(KIND_NAMES[self.kind]), orders=orders
        )


@dataclass(frozen=True)
class Stopped:
    """No orders of this slice from a day on, in the known past or in the days to come."""

    where: Where
    from_day: date

    def scenario(self, as_of: date) -> str:
        """The change in words; what is past can only have been."""
        values = {"slice": slice_orders(self.where), "day": day(self.from_day)}
        if self.from_day <= as_of:
            return tr("If {slice} had stopped on {day}", **values)
        return tr("If {slice} stopped on {day}", **values)


Change: TypeAlias = LikeTheRest | Reversed | Stopped


def in_any(described: pd.DataFrame, slices: Iterable[Where]) -> Mask:
    """
    The orders that are in at least one of the slices.

    Raises
    ------
    BadParameter : a slice without conditions, or with a column that is not there
    """
    found = np.zeros(len(described), dtype=bool)
    for where in slices:
        found |= _in_slice(described, where)
    return found


def _in_slice(described: pd.DataFrame, where: Where) -> Mask:
    if not where:
        raise BadParameter(tr("a slice needs a condition, such as {'carrier': 'UPS'}"))
    inside = np.ones(len(described), dtype=bool)
    for column, value in where.items():
        if column not in described.columns:
            raise BadParameter(
                tr(
                    "no column {columns} in the orders; there are {others}",
                    columns=repr(column),
                    others=", ".join(map(str, described.columns)),
                )
            )
        values = described[column]
        same = values.isna() if value is None else values.eq(value).fillna(False)
        inside &= same.to_numpy(dtype=bool)
    return inside
