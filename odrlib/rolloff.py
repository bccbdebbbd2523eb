"""
Roll-off: what waiting alone does to the rate, day by day.

An order leaves the window when its order day does, and takes its defects with it. Orders younger
than the window are known already and enter it with the defects known today. What is not known yet
(future orders, future defects) is an assumption, and each is said in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import isfinite, lcm
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import typed
from odrlib.errors import BadParameter
from odrlib.exports.columns import frame_of
from odrlib.finding import count
from odrlib.languages import mark, tr, trn
from odrlib.policy import AMAZON, Profile
from odrlib.rates import (
    counted,
    days_after,
    known_kinds,
    named_profile,
    unknown_kinds,
)

# Four whole weeks: every weekday counts the same in the mean.
VOLUME_DAYS = 28
PLURAL = {
    "claim": mark("A-to-z claims"),
    "chargeback": mark("chargebacks"),
    "negative_feedback": mark("negative feedback"),
}


# How many things a day from which day after as-of on; the first piece starts on day 1.
Pieces = dict[int, Fraction]


@dataclass(frozen=True, eq=False)
class RollOff:
    """
    The calendar of the coming days, and what it says.

    Parameters
    ----------
    columns : those of `calendar` by name, as arrays and lists. One row per day from as-of on:
        `day`; `first` and `last` order day of that day's window; `orders` and `defective` in it (by
        the profile's count, assumed ones included); `rate` (0-1, missing without orders); `under`
        (inside the limit); `leaving` and `entering_known` (lists of the defective order ids whose
        order day leaves or enters that day), `leaving_orders` and `entering_orders` (all orders
        that do); `assumed_orders` and `assumed_defects` in the window
    back_under_limit_on : the first day from which the rate stays inside the limit to the end of the
        calendar; None if it is inside and stays there from as-of on, or if there is no such day
    breach_on : the first day outside the limit, if the rate is inside it at as-of; else None
    breach_reason : why that happens, in one clause; empty without a breach
    assumptions : what the calendar takes for granted, one sentence each
    unknown : the kinds of defect not told for every order; the rates are then lower bounds
    """

    columns: Mapping[str, Any]
    back_under_limit_on: date | None
    breach_on: date | None
    breach_reason: str
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """The columns as a table, made when it is asked for: most what-ifs are not."""
        return frame_of(
            {
                name: typed(values, "object") if isinstance(values, list) else values.copy()
                for name, values in self.columns.items()
            }
        )


def roll_off(
    defects: pd.DataFrame,
    profile: str | Profile = AMAZON,
    *,
    as_of: date,
    last: date | None = None,
    lag: int | None = None,
    orders_per_day: float | Mapping[date, float] | None = None,
    new_defects_per_day: float | Mapping[date, float] = 0.0,
    horizon: int | None = None,
    unknown: tuple[str, ...] | None = None,
) -> RollOff:
    """
    The rate of each day from `as_of` on, if nothing happens but the passing of days.

    Parameters
    ----------
    defects : the table of `defects_by_order`; orders after `as_of` are not looked at
    last : last order day of the window at `as_of`; every later day's window ends as long before it
    lag : the same, as the number of days between the window's end and `as_of`; give one of the two
    orders_per_day : orders on each day after `as_of`; by default the mean of the last 28 known
        days. A fraction adds up: half an order a day is one order every second day. A mapping
        {day: number} says from which day on how many; before its first day the default holds
    new_defects_per_day : defects those orders bring, from their order day on; a number or a mapping
    horizon : days after `as_of`; by default until every known order has left the window
    unknown : kinds of defect not told for every order; by default those without a column

    Raises
    ------
    BadParameter : `last` and `lag` are both missing or disagree, or a number is negative
    """
    profile = named_profile(profile)
    lag = _lag(as_of, last, lag)
    past = defects["day"].to_numpy() <= np.datetime64(as_of)
    known = defects if past.all() else defects[past]  # only looked at, never changed
    ordered = known["day"].to_numpy()
    volume = _pieces("orders_per_day", orders_per_day, _mean_volume(ordered), as_of)
    unknown = unknown_kinds(defects) if unknown is None else unknown
    arriving = _pieces("new_defects_per_day", new_defects_per_day, Fraction(0), as_of)
    if horizon is None:
        horizon = _days_until_all_have_left(ordered, profile, as_of - timedelta(days=lag))
    elif horizon < 0:
        raise BadParameter(
            tr("the horizon is a number of days from 0 on, not {horizon}", horizon=horizon)
        )

    step = np.arange(horizon + 1)
    day = np.datetime64(as_of, "us") + step.astype("timedelta64[D]")
    last_day = day - np.timedelta64(lag, "D")
    first_day = last_day - np.timedelta64(profile.days - 1, "D")
    # One day more in front, so that place `step` is the day before that step's window.
    before = first_day[0] - np.timedelta64(1, "D")
    each_day = _each_day(known, ordered, profile, before, profile.days + horizon + 1)
    assumed_orders = _assumed(volume, step - lag, profile.days)
    assumed_defects = _assumed(arriving, step - lag, profile.days)
    orders = _in_windows(each_day.orders, profile.days) + assumed_orders
    defective = _in_windows(each_day.defective, profile.days) + assumed_defects

    leaving, entering = slice(1, horizon + 1), slice(profile.days + 1, None)
    told = bool(known_kinds(defects))
    rate = np.where(orders > 0, defective / np.maximum(orders, 1), np.nan)
    under = profile.under(defective, orders) if told else np.zeros(len(day), dtype=bool)
    breach_on, breach_reason = _breach(day, under, orders, defective)
    return RollOff(
        columns={
            "day": day,
            "first": first_day,
            "last": last_day,
            "orders": orders,
            "defective": defective,
            "rate": rate if told else np.full(len(day), np.nan),
            "under": under,
            "leaving": [[], *each_day.ids[leaving]],
            "leaving_orders": np.append(0, each_day.orders[leaving]),
            "entering_known": [[], *each_day.ids[entering]],
            "entering_orders": np.append(0, each_day.orders[entering]),
            "assumed_orders": assumed_orders,
            "assumed_defects": assumed_defects,
        },
        back_under_limit_on=_back_under(day, under),
        breach_on=breach_on,
        breach_reason=breach_reason,
        assumptions=(
            _window_sentence(profile, lag),
            *_known_sentences(ordered, as_of, lag),
            _volume_sentence(ordered, volume, as_of, given=orders_per_day is not None),
            _arriving_sentence(arriving, as_of),
            *(
                tr(
                    "No file tells the {kind} of all orders: each rate is a lower bound.",
                    kind=tr(PLURAL[kind]),
                )
                for kind in unknown
            ),
        ),
        unknown=unknown,
    )


def _lag(as_of: date, last: date | None, lag: int | None) -> int:
    """Days between the window's end and as-of, from whichever of the two was given."""
    found = lag if last is None else (as_of - last).days
    if found is None:
        raise BadParameter(tr("give `last`, the window's last day at as-of, or `lag` in days"))
    if lag not in (None, found):
        raise BadParameter(
            tr("the window ends {found} days before as-of by `last`, {lag} by `lag`",
               found=found, lag=lag)
        )  # fmt: skip
    if found < 0:
        raise BadParameter(
            tr("the window ends {days} days after as-of, {as_of}", days=-found, as_of=as_of)
        )
    return found


