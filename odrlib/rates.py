"""
Rates: a window of order days, a share that keeps its counts, and the series made of them.

Everything here takes the table of `defects_by_order`: one row per order that counts, `day` (the
order's day), one True/False column for each kind of defect that the files can tell, `defective` and
`defects`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.languages import mark, tr
from odrlib.policy import AMAZON, KINDS, PROFILES, Profile

# The 97.5th percentile of the normal distribution: all intervals are 95 % intervals.
Z95 = 1.959963984540054
# A kind of defect in running text.
KIND_WORDS = {
    "claim": mark("claim"),
    "chargeback": mark("chargeback"),
    "negative_feedback": mark("negative feedback"),
}


@dataclass(frozen=True)
class Window:
    """
    A run of order days, both ends included.

    >>> print(Window.ending(date(2024, 3, 1), days=60))
    2024-01-02 to 2024-03-01 (60 days)
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadParameter(
                tr("the window starts on {first}, after its end on {last}",
                   first=self.first, last=self.last)
            )  # fmt: skip

    def __str__(self) -> str:
        return tr(
            "{first} to {last} ({days} days)", first=self.first, last=self.last, days=self.days
        )

    @classmethod
    def ending(cls, last: date, days: int) -> Window:
        """The `days` days that end on `last`, that day included."""
        if days < 1:
            raise BadParameter(tr("a window has at least one day, not {days}", days=days))
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        """The number of days, both ends included."""
        return (self.last - self.first).days + 1

    def shifted(self, days: int) -> Window:
        """The same length, `days` later (negative: earlier)."""
        return Window(self.first + timedelta(days=days), self.last + timedelta(days=days))

    def holds(self, days: pd.Series) -> pd.Series:
        """True for each day inside the window."""
        return pd.Series(self._held(days), index=days.index)

    def select(self, orders: pd.DataFrame) -> pd.DataFrame:
        """The rows of `orders` whose `day` lies in the window."""
        return _taken(orders, self._held(orders["day"]))

    def _held(self, days: pd.Series) -> np.ndarray:
        at = days.to_numpy()
        found: np.ndarray = (at >= np.datetime64(self.first)) & (at <= np.datetime64(self.last))
        return found


