"""Effect: did a measure work? Its orders before and after, beside the rest, at equal age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from odrlib.appeal.cases import rules
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.maturity import equally_aged
from odrlib.maturity.curve import HORIZON
from odrlib.rates import Rate, Window, percent

Verdict = Literal["better", "worse", "no difference shown", "too early to say"]


@dataclass(frozen=True)
class Effect:
    """
    What happened to the rate of the affected orders, beside the rest.

    Parameters
    ----------
    verdict : "better" or "worse" where the whole interval lies on one side of zero, "no difference
        shown" where it does not, "too early to say" where too few defects could have come yet
    change, low, high : change of the affected rate minus that of the rest, with its 95 % interval
        (shares, below zero is better); nan if it is too early
    until : the day from which an answer can be expected; None if there is one, or no day can be
        named
    age : days after the order within which a defect counts, in all four rates alike
    """

    verdict: Verdict
    before: Rate
    after: Rate
    rest_before: Rate
    rest_after: Rate
    change: float
    low: float
    high: float
    until: date | None
    age: int
    text: str


def said_verdict(code: str) -> str:
    """The verdict on a measure in words."""
    return {
        "better": tr("better", context="effect"),
        "worse": tr("worse", context="effect"),
        "no difference shown": tr("no difference shown"),
        "too early to say": tr("too early to say"),
    }.get(code, code)


def difference(before: Rate, after: Rate) -> tuple[float, float, float]:
    """
    `after` minus `before` with Newcombe's 95 % interval (hybrid of two Wilson intervals).

    >>> [round(end, 4) for end in difference(Rate(56, 70), Rate(48, 80))]
    [-0.2, -0.3339, -0.0524]
    """
    change = after.value - before.value
    low = change - math.hypot(after.value - after.low, before.high - before.value)
    high = change + math.hypot(after.high - after.value, before.value - before.low)
    return change, low, high


def did_it_work(defects: pd.DataFrame, affected: pd.Series, since: date, as_of: date) -> Effect:
    """
    Compare the affected orders since the measure with those before, and with the rest.

    The period before is the 60 days up to the measure, the one after up to 60 days from it on.
    Defects count only within the same number of days after their order.

    Parameters
    ----------
    defects : the table of `defects_by_order`
    affected : True for the orders that the measure is meant for, by the index of `defects`
    since : the first day of the measure

    Raises
    ------
    BadParameter if the measure starts after `as_of`, or no order is affected, or every one
    """
    if since > as_of:
        raise BadParameter(
            tr("the measure starts on {since}, after the day {as_of}", since=since, as_of=as_of)
        )
    if not affected.any():
        raise BadParameter(tr("no order is affected by the measure; name a slice that has orders"))
    if affected.all():
        raise BadParameter(tr("every order is affected; there is no rest to compare with"))
    longest = rules()["effect"]["longest_days"]
    days = min((as_of - since).days + 1, longest)
    later = Window(since, since + timedelta(days=days - 1))
    earlier = Window.ending(since - timedelta(days=1), longest)
    mine = defects.assign(affected=affected.reindex(defects.index, fill_value=False).astype(bool))
    aged = equally_aged(mine, earlier, later, as_of)
    before, after, rest_before, rest_after = rates = (
        _rate(aged.orders, affected=True, later=False),
        _rate(aged.orders, affected=True, later=True),
        _rate(aged.orders, affected=False, later=False),
        _rate(aged.orders, affected=False, later=True),
    )
    need = rules()["effect"]["expected_defects"]
    expected = before.value * after.orders if before.orders else 0.0
    if not aged.comparable or not all(rate.orders for rate in rates) or expected < need:
        dated = aged.comparable or not aged.unknown
        until = _until(mine, earlier, as_of, need, aged.age if dated else HORIZON)
        text = _early(until, dated)
        return Effect(
            "too early to say", *rates, math.nan, math.nan, math.nan, until, aged.age, text
        )
    change, low, high = _against(difference(before, after), difference(rest_before, rest_after))
    verdict: Verdict = "better" if high < 0 else "worse" if low > 0 else "no difference shown"
    text = tr("{before} before, {after} after; the rest {rest_before} and {rest_after}. Against "
              "the rest: {change:+.2%} ({low:+.2%} to {high:+.2%}), {verdict}.",
              before=_share(before), after=_share(after), rest_before=_share(rest_before),
              rest_after=_share(rest_after), change=change, low=low, high=high,
              verdict=said_verdict(verdict))  # fmt: skip
    return Effect(verdict, *rates, change, low, high, None, aged.age, text)


def _rate(orders: pd.DataFrame, affected: bool, later: bool) -> Rate:
    cell = orders[orders["affected"].eq(affected) & orders["later"].eq(later)]
    return Rate(int(cell["defective"].sum()), len(cell))


def _share(rate: Rate) -> str:
    return tr("{share} ({defective} of {orders:,})", share=percent(rate.defective, rate.orders),
              defective=rate.defective, orders=rate.orders)  # fmt: skip


def _against(
    mine: tuple[float, float, float], rest: tuple[float, float, float]
) -> tuple[float, float, float]:
    """The difference of two differences, its interval from theirs by their distances (MOVER)."""
    change = mine[0] - rest[0]
    low = change - math.hypot(mine[0] - mine[1], rest[2] - rest[0])
    high = change + math.hypot(mine[2] - mine[0], rest[0] - rest[1])
    return change, low, high


def _until(mine: pd.DataFrame, earlier: Window, as_of: date, need: int, age: int) -> date | None:
    """When so many defects could be expected among the affected orders, at their old rate."""
    old = mine[mine["affected"] & earlier.holds(mine["day"])]
    defects_a_day = float(old["defective"].sum()) / earlier.days
    if defects_a_day <= 0:
        return None
    days = math.ceil(need / defects_a_day) + age
    return max(earlier.last + timedelta(days=days), as_of + timedelta(days=1))


def _early(until: date | None, dated: bool) -> str:
    if until is None:
        return tr(
            "Too early to say, and no day can be named: the affected orders had no "
            "defect in the period before."
        )
    if not dated:
        return tr(
            "Too early to say until {until}: no file tells on which day most "
            "defects arrived, so only orders of {days} days and more can be "
            "compared.",
            until=until,
            days=HORIZON,
        )
    need = rules()["effect"]["expected_defects"]
    return tr(
        "Too early to say until {until}, if the affected orders keep selling "
        "as before: at the old rate fewer than {need} defects could be "
        "expected so far.",
        until=until,
        need=need,
    )
