"""
Colours: the same thing has the same colour in every figure, table and card.

Colours that stand together stay apart for colour-blind eyes, and all have contrast on white and on
near-black (`tests/test_palette.py` computes both), so a figure is drawn once and the page only
changes its ink. Nothing is told by colour alone.
"""

from __future__ import annotations

OVER = "#cf473d"  # over the limit, worse than expected
UNDER = "#3f9f7c"  # inside the limit
UNKNOWN = "#8392a4"  # no file tells; everything that is folded or in the background
RATE = "#2f6cb0"  # the store's own measure: rates, orders, excess

KINDS = {
    "claim": "#c98200",
    "chargeback": "#8560c0",
    "negative_feedback": "#af6399",
}
STATUS = {
    "over": OVER,
    "under": UNDER,
    "unknown": UNKNOWN,
    "missed": OVER,
    "met": UNDER,
}

EVENT = "#68727f"  # an event of the ledger, beside what the figure is about
INK = "#68727f"  # text and axes where no page recolours them: readable on white and on near-black
GRID = "rgba(138, 148, 160, 0.25)"
FONT = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', "
    "'Microsoft YaHei', 'Hiragino Sans', 'Noto Sans CJK SC', 'Noto Sans CJK JP', system-ui, "
    "sans-serif"
)


def tint(colour: str, opacity: float) -> str:
    """
    The colour as seen through: a CSS rgba() value.

    >>> tint("#2f6cb0", 0.2)
    'rgba(47, 108, 176, 0.2)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"
