"""Two attributes against each other: a heat map of the defects above or below their share."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, lettering, values
from odrlib.languages import mark, tr
from odrlib.plain import row_dicts

GRID_HOW = mark(
    "One cell for each pair of values, with its defective orders above and its orders below. Red "
    "cells with ▲ have at least one defective order more than their share, which is their orders "
    "times the rate of all orders, the worst cells included; blue cells with ▼ have fewer. The "
    "stronger the colour, the more orders it is about. A row that is red from end to end points to "
    "the {row} alone, a column to the {column}, a single red cell to the two together. Counts in "
    "brackets stand for fewer than 20 orders; cells without orders are left blank. Values with few "
    "defects are folded into one."
)
BAND = 60  # pixels for a row: its name, then its cells
NAME = 0.38  # of these, for the name
LETTER = 7  # pixels
LETTERS = 16  # of a column's name, which stands upright on a phone
# Half seen through, so that the ink of a light and of a dark page is readable on it.
WORSE, BETTER = palette.tint(palette.OVER, 0.62), palette.tint(palette.RATE, 0.5)
EVEN = palette.tint(palette.UNKNOWN, 0.12)


def plot_grid(grid: pd.DataFrame, row: str, column: str) -> go.Figure:
    """
    Excess of each pair of levels as colour, with its counts.

    Parameters
    ----------
    grid : as `rate_grid` gives it
        `row`, `column` (text), `orders`, `defective`, `expected`, `apart`, `excess` (orders),
        `rate`, `low`, `high` (0-1), `few`
    row, column : the columns of the orders that are set against each other ("carrier")
    """
    title = words.grid_title(grid, row, column)
    how = tr(GRID_HOW, row=words.attribute(row), column=words.attribute(column))
    if not int(grid["defective"].sum()):
        return canvas.nothing(title, how)
    down, across = (grid[name].drop_duplicates().astype(str).tolist() for name in ("row", "column"))
    cells = row_dicts(grid)
    at = [(down.index(str(cell["row"])), across.index(str(cell["column"]))) for cell in cells]
    # Every other line of the map is empty and holds the name of the next.
    excess: list[list[float | None]] = [[None] * len(across) for _ in range(2 * len(down))]
    said = [[""] * len(across) for _ in range(2 * len(down))]
    for (line, place), cell in zip(at, cells, strict=True):
        if cell["orders"]:
            excess[2 * line + 1][place] = values.rounded(cell["excess"])
            said[2 * line + 1][place] = _hover(cell, row, column)
    reach = max(1.0, values.rounded(grid["excess"].abs().max()) or 0)
    names = [
        tr(
            "{level}: {counts}",
            level=words.capital(words.condition(row, name)),
            counts=_total(grid[grid["row"].astype(str) == name]),
        )
        for name in down
    ]
    ticks = [lettering.brief(words.level(column, name), LETTERS) for name in across]
    foot = 40 + LETTER * max(map(lettering.letters, ticks))
    return canvas.figure(
        [
            {
                "type": "heatmap",
                "z": excess,
                "x": list(range(len(across))),
                "y": [
                    *(edge for line in range(len(down)) for edge in (line, line + NAME)),
                    len(down),
                ],
                "zmin": -reach,
                "zmax": reach,
                "colorscale": [[0, BETTER], [0.5, EVEN], [1, WORSE]],
                "showscale": False,
                "hoverongaps": False,
                "customdata": said,
                "hovertemplate": "%{customdata}<extra></extra>",
                "xgap": 2,
                "ygap": 2,
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": [place for _, place in at],
                "y": [line + (1 + NAME) / 2 for line, _ in at],
                "text": [_counts(cell) for cell in cells],
                "textfont": {"size": 11},
                "hoverinfo": "skip",
                "cliponaxis": False,
            },
        ],
        title=title,
        alt=tr(
            "{title}. A grid of {rows} by {columns}; most above their share: {worst}.",
            title=title,
            rows=words.count(len(down), "row"),
            columns=words.count(len(across), "column"),
            worst=_worst(cells, row, column),
        ),
        how=how,
        height=canvas.TOP + BAND * len(down) + foot,
        # The labels stand upright on a phone and lie on a screen, where the cells take their room.
        margin={"t": canvas.TOP, "b": 40},
        xaxis=canvas.axis(
            showgrid=False,
            fixedrange=True,
            range=[-0.5, len(across) - 0.5],
            tickvals=list(range(len(across))),
            ticktext=ticks,
            autotickangles=[0, -90],
            title={"text": lettering.brief(words.attribute(column), LETTERS)},
        ),
        yaxis=canvas.hidden_axis(range=[len(down), 0]),
        annotations=[
            *forest.names(names, above=1, at=[line + NAME for line in range(len(down))]),
            canvas.key(tr("▲ more defective orders than its share   ▼ fewer")),
        ],
    )


def _counts(cell: dict[str, Any]) -> str:
    """Defective orders above orders; in brackets where the orders are few."""
    if not cell["orders"]:
        return ""
    below = _short(int(cell["orders"]))
    side = "▲" if cell["excess"] >= 1 else "▼" if cell["excess"] <= -1 else ""
    return f"{side}<b>{int(cell['defective']):,}</b><br>{f'({below})' if cell['few'] else below}"


def _short(number: int) -> str:
    """
    A count in the room of a cell.

    >>> _short(783), _short(12_345), _short(2_000_000)
    ('783', '12k', '2M')
    """
    if number < 1_000:
        return f"{number}"
    size, letter = (1_000, "k") if number < 1_000_000 else (1_000_000, "M")
    return f"{number / size:.{1 if number < 10 * size else 0}f}".replace(".0", "") + letter


def _total(part: pd.DataFrame) -> str:
    return values.counts(part["defective"].sum(), part["orders"].sum())


def _hover(cell: dict[str, Any], row: str, column: str) -> str:
    names = [
        lettering.brief(words.condition(what, str(level)))
        for what, level in ((row, cell["row"]), (column, cell["column"]))
    ]
    counted = tr(
        "{defective:,} of {orders} defective ({rate}, 95% interval {low} to {high})",
        defective=int(cell["defective"]),
        orders=words.count(int(cell["orders"]), "order"),
        rate=words.percent(cell["rate"]),
        low=words.percent(cell["low"]),
        high=words.percent(cell["high"]),
    )
    expected = tr(
        "its share {share}, {row} and {column} apart {apart}",
        share=words.number(cell["expected"]),
        row=lettering.plain(words.attribute(row)),
        column=lettering.plain(words.attribute(column)),
        apart=words.number(cell["apart"]),
    )
    return "<br>".join([*names, counted, expected])


def _worst(cells: list[dict[str, Any]], row: str, column: str) -> str:
    ranked = sorted((cell for cell in cells if cell["excess"] > 0), key=lambda c: -c["excess"])
    return words.listing(
        [
            tr(
                "{pair} ({counts})",
                pair=words.slice_name({row: str(cell["row"]), column: str(cell["column"])}),
                counts=values.counts(cell["defective"], cell["orders"]),
            )
            for cell in ranked[:3]
        ]
    )
