"""The rates of groups, each with its interval, against the limit and the rate of all orders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, lettering, values
from odrlib.languages import mark, tr
from odrlib.policy import AMAZON, Profile
from odrlib.rates import Rate

RATE_BY_HOW = mark(
    "The point is the share of a group's orders that are defective, the line its 95% interval "
    "(Wilson): the fewer the orders, the longer the line; an arrow says that it goes on beyond the "
    "edge. The counts stand at its right end. A group whose line lies wholly right of the rate of "
    "all orders is unlikely to be there by chance alone, though with many groups one or two will "
    "be."
)


def plot_rate_by(
    table: pd.DataFrame, column: str, profile: Profile = AMAZON, overall: Rate | None = None
) -> go.Figure:
    """
    The rate of each group with its interval and counts, in the order of the table.

    Parameters
    ----------
    table : as `rate_by` gives it: the group as index; `orders`, `defective` (orders), `rate`,
        `low`, `high` (0-1)
    column : the column of the orders that the groups are values of ("carrier")
    overall : the rate of all orders, where the table is only a part of them
    """
    overall = overall or Rate(int(table["defective"].sum()), int(table["orders"].sum()))
    title = words.rate_by_title(table, column, overall)
    how = tr(RATE_BY_HOW)
    if table.empty or table["defective"].isna().any():
        return canvas.nothing(title, how)
    names = [words.level(column, name) for name in table.index]
    colours = [
        palette.OVER if low > overall.value else palette.RATE for low in table["low"].fillna(0.0)
    ]
    limit = float(profile.limit)
    # A group of a handful of orders has an interval up to 100 %: it must not flatten the others.
    top = max(limit * 1.5, float(table["rate"].max()) * 1.5, float(table["high"].median()) * 1.2)
    reach = 1.45 * top
    counts = [
        values.counts(bad, all_)
        for bad, all_ in zip(table["defective"], table["orders"], strict=True)
    ]
    said = [
        tr(
            "{name}: {rate} ({counts}), 95% interval {low} to {high}",
            name=name,
            counts=count,
            rate=words.percent(rate),
            low=words.percent(low),
            high=words.percent(high),
        )
        for name, count, rate, low, high in zip(
            names, counts, table["rate"], table["low"], table["high"], strict=True
        )
    ]
    return canvas.figure(
        [
            forest.upright(limit, names, palette.OVER),
            forest.upright(overall.value, names, palette.INK),
            *forest.dots(
                table["rate"],
                table["low"],
                np.minimum(table["high"].to_numpy(), top),
                colours,
                [
                    f"{count} →" if high > top else count
                    for count, high in zip(counts, table["high"], strict=True)
                ],
                [lettering.plain(each) for each in said],
                beyond=max(limit, overall.value),
            ),
        ],
        title=title,
        alt=tr(
            "{title}. One point with its interval for each group, the worst on top: {rows}.",
            title=title,
            rows=words.listing(said, top=8),
        ),
        how=how,
        height=100 + forest.height(names) * len(table),
        margin={"t": canvas.TOP},
        xaxis=canvas.share_axis(
            reach, side="bottom", title={"text": tr("defective orders, with 95% interval")}
        ),
        yaxis=forest.axis(len(table)),
        annotations=[
            forest.named(
                overall.value,
                tr("all orders {rate}", rate=words.percent(overall.value)),
                reach,
                above=1,
            ),
            forest.named(
                limit, tr("limit {limit}", limit=words.short_percent(profile.limit)), reach
            ),
            *forest.names(names),
        ],
    )
