"""The suspects that were checked and cleared: bad by themselves, but only through the causes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, lettering, values
from odrlib.languages import mark, sentences, tr
from odrlib.plain import row_dicts

CLEARED_HOW = mark(
    "The full dot is the rate of a suspect as it looks by itself, the stroke the rate of all other "
    "orders. The ring is the rate that is expected of it once the named causes are taken into "
    "account: where dot and ring lie together, the causes it shares orders with explain it, and "
    "changing the suspect would not help."
)
RATES = 18  # pixels for the line with the three rates


def plot_cleared(table: pd.DataFrame, top: int = 12) -> go.Figure:
    """
    The rate of each suspect by itself, elsewhere, and as the named causes explain it.

    Parameters
    ----------
    table : as `cleared_table` gives it: `suspect` (text), `orders`, `defective`, `expected`
        (orders), `rate`, `rate_elsewhere` (0-1), `because` (the causes that explain it)
    top : rows to draw
    """
    title = words.cleared_title(table)
    shown = table.head(top)
    if shown.empty:
        return canvas.nothing(title, tr(CLEARED_HOW))
    rows = row_dicts(shown)
    names = [
        tr(
            "{suspect}, through {because}",
            suspect=words.capital(words.slice_name(row["suspect"])),
            because=words.because_words(row["because"]),
        )
        for row in rows
    ]
    said = [words.cleared_sentence(row) for row in rows]
    alone = shown["rate"].to_numpy(dtype=float)
    explained = (shown["expected"] / shown["orders"]).to_numpy(dtype=float)
    elsewhere = shown["rate_elsewhere"].to_numpy(dtype=float)
    reach = float(max(alone.max(), explained.max(), elsewhere.max()))
    place = list(range(len(rows)))
    hover = {
        "customdata": [lettering.plain(each) for each in said],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return canvas.figure(
        [
            {
                "type": "scatter",
                "mode": "markers",
                "x": values.numbers(explained),
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
                "x": values.numbers(alone),
                "y": place,
                "marker": {"size": 9, "color": palette.RATE},
                "text": [
                    f"    {values.counts(row['defective'], row['orders'])}" for row in rows
                ],
                "textposition": "middle right",
                "textfont": {"size": 12},
                "cliponaxis": False,
                **hover,
            },
        ],
        title=title,
        alt=sentences(tr("{title}.", title=title), *said),
        how=tr(CLEARED_HOW),
        height=84 + (forest.height(names) + RATES) * len(rows),
        margin={"t": 12},
        xaxis=canvas.share_axis(1.4 * reach),
        yaxis=forest.axis(len(rows)),
        shapes=[
            shape
            for row, start, end in zip(place, elsewhere, alone, strict=True)
            for shape in _path(row, float(start), float(end))
        ],
        annotations=[
            *forest.names(names, above=forest.ABOVE + RATES),
            *(
                _rates(row, *each)
                for row, each in enumerate(zip(alone, explained, elsewhere, strict=True))
            ),
        ],
    )  # fmt: skip


def _rates(row: int, alone: float, explained: float, elsewhere: float) -> dict[str, Any]:
    """The three rates of a suspect, each with its mark: no legend has to be looked up."""
    said = tr(
        "{dot} {alone} by itself  {ring} {explained} explained  {stroke} {elsewhere} elsewhere",
        dot=f'<span style="color:{palette.RATE}">●</span>',
        ring=f'<span style="color:{palette.UNDER}">◯</span>',
        stroke="<b>|</b>",
        alone=words.percent(alone),
        explained=words.percent(explained),
        elsewhere=words.percent(elsewhere),
    )
    return canvas.label(
        said,
        xref="paper",
        x=0,
        xanchor="left",
        yref="y",
        y=row,
        yanchor="bottom",
        yshift=forest.ABOVE + 2,
        font={"size": 11},
    )


def _path(row: int, start: float, end: float) -> list[dict[str, Any]]:
    """From the rate elsewhere, an upright stroke, to the rate of the suspect."""
    shared = {"type": "line", "xref": "x", "yref": "y", "layer": "below"}
    start, end = values.rounded(start) or 0, values.rounded(end) or 0
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
            "y0": row - 0.12,
            "y1": row + 0.12,
            "line": {"color": palette.INK, "width": 2},
        },
    ]
