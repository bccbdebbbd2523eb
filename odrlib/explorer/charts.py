"""
Charts: the trend that is brushed and the bars that are clicked, as plain plotly figures.

One function makes a figure, another its new data, so that a click changes numbers and draws nothing
anew. Colours hold on light and dark grounds; what is chosen also has a mark and a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go

from odrlib import naming, palette, words
from odrlib.explorer.chart import Chart
from odrlib.explorer.session import Trend
from odrlib.figures import canvas, lettering, values
from odrlib.languages import tr
from odrlib.policy import Profile
from odrlib.selections import Bar, Selection

BARS = 12  # values that are drawn; the list beside them has more
ROW = 27  # pixels for a bar
NAME = 26  # letters of a value's name
TREND = 250  # pixels
MARKED = 31  # days with a mark each
FOOT = 26  # pixels for the numbers below an axis
LETTER = 7.4  # pixels for a letter of a name
_QUIET = {"displayModeBar": False, "responsive": True}
# plotly draws a figure twice where it has to find out how wide its labels are.
_FIXED = {"fixedrange": True, "automargin": False}


def trend_chart(trend: Trend, selection: Selection, profile: Profile) -> go.Figure:
    """The rate of the window that ends on each day, above the defects of each day."""
    days = values.days(trend.days)
    rate, defective = trend_data(trend)
    return go.Figure(
        {
            "data": [
                {
                    "type": "scatter",
                    # A mark for each day would cost the browser more than all else together.
                    "mode": "lines" if len(days) > MARKED else "lines+markers",
                    "x": days,
                    "y": rate,
                    "line": {"color": palette.RATE, "width": 2},
                    "marker": {"size": 3, "color": palette.RATE},
                    "hovertemplate": f"{values.hover_day()}: %{{y:.2%}}<extra></extra>",
                    "unselected": {"marker": {"opacity": 1}},
                },
                {
                    # Steps look like bars side by side, and are one drawing in place of hundreds.
                    "type": "scatter",
                    "mode": "lines",
                    "fill": "tozeroy",
                    "fillcolor": palette.UNKNOWN,
                    "x": days,
                    "y": defective,
                    "yaxis": "y2",
                    "line": {"color": palette.UNKNOWN, "width": 1, "shape": "hvh"},
                    "hovertemplate": tr("{day}: %{{y}} above the line", day=values.hover_day())
                    + "<extra></extra>",
                },
                {
                    "type": "scatter",
                    "mode": "markers",
                    **brush(days),
                    "yaxis": "y3",
                    "marker": {"opacity": 0, "size": 2},
                    "selected": {"marker": {"opacity": 0}},
                    "unselected": {"marker": {"opacity": 0}},
                    "hoverinfo": "skip",
                },
            ],
            "layout": {
                "template": canvas.TEMPLATE,
                "height": TREND,
                "showlegend": False,
                "dragmode": "select",
                "selectdirection": "h",
                "hovermode": "closest",
                "margin": {"l": 52, "r": 8, "t": 24, "b": FOOT},
                "newselection": {"line": {"color": palette.INK, "width": 1}},
                "xaxis": canvas.days_axis(anchor="y2", range=ends(days), **_FIXED),
                "yaxis": canvas.axis(domain=[0.4, 1], rangemode="tozero", tickformat=".1%",
                                     nticks=4, **_FIXED),
                "yaxis3": canvas.hidden_axis(range=[0, 1], overlaying="y"),
                "yaxis2": canvas.axis(domain=[0, 0.28], rangemode="tozero", nticks=3, **_FIXED),
                **trend_shapes(selection, profile),
            },
        }
    )  # fmt: skip


def brush(days: Sequence[str]) -> dict[str, Any]:
    """What a drag is drawn over: two points, unseen, that no drawing has to carry for each day."""
    drawn = ends(days) or []
    return {"x": drawn, "y": [0.5] * len(drawn)}


def ends(days: Sequence[str]) -> list[str] | None:
    """The first and the last day; None without any."""
    return [days[0], days[-1]] if days else None


def trend_data(trend: Trend) -> tuple[list[float | None], list[int]]:
    """The upright values of both traces."""
    rate = [None if value != value else round(value, 6) for value in trend.rate.tolist()]
    return rate, trend.defective.tolist()


def trend_shapes(selection: Selection, profile: Profile) -> dict[str, Any]:
    """The limit, the days that are selected, and what the two panels show."""
    last = selection.last + timedelta(days=1)
    return {
        "shapes": [
            {
                "type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1,
                "x0": str(selection.first), "x1": str(last), "layer": "below",
                "fillcolor": palette.tint(palette.RATE, 0.13),
                "line": {"color": palette.RATE, "width": 1, "dash": "dot"},
            },
            canvas.across(float(profile.limit), tr("limit {limit}",
                          limit=words.short_percent(profile.limit))),
        ],
        "annotations": [
            canvas.label(
                tr("rate of the {days} days that end there", days=profile.days),
                xref="paper", x=0, xanchor="left", yref="paper", y=1, yanchor="bottom",
            ),
            canvas.label(
                tr("defects by order day"),
                xref="paper", x=0, xanchor="left", yref="paper", y=0.29, yanchor="bottom",
            ),
        ],
    }  # fmt: skip


def bars_chart(bars: Sequence[Bar], chosen: Bar | None) -> go.Figure:
    """The defects of each value, with a tick where the rate of the others would put them."""
    made = go.Figure(
        {
            "data": [
                {
                    "type": "bar",
                    "orientation": "h",
                    "hovertemplate": "%{customdata}<extra></extra>",
                },
                {
                    "type": "scatter",
                    "mode": "markers",
                    "marker": {"symbol": "line-ns", "size": 16,
                               "line": {"width": 3, "color": palette.INK}},
                    "hoverinfo": "skip",
                },
                {
                    "type": "scatter",
                    "mode": "text",
                    "textposition": "middle right",
                    "textfont": {"size": 12},
                    "hoverinfo": "skip",
                    "cliponaxis": False,
                },
            ],
            "layout": {
                "template": canvas.TEMPLATE,
                "showlegend": False,
                "dragmode": False,
                "hovermode": "closest",
                "bargap": 0.25,
                **bars_layout(bars, chosen),
            },
        }
    )  # fmt: skip
    for trace, data in zip(made.data, bars_data(bars, chosen), strict=True):
        trace.update(data)
    return made


def bars_data(bars: Sequence[Bar], chosen: Bar | None) -> list[dict[str, Any]]:
    """What the bars, the ticks and the words show of the values that are drawn."""
    drawn = bars[:BARS]
    rows = list(range(len(drawn)))
    return [
        {
            "x": [bar.defective for bar in drawn],
            "y": rows,
            "customdata": [lettering.plain(bar_line(bar)) for bar in drawn],
            "marker": {
                "color": [palette.OVER if bar.excess >= 3 else palette.UNKNOWN for bar in drawn],
                "pattern": {"shape": ["/" if bar == chosen else "" for bar in drawn]},
            },
        },
        {
            "x": [np.nan if bar.expected is None else bar.expected for bar in drawn],
            "y": rows,
        },
        {
            "x": [max(bar.defective, bar.expected or 0) for bar in drawn],
            "y": rows,
            "text": [f" {lettering.plain(bar_text(bar))}" for bar in drawn],
        },
    ]


def bars_layout(bars: Sequence[Bar], chosen: Bar | None) -> dict[str, Any]:
    """The names of the bars, and as much room as they take."""
    drawn = bars[:BARS]
    longest = max((max(bar.defective, bar.expected or 0) for bar in drawn), default=0)
    names = [
        ("▸ " if bar == chosen else "") + lettering.brief(naming.level(bar.column, bar.value), NAME)
        for bar in drawn
    ]
    return {
        "height": 48 + ROW * max(2, len(drawn)),
        "margin": {"l": 14 + LETTER * max(map(lettering.letters, names), default=0),
                   "r": 8, "t": 8, "b": FOOT},
        # Room for the words at the end of the longest bar.
        "xaxis": canvas.axis(
            range=[0, 1.45 * (longest or 1)], nticks=5, **_FIXED,
        ),
        "yaxis": canvas.axis(
            tickmode="array", tickvals=list(range(len(drawn))), ticktext=names, showgrid=False,
            range=[max(1, len(drawn)) - 0.4, -0.6], **_FIXED,
        ),
    }  # fmt: skip


def bar_text(bar: Bar) -> str:
    """The rate beside a bar, with its counts."""
    return tr("{share:.2%} of {orders:,}", share=bar.defective / bar.orders, orders=bar.orders)


def bar_line(bar: Bar) -> str:
    """A value with its counts in one line, for lists."""
    name = naming.level(bar.column, bar.value)
    if bar.expected is None:
        return tr("{value}: {defective:,} of {orders:,} ({share:.2%})", value=name,
                  defective=bar.defective, orders=bar.orders,
                  share=bar.defective / bar.orders)  # fmt: skip
    return tr("{value}: {defective:,} of {orders:,} ({share:.2%}), "
              "{expected:,.1f} if like the rest",
              value=name, defective=bar.defective, orders=bar.orders,
              share=bar.defective / bar.orders, expected=bar.expected)  # fmt: skip


def suspect_line(bar: Bar) -> str:
    """A value with its attribute, as a suspect of the quick ranking."""
    return tr("{attribute} = {counts}", attribute=naming.attribute(bar.column),
              counts=bar_line(bar))  # fmt: skip


def live(figure: go.Figure, name: str, *, brings: bool = False) -> Chart:
    """The figure as a widget that follows the width of its place."""
    widget = Chart(figure, brings=brings)
    widget._config = widget._config | _QUIET
    widget.add_class(f"odr-{name}")
    widget.layout.autosize = True
    widget.begin()
    return widget
