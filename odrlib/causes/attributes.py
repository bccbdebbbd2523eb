"""Attributes: what one knows of an order, as words that a search can compare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from odrlib.columns import DAY, MOMENT, deadline, local, moments
from odrlib.defects import is_said
from odrlib.exports.columns import frame_of, rows_at
from odrlib.exports.words import categorical
from odrlib.related import ANSWER_TIME, answers
from odrlib.tables import Values, is_among

# What `find_causes` searches by default: first what the exports say, then what we derive.
GIVEN = (
    "sku", "asin", "supplier", "channel", "sales_channel", "service", "carrier", "ship_service",
    "warehouse", "country", "state", "business",
)  # fmt: skip
DERIVED = (
    "tracked", "shipped_late", "delivered_late", "days_late", "slow_answer", "multi_item",
    "price_band", "order_week", "ship_week", "weekday",
)  # fmt: skip
CANDIDATES = GIVEN + DERIVED

# Somebody who only looks up parcels that were complained about knows more of defective orders than
# of others. From this difference on (share of orders, 0-1) what is known would accuse itself.
LOPSIDED = 0.3
# What somebody has to look up parcel by parcel. Where fewer than this share of a channel's parcels
# are known, those that are were looked up for a reason, often the complaint itself.
LOOKED_UP = ("tracked", "shipped_late", "delivered_late", "days_late", "ship_week")
WIDELY = 0.5
# Bands of the days after the promised day: up to each number, and beyond the last.
DAYS_LATE = (2, 6)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def attributes(
    defects: pd.DataFrame, messages: pd.DataFrame | None = None, timezone: str = "UTC"
) -> pd.DataFrame:
    """
    The orders with one categorical column per attribute that might be a cause.

    Those of `described` that are worth a search by the rules of `telling`, beside `order_id` and
    `defective`. To search a part of a longer history, describe the history once and let `telling`
    choose for the part: the words (the bands of prices, the weeks) are then the same in both.

    Parameters
    ----------
    defects : one row per order, as `defects_by_order` gives it
    messages : the messages of the store, if there are any
    timezone : where the days of the parcels are cut

    Returns
    -------
    DataFrame with the index of `defects`, `order_id`, `defective` and those of CANDIDATES that may
    say something; unknown values are missing
    """
    return telling(defects, described(defects, messages, timezone))


def described(
    defects: pd.DataFrame, messages: pd.DataFrame | None = None, timezone: str = "UTC"
) -> pd.DataFrame:
    """
    What is known of each order, as words: those of CANDIDATES that can be told, unknown missing.

    A parcel without a delivery scan counts as late once it was tracked and its promised day is
    past; without tracking it is unknown. `slow_answer` is "yes" where a buyer waited longer than
    Amazon allows for the first answer of a person; a message alone is no cause, so the column is
    left out unless buyers who waited have more defects than buyers who were answered in time.
    """
    found = {column: defects[column].array for column in GIVEN if column in defects.columns}
    found |= _derived(defects, timezone)
    if messages is not None and len(messages):
        slow = _slow_answer(defects, messages)
        if slow is not None:
            found["slow_answer"] = slow
    kept = [column for column in CANDIDATES if column in found]
    return frame_of({column: _category(found[column]) for column in kept}, defects.index)


def _category(values: Values) -> pd.Categorical:
    known = isinstance(values, pd.Categorical)
    return values if known else pd.Series(values).astype("category").array


def telling(defects: pd.DataFrame, described: pd.DataFrame) -> pd.DataFrame:
    """
    The columns of a description that a search may use for these orders.

    Left out are columns with one value only, and columns that are known much more often of
    defective orders than of others: there the knowing, not the value, goes with the defect. What
    has to be looked up parcel by parcel is unknown in channels where few parcels are known.

    Parameters
    ----------
    defects : the orders to search, as `defects_by_order` gives them
    described : as `described` gives it, of these orders or of a longer history (by index)

    Returns
    -------
    DataFrame with the index of `defects`, `order_id`, `defective` and the columns that are left
    """
    table = rows_at(described, described.index.get_indexer(defects.index))
    bad = defects["defective"].to_numpy(bool)
    channel = _channels(defects)
    for column in set(LOOKED_UP).intersection(table.columns):
        widely = _widely_known(_codes(table[column]) >= 0, channel)
        if not widely.all():
            table[column] = table[column].where(widely)
    codes = {name: _codes(values) for name, values in table.items()}
    kept = [name for name, own in codes.items() if _tells(own, bad, channel)]
    head = {"order_id": defects["order_id"].array.copy(), "defective": bad.copy()}
    return frame_of(head | {name: table[name].array for name in kept}, defects.index)


def _channels(defects: pd.DataFrame) -> np.ndarray:
    """The channel of each order as a number, 0 where it is not known."""
    if "channel" not in defects.columns:
        return np.zeros(len(defects), np.intp)
    return _codes(defects["channel"]).astype(np.intp) + 1


def _codes(values: pd.Series) -> np.ndarray:
    """One number per value, -1 for a missing one."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.array.codes)
    return np.asarray(pd.factorize(values)[0])


