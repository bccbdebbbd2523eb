"""Maturity: how late defects arrive, what is still to come, and periods compared at equal age."""

from odrlib.maturity.curve import (
    DelayCurve,
    NotEnough,
    arrived_share,
    delay_curve,
    delay_curves,
    mature_until,
)
from odrlib.maturity.equal_age import EquallyAged, equally_aged, rise_table
from odrlib.maturity.nowcast import WindowNowcast, nowcast, window_nowcast

__all__ = [
    "DelayCurve",
    "EquallyAged",
    "NotEnough",
    "WindowNowcast",
    "arrived_share",
    "delay_curve",
    "delay_curves",
    "equally_aged",
    "mature_until",
    "nowcast",
    "rise_table",
    "window_nowcast",
]
