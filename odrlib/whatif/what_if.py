"""
What if: the rate as it is, and as it would be with one thing changed.

Nothing is approximated: the orders are changed, one by one, and counted and rolled forward by the
same functions that count the real ones. What cannot be known, how many defects a slice would have
had, or whether buyers would have bought something else, is a range of such changed tables. The past
cannot be changed: of days gone by it says what would have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd

from odrlib.finding import count
from odrlib.languages import mark, tr
from odrlib.languages.forms import UNKNOWN, day, listing
from odrlib.policy import AMAZON, Profile
from odrlib.rates import Rate, named_profile, percent
from odrlib.tables import among
from odrlib.whatif.change import Change, LikeTheRest, Mask, Reversed, Stopped
from odrlib.whatif.defective import likely_anew, likely_thinned, with_defects, without_defects
from odrlib.whatif.scene import Outcome, Scene, scene

# So many order ids are named in a sentence.
NAMED = 5
SAID = {
    "under": mark("{scenario}, the rate would be {expected} instead of {now}: inside the limit."),
    "over": mark("{scenario}, the rate would be {expected} instead of {now}: over the limit."),
    "unknown": mark(
        "{scenario}, the rate would be {expected} instead of {now}: whether that is inside the "
        "limit is unknown."
    ),
}
# What becomes of a change: the expected outcome, then the ends of its range; and what to say of it.
Ways = tuple[list[Outcome], list[str]]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """
    A scenario: as it is, and as it would be.

    Parameters
    ----------
    scenario : the change in words, beginning with "If"
    now : as it is
    expected, low, high : with the change; the lowest and the highest rate to be reckoned with
        (95 %; for a stop, with and without buyers who buy something else)
    notes : what was changed, what was assumed, and what could not be done, one sentence each
    """

    profile: Profile
    scenario: str
    now: Outcome
    expected: Outcome
    low: Outcome
    high: Outcome
    notes: tuple[str, ...]

    def __str__(self) -> str:
        return tr(
            SAID.get(self.expected.status, SAID["unknown"]),
            scenario=self.scenario,
            expected=self._expected(),
            now=str(self.now.rate),
        )

    def _expected(self) -> str:
        """The rate to expect, with its range if it has one."""
        low, high = (_percent(one.rate) for one in (self.low, self.high))
        rate = str(self.expected.rate)
        if low == high:
            return rate
        return tr("{rate}, {low} to {high},", rate=rate, low=low, high=high)


def what_if(
    defects: pd.DataFrame,
    change: Change,
    profile: str | Profile = AMAZON,
    *,
    as_of: date,
    last: date | None = None,
    lag: int | None = None,
    described: pd.DataFrame | None = None,
    orders_per_day: float | None = None,
    new_defects_per_day: float = 0.0,
    unknown: tuple[str, ...] | None = None,
) -> WhatIf:
    """
    The rate and its calendar with one thing changed, beside those as they are.

    - `LikeTheRest`: each defect of the slice stays with the chance rate of the rest / rate of the
      slice; expected is the rest's rate, to the whole defect. New defects assumed of the days to
      come shrink alike.
    - `Reversed`: exactly these defects are off; the orders stay.
    - `Stopped`: the slice's orders from that day on are gone, with their defects; that is expected.
      Low and high also hold that the buyers bought something else: the orders stay, with the rest's
      rate. Of the days to come the slice's share is gone, as it was of the last 28 days' orders and
      of the window's defects.

    Parameters
    ----------
    defects : the table of `defects_by_order`
    change : what is different
    last, lag : where the window ends, as for `roll_off`; give one of the two
    described : the columns that slices are told by, with the index of `defects`, where they are not
        columns of `defects` itself (the table of `attributes`); orders not in it are in no slice
    orders_per_day, new_defects_per_day, unknown : as for `roll_off`

    Raises
    ------
    BadParameter : a slice names a column that is not there, or as for `roll_off`
    """
    place, now = scene(
        defects,
        named_profile(profile),
        as_of=as_of,
        last=last,
        lag=lag,
        described=described,
        orders_per_day=orders_per_day,
        new_defects_per_day=new_defects_per_day,
        unknown=unknown,
    )
    return changed(place, now, change)


def changed(place: Scene, now: Outcome, change: Change) -> WhatIf:
    """What the change makes of the orders of this scene."""
    if isinstance(change, LikeTheRest):
        ways, notes = _like_the_rest(place, change)
    elif isinstance(change, Reversed):
        ways, notes = _reversed(place, change)
    else:
        ways, notes = _stopped(place, change)
    in_order = sorted(ways, key=lambda way: way.rate.value if way.rate.orders else 0.0)
    return WhatIf(
        profile=place.profile,
        scenario=change.scenario(place.as_of),
        now=now,
        expected=ways[0],
        low=in_order[0],
        high=in_order[-1],
        notes=tuple(notes),
    )


def _like_the_rest(place: Scene, change: LikeTheRest) -> Ways:
    mine = place.in_any(change.slices)
    rest = place.inside & ~mine & ~place.in_any(change.besides)
    counts = _counts(place, mine & place.inside)
    rest_counts = _counts(place, rest)
    if not counts[1] or not rest_counts[1]:
        said = (
            tr("No order of the slice is in the window, so nothing changes.")
            if not counts[1]
            else tr("No order of the rest is in the window, so nothing changes.")
        )
        return [place.outcome(place.orders)], [said]
    low, expected, high = likely_thinned(*counts, *rest_counts)

    def way(wanted: int) -> Outcome:
        orders = with_defects(place.orders, mine & place.ahead, place.inside, place.profile, wanted)
        all_bad = place.defects(place.inside)
        fewer = Fraction(counts[0] - wanted, all_bad) if all_bad else Fraction(0)
        first = place.as_of + timedelta(days=1)
        return place.outcome(orders, arriving={first: place.arriving * (1 - fewer)})

    notes = [
        tr(
            "The slice has {mine}, the rest {rest}; at the rest's rate it would have {expected:,} "
            "({low:,} to {high:,} with 95% certainty).",
            mine=_of(counts),
            rest=_of(rest_counts),
            expected=expected,
            low=low,
            high=high,
        )
    ]
    if counts[0] * rest_counts[1] <= counts[1] * rest_counts[0]:
        notes.append(tr("The slice is no worse than the rest: there is nothing to gain."))
    return [way(expected), way(low), way(high)], notes + _untold(place)


def _reversed(place: Scene, change: Reversed) -> Ways:
    wanted = pd.Series(sorted(set(change.order_ids)), dtype="str")
    ids = place.orders["order_id"]
    mine = among(ids, wanted).to_numpy(dtype=bool) & place.ahead
    flag = "defective" if change.kind is None else change.kind
    bad = (
        place.orders[flag].to_numpy(dtype=bool)
        if flag in place.orders
        else np.zeros(len(ids), dtype=bool)
    )
    orders = without_defects(place.orders, mine & bad, change.kind)
    known, here = among(wanted, ids), among(wanted, ids[mine])
    said = [
        tr(
            "The defects of {orders} are taken off.",
            orders=count(int((mine & bad).sum()), "order"),
        )
    ]
    if names := _named(wanted[~known]):
        said.append(
            tr("{orders} not among the orders up to {day}: {ids}.", day=day(place.as_of), **names)
        )
    if names := _named(wanted[known & ~here]):
        said.append(tr("{orders} outside the window and not younger: {ids}.", **names))
    if names := _named(ids[mine & ~bad]):
        said.append(tr("{orders} without such a defect: {ids}.", **names))
    if names := _named(ids[mine & bad & ~place.inside]):
        said.append(
            tr(
                "{orders} younger than the window, so that only the days to come change: {ids}.",
                **names,
            )
        )
    return [place.outcome(orders)], said


def _stopped(place: Scene, change: Stopped) -> Ways:
    mine = place.in_any([change.where])
    gone = mine & place.from_day(change.from_day) & place.ahead
    stop = max(change.from_day, place.as_of + timedelta(days=1))
    of_orders = _share(int((mine & place.recent).sum()), int(place.recent.sum()))
    bad = place.defects(mine & place.inside)
    of_defects = _share(bad, place.defects(place.inside))
    lost = place.outcome(
        place.orders[~gone],
        volume={stop: place.volume * (1 - of_orders)},
        arriving={stop: place.arriving * (1 - of_defects)},
    )
    notes = [
        tr(
            "{orders} of the window or younger would be gone; of the days to come {share:.0%} of "
            "the orders, from {day} on.",
            orders=count(int(gone.sum()), "order"),
            share=float(of_orders),
            day=day(stop),
        )
    ]
    rest = _counts(place, place.inside & ~mine)
    if not rest[1]:
        return [lost], [*notes, tr("No order of the rest is in the window to compare with.")]
    notes.append(
        tr(
            "The range holds that all those buyers bought something else, with the rest's rate: "
            "{rest}.",
            rest=_of(rest),
        )
    )
    # New defects assumed of the slice's buyers come at the rest's rate, never at a higher one.
    slice_rate = _share(bad, int((mine & place.inside).sum()))
    ratio = min(Fraction(1), Fraction(*rest) / slice_rate) if slice_rate else Fraction(1)
    arriving = {stop: place.arriving * (1 - of_defects * (1 - ratio))}
    stayed = [
        place.outcome(orders, volume={stop: place.volume}, arriving=arriving)
        for orders in _something_else(place, mine, gone)
    ]
    return [lost, *stayed], notes + _untold(place)


def _something_else(place: Scene, mine: Mask, gone: Mask) -> list[pd.DataFrame]:
    """
    The orders, those gone in place with the fewest and the most defects to be reckoned with.

    The window's and the younger ones are compared with the rest of their own days each: young
    orders have few of their defects yet, the rest's as well as these.
    """
    low = high = place.orders
    for part in (place.inside, ~place.inside):
        theirs, rest = gone & part, ~mine & part & place.ahead
        days = place.orders["day"].to_numpy()
        if theirs.any():
            rest &= days >= days[theirs].min()
        counts = _counts(place, rest)
        if not theirs.any() or not counts[1]:
            continue
        fewest, _, most = likely_anew(int(theirs.sum()), *counts)
        low = with_defects(low, theirs, part, place.profile, fewest)
        high = with_defects(high, theirs, part, place.profile, most)
    return [low, high]


def _counts(place: Scene, mask: Mask) -> tuple[int, int]:
    return place.defects(mask), int(mask.sum())


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _of(counts: tuple[int, int]) -> str:
    return tr("{defects:,} of {orders}", defects=counts[0], orders=count(counts[1], "order"))


def _percent(rate: Rate) -> str:
    return percent(rate.defective, rate.orders) if rate.orders else tr(UNKNOWN)


def _named(ids: pd.Series) -> dict[str, str]:
    """How many orders, and the first of them; nothing if there are none."""
    if ids.empty:
        return {}
    return {"orders": count(len(ids), "order"), "ids": listing(sorted(ids), top=NAMED)}


def _untold(place: Scene) -> list[str]:
    """That some orders are not described, if so."""
    number = int((~place.told & place.ahead).sum())
    if not number:
        return []
    return [tr("Not described, and so in no slice: {orders}.", orders=count(number, "order"))]