def _tells(codes: np.ndarray, bad: np.ndarray, channel: np.ndarray) -> bool:
    """Has the column several values, and is it known as well of the defective as of the others?"""
    return (
        len(codes) > 0
        and bool(codes.min() < codes.max())
        and not _lopsided(codes >= 0, bad, channel)
    )


def _derived(defects: pd.DataFrame, timezone: str) -> dict[str, pd.Categorical]:
    found: dict[str, pd.Categorical] = {}
    has = set(defects.columns).issuperset
    if has({"tracked"}):
        tracked = defects["tracked"].astype("boolean")
        found["tracked"] = _yes_no(is_said(tracked, True), ~tracked.array.isna())
    if has({"shipped_at", "promised_ship"}):
        shipped, promised = (moments(defects[name]) for name in ("shipped_at", "promised_ship"))
        late = shipped > deadline(promised, timezone)
        found["shipped_late"] = _yes_no(late, ~(np.isnat(shipped) | np.isnat(promised)))
    if has({"delivered_at", "promised_delivery", "tracked", "ordered_at"}):
        days = _days_late(defects, timezone)
        found["delivered_late"] = _yes_no(days > 0, ~np.isnan(days))
        found["days_late"] = _bands(days)
    if has({"skus", "quantity"}):
        several = (defects["skus"] > 1) | (defects["quantity"] > 1)
        found["multi_item"] = _yes_no(several.to_numpy(bool), np.ones(len(defects), bool))
    if has({"value", "currency"}):
        found["price_band"] = _price_band(defects["value"], defects["currency"])
    if has({"day"}):
        found["order_week"] = _week(moments(defects["day"]))
        weekday = defects["day"].dt.day_of_week.fillna(-1).to_numpy(np.int8)
        found["weekday"] = _worded(weekday, WEEKDAYS)
    if has({"shipped_at"}):
        found["ship_week"] = _week(local(moments(defects["shipped_at"]), timezone))
    return found


def _yes_no(flags: np.ndarray, known: np.ndarray) -> pd.Categorical:
    """Flags as words, missing where they are not known."""
    return _worded(np.where(known, flags.astype(np.int8), -1), ("no", "yes"))


