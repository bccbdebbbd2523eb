"""Root-cause categories by topic, and the themes that buyers tell, as bars with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.categories.catalogue import UNEXPLAINED, topic_title
from odrlib.figures import canvas, forest, lettering, values
from odrlib.languages import mark, tr
from odrlib.plain import row_dicts

CATEGORIES_HOW = mark(
    "Every defect stands under exactly one category, so the bars add up to the defects; an order "
    "with two kinds of defect counts twice. Strong: what the buyer says and the fields of the "
    "order agree. Likely: the fields speak for it. Weak: only what the buyer says; the paler the "
    "bar, the weaker. What nothing explains is grey and stays unexplained. A category says what "
    "the data show, not who is at fault."
)
THEMES_HOW = mark(
    "What buyers, codes and messages say, one bar for each theme: the orders that tell it. An "
    "order may tell several themes and then counts under each, so the bars add up to more than "
    "the orders; the share is that of the orders that tell any. An empty text is no theme."
)
CERTAINTIES = {"strong": 1.0, "likely": 0.6, "weak": 0.3}  # how solid the bar is
COUNTED = {
    "strong": mark("{n:,} strong"),
    "likely": mark("{n:,} likely"),
    "weak": mark("{n:,} weak"),
}
THICK = 16  # pixels of a bar
TOPIC = 0.5  # rows of room for the name of a topic


def plot_categories(counts: pd.DataFrame) -> go.Figure:
    """
    The defects of each category, grouped by topic, by how certain the category is.

    Parameters
    ----------
    counts : as `category_counts` gives it: `category`, `title`, `topic`, `defects`, `share` (0-1),
        `strong`, `likely`, `weak` (defects; the rest is drawn grey)
    """
    title = words.categories_title(counts)
    told = counts[counts["defects"] > 0]
    if told.empty:
        return canvas.nothing(title, tr(CATEGORIES_HOW))
    ranked = _by_topic(told, "defects")
    known = ranked[list(CERTAINTIES)].astype(float)
    parts = [
        (known[name], palette.tint(palette.RATE, solid)) for name, solid in CERTAINTIES.items()
    ]
    parts.append((ranked["defects"] - known.sum(axis="columns"), palette.UNKNOWN))
    certain = [
        tr(", ", context="list").join(
            tr(COUNTED[name], n=int(row[name])) for name in CERTAINTIES if row[name]
        )
        for row in row_dicts(known)
    ]
    return _bars(ranked, "defects", parts, certain, title=title, how=tr(CATEGORIES_HOW))


def plot_themes(counts: pd.DataFrame) -> go.Figure:
    """
    The orders that tell each theme, grouped by topic.

    `counts` as `theme_counts` gives it: `theme`, `title`, `topic`, `orders`, `share` (0-1).
    """
    title = words.themes_title(counts)
    told = counts[counts["orders"] > 0]
    if told.empty:
        return canvas.nothing(title, tr(THEMES_HOW))
    ranked = _by_topic(told.rename(columns={"theme": "category"}), "orders")
    parts = [(ranked["orders"], palette.RATE)]
    return _bars(ranked, "orders", parts, [""] * len(ranked), title=title, how=tr(THEMES_HOW))


def _by_topic(counts: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The topics by their sum, in each the largest first; what is unexplained comes last."""
    topics = ["" if pd.isna(code) else topic_title(code) for code in counts["topic"]]
    sums: Counter[str] = Counter()
    rows = list(zip(topics, counts[unit].tolist(), counts["category"].tolist(), strict=True))
    for topic, number, _ in rows:
        sums[topic] += number

    def in_order(place: int) -> tuple[bool, int, str, int, str]:
        topic, number, category = rows[place]
        return category == UNEXPLAINED, -sums[topic], topic, -number, category

    order = sorted(range(len(rows)), key=in_order)
    return counts.assign(topic=topics).take(order).reset_index(drop=True)


def _bars(
    ranked: pd.DataFrame,
    unit: str,
    parts: list[tuple[pd.Series, str]],
    certain: Sequence[str],
    *,
    title: str,
    how: str,
) -> go.Figure:
    """
    A row for each line of the table under the name of its topic; `parts` are stacked.

    `certain` is said behind each name.
    """
    first = ranked["topic"].ne(ranked["topic"].shift())
    at = (first * TOPIC + 1.0).cumsum() - TOPIC - 1.0
    names = [
        f"{name} · {more}" if more else name
        for name, more in zip(map(tr, ranked["title"].astype(str)), certain, strict=True)
    ]
    said = [
        tr("{number:,} ({share})", number=number, share=words.whole_percent(share))
        for number, share in zip(ranked[unit], ranked["share"], strict=True)
    ]
    rows = [
        tr("{name}: {said}", name=name, said=each) for name, each in zip(names, said, strict=True)
    ]
    high = forest.height(names)
    hover = [lettering.plain(each) for each in rows]
    return canvas.figure(
        [
            *(_part(part, colour, at, hover, high) for part, colour in parts if part.any()),
            {
                "type": "scatter",
                "mode": "text",
                "x": values.numbers(ranked[unit]),
                "y": at.tolist(),
                "text": [f" {text}" for text in said],
                "textposition": "middle right",
                "textfont": {"size": 12},
                "hoverinfo": "skip",
                "cliponaxis": False,
            },
        ],
        title=title,
        alt=tr(
            "{title}. Bars by topic: {rows}.", title=title, rows=tr("; ", context="list").join(rows)
        ),
        how=how,
        height=round(60 + high * (float(at.iloc[-1]) + 1.6 + TOPIC)),
        margin={"t": 8},
        barmode="stack",
        xaxis=canvas.axis(
            range=[0, values.rounded(1.3 * float(ranked[unit].max()))],
            title={"text": tr("orders") if unit == "orders" else tr("defects")},
            tickformat=",d",
        ),
        yaxis=canvas.hidden_axis(range=[float(at.iloc[-1]) + 0.6, -1.0 - TOPIC]),
        annotations=[
            *forest.names(names, above=THICK // 2, at=at.tolist()),
            *_topics(ranked[first], at[first], names),
        ],
    )


def _part(
    part: pd.Series, colour: str, at: pd.Series, hover: list[str], high: int
) -> dict[str, Any]:
    """One colour of the bars where it is; an edge shows the lightest on a dark page."""
    edge = palette.UNKNOWN if colour == palette.UNKNOWN else palette.RATE
    there = part > 0
    return {
        "type": "bar",
        "orientation": "h",
        "x": values.numbers(part[there]),
        "y": at[there].tolist(),
        "width": values.rounded(THICK / high),
        "marker": {"color": colour, "line": {"color": edge, "width": 1}},
        "customdata": [said for said, is_there in zip(hover, there, strict=True) if is_there],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _topics(firsts: pd.DataFrame, at: pd.Series, names: list[str]) -> list[dict[str, Any]]:
    """The name of each topic, above the name of its first row."""
    labels = forest.names(firsts["topic"].tolist(), at=at.tolist())
    return [
        label
        | {
            "text": f"<b>{label['text']}</b>",
            "yshift": THICK // 2 + 4 + canvas.LINE * forest.lines_of(names[place]),
        }
        for place, label in zip(firsts.index, labels, strict=True)
        if label["text"]
    ]
