"""A selection: the orders of some days, of one channel, that hold some values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib import naming
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.policy import CHANNELS, KINDS, PROFILES
from odrlib.rates import Window, unknown_kinds

ANY = "any"
ALL = "all"
_KINDS = (ANY, *KINDS)


@dataclass(frozen=True)
class Selection:
    """
    A part of the orders that somebody asks about.

    Parameters
    ----------
    profile : "amazon" or "brief", whose way of counting
    first, last : the order days, both included; text like 2026-03-01 is read
    channel : "all", "mfn" or "afn"
    kind : "any", "claim", "chargeback" or "negative_feedback": which defects are counted
    where : {column: value}, all of it at once; None is a missing value

    Raises
    ------
    BadParameter : a name that is not there, or days that are none
    """

    profile: str
    first: date
    last: date
    channel: str = ALL
    kind: str = ANY
    where: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, known in (("profile", PROFILES), ("channel", CHANNELS), ("kind", _KINDS)):
            if getattr(self, name) not in known:
                raise BadParameter(
                    tr("no {name} {value!r}; choose one of {known}",
                       name=name, value=getattr(self, name), known=", ".join(known))
                )  # fmt: skip
        for name in ("first", "last"):
            object.__setattr__(self, name, _day(getattr(self, name)))
        object.__setattr__(self, "where", dict(self.where))
        _ = self.window

    @property
    def window(self) -> Window:
        """The order days."""
        return Window(self.first, self.last)

    @property
    def slice(self) -> dict[str, str | None]:
        """All conditions but the days: what makes these orders differ from the rest."""
        own = {} if self.channel == ALL else {"channel": self.channel}
        return own | dict(self.where)

    def having(self, column: str, value: str | None) -> Selection:
        """The same with one condition more, or another value of it."""
        return replace(self, where=dict(self.where) | {column: value})

    def without(self, column: str) -> Selection:
        """The same without the condition on a column."""
        return replace(self, where={name: v for name, v in self.where.items() if name != column})


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadParameter(
            tr("{value!r} is not a day; write it like 2026-03-01", value=value)
        ) from None


def value_text(value: Any) -> str:
    """
    A value of an attribute as a selection writes it.

    >>> value_text(True), value_text("UPS"), value_text(3)
    ('yes', 'UPS', '3')
    """
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value)


def select(
    defects: pd.DataFrame, selection: Selection, described: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    The rows of `defects` that are in the selection, those with another kind of defect included.

    Parameters
    ----------
    defects : the table of `defects_by_order` of the selection's profile
    described : columns that the conditions are about, by the index of `defects`, where they are not
        columns of `defects` itself (the table of `attributes`)

    Raises
    ------
    BadParameter : there is no such column, or nothing is known in it
    """
    inside = selection.window.holds(defects["day"]).to_numpy(dtype=bool, copy=True)
    for column, value in selection.slice.items():
        table = described if described is not None and column in described else defects
        values = table[column].reindex(defects.index) if column in table else None
        if values is None or (value is not None and values.isna().all()):
            raise BadParameter(tr("no file tells the column {column!r} now", column=column))
        inside &= _same(values, value)
    return defects[inside]


def _same(values: pd.Series, value: str | None) -> np.ndarray:
    found: np.ndarray
    if value is None:
        found = values.isna().to_numpy(dtype=bool)
    elif isinstance(values.dtype, pd.CategoricalDtype):
        fit = [value_text(level) == value for level in values.cat.categories]
        found = np.append(fit, False)[values.cat.codes.to_numpy()].astype(bool)
    else:
        fits = values.map(value_text, na_action="ignore").eq(value).fillna(False)
        found = fits.to_numpy(dtype=bool)
    return found


def numerators(defects: pd.DataFrame, selection: Selection) -> np.ndarray:
    """What each order adds to the number above the line, by the selection's kind and profile."""
    column = selection.kind
    if column in unknown_kinds(defects):
        return np.zeros(len(defects), dtype="int64")
    if column == ANY:
        column = "defective" if PROFILES[selection.profile].count == "orders" else "defects"
    counts: np.ndarray = defects[column].to_numpy(dtype="int64")
    return counts


def in_words(selection: Selection) -> str:
    """
    The selection without its days, as a person reads it.

    >>> in_words(Selection("amazon", "2026-01-02", "2026-03-01", where={"carrier": "UPS"}))
    'carrier UPS'
    """
    parts = [naming.level("channel", selection.channel)] if selection.channel != ALL else []
    parts += [naming.level("kind", selection.kind)] if selection.kind != ANY else []
    parts += [naming.slice_name(selection.where)] if selection.where else []
    return tr("; ", context="slices").join(parts) or tr("all orders")
