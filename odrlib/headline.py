"""The headline: each profile's rate per channel, with its counts and its distance to the limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import words
from odrlib.defects import defects_without_order
from odrlib.exports.columns import columns_of, frame_of, rows_where
from odrlib.exports.words import says
from odrlib.policy import CHANNELS, KINDS, Profile
from odrlib.rates import Rate, Status, Window, defect_rate, known_kinds, named_profile
from odrlib.rolloff import RollOff, roll_off
from odrlib.store import Store
from odrlib.windows import WindowChoice, profile_window

# The names that facts.json uses for the kinds of defect.
PLURAL = {"claim": "claims", "chargeback": "chargebacks", "negative_feedback": "negative_feedback"}


@dataclass(frozen=True)
class Headline:
    """
    One profile's answer for one channel: `all`, `mfn` (seller-fulfilled) or `afn` (FBA).

    A number is None where no file can tell it. `unknown` names the kinds that are not told for
    every order: `defective` and `rate` are then lower bounds, and `status` is never "under".
    """

    profile: Profile
    channel: str
    window: Window
    orders: int | None
    defective: int | None
    kinds: dict[str, int | None]
    unknown: tuple[str, ...]
    status: Status
    overlapping: tuple[str, ...]
    unplaced: int
    roll_off: RollOff | None

    @property
    def rate(self) -> Rate | None:
        """The rate with its counts; None where orders or all defects are unknown."""
        if self.orders is None or self.defective is None:
            return None
        return Rate(self.defective, self.orders, self.unknown)

    def as_dict(self) -> dict[str, Any]:
        """The part of facts.json under `profiles.<profile>.<channel>`."""
        rate, profile, roll_off = self.rate, self.profile, self.roll_off
        return {
            "orders": self.orders,
            "defective": self.defective,
            **{PLURAL[kind]: self.kinds[kind] for kind in KINDS},
            "rate": rate.value if rate and rate.orders else None,
            "rate_low": rate.low if rate and rate.orders else None,
            "rate_high": rate.high if rate and rate.orders else None,
            "limit": float(self.profile.limit),
            "status": self.status,
            "unknown": [PLURAL[kind] for kind in self.unknown],
            "at_least": bool(self.unknown),
            "reversals_needed": rate and profile.reversals_needed(rate.defective, rate.orders),
            "spare_defects": rate and profile.spare_defects(rate.defective, rate.orders),
            "good_orders_needed": rate and profile.good_orders_needed(rate.defective, rate.orders),
            "back_under_limit_on": _iso(roll_off.back_under_limit_on if roll_off else None),
            "breach_on": _iso(roll_off.breach_on if roll_off else None),
            "orders_with_several_kinds": list(self.overlapping),
            "defects_without_order": self.unplaced,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class Ahead:
    """
    What is assumed of the days to come, for all channels together; each channel keeps the defaults.

    Parameters
    ----------
    orders_per_day : None for the mean of the last 28 known days
    new_defects_per_day : defects of orders yet to come, and of those already there
    """

    orders_per_day: float | None = None
    new_defects_per_day: float = 0.0


def headlines(
    store: Store,
    profile: str | Profile,
    defects: pd.DataFrame,
    judgement: pd.DataFrame,
    ahead: Ahead = Ahead(),
) -> tuple[WindowChoice, dict[str, Headline]]:
    """
    The profile's window and its headline for each channel.

    `defects` and `judgement` are the tables of `defects_by_order` and `verdicts` for that profile.
    """
    profile = named_profile(profile)
    choice = profile_window(store, profile)
    needed = ("order_id", "day", "channel", *KINDS, "defective", "defects")
    told = columns_of(defects)
    defects = frame_of({name: told[name] for name in needed if name in told})
    lost = defects_without_order(store, judgement)
    return choice, {
        channel: _headline(
            store,
            profile,
            choice,
            of_channel(defects, channel),
            lost,
            channel,
            ahead if channel == "all" else Ahead(),
        )
        for channel in CHANNELS
    }


def of_channel(defects: pd.DataFrame, channel: str) -> pd.DataFrame:
    """The orders of one channel; `all` includes orders whose channel is unknown."""
    if channel == "all":
        return defects
    return rows_where(defects, says(defects["channel"], (channel,)))


def _headline(
    store: Store,
    profile: Profile,
    choice: WindowChoice,
    defects: pd.DataFrame,
    lost: pd.DataFrame,
    channel: str,
    ahead: Ahead,
) -> Headline:
    inside = choice.window.select(defects)
    kinds = known_kinds(inside)
    known = store.orders is not None and bool(kinds)
    rate = defect_rate(inside, profile)
    rate = Rate(rate.defective, rate.orders, store.unknown)
    mine = np.zeros(len(lost), bool)
    if channel == "all":
        days = lost["ordered_on"]
        mine = np.isnat(days.to_numpy()) | choice.window.holds(days).to_numpy()
    several = inside["order_id"].array[inside["defects"].to_numpy() > 1]
    return Headline(
        profile=profile,
        channel=channel,
        window=choice.window,
        orders=rate.orders if store.orders is not None else None,
        defective=rate.defective if known else None,
        kinds={
            kind: int(inside[kind].sum()) if known and kind in kinds else None for kind in KINDS
        },
        unknown=store.unknown,
        status=_status(rate, profile, words(lost["order_id"].array[mine])) if known else "unknown",
        overlapping=tuple(sorted(several)),
        unplaced=int(mine.sum()),
        roll_off=_roll_off(store, profile, choice, defects, ahead) if known else None,
    )


def _status(rate: Rate, profile: Profile, lost: list[str]) -> Status:
    """Under only if it stays under when every defect without an order is counted too."""
    status = rate.status(profile)
    orders = len(set(lost))
    defective = rate.defective + (orders if profile.count == "orders" else len(lost))
    if status == "under" and not profile.under(defective, rate.orders + orders):
        return "unknown"
    return status


def _roll_off(
    store: Store, profile: Profile, choice: WindowChoice, defects: pd.DataFrame, ahead: Ahead
) -> RollOff | None:
    if defects.empty:
        return None
    # Amazon's window may end later than the last order that we have.
    as_of = max(store.as_of, choice.window.last)
    return roll_off(
        defects,
        profile,
        as_of=as_of,
        last=choice.window.last,
        orders_per_day=ahead.orders_per_day,
        new_defects_per_day=ahead.new_defects_per_day,
        unknown=store.unknown,
    )
