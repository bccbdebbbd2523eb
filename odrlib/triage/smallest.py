"""
Smallest reversals: the fewest defects that, taken off, bring the rate inside the limit.

By Amazon's count an order is in the rate once, so all its kinds must go; by the sum of kinds each
defect weighs one. Either way a gain is one, so the cheapest gains together are the smallest set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from odrlib.columns import framed
from odrlib.errors import BadParameter
from odrlib.exports.columns import rows_where
from odrlib.exports.words import says
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.plain import records
from odrlib.policy import Profile
from odrlib.rates import Rate, Window, counted, known_kinds, named_profile, unknown_kinds

OPEN_WAYS = ("yes", "unknown")
# Cost of one reversal: compared place by place, added up over a set.
Cost = tuple[int, ...]
ASKED = ("order_id", "kind", "route", "verdict", "certainty", "deadline", "days_left", "day")
STEPS = {
    "step": "int64", "order_id": "str", "kind": "str", "route": "str", "verdict": "str",
    "certainty": "str", "deadline": "datetime64[us]", "days_left": "Int64",
    "leaves_on": "datetime64[us]", "defective_after": "int64", "rate_after": "float64",
    "under": "bool",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reversals:
    """
    The smallest set, and what it does.

    Parameters
    ----------
    needed : how many defective orders (by the sum of kinds: defects) must go; None without orders
    reachable : the limit, as far as files tell the defects, can be reached with what can be
        reversed or may be
    steps : one row per defect in the order of the work, with the rate after it and all before it;
        where the limit is out of reach, everything that would move the rate
    before, after : the rate without and with all steps
    reason : one sentence
    """

    profile: Profile
    window: Window
    needed: int | None
    reachable: bool
    steps: pd.DataFrame
    before: Rate
    after: Rate
    reason: str

    @property
    def sure(self) -> bool:
        """Is the limit reached with ways that are known to be open?"""
        return self.reachable and bool(self.steps["verdict"].eq("yes").all())


def cost(row: Any, window_last: date) -> Cost:
    """
    What one reversal costs, by what is preferred: fewer; known to be open; near deadlines; orders
    that stay in the window longest.
    """
    return (
        1,
        int(row.verdict != "yes"),
        int(row.certainty not in ("certain", "likely")),
        int(pd.isna(row.days_left)),
        0 if pd.isna(row.days_left) else int(row.days_left),
        (window_last - row.day.date()).days,
    )


def smallest_reversals(
    defects: pd.DataFrame,
    triage: pd.DataFrame,
    *,
    window: Window,
    as_of: date,
    profile: str | Profile = "amazon",
    unknown: tuple[str, ...] | None = None,
) -> Reversals:
    """
    The smallest set of reversals that brings the window's rate inside the profile's limit.

    Of sets of equal size: fewer unknown ways, fewer whose proof Amazon has to weigh, nearer
    deadlines (fewest days in all), then orders that stay in the window longest, then order ids.

    Parameters
    ----------
    defects : the table of `defects_by_order`, of one channel if the limit is to hold for it alone
    triage : the table of `triage` for the same profile
    unknown : kinds of defect not told for every order, so that the rates are lower bounds; by
        default those without a column

    Raises
    ------
    BadParameter : a table lacks a column, or one defect stands in two rows
    """
    profile = named_profile(profile)
    _check(defects, triage)
    unknown = unknown_kinds(defects) if unknown is None else unknown
    inside = window.select(defects)
    before = Rate(int(counted(inside, profile).sum()), len(inside), unknown)
    needed = profile.reversals_needed(before.defective, before.orders)
    gains = _gains(inside, triage, profile, window)
    reachable = needed is not None and needed <= len(gains)
    chosen = gains[: needed or 0] if reachable else gains
    lag = (as_of - window.last).days
    steps = _steps(chosen, before, profile, profile.days + lag)
    after = Rate(before.defective - len(chosen), before.orders, unknown)
    reason = _reason(profile, before, after, needed, len(gains), steps)
    return Reversals(profile, window, needed, reachable, steps, before, after, reason)


def _check(defects: pd.DataFrame, triage: pd.DataFrame) -> None:
    for table, name, needed in (
        (defects, "defects", ("order_id", "day", "defects", "defective")),
        (triage, "triage", ASKED),
    ):
        missing = [column for column in needed if column not in table]
        if missing:
            raise BadParameter(
                tr("{table} has no column {columns}", table=name, columns=", ".join(missing))
            )
    if triage.duplicated(["order_id", "kind"]).any():
        raise BadParameter(tr("one defect stands in two rows of the triage; one row each is meant"))


def _gains(
    inside: pd.DataFrame, triage: pd.DataFrame, profile: Profile, window: Window
) -> list[list[Any]]:
    """The groups of reversals that each take one off the numerator, the cheapest first."""
    held = inside.set_index("order_id")[list(known_kinds(inside))]
    ways = rows_where(triage, says(triage["verdict"], OPEN_WAYS), ASKED)
    rows = [
        row
        for row in ways.itertuples(index=False)
        if row.order_id in held.index and row.kind in held and held.at[row.order_id, row.kind]
    ]
    if profile.count == "kinds":
        groups = [[row] for row in rows]
    else:
        by_order: dict[str, list[Any]] = {}
        for row in rows:
            by_order.setdefault(row.order_id, []).append(row)
        kinds = held.sum(axis="columns")
        groups = [group for name, group in by_order.items() if len(group) == kinds[name]]
    return sorted(groups, key=lambda group: (_together(group, window), _ids(group)))


def _ids(group: list[Any]) -> tuple[str, ...]:
    return min((row.order_id, row.kind) for row in group)


def _together(group: list[Any], window: Window) -> Cost:
    return tuple(map(sum, zip(*(cost(row, window.last) for row in group), strict=True)))


def _steps(chosen: list[list[Any]], before: Rate, profile: Profile, stays: int) -> pd.DataFrame:
    """The reversals in the order of the work: the nearest deadline first, an order's together."""
    rows: list[dict[str, Any]] = []
    left = before.defective
    for group in sorted(chosen, key=_urgency):
        for place, row in enumerate(sorted(group, key=_own_urgency), start=1):
            left -= place == len(group)
            rows.append(
                {
                    "step": len(rows) + 1,
                    **{name: getattr(row, name) for name in
                       ("order_id", "kind", "route", "verdict", "certainty", "deadline",
                        "days_left")},
                    "leaves_on": row.day + timedelta(days=stays),
                    "defective_after": left,
                    "rate_after": left / before.orders,
                    "under": profile.under(left, before.orders),
                }
            )  # fmt: skip
    return framed(rows, STEPS)


