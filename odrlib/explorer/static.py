"""The static twin: what a page shows in the place of the panel, without anything to click."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib import naming, words
from odrlib.explorer import charts, views
from odrlib.explorer.session import Session
from odrlib.languages import tr
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.selections import Bar, in_words

VALUES = 8  # values of an attribute
WIDE, HIGH, TOP = 720.0, 160.0, 8.0


def static_bundle(session: Session) -> dict[str, Any]:
    """The figure and the tables of the selection, for a report, a notebook page or plain text."""
    return _shown(session)._repr_mimebundle_() | {"text/html": static_html(session)}


def _shown(session: Session) -> Shown:
    """The block of a report: the trend, with every attribute's values behind it."""
    title, lines = headline(session), _lines(session)
    if not len(session.cube):
        return show.say(title, *lines)
    trend = session.trend()
    figure = charts.trend_chart(trend, session.selection, session.facts.profile)
    figure.layout.dragmode = False
    behind = show.table(
        _values(session),
        tr("Every attribute, one value a row, the largest excess first"),
        labels={
            "attribute": tr("attribute"), "value": tr("value"), "orders": tr("orders"),
            "defective": tr("above the line"), "rate": tr("rate"),
            "expected": tr("if like the rest"),
        },
        formats={"rate": ".2%", "expected": ",.1f"},
        download="explore.csv",
    )  # fmt: skip
    return show.figure(
        figure, title, " ".join([title, *lines]), " ".join([*lines, _live()]), behind
    )


def headline(session: Session) -> str:
    """The rate of the selection in one sentence."""
    rate = session.rate()
    if not rate.orders:
        return tr("No order is selected, so there is no rate.")
    return tr(
        "{selection}: {rate} ({counts}).",
        selection=words.capital(in_words(session.selection)),
        rate=views.share(rate),
        counts=views.counts(session, rate),
    )


def _lines(session: Session) -> list[str]:
    return [views.days_line(session), views.rest_line(session), views.before_line(session)]


def _live() -> str:
    return tr("In JupyterLab this is a panel whose bars and days can be clicked.")


def _values(session: Session) -> pd.DataFrame:
    rows = [
        {
            "attribute": naming.attribute(column),
            "value": naming.level(column, bar.value),
            "orders": bar.orders,
            "defective": bar.defective,
            "rate": bar.defective / bar.orders,
            "expected": bar.expected,
        }
        for column in session.attributes
        for bar in session.bars(column)
    ]
    columns = ["attribute", "value", "orders", "defective", "rate", "expected"]
    return pd.DataFrame(rows, columns=columns).astype({"rate": "float64", "expected": "float64"})


def static_html(session: Session) -> str:
    """The same as a piece of HTML that needs no script."""
    tables = [
        _table(column, bars)
        for column in session.attributes
        if len(bars := session.bars(column)) > 1
    ]
    worst = {table["column"]: table["excess"] for table in tables}
    tables.sort(key=lambda table: -worst[table["column"]])
    return views.html(
        "static",
        style=views.html("style"),
        headline=headline(session),
        lines=_lines(session),
        picture=_picture(session),
        tables=tables,
        note=_live(),
    )


def _table(column: str, bars: list[Bar]) -> dict[str, Any]:
    name = words.capital(naming.attribute(column))
    shown = bars[:VALUES]
    return {
        "column": column,
        "excess": bars[0].excess,
        "name": name,
        "caption": tr("{attribute}: {shown:,} of {all:,} values, the largest excess first",
                      attribute=name, shown=len(shown), all=len(bars)),
        "columns": [(tr("value"), "text"), (tr("orders"), "number"),
                    (tr("above the line"), "number"), (tr("rate"), "number"),
                    (tr("if like the rest"), "number")],
        "lines": [
            [
                naming.level(column, bar.value), f"{bar.orders:,}", f"{bar.defective:,}",
                f"{bar.defective / bar.orders:.2%}",
                "–" if bar.expected is None else f"{bar.expected:,.1f}",
            ]
            for bar in shown
        ],
    }  # fmt: skip


def _picture(session: Session) -> dict[str, Any] | None:
    """The trend as points of a drawing; None without orders."""
    trend, profile = session.trend(), session.facts.profile
    if np.isnan(trend.rate).all():
        return None
    limit = float(profile.limit)
    top = max(float(np.nanmax(trend.rate)), limit) * 1.15
    step = WIDE / max(1, len(trend.days) - 1)
    lines: list[list[str]] = [[]]
    for place, rate in enumerate(trend.rate.tolist()):
        if rate != rate:
            lines.append([])
        else:
            lines[-1].append(f"{place * step:.1f},{_height(rate, top):.1f}")
    now = session.selection
    edges = [(pd.Timestamp(day) - trend.days[0]).days * step for day in (now.first, now.last)]
    start, end = (min(max(one, 0.0), WIDE) for one in edges)
    return {
        "title": tr("The rate of the {days} days that end there", days=profile.days),
        "from": f"{start:.1f}",
        "width": f"{end - start:.1f}",
        "limit": round(_height(limit, top), 1),
        "limit_text": tr("limit {limit}", limit=words.short_percent(profile.limit)),
        "lines": [" ".join(points) for points in lines if points],
        "first": words.day(trend.days[0]),
        "last": words.day(trend.days[-1]),
    }


def _height(rate: float, top: float) -> float:
    return TOP + HIGH * (1 - rate / top)
