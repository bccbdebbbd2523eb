"""Where the defects concentrate: a forest of excess, one row for each cause."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest

CAUSES_HOW = (
    "The point is a group's excess: its defective orders less those expected there if nothing but"
    " its other attributes mattered. The line is the 95% interval of the excess. The counts at "
    "its right end are defective orders of all orders of the group. A group that two names "
    "describe equally well is listed once. This ranks; it does not prove: read the orders before "
    "acting."
)


def plot_causes(causes: pd.DataFrame, top: int = 10) -> go.Figure:
    """
    The excess of each cause with its interval and counts, in the order of the table.

    Parameters
    ----------
    causes : as `causes_table` gives it: `where` (text), `orders`, `defective`, `expected`,
        `excess` with `low` and `high`, `rate`, `rate_elsewhere` (0-1)
    top : rows to draw
    """
    title = words.causes_title(causes)
    shown = causes.head(top)
    if shown.empty:
        return canvas.nothing(title, CAUSES_HOW)
    reach = max(1.0, float(shown["high"].max()), float(shown["excess"].max()))
    start = min(0.0, float(shown["low"].min()))
    rows = shown.to_dict("records")
    names = [row["where"] for row in rows]
    return canvas.figure(
        forest.dots(
            shown["excess"],
            shown["low"],
            shown["high"],
            [palette.OVER if row["low"] > 0 else palette.RATE for row in rows],
            [f"{int(row['defective']):,} of {int(row['orders']):,}" for row in rows],
            [_hover(row) for row in rows],
        ),
        title=title,
        alt=f"{title}. {words.count(len(rows), 'cause')} in rank order: "
        f"{words.listing([row['where'] for row in rows], top=5)}.",
        how=CAUSES_HOW,
        height=96 + forest.height(names) * len(rows),
        xaxis=canvas.axis(
            range=[start, start + 1.35 * (reach - start)],
            title={"text": "defective orders too many"},
            zeroline=True,
            zerolinecolor=palette.INK,
        ),
        yaxis=forest.axis(len(rows)),
        annotations=forest.names(names),
    )


def _hover(row: dict[str, Any]) -> str:
    return (
        f"{canvas.plain(row['where'])}<br>"
        f"{int(row['defective']):,} of {words.count(int(row['orders']), 'order')} defective "
        f"({words.percent(row['rate'])}; elsewhere {words.percent(row['rate_elsewhere'])})<br>"
        f"expected {words.number(row['expected'])}, excess {words.number(row['excess'])}<br>"
        f"chance {row['q_value']:.2g} (corrected for all that was searched)"
    )
