"""What if: the rate as it is and as it would be, against the limit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, lettering
from odrlib.languages import mark, tr
from odrlib.plain import row_dicts
from odrlib.policy import AMAZON, Profile

WHAT_IF_HOW = mark(
    "Each row is recomputed from the orders with one thing changed; the first row is the rate as "
    "it is. The line is the range of what would have come out, not a promise: the past cannot be "
    "changed, and the rest of the business is taken as it was. The dotted lines are the limit and "
    "the rate as it is. The day is when the rate would be inside the limit by waiting."
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
        return canvas.nothing(title, tr(WHAT_IF_HOW))
    rows = row_dicts(table)
    limit, now = float(profile.limit), float(table["rate"].iloc[0])
    names = [_name(row) for row in rows]
    said = [
        tr(
            "{rate} ({defective} of {orders:,})",
            rate=words.percent(row["rate"], limit),
            defective=words.number(row["defective"]),
            orders=int(row["orders"]),
        )
        for row in rows
    ]
    told = [
        tr(
            "{name}: {said}, range {low} to {high}",
            name=name,
            said=text,
            low=words.percent(row["low"], limit),
            high=words.percent(row["high"], limit),
        )
        for name, text, row in zip(names, said, rows, strict=True)
    ]
    ends = table[["rate", "low", "high"]].astype(float)
    reach = 1.75 * max(limit, float(ends.max().max()))
    return canvas.figure(
        [
            forest.upright(limit, names, palette.OVER),
            *([] if pd.isna(now) else [forest.upright(now, names, palette.INK)]),
            *forest.dots(
                ends["rate"],
                ends["low"],
                ends["high"],
                [_colour(row) for row in rows],
                said,
                [lettering.plain(each) for each in told],
                beyond=max(limit, now),
            ),
        ],
        title=title,
        alt=tr(
            "{title}. {rows}; the limit is {limit}.",
            title=title,
            rows=tr("; ", context="list").join(told),
            limit=words.limit_words(profile),
        ),
        how=tr(WHAT_IF_HOW),
        height=100 + forest.height(names) * len(rows),
        margin={"t": canvas.TOP, "r": 28},  # the last share below stands out
        xaxis=canvas.share_axis(reach),
        yaxis=forest.axis(len(rows)),
        annotations=[
            forest.named(
                limit, tr("limit {limit}", limit=words.short_percent(profile.limit)), reach
            ),
            *(
                []
                if pd.isna(now)
                else [forest.named(now, tr("the rate as it is"), reach, above=1)]
            ),
            *forest.names(names),
        ],
    )  # fmt: skip


def _name(row: dict[str, Any]) -> str:
    """The scenario, and the day from which waiting would do."""
    back = row["back_under_limit_on"]
    later = pd.isna(row["under"]) or not row["under"]
    if pd.isna(back) or not later:
        return str(row["scenario"])
    return tr(
        "{scenario} · inside from {day}", scenario=str(row["scenario"]), day=words.day(back)
    )  # fmt: skip


def _colour(row: dict[str, Any]) -> str:
    if pd.isna(row["under"]):
        return palette.UNKNOWN
    return palette.UNDER if row["under"] else palette.OVER
