"""
Composition: what the defects are made of, by any column of the orders, and over time.

Small groups are folded into one row that says how many they are, a missing value is a group of its
own ("unknown"), and no order is lost on the way: the rows add up to the orders they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.exports.columns import frame_of
from odrlib.exports.words import text_column
from odrlib.languages import tr
from odrlib.rates import known_kinds, wilson

Time = Literal["order_week", "order_month", "order_day", "arrival_week"]
# The columns of a table that counts groups.
Counts: TypeAlias = dict[str, Any]
_RATES = ("rate", "low", "high")

# time -> the column of days, and the step of the periods
_TIMES = {
    "order_week": ("day", "W"),
    "order_month": ("day", "M"),
    "order_day": ("day", "D"),
    "arrival_week": ("arrived_on", "W"),
}

UNKNOWN = "unknown"
# column -> what one of its values is called, and several of them
NOUNS = {
    "sku": ("SKU", "SKUs"),
    "asin": ("ASIN", "ASINs"),
    "title": ("product", "products"),
    "carrier": ("carrier", "carriers"),
    "service": ("service level", "service levels"),
    "ship_service": ("shipping service", "shipping services"),
    "warehouse": ("warehouse", "warehouses"),
    "country": ("country", "countries"),
    "state": ("state", "states"),
    "channel": ("channel", "channels"),
    "sales_channel": ("sales channel", "sales channels"),
    "reason": ("reason", "reasons"),
    "category": ("category", "categories"),
    "supplier": ("supplier", "suppliers"),
}


def rate_by(
    defects: pd.DataFrame,
    column: str,
    *,
    min_orders: int = 20,
    top: int | None = None,
    items: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Orders, defects and rate for each value of `column`, worst first.

    Worst is by excess, then rate, then name. Values with fewer than `min_orders` orders share one
    row, and with `top` so do the values after the worst `top`; these rows stand last. Orders
    without a value are the row "unknown", which is never folded.

    Parameters
    ----------
    defects : the table of `defects_by_order`
    items : by default an order belongs to its main item, so the rows add up to the orders. With a
        table of `order_id` and `column` (`store.order_items`) an order counts once under each value
        it holds, and the rows then add up to more (`attrs["rule"]` says which)

    Returns
    -------
    DataFrame indexed by value: `orders`, `defective`, one count per known kind of defect, `rate`,
    `low`, `high` (95 %), `share_of_orders`, `share_of_defects` (all 0-1) and `excess` (defective
    orders above the rate of all other orders; missing where there are no others)

    Raises
    ------
    BadParameter : there is no such column
    """
    groups = _groups(defects, column, items)
    counts = _against_the_rest(groups.tally(defects), defects)
    names = np.array(groups.names, dtype=str)
    small = (counts["orders"] < min_orders) & (names != UNKNOWN)
    worst = np.lexsort((names, -counts["rate"], -counts["excess"]))
    ranked = names[worst[~small[worst]]].tolist()
    named = [name for name in ranked if name != UNKNOWN]
    beyond = set(named[len(named) if top is None else top :])
    few = f"{_count(int(small.sum()), column)} with fewer than {min_orders} orders"
    others = _count(len(beyond), column, "other")
    last = [label for label, members in ((others, beyond), (few, names[small])) if len(members)]
    if last:
        new = dict.fromkeys(names[small].tolist(), few) | dict.fromkeys(beyond, others)
        groups = groups.renamed(new)
        counts = _against_the_rest(groups.tally(defects), defects)
    rows = [*(name for name in ranked if name not in beyond), *last]
    place = {name: at for at, name in enumerate(groups.names)}
    at = np.array([place[name] for name in rows], np.intp)
    table = frame_of(
        {name: values.take(at) for name, values in counts.items()},
        pd.Index(rows, dtype="str", name=column),
    )
    table.attrs["rule"] = (
        tr("an order belongs to its main item; the rows add up to all orders")
        if items is None
        else tr(
            "an order counts under each value it holds; the rows add up to more than all orders"
        )
    )
    return table


