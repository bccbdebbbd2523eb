"""
The canvas of every figure: axes, title, labels and marks that look alike everywhere.

Plain dicts, because plotly's builders cost more than the whole rest of a figure. Backgrounds are
transparent and the ink is neutral, so one drawing serves a light page, a dark page and paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from odrlib import palette
from odrlib.figures import lettering, values
from odrlib.figures.drawing import Drawing
from odrlib.figures.margins import margins
from odrlib.languages import language, tr

TITLE_WIDTH = 72  # letters in a line of the title
LINE = 16  # pixels for a line of small text
TOP = 38  # pixels above the axes for two lines of labels, below the title
FOOT = 48  # pixels for the days of an axis, above the lines at the foot
SMALL = 56  # letters in a line at the foot of a figure, on a phone
INDENT = 14  # pixels: the lines at the foot begin left of the axis, below its numbers

_AXIS = {
    "gridcolor": palette.GRID,
    "linecolor": palette.GRID,
    "zerolinecolor": palette.INK,
    "title": {"font": {"size": 13}, "standoff": 8},
}
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
    """
    A figure with our canvas; `layout` adds to it or replaces parts of it.

    `height` is that of the drawing in pixels; its title comes on top.
    """
    said = [lettering.plain(line) for line in lettering.lines(title, TITLE_WIDTH)]
    room = {"t": TOP} | margins(layout)
    return Drawing(
        {
            "data": data,
            "layout": {
                "template": TEMPLATE,
                "meta": {"title": title, "alt": alt, "how": how},
                "title": {
                    "text": "<br>".join(said),
                    "x": 0,
                    "xref": "paper",
                    "xanchor": "left",
                    "yref": "paper",
                    "automargin": True,
                    "font": {"size": 16},
                    "pad": {"b": TOP + 6},
                },
                "height": height + lettering.TITLE_LINE * len(said),
                "showlegend": False,
                "hovermode": "closest",
                "dragmode": False,
                "bargap": 0.15,
                **layout,
                "margin": room,
            },
        }
    )


def nothing(title: str, how: str) -> go.Figure:
    """The figure of a table that has nothing to draw: it says so, and shows no empty axes."""
    return figure(
        [],
        title=title,
        alt=tr("{title}. There is nothing to draw.", title=title),
        how=how,
        height=72,
        xaxis=hidden_axis(),
        yaxis=hidden_axis(),
    )


def axis(**more: Any) -> dict[str, Any]:
    """An axis with a light grid and room for its labels."""
    return {"zeroline": False, "automargin": True, "ticks": "", **more}


def days_axis(**more: Any) -> dict[str, Any]:
    """An axis of days."""
    return axis(
        type="date", showgrid=False, nticks=4, tickangle=0, ticklabelstandoff=4, **_days(), **more
    )


def _days() -> dict[str, Any]:
    """How an axis writes its days where the reader's plotly has no words for them."""
    if language() == "en":
        return {}
    days, months, years = (
        tr("%d %b", context="axis"),
        tr("%b %Y", context="axis"),
        tr("%Y", context="axis"),
    )
    return {
        "tickformatstops": [
            {"dtickrange": [None, 27 * values.DAY], "value": days},
            {"dtickrange": [27 * values.DAY, "M6"], "value": months},
            {"dtickrange": ["M12", None], "value": years},
        ]
    }


def share_axis(top: float, **more: Any) -> dict[str, Any]:
    """
    An axis of shares from 0 to `top`, with no more digits than a number needs.

    Beyond 100 % there is room for words, and no share.
    """
    if top > 1:
        more = {"tickvals": [0, 0.25, 0.5, 0.75, 1], **more}
    return axis(range=[0, values.rounded(top)], tickformat=".2~%", **more)


def hidden_axis(**more: Any) -> dict[str, Any]:
    """An axis that only places rows: no ticks, no grid."""
    return {"visible": False, "fixedrange": True, **more}