def until(orders: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows of `orders` up to a day, that day included."""
    return _taken(orders, orders["day"].to_numpy() <= np.datetime64(day))


def _taken(orders: pd.DataFrame, flags: np.ndarray) -> pd.DataFrame:
    """The rows with a flag; without a copy where they stand together, as orders by day do."""
    number = int(flags.sum())
    if number == len(orders):
        return orders.copy(deep=False)
    first = int(flags.argmax()) if number else 0
    if flags[first : first + number].all():
        return orders.iloc[first : first + number]
    return orders[flags]


def wilson(defective: Any, orders: Any) -> tuple[Any, Any]:
    """
    The 95 % interval of a share, by Wilson's score method; (nan, nan) where there are no orders.

    Wilson, not the normal approximation: a defect rate is a small share, and the normal interval
    dips below zero. Numbers or arrays in, shares 0-1 out.

    >>> [round(float(end), 3) for end in wilson(1, 40)]
    [0.004, 0.129]
    """
    bad = np.asarray(defective, dtype=float)
    total = np.asarray(orders, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(bad / total, 1.0)
        scale = 1 + Z95**2 / total
        middle = (share + Z95**2 / (2 * total)) / scale
        half = Z95 * np.sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2)) / scale
    empty = total <= 0
    low = np.where(empty, np.nan, np.where(bad <= 0, 0.0, np.maximum(middle - half, 0.0)))
    high = np.where(empty, np.nan, np.minimum(middle + half, 1.0))
    return low, high


def percent(part: int, whole: int) -> str:
    """
    The share in per cent: two decimals, and more where two would hide its side of 1 %.

    >>> percent(14, 1_200), percent(249, 25_000), percent(250, 25_000)
    ('1.17%', '0.996%', '1.00%')
    """
    share = part / whole
    text = f"{share:.2%}"
    for decimals in range(3, 9):
        if 100 * part == whole or float(text[:-1]) != 1:
            break
        text = f"{share:.{decimals}%}"
    return text


Status = Literal["over", "under", "unknown"]


@dataclass(frozen=True)
class Rate:
    """
    A share of orders that remembers its counts, and what it could not count.

    `unknown` names the kinds of defect that no file can tell; the rate is then a lower bound.

    >>> print(Rate(14, 1_200))
    1.17% (14 of 1,200 orders)
    >>> print(Rate(14, 1_200, unknown=("chargeback",)))
    at least 1.17% (14 of 1,200 orders; chargeback unknown)
    """

    defective: int
    orders: int
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.orders:
            return tr("unknown (no orders)")
        share = percent(self.defective, self.orders)
        counts: dict[str, Any] = {"defective": self.defective, "orders": self.orders}
        if not self.unknown:
            return tr("{share} ({defective:,} of {orders:,} orders)", share=share, **counts)
        missing = [tr("{kind} unknown", kind=tr(KIND_WORDS[kind])) for kind in self.unknown]
        return tr(
            "at least {share} ({defective:,} of {orders:,} orders; {missing})",
            share=share, missing=tr("; ", context="list").join(missing), **counts,
        )  # fmt: skip

    @property
    def value(self) -> float:
        """The share, 0-1; nan without orders."""
        return self.defective / self.orders if self.orders else float("nan")

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval, 0-1."""
        return self._interval[0]

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval, 0-1."""
        return self._interval[1]

    @cached_property
    def _interval(self) -> tuple[float, float]:
        low, high = wilson(self.defective, self.orders)
        return float(low), float(high)

    def status(self, profile: Profile) -> Status:
        """
        "under" or "over" the profile's limit, or "unknown".

        A lower bound that is over is over; one that is under is unknown, never healthy.
        """
        if not self.orders:
            return "unknown"
        if not profile.under(self.defective, self.orders):
            return "over"
        return "unknown" if self.unknown else "under"


def named_profile(profile: str | Profile) -> Profile:
    """The profile of that name; BadParameter for a name we do not have."""
    if isinstance(profile, Profile):
        return profile
    if profile not in PROFILES:
        raise BadParameter(
            tr("no profile {profile!r}; there are {known}",
               profile=profile, known=" and ".join(PROFILES))
        )  # fmt: skip
    return PROFILES[profile]


def known_kinds(defects: pd.DataFrame) -> tuple[str, ...]:
    """The kinds of defect that `defects` has a column for."""
    return tuple(kind for kind in KINDS if kind in defects.columns)


def unknown_kinds(defects: pd.DataFrame) -> tuple[str, ...]:
    """The kinds of defect that no file in the folder could tell."""
    return tuple(kind for kind in KINDS if kind not in defects.columns)


def counted(defects: pd.DataFrame, profile: str | Profile = AMAZON) -> np.ndarray:
    """What each order adds to the numerator: 0 or 1 (amazon), or its number of kinds (brief)."""
    column = "defective" if named_profile(profile).count == "orders" else "defects"
    found: np.ndarray = defects[column].to_numpy("int64")
    return found


def defect_rate(defects: pd.DataFrame, profile: str | Profile = AMAZON) -> Rate:
    """The order defect rate of these orders, by the profile's way of counting."""
    return Rate(int(counted(defects, profile).sum()), len(defects), unknown_kinds(defects))


def component_rates(defects: pd.DataFrame) -> pd.DataFrame:
    """
    One row per kind of defect: `orders` with it, `rate`, `low`, `high` (shares 0-1 of all orders).

    A kind that no file can tell has missing values, not zeros.
    """
    counts = {kind: int(defects[kind].sum()) for kind in known_kinds(defects)}
    frame = pd.DataFrame({"orders": pd.Series(counts, index=KINDS, dtype="Int64")})
    known = frame["orders"].astype("float64")
    low, high = wilson(known, len(defects))
    frame["rate"] = known / len(defects) if len(defects) else np.nan
    return frame.assign(
        low=np.where(known.isna(), np.nan, low), high=np.where(known.isna(), np.nan, high)
    )


def daily(defects: pd.DataFrame, profile: str | Profile = AMAZON) -> pd.DataFrame:
    """`orders` and `defective` of each order day, from the first order's to the last's."""
    if defects.empty:
        return pd.DataFrame(
            {"orders": pd.Series(dtype="int64"), "defective": pd.Series(dtype="int64")},
            index=pd.DatetimeIndex([], name="day"),
        )
    days = defects["day"].to_numpy()
    first, last = days.min(), days.max()
    place, length = days_after(first, days), int(days_after(first, last)) + 1
    return pd.DataFrame(
        {
            "orders": np.bincount(place, minlength=length),
            "defective": np.bincount(place, counted(defects, profile), length).astype("int64"),
        },
        index=pd.date_range(first, last, freq="D", name="day"),
    )


def days_after(first: np.datetime64, days: Any) -> Any:
    """How many whole days each moment comes after the first."""
    return (days - first) // np.timedelta64(1, "D")


def rolling_rate(
    defects: pd.DataFrame, profile: str | Profile = AMAZON, days: int | None = None
) -> pd.DataFrame:
    """
    The rate Amazon would have shown with the window ending on each day of the history.

    Returns
    -------
    DataFrame indexed by day (the window's last): `orders`, `defective`, `rate`, `low`, `high`
    (shares 0-1), `full` (False while the history is shorter than the window), `over` (the limit is
    not kept)
    """
    profile = named_profile(profile)
    length = days or profile.days
    sums = daily(defects, profile).rolling(length, min_periods=1).sum().astype("int64")
    orders, defective = (sums[name].to_numpy() for name in ("orders", "defective"))
    low, high = wilson(defective, orders)
    return pd.DataFrame(
        {
            "orders": orders,
            "defective": defective,
            "rate": defective / np.where(orders > 0, orders, np.nan),
            "low": low,
            "high": high,
            "full": np.arange(len(sums)) >= length - 1,
            "over": ~profile.under(defective, orders) & (orders > 0),
        },
        index=sums.index,
    )
