"""Forest: one row for each thing compared, its name above its marks; row 0 is on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odrlib import palette
from odrlib.figures import canvas, lettering, values

HEIGHT = 48  # pixels for a row with its name above it
ABOVE = 7  # pixels from the middle of a row up to its name
FAINT = 0.55  # how solid an interval is, beside its point


def in_lines(text: Any, width: int = lettering.LETTERS, most: int = 2) -> str:
    """
    A name in as many lines as a phone needs, at most `most`, plain.

    >>> in_lines("carrier China Post and shipping service Standard", width=30)
    'carrier China Post and<br>shipping service Standard'
    """
    return "<br>".join(map(lettering.plain, lettering.lines(text, width, most)))


def lines_of(name: Any) -> int:
    """How many lines a name takes."""
    return in_lines(name).count("<br>") + 1


def height(texts: Sequence[Any]) -> int:
    """Pixels for a row with its name above it: more if any name takes two lines."""
    return HEIGHT + canvas.LINE * (max(map(lines_of, texts), default=1) - 1)


def names(
    texts: Sequence[Any], above: int = ABOVE, at: Sequence[float] | None = None, right: int = 0
) -> list[dict[str, Any]]:
    """
    The name of each row, `above` its middle and `right` of the left edge (px).

    Row 0 is on top; `at` places the rows otherwise.
    """
    return [
        canvas.label(
            in_lines(text),
            xref="paper",
            x=0,
            xanchor="left",
            xshift=right,
            yref="y",
            y=row,
            yanchor="bottom",
            yshift=above,
        )
        for row, text in zip(at or range(len(texts)), texts, strict=True)
    ]


def axis(number: int) -> dict[str, Any]:
    """The hidden axis of rows: row 0 on top."""
    return canvas.hidden_axis(range=[number - 0.2, -0.9])


def upright(at: float, texts: Sequence[Any], colour: str) -> dict[str, Any]:
    """A dotted line down the rows, with a gap at each name so that it crosses no word."""
    high = height(texts)
    below = [(high - ABOVE - 2 - canvas.LINE * lines_of(text)) / high for text in texts[1:]]
    ends = [
        end
        for row, room in enumerate([*below, 0.2])
        for end in (row - ABOVE / high, round(row + room, 3), None)
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [None if end is None else values.rounded(at) for end in ends],
        "y": [None if end is None else round(end, 3) for end in ends],
        "line": {"color": colour, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }


def named(at: float, text: str, reach: float, above: int = 0) -> dict[str, Any]:
    """The name of an upright line over its top, `above` lines higher; on the side with room."""
    left = at > 0.6 * reach
    return canvas.label(
        text,
        xref="x",
        x=values.rounded(at),
        xanchor="right" if left else "left",
        xshift=0 if left else -3,
        yref="paper",
        y=1,
        yanchor="bottom",
        yshift=canvas.LINE * above - 4,
    )


def dots(
    middle: Any,
    low: Any,
    high: Any,
    colours: Sequence[str],
    text: Sequence[str],
    hover: Sequence[str],
    *,
    beyond: float = float("-inf"),
) -> list[dict[str, Any]]:
    """
    A row of point and interval for each value, with its words at the interval's right end.

    No words begin left of `beyond`, so that no upright line runs through them. One trace for each
    colour, then one for the words.
    """
    rows: list[tuple[Any, ...]] = [
        tuple(None if value != value else float(value) for value in each)
        for each in zip(middle, low, high, strict=True)
    ]
    data = [
        _points([(place, rows[place], hover[place]) for place, one in enumerate(colours)
                 if one == colour], colour)
        for colour in dict.fromkeys(colours)
    ]  # fmt: skip
    data.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [values.rounded(max(beyond, point if end is None else end))
                  if point is not None else None for point, _, end in rows],
            "y": list(range(len(rows))),
            # Without an interval the words would touch the point.
            "text": [
                f"{' ' if end is not None and max(beyond, end) > point else '   '}"
                f"{lettering.plain(each)}"
                for each, (point, _, end) in zip(text, rows, strict=True)
            ],
            "textposition": "middle right",
            "textfont": {"size": 12},
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    )  # fmt: skip
    return data


def _points(rows: list[tuple[int, tuple[Any, ...], str]], colour: str) -> dict[str, Any]:
    """The points of one colour with their intervals."""

    def reach(point: float | None, end: float | None) -> float:
        return 0 if point is None or end is None else values.rounded(abs(end - point)) or 0

    return {
        "type": "scatter",
        "mode": "markers",
        "x": [values.rounded(point) if point is not None else None for _, (point, _, _), _ in rows],
        "y": [place for place, _, _ in rows],
        "marker": {"color": colour, "size": 11},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [reach(point, high) for _, (point, _, high), _ in rows],
            "arrayminus": [reach(point, low) for _, (point, low, _), _ in rows],
            "color": palette.tint(colour, FAINT),
            "thickness": 3,
            "width": 0,
        },
        "customdata": [said for _, _, said in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
