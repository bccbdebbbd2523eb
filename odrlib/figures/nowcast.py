"""The newest weeks: what has been counted, and what to expect once all defects have arrived."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, marks, values
from odrlib.languages import mark, sentences, tr
from odrlib.plain import row_dicts

NOWCAST_HOW = mark(
    "The solid part of a bar is the rate of a week as counted today; this is what Amazon counts. "
    "The light part is what the store's own delays let expect on top, because the defects of young"
    " orders are still on their way; the stroke is the 90% interval of the final rate. Weeks whose"
    " defects have practically all arrived have no light part; the others stand on grey. A "
    "forecast, not a count. Where the store's history is too short to learn the delays from, bars "
    "of young weeks are grey and the forecast is missing."
)
LIGHT = 0.3  # how solid the part is that is still to come
PLOT = 340  # pixels above the list of events


def plot_nowcast(weeks: pd.DataFrame, events: pd.DataFrame | None = None) -> go.Figure:
    """
    The rate of each week as counted and as expected when mature, with interval.

    Parameters
    ----------
    weeks : as `nowcast` gives it: `week` (its first day), `orders`, `counted`, `expected`
        (orders), `share_arrived`, `rate_counted`, `rate_expected`, `rate_low`, `rate_high` (0-1),
        `mature`
    events : the events of the ledger: `date`, `kind`, `what`
    """
    title = words.nowcast_title(weeks)
    known = weeks[weeks["orders"] > 0]
    if known.empty:
        return canvas.nothing(title, tr(NOWCAST_HOW))
    old = known["mature"].astype(bool)
    told = old | known["rate_expected"].notna()
    young = known[~old & told]
    top = 1.35 * max(
        1e-3, float(known["rate_counted"].max()), *young["rate_high"], *young["rate_expected"]
    )
    first, last = known["week"].iloc[0], known["week"].iloc[-1] + pd.Timedelta(days=7)
    happened = marks.dated(events, first, last)
    strip, listed = marks.height(happened) / PLOT, marks.listed(happened)
    half = pd.Timedelta(days=4)
    return canvas.figure(
        [
            _counted(known, told),
            *([_to_come(young), _interval(young)] if len(young) else []),
            *marks.drawn(happened),
        ],
        title=title,
        alt=sentences(
            tr(
                "{title}. {bars}.",
                title=title,
                bars=words.count(len(known), "weekly bar"),
            ),
            *(words.sentence(_said(week)) for week in row_dicts(known[~old])),
            marks.told(happened),
        ),
        how=tr(NOWCAST_HOW),
        height=PLOT + canvas.foot_height(listed),
        margin={"t": canvas.TOP, "b": canvas.foot_height(listed)},
        barmode="stack",
        xaxis=canvas.days_axis(
            range=values.days([first - half, last - pd.Timedelta(days=7) + half]),
            anchor="y2" if strip else "y",
        ),
        yaxis=canvas.share_axis(top, domain=[values.rounded(strip), 1]),
        yaxis2=marks.axis(happened, strip),
        shapes=[
            *([_arriving(known.loc[~old, "week"].iloc[0], last, half)] if not old.all() else []),
            *marks.through(happened),
        ],
        annotations=[
            canvas.key(
                tr("rate of each order week, as counted")
                if not len(young)
                else tr("full: rate as counted · light: still expected (90%)"),
                above=1,
            ),
            *([_newest(young.iloc[-1])] if len(young) else []),
            *canvas.foot(listed),
        ],
    )


def _counted(known: pd.DataFrame, told: pd.Series) -> dict[str, Any]:
    """What has been counted; grey where nothing tells what is still to come."""
    colours = [palette.RATE if each else palette.UNKNOWN for each in told]
    return {
        "type": "bar",
        **values.along(known["week"]),
        "y": values.numbers(known["rate_counted"]),
        "marker": {"color": colours if len(set(colours)) > 1 else colours[0]},
        "customdata": [_hover(week) for week in row_dicts(known)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _to_come(young: pd.DataFrame) -> dict[str, Any]:
    """What is expected on top of the count."""
    return {
        "type": "bar",
        "x": values.days(young["week"]),
        "y": values.numbers((young["rate_expected"] - young["rate_counted"]).clip(lower=0)),
        "marker": {
            "color": palette.tint(palette.RATE, LIGHT),
            "line": {"color": palette.RATE, "width": 1},
        },
        "hoverinfo": "skip",
    }


def _interval(young: pd.DataFrame) -> dict[str, Any]:
    expected = young["rate_expected"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values.days(young["week"]),
        "y": values.numbers(expected),
        "marker": {"color": palette.INK, "size": 5},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": values.numbers(young["rate_high"] - expected),
            "arrayminus": values.numbers(expected - young["rate_low"]),
            "color": palette.INK,
            "thickness": 1.5,
            "width": 4,
        },
        "hoverinfo": "skip",
    }


def _arriving(first: Any, last: Any, half: Any) -> dict[str, Any]:
    """The weeks whose defects are still arriving, on the same grey as beside the changes."""
    return {
        "type": "rect",
        "xref": "x",
        "x0": values.days([first - half])[0],
        "x1": values.days([last - pd.Timedelta(days=7) + half])[0],
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
        "fillcolor": palette.tint(palette.UNKNOWN, 0.18),
        "line": {"width": 0},
        "layer": "below",
        "label": {
            "text": tr("still arriving"),
            "textposition": "top right",
            "font": {"size": 11},
        },
    }


def _newest(week: pd.Series) -> dict[str, Any]:
    """What is expected of the newest week, over its interval."""
    return canvas.label(
        f"<b>{words.percent(week['rate_expected'])}</b>",
        xref="x",
        x=values.days([week["week"]])[0],
        xanchor="right",
        xshift=14,
        yref="y",
        y=values.rounded(week["rate_high"]),
        yanchor="bottom",
    )


def _said(week: dict[str, Any]) -> str:
    said = {"week": words.day(week["week"]), "counted": words.percent(week["rate_counted"])}
    if pd.isna(week["rate_expected"]):
        return tr("week of {week}: {counted} counted, unknown when complete", **said)
    return tr(
        "week of {week}: {counted} counted, {expected} expected ({low} to {high})",
        expected=words.percent(week["rate_expected"]),
        low=words.percent(week["rate_low"]),
        high=words.percent(week["rate_high"]),
        **said,
    )


def _hover(week: dict[str, Any]) -> str:
    counts: dict[str, Any] = {
        "counted": int(week["counted"]),
        "orders": words.count(int(week["orders"]), "order"),
    }
    if week["mature"]:
        first = tr(
            "week of {week}: {rate}",
            week=words.day(week["week"]),
            rate=words.percent(week["rate_counted"]),
        )
        second = tr("{counted:,} of {orders} defective; practically all have arrived", **counts)
    elif pd.isna(week["expected"]):
        first, second = _said(week), tr("{counted:,} of {orders} defective so far", **counts)
    else:
        first = _said(week)
        second = tr(
            "{counted:,} of {orders} defective so far, {expected} expected; {share} have arrived",
            expected=words.number(week["expected"]),
            share=words.whole_percent(week["share_arrived"]),
            **counts,
        )
    return f"{first}<br>{second}"
