"""Where the defects concentrate: a forest of excess, one row for each cause."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, values
from odrlib.languages import mark, tr
from odrlib.plain import row_dicts

CAUSES_HOW = mark(
    "The point is a group's excess: its defective orders less those expected there if nothing but"
    " its other attributes mattered. The line is the 95% interval of the excess. The counts at "
    "its right end are defective orders of all orders of the group. A share in the title is of the "
    "excess of all groups listed, each counted after the others. A group that two names "
    "describe equally well is listed once. This ranks; it does not prove: read the orders before "
    "acting."
)


def plot_causes(causes: pd.DataFrame, top: int = 10) -> go.Figure:
    """
    The excess of each cause with its interval and counts, in the order of the table.

    Parameters
    ----------
    causes : as `causes_table` gives it: `where` (text), `orders`, `defective`, `expected`,
        `excess` with `low` and `high` (orders), `rate`, `rate_elsewhere`, `q_value` (0-1)
    top : rows to draw
    """
    title = words.causes_title(causes)
    shown = causes.head(top)
    if shown.empty:
        return canvas.nothing(title, tr(CAUSES_HOW))
    reach = max(1.0, float(shown["high"].max()), float(shown["excess"].max()))
    start = min(0.0, float(shown["low"].min()))
    rows = row_dicts(shown)
    names = [words.capital(words.slice_name(row["where"])) for row in rows]
    return canvas.figure(
        forest.dots(
            shown["excess"],
            shown["low"],
            shown["high"],
            [palette.OVER if row["low"] > 0 else palette.RATE for row in rows],
            [values.counts(row["defective"], row["orders"]) for row in rows],
            [_hover(name, row) for name, row in zip(names, rows, strict=True)],
        ),
        title=title,
        alt=tr(
            "{title}. In rank order: {rows}.",
            title=title,
            rows=words.listing(
                [_said(name, row) for name, row in zip(names, rows, strict=True)], top=5
            ),
        ),
        how=tr(CAUSES_HOW),
        height=96 + forest.height(names) * len(rows),
        xaxis=canvas.axis(
            range=values.numbers([start, start + 1.4 * (reach - start)]),
            title={"text": tr("defective orders too many, with 95% interval")},
            zeroline=True,
            zerolinecolor=palette.INK,
        ),
        yaxis=forest.axis(len(rows)),
        annotations=forest.names(names, right=5),
    )


def _said(name: str, row: dict[str, Any]) -> str:
    """A cause in one line, for those who do not see its point."""
    return tr(
        "{group}: {excess} too many ({low} to {high}), {counts}",
        group=name,
        excess=words.number(row["excess"]),
        low=words.number(row["low"]),
        high=words.number(row["high"]),
        counts=values.counts(row["defective"], row["orders"]),
    )


def _hover(name: str, row: dict[str, Any]) -> str:
    return "<br>".join(
        [
            forest.in_lines(name),
            tr(
                "{defective:,} of {orders} defective ({rate}; elsewhere {elsewhere})",
                defective=int(row["defective"]),
                orders=words.count(int(row["orders"]), "order"),
                rate=words.percent(row["rate"]),
                elsewhere=words.percent(row["rate_elsewhere"]),
            ),
            tr(
                "expected {expected}, excess {excess}",
                expected=words.number(row["expected"]),
                excess=words.number(row["excess"]),
            ),
            tr("chance {q:.2g} (corrected for all that was searched)", q=row["q_value"]),
        ]
    )
