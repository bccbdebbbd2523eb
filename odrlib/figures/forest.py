"""Forest: one row for each thing compared, its name above its marks; row 0 is on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odrlib.figures import canvas

HEIGHT = 48  # pixels for a row with its name above it
LETTERS = 50  # in a line of small text on a phone


def in_lines(text: Any, width: int = LETTERS, most: int = 2) -> str:
    """
    A name in as many lines as a phone needs, at most `most`, plain.

    >>> in_lines("carrier = China Post × ship service = Standard", width=24)
    'carrier = China Post ×<br>ship service = Standard'
    """
    rest, parts = " ".join(str(text).split()), []
    while canvas.letters(rest) > width and len(parts) < most - 1:
        # A break between two words, if there are any, else anywhere.
        begin = canvas.fitting(rest, width + 1).rpartition(" ")[0] or canvas.fitting(rest, width)
        parts.append(begin)
        rest = rest[len(begin) :].lstrip()
    return "<br>".join(map(canvas.plain, [*parts, canvas.cut(rest, width)]))


def lines_of(name: Any) -> int:
    """How many lines a name takes."""
    return in_lines(name).count("<br>") + 1


def height(texts: Sequence[Any]) -> int:
    """Pixels for a row with its name above it: more if any name takes two lines."""
    return HEIGHT + canvas.LINE * (max(map(lines_of, texts), default=1) - 1)


def names(
    texts: Sequence[Any], above: int = 7, at: Sequence[float] | None = None
) -> list[dict[str, Any]]:
    """
    The name of each row, `above` its middle (px) and at the left edge.

    Row 0 is on top; `at` places the rows otherwise.
    """
    return [
        canvas.label(
            in_lines(text),
            xref="paper",
            x=0,
            xanchor="left",
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


def dots(
    middle: Any,
    low: Any,
    high: Any,
    colours: Sequence[str],
    text: Sequence[str],
    hover: Sequence[str],
) -> list[dict[str, Any]]:
    """A row of point and interval for each value, with its words at the interval's right end."""
    places = list(range(len(colours)))
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
        for row, start, end, colour in zip(places, low, high, colours, strict=True)
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": middle,
            "y": places,
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
            "y": places,
            # Without an interval the words would touch the point.
            "text": [
                f"{' ' if end is not None and end != point else '   '}{canvas.plain(each)}"
                for each, point, end in zip(text, middle, high, strict=True)
            ],
            "textposition": "middle right",
            "textfont": {"size": 12},
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    )
    return data
