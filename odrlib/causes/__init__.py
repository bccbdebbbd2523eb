"""Causes: which slices of the orders carry the excess of defects, and which only look it."""

from odrlib.causes.attributes import CANDIDATES, attributes
from odrlib.causes.cause import Cause, CauseList, causes_table, describe
from odrlib.causes.find import find_causes

__all__ = [
    "CANDIDATES",
    "Cause",
    "CauseList",
    "attributes",
    "causes_table",
    "describe",
    "find_causes",
]
