"""
The delay curve: which share of an order's defects has arrived by each age of the order.

On an order of age a only delays up to a can be seen, so the delays seen so far are too short on the
whole (they are truncated on the right). The curve is therefore built backwards, from the longest
delay to the shortest: of the defects that arrived within t days on orders at least t days old, what
share arrived on day t itself? Each such share compares like with like; their product is the curve
(the reverse-time product-limit estimate of Lynden-Bell, and the chain ladder of insurers by day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.errors import BadParameter
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.policy import KINDS, table
from odrlib.rates import days_after, known_kinds

# Orders of this age have all the defects they will ever have.
HORIZON: int = table("targets")["defect_arrival"]["days"]
# Fewer defects than these on orders of full age teach nothing about the longest delays.
NEEDED = 20
# The prior is worth one defect, spread evenly over all delays: enough to keep a tail that has not
# been seen yet from being called impossible, and outweighed by the first few defects.
PRIOR = 1.0
DRAWS = 4_000
SEED = 20_261_122
# An order with several kinds of defect belongs to the kind that as a rule arrives first.
FIRST_TO_ARRIVE = ("negative_feedback", "claim", "chargeback")

Array: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class DelayCurve:
    """
    How late the defects of this store arrive.

    Parameters
    ----------
    as_of : the day up to which arrivals were seen
    horizon : days after the order by which every defect has arrived
    arrived, able : per delay 0 … horizon, the defects that arrived after exactly so many days, and
        those that arrived in no more days on orders old enough to show it
    matured : defects on orders of full age
    unknown : defects whose day of arrival no file tells; they teach nothing
    late : defects that arrived later than the horizon; they teach nothing either
    """

    as_of: date
    horizon: int
    arrived: Array
    able: Array
    matured: int
    unknown: int
    late: int

    def __str__(self) -> str:
        half, most = (int(np.argmax(self.share >= part)) for part in (0.5, 0.9))
        return tr(
            "Half of the defects arrive within {half} of the order, nine of ten within {most:,}: "
            "learnt from {defects}, {matured:,} of them on orders at least {horizon} days old.",
            half=count(half, "day"),
            most=most,
            defects=count(int(self.arrived.sum()), "defect"),
            matured=self.matured,
            horizon=self.horizon,
        )

    @property
    def share(self) -> Array:
        """The expected share arrived (0-1) by each age 0 … horizon."""
        today, before = self._posterior()
        return _backwards(before / (today + before))

    def at(self, ages: npt.ArrayLike) -> Array:
        """The expected share arrived (0-1) by these ages in days; 0 before the order."""
        age = np.asarray(ages)
        return np.where(age < 0, 0.0, self.share[np.clip(age, 0, self.horizon)])

    def draws(self, rng: np.random.Generator, number: int = DRAWS) -> Array:
        """Curves as likely as the data make them; one row each, a column per age 0 … horizon."""
        today, before = self._posterior()
        drawn = rng.beta(today, before, size=(number, self.horizon))
        return _backwards(np.subtract(1, drawn, out=drawn))

    @property
    def table(self) -> pd.DataFrame:
        """Per `age` (days): `share` arrived, `low`, `high` (0-1, 90 %), `arrived`, `able`."""
        drawn = self.draws(np.random.default_rng(SEED))
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0, overwrite_input=True)
        return pd.DataFrame(
            {
                "age": np.arange(self.horizon + 1),
                "share": self.share,
                "low": low,
                "high": high,
                "arrived": self.arrived,
                "able": self.able,
            }
        )

    def _posterior(self) -> tuple[Array, Array]:
        """
        Per delay 1 … horizon, the weights of arriving on that day and before it.

        With a Dirichlet prior on the delays the backward shares are independent Beta variables,
        and truncated data leave them so.
        """
        each_day = PRIOR / (self.horizon + 1)
        today = each_day + self.arrived[1:]
        before = each_day * np.arange(1, self.horizon + 1) + (self.able - self.arrived)[1:]
        return today, before


@dataclass(frozen=True)
class NotEnough:
    """
    No delay curve, and why: `reason` is a sentence.

    What is older than the horizon is known to be complete all the same; of anything younger the
    share that has arrived is missing.
    """

    as_of: date
    horizon: int
    matured: int
    unknown: int
    reason: str

    def __str__(self) -> str:
        return self.reason

    def at(self, ages: npt.ArrayLike) -> Array:
        """1 from the horizon on, missing before it."""
        return np.where(np.asarray(ages) >= self.horizon, 1.0, np.nan)


def delay_curve(
    defects: pd.DataFrame, as_of: date, *, kind: str | None = None, horizon: int = HORIZON
) -> DelayCurve | NotEnough:
    """
    The delay curve of the store as known on `as_of`; NotEnough where the history is too thin.

    It refuses with fewer than 20 matured defects (with a known day of arrival, on orders at least
    `horizon` days old), and where most defects have no known day of arrival.

    Parameters
    ----------
    defects : the table of `defects_by_order`; a defect that arrived after `as_of` is not seen yet
    kind : the curve of one kind of defect; an order with several kinds belongs to the kind that as
        a rule arrives first (feedback, then claims, then chargebacks)
    horizon : days after the order by which every defect has arrived; 90 by Amazon's rules

    Raises
    ------
    BadParameter : no such kind of defect, or the horizon is no day at all
    """
    rows = arrivals(defects, as_of)
    if kind is not None:
        if kind not in known_kinds(defects):
            raise BadParameter(
                tr("no kind of defect {kind!r}; there are {kinds}",
                   kind=kind, kinds=", ".join(KINDS))
            )  # fmt: skip
        rows = rows[rows["kind"] == kind]
    return learnt(rows, as_of, horizon, kind)


def delay_curves(
    defects: pd.DataFrame, as_of: date, *, horizon: int = HORIZON
) -> dict[str, DelayCurve | NotEnough]:
    """The curve of all defects ("all"), and of each kind that a file tells."""
    rows = arrivals(defects, as_of)
    return {"all": learnt(rows, as_of, horizon)} | {
        kind: learnt(rows[rows["kind"] == kind], as_of, horizon, kind)
        for kind in known_kinds(defects)
    }


def mature_until(curve: DelayCurve | NotEnough, as_of: date, share: float = 0.9) -> date:
    """The last order day of which at least `share` (0-1) of the defects has arrived by `as_of`."""
    if not 0 < share <= 1:
        raise BadParameter(
            tr("the share that has arrived is above 0 and at most 1, not {share}", share=share)
        )
    enough = curve.at(np.arange(curve.horizon + 1)) >= share
    return as_of - timedelta(days=int(np.argmax(enough)))


def arrived_share(
    curve: DelayCurve | NotEnough, days: pd.Series | pd.DatetimeIndex, as_of: date
) -> pd.Series:
    """
    For each order day, the share (0-1) of its defects that has arrived by `as_of`.

    0 for days to come; missing for younger days where there is no curve. Indexed by `days`.
    """
    index = pd.DatetimeIndex(days)
    share = curve.at((pd.Timestamp(as_of) - index).days.to_numpy())
    return pd.Series(share, index=index, name="arrived")


def arrivals(defects: pd.DataFrame, as_of: date, count: str = "orders") -> pd.DataFrame:
    """
    The defects seen by `as_of`: `day` of the order, `age` of it and `delay` (days), `kind`.

    One row per defective order, or with `count` "kinds" one per order and kind, all of which share
    the order's first arrival. `delay` is missing where no file tells the arrival, and where it is
    more than a day before the order; one day before is day 0, cut in another time zone.
    """
    today = np.datetime64(as_of)
    day, arrived = (defects[name].to_numpy() for name in ("day", "arrived_on"))
    seen = np.flatnonzero(defects["defective"].to_numpy(bool) & ~(arrived > today) & (day <= today))
    day = day[seen]
    delay = np.floor((arrived[seen] - day) / np.timedelta64(1, "D"))
    rows = pd.DataFrame(
        {
            "day": day,
            "age": days_after(day, today),
            "delay": np.maximum(np.where(delay >= -1, delay, np.nan), 0),
        },
        index=defects.index[seen],
    )
    kinds = [kind for kind in FIRST_TO_ARRIVE if kind in known_kinds(defects)]
    of_kind = {kind: defects[kind].to_numpy(bool)[seen] for kind in kinds}
    if count == "kinds":
        parts = [rows[of_kind[kind]].assign(kind=kind) for kind in kinds]
        return pd.concat(parts or [rows[:0]])
    kind_of = np.full(len(rows), "defect", object)
    for kind in reversed(kinds):
        kind_of[of_kind[kind]] = kind
    return rows.assign(kind=pd.Series(kind_of, index=rows.index, dtype="str"))


def learnt(
    rows: pd.DataFrame, as_of: date, horizon: int = HORIZON, kind: str | None = None
) -> DelayCurve | NotEnough:
    """The delay curve of these `arrivals`, or why there is none."""
    if horizon < 1:
        raise BadParameter(
            tr("the horizon is a number of days from 1 on, not {horizon}", horizon=horizon)
        )
    age, delay = rows["age"].to_numpy(), rows["delay"].to_numpy()
    unknown = int(np.isnan(delay).sum())
    teaching = delay <= horizon
    matured = int((age[teaching] >= horizon).sum())
    if reason := _refusal(len(rows), unknown, matured, horizon, kind):
        return NotEnough(as_of, horizon, matured, unknown, reason)
    leaves = np.minimum(age[teaching], horizon) + 1
    arrived = np.bincount(delay[teaching].astype(np.int64), minlength=horizon + 1)
    able = np.cumsum(arrived - np.bincount(leaves, minlength=horizon + 2)[: horizon + 1])
    late = len(rows) - unknown - int(teaching.sum())
    return DelayCurve(as_of, horizon, arrived, able, matured, unknown, late)


def _refusal(defects: int, unknown: int, matured: int, horizon: int, kind: str | None) -> str:
    if 2 * unknown > defects:
        return tr(
            "No file tells the day of arrival of {unknown:,} of {defects}, so how late they arrive "
            "cannot be learnt.",
            unknown=unknown,
            defects=_of_kind(defects, kind),
        )
    if matured < NEEDED:
        values: dict[str, Any] = {
            "defects": _of_kind(matured, kind), "horizon": horizon, "needed": NEEDED,
        }  # fmt: skip
        if matured == 1:
            return tr(
                "{defects} with a known day of arrival on orders at least {horizon} days old is "
                "too few to learn how late they arrive; {needed} are needed.",
                **values,
            )
        return tr(
            "{defects} with a known day of arrival on orders at least {horizon} days old are too "
            "few to learn how late they arrive; {needed} are needed.",
            **values,
        )
    return ""


def _of_kind(number: int, kind: str | None) -> str:
    """So many defects of a kind, or of any."""
    match kind:
        case "claim":
            return count(number, "claim")
        case "chargeback":
            return count(number, "chargeback")
        case "negative_feedback":
            return count(number, "negative rating")
        case _:
            return count(number, "defect")


def _backwards(not_on_day: Array) -> Array:
    """The curve from the shares (last axis: delay 1 … horizon) that arrived before that day."""
    curve = np.empty((*not_on_day.shape[:-1], not_on_day.shape[-1] + 1))
    curve[..., -1] = 1
    # From the last day on, into the places before it.
    np.cumprod(not_on_day[..., ::-1], axis=-1, out=curve[..., -2::-1])
    return curve
