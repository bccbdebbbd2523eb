"""The scene of a what-if: the orders it is about, and how a changed table of them comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from odrlib.policy import Profile
from odrlib.rates import Rate, Window, counted, defect_rate, known_kinds, until
from odrlib.rolloff import VOLUME_DAYS, RollOff, mean_volume, roll_off
from odrlib.whatif.change import Mask, Where, in_any


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    One way it could stand: the window's rate and its status, and the calendar of the days to come.

    `reversals_needed` is None without orders; it and `good_orders_needed` are 0 inside the limit.
    """

    rate: Rate
    status: str
    reversals_needed: int | None
    good_orders_needed: int
    roll_off: RollOff

    @property
    def back_under_limit_on(self) -> date | None:
        """The first day from which the rate stays inside the limit; None as in `RollOff`."""
        return self.roll_off.back_under_limit_on


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What a what-if takes place in.

    Parameters
    ----------
    orders : the known orders, with what is counted of them
    described : the columns that slices are told by, a row for each of them
    told : which of the orders are described at all
    window, as_of, profile, unknown : as everywhere
    volume, arriving : orders and new defects assumed of each day to come; `given` if the caller
        said how many orders
    horizon : days of the calendar
    """

    orders: pd.DataFrame
    described: pd.DataFrame
    told: Mask
    profile: Profile
    window: Window
    as_of: date
    unknown: tuple[str, ...]
    volume: Fraction
    given: bool
    arriving: Fraction
    horizon: int

    @cached_property
    def inside(self) -> Mask:
        """The orders of the window."""
        found: Mask = self.window.holds(self.orders["day"]).to_numpy()
        return found

    @cached_property
    def ahead(self) -> Mask:
        """The orders of the window and the younger ones, which are still to enter it."""
        return self.from_day(self.window.first)

    @property
    def recent(self) -> Mask:
        """The orders that the assumed volume is the mean of."""
        first = self.orders["day"].max() - pd.Timedelta(days=VOLUME_DAYS - 1)
        found: Mask = (self.orders["day"] >= first).to_numpy(dtype=bool)
        return found

    def in_any(self, slices: Iterable[Where]) -> Mask:
        """The orders in at least one of the slices; those not described are in none."""
        return in_any(self.described, slices) & self.told

    def defects(self, mask: Mask) -> int:
        """The defects of these orders, as the profile counts them."""
        return int(counted(self.orders, self.profile)[mask].sum())

    def from_day(self, day: date) -> Mask:
        """The orders from that day on."""
        found: Mask = self.orders["day"].to_numpy() >= np.datetime64(day)
        return found

    def outcome(
        self,
        orders: pd.DataFrame,
        *,
        volume: Mapping[date, Fraction] | None = None,
        arriving: Mapping[date, Fraction] | None = None,
    ) -> Outcome:
        """How these orders come out; `volume` and `arriving` from which day on, if not as now."""
        first = self.as_of + timedelta(days=1)
        assumed = {first: self.volume} | dict(volume or {})
        calendar = roll_off(
            orders,
            self.profile,
            as_of=self.as_of,
            last=self.window.last,
            orders_per_day=_floats(assumed) if volume or self.given else None,
            new_defects_per_day=_floats({first: self.arriving} | dict(arriving or {})),
            horizon=self.horizon,
            unknown=self.unknown,
        )
        return self.standing(orders, calendar)

    def standing(self, orders: pd.DataFrame, calendar: RollOff) -> Outcome:
        """How these orders stand, with their calendar."""
        rate = defect_rate(self.window.select(orders), self.profile)
        counts = rate.defective, rate.orders
        rate = Rate(*counts, self.unknown)
        return Outcome(
            rate=rate,
            status=rate.status(self.profile) if known_kinds(orders) else "unknown",
            reversals_needed=self.profile.reversals_needed(*counts),
            good_orders_needed=self.profile.good_orders_needed(*counts),
            roll_off=calendar,
        )


def scene(
    defects: pd.DataFrame,
    profile: Profile,
    *,
    as_of: date,
    last: date | None,
    lag: int | None,
    described: pd.DataFrame | None = None,
    orders_per_day: float | None = None,
    new_defects_per_day: float = 0.0,
    unknown: tuple[str, ...] | None = None,
) -> tuple[Scene, Outcome]:
    """The scene, and how the orders stand in it as they are; the parameters are `what_if`'s."""
    now = roll_off(
        defects,
        profile,
        as_of=as_of,
        last=last,
        lag=lag,
        orders_per_day=orders_per_day,
        new_defects_per_day=new_defects_per_day,
        unknown=unknown,
    )
    known = until(defects, as_of)
    # Only what is counted: a table of orders has dozens of columns, and is changed many times over.
    orders = known[["order_id", "day", *known_kinds(known), "defective", "defects"]]
    place = Scene(
        orders=orders,
        described=known if described is None else described.reindex(orders.index),
        told=orders.index.isin((known if described is None else described).index),
        profile=profile,
        window=Window.ending(now.columns["last"][0].astype("datetime64[D]").item(), profile.days),
        as_of=as_of,
        unknown=now.unknown,
        volume=mean_volume(known) if orders_per_day is None else _fraction(orders_per_day),
        given=orders_per_day is not None,
        arriving=_fraction(new_defects_per_day),
        horizon=len(now.columns["day"]) - 1,
    )
    return place, place.standing(orders, now)


def _fraction(number: float) -> Fraction:
    return Fraction(number).limit_denominator(1_000_000)


def _floats(pieces: Mapping[date, Fraction]) -> dict[date, float]:
    return {day: float(number) for day, number in pieces.items()}
