"""Titles of figures: what each table says, in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from odrlib.finding import count
from odrlib.languages import tr, trn
from odrlib.naming import attribute, condition, slice_name
from odrlib.plain import listed
from odrlib.policy import Profile
from odrlib.rates import Rate
from odrlib.words.limits import against
from odrlib.words.plain import (
    capital,
    day,
    kind_name,
    listing,
    number,
    percent,
    short_percent,
    uncapital,
    whole_percent,
)

# Rows of `composition` that are no group of their own.
FOLDED = r"unknown|[\d,]+ other .*|[\d,]+ .* with fewer than .*"


def hedged(title: str, unknown: Sequence[str]) -> str:
    """
    The title of a rate that is a lower bound: what it leaves out comes first.

    >>> hedged("The rate is 0.67%", ["chargeback"]), hedged("The rate is 0.67%", [])
    ('Without the chargebacks, which no file tells, the rate is 0.67%', 'The rate is 0.67%')
    """
    if not unknown:
        return title
    return tr(
        "Without the {missing}, which no file tells, {title}",
        missing=listing([kind_name(kind) for kind in unknown]),
        title=uncapital(title),
    )


def judged(rolling: pd.DataFrame) -> pd.DataFrame:
    """
    The days of a rolling rate that can be held against the limit: those with a full window.

    In a history shorter than the window, all days with orders.
    """
    known = rolling["orders"].to_numpy() > 0
    full = known & rolling["full"].to_numpy()
    return rolling[full if full.any() else known]


def rate_title(rolling: pd.DataFrame, profile: Profile, at: Any = None) -> str:
    """
    What the rolling rate says on its day `at` (default the last with orders).

    `rolling` as `rates.rolling_rate` gives it.
    """
    known = judged(rolling)
    known = known if at is None else known[known.index <= pd.Timestamp(at)]
    if known.empty and at is None:
        return tr("There are no orders, so there is no rate")
    if known.empty:
        until = day(pd.Timestamp(at))
        return tr("There are no orders up to {until}, so there is no rate", until=until)
    now = known.iloc[-1]
    rate = Rate(int(now["defective"]), int(now["orders"]))
    said: dict[str, Any] = {
        "days": profile.days,
        "day": day(known.index[-1]),
        "rate": percent(rate.value, float(profile.limit)),
        "against": against(profile, rate),
    }
    over = known["over"].to_numpy()
    if not over.any():
        return tr(
            "The rate of the {days} days to {day} is {rate}, {against}; it never was over it",
            **said,
        )
    if not now["over"]:
        return tr(
            "The rate of the {days} days to {day} is {rate}, {against}; "
            "it was over it until {until}",
            until=day(known.index[over][-1]),
            **said,
        )
    inside = known.index[~over]
    since = known.index[0] if inside.empty else known.index[known.index > inside[-1]][0]
    return tr(
        "The rate of the {days} days to {day} is {rate}, {against}; "
        "it has been over it since {since}",
        since=day(since),
        **said,
    )


def calendar_title(rolling: pd.DataFrame) -> str:
    """On how many days the rate was over the limit, and which was the last."""
    known = judged(rolling)
    over = known.index[known["over"]]
    if known.empty:
        return tr("There are no orders, so no day has a rate")
    days = count(len(known), "day")
    if over.empty:
        return tr("The rate was inside the limit on all {days}", days=days)
    return tr(
        "The rate was over the limit on {over:,} of {days}, the last of them {last}",
        over=len(over),
        days=days,
        last=day(over[-1]),
    )


def kinds_title(weeks: pd.DataFrame) -> str:
    """
    Which kind of defect is the largest. `weeks` as `composition(…, by="kind")` gives it.

    A share of all defects, so an order with two kinds counts under both.
    """
    if weeks.empty:
        return tr("There are no orders, or no file tells their defects")
    totals = weeks.groupby("group", observed=True)["defective"].sum()
    everything = int(totals.sum())
    if not everything:
        return tr("There are no defects in these weeks")
    top = str(totals.idxmax())
    most = int(totals.max())
    if everything == 1:
        return tr("The only defect is one {kind}", kind=kind_name(top, 1))
    if most == everything:
        return tr(
            "All {everything:,} defects are {kind}", everything=everything, kind=kind_name(top)
        )
    return tr(
        "{kind} are {most:,} of the {everything:,} defects",
        kind=capital(kind_name(top)),
        most=most,
        everything=everything,
    )


def composition_title(table: pd.DataFrame, column: str) -> str:
    """
    Which named group has the most defective orders above its share, and on what share of orders.

    `table` as `composition` gives it, of the groups of `column`.
    """
    if table["defective"].isna().any():
        return tr("No file tells the defects of these orders")
    sums = _sums(table)
    orders, defective = map(sum, zip(*sums.values(), strict=True)) if sums else (0, 0)
    if not defective:
        return tr("There are no defective orders in these weeks")
    top = _notable(sums)
    if top is None:
        return tr(
            "The {defective:,} defective orders by {what}",
            defective=defective,
            what=attribute(column),
        )
    return tr(
        "{group}: {most:,} of the {defective:,} defective orders on {share} of the orders",
        group=capital(condition(column, top)),
        most=sums[top][1],
        defective=defective,
        share=whole_percent(sums[top][0] / orders),
    )


def notable(table: pd.DataFrame) -> str | None:
    """The named group of a composition with the most defective orders above its share."""
    return _notable(_sums(table))


def _is_named(group: str) -> bool:
    """Is a group a value of the files, and not values folded into one?"""
    return re.fullmatch(FOLDED, group) is None


def _sums(table: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Orders and defective orders of each group of a composition, by its name."""
    sums: dict[str, tuple[int, int]] = {}
    told = [listed(table[name]) for name in ("group", "orders", "defective")]
    for group, orders, defective in zip(*told, strict=True):
        if group is None:
            continue
        before = sums.get(group, (0, 0))
        sums[group] = before[0] + int(orders or 0), before[1] + int(defective or 0)
    return dict(sorted(sums.items()))