def _pieces(
    name: str, given: float | Mapping[date, float] | None, default: Fraction, as_of: date
) -> Pieces:
    """What is assumed of each day after as-of."""
    if given is None:
        return {1: default}
    if not isinstance(given, Mapping):
        return {1: _exact(name, given)}
    pieces = {1: default}
    for day in sorted(given):
        pieces[max(1, (day - as_of).days)] = _exact(name, given[day])
    return pieces


def _exact(name: str, value: float) -> Fraction:
    """A number of things per day without the noise of its last binary digit."""
    if not isfinite(value) or value < 0:
        raise BadParameter(tr("{name} is a number from 0 on, not {value}", name=name, value=value))
    return Fraction(value).limit_denominator(1_000_000)


def _volume_days(ordered: np.ndarray) -> tuple[np.datetime64, int]:
    """The first of the days the mean volume is taken over, and how many they are."""
    last = ordered.max()
    first = max(last - np.timedelta64(VOLUME_DAYS - 1, "D"), ordered.min())
    return first, int(days_after(first, last)) + 1


def mean_volume(known: pd.DataFrame) -> Fraction:
    """The mean orders a day of the last four weeks of `known` orders; 0 if nothing is known."""
    return _mean_volume(known["day"].to_numpy())


def _mean_volume(ordered: np.ndarray) -> Fraction:
    if not len(ordered):
        return Fraction(0)
    first, days = _volume_days(ordered)
    return Fraction(int((ordered >= first).sum()), days)


def _days_until_all_have_left(ordered: np.ndarray, profile: Profile, last: date) -> int:
    if not len(ordered):
        return 0
    return max(0, int(days_after(np.datetime64(last), ordered.max())) + profile.days)


