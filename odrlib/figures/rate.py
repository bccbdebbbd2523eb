"""The rate over the whole history: as a line with its interval, and as a calendar of days over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas
from odrlib.policy import AMAZON, Profile
from odrlib.rates import Rate

RATE_HOW = (
    "Each day shows the rate of the {days} order days that end on it: the {what} divided by the "
    "orders of the same days. Orders are counted on the day they were placed, not on the day the "
    "defect arrived. The band is the 95% interval (Wilson) that chance alone allows with so many "
    "orders. Days over the limit are shaded. The line is thin while the history is shorter than "
    "the window. Defects of the newest orders may still arrive."
)
CALENDAR_HOW = (
    "One cell for each day, one row for each month: the rate of the {days} order days that end on"
    " that day. The colour says whether it was inside the limit; empty cells are days without a "
    "rate."
)


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
    rolling : as `rates.rolling_rate` gives it
    at : the last day of the profile's window (default the last day); later days still fill
    events : `date`, `kind`, `what`, as the ledger gives them
    unknown : the kinds of defect that no file tells; the rates are then lower bounds
    """
    known = rolling[rolling["orders"] > 0]
    title = words.hedged(words.rate_title(rolling, profile, at), unknown)
    how = RATE_HOW.format(
        days=profile.days,
        what="orders with a defect" if profile.count == "orders" else "defects",
    )
    if known.empty:
        return canvas.nothing(title, how)
    limit = float(profile.limit)
    at = known.index[-1] if at is None else min(pd.Timestamp(at), known.index[-1])
    judged = words.judged(rolling)
    top = 1.25 * max(limit, float(judged["rate"].max()), float(judged["high"].iloc[-1]))
    counted = rolling[["defective", "orders"]].to_numpy()
    day = rolling.index
    data = [
        _line(day, rolling["high"], width=0),
        _line(
            day, rolling["low"], width=0, fill="tonexty", fillcolor=palette.tint(palette.RATE, 0.16)
        ),
        _line(
            day,
            rolling["rate"],
            width=1,
            customdata=counted,
            hoverinfo=None,
            hovertemplate="%{x|%d %b %Y}: %{y:.2%}<br>%{customdata[0]:,} of %{customdata[1]:,}"
            "<extra></extra>",
        ),
        _line(day, rolling["rate"].where(rolling["full"]), width=2.5),
    ]
    now = known.loc[known.index[known.index <= at][-1:]]
    data += [_point(now, profile, unknown)] if len(now) else []
    shapes = [canvas.across(limit, f"limit {words.short_percent(profile.limit)}")]
    shapes += [
        _shade(run, palette.tint(palette.OVER, 0.1)) for run in _runs(judged.index, judged["over"])
    ]
    shapes += (
        [canvas.down(at, f"window ends {words.short_day(at)}", anchor="right")]
        if at < day[-1]
        else []
    )
    return canvas.figure(
        data,
        title=title,
        alt=f"{title}. Line of {words.count(len(known), 'daily rate')} "
        f"from {words.span(day[0], day[-1])}, "
        f"between {words.percent(known['rate'].min())} and {words.percent(known['rate'].max())}; "
        f"the limit is {words.limit_words(profile)}.",
        how=how,
        # Fixed, or the words of a late event would stretch the axis into the future.
        xaxis=canvas.days_axis(range=canvas.days([day[0], day[-1] + pd.Timedelta(days=1)])),
        yaxis=canvas.share_axis(top, title={"text": f"rate of {profile.days} days"}),
        shapes=shapes,
        annotations=_event_labels(events, day[0], day[-1]),
    )


def plot_calendar(
    rolling: pd.DataFrame, profile: Profile = AMAZON, *, unknown: Sequence[str] = ()
) -> go.Figure:
    """The days over the limit: a row for each month, the newest on top, a cell for each day."""
    known = words.judged(rolling)
    title = words.hedged(words.calendar_title(rolling), unknown)
    how = CALENDAR_HOW.format(days=profile.days)
    if known.empty:
        return canvas.nothing(title, how)
    month = known.index.to_period("M")
    months = pd.period_range(month[0], month[-1], freq="M")[::-1]
    cells = (months.get_indexer(month), known.index.day.to_numpy() - 1)
    over = np.full((len(months), 31), np.nan)
    over[cells] = known["over"].to_numpy(dtype=float)
    said = np.full((len(months), 31), "", dtype=object)
    said[cells] = [
        f"{words.day(day)}: {words.percent(rate, float(profile.limit))} "
        f"({defective:,} of {orders:,})"
        for day, rate, defective, orders in zip(
            known.index, known["rate"], known["defective"], known["orders"], strict=True
        )
    ]
    cell = {
        "type": "heatmap",
        "z": over,
        "x": np.arange(1, 32),
        "y": [f"{words.MONTHS[each.month - 1][:3]} {each.year}" for each in months],
        "customdata": said,
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, palette.tint(palette.UNDER, 0.45)], [1, palette.OVER]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    return canvas.figure(
        [cell],
        title=title,
        alt=f"{title}. A calendar with {words.count(len(months), 'row')}, one for each month.",
        how=how,
        height=90 + 24 * len(months),
        xaxis=canvas.axis(showgrid=False, dtick=5, side="bottom"),
        yaxis=canvas.axis(showgrid=False, autorange="reversed", type="category"),
        annotations=[
            canvas.label(
                f"{canvas.square(palette.OVER, 'over the limit')}   "
                f"{canvas.square(palette.UNDER, 'inside it')}",
                xref="paper",
                x=0,
                xanchor="left",
                yref="paper",
                y=1,
                yanchor="bottom",
            )
        ],
    )


def _line(day: pd.Index, share: pd.Series, width: float, **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": canvas.days(day),
        "y": share.to_numpy(dtype=float),
        "line": {"color": palette.RATE, "width": width},
        "hoverinfo": "skip",
        **more,
    }


def _point(now: pd.DataFrame, profile: Profile, unknown: Sequence[str]) -> dict[str, Any]:
    """The rate on the day that counts, as a mark with its number."""
    rate = Rate(int(now["defective"].iloc[0]), int(now["orders"].iloc[0]), tuple(unknown))
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": canvas.days(now.index),
        "y": now["rate"].to_numpy(dtype=float),
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


def _shade(run: tuple[pd.Timestamp, pd.Timestamp], colour: str) -> dict[str, Any]:
    half = pd.Timedelta(hours=12)
    return {
        "type": "rect",
        "xref": "x",
        "x0": run[0] - half,
        "x1": run[1] + half,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "below",
    }


def _event_labels(events: pd.DataFrame | None, first: Any, last: Any) -> list[dict[str, Any]]:
    """The events inside the history, each with an arrow down to its day."""
    if events is None or events.empty:
        return []
    inside = events[events["date"].between(first, last)].sort_values("date", kind="stable")
    return [
        {
            "x": f"{event['date']:%Y-%m-%d}",
            "y": 0,
            "yref": "paper",
            "xanchor": "left" if event["date"] - first < last - event["date"] else "right",
            "ax": 0,
            "ay": -28 - 18 * (place % 3),
            "text": canvas.brief(event["what"] if pd.notna(event["what"]) else event["kind"], 28),
            "font": {"size": 11},
            "showarrow": True,
            "arrowhead": 2,
            "arrowwidth": 1,
            "arrowcolor": palette.INK,
        }
        for place, event in enumerate(inside.to_dict("records"))
    ]
