"""
The canvas of every figure: axes, title, labels and marks that look alike everywhere.

Plain dicts, because plotly's builders cost more than the whole rest of a figure. Backgrounds are
transparent and the ink is neutral, so one drawing serves a light page, a dark page and paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import shorten, wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette

TITLE_WIDTH = 72  # letters in a line of the title
NAME_WIDTH = 80  # letters of a name above its row
TOP = 36  # pixels above the axes for labels, below the title
ROW = 48  # pixels for a row with its name above it

_AXIS = {"gridcolor": palette.GRID, "linecolor": palette.GRID, "zerolinecolor": palette.INK}
# Ink and ground stand in the template alone, so that a page can put its own in their place.
# Small on purpose: plotly's own template would add 7 kB to every figure.
TEMPLATE = {
    "layout": {
        "font": {"family": palette.FONT, "size": 13, "color": palette.INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 16, "t": TOP, "b": 8},
        "hoverlabel": {"align": "left", "font": {"family": palette.FONT}},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
    }
}


def figure(
    data: list[dict[str, Any]],
    *,
    title: str,
    alt: str,
    how: str,
    height: int = 360,
    **layout: Any,
) -> go.Figure:
    """A figure with our canvas; `layout` adds to it or replaces parts of it."""
    return go.Figure(
        {
            "data": data,
            "layout": {
                "template": TEMPLATE,
                "meta": {"title": title, "alt": alt, "how": how},
                "title": {
                    "text": "<br>".join(wrap(plain(title), TITLE_WIDTH)),
                    "x": 0,
                    "xref": "paper",
                    "xanchor": "left",
                    "yref": "paper",
                    "automargin": True,
                    "font": {"size": 16},
                    "pad": {"b": TOP + 6},
                },
                "margin": {"t": TOP},
                "height": height,
                "showlegend": False,
                "hovermode": "closest",
                "dragmode": False,
                "bargap": 0.15,
                **layout,
            },
        }
    )


def nothing(title: str, how: str) -> go.Figure:
    """The figure of a table that has nothing to draw: it says so, and shows no empty axes."""
    return figure(
        [],
        title=title,
        alt=f"{title}.",
        how=how,
        height=72,
        xaxis=hidden_axis(),
        yaxis=hidden_axis(),
    )


def plain(text: Any) -> str:
    """
    The text as the reader should see it: plotly takes `<b>` for bold, files may hold anything.

    >>> plain("Cable <b>1 m</b> & plug")
    'Cable &lt;b&gt;1 m&lt;/b&gt; &amp; plug'
    """
    return escape(str(text), quote=False)


def brief(name: Any, width: int = NAME_WIDTH) -> str:
    """
    A name that fits its place, plain.

    >>> brief("a very long product name", width=12)
    'a very …'
    """
    text = str(name)
    cut = shorten(text, width, placeholder=" …") if " " in text[:width] else f"{text[: width - 1]}…"
    return plain(text if len(text) <= width else cut)


def axis(**more: Any) -> dict[str, Any]:
    """An axis with a light grid and room for its labels."""
    return {"zeroline": False, "automargin": True, "ticks": "", **more}


def days_axis(**more: Any) -> dict[str, Any]:
    """An axis of days."""
    return axis(type="date", showgrid=False, nticks=5, tickangle=0, **more)


def share_axis(top: float, **more: Any) -> dict[str, Any]:
    """An axis of shares from 0 to `top`; the digits follow its length."""
    return axis(range=[0, top], tickformat=".1%" if top < 0.1 else ".0%", **more)


def days(moments: Any) -> list[str]:
    """Days as short text, a third of what plotly writes for a moment; days must not be missing."""
    return list(pd.DatetimeIndex(moments).strftime("%Y-%m-%d"))


def hidden_axis(**more: Any) -> dict[str, Any]:
    """An axis that only places rows: no ticks, no grid."""
    return {"visible": False, "fixedrange": True, **more}


def label(text: str, **place: Any) -> dict[str, Any]:
    """Words on the figure, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": 12}, "align": "left", **place}


