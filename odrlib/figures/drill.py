"""The path from all orders to a slice: what each condition keeps of the orders and the defects."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest

DRILL_HOW = (
    "Each step adds one condition, the one that leaves the largest excess first. The upper bar is "
    "the share of all orders that are left, the lower bar the share of all defective orders. The "
    "further the lower bar reaches beyond the upper one, the more the slice concentrates the "
    "defects. The rate is that of the orders left. A path shows where, not why."
)
THICK = 15  # pixels of a bar
STEP = 66  # pixels for a step with its two bars


def plot_drill_down(path: pd.DataFrame) -> go.Figure:
    """
    The steps from all orders to the slice, with the shares of orders and of defects kept.

    `path` as `drill_down` gives it.
    """
    title = words.drill_title(path)
    if not int(path["defective"].iloc[0]):
        return canvas.nothing(title, DRILL_HOW)
    names = [words.drill_step(step) for step in path.to_dict("records")]
    high = STEP + forest.height(names) - forest.HEIGHT
    return canvas.figure(
        [
            _bars(path["share_of_orders"], names, palette.UNKNOWN, 0.4 * THICK / high, high),
            _bars(path["share_of_defects"], names, palette.OVER, 1.5 * THICK / high, high),
        ],
        title=title,
        alt=f"{title}. {'; '.join(names)}.",
        how=DRILL_HOW,
        height=80 + high * len(path),
        barmode="overlay",
        xaxis=canvas.share_axis(1.14, tickvals=[0, 0.25, 0.5, 0.75, 1]),
        yaxis=canvas.hidden_axis(range=[len(path) - 0.4, -0.6]),
        annotations=[
            *forest.names(names, above=4),
            canvas.key(
                f"{canvas.square(palette.UNKNOWN, 'share of all orders')}   "
                f"{canvas.square(palette.OVER, 'of all defective orders')}"
            ),
        ],
    )


def _bars(
    share: pd.Series, names: list[str], colour: str, below: float, high: int
) -> dict[str, Any]:
    """One bar for each step, its middle `below` the row (in rows of `high` pixels)."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": share.to_numpy(dtype=float),
        "y": [row + below for row in range(len(share))],
        "width": THICK / high,
        "marker": {"color": colour},
        "text": [words.whole_percent(part) for part in share],
        "textposition": "outside",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "customdata": [canvas.plain(name) for name in names],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
