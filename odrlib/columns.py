"""
Columns: a few rows of a table as plain lists and arrays, which answer faster than a frame.

Words and flags are lists in which None is unknown; moments (UTC) and days are `datetime64[us]`
arrays, unknown NaT; numbers are float arrays, unknown nan. A column of a frame that is asked a
hundred small questions costs fifty microseconds for each, a list or an array costs one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from odrlib import plain
from odrlib.exports.columns import frame_of
from odrlib.exports.words import text_column
from odrlib.tables import Values, is_among

MOMENT = "datetime64[us]"
DAY = np.timedelta64(86_400_000_000, "us")
HOUR = np.timedelta64(3_600_000_000, "us")
NO_DAY = np.datetime64("NaT", "us")
# A promise without a time of day holds until then.
_LAST_MOMENT = DAY - np.timedelta64(1_000_000, "us")
_OF_NUMPY = ("float64", "int64", "bool")
_WITH_GAPS = ("Int64", "boolean")


def words(values: Values) -> list[Any]:
    """
    The words of a column.

    >>> words(pd.array(["UPS", None], dtype="str")), words(pd.Categorical(["UPS", None]))
    (['UPS', None], ['UPS', None])
    """
    if isinstance(values, pd.Categorical):
        if not len(values.categories):
            return [None] * len(values)
        said = values.categories.take(values.codes.clip(0)).tolist()
        return [
            str(word) if code >= 0 else None
            for word, code in zip(said, values.codes.tolist(), strict=True)
        ]
    if isinstance(values.dtype, pd.StringDtype):
        return plain.listed(values)
    return [None if pd.isna(word) else str(word) for word in values.tolist()]


def numbers(values: Values) -> np.ndarray:
    """The numbers of a column."""
    return np.asarray(values.to_numpy("float64", na_value=np.nan))


def marks(values: Values) -> list[bool | None]:
    """
    The flags of a column.

    >>> marks(pd.array([True, None], dtype="boolean"))
    [True, None]
    """
    return [None if pd.isna(flag) else bool(flag) for flag in values.tolist()]


def moments(values: Values) -> np.ndarray:
    """The moments of a column, in UTC, or its days."""
    return np.asarray(values if values.dtype.kind == "M" else pd.to_datetime(values, utc=True),
                      dtype=MOMENT)  # fmt: skip


def flags(answers: np.ndarray, known: np.ndarray) -> list[bool | None]:
    """
    The answers as flags, unknown where they are not known.

    >>> flags(np.array([True, False]), np.array([True, False]))
    [True, None]
    """
    told = zip(answers.tolist(), known.tolist(), strict=True)
    return [answer if is_known else None for answer, is_known in told]


def local(instants: np.ndarray, timezone: str) -> np.ndarray:
    """Moments as the clocks of `timezone` show them."""
    if timezone == "UTC":
        return instants
    here = pd.DatetimeIndex(instants).tz_localize("UTC").tz_convert(timezone).tz_localize(None)
    return np.asarray(here, dtype=MOMENT)


def days(instants: np.ndarray, timezone: str) -> np.ndarray:
    """The calendar day of each moment in `timezone`, as `tables.order_days`."""
    found: np.ndarray = local(instants, timezone).astype("datetime64[D]").astype(MOMENT)
    return found


def deadline(promised: np.ndarray, timezone: str) -> np.ndarray:
    """The last moment of a promise; one without a time of day holds to the end of that day."""
    here = local(promised, timezone)
    found: np.ndarray = promised + np.where(
        here == here.astype("datetime64[D]"), _LAST_MOMENT, np.timedelta64(0, "us")
    )
    return found


def rows_of(ids: pd.Series, wanted: Iterable[str]) -> np.ndarray:
    """The numbers of the rows that have one of the wanted ids."""
    return np.flatnonzero(is_among(ids, wanted))


def order_by(*columns: Values) -> np.ndarray:
    """
    The order of rows by these columns, as `sort_values` sorts: what is missing stands last.

    >>> order_by(pd.array(["b", None, "a", "b"], dtype="str"), np.array([2, 1, 1, 1])).tolist()
    [2, 3, 0, 1]
    """
    ranks = []
    for values in reversed(columns):
        codes, levels = pd.factorize(values, sort=True)
        ranks.append(np.where(codes < 0, len(levels), codes))
    return np.lexsort(ranks)


def by_day(orders: pd.DataFrame, rows: np.ndarray, *, newest: bool = False) -> np.ndarray:
    """These rows of orders by day, those of one day by order id; the newest first if asked."""
    sign = -1 if newest else 1
    days = orders["day"].to_numpy()[rows].astype("int64").tolist()
    ids = words(orders["order_id"].array.take(rows))
    order = sorted(range(len(rows)), key=lambda at: (sign * days[at], ids[at]))
    return rows[np.array(order, np.intp)]


def listed(values: Values) -> list[Any]:
    """A column of any kind as plain values; None is unknown."""
    if values.dtype.kind == "M":
        found: list[Any] = moments(values).tolist()
        return found
    if isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype):
        return words(values)
    return [None if pd.isna(value) else value for value in values.tolist()]


def typed(values: Sequence[Any], kind: str | None) -> Any:
    """
    The column of a frame that says these values; None is missing. Without a kind pandas chooses.

    >>> typed(["a", None], "str").tolist()
    ['a', nan]
    """
    if kind == "str":
        said = [value if isinstance(value, str) else _text(value) for value in values]
        return text_column(np.array(said, dtype=object), len(said))
    if kind == MOMENT:
        known = [None if value is None or value is pd.NaT else value for value in values]
        return np.array(known, dtype=MOMENT)
    if kind in _OF_NUMPY:
        return np.array(values, dtype=kind)
    if kind in _WITH_GAPS:
        return pd.array(values, dtype=kind)
    if kind == "object":
        return pd.arrays.NumpyExtensionArray(np.fromiter(values, object, len(values)))
    return pd.Series(values, dtype=kind).array


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def framed(
    rows: Sequence[Mapping[str, Any] | Sequence[Any]], kinds: Mapping[str, str | None]
) -> pd.DataFrame:
    """
    The rows as a frame whose columns have these kinds, each column made once.

    Parameters
    ----------
    rows : by the names of the columns (what they hold beside is left out), or in their order

    >>> framed([("a", 1), (None, 2)], {"word": "str", "number": "int64"}).to_dict("list")
    {'word': ['a', nan], 'number': [1, 2]}
    """
    columns: Iterable[Sequence[Any]]
    if not rows:
        columns = [[] for _ in kinds]
    elif isinstance(rows[0], Mapping):
        columns = [[row.get(name) for row in rows] for name in kinds]  # type: ignore[union-attr]
    else:
        columns = zip(*rows, strict=True)
    pairs = zip(kinds.items(), columns, strict=True)
    return frame_of({name: typed(list(values), kind) for (name, kind), values in pairs})
