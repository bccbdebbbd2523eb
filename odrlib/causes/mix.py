"""
Mix: what else was different before and after a day, told by the orders themselves.

A carrier that went from 5 % to 45 % of the orders in the week in which the rate rose is worth a
look, whether anybody wrote it into the ledger or not. That it moved is no proof that it matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betainc

from odrlib.causes.attributes import CANDIDATES
from odrlib.causes.bar import Numbers
from odrlib.causes.clocks import Flags, Floats, flags
from odrlib.columns import DAY, framed, moments
from odrlib.errors import BadParameter
from odrlib.exports.words import coded, is_worded
from odrlib.languages import tr
from odrlib.naming import slice_orders

# What names the time itself always moves with time.
TIMES = ("order_week", "ship_week", "weekday")
# Four whole weeks to either side: every weekday counts as often before as after.
DAYS = 28
# A shift is large from so many points of the share on, or from this factor on if it makes up at
# least so much of the orders; a smaller part could not move the rate of the whole.
POINTS = 0.10
FACTOR = 2.0
PART = 0.01

Row = dict[str, Any]
TABLE = {
    "column": "str",
    "value": "object",
    **dict.fromkeys(["orders_before", "orders_after"], "int64"),
    **dict.fromkeys(["share_before", "share_after", "defects_after", "p_value"], "float64"),
    "said": "str",
}


def mix_shifts(
    orders: pd.DataFrame,
    on: date,
    by: Sequence[str] | None = None,
    *,
    day: str = "day",
    days: int = DAYS,
    q: float = 0.01,
    target: str = "defective",
) -> pd.DataFrame:
    """
    The levels whose share of the orders moved much around a day: gains, then losses, largest first.

    Parameters
    ----------
    orders : one row per order with its day and categorical columns, as `attributes` gives them
    on : the first day of "after"
    by : the columns to compare; by default those of `attributes` that do not name the time
    day : the column of days
    days : how many days before `on`, and from `on`, are compared
    q : how often any level at all may be listed where the mix never moved, 0-1
    target : a column of 0/1 or booleans

    Returns
    -------
    DataFrame: column, value (missing is None), orders_before, orders_after, share_before,
    share_after (of the orders whose value is known, 0-1), defects_after (share of the defects from
    `on`, 0-1; missing without defects), p_value (corrected for all levels compared, 0-1), said (a
    sentence)

    Raises
    ------
    BadParameter : a column is not there, `days` is under 1, or the target is not 0/1

    Examples
    --------
    >>> days = pd.Timestamp("2026-03-01") + pd.to_timedelta([n // 20 for n in range(800)], "D")
    >>> orders = pd.DataFrame({"day": days, "carrier": ["UPS", "China Post"] * 400})
    >>> orders["carrier"] = orders["carrier"].mask(orders.index < 400, "UPS")
    >>> orders["defective"] = orders["carrier"].eq("China Post") & (orders.index % 5 == 0)
    >>> for said in mix_shifts(orders, date(2026, 3, 21))["said"]:
    ...     print(said)
    Carrier China Post went from 0.0% to 50.0% of the orders, and has 100% of the defects since.
    Carrier UPS went from 100.0% to 50.0% of the orders, and has 0% of the defects since.
    """
    if by is None:
        by = [name for name in CANDIDATES if name in orders.columns and name not in TIMES]
    if unknown := [name for name in (day, *by) if name not in orders.columns]:
        raise BadParameter(
            tr("no column {columns} in the orders", columns=", ".join(map(repr, unknown)))
        )
    if days < 1:
        raise BadParameter(tr("days is {days}; it is at least 1", days=days))
    at, middle, length = moments(orders[day].array), np.datetime64(on, "us"), days * DAY
    rows = np.flatnonzero((at >= middle - length) & (at < middle + length))
    after, bad = at[rows] >= middle, flags(orders[[target]].take(rows), target)
    if after.all() or not after.any() or not by:
        return framed([], TABLE)
    levels = [level for name in by for level in _levels(name, orders[name], rows, after, bad)]
    found = []
    for level in levels:
        level["p_value"] = min(level["p_value"] * len(levels), 1.0)
        if level["p_value"] <= q and _large(level):
            found.append(level | {"said": _said(level)})
    found.sort(key=_rank)
    return framed(found, TABLE)


def _large(level: Row) -> bool:
    low, high = sorted((level["share_before"], level["share_after"]))
    return bool(high - low >= POINTS or (high >= FACTOR * low and high - low >= PART))


def _rank(level: Row) -> tuple[Any, ...]:
    """What one level gains others lose, so the gains come first."""
    shift = level["share_after"] - level["share_before"]
    word = level["value"]
    return shift < 0, -abs(shift), level["column"], word is None, str(word)


def _levels(
    name: str, values: pd.Series, rows: np.ndarray, after: Flags, bad: Flags
) -> Iterator[Row]:
    """
    Every level of a column with its shares before and after.

    Levels share the orders whose value is known, or a file that begins later would move them all;
    a missing value has its share of all orders.
    """
    codes, names = coded(values) if is_worded(values) else pd.factorize(values)
    places, width = codes[rows].astype(np.intp) + 1, len(names) + 1
    seen = np.stack([np.bincount(places[part], minlength=width) for part in (~after, after)], 1)
    sizes = np.tile(seen[1:].sum(axis=0), (width, 1))
    sizes[0] = seen.sum(axis=0)
    defects = np.bincount(places[after & bad], minlength=width)
    share = seen / np.maximum(sizes, 1)
    part = defects / (defects.sum() or np.nan)
    chance = _chance(seen, sizes)
    for at in np.flatnonzero(seen.any(axis=1) & sizes.all(axis=1)).tolist():
        yield {
            "column": name,
            "value": names[at - 1] if at else None,
            "orders_before": int(seen[at, 0]),
            "orders_after": int(seen[at, 1]),
            "share_before": float(share[at, 0]),
            "share_after": float(share[at, 1]),
            "defects_after": float(part[at]),
            "p_value": float(chance[at]),
        }


def _chance(seen: Numbers, sizes: Numbers) -> Floats:
    """
    How often two samples of one mix differ so much, both ways.

    Binomial, given the orders of both sides: of the level or of the rest, whichever is fewer.
    """
    rest = sizes - seen
    fewer = np.where((seen.sum(axis=1) <= rest.sum(axis=1))[:, None], seen, rest)
    before, after = fewer.T
    part = sizes[:, 1] / np.maximum(sizes.sum(axis=1), 1)
    as_many = np.where(after > 0, betainc(np.maximum(after, 1), before + 1, part), 1.0)
    as_few = np.where(before > 0, betainc(np.maximum(before, 1), after + 1, 1 - part), 1.0)
    found: Floats = np.minimum(1.0, 2 * np.minimum(as_many, as_few))
    return found


def _said(row: Row) -> str:
    name = slice_orders({row["column"]: row["value"]})
    shares = {"before": row["share_before"], "after": row["share_after"]}
    values = {"slice": name[:1].upper() + name[1:], **shares}
    if np.isnan(row["defects_after"]):
        return tr("{slice} went from {before:.1%} to {after:.1%} of the orders.", **values)
    return tr(
        "{slice} went from {before:.1%} to {after:.1%} of the orders, and has {defects:.0%} of the "
        "defects since.",
        defects=row["defects_after"],
        **values,
    )
