"""The other measures of account health, each against its own limit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest

RELATED_HOW = (
    "Every measure is drawn as the share that fails it, so that left is always better: for a "
    "measure that must be at least 95%, the limit stands at 5%. The line is the 95% interval; the"
    " upright stroke is the measure's own limit. What the files cannot tell is unknown, not met."
)


def plot_related(metrics: pd.DataFrame) -> go.Figure:
    """
    The failing share of each measure with its interval and limit, in the order of the table.

    `metrics` as `related_metrics` gives it.
    """
    title = words.related_title(metrics)
    rows = metrics.to_dict("records")
    if not rows:
        return canvas.nothing(title, RELATED_HOW)
    share = metrics.assign(
        rate=[_failing(row, "rate") for row in rows],
        low=[_failing(row, "low" if row["direction"] == "below" else "high") for row in rows],
        high=[_failing(row, "high" if row["direction"] == "below" else "low") for row in rows],
        limit=[_failing(row, "limit") for row in rows],
    )
    known = (share["status"] != "unknown").to_numpy()
    # Two or three messages have an interval up to 100 %: it must not flatten the others.
    reach = 2 * max([*share["limit"], *share.loc[known, "rate"]])
    said = [words.related_sentence(row) for row in rows]
    return canvas.figure(
        forest.dots(
            share["rate"].where(known),
            share["low"].where(known),
            share["high"].where(known).clip(upper=reach),
            [palette.STATUS[row["status"]] for row in rows],
            [
                f"{int(row['events']):,} of {int(row['orders']):,}" if is_known else ""
                for row, is_known in zip(rows, known, strict=True)
            ],
            [canvas.plain(each) for each in said],
        ),
        title=title,
        alt=f"{title}. {' '.join(said)}",
        how=RELATED_HOW,
        height=96 + forest.height(said) * len(rows),
        xaxis=canvas.share_axis(1.25 * reach, title={"text": "share that fails"}),
        yaxis=forest.axis(len(rows)),
        shapes=[_limit(place, limit) for place, limit in enumerate(share["limit"])],
        annotations=forest.names(said),
    )


def _failing(row: dict[str, Any], column: str) -> float:
    """The share as the part that fails: for "at least" measures, what is missing to 100 %."""
    value = float("nan") if pd.isna(row[column]) else float(row[column])
    return value if row["direction"] == "below" else 1 - value


def _limit(place: int, limit: float) -> dict[str, Any]:
    return canvas.line(
        palette.OVER, xref="x", x0=limit, x1=limit, yref="y", y0=place - 0.22, y1=place + 0.22
    )
