"""What the defects are made of: by kind and by group over time, and the rates of groups."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, forest
from odrlib.policy import AMAZON, KINDS, Profile
from odrlib.rates import Rate

KINDS_HOW = (
    "Above, each defect stands in the week its order was placed; below, in the week it arrived. A"
    " wave above points to what was sold or shipped then; a wave below, to when it was noticed. "
    "An order with two kinds of defect counts under both. Defects of the newest order weeks may "
    "still arrive."
)
COMPOSITION_HOW = (
    "Each row is one {what}; a bar is the number of its defective orders by the week the order "
    "was placed. All rows have the same scale. Small groups are folded into one row, so that "
    "nothing is lost."
)
RATE_BY_HOW = (
    "The point is the share of a group's orders that are defective, the line its 95% interval "
    "(Wilson): the fewer the orders, the longer the line. The counts stand at its right end. A "
    "group whose line lies wholly right of the rate of all orders is unlikely to be there by "
    "chance alone, though with many groups one or two will be."
)


def plot_kinds(by_order: pd.DataFrame, by_arrival: pd.DataFrame | None = None) -> go.Figure:
    """
    Defects by kind, for each week of the order and, below, for each week of arrival.

    Both tables as `composition(defects, by="kind", time=…)` gives them: `period`, `group`,
    `defective`. Defects that arrived on an unknown day have no bar; their number is said.
    """
    panels = [("by the week of the order", by_order)]
    panels += [("by the week the defect arrived", by_arrival)] if by_arrival is not None else []
    kinds = [kind for kind in KINDS if (by_order["group"] == kind).any()]
    title = words.kinds_title(by_order)
    if not kinds:
        return canvas.nothing(title, KINDS_HOW)
    return canvas.figure(
        [
            _bars(
                rows[(rows["group"] == kind) & rows["period"].notna()],
                palette.KINDS[kind],
                words.kind_name(kind),
                place,
            )
            for place, (_, rows) in enumerate(panels)
            for kind in kinds
        ],
        title=title,
        alt=f"{title}. Stacked bars for each week, {' and '.join(name for name, _ in panels)}.",
        how=KINDS_HOW,
        height=170 + 170 * len(panels),
        barmode="stack",
        xaxis=canvas.days_axis(anchor=canvas.axis_name("y", len(panels) - 1)),
        **canvas.stacked_axes(len(panels)),
        annotations=[
            canvas.panel_label(place, len(panels), _kind_counts(name, rows, kinds))
            for place, (name, rows) in enumerate(panels)
        ],
    )


def plot_composition(table: pd.DataFrame, what: str) -> go.Figure:
    """
    The defective orders of each group over time: one row of bars for each group, one scale for all.

    Parameters
    ----------
    table : as `composition` gives it: `period`, `group`, `orders`, `defective`, `rate`
    what : the grouping in the reader's words, singular ("carrier")
    """
    title = words.composition_title(table, what)
    if table.empty or table["defective"].isna().any():
        return canvas.nothing(title, COMPOSITION_HOW.format(what=what))
    groups = list(table["group"].astype(str).drop_duplicates())
    top = max(1.0, *table.loc[table["period"].notna(), "defective"].astype(float))
    parts = [table[table["group"].astype(str) == group] for group in groups]
    return canvas.figure(
        [
            _bars(part[part["period"].notna()], _colour(group), group, place)
            for place, (group, part) in enumerate(zip(groups, parts, strict=True))
        ],
        title=title,
        alt=f"{title}. One row of weekly bars for each of {words.listing(groups, top=8)}.",
        how=COMPOSITION_HOW.format(what=what),
        height=90 + 76 * len(groups),
        xaxis=canvas.days_axis(anchor=canvas.axis_name("y", len(groups) - 1)),
        **canvas.stacked_axes(len(groups), range=[0, 1.08 * top], tickvals=[top]),
        annotations=[
            canvas.panel_label(place, len(groups), _group_counts(group, part))
            for place, (group, part) in enumerate(zip(groups, parts, strict=True))
        ],
    )


def plot_rate_by(
    table: pd.DataFrame, what: str, profile: Profile = AMAZON, overall: Rate | None = None
) -> go.Figure:
    """
    The rate of each group with its interval and counts, in the order of the table.

    Parameters
    ----------
    table : as `rate_by` gives it: the group as index; `orders`, `defective`, `rate`, `low`, `high`
    what : the grouping in the reader's words, singular ("carrier")
    overall : the rate of all orders, where the table is only a part of them
    """
    overall = overall or Rate(int(table["defective"].sum()), int(table["orders"].sum()))
    title = words.rate_by_title(table, what, overall)
    how = RATE_BY_HOW
    if table.empty or table["defective"].isna().any():
        return canvas.nothing(title, how)
    names = [str(name) for name in table.index]
    colours = [
        palette.OVER if low > overall.value else palette.RATE for low in table["low"].fillna(0.0)
    ]
    limit = float(profile.limit)
    # A group of a handful of orders has an interval up to 100 %: it must not flatten the others.
    top = max(limit * 1.5, float(table["rate"].max()) * 1.5, float(table["high"].median()) * 1.2)
    return canvas.figure(
        forest.dots(
            table["rate"],
            table["low"],
            table["high"].clip(upper=top),
            colours,
            [f"{int(bad):,} of {int(all_):,}" for bad, all_ in _counts(table)],
            [
                f"{canvas.plain(name)}<br>{words.percent(rate)} ({int(bad):,} of {int(all_):,}), "
                f"95% interval {words.percent(low)} to {words.percent(high)}"
                for name, rate, low, high, (bad, all_) in zip(
                    names, table["rate"], table["low"], table["high"], _counts(table), strict=True
                )
            ],
        ),
        title=title,
        alt=f"{title}. One point with its interval for each of {words.listing(names, top=8)}, "
        f"the worst on top.",
        how=how,
        height=96 + forest.height(names) * len(table),
        xaxis=canvas.share_axis(1.3 * top, side="bottom"),
        yaxis=forest.axis(len(table)),
        shapes=[
            canvas.down(overall.value, f"all orders {words.percent(overall.value)}"),
            canvas.down(
                limit, f" limit {words.short_percent(limit)}", palette.OVER, "left", "start"
            ),
        ],
        annotations=forest.names(names),
    )


def _bars(rows: pd.DataFrame, colour: str, name: str, place: int) -> dict[str, Any]:
    """The weekly bars of one group, on the axis of its panel."""
    return {
        "type": "bar",
        "x": canvas.days(rows["period"]),
        "y": rows["defective"].to_numpy(dtype=float),
        "yaxis": canvas.axis_name("y", place),
        "marker": {"color": colour},
        "customdata": [
            "" if pd.isna(orders) else f" of {words.count(int(orders), 'order')}"
            for orders in rows["orders"]
        ],
        "hovertemplate": f"week of %{{x|%d %b %Y}}<br>{canvas.brief(name)}: %{{y:,}}%{{customdata}}"
        "<extra></extra>",
    }


def _colour(group: str) -> str:
    """Kinds keep their colour; all other groups are told apart by their row, not by a hue."""
    return palette.KINDS.get(group, palette.RATE)


def _counts(table: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(table["defective"], table["orders"], strict=True))


def _kind_counts(name: str, rows: pd.DataFrame, kinds: list[str]) -> str:
    """The panel's name, and the colour, name and number of each kind in place of a legend."""
    totals = rows.groupby("group", observed=True)["defective"].sum()
    said = [
        canvas.square(palette.KINDS[kind], f"{words.kind_name(kind)} {int(totals.get(kind, 0)):,}")
        for kind in kinds
    ]
    unplaced = int(rows.loc[rows["period"].isna(), "defective"].sum())
    more = f" ({unplaced:,} on an unknown day)" if unplaced else ""
    return f"<b>{name}</b>{more}<br>{'  '.join(said)}"


def _group_counts(group: str, part: pd.DataFrame) -> str:
    """The group with its counts, above its bars."""
    defective, orders = int(part["defective"].sum()), part["orders"].sum(min_count=1)
    name = canvas.brief(words.kind_name(group), 40)
    if pd.isna(orders) or not orders:
        return f"<b>{name}</b>   {defective:,}"
    return f"<b>{name}</b>   {defective:,} of {int(orders):,} ({words.percent(defective / orders)})"
