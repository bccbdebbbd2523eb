"""What if: the rate as it is and as it would be, against the limit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest
from odrlib.policy import AMAZON, Profile

WHAT_IF_HOW = (
    "Each row is recomputed from the orders with one thing changed; the first row is the rate as "
    "it is. The line is the range of what would have come out, not a promise: the past cannot be "
    "changed, and the rest of the business is taken as it was. The dotted line is the limit. The "
    "day is when the rate would be inside the limit by waiting."
)


def plot_what_if(table: pd.DataFrame, profile: Profile = AMAZON) -> go.Figure:
    """
    The rate of each scenario with its range, against the limit and the rate as it is.

    Parameters
    ----------
    table : as `what_if_table` gives it; the first row is the rate as it is: `scenario`, `rate`,
        `low`, `high` (0-1), `under` (missing where it is unknown), `defective`, `orders`,
        `back_under_limit_on`
    """
    title = words.what_if_title(table, profile)
    if table.empty or table["rate"].isna().all():
        return canvas.nothing(title, WHAT_IF_HOW)
    rows = table.to_dict("records")
    limit, now = float(profile.limit), float(table["rate"].iloc[0])
    names = [_name(row) for row in rows]
    said = [
        f"{words.percent(row['rate'], limit)} ({words.number(row['defective'])} of "
        f"{int(row['orders']):,})"
        for row in rows
    ]
    hover = [
        f"{canvas.plain(name)}<br>{text}, range {words.percent(row['low'], limit)} to "
        f"{words.percent(row['high'], limit)}"
        for name, text, row in zip(names, said, rows, strict=True)
    ]
    ends = table[["rate", "low", "high"]].astype(float)
    top = 1.15 * max(limit, float(ends.max().max()))
    return canvas.figure(
        forest.dots(
            ends["rate"], ends["low"], ends["high"], [_colour(row) for row in rows], said, hover
        ),
        title=title,
        alt=f"{title}. "
        + "; ".join(f"{name}: {text}" for name, text in zip(names, said, strict=True))
        + f"; the limit is {words.limit_words(profile)}.",
        how=WHAT_IF_HOW,
        height=110 + forest.height(names) * len(rows),
        xaxis=canvas.share_axis(1.55 * top),
        yaxis=forest.axis(len(rows)),
        shapes=[
            canvas.down(
                limit, f" limit {words.short_percent(profile.limit)}", palette.OVER, "left", "end"
            ),
            canvas.down(now, "", palette.UNKNOWN),
        ],
        annotations=forest.names(names),
    )


def _name(row: dict[str, Any]) -> str:
    """The scenario, and the day from which waiting would do."""
    back = row["back_under_limit_on"]
    later = pd.isna(row["under"]) or not row["under"]
    if pd.isna(back) or not later:
        return str(row["scenario"])
    return f"{row['scenario']} · inside from {words.day(back)}"


def _colour(row: dict[str, Any]) -> str:
    if pd.isna(row["under"]):
        return palette.UNKNOWN
    return palette.UNDER if row["under"] else palette.OVER