def _worded(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """The word of each code as a category of the words that occur, -1 for a missing one."""
    occur = np.unique(codes[codes >= 0])
    names = sorted({words[code] for code in occur})
    place = np.full(len(words) + 1, -1, np.int16)
    for code in occur:
        place[code] = names.index(words[code])
    return categorical(place[codes], names)


def _days_late(defects: pd.DataFrame, timezone: str) -> np.ndarray:
    """Days from the promise to the delivery, or to the newest order if none; nan if unknown."""
    promised = deadline(moments(defects["promised_delivery"]), timezone)
    delivered = moments(defects["delivered_at"])
    ordered = moments(defects["ordered_at"])
    if np.isnat(delivered).all():
        return np.full(len(defects), np.nan)
    now = np.fmax.reduce(ordered)
    tracked = is_said(defects["tracked"].astype("boolean"), True)
    overdue = np.isnat(delivered) & tracked & (promised < now)
    late: np.ndarray = np.ceil((np.where(overdue, now, delivered) - promised) / DAY)
    return late


def _bands(days: np.ndarray) -> pd.Categorical:
    """Days late as words: on time, 1-2 days, 3-6 days, 7 days or more."""
    edges = [-np.inf, 0, *DAYS_LATE, np.inf]
    first = [1, *(day + 1 for day in DAYS_LATE)]
    words = [f"{low}-{high} days" for low, high in zip(first, DAYS_LATE, strict=False)]
    return pd.cut(days, edges, labels=["on time", *words, f"{first[-1]} days or more"])


def _price_band(value: pd.Series, currency: pd.Series) -> pd.Categorical:
    """The quarter of the order values of its currency that an order is in, in numbers."""
    currencies = currency.astype("category")
    amounts, of = value.to_numpy(np.float64, na_value=np.nan), currencies.cat.codes.to_numpy()
    codes = np.full(len(value), -1, np.int16)
    words: list[str] = []
    for number, name in enumerate(currencies.cat.categories):
        at = np.flatnonzero((amounts > 0) & (of == number))
        if not len(at):
            continue
        part = amounts[at]
        edges = np.unique(np.round(np.quantile(part, [0.25, 0.5, 0.75]), 2))
        codes[at] = len(words) + np.searchsorted(edges, part, side="right")
        words += [
            f"under {edges[0]:,.2f} {name}",
            *(f"{low:,.2f}-{high:,.2f} {name}" for low, high in pairwise(edges)),
            f"{edges[-1]:,.2f} {name} or more",
        ]
    return _worded(codes, words)


def _week(at: np.ndarray) -> pd.Categorical:
    """The ISO week of each moment: 2026-W05."""
    codes, days = pd.factorize(at.astype("datetime64[D]").astype(MOMENT))
    parts = [day.isocalendar() for day in days.astype("datetime64[D]").tolist()]
    words = [f"{part.year}-W{part.week:02}" for part in parts]
    return _worded(codes, words)


def _slow_answer(defects: pd.DataFrame, messages: pd.DataFrame) -> pd.Categorical | None:
    """Was a buyer left without an answer for too long? None if those have no more defects."""
    asked = answers(messages)
    ids = messages["order_id"].array.take(asked.row)
    # The first question of each order; its answer is the first one after it.
    first = np.unique(pd.factorize(ids)[0], return_index=True)[1]
    late = first[~(asked.answered[first] - asked.at[first] <= np.timedelta64(ANSWER_TIME))]
    wrote, slow = (is_among(defects["order_id"], pd.Series(ids.take(at))) for at in (first, late))
    quick = wrote & ~slow
    bad = defects["defective"].to_numpy(bool)
    if not slow.any() or not quick.any() or bad[slow].mean() <= bad[quick].mean():
        return None
    return _yes_no(slow, np.ones(len(slow), bool))


def _widely_known(known: np.ndarray, channel: np.ndarray) -> np.ndarray:
    """True for the orders of a channel of whose orders at least half are known."""
    size = int(channel.max(initial=0)) + 1
    orders = np.bincount(channel, minlength=size)
    found: np.ndarray = (np.bincount(channel[known], minlength=size) >= WIDELY * orders)[channel]
    return found


def _lopsided(known: np.ndarray, bad: np.ndarray, channel: np.ndarray) -> bool:
    """Is the column known of many more defective orders than of others, within a channel?"""
    if known.all() or not bad.any():
        return False
    size = int(channel.max()) + 1
    defects, others = (np.bincount(channel[part], minlength=size) for part in (bad, ~bad))
    defects_known = np.bincount(channel[bad & known], minlength=size)
    others_known = np.bincount(channel[~bad & known], minlength=size)
    comparable = (defects > 0) & (others > 0)
    if not comparable.any():
        return False
    gap = defects_known[comparable] - defects[comparable] * (
        others_known[comparable] / others[comparable]
    )
    return bool(gap.sum() / defects[comparable].sum() > LOPSIDED)