def _assumed(pieces: Pieces, newest: np.ndarray, days: int) -> np.ndarray:
    """
    What days 1, 2, … after as-of bring into each window whose last day is day `newest`.

    Whole things only, but no fraction is lost: the sum up to a day is rounded down, not each day.
    """
    if not any(pieces.values()):
        return np.zeros(len(newest), dtype="int64")
    # Fractions over one denominator: whole numbers of Python's, which are exact and have no end.
    whole = lcm(*(number.denominator for number in pieces.values()))
    day = np.arange(newest[0] - days, newest[-1] + 1)
    a_day = np.zeros(len(day), dtype=object)
    for start in sorted(pieces):
        a_day[day >= start] = pieces[start].numerator * (whole // pieces[start].denominator)
    up_to = (a_day.cumsum() // whole).astype("int64")
    found: np.ndarray = up_to[days:] - up_to[:-days]
    return found


@dataclass(frozen=True)
class _EachDay:
    """Of each of some days: orders, defects, and the ids of the defective orders, in order."""

    orders: np.ndarray
    defective: np.ndarray
    ids: list[list[str]]


def _each_day(
    known: pd.DataFrame, ordered: np.ndarray, profile: Profile, first: np.datetime64, length: int
) -> _EachDay:
    place = days_after(first, ordered)
    near = (place >= 0) & (place < length)
    adds = counted(known, profile)
    bad = np.flatnonzero(near & (adds > 0))
    ids: list[list[str]] = [[] for _ in range(length)]
    names = known["order_id"].array.take(bad).to_numpy(object)
    for at, order_id in sorted(zip(place[bad].tolist(), names, strict=True)):
        ids[at].append(order_id)
    return _EachDay(
        orders=np.bincount(place[near], minlength=length),
        defective=np.bincount(place[near], adds[near], length).astype("int64"),
        ids=ids,
    )


def _in_windows(each_day: np.ndarray, days: int) -> np.ndarray:
    """The sum over each window of so many days, the first day apart, which is in none."""
    so_far = each_day.cumsum()
    found: np.ndarray = so_far[days:] - so_far[:-days]
    return found


def _back_under(day: np.ndarray, under: np.ndarray) -> date | None:
    outside = np.flatnonzero(~under)
    if not len(outside) or outside[-1] == len(day) - 1:
        return None
    return _date(day[outside[-1] + 1])


def _date(day: np.datetime64) -> date:
    found: date = day.astype("datetime64[D]").item()
    return found


def _breach(
    day: np.ndarray, under: np.ndarray, orders: np.ndarray, defective: np.ndarray
) -> tuple[date | None, str]:
    """The first day outside the limit, and why, if as-of itself is inside."""
    outside = np.flatnonzero(~under & (orders > 0))
    if not under[0] or not len(outside):
        return None, ""
    first = outside[0]
    if defective[first] > defective[0]:
        why = tr(
            "defects in the window rise from {now:,} to {then:,}",
            now=defective[0], then=defective[first],
        )  # fmt: skip
    else:
        why = tr(
            "orders in the window fall from {now:,} to {then:,}",
            now=orders[0], then=orders[first],
        )  # fmt: skip
    return _date(day[first]), why


def _window_sentence(profile: Profile, lag: int) -> str:
    days = count(profile.days, "day")
    if not lag:
        return tr("The window of each day is {days} long and ends on that day.", days=days)
    before = count(lag, "day")
    return tr(
        "The window of each day is {days} long and ends {before} before that day.",
        days=days, before=before,
    )  # fmt: skip


def _known_sentences(ordered: np.ndarray, as_of: date, lag: int) -> list[str]:
    """What is taken for granted about orders we have."""
    if not len(ordered):
        return [tr("No order up to {as_of} is known.", as_of=as_of)]
    last = _date(ordered.max())
    younger = int((ordered > np.datetime64(as_of - timedelta(days=lag))).sum())
    sentences = [tr("Known orders keep the defects known today.")]
    if younger:
        sentences.append(
            trn(
                "{n:,} order younger than the window enters it day by day, counted as known today.",
                "{n:,} orders younger than the window enter it day by day, counted as known today.",
                younger,
            )
        )
    if last < as_of:
        sentences.append(
            tr("The last known order is of {last}; no orders from then to {as_of}.",
               last=last, as_of=as_of)
        )  # fmt: skip
    return sentences


def _volume_sentence(ordered: np.ndarray, volume: Pieces, as_of: date, *, given: bool) -> str:
    if not any(volume.values()):
        return tr("No orders are assumed after {as_of}.", as_of=as_of)
    told: dict[str, Any] = {
        "number": _number(volume[1]), "as_of": as_of, "changes": _changes(volume, as_of),
    }  # fmt: skip
    if given or not len(ordered):
        return trn(
            "{number} order a day is assumed after {as_of}, as given{changes}.",
            "{number} orders a day are assumed after {as_of}, as given{changes}.",
            float(volume[1]), **told,
        )  # fmt: skip
    return trn(
        "{number} order a day is assumed after {as_of}, the mean of {days}{changes}.",
        "{number} orders a day are assumed after {as_of}, the mean of {days}{changes}.",
        float(volume[1]), days=count(_volume_days(ordered)[1], "day"), **told,
    )  # fmt: skip


def _arriving_sentence(arriving: Pieces, as_of: date) -> str:
    if not any(arriving.values()):
        return tr("No new defects are assumed, neither on known nor on future orders.")
    return trn(
        "{number} new defect a day is assumed{changes}.",
        "{number} new defects a day are assumed{changes}.",
        float(arriving[1]), number=_number(arriving[1]), changes=_changes(arriving, as_of),
    )  # fmt: skip


def _changes(pieces: Pieces, as_of: date) -> str:
    """The later pieces in words, each after a semicolon."""
    return "".join(
        tr("; {number} from {day} on",
           number=_number(pieces[start]), day=as_of + timedelta(days=start))
        for start in sorted(pieces)[1:]
    )  # fmt: skip


def _number(number: Fraction) -> str:
    return f"{float(number):,.2f}".rstrip("0").rstrip(".")
