"""Marks: the events of a timeline, numbered below its axis and told in a list under it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib import palette, words
from odrlib.causes.happenings import EXPLAINS
from odrlib.figures import canvas, lettering, values
from odrlib.languages import sentences, tr
from odrlib.plain import row_dicts

LANE = 26  # pixels for a lane of marks
CLOSE = 0.07  # of the whole time: marks closer than this stand in different lanes
LANES = 4
LETTERS = 60  # of the name of an event
YEAR = pd.Timedelta(days=365)  # within a year, a day needs no year to be found on the axis
NUMBERS = "①②③④⑤⑥⑦⑧⑨"
MOST = len(NUMBERS)  # events in the list; the table holds them all

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
    events = row_dicts(once.sort_values(["date", "kind", "what"], kind="stable"))
    return _placed(events, first, last)


def dated(events: pd.DataFrame | None, first: Any, last: Any) -> list[Event]:
    """
    The events from `first` until before `last`, the newest if they are many, with their marks.

    `events` as the ledger gives them: `date`, `kind`, `what`.
    """
    if events is None:
        return []
    dates = events["date"].to_numpy()
    inside = (dates >= np.datetime64(first)) & (dates < np.datetime64(last))
    if not inside.any():
        return []
    some = row_dicts(events.take(np.flatnonzero(inside)))
    return _placed(sorted(some, key=_in_order)[-MOST:], first, last)


def _in_order(event: Event) -> tuple[Any, ...]:
    """By day, then by kind and name; what is not told comes last."""
    told = [event[name] for name in ("kind", "what")]
    return event["date"], *[(True, "") if pd.isna(word) else (False, word) for word in told]


def _placed(events: list[Event], first: Any, last: Any) -> list[Event]:
    inside = [event["date"] for event in events if first <= event["date"] < last]
    places = iter(enumerate(_lanes(inside, CLOSE * (last - first)), start=1))
    return [
        event
        | {"year": last - first > YEAR}
        | dict(zip(("number", "lane"), next(places), strict=True))
        if first <= event["date"] < last
        else event | {"year": True, "number": None, "lane": None}
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
    return canvas.hidden_axis(
        domain=[0, values.rounded(top)], range=[max(lanes, 1) - 0.4, -0.6]
    )  # fmt: skip


def drawn(events: list[Event], axis: str = "y2") -> list[dict[str, Any]]:
    """The numbered marks: full for an event that may explain what the figure shows, else empty."""
    shown = [event for event in events if event["number"]]
    full = [event for event in shown if event.get("relation") == EXPLAINS]
    empty = [event for event in shown if event.get("relation") != EXPLAINS]
    styles: tuple[tuple[list[Event], dict[str, str], dict[str, str]], ...] = (
        (full, {"symbol": "circle", "color": palette.EVENT}, {"color": "#ffffff"}),
        (empty, {"symbol": "circle-open", "color": palette.EVENT}, {}),
    )
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": values.days([event["date"] for event in some]),
            "y": [event["lane"] for event in some],
            "yaxis": axis,
            "marker": marker | {"size": 18, "line": {"width": 1.5}},
            "text": [str(event["number"]) for event in some],
            "textfont": font | {"size": 11},
            "customdata": [lettering.plain(in_words(event)) for event in some],
            "hovertemplate": "%{customdata}<extra></extra>",
            "cliponaxis": False,
        }
        for some, marker, font in styles
        if some
    ]


def through(events: list[Event]) -> list[dict[str, Any]]:
    """A faint upright line at the day of each mark, so that the eye finds its place above."""
    return [
        {
            "type": "line",
            "line": {"color": palette.EVENT, "width": 1, "dash": "dot"},
            "opacity": 0.6,
            "layer": "below",
            "xref": "x",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
        }
        for day in values.days([event["date"] for event in events if event["number"]])
    ]


def in_words(event: Event) -> str:
    """An event in one line: its day, what it was and, beside a change, how they relate."""
    if "relation" in event:
        return words.happening_words(event)
    return words.capital(
        tr("{day}: {what}", day=words.day(event["date"]), what=words.event_name(event))
    )


def listed(events: list[Event]) -> list[str]:
    """The lines of the list under the axis, each in few words; hover and table have all of them."""
    return [_line(event) for event in events]


def told(events: list[Event]) -> str:
    """The events as sentences for those who do not see the marks."""
    return sentences(*(words.sentence(in_words(event)) for event in events))


def _line(event: Event) -> str:
    """A long name is cut, what it has to do with the change never."""
    relation = event.get("relation")
    said = {
        "mark": NUMBERS[event["number"] - 1] if event["number"] else "–",
        "day": words.day(event["date"]) if event["year"] else words.short_day(event["date"]),
        "what": lettering.cut(words.event_name(event), LETTERS),
    }
    if relation is None:
        return tr("{mark} {day}: {what}", **said)
    beside = tr(words.RELATIONS[relation]) if relation in words.RELATIONS else relation
    return tr("{mark} {day}: {what} · {beside}", beside=beside, **said)
