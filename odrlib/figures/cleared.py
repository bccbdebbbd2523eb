"""The suspects that were checked and cleared: bad by themselves, but only through the causes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest

CLEARED_HOW = (
    "The full dot is the rate of a suspect as it looks by itself, the stroke the rate of all other "
    "orders. The ring is the rate that is expected of it once the named causes are taken into "
    "account: where dot and ring lie together, the causes it shares orders with explain it, and "
    "changing the suspect would not help."
)


def plot_cleared(table: pd.DataFrame, top: int = 12) -> go.Figure:
    """
    The rate of each suspect by itself, elsewhere, and as the named causes explain it.

    Parameters
    ----------
    table : as `cleared_table` gives it: `suspect`, `orders`, `defective`, `expected` (orders),
        `rate`, `rate_elsewhere` (0-1), `because` (the causes that explain it)
    top : rows to draw
    """
    title = words.cleared_title(table)
    shown = table.head(top)
    if shown.empty:
        return canvas.nothing(title, CLEARED_HOW)
    rows = shown.to_dict("records")
    names = [f"{row['suspect']}, through {row['because']}" for row in rows]
    said = [words.cleared_sentence(row) for row in rows]
    alone = shown["rate"].to_numpy(dtype=float)
    explained = (shown["expected"] / shown["orders"]).to_numpy(dtype=float)
    reach = float(max(alone.max(), explained.max(), shown["rate_elsewhere"].max()))
    place = list(range(len(rows)))
    hover = {
        "customdata": [canvas.plain(each) for each in said],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return canvas.figure(
        [
            {
                "type": "scatter",
                "mode": "markers",
                "x": explained,
                "y": place,
                "marker": {
                    "symbol": "circle-open",
                    "size": 17,
                    "color": palette.UNDER,
                    "line": {"width": 2.5},
                },
                **hover,
            },
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": alone,
                "y": place,
                "marker": {"size": 9, "color": palette.RATE},
                "text": [
                    f"    {int(row['defective']):,} of {int(row['orders']):,}" for row in rows
                ],
                "textposition": "middle right",
                "textfont": {"size": 12},
                "cliponaxis": False,
                **hover,
            },
        ],
        title=title,
        alt=f"{title}. {' '.join(said)}",
        how=CLEARED_HOW,
        height=110 + forest.height(names) * len(rows),
        xaxis=canvas.share_axis(1.35 * reach, title={"text": "rate"}),
        yaxis=forest.axis(len(rows)),
        shapes=[
            shape
            for row, start, end in zip(place, shown["rate_elsewhere"], alone, strict=True)
            for shape in _path(row, float(start), float(end))
        ],
        annotations=[
            *forest.names(names),
            canvas.key(
                f"<b>|</b> elsewhere   {canvas.square(palette.RATE, 'by itself')}   "
                f'<span style="color:{palette.UNDER}">◯</span> as the causes explain it'
            ),
        ],
    )


def _path(row: int, start: float, end: float) -> list[dict[str, Any]]:
    """From the rate elsewhere, an upright stroke, to the rate of the suspect."""
    shared = {"type": "line", "xref": "x", "yref": "y", "layer": "below"}
    return [
        shared
        | {
            "x0": start,
            "x1": end,
            "y0": row,
            "y1": row,
            "line": {"color": palette.tint(palette.RATE, 0.5), "width": 3},
        },
        shared
        | {
            "x0": start,
            "x1": start,
            "y0": row - 0.18,
            "y1": row + 0.18,
            "line": {"color": palette.INK, "width": 2},
        },
    ]