def row_names(names: Sequence[Any], **place: Any) -> list[dict[str, Any]]:
    """The name of each row, above its marks and at the left edge; row 0 is on top."""
    return [
        label(
            brief(name),
            xref="paper",
            x=0,
            xanchor="left",
            yref="y",
            y=row,
            yanchor="bottom",
            yshift=7,
            **place,
        )
        for row, name in enumerate(names)
    ]


def line(colour: str = palette.INK, **ends: Any) -> dict[str, Any]:
    """A dotted line for a limit or a day; ends in x0, x1, y0, y1, xref, yref."""
    return {
        "type": "line",
        "line": {"color": colour, "width": 1.5, "dash": "dot"},
        "layer": "above",
        **ends,
    }


def across(y: float, text: str, colour: str = palette.OVER, axis: str = "y") -> dict[str, Any]:
    """A level line over the whole width, named at its left end."""
    return line(
        colour,
        xref="paper",
        x0=0,
        x1=1,
        yref=axis,
        y0=y,
        y1=y,
        label={"text": text, "textposition": "start", "yanchor": "bottom", "font": {"size": 12}},
    )


def down(
    x: Any, text: str, colour: str = palette.INK, anchor: str = "center", end: str = "end"
) -> dict[str, Any]:
    """An upright line over the whole height, named at its top (end "start": at its foot)."""
    return line(
        colour,
        xref="x",
        x0=x,
        x1=x,
        yref="paper",
        y0=0,
        y1=1,
        label={
            "text": text,
            "textposition": end,
            "textangle": 0,
            "xanchor": anchor,
            "yanchor": "bottom",
            "font": {"size": 12},
        },
    )


def square(colour: str, text: str) -> str:
    """A word with its colour beside it, in place of a legend."""
    return f'<span style="color:{colour}">■</span> {plain(text)}'


def axis_name(letter: str, place: int) -> str:
    """
    What plotly calls the axis of panel `place`, counted from 0.

    >>> axis_name("y", 0), axis_name("y", 2)
    ('y', 'y3')
    """
    return f"{letter}{place + 1}" if place else letter


def _panel(place: int, panels: int) -> tuple[float, float]:
    """Bottom and top of a panel, 0-1 from below; panel 0 is on top, room for its label above it."""
    room = 0.32 / panels if panels > 2 else 0.13
    top = (panels - place) / panels
    return (panels - place - 1) / panels, top - (room if place else 0)


def stacked_axes(panels: int, **more: Any) -> dict[str, Any]:
    """The upright axes of panels that stand one below the other and share their days."""
    return {
        f"yaxis{place + 1 if place else ''}": axis(
            domain=list(_panel(place, panels)), rangemode="tozero", **more
        )
        for place in range(panels)
    }


def panel_label(place: int, panels: int, text: str) -> dict[str, Any]:
    """The label above a panel, at its left edge."""
    return label(
        text,
        xref="paper",
        x=0,
        xanchor="left",
        yref="paper",
        y=_panel(place, panels)[1],
        yanchor="bottom",
    )


def rows_axis(rows: int) -> dict[str, Any]:
    """The hidden axis of rows: row 0 on top."""
    return hidden_axis(range=[rows - 0.2, -0.9])


def dots(
    middle: Any,
    low: Any,
    high: Any,
    colours: Sequence[str],
    text: Sequence[str],
    hover: Sequence[str],
) -> list[dict[str, Any]]:
    """A row of point and interval for each value, with its words at the interval's right end."""
    rows = list(range(len(colours)))
    middle, low, high = (
        [None if value != value else float(value) for value in values]
        for values in (middle, low, high)
    )
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [start, end],
            "y": [row, row],
            "line": {"color": colour, "width": 3},
            "opacity": 0.55,
            "hoverinfo": "skip",
        }
        for row, start, end, colour in zip(rows, low, high, colours, strict=True)
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": middle,
            "y": rows,
            "marker": {"color": list(colours), "size": 11},
            "customdata": list(hover),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    )
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [point if end is None else end for point, end in zip(middle, high, strict=True)],
            "y": rows,
            "text": [f" {plain(each)}" for each in text],
            "textposition": "middle right",
            "textfont": {"size": 12},
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    )
    return data