def label(text: str, **place: Any) -> dict[str, Any]:
    """Words on the figure, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": 12}, "align": "left", **place}


def key(text: str, *, y: float = 1, above: int = 0) -> dict[str, Any]:
    """A line of words at the left edge, `above` lines higher than right above the axes."""
    return label(
        text,
        xref="paper",
        x=0,
        xanchor="left",
        yref="paper",
        y=y,
        yanchor="bottom",
        yshift=LINE * above,
    )


def foot(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Lines of words below the days of the axis; each text in as many lines as a phone needs."""
    found, row = [], 0
    for text in texts:
        parts = lettering.lines(text, SMALL, most=4)
        found.append(
            label(
                "<br>".join(map(lettering.plain, parts)),
                xref="paper",
                x=0,
                xanchor="left",
                xshift=-INDENT,
                yref="paper",
                y=0,
                yanchor="top",
                yshift=8 - FOOT - LINE * row,
                font={"size": 11},
            )
        )
        row += len(parts)
    return found


def foot_height(texts: Sequence[str]) -> int:
    """Pixels below the axes, with these texts at the foot of the figure."""
    return FOOT + LINE * sum(len(lettering.lines(text, SMALL, most=4)) for text in texts)


def line(colour: str = palette.INK, **ends: Any) -> dict[str, Any]:
    """A dotted line for a limit or a day; ends in x0, x1, y0, y1, xref, yref."""
    return {
        "type": "line",
        "line": {"color": colour, "width": 1.5, "dash": "dot"},
        "layer": "above",
        **ends,
    }


def across(
    y: float, text: str, colour: str = palette.OVER, place: str = "start", above: bool = True
) -> dict[str, Any]:
    """A level line over the whole width, named at its start, middle or end."""
    return line(
        colour,
        xref="paper",
        x0=0,
        x1=1,
        yref="y",
        y0=y,
        y1=y,
        label={
            "text": text,
            "textposition": place,
            "yanchor": "bottom" if above else "top",
            "font": {"size": 12},
        },
    )


def quiet(values: Any, limit: float, top: float) -> tuple[str, bool]:
    """
    Where words beside a level line are furthest from a curve: start, middle or end; above or below.

    >>> quiet([0.010, 0.004, 0.004, 0.004, 0.004, 0.004], 0.01, 0.02)
    ('middle', True)
    """
    known = [value for value in values if value == value and value is not None]
    height, number = 0.09 * top, len(known)
    zones = {
        "start": known[: max(1, number * 3 // 10)],
        "middle": known[number * 35 // 100 : max(1, number * 65 // 100)] or known,
        "end": known[number * 7 // 10 :] or known,
    }
    places = [
        (min((abs(value - limit - side * height / 2) for value in zone), default=0.0), place, side)
        for side in (1, -1)
        for place, zone in zones.items()
    ]
    _, place, side = max(places, key=lambda each: (round(each[0], 6), each[2]))
    return place, side > 0


def down(x: Any, text: str, colour: str = palette.INK, anchor: str = "center") -> dict[str, Any]:
    """An upright line over the whole height, named at its top."""
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
            "textposition": "end",
            "textangle": 0,
            "xanchor": anchor,
            "yanchor": "bottom",
            "font": {"size": 12},
        },
    )


def axis_name(letter: str, place: int) -> str:
    """
    What plotly calls the axis of panel `place`, counted from 0.

    >>> axis_name("y", 0), axis_name("y", 2)
    ('y', 'y3')
    """
    return f"{letter}{place + 1}" if place else letter


def _panel(place: int, panels: int, bottom: float = 0) -> tuple[float, float]:
    """Bottom and top of a panel, 0-1 from below; panel 0 is on top, room for its label above it."""
    high = (1 - bottom) / panels
    room = (0.32 if panels > 2 else 0.26) * high
    top = bottom + high * (panels - place)
    return max(0.0, top - high), top - (room if place else 0)


def stacked_axes(panels: int, bottom: float = 0, **more: Any) -> dict[str, Any]:
    """The upright axes of panels that stand above `bottom` (0-1) and share their days."""
    return {
        f"yaxis{place + 1 if place else ''}": axis(
            domain=[round(edge, 4) for edge in _panel(place, panels, bottom)],
            rangemode="tozero",
            **more,
        )
        for place in range(panels)
    }


def panel_label(place: int, panels: int, text: str, bottom: float = 0) -> dict[str, Any]:
    """The label above a panel, at its left edge."""
    return key(text, y=round(_panel(place, panels, bottom)[1], 4))
