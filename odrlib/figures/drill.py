"""The path from all orders to a slice: what each condition keeps of the orders and the defects."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, values
from odrlib.languages import mark, tr
from odrlib.plain import row_dicts

DRILL_HOW = mark(
    "Each step adds one condition, the one that leaves the largest excess first. The upper bar is "
    "the share of all orders that are left, the lower bar the share of all defective orders. The "
    "further the lower bar reaches beyond the upper one, the more the slice concentrates the "
    "defects. The rate is that of the orders left. A path shows where, not why."
)
THICK = 17  # pixels of a bar
STEP = 70  # pixels for a step with its two bars
INSIDE = 0.5  # from this share on (0-1) the words stand inside their bar
DARK, WHITE = "#1d242c", "#ffffff"  # words inside a bar, readable on its colour


def plot_drill_down(path: pd.DataFrame) -> go.Figure:
    """
    The steps from all orders to the slice, with the shares of orders and of defects kept.

    `path` as `drill_down` gives it: `step` (from 0), `condition` (text), `orders`, `defective`,
    `rate`, `share_of_orders`, `share_of_defects` (0-1).
    """
    title = words.drill_title(path)
    if not int(path["defective"].iloc[0]):
        return canvas.nothing(title, tr(DRILL_HOW))
    names = [words.capital(words.drill_step(step)) for step in row_dicts(path)]
    high = STEP + forest.height(names) - forest.HEIGHT
    orders = [
        tr("{share} of the orders", share=words.whole_percent(share))
        for share in path["share_of_orders"]
    ]
    defects = [
        tr("{share} of the defective orders", share=words.whole_percent(share))
        for share in path["share_of_defects"]
    ]
    said = [
        tr("{step}: {orders}, {defects}", step=step, orders=kept, defects=bad)
        for step, kept, bad in zip(names, orders, defects, strict=True)
    ]
    ends = tr("; ", context="list")
    return canvas.figure(
        [
            _bars(path["share_of_orders"], orders, palette.UNKNOWN, DARK, 0.4 * THICK / high, high),
            _bars(path["share_of_defects"], defects, palette.OVER, WHITE, 1.5 * THICK / high, high),
        ],
        title=title,
        alt=tr("{title}. Two bars for each step. {steps}.", title=title, steps=ends.join(said)),
        how=tr(DRILL_HOW),
        height=60 + high * len(path),
        margin={"t": 12, "r": 30},  # 100 % stands out
        barmode="overlay",
        xaxis=canvas.share_axis(1.02),
        yaxis=canvas.hidden_axis(range=[len(path) - 0.4, -0.6]),
        annotations=forest.names(names, above=4),
    )  # fmt: skip


def _bars(
    share: pd.Series, said: list[str], colour: str, ink: str, below: float, high: int
) -> dict[str, Any]:
    """One bar for each step, its middle `below` the row (in rows of `high` pixels)."""
    inside = ["inside" if part > INSIDE else "outside" for part in share]
    return {
        "type": "bar",
        "orientation": "h",
        "x": values.numbers(share),
        "y": values.numbers(row + below for row in range(len(share))),
        "width": values.rounded(THICK / high),
        "marker": {"color": colour},
        "text": said,
        "textposition": inside,
        "insidetextanchor": "end",
        "insidetextfont": {"color": ink, "size": 12},
        "outsidetextfont": {"size": 12},
        "constraintext": "none",
        "textangle": 0,
        "cliponaxis": False,
        "hovertemplate": "%{text}<extra></extra>",
    }
