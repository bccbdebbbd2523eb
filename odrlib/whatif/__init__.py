"""What if: the rate with one thing changed, counted again from the orders and rolled forward."""

from odrlib.whatif.change import Change, LikeTheRest, Reversed, Stopped
from odrlib.whatif.scenarios import what_if_causes, what_if_table
from odrlib.whatif.scene import Outcome
from odrlib.whatif.what_if import WhatIf, what_if

__all__ = [
    "Change",
    "LikeTheRest",
    "Outcome",
    "Reversed",
    "Stopped",
    "WhatIf",
    "what_if",
    "what_if_causes",
    "what_if_table",
]