def _notable(sums: Mapping[str, tuple[int, int]]) -> str | None:
    orders, defective = map(sum, zip(*sums.values(), strict=True)) if sums else (0, 0)
    named = [group for group in sums if _is_named(group)]
    if not named or not orders or not defective:
        return None
    share = defective / orders
    return max(named, key=lambda group: sums[group][1] - sums[group][0] * share)


def rate_by_title(table: pd.DataFrame, column: str, overall: Rate) -> str:
    """
    Which group of `column` stands out from the whole, if one does.

    `table` as `rate_by` gives it. A group stands out if its 95 % interval lies above the rate of
    all orders, `overall`.
    """
    if table["defective"].isna().any():
        return tr("No file tells the defects of these orders")
    orders, defective = overall.orders, overall.defective
    if not orders:
        return tr("There are no orders to compare")
    if not defective:
        return tr("None of {orders} is defective", orders=count(orders, "order"))
    if len(table) == 1:
        return tr("All orders are alike here: {group}", group=condition(column, table.index[0]))
    named = np.array([_is_named(str(group)) for group in table.index], bool)
    out = np.flatnonzero(named & (table["low"].to_numpy() > overall.value))
    if not len(out):
        return tr(
            "No {what} stands out: every interval reaches the {rate} of all orders",
            what=attribute(column),
            rate=percent(overall.value),
        )
    worst = table.iloc[out[0]]
    rest = orders - int(worst["orders"])
    others = (defective - int(worst["defective"])) / rest if rest else float("nan")
    return tr(
        "{group}: {rate} defective, against {others} of all other orders",
        group=capital(condition(column, table.index[out[0]])),
        rate=percent(worst["rate"]),
        others=percent(others),
    )


def causes_title(causes: pd.DataFrame) -> str:
    """
    What the largest cause carries of the excess. `causes` as `causes_table` gives it, ranked.

    The excess of all causes together is the whole that the share is of: each is counted after the
    others, so nothing is in it twice.
    """
    if causes.empty:
        return tr("No group of orders has more defects than chance explains")
    top, together = causes.iloc[0], float(causes["excess"].sum())
    group = capital(slice_name(top["where"]))
    if len(causes) == 1 or top["excess"] > together:
        return tr(
            "{group}: {defective:,} defective orders where {expected} would be expected, "
            "{excess} too many",
            group=group,
            defective=int(top["defective"]),
            expected=number(top["expected"]),
            excess=number(top["excess"]),
        )
    return tr(
        "{group}: {excess:,.0f} of the {together:,.0f} defective orders above the expected "
        "({share})",
        group=group,
        excess=top["excess"],
        together=together,
        share=whole_percent(top["excess"] / together),
    )


def related_title(metrics: pd.DataFrame) -> str:
    """How many of the related metrics miss their limit. `metrics` as `related_metrics` gives it."""
    missed, unknown = (int((metrics["status"] == status).sum()) for status in ("missed", "unknown"))
    known = len(metrics) - unknown
    if not known:
        return tr("None of the related metrics can be told from these files")
    if missed:
        said = trn(
            "{n:,} of {known} misses the limit",
            "{n:,} of {known} miss the limit",
            missed,
            known=count(known, "known metric"),
        )
    elif known == 1:
        said = tr("The known metric keeps its limit")
    else:
        said = tr("All {known:,} known metrics keep their limits", known=known)
    if not unknown:
        return said
    return tr("{said}; {unknown:,} unknown", said=said, unknown=unknown)


def roll_off_title(roll_off: Any, profile: Profile) -> str:
    """What waiting alone does, from a `roll_off.RollOff`."""
    days = roll_off.calendar
    limit = short_percent(profile.limit)
    now = bool(days["under"].iloc[0])
    assumed = (
        tr("if new defects arrive as assumed")
        if days["assumed_defects"].any()
        else tr("unless new defects arrive")
        if now
        else tr("if no new defects arrive")
    )
    if not int(days["orders"].iloc[0]):
        return tr("There are no orders in the window, so there is no rate to carry forward")
    if now and roll_off.breach_on is None:
        return tr("The rate stays inside the {limit} limit {assumed}", limit=limit, assumed=assumed)
    if now:
        return tr(
            "The rate is inside the {limit} limit now and leaves it on {day}",
            limit=limit,
            day=day(roll_off.breach_on),
        )
    if roll_off.back_under_limit_on is None:
        return tr(
            "Waiting alone does not bring the rate inside the {limit} limit by {day}",
            limit=limit,
            day=day(days["day"].iloc[-1]),
        )
    return tr(
        "The rate is inside the {limit} limit from {day} on {assumed}",
        limit=limit,
        day=day(roll_off.back_under_limit_on),
        assumed=assumed,
    )
