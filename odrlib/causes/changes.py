"""
Changes: since when the rate is what it is, of all orders and of each cause, by order and ship day.

A change says when, never why: what else happened at the time stands in `happenings` and `mix`.

How well that works, measured on 1,000 made histories of 240 days a line (`benchmarks/changes.py`:
weekly rhythm, a growing business; one series asked, q = 0.01):

    orders a day   rate            lasting      found   within 3 days   in the interval
              30   0.5 to 3.0 %    30 days       92 %            78 %              97 %
             100   0.5 to 1.5 %    30 days       82 %            65 %              97 %
             100   0.5 to 2.0 %    30 days       99 %            94 %              98 %
             100   0.5 to 2.0 %    to the end   100 %            94 %              96 %
             100   2.0 to 0.5 %    60 days      100 %            94 %              97 %
             100   0.5 to 5.0 %    14 days      100 %           100 %              99 %
             300   0.5 to 1.0 %    60 days       98 %            77 %              98 %
           1,000   0.5 to 0.75 %   60 days       98 %            77 %              98 %
           1,000   0.5 to 1.0 %    30 days      100 %            98 %              98 %

A rate that never moved is given a change in 4 of 1,000 histories (3 to 1,000 orders a day, 0.3 to
5 %; in 7 of 1,000 at worst). "In the interval" is of those found, the rest of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from odrlib.causes.cause import Cause, describe
from odrlib.causes.clocks import CLOCKS, Clock, Flags, clock_of, flags
from odrlib.causes.sentences import change_sentence
from odrlib.causes.series import Where, changes_of, searched, series_of
from odrlib.columns import framed
from odrlib.errors import BadParameter
from odrlib.exports.columns import rows_where
from odrlib.exports.words import says
from odrlib.languages import tr
from odrlib.naming import ALL

# A cause that is a week says when by itself; what is asked here is when the rest of it began.
WEEKS = ("order_week", "ship_week")

_SERIES = {"slice": "str", "where": "object", "clock": "str"}
_DAY, _SHARE, _NUMBER = "datetime64[us]", "float64", "int64"
CHANGES = {
    **_SERIES,
    **dict.fromkeys(["on", "earliest", "latest"], _DAY),
    "direction": "str",
    **dict.fromkeys(["rate_before", "low_before", "high_before"], _SHARE),
    **dict.fromkeys(["rate_after", "low_after", "high_after"], _SHARE),
    **dict.fromkeys(["orders_before", "defective_before"], _NUMBER),
    **dict.fromkeys(["orders_after", "defective_after"], _NUMBER),
    **dict.fromkeys(["first", "last"], _DAY),
    "p_value": _SHARE,
    "immature": "bool",
    "said": "str",
}
SEARCHED = {
    **_SERIES,
    **dict.fromkeys(["first", "last"], _DAY),
    **dict.fromkeys(["days", "orders", "defective", "changes"], _NUMBER),
    "visible": _SHARE,
    "said": "str",
}


@dataclass(frozen=True)
class RatesOverTime:
    """
    What changed, and what was asked.

    Parameters
    ----------
    changes : one row per change, in order of slice, clock and day. slice (words), where, clock; on
        (first day of the new level), earliest, latest (95 % interval of `on`, both included);
        direction ("up", "down", or "new" for a slice that began then: nothing before it); rate_,
        low_, high_ (95 %; shares 0-1), orders_, defective_ of the levels _before and _after, each
        up to its other neighbour; first, last (days with orders of both levels); p_value (corrected
        for all days and all series asked, 0-1); immature (a fall that defects still to come may
        undo); said (a sentence)
    searched : one row per series asked. slice, where, clock, first, last; days (with orders),
        orders, defective, changes (their number); visible (the rate to which a rise in the last 30
        days would have been seen in nine of ten cases, 0-1; missing if none would); said
    """

    changes: pd.DataFrame
    searched: pd.DataFrame


def of_series(table: pd.DataFrame, of: str, clock: str) -> pd.DataFrame:
    """What a table says of the slice of these words by this clock."""
    mine = says(table["slice"], (of,)) & says(table["clock"], (clock,))
    return rows_where(table, mine)


def slice_of(where: Mapping[str, Any]) -> str:
    """
    The slice that a cause is asked as: its words without the weeks.

    >>> slice_of({"carrier": "DHL", "order_week": "2026-W05"}), slice_of({})
    ('carrier = DHL', 'all orders')
    """
    return describe(_without_weeks(where)) or ALL


def _without_weeks(where: Mapping[str, Any]) -> Where:
    return {column: value for column, value in where.items() if column not in WEEKS}


def rate_changes(
    defects: pd.DataFrame,
    where: Mapping[str, Any] | None = None,
    clock: str = "order day",
    *,
    last: date | None = None,
    arrived: pd.Series | None = None,
    timezone: str = "UTC",
    q: float = 0.01,
    target: str = "defective",
) -> pd.DataFrame:
    """
    The days on which the daily defect rate of a slice moved to a new level.

    Parameters
    ----------
    defects : one row per order with `day` (order day), `shipped_at` (for ship days), `target` and
        the columns of `where`
    where : {column: value}, all of which hold (a missing value is None); None for all orders
    clock : "order day" or "ship day"
    last : the last order day to use
    arrived : order day -> share of its defects that has arrived by now, 0-1; without it the newest
        weeks look better than they are, and falls in them are marked `immature`
    timezone : where ship days are cut
    q : how often a rate that never moved may be given a change, 0-1
    target : a column of 0/1 or booleans

    Returns
    -------
    DataFrame, one row per change; see `RatesOverTime.changes`

    Raises
    ------
    BadParameter : a column is missing, there is no such clock, or `q` is no share

    Examples
    --------
    >>> days = pd.Timestamp("2026-01-01") + pd.to_timedelta([n // 50 for n in range(4_000)], "D")
    >>> orders = pd.DataFrame({"day": days, "defective": [n % 200 == 0 for n in range(4_000)]})
    >>> orders.loc[2_500:, "defective"] = orders.index[2_500:] % 20 == 0
    >>> rate_changes(orders)["said"].item()
    'The rate of all orders rose from 0.52% (13 of 2,500 orders) to 5.00% (75 of 1,500 orders) \
on 20 February 2026 (between 18 February and 20 February with 95% certainty) by order day.'
    """
    where = dict(where or {})
    if unknown := [column for column in where if column not in defects.columns]:
        raise BadParameter(
            tr("no column {columns} in the orders", columns=", ".join(map(repr, unknown)))
        )
    ticking = [clock_of(defects, clock, target, last=last, arrived=arrived, timezone=timezone)]
    bad = flags(defects, target)
    return _over_time(defects, bad, [where], ticking, q, raw=arrived is None).changes


def changes_of_causes(
    defects: pd.DataFrame,
    causes: Iterable[Cause],
    described: pd.DataFrame | None = None,
    *,
    clocks: tuple[str, ...] = CLOCKS,
    last: date | None = None,
    arrived: pd.Series | None = None,
    timezone: str = "UTC",
    q: float = 0.01,
    target: str = "defective",
) -> RatesOverTime:
    """
    The changes of all orders and of each cause, by both clocks, corrected for all of them together.

    Conditions on a week are left out of a cause: when it began is what is asked. Of a cause whose
    columns are not there nothing is known, and `searched` says so.

    Parameters
    ----------
    defects : as for `rate_changes`, of the whole history
    causes : in rank order
    described : the columns of the causes, with the index of `defects` (as `attributes` gives them);
        `defects` itself if they are there

    Raises
    ------
    BadParameter : `described` has another index
    """
    table = defects if described is None else described
    if not table.index.equals(defects.index):
        raise BadParameter(tr("`described` must have the index of `defects`"))
    wanted: list[Where] = [{}]
    for cause in causes:
        if (where := _without_weeks(cause.where)) not in wanted:
            wanted.append(where)
    ticking = [
        clock_of(defects, name, target, last=last, arrived=arrived, timezone=timezone)
        for name in clocks
    ]
    return _over_time(table, flags(defects, target), wanted, ticking, q, raw=arrived is None)


def _over_time(
    described: pd.DataFrame,
    bad: Flags,
    wanted: list[Where],
    ticking: list[Clock],
    q: float,
    *,
    raw: bool,
) -> RatesOverTime:
    """Search every slice by every clock, the error budget `q` shared by all of them."""
    if not 0 < q < 1:
        raise BadParameter(tr("q is {q}; it is a share between 0 and 1", q=q))
    number = len(wanted) * len(ticking)
    changes, asked = [], []
    for where in wanted:
        for clock in ticking:
            series = series_of(described, where, clock, bad)
            found = [{**series.named(), **row} for row in changes_of(series, q, number, raw=raw)]
            changes += [{**row, "said": change_sentence(row)} for row in found]
            asked.append(searched(series, found, q / number))
    return RatesOverTime(
        framed(changes, CHANGES),
        framed(asked, SEARCHED),
    )
