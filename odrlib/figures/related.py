"""The other measures of account health, each against its own limit."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest, lettering, values
from odrlib.languages import mark, sentences, tr
from odrlib.plain import row_dicts

RELATED_HOW = mark(
    "Every measure is drawn as the share that fails it, so that left is always better: for a "
    "measure that must be at least 95%, the limit stands at 5%. The line is the 95% interval; the"
    " upright stroke is the measure's own limit. What the files cannot tell is unknown, not met."
)
STATUS = {"met": mark("met"), "missed": mark("missed"), "unknown": mark("unknown")}


def plot_related(metrics: pd.DataFrame) -> go.Figure:
    """
    The failing share of each measure with its interval and limit, in the order of the table.

    `metrics` as `related_metrics` gives it: `title`, `days`, `events`, `orders`, `rate`, `low`,
    `high`, `limit` (0-1), `direction` ("below" or "at least"), `status`.
    """
    title = words.related_title(metrics)
    rows = row_dicts(metrics)
    if not rows:
        return canvas.nothing(title, tr(RELATED_HOW))
    share = metrics.assign(
        rate=[_failing(row, "rate") for row in rows],
        low=[_failing(row, "low" if row["direction"] == "below" else "high") for row in rows],
        high=[_failing(row, "high" if row["direction"] == "below" else "low") for row in rows],
        limit=[_failing(row, "limit") for row in rows],
    )
    known = (share["status"] != "unknown").to_numpy()
    # Two or three messages have an interval up to 100 %: it must not flatten the others.
    reach = 2 * max([*share["limit"], *share.loc[known, "rate"]])
    said = [words.related_sentence(row) for row in rows]
    names = [_name(row) for row in rows]
    return canvas.figure(
        [
            _limits(share["limit"]),
            *forest.dots(
                share["rate"].where(known),
                share["low"].where(known),
                share["high"].where(known).clip(upper=reach),
                [palette.STATUS[row["status"]] for row in rows],
                [
                    tr("{rate} ({counts})", rate=words.percent(row["rate"]),
                       counts=values.counts(row["events"], row["orders"]))
                    if is_known
                    else ""
                    for row, is_known in zip(rows, known, strict=True)
                ],
                [lettering.plain(each) for each in said],
            ),
            _named(share["limit"], [words.short_percent(row["limit"]) for row in rows]),
        ],
        title=title,
        alt=sentences(tr("{title}.", title=title), *(words.sentence(each) for each in said)),
        how=tr(RELATED_HOW),
        height=78 + forest.height(names) * len(rows),
        margin={"t": 12},
        xaxis=canvas.share_axis(
            1.6 * reach, title={"text": tr("share that fails, with 95% interval")}
        ),
        yaxis=forest.axis(len(rows)),
        annotations=forest.names(names),
    )  # fmt: skip


def _name(row: dict[str, Any]) -> str:
    """A measure with its window, and where it stands."""
    said = {
        "title": tr(str(row["title"])),
        "days": words.count(int(row["days"]), "day"),
        "status": tr(STATUS[row["status"]]),
    }
    return tr("{title}, {days}: {status}", **said)


def _failing(row: dict[str, Any], column: str) -> float:
    """The share as the part that fails: for "at least" measures, what is missing to 100 %."""
    value = float("nan") if pd.isna(row[column]) else float(row[column])
    return value if row["direction"] == "below" else 1 - value


def _limits(limits: pd.Series) -> dict[str, Any]:
    """The limit of each measure, a short upright stroke in its row."""
    number = range(len(limits))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [each for limit in limits for each in (*[values.rounded(limit)] * 2, None)],
        "y": [each for row in number for each in (row - 0.13, row + 0.13, None)],
        "line": {"color": palette.OVER, "width": 2},
        "hoverinfo": "skip",
    }


def _named(limits: pd.Series, said: list[str]) -> dict[str, Any]:
    """The number of each limit, at the foot of its stroke."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": values.numbers(limits),
        "y": [row + 0.13 for row in range(len(limits))],
        "text": [tr("limit {limit}", limit=limit) for limit in said],
        "textposition": "bottom right",
        "textfont": {"size": 10},
        "hoverinfo": "skip",
    }
