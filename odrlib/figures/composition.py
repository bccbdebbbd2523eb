"""What the defects are made of over time: by kind, and by the groups of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, lettering, marks, values
from odrlib.languages import mark, sentences, tr
from odrlib.plain import listed
from odrlib.policy import KINDS
from odrlib.rates import Rate

KINDS_HOW = mark(
    "One row for each kind of defect, all on one scale. A bar is the number of its defects by the "
    "week the order was placed, the line by the week the defect arrived. A wave of the bars points "
    "to what was sold or shipped then; a wave of the line, to when it was noticed. An order with "
    "two kinds of defect counts under both. Defects of the newest order weeks may still arrive."
)
COMPOSITION_HOW = mark(
    "Each row is one {what}; a bar is the number of its defective orders by the week the order "
    "was placed. All rows have the same scale. First comes the group with the most defective "
    "orders above its share of the orders. In brackets, the rate and its 95% interval (Wilson): "
    "the fewer the orders, the wider. Small groups are folded into one row, so that nothing is "
    "lost; groups without a defective order are named below."
)
ROW = 92  # pixels of a row of bars with its name
HEAD = 40  # pixels above the first row


@dataclass(frozen=True)
class _Weeks:
    """The weeks of one row: their Mondays, and numbers that are missing where nothing tells."""

    period: np.ndarray
    orders: np.ndarray
    defective: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame) -> dict[str, _Weeks]:
        """The weeks of each group of a composition, in the order of the table."""
        groups = [str(group) for group in listed(table["group"])]
        place = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        codes = np.array([place[group] for group in groups], np.int64)
        whole = cls(
            np.asarray(table["period"], "datetime64[us]"),
            *(table[name].to_numpy(float, na_value=np.nan) for name in ("orders", "defective")),
        )
        return {group: whole.taken(codes == number) for group, number in place.items()}

    def taken(self, rows: np.ndarray) -> _Weeks:
        """These weeks of it."""
        return _Weeks(self.period[rows], self.orders[rows], self.defective[rows])

    @property
    def placed(self) -> _Weeks:
        """The weeks that are known."""
        return self.taken(~np.isnat(self.period))

    @property
    def defects(self) -> int:
        """How many defects it has, those of an unknown week among them."""
        return int(np.nansum(self.defective))

    @property
    def most(self) -> float:
        """The defects of its highest week."""
        return float(np.nanmax(self.defective, initial=0))


def plot_kinds(
    by_order: pd.DataFrame,
    by_arrival: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
) -> go.Figure:
    """
    Defects of each kind for each week of the order and, as a line, for each week of arrival.

    Both tables as `composition(defects, by="kind", time=…)` gives them: `period` (the Monday of a
    week), `group` (the kind), `defective` (orders). Defects that arrived on an unknown day are in
    no week; their number is said. `events` as the ledger gives them: `date`, `kind`, `what`.
    """
    title = words.kinds_title(by_order)
    weeks = _Weeks.of(by_order)
    kinds = [kind for kind in KINDS if kind in weeks]
    if not kinds or not any(part.defects for part in weeks.values()):
        return canvas.nothing(title, tr(KINDS_HOW))
    bars = [weeks[kind] for kind in kinds]
    arrived = {} if by_arrival is None else _Weeks.of(by_arrival)
    lines = [arrived.get(kind) for kind in kinds]
    names = [words.capital(words.kind_name(kind)) for kind in kinds]
    counts = [_with_unplaced(part, line) for part, line in zip(bars, lines, strict=True)]
    keyed = (
        tr("bars: week of the order")
        if by_arrival is None
        else tr("bars: week of the order · line: week it arrived")
    )
    return _rows(
        [(part, palette.KINDS[kind]) for part, kind in zip(bars, kinds, strict=True)],
        [f"<b>{name}</b>   {said}" for name, said in zip(names, counts, strict=True)],
        events,
        lines=lines,
        key=keyed,
        title=title,
        alt=tr(
            "{title}. One row of weekly bars for each kind of defect: {rows}.",
            title=title,
            rows=words.listing(
                [
                    _peak(f"{name} {said}", part)
                    for name, said, part in zip(names, counts, bars, strict=True)
                ]
            ),
        ),
        how=tr(KINDS_HOW),
    )


def plot_composition(
    table: pd.DataFrame, column: str, events: pd.DataFrame | None = None
) -> go.Figure:
    """
    The defective orders of each group over time: one row of bars for each group, one scale for all.

    Parameters
    ----------
    table : as `composition` gives it: `period` (the Monday of a week), `group`, `orders`,
        `defective` (orders), `rate` (0-1)
    column : the column of the orders that the groups are values of ("carrier")
    events : the events of the ledger: `date`, `kind`, `what`
    """
    title = words.composition_title(table, column)
    how = tr(COMPOSITION_HOW, what=words.attribute(column))
    if table.empty or table["defective"].isna().any() or not int(table["defective"].sum()):
        return canvas.nothing(title, how)
    parts = _Weeks.of(table)
    first = words.notable(table)
    groups = sorted(parts, key=lambda group: group != first)
    drawn = [group for group in groups if parts[group].defects]
    empty = [group for group in groups if group not in drawn]
    names = [words.level(column, group) for group in drawn]
    counts = [_group_counts(parts[group]) for group in drawn]
    return _rows(
        [(parts[group], _colour(group)) for group in drawn],
        [
            f"<b>{lettering.brief(name, 22)}</b>   {said}"
            for name, said in zip(names, counts, strict=True)
        ],
        events,
        without=_without(column, empty, parts),
        title=title,
        alt=tr(
            "{title}. One row of weekly bars for each group: {rows}.",
            title=title,
            rows=words.listing(
                [
                    _peak(tr("{name}: {said}", name=name, said=said), parts[group])
                    for name, said, group in zip(names, counts, drawn, strict=True)
                ],
                top=8,
            ),
        ),
        how=how,
    )


def _rows(
    parts: list[tuple[_Weeks, str]],
    labels: list[str],
    events: pd.DataFrame | None,
    *,
    title: str,
    alt: str,
    how: str,
    lines: Sequence[_Weeks | None] = (),
    key: str = "",
    without: str = "",
) -> go.Figure:
    """A row of weekly bars for each part on one scale, and the events below all of them."""
    number = len(parts)
    placed = [part.placed for part, _ in parts]
    weeks = pd.DatetimeIndex(np.concatenate([part.period for part in placed]))
    first, last = weeks.min(), weeks.max() + pd.Timedelta(days=7)
    happened = marks.dated(events, first, last)
    listed = [*marks.listed(happened), *([without] if without else [])]
    high = ROW * number + marks.height(happened)
    bottom = marks.height(happened) / high
    arrived = {place: line.placed for place, line in enumerate(lines) if line}
    top = max(1.0, *(part.most for part in (*placed, *arrived.values())))
    marking = canvas.axis_name("y", number)
    return canvas.figure(
        [
            *(
                _bars(part, colour, canvas.axis_name("y", place))
                for place, (part, (_, colour)) in enumerate(zip(placed, parts, strict=True))
            ),
            *(
                _arrivals(line, canvas.axis_name("y", place))
                for place, line in arrived.items()
                if len(line.period)
            ),
            *marks.drawn(happened, marking),
        ],
        title=title,
        alt=sentences(alt, marks.told(happened)),
        how=how,
        height=HEAD + high + canvas.foot_height(listed),
        margin={"t": canvas.TOP, "b": canvas.foot_height(listed)},
        bargap=0.1,
        xaxis=canvas.days_axis(
            range=values.days([first - pd.Timedelta(days=4), last]),
            anchor=marking if happened else canvas.axis_name("y", number - 1),
        ),
        **canvas.stacked_axes(number, bottom, range=[0, values.rounded(1.08 * top)],
                              tickvals=[top]),
        **{f"yaxis{number + 1}": marks.axis(happened, bottom)},
        shapes=marks.through(happened),
        annotations=[
            *([canvas.key(key, above=1)] if key else []),
            *(
                canvas.panel_label(place, number, text, bottom)
                for place, text in enumerate(labels)
            ),
            *canvas.foot(listed),
        ],
    )  # fmt: skip


def _bars(weeks: _Weeks, colour: str, axis: str) -> dict[str, Any]:
    """The weekly bars of one group; the number of its orders, where it is known, under them."""
    known = not np.isnan(weeks.orders).any()
    counts = {"customdata": weeks.orders.astype(int).tolist()} if known else {}
    y, of = "%{y:,}", "%{customdata:,}"
    said = tr("{defective} of {orders} orders", defective=y, orders=of) if known else y
    return {
        "type": "bar",
        **values.along(weeks.period),
        "y": values.numbers(weeks.defective.tolist()),
        "yaxis": axis,
        "marker": {"color": colour},
        **counts,
        "hovertemplate": f"{tr('week of {day}', day=values.hover_day())}<br>{said}<extra></extra>",
    }


def _arrivals(weeks: _Weeks, axis: str) -> dict[str, Any]:
    """The same defects by the week they arrived, as a line of steps."""
    said = tr("{defects} arrived", defects="%{y:,}")
    return {
        "type": "scatter",
        "mode": "lines",
        **values.along(weeks.period),
        "y": values.numbers(weeks.defective.tolist()),
        "yaxis": axis,
        "line": {"color": palette.INK, "width": 1.5, "shape": "hvh"},
        "hovertemplate": f"{tr('week of {day}', day=values.hover_day())}<br>{said}<extra></extra>",
    }


def _colour(group: str) -> str:
    """Kinds keep their colour, folded rows are grey; others are told by their row, not by a hue."""
    if re.fullmatch(words.FOLDED, group):
        return palette.UNKNOWN
    return palette.KINDS.get(group, palette.RATE)


def _with_unplaced(part: _Weeks, arrived: _Weeks | None) -> str:
    """How many defects a kind has, and how many of them arrived on an unknown day."""
    total = part.defects
    unplaced = arrived.defects - arrived.placed.defects if arrived else 0
    if not unplaced:
        return f"{total:,}"
    return tr("{total:,} ({unplaced:,} on an unknown day)", total=total, unplaced=unplaced)


def _group_counts(part: _Weeks) -> str:
    """The counts of a group, with its rate and interval."""
    defective, orders = part.defects, int(np.nansum(part.orders))
    if not orders:
        return f"{defective:,}"
    rate = Rate(defective, orders)
    return tr(
        "{defective:,} of {orders:,} ({rate}; {low}-{high})",
        defective=defective,
        orders=orders,
        rate=words.percent(rate.value),
        low=f"{rate.low:.2%}".removesuffix("%"),
        high=f"{rate.high:.2%}",
    )


def _without(column: str, groups: list[str], parts: dict[str, _Weeks]) -> str:
    """The groups that have no defective order, which have no row."""
    if not groups:
        return ""
    return tr(
        "Without a defective order: {groups}",
        groups=words.listing(
            [
                tr(
                    "{group} ({counts})",
                    group=words.level(column, group),
                    counts=words.count(int(np.nansum(parts[group].orders)), "order"),
                )
                for group in groups
            ]
        ),
    )


def _peak(said: str, part: _Weeks) -> str:
    """What is said of a row, and its highest week."""
    placed = part.placed
    if not len(placed.period):
        return said
    top = int(np.nanargmax(placed.defective))
    return tr(
        "{row}, most in the week of {week} ({n:,})",
        row=said,
        week=words.day(pd.Timestamp(placed.period[top])),
        n=int(placed.defective[top]),
    )
