"""What waiting alone does: the rate of the coming days, and the defective orders that leave."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas, lettering, values
from odrlib.languages import mark, sentences, tr
from odrlib.policy import AMAZON, Profile
from odrlib.rolloff import RollOff

ROLL_OFF_HOW = mark(
    "Each coming day has its own window of {days} order days. Below the line, the defective "
    "orders that leave the window on that day; above it, known ones that enter it. What is not "
    "known yet is assumed: {assumptions}"
)
LOW = 0.24  # of the height, for the orders that come and go


def plot_roll_off(roll_off: RollOff, profile: Profile = AMAZON) -> go.Figure:
    """
    The rate of each coming day against the limit, and which defective orders come and go.

    `roll_off` as `roll_off.roll_off` gives it for the same profile; its `calendar` has one row per
    day: `day`, `orders`, `defective`, `rate` (0-1), `assumed_orders`, `leaving`, `entering_known`
    (order ids).
    """
    days = roll_off.calendar
    title = words.hedged(words.roll_off_title(roll_off, profile), roll_off.unknown)
    how = tr(ROLL_OFF_HOW, days=profile.days, assumptions=sentences(*roll_off.assumptions))
    known = days[days["orders"] > 0]
    if known.empty:
        return canvas.nothing(title, how)
    limit = float(profile.limit)
    top = 1.2 * max(limit, float(known["rate"].max()))
    leaving, entering = (days[name].str.len() for name in ("leaving", "entering_known"))
    place, above = canvas.quiet(known["rate"], limit, top)
    said = tr("limit {limit}", limit=words.short_percent(profile.limit))
    moves = tr(
        "{up} {entering:,} defective orders enter   {down} {leaving:,} leave",
        up=f'<span style="color:{palette.OVER}">▲</span>',
        down=f'<span style="color:{palette.UNDER}">▼</span>',
        entering=int(entering.sum()),
        leaving=int(leaving.sum()),
    )
    return canvas.figure(
        [
            {
                "type": "scatter",
                "mode": "lines",
                **values.along(known["day"]),
                "y": values.numbers(known["rate"]),
                "line": {"color": palette.RATE, "width": 2.5, "shape": "hv"},
                "customdata": known[["defective", "orders", "assumed_orders"]].to_numpy().tolist(),
                "hovertemplate": f"{values.hover_day()}: %{{y:.2%}}<br>{values.hover_counts()}"
                f"<br>{tr('assumed orders: {n}', n='%{customdata[2]:,}')}<extra></extra>",
            },
            _moves(days, "leaving", -1, palette.UNDER),
            _moves(days, "entering_known", 1, palette.OVER),
        ],
        title=title,
        alt=tr(
            "{title}. The rate goes from {first_rate} on {first} to {last_rate} on {last}; "
            "{leaving:,} defective orders leave the window and {entering:,} known ones enter it.",
            title=title,
            first_rate=words.percent(known["rate"].iloc[0]),
            first=words.day(known["day"].iloc[0]),
            last_rate=words.percent(known["rate"].iloc[-1]),
            last=words.day(known["day"].iloc[-1]),
            leaving=int(leaving.sum()),
            entering=int(entering.sum()),
        ),
        how=how,
        height=430,
        barmode="relative",
        xaxis=canvas.days_axis(anchor="y2"),
        yaxis=canvas.share_axis(top, domain=[0.38, 1]),
        yaxis2=canvas.axis(
            domain=[0, LOW],
            zeroline=True,
            zerolinecolor=palette.GRID,
            **_ticks(int(leaving.max()), int(entering.max())),
        ),
        shapes=[
            canvas.across(limit, said, place=place, above=above),
            *_turn(roll_off, known),
        ],
        annotations=[
            canvas.key(tr("rate of {days} days", days=profile.days), above=1),
            canvas.key(moves, y=LOW),
        ],
    )


def _ticks(down: int, up: int) -> dict[str, Any]:
    """Counts on both sides of the line: there are no orders below nought."""
    values = sorted({-down, 0, up})
    return {"tickvals": values, "ticktext": [f"{abs(value):,}" for value in values]}


def _turn(roll_off: RollOff, known: pd.DataFrame) -> list[dict[str, Any]]:
    """The day on which the answer changes, named on the side where there is room."""
    back, breach = roll_off.back_under_limit_on, roll_off.breach_on
    turn = back or breach
    if turn is None:
        return []
    day = words.short_day(turn)
    said = tr("inside from {day}", day=day) if back else tr("over on {day}", day=day)
    early = pd.Timestamp(turn) - known["day"].iloc[0] < known["day"].iloc[-1] - pd.Timestamp(turn)
    colour = palette.UNDER if back else palette.OVER
    return [canvas.down(f"{turn:%Y-%m-%d}", said, colour, "left" if early else "right")]


def _moves(days: pd.DataFrame, column: str, sign: int, colour: str) -> dict[str, Any]:
    """Bars of how many defective orders leave (down) or enter (up), with their ids on hover."""
    told = zip(days["day"], days[column], strict=True)
    moving = [(day, ids) for day, ids in told if ids]
    return {
        "type": "bar",
        "x": values.days([day for day, _ in moving]),
        "y": values.numbers(sign * len(ids) for _, ids in moving),
        "yaxis": "y2",
        "marker": {"color": colour},
        "customdata": [_who(ids, leave=sign < 0) for _, ids in moving],
        "hovertemplate": f"{values.hover_day()}<br>%{{customdata}}<extra></extra>",
    }


def _who(ids: list[str], leave: bool) -> str:
    """How many orders come or go, the first few ids, and how many more there are."""
    orders = words.count(len(ids), "defective order")
    said = tr("{orders} leaving:", orders=orders) if leave else tr(
        "{orders} entering:", orders=orders
    )  # fmt: skip
    more = [tr("{n:,} more", n=len(ids) - 5)] if len(ids) > 5 else []
    return "<br>".join([said, *map(lettering.plain, ids[:5]), *more])
