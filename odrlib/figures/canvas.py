"""
The canvas of every figure: axes, title, labels and marks that look alike everywhere.

Plain dicts, because plotly's builders cost more than the whole rest of a figure. Backgrounds are
transparent and the ink is neutral, so one drawing serves a light page, a dark page and paper.
"""

from __future__ import annotations

from bisect import bisect_right
from html import escape
from itertools import accumulate
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette

TITLE_WIDTH = 72  # letters in a line of the title
NAME_WIDTH = 80  # letters of a name above its row
TOP = 36  # pixels above the axes for labels, below the title
LINE = 16  # pixels for a line of small text

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


def letters(text: str) -> int:
    """
    The room that a text takes, in Latin letters; Chinese and Japanese ones are twice as wide.

    >>> letters("carrier"), letters("承運")
    (7, 4)
    """
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def fitting(text: str, width: int) -> str:
    """
    As much of the beginning of a text as fits `width` letters.

    >>> fitting("carrier", 4), fitting("承運商", 5)
    ('carr', '承運')
    """
    room = list(accumulate(map(letters, text)))
    return text[: bisect_right(room, width)]


def brief(name: Any, width: int = NAME_WIDTH) -> str:
    """
    A name that fits its place, plain.

    >>> brief("a very long product name", width=12)
    'a very …'
    """
    return plain(cut(str(name), width))


def cut(text: str, width: int) -> str:
    """
    A text that fits `width` letters, cut between two words where it can be.

    >>> cut("a very long product name", 12), cut("B0DEMO0001-black", 8), cut("承運商名", 6)
    ('a very …', 'B0DEMO0…', '承運…')
    """
    if letters(text) <= width:
        return text
    words = fitting(text, width - 1).rpartition(" ")[0].rstrip()
    return f"{words} …" if words else f"{fitting(text, width - 1)}…"


def axis(**more: Any) -> dict[str, Any]:
    """An axis with a light grid and room for its labels."""
    return {"zeroline": False, "automargin": True, "ticks": "", **more}


def days_axis(**more: Any) -> dict[str, Any]:
    """An axis of days."""
    return axis(type="date", showgrid=False, nticks=4, tickangle=0, ticklabelstandoff=4, **more)


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


def key(text: str, *, y: float = 1, below: int = 0) -> dict[str, Any]:
    """A line of words at the left edge, such as squares with what their colours mean."""
    return label(
        text,
        xref="paper",
        x=0,
        xanchor="left",
        yref="paper",
        y=y,
        yanchor="top" if below else "bottom",
        yshift=-below,
    )


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