def composition(
    defects: pd.DataFrame, by: str = "kind", time: Time = "order_week", *, top: int = 6
) -> pd.DataFrame:
    """
    How many defects each group had in each period, from the first to the last without a gap.

    Parameters
    ----------
    by : "kind" for the kinds of defect (an order with two is in both), or a column of the orders,
        whose values after the `top` with the most defective orders are folded into "N other …"
    time : "order_week", "order_month" and "order_day" go by the order's day; "arrival_week" by the
        day the order's first defect arrived, where a rate has no meaning, because the orders it
        would be a share of are counted by order day

    Returns
    -------
    DataFrame: `period` (the day it starts; weeks start on Monday; missing for defects whose arrival
    is unknown), `group`, `orders`, `defective`, `rate`, `low`, `high` (shares 0-1, 95 %); with
    "arrival_week" only `defective`

    Raises
    ------
    BadParameter : there is no such column or no such time
    """
    if time not in _TIMES:
        raise BadParameter(
            tr("no time {time!r}; there are {known}", time=time, known=", ".join(_TIMES))
        )
    column, step = _TIMES[time]
    if column == "arrived_on":
        defects = defects[defects["defective"]]
    periods, place = _periods(_column(defects, column), step)
    if by == "kind":
        groups = _kinds(defects)
        flags = defects[groups.names].to_numpy(dtype=bool).T.ravel()
    else:
        groups = _biggest(_groups(defects, by), defects, by, top)
        flags = defects["defective"].to_numpy(dtype=bool)
    width = len(groups.names)
    cell = place[groups.rows] * width + groups.codes
    counts = {
        "orders": np.bincount(cell, minlength=len(periods) * width),
        "defective": np.bincount(cell[flags], minlength=len(periods) * width),
    }
    counts = _with_rates(counts, defects)
    if column == "arrived_on":
        length = len(counts["orders"])
        counts |= {"orders": _none(length), **_no_rates(length)}
    group = text_column(np.array(groups.names * len(periods), object), len(periods) * width)
    return frame_of({"period": periods.repeat(width), "group": group, **counts})


@dataclass(frozen=True)
class _Groups:
    """Which order (place in the table) is in which group (place in `names`)."""

    rows: np.ndarray
    codes: np.ndarray
    names: list[str]

    def tally(self, defects: pd.DataFrame) -> Counts:
        """Orders, defective orders and known kinds of each group."""
        counts = {"orders": np.bincount(self.codes, minlength=len(self.names))}
        for name in ("defective", *known_kinds(defects)):
            flags = defects[name].to_numpy(dtype=bool)[self.rows]
            counts[name] = np.bincount(self.codes[flags], minlength=len(self.names))
        return counts

    def renamed(self, new: dict[str, str]) -> _Groups:
        """The groups under new names; those that share one become one, each order once in it."""
        code, names = pd.factorize(pd.Index([new.get(name, name) for name in self.names]))
        rows, codes = self.rows, code[self.codes]
        if (rows[1:] <= rows[:-1]).any():  # an order may be in several groups
            pairs = pd.DataFrame({"row": rows, "code": codes}).drop_duplicates()
            rows, codes = pairs["row"].to_numpy(), pairs["code"].to_numpy()
        return _Groups(rows, codes, list(names))


def _groups(defects: pd.DataFrame, column: str, items: pd.DataFrame | None = None) -> _Groups:
    """The orders by the values of `column`, a missing value being "unknown"."""
    if items is None:
        rows, values = np.arange(len(defects)), _column(defects, column)
    else:
        held = pd.DataFrame({"order_id": items["order_id"], "value": _column(items, column)})
        held = held.dropna().drop_duplicates()
        joined = pd.DataFrame({"order_id": defects["order_id"], "row": np.arange(len(defects))})
        joined = joined.merge(held, on="order_id", how="left")
        rows, values = joined["row"].to_numpy(), joined["value"]
    codes, levels = pd.factorize(values)
    names = [_name(level) for level in levels]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(names), codes)
        names.append(UNKNOWN)
    groups = _Groups(rows, codes, names)
    # Two values may read alike, and then an order with both would count twice.
    return groups.renamed({}) if len(set(names)) < len(names) else groups


def _kinds(defects: pd.DataFrame) -> _Groups:
    """Every order under every known kind of defect: each kind is a share of all orders."""
    names = list(known_kinds(defects))
    every = np.arange(len(defects))
    return _Groups(np.tile(every, len(names)), np.repeat(np.arange(len(names)), len(every)), names)


