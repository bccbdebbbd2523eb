"""
Margins: the room beside and below the axes, known before plotly draws.

Where the numbers of an axis need more room than a figure has, plotly makes the room and draws the
whole figure again, which doubles its time. So a figure begins with room enough; a text that is
wider than expected still gets its room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RIGHT = 16  # pixels right of the axes
BARE = 24  # pixels left of the axes where only the first number below them stands out
NUMBERS = 48  # pixels for the numbers beside an upright axis
EDGE = 8  # pixels where there are no numbers
FEET = 30  # pixels for the numbers below a level axis
STANDOFF = 4  # pixels more below an axis of days
TITLE = 20  # pixels more for the title of an axis


def margins(layout: Mapping[str, Any]) -> dict[str, int]:
    """
    The margins of a figure: its own, and what its axes need where it does not say.

    >>> margins({"xaxis": {"title": {"text": "day"}}, "yaxis": {"tickformat": ".2~%"}})
    {'l': 48, 'r': 16, 'b': 50}
    """
    level = [each for name, each in layout.items() if name.startswith("xaxis")]
    upright = [each for name, each in layout.items() if name.startswith("yaxis")]
    numbers = any(axis.get("visible", True) for axis in upright)
    feet = max(map(_below, level), default=EDGE)
    left = NUMBERS if numbers else BARE if feet > EDGE else EDGE
    return {"l": left, "r": RIGHT, "b": feet, **layout.get("margin", {})}


def _below(axis: Mapping[str, Any]) -> int:
    """What a level axis needs below it."""
    if not axis.get("visible", True):
        return EDGE
    days = STANDOFF if axis.get("type") == "date" else 0
    return FEET + days + (TITLE if "title" in axis else 0)
