"""The newest weeks: what has been counted, and what to expect once all defects have arrived."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas

NOWCAST_HOW = (
    "The solid part of a bar is the rate of a week as counted today; this is what Amazon counts. "
    "The light part is what the store's own delays let expect on top, because the defects of young"
    " orders are still on their way; the stroke is the 90% interval of the final rate. Weeks whose"
    " defects have practically all arrived have no light part. A forecast, not a count. Where the "
    "store's history is too short to learn the delays from, young weeks are grey and the forecast "
    "is missing."
)
LIGHT = 0.3  # how solid the part is that is still to come


def plot_nowcast(weeks: pd.DataFrame) -> go.Figure:
    """
    The rate of each week as counted and as expected when mature, with interval.

    Parameters
    ----------
    weeks : as `nowcast` gives it: `week` (its first day), `orders`, `counted`, `share_arrived`,
        `expected`, `rate_counted`, `rate_expected`, `rate_low`, `rate_high` (0-1), `mature`
    """
    title = words.nowcast_title(weeks)
    known = weeks[weeks["orders"] > 0]
    if known.empty:
        return canvas.nothing(title, NOWCAST_HOW)
    old = known["mature"].astype(bool)
    told = old | known["rate_expected"].notna()
    young = known[~old & told]
    top = 1.15 * max(
        1e-3, float(known["rate_counted"].max()), *young["rate_high"], *young["rate_expected"]
    )
    return canvas.figure(
        [_counted(known, told), *([_to_come(young), _interval(young)] if len(young) else [])],
        title=title,
        alt=f"{title}. {words.count(len(known), 'weekly bar')}"
        + "".join(f"; {_said(week)}" for week in known[~old].to_dict("records"))
        + ".",
        how=NOWCAST_HOW,
        barmode="stack",
        xaxis=canvas.days_axis(),
        yaxis=canvas.share_axis(top, title={"text": "rate by order week"}),
        annotations=[
            canvas.key(
                f"{canvas.square(palette.RATE, 'counted')}   "
                f"{canvas.square(palette.tint(palette.RATE, LIGHT), 'still expected')}   "
                f"{canvas.square(palette.INK, '90% interval')}"
                if told.all()
                else f"{canvas.square(palette.RATE, 'complete')}   "
                f"{canvas.square(palette.UNKNOWN, 'counted so far')}"
            )
        ],
    )


def _counted(known: pd.DataFrame, told: pd.Series) -> dict[str, Any]:
    """What has been counted; grey where nothing tells what is still to come."""
    return {
        "type": "bar",
        "x": canvas.days(known["week"]),
        "y": known["rate_counted"].to_numpy(dtype=float),
        "marker": {"color": [palette.RATE if each else palette.UNKNOWN for each in told]},
        "customdata": [_hover(week) for week in known.to_dict("records")],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _to_come(young: pd.DataFrame) -> dict[str, Any]:
    """What is expected on top of the count."""
    return {
        "type": "bar",
        "x": canvas.days(young["week"]),
        "y": (young["rate_expected"] - young["rate_counted"]).clip(lower=0).to_numpy(dtype=float),
        "marker": {
            "color": palette.tint(palette.RATE, LIGHT),
            "line": {"color": palette.RATE, "width": 1},
        },
        "hoverinfo": "skip",
    }


def _interval(young: pd.DataFrame) -> dict[str, Any]:
    expected = young["rate_expected"].to_numpy(dtype=float)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": canvas.days(young["week"]),
        "y": expected,
        "marker": {"color": palette.INK, "size": 5},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": young["rate_high"].to_numpy(dtype=float) - expected,
            "arrayminus": expected - young["rate_low"].to_numpy(dtype=float),
            "color": palette.INK,
            "thickness": 1.5,
            "width": 4,
        },
        "hoverinfo": "skip",
    }


def _said(week: dict[str, Any]) -> str:
    said = f"week of {words.day(week['week'])}: {words.percent(week['rate_counted'])} counted"
    if pd.isna(week["rate_expected"]):
        return f"{said}, unknown when complete"
    return (
        f"{said}, {words.percent(week['rate_expected'])} expected "
        f"({words.percent(week['rate_low'])} to {words.percent(week['rate_high'])})"
    )


def _hover(week: dict[str, Any]) -> str:
    counted = f"{int(week['counted']):,} of {words.count(int(week['orders']), 'order')} defective"
    if week["mature"]:
        said = f"week of {words.day(week['week'])}: {words.percent(week['rate_counted'])}"
        return f"{said}<br>{counted}; practically all have arrived"
    if pd.isna(week["expected"]):
        return f"{_said(week)}<br>{counted} so far"
    return (
        f"{_said(week)}<br>{counted} so far, {words.number(week['expected'])} expected; "
        f"{words.whole_percent(week['share_arrived'])} have arrived"
    )
