"""The rate over the whole history: a line with its interval, the limit, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, marks, values
from odrlib.languages import mark, sentences, tr
from odrlib.policy import AMAZON, Profile
from odrlib.rates import Rate

RATE_HOW = mark(
    "Each day shows the rate of the {days} order days that end on it: the orders with a defect "
    "divided by the orders of the same days. Orders are counted on the day they were placed, not "
    "on the day the defect arrived. The band is the 95% interval (Wilson) that chance alone allows "
    "with so many orders. Days over the limit are shaded. The line is thin while the history is "
    "shorter than the window. Defects of the newest orders may still arrive."
)
RATE_OF_DEFECTS_HOW = mark(
    "Each day shows the rate of the {days} order days that end on it: the defects divided by the "
    "orders of the same days. Orders are counted on the day they were placed, not on the day the "
    "defect arrived. The band is the 95% interval (Wilson) that chance alone allows with so many "
    "orders. Days over the limit are shaded. The line is thin while the history is shorter than "
    "the window. Defects of the newest orders may still arrive."
)
PLOT = 340  # pixels above the list of events


def plot_rate(
    rolling: pd.DataFrame,
    profile: Profile = AMAZON,
    *,
    at: Any = None,
    events: pd.DataFrame | None = None,
    unknown: Sequence[str] = (),
) -> go.Figure:
    """
    The rolling rate with its interval, the limit, the days over it and what happened when.

    Parameters
    ----------
    rolling : as `rates.rolling_rate` gives it, one row per day: `defective`, `orders`, `rate`,
        `low`, `high` (0-1, missing without orders), `over`, `full`
    at : the last day of the profile's window (default the last day); later days still fill
    events : `date`, `kind`, `what`, as the ledger gives them
    unknown : the kinds of defect that no file tells; the rates are then lower bounds
    """
    known = rolling[rolling["orders"] > 0]
    title = words.hedged(words.rate_title(rolling, profile, at), unknown)
    by_order = profile.count == "orders"
    how = tr(RATE_HOW if by_order else RATE_OF_DEFECTS_HOW, days=profile.days)
    if known.empty:
        return canvas.nothing(title, how)
    limit, day = float(profile.limit), rolling.index
    at = known.index[-1] if at is None else min(pd.Timestamp(at), known.index[-1])
    judged = words.judged(rolling)
    top = 1.25 * max(limit, float(judged["rate"].max()), float(judged["high"].iloc[-1]))
    now = known.loc[known.index[known.index <= at][-1:]]
    last = day[-1] + pd.Timedelta(days=1)
    happened = marks.dated(events, day[0], last)
    strip = marks.height(happened) / PLOT
    listed = marks.listed(happened)
    place, above = canvas.quiet(rolling["rate"], limit, top)
    said = tr("limit {limit}", limit=words.short_percent(profile.limit))
    return canvas.figure(
        [
            *_band(rolling),
            *_lines(rolling),
            *([_point(now, profile, unknown)] if len(now) else []),
            *marks.drawn(happened),
        ],
        title=title,
        alt=sentences(
            tr(
                "{title}. Line of {rates} over {days}, between {lowest} and {highest}; the limit "
                "is {limit}.",
                title=title,
                rates=words.count(len(known), "daily rate"),
                days=words.span(day[0], day[-1]),
                lowest=words.percent(known["rate"].min()),
                highest=words.percent(known["rate"].max()),
                limit=words.limit_words(profile),
            ),
            marks.told(happened),
        ),
        how=how,
        height=PLOT + canvas.foot_height(listed),
        margin={"t": canvas.TOP, "r": 20, "b": canvas.foot_height(listed)},
        # Fixed, or the words of a late event would stretch the axis into the future.
        xaxis=canvas.days_axis(
            range=values.days([day[0], last]), anchor="y2" if strip else "y"
        ),
        yaxis=canvas.share_axis(top, domain=[values.rounded(strip), 1]),
        yaxis2=marks.axis(happened, strip),
        shapes=[
            canvas.across(limit, said, place=place, above=above),
            *(_shade(run) for run in _runs(judged.index, judged["over"])),
            *(
                [
                    canvas.down(
                        f"{at:%Y-%m-%d}",
                        tr("window ends {day}", day=words.short_day(at)),
                        anchor="right",
                    )
                ]
                if at < day[-1]
                else []
            ),
            *marks.through(happened),
        ],
        annotations=[
            canvas.key(
                tr("rate of {days} days, with its 95% interval", days=profile.days), above=1
            ),
            *canvas.foot(listed),
        ],
    )  # fmt: skip


def _band(rolling: pd.DataFrame) -> list[dict[str, Any]]:
    """The interval of every day."""
    edge = {
        "type": "scatter",
        "mode": "lines",
        **values.along(rolling.index),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return [
        edge | {"y": values.numbers(rolling["high"])},
        edge
        | {
            "y": values.numbers(rolling["low"]),
            "fill": "tonexty",
            "fillcolor": palette.tint(palette.RATE, 0.16),
        },
    ]


def _lines(rolling: pd.DataFrame) -> list[dict[str, Any]]:
    """The rate: thin until the first full window, from there on strong."""
    full = rolling["full"].to_numpy(dtype=bool)
    start = int(full.argmax()) if full.any() else len(full)
    parts = ((rolling.iloc[: start + 1], 1), (rolling.iloc[start:], 2.5))
    return [
        {
            "type": "scatter",
            "mode": "lines",
            **values.along(part.index),
            "y": values.numbers(part["rate"]),
            "line": {"color": palette.RATE, "width": width},
            "customdata": part[["defective", "orders"]].to_numpy().tolist(),
            "hovertemplate": f"{values.hover_day()}: %{{y:.2%}}<br>{values.hover_counts()}"
            "<extra></extra>",
        }
        for part, width in parts
        if len(part) > 1
    ]


def _point(now: pd.DataFrame, profile: Profile, unknown: Sequence[str]) -> dict[str, Any]:
    """The rate on the day that counts, as a mark with its number."""
    rate = Rate(int(now["defective"].iloc[0]), int(now["orders"].iloc[0]), tuple(unknown))
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": values.days(now.index),
        "y": values.numbers(now["rate"]),
        "text": [f"<b>{words.percent(rate.value, float(profile.limit))}</b>"],
        "textposition": "top left",
        "marker": {"size": 10, "color": palette.STATUS[rate.status(profile)]},
        "hovertemplate": f"{words.day(now.index[0])}: {words.counts(profile, rate)}<extra></extra>",
        "cliponaxis": False,
    }


def _runs(day: pd.Index, over: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last day of each unbroken run of True; a gap in the days breaks a run."""
    flags = over.to_numpy(dtype=bool)
    hits = np.flatnonzero(flags)
    if not len(hits):
        return []
    next_day = (day[hits[1:]] - day[hits[:-1]]) == pd.Timedelta(days=1)
    edge = np.flatnonzero(~next_day)
    starts = hits[np.r_[0, edge + 1]]
    ends = hits[np.r_[edge, len(hits) - 1]]
    return list(zip(day[starts], day[ends], strict=True))


def _shade(run: tuple[pd.Timestamp, pd.Timestamp]) -> dict[str, Any]:
    half = pd.Timedelta(hours=12)
    return {
        "type": "rect",
        "xref": "x",
        "x0": f"{run[0] - half:%Y-%m-%d %H:%M}",
        "x1": f"{run[1] + half:%Y-%m-%d %H:%M}",
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": palette.tint(palette.OVER, 0.1),
        "line": {"width": 0},
        "layer": "below",
    }
