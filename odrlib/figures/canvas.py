"""
The canvas of every figure: axes, title, labels and marks that look alike everywhere.

Plain dicts, because plotly's builders cost more than the whole rest of a figure. Backgrounds are
transparent and the ink is neutral, so one drawing serves a light page, a dark page and paper.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette
from odrlib.languages import language, tr

TITLE_WIDTH = 72  # letters in a line of the title
NAME_WIDTH = 80  # letters of a name above its row
LETTERS = 56  # in a line of small text on a phone
LINE = 16  # pixels for a line of small text
TOP = 38  # pixels above the axes for two lines of labels, below the title
FOOT = 48  # pixels for the days of an axis, above the lines at the foot
SMALL = 60  # letters in a line at the foot of a figure, on a phone
INDENT = 8  # pixels: the lines at the foot begin left of the axis, below its numbers
DAY = 86_400_000  # milliseconds
DIGITS = 4  # significant ones of what is drawn: no screen shows more

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
                    "text": "<br>".join(map(plain, lines(title, TITLE_WIDTH))),
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
        alt=tr("{title}. There is nothing to draw.", title=title),
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


def lines(text: Any, width: int = LETTERS, most: int = 99) -> list[str]:
    """
    A text in lines of at most `width` letters, and what does not fit in `most` of them cut off.

    Words stay whole where they can; Chinese and Japanese break anywhere, but no line begins with a
    comma or ends with an opening bracket.

    >>> lines("carrier China Post and shipping service Standard", 24)
    ['carrier China Post and', 'shipping service', 'Standard']
    >>> lines("追跡できない、普通郵便", 12)
    ['追跡できな', 'い、普通郵便']
    """
    rest, found = " ".join(str(text).split()), []
    while letters(rest) > width and len(found) < most - 1:
        longest = max(1, len(fitting(rest, width)))
        end = next((at for at in range(longest, 0, -1) if _breaks(rest, at)), longest)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, cut(rest, width)]


def _breaks(text: str, at: int) -> bool:
    """May a line end before this letter?"""
    before, after = text[at - 1 : at], text[at : at + 1]
    if after in ("", " ") or before == " ":
        return True
    wide = east_asian_width(before) in "WF" or east_asian_width(after) in "WF"
    return wide and after not in "，。、；：？！）”》%" and before not in "（“《"


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
            {"dtickrange": [None, 27 * DAY], "value": days},
            {"dtickrange": [27 * DAY, "M6"], "value": months},
            {"dtickrange": ["M12", None], "value": years},
        ]
    }


def hover_day() -> str:
    """The day under the pointer, as plotly writes it."""
    return f"%{{x|{tr('%d %b %Y', context='axis')}}}"


def counts(defective: float, orders: float) -> str:
    """
    The two counts behind a rate.

    >>> counts(47, 1_783)
    '47 of 1,783'
    """
    return tr("{defective:,} of {orders:,}", defective=int(defective), orders=int(orders))


def hover_counts() -> str:
    """The two counts of a point, defective orders and orders, as plotly writes them."""
    return tr("{first} of {second}", first="%{customdata[0]:,}", second="%{customdata[1]:,}")


def share_axis(top: float, **more: Any) -> dict[str, Any]:
    """An axis of shares from 0 to `top`, with no more digits than a number needs."""
    return axis(range=[0, rounded(top)], tickformat=".2~%", **more)


def rounded(value: float) -> float | None:
    """
    A number as it is drawn, with few digits; a missing one is None.

    >>> rounded(0.0143857), rounded(1204), rounded(float("nan"))
    (0.01439, 1204, None)
    """
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(f"{value:.{DIGITS}g}")


def numbers(values: Any) -> list[float | None]:
    """Numbers as they are drawn, as a plain list."""
    return [rounded(value) for value in values]


def days(moments: Any) -> list[str]:
    """Days as short text, a third of what plotly writes for a moment; days must not be missing."""
    return list(pd.DatetimeIndex(moments).strftime("%Y-%m-%d"))


def along(moments: Any) -> dict[str, Any]:
    """
    Days of a trace: the first and the step where they are evenly apart, else each of them.

    >>> along(pd.date_range("2026-01-05", periods=40, freq="7D"))
    {'x0': '2026-01-05', 'dx': 604800000}
    >>> along(pd.to_datetime(["2026-01-05", "2026-02-01"]))
    {'x': ['2026-01-05', '2026-02-01']}
    """
    moments = pd.DatetimeIndex(moments)
    steps = set(moments[1:] - moments[:-1])
    if len(moments) < 3 or len(steps) > 1:
        return {"x": days(moments)}
    return {"x0": days(moments[:1])[0], "dx": round(steps.pop() / pd.Timedelta(days=1)) * DAY}


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
        parts = lines(text, SMALL, most=4)
        found.append(
            label(
                "<br>".join(map(plain, parts)),
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
    return FOOT + LINE * sum(len(lines(text, SMALL, most=4)) for text in texts)


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
