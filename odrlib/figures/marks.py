"""Marks: the events of a timeline, numbered below its axis and told in a list under it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib import palette, words
from odrlib.causes.happenings import EXPLAINS
from odrlib.figures import canvas, forest

FOOT = 48  # pixels for the days of the axis, above the list
LANE = 26  # pixels for a lane of marks
CLOSE = 0.07  # of the whole time: marks closer than this stand in different lanes
LANES = 4
INDENT = 32  # pixels: the list begins left of the axis, below its numbers
LETTERS = 60  # of the name of an event
LINES = 4  # of an event
MOST = 9  # events in the list; the table holds them all

Event = dict[str, Any]


def marked(happenings: pd.DataFrame, first: Any, last: Any) -> list[Event]:
    """
    Each event once, by day, with `number` and `lane` of its mark (None outside first to last).

    `happenings` as `what_changed` gives it. An event beside several changes stands beside the
    nearest of those that it may explain, else beside the nearest.
    """
    ranked = happenings.assign(
        other=happenings["relation"].ne(EXPLAINS), apart=happenings["days"].abs()
    ).sort_values(["other", "apart", "on", "what"], kind="stable")
    once = ranked.drop_duplicates(["date", "kind", "what"]).head(MOST)
    events = once.sort_values(["date", "kind", "what"], kind="stable").to_dict("records")
    inside = [event["date"] for event in events if first <= event["date"] < last]
    places = iter(enumerate(_lanes(inside, CLOSE * (last - first)), start=1))
    return [
        event | dict(zip(("number", "lane"), next(places), strict=True))
        if first <= event["date"] < last
        else event | {"number": None, "lane": None}
        for event in events
    ]


def _lanes(days: list[pd.Timestamp], close: pd.Timedelta) -> list[int]:
    """The lane of each mark, so that marks close in time do not cover each other."""
    ends: list[pd.Timestamp] = []
    lanes = []
    for day in days:
        free = (lane for lane, end in enumerate(ends) if day - end >= close)
        lane = next(free, min(len(ends), LANES - 1))
        ends[lane : lane + 1] = [day]
        lanes.append(lane)
    return lanes


def height(events: list[Event]) -> int:
    """Pixels of the strip with the marks."""
    return LANE * max((event["lane"] + 1 for event in events if event["number"]), default=0)


def axis(events: list[Event], top: float) -> dict[str, Any]:
    """The hidden axis of the lanes, from the foot of the figure to `top` (0-1); lane 0 on top."""
    lanes = height(events) // LANE
    return canvas.hidden_axis(domain=[0, top], range=[max(lanes, 1) - 0.4, -0.6])


def drawn(events: list[Event]) -> list[dict[str, Any]]:
    """The numbered marks on axis y2: full for an event that may explain a change, else empty."""
    shown = [event for event in events if event["number"]]
    full = [event for event in shown if event["relation"] == EXPLAINS]
    empty = [event for event in shown if event["relation"] != EXPLAINS]
    styles = (
        (full, {"symbol": "circle", "color": palette.KINDS["chargeback"]}, {"color": "#ffffff"}),
        (empty, {"symbol": "circle-open", "color": palette.UNKNOWN}, {}),
    )
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": canvas.days([event["date"] for event in some]),
            "y": [event["lane"] for event in some],
            "yaxis": "y2",
            "marker": marker | {"size": 18, "line": {"width": 1.5}},
            "text": [str(event["number"]) for event in some],
            "textfont": font | {"size": 11},
            "customdata": [canvas.plain(words.happening_words(event)) for event in some],
            "hovertemplate": "%{customdata}<extra></extra>",
            "cliponaxis": False,
        }
        for some, marker, font in styles
        if some
    ]


def listed(events: list[Event]) -> list[dict[str, Any]]:
    """The list under the axis."""
    found, row = [], 0
    for text in _texts(events):
        below = FOOT - 8 + canvas.LINE * row
        found.append(canvas.key(text, y=0, below=below) | {"xshift": -INDENT})
        row += text.count("<br>") + 1
    return found


def list_height(events: list[Event]) -> int:
    """Pixels of the list."""
    return canvas.LINE * sum(text.count("<br>") + 1 for text in _texts(events))


def _texts(events: list[Event]) -> list[str]:
    """The lines of the list; a long name is cut, what it has to do with the change never."""
    said = [words.happening_words(_short(event)) for event in events]
    marks = [f"{event['number']})" if event["number"] else "–" for event in events]
    return [
        forest.in_lines(f"{mark} {text}", most=LINES)
        for mark, text in zip(marks, said, strict=True)
    ]


def _short(event: Event) -> Event:
    what = event["what"]
    return event if pd.isna(what) else event | {"what": canvas.cut(str(what), LETTERS)}