def _biggest(groups: _Groups, defects: pd.DataFrame, column: str, top: int) -> _Groups:
    """The groups with the most defective orders first, then the others as one, then "unknown"."""
    counts, known = groups.tally(defects), np.array(groups.names, dtype=str)
    order = np.lexsort((known, -counts["orders"], -counts["defective"]))
    names = [name for name in known[order].tolist() if name != UNKNOWN]
    others = _count(len(names) - top, column, "other")
    named = groups.renamed(dict.fromkeys(names[top:], others))
    wanted = [name for name in (*names[:top], others, UNKNOWN) if name in set(named.names)]
    place = pd.Index(wanted).get_indexer(named.names)
    return _Groups(named.rows, place[named.codes], wanted)


def _against_the_rest(counts: Counts, defects: pd.DataFrame) -> Counts:
    """Counts with their rates, their shares of the whole, and the excess over all other orders."""
    bad, total = int(defects["defective"].sum()), len(defects)
    orders, defective = counts["orders"], counts["defective"]
    elsewhere = (bad - defective) / np.where(orders < total, total - orders, np.nan)
    excess = defective - elsewhere * orders
    return _with_rates(counts, defects) | {
        "share_of_orders": orders / (total or np.nan),
        "share_of_defects": defective / (bad or np.nan),
        "excess": excess if known_kinds(defects) else np.full(len(orders), np.nan),
    }


def _with_rates(counts: Counts, defects: pd.DataFrame) -> Counts:
    """Counts with `rate`, `low` and `high`; all unknown if no file tells any kind of defect."""
    orders, defective = counts["orders"], counts["defective"]
    if not known_kinds(defects):
        return counts | {"defective": _none(len(orders)), **_no_rates(len(orders))}
    low, high = wilson(defective, orders)
    rate = defective / np.where(orders > 0, orders, np.nan)
    return counts | dict(zip(_RATES, (rate, low, high), strict=True))


def _no_rates(rows: int) -> Counts:
    """Rates that are not known in any row; each an array of its own, as `frame_of` takes it."""
    return {name: np.full(rows, np.nan) for name in _RATES}


def _none(rows: int) -> pd.arrays.IntegerArray:
    """A count that is not known in any row."""
    return pd.arrays.IntegerArray(np.zeros(rows, "int64"), np.ones(rows, bool))


def _periods(days: pd.Series, step: str) -> tuple[pd.Index, np.ndarray]:
    """The periods from the first day's to the last's, NaT last if any, and each day's place."""
    at = days.to_numpy()
    known = ~np.isnat(at)
    # Weeks and days are counted from 1970-01-01, a Thursday.
    day = at.astype("datetime64[D]").astype("int64")
    number = {"D": day, "W": (day + 3) // 7, "M": at.astype("datetime64[M]").astype("int64")}[step]
    told = number[known]
    first, end = (int(told.min()), int(told.max()) + 1) if len(told) else (0, 0)
    starts = np.arange(first, end) * 7 - 3 if step == "W" else np.arange(first, end)
    unit = "M" if step == "M" else "D"
    periods = pd.DatetimeIndex(starts.astype(f"datetime64[{unit}]").astype("datetime64[us]"))
    if known.all():
        return periods, number - first
    place = np.where(known, number - first, len(periods))
    return periods.append(pd.DatetimeIndex([pd.NaT])), place


def _column(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame.columns:
        raise BadParameter(
            tr("no column {column!r}; there are {known}",
               column=column, known=", ".join(map(str, frame.columns)))
        )  # fmt: skip
    return frame[column]


def _name(level: object) -> str:
    """A value as a reader sees it."""
    if isinstance(level, (bool, np.bool_)):
        return "yes" if level else "no"
    return str(level)


def _count(number: int, column: str, adjective: str = "") -> str:
    """
    A number of values of a column, in words.

    >>> _count(38, "sku"), _count(1, "country", "other"), _count(2, "price_band")
    ('38 SKUs', '1 other country', '2 price band values')
    """
    plain = column.replace("_", " ")
    one, several = NOUNS.get(column, (f"{plain} value", f"{plain} values"))
    return " ".join(filter(None, [f"{number:,}", adjective, one if number == 1 else several]))
