"""Causes: which slices of the orders carry the excess of defects, and which only look it."""

from odrlib.causes.apart import how_to_tell_apart
from odrlib.causes.attributes import CANDIDATES, attributes
from odrlib.causes.cause import (
    Cause,
    CauseList,
    Cleared,
    causes_table,
    cleared_table,
    describe,
)
from odrlib.causes.changes import RatesOverTime, changes_of_causes, rate_changes
from odrlib.causes.crossed import matter_most, rate_grid
from odrlib.causes.drill import drill_down, weekly_rate
from odrlib.causes.find import find_causes
from odrlib.causes.happenings import what_changed
from odrlib.causes.mix import mix_shifts

__all__ = [
    "CANDIDATES",
    "Cause",
    "CauseList",
    "Cleared",
    "RatesOverTime",
    "attributes",
    "causes_table",
    "changes_of_causes",
    "cleared_table",
    "describe",
    "drill_down",
    "find_causes",
    "how_to_tell_apart",
    "matter_most",
    "mix_shifts",
    "rate_changes",
    "rate_grid",
    "weekly_rate",
    "what_changed",
]
