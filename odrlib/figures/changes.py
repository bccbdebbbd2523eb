"""The rate of a slice by week, the days it changed, and what happened before and after."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.causes.changes import of_series
from odrlib.figures import canvas, marks, values
from odrlib.languages import mark, sentences, tr
from odrlib.naming import ALL
from odrlib.plain import row_dicts

CHANGES_HOW = mark(
    "The thin line is the rate of each week, the band its 95% interval (Wilson). A heavy line is "
    "the level between two changes; the upright band is where the change lies with 95% certainty, "
    "the line in it the likeliest day. The numbers are events from the ledger. A full mark stands "
    "for an event before the change, which may explain it and does not prove it; an empty mark for "
    "one that came later, too early or elsewhere: what came after a change is never its cause."
)
PLOT = 330  # pixels above the list of events
EDGE = 0.14  # of the whole time: words so near an edge stand inside of it
NAMED = 0.27  # of the whole time: days of changes closer than this are named in two lines


def plot_changes(
    weeks: pd.DataFrame,
    changes: pd.DataFrame,
    happenings: pd.DataFrame | None = None,
    *,
    of: str = ALL,
    clock: str = "order day",
    filling_from: Any = None,
) -> go.Figure:
    """
    The weekly rate of a slice with its interval, its changes of level, and the events beside them.

    Parameters
    ----------
    weeks : as `weekly_rate` gives it: `week`, `orders`, `defective`, `rate`, `low`, `high`
    changes : as `rate_changes` gives it: `slice`, `clock`, `on`, `earliest`, `latest`,
        `rate_before` (missing where the slice is new), `rate_after` (0-1), `direction`, `p_value`,
        `immature`
    happenings : as `what_changed` gives it: `slice`, `clock` and `on` of the change, `date`,
        `kind`, `what`, `relation`, `days`; an event may stand beside several changes
    of, clock : the slice and the clock of `weeks`; changes of others are left out
    filling_from : the first day from which on defects are still arriving; marked, because rates
        there look better than they will be
    """
    changes = _mine(changes, of, clock).sort_values("on", kind="stable")
    title = words.changes_title(changes, of)
    known = weeks[weeks["orders"] > 0]
    if known.empty:
        return canvas.nothing(tr("There are no orders, so there is no rate"), tr(CHANGES_HOW))
    first, last = known["week"].iloc[0], known["week"].iloc[-1] + pd.Timedelta(days=7)
    events = [] if happenings is None else marks.marked(_mine(happenings, of, clock), first, last)
    strip = marks.height(events) / PLOT
    listed = marks.listed(events)
    below = canvas.foot_height(listed)
    # A week of a handful of orders has an interval up to 100 %: it must not flatten the others.
    top = max(1.25 * float(known["rate"].max()), 1.05 * float(known["high"].median()))
    named = _days_of_changes(changes, first, last)
    raised = any("<br>" in shape.get("label", {}).get("text", "") for shape in named)
    return canvas.figure(
        [*_weekly(weeks), *_levels(changes, first, last), *marks.drawn(events)],
        title=title,
        alt=sentences(
            tr(
                "{title}. Weekly rates over {days}, between {lowest} and {highest}.",
                title=title,
                days=words.span(first, last - pd.Timedelta(days=1)),
                lowest=words.percent(known["rate"].min()),
                highest=words.percent(known["rate"].max()),
            ),
            marks.told(events),
        ),
        how=tr(CHANGES_HOW),
        height=PLOT + below,
        margin={"t": canvas.TOP + canvas.LINE * raised, "b": below},
        xaxis=canvas.days_axis(range=values.days([first, last]), anchor="y2" if strip else "y"),
        yaxis=canvas.share_axis(top, domain=[values.rounded(strip), 1]),
        yaxis2=marks.axis(events, strip),
        shapes=[
            *_filling(filling_from, last),
            *named,
        ],
        annotations=[
            canvas.key(tr("rate of each week, with its 95% interval"), above=1 + raised),
            *canvas.foot(listed),
        ],
    )


def _mine(table: pd.DataFrame, of: str, clock: str) -> pd.DataFrame:
    return of_series(table, of, clock)


def _weekly(weeks: pd.DataFrame) -> list[dict[str, Any]]:
    """The band and the line; a week without orders is a gap."""
    shared = {
        "type": "scatter",
        "mode": "lines",
        **values.along(weeks["week"] + pd.Timedelta(days=3)),
    }
    edge = shared | {"line": {"width": 0}, "hoverinfo": "skip"}
    return [
        edge | {"y": values.numbers(weeks["high"])},
        edge
        | {
            "y": values.numbers(weeks["low"]),
            "fill": "tonexty",
            "fillcolor": palette.tint(palette.RATE, 0.16),
        },
        shared
        | {
            "mode": "lines+markers",
            "y": values.numbers(weeks["rate"]),
            # Faint, so that the levels and their numbers are read first.
            "line": {"color": palette.tint(palette.RATE, 0.55), "width": 1},
            "marker": {"size": 4, "color": palette.RATE},
            "customdata": weeks[["defective", "orders"]].to_numpy().tolist(),
            "hovertemplate": tr("week with {day}", day=values.hover_day())
            + f": %{{y:.2%}}<br>{values.hover_counts()}<extra></extra>",
        },
    ]


def _levels(changes: pd.DataFrame, first: Any, last: Any) -> list[dict[str, Any]]:
    """The level before the first change and after each, with its number above it."""
    if changes.empty:
        return []
    rates = [changes["rate_before"].iloc[0], *changes["rate_after"]]
    edges = [first, *changes["on"], last]
    colours = [palette.INK, *(_colour(direction) for direction in changes["direction"])]
    return [
        {
            "type": "scatter",
            "mode": "lines+text",
            "x": values.days([start, start + (end - start) / 2, end]),
            "y": [values.rounded(rate)] * 3,
            "line": {"color": colour, "width": 3},
            "text": _at_the_inner_end(f"<b>{words.percent(rate)}</b>", start, end, first, last),
            "textposition": ["top right", "top center", "top left"],
            "hoverinfo": "skip",
        }
        for rate, colour, start, end in zip(rates, colours, edges[:-1], edges[1:], strict=True)
        if pd.notna(rate)
    ]


def _at_the_inner_end(text: str, start: Any, end: Any, first: Any, last: Any) -> list[str]:
    """Words at the middle of a level; of a short one at the edge, where there is room for them."""
    if (end - start) / (last - first) < EDGE and (start == first or end == last):
        return [text, "", ""] if start == first else ["", "", text]
    return ["", text, ""]


def _colour(direction: str) -> str:
    return palette.UNDER if direction == "down" else palette.OVER


def _days_of_changes(changes: pd.DataFrame, first: Any, last: Any) -> list[dict[str, Any]]:
    """The band where each change lies, and its likeliest day by name, close names in two lines."""
    shapes, raised, before = [], False, None
    for change in row_dicts(changes):
        place = (change["on"] - first) / (last - first)
        raised = before is not None and place - before < NAMED and not raised
        before = place
        colour = _colour(change["direction"])
        anchor = "left" if place < EDGE else "right" if place > 1 - EDGE else "center"
        name = f"{words.short_day(change['on'])}{'<br> ' * raised}"
        end = change["latest"] + pd.Timedelta(days=1)
        shapes.append(_band(change["earliest"], end, palette.tint(colour, 0.14)))
        shapes.append(canvas.down(f"{change['on']:%Y-%m-%d}", name, colour, anchor))
    return shapes


def _filling(start: Any, last: Any) -> list[dict[str, Any]]:
    """The days whose defects are still arriving."""
    if start is None or pd.Timestamp(start) >= last:
        return []
    said = {"text": tr("still arriving"), "textposition": "top right", "font": {"size": 11}}
    band = _band(pd.Timestamp(start), last, palette.tint(palette.UNKNOWN, 0.18))
    return [band | {"label": said}]


def _band(start: Any, end: Any, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "x0": f"{start:%Y-%m-%d}",
        "x1": f"{end:%Y-%m-%d}",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "below",
    }