def _own_urgency(row: Any) -> tuple[Any, ...]:
    late = pd.isna(row.days_left)
    return (late, 0 if late else int(row.days_left), row.order_id, row.kind)


def _urgency(group: list[Any]) -> tuple[Any, ...]:
    return min(_own_urgency(row) for row in group)


def _reason(
    profile: Profile,
    before: Rate,
    after: Rate,
    needed: int | None,
    gains: int,
    steps: pd.DataFrame,
) -> str:
    rates = {"before": str(before), "after": str(after)}
    if needed is None:
        return tr(
            "There are no orders in the window, so no reversal brings the rate inside a limit."
        )
    if not needed and before.unknown:
        return tr("Whether anything must go is unknown: {rate}.", rate=str(before))
    if not needed:
        return tr("{rate} is inside the limit; nothing must go.", rate=str(before))
    if gains < needed:
        return tr(
            "Not reachable by reversals: {needed} must go, and only {gains:,} can or may; with all "
            "of them the rate is {rate}.",
            needed=count(needed, "defective order")
            if profile.count == "orders"
            else count(needed, "defect"),
            gains=gains,
            rate=str(after),
        )
    reversals = count(len(steps), "reversal")
    if unsure := int(steps["verdict"].ne("yes").sum()):
        return tr(
            "{reversals}, {unsure:,} of them unknown: the rate goes from {before} to {after}.",
            reversals=reversals,
            unsure=unsure,
            **rates,
        )
    return tr("{reversals}: the rate goes from {before} to {after}.", reversals=reversals, **rates)


def reversals_dict(found: Reversals) -> dict[str, Any]:
    """What `odr status --json` prints of the smallest set."""
    return {
        "profile": found.profile.name,
        "needed": found.needed,
        "reachable": found.reachable,
        "sure": found.sure,
        "reason": found.reason,
        "rate": found.before.value if found.before.orders else None,
        "rate_after": found.after.value if found.after.orders else None,
        "at_least": bool(found.before.unknown),
        "steps": records(found.steps),
    }
