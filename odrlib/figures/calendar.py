"""The rate over the whole history as a calendar: which days were over the limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, lettering, values
from odrlib.languages import mark, tr
from odrlib.policy import AMAZON, Profile

CALENDAR_HOW = mark(
    "One cell for each day, one row for each month: the rate of the {days} order days that end on "
    "that day. Full cells are days over the limit, faint ones days inside it; empty cells are "
    "days without a rate. The number at the right counts the days over."
)
RIGHT = 70  # pixels for the days over of each month
LETTER, PAD = 8, 14  # pixels: a letter of a month's name, and beside it


def plot_calendar(
    rolling: pd.DataFrame, profile: Profile = AMAZON, *, unknown: Sequence[str] = ()
) -> go.Figure:
    """
    The days over the limit: a row for each month, the newest on top, a cell for each day.

    Parameters
    ----------
    rolling : as `rates.rolling_rate` gives it, one row per day
    unknown : the kinds of defect that no file tells; the rates are then lower bounds
    """
    known = words.judged(rolling)
    title = words.hedged(words.calendar_title(rolling), unknown)
    how = tr(CALENDAR_HOW, days=profile.days)
    if known.empty:
        return canvas.nothing(title, how)
    month = known.index.to_period("M")
    months = pd.period_range(month[0], month[-1], freq="M")[::-1]
    cells = (months.get_indexer(month), known.index.day.to_numpy() - 1)
    over = np.full((len(months), 31), np.nan)
    over[cells] = known["over"].to_numpy(dtype=float)
    said = np.full((len(months), 31), "", dtype=object)
    said[cells] = [
        tr(
            "{rate} ({counts})",
            rate=words.percent(rate, float(profile.limit)),
            counts=values.counts(defective, orders),
        )
        for rate, defective, orders in zip(
            known["rate"], known["defective"], known["orders"], strict=True
        )
    ]
    names = [words.month(each) for each in months]
    days = np.nansum(over, axis=1).astype(int)
    return canvas.figure(
        [
            {
                "type": "heatmap",
                "z": [values.numbers(row) for row in over],
                "x0": 1,
                "dx": 1,
                "y": names,
                "customdata": [list(row) for row in said],
                "hovertemplate": "%{x} · %{y}: %{customdata}<extra></extra>",
                "hoverongaps": False,
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0, palette.tint(palette.UNDER, 0.4)], [1, palette.OVER]],
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
            }
        ],
        title=title,
        alt=tr(
            "{title}. A calendar with a row for each month; days over the limit: {months}.",
            title=title,
            months=words.listing([f"{name} {n:,}" for name, n in zip(names, days, strict=True)]),
        ),
        how=how,
        height=80 + 24 * len(months),
        margin={"l": LETTER * max(map(lettering.letters, names)) + PAD, "t": 16, "r": RIGHT},
        xaxis=canvas.axis(showgrid=False, dtick=5, side="bottom", range=[0.5, 31.5]),
        yaxis=canvas.axis(showgrid=False, autorange="reversed", type="category"),
        annotations=[
            canvas.label(
                tr("{n:,} over", n=number) if number else "–",
                xref="paper",
                x=1,
                xanchor="left",
                xshift=6,
                y=row,
            )
            for row, number in enumerate(days.tolist())
        ],
    )
