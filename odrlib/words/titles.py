"""Titles of figures: what each table says, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from odrlib.finding import count
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
    missing = listing([kind_name(kind) for kind in unknown])
    return f"Without the {missing}, which no file tells, {title[:1].lower()}{title[1:]}"


def judged(rolling: pd.DataFrame) -> pd.DataFrame:
    """
    The days of a rolling rate that can be held against the limit: those with a full window.

    In a history shorter than the window, all days with orders.
    """
    known = rolling[rolling["orders"] > 0]
    return known[known["full"]] if known["full"].any() else known


def rate_title(rolling: pd.DataFrame, profile: Profile, at: Any = None) -> str:
    """
    What the rolling rate says on its day `at` (default the last with orders).

    `rolling` as `rates.rolling_rate` gives it.
    """
    known = judged(rolling)
    known = known if at is None else known[known.index <= pd.Timestamp(at)]
    if known.empty:
        until = "" if at is None else f" up to {day(pd.Timestamp(at))}"
        return f"There are no orders{until}, so there is no rate"
    now = known.iloc[-1]
    rate = Rate(int(now["defective"]), int(now["orders"]))
    said = (
        f"The rate of the {profile.days} days to {day(known.index[-1])} is "
        f"{percent(rate.value, float(profile.limit))}, {against(profile, rate)}"
    )
    over = known["over"].to_numpy()
    if not over.any():
        return f"{said}; it never was over it"
    if not now["over"]:
        return f"{said}; it was over it until {day(known.index[over][-1])}"
    inside = known.index[~over]
    since = known.index[0] if inside.empty else known.index[known.index > inside[-1]][0]
    return f"{said}; it has been over it since {day(since)}"


def calendar_title(rolling: pd.DataFrame) -> str:
    """On how many days the rate was over the limit, and which was the last."""
    known = judged(rolling)
    over = known.index[known["over"]]
    if known.empty:
        return "There are no orders, so no day has a rate"
    if over.empty:
        return f"The rate was inside the limit on all {count(len(known), 'day')}"
    return (
        f"The rate was over the limit on {len(over):,} of {count(len(known), 'day')}, "
        f"the last of them {day(over[-1])}"
    )


def kinds_title(weeks: pd.DataFrame) -> str:
    """
    Which kind of defect is the largest. `weeks` as `composition(…, by="kind")` gives it.

    A share of all defects, so an order with two kinds counts under both.
    """
    if weeks.empty:
        return "There are no orders, or no file tells their defects"
    totals = weeks.groupby("group", observed=True)["defective"].sum()
    everything = int(totals.sum())
    if not everything:
        return "There are no defects in these weeks"
    top = str(totals.idxmax())
    most = int(totals.max())
    if everything == 1:
        return f"The only defect is one {kind_name(top, 1)}"
    if most == everything:
        return f"All {everything:,} defects are {kind_name(top)}"
    return f"{capital(kind_name(top))} are {most:,} of the {everything:,} defects"


def composition_title(table: pd.DataFrame, what: str) -> str:
    """
    Which named group has the most defective orders above its share, and on what share of orders.

    `table` as `composition` gives it; `what` names the column in the reader's words ("carrier").
    """
    if table["defective"].isna().any():
        return "No file tells the defects of these orders"
    sums = table.groupby("group", observed=True)[["orders", "defective"]].sum()
    defective, orders = int(sums["defective"].sum()), int(sums["orders"].sum())
    if not defective:
        return "There are no defective orders in these weeks"
    named = sums[~sums.index.astype("str").str.fullmatch(FOLDED)]
    if named.empty or not orders:
        return f"The {defective:,} defective orders by {what}"
    top = (named["defective"] - named["orders"] * (defective / orders)).idxmax()
    return (
        f"{top} ({what}) has {int(sums.loc[top, 'defective']):,} of the {defective:,} "
        f"defective orders on {sums.loc[top, 'orders'] / orders:.0%} of the orders"
    )


def rate_by_title(table: pd.DataFrame, what: str, overall: Rate) -> str:
    """
    Which group stands out from the whole, if one does.

    `table` as `rate_by` gives it. A group stands out if its 95 % interval lies above the rate of
    all orders, `overall`.
    """
    if table["defective"].isna().any():
        return "No file tells the defects of these orders"
    orders, defective = overall.orders, overall.defective
    if not orders:
        return "There are no orders to compare"
    if not defective:
        return f"None of {count(orders, 'order')} is defective"
    if len(table) == 1:
        return f"All orders are alike here: {what} {table.index[0]}"
    named = ~table.index.astype("str").str.fullmatch(FOLDED)
    out = table[named & (table["low"] > overall.value)]
    if out.empty:
        return (
            f"No {what} stands out: every interval reaches the {percent(overall.value)} of all "
            "orders"
        )
    worst = out.iloc[0]
    rest = orders - int(worst["orders"])
    others = percent((defective - int(worst["defective"])) / rest) if rest else "unknown"
    return (
        f"{out.index[0]} ({what}): {percent(worst['rate'])} defective, "
        f"against {others} of all other orders"
    )


def causes_title(causes: pd.DataFrame) -> str:
    """What the largest cause carries. `causes` as `causes_table` gives it, in rank order."""
    if causes.empty:
        return "No group of orders has more defects than chance explains"
    top = causes.iloc[0]
    return (
        f"{top['where']}: {int(top['defective']):,} defective orders where "
        f"{number(top['expected'])} would be expected, {number(top['excess'])} too many"
    )


def related_title(metrics: pd.DataFrame) -> str:
    """How many of the related metrics miss their limit. `metrics` as `related_metrics` gives it."""
    missed, unknown = (int((metrics["status"] == status).sum()) for status in ("missed", "unknown"))
    if unknown == len(metrics):
        return "None of the related metrics can be told from these files"
    known = len(metrics) - unknown
    if missed:
        said = f"{missed:,} of {count(known, 'known metric')} miss{'es' * (missed == 1)} the limit"
    elif known == 1:
        said = "The known metric keeps its limit"
    else:
        said = f"All {known:,} known metrics keep their limits"
    return f"{said}; {unknown:,} unknown" if unknown else said


def roll_off_title(roll_off: Any, profile: Profile) -> str:
    """What waiting alone does, from a `roll_off.RollOff`."""
    days = roll_off.calendar
    limit = f"the {short_percent(profile.limit)} limit"
    now = bool(days["under"].iloc[0])
    assumed = "unless new defects arrive" if now else "if no new defects arrive"
    if days["assumed_defects"].any():
        assumed = "if new defects arrive as assumed"
    if not int(days["orders"].iloc[0]):
        return "There are no orders in the window, so there is no rate to carry forward"
    if now and roll_off.breach_on is None:
        return f"The rate stays inside {limit} {assumed}"
    if now:
        return f"The rate is inside {limit} now and leaves it on {day(roll_off.breach_on)}"
    if roll_off.back_under_limit_on is None:
        return (
            f"Waiting alone does not bring the rate inside {limit} by {day(days['day'].iloc[-1])}"
        )
    return f"The rate is inside {limit} from {day(roll_off.back_under_limit_on)} on {assumed}"
