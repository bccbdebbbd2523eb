"""What waiting alone does: the rate of the coming days, and the defective orders that leave."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from odrlib import palette, words
from odrlib.figures import canvas
from odrlib.policy import AMAZON, Profile
from odrlib.rolloff import RollOff

ROLL_OFF_HOW = (
    "Each coming day has its own window of {days} order days. Below the line, the defective "
    "orders that leave the window on that day; above it, known ones that enter it. What is not "
    "known yet is assumed: {assumptions}"
)


def plot_roll_off(roll_off: RollOff, profile: Profile = AMAZON) -> go.Figure:
    """
    The rate of each coming day against the limit, and which defective orders come and go.

    `roll_off` as `roll_off.roll_off` gives it for the same profile.
    """
    days = roll_off.calendar
    title = words.hedged(words.roll_off_title(roll_off, profile), roll_off.unknown)
    how = ROLL_OFF_HOW.format(days=profile.days, assumptions=" ".join(roll_off.assumptions))
    known = days[days["orders"] > 0]
    if known.empty:
        return canvas.nothing(title, how)
    limit = float(profile.limit)
    top = 1.2 * max(limit, float(known["rate"].max()))
    return canvas.figure(
        [
            {
                "type": "scatter",
                "mode": "lines",
                "x": canvas.days(known["day"]),
                "y": known["rate"].to_numpy(dtype=float),
                "line": {"color": palette.RATE, "width": 2.5, "shape": "hv"},
                "customdata": known[["defective", "orders", "assumed_orders"]].to_numpy(),
                "hovertemplate": "%{x|%d %b %Y}: %{y:.2%}<br>%{customdata[0]:,} of "
                "%{customdata[1]:,}, of these %{customdata[2]:,} assumed<extra></extra>",
            },
            _moves(days, "leaving", -1, palette.UNDER),
            _moves(days, "entering_known", 1, palette.OVER),
        ],
        title=title,
        alt=f"{title}. The rate goes from {words.percent(known['rate'].iloc[0])} on "
        f"{words.day(known['day'].iloc[0])} to {words.percent(known['rate'].iloc[-1])} on "
        f"{words.day(known['day'].iloc[-1])}.",
        how=how,
        height=430,
        barmode="relative",
        xaxis=canvas.days_axis(anchor="y2"),
        yaxis=canvas.share_axis(
            top, domain=[0.38, 1], title={"text": f"rate of {profile.days} days"}
        ),
        yaxis2=canvas.axis(domain=[0, 0.26], zeroline=True, zerolinecolor=palette.GRID, nticks=4),
        shapes=[
            canvas.across(limit, f"limit {words.short_percent(profile.limit)}"),
            *_turn(roll_off, known),
        ],
        annotations=[
            canvas.label(
                f"{canvas.square(palette.UNDER, 'defective orders leaving')}   "
                f"{canvas.square(palette.OVER, 'known ones entering')}",
                xref="paper",
                x=0,
                xanchor="left",
                yref="paper",
                y=0.26,
                yanchor="bottom",
            )
        ],
    )


def _turn(roll_off: RollOff, known: pd.DataFrame) -> list[dict[str, Any]]:
    """The day on which the answer changes, named on the side where there is room."""
    back, breach = roll_off.back_under_limit_on, roll_off.breach_on
    turn = back or breach
    if turn is None:
        return []
    said = f"{'inside from' if back else 'over on'} {words.short_day(turn)}"
    early = pd.Timestamp(turn) - known["day"].iloc[0] < known["day"].iloc[-1] - pd.Timestamp(turn)
    colour = palette.UNDER if back else palette.OVER
    return [canvas.down(turn, said, colour, "left" if early else "right")]


def _moves(days: pd.DataFrame, column: str, sign: int, colour: str) -> dict[str, Any]:
    """Bars of how many defective orders leave (down) or enter (up), with their ids on hover."""
    moving = days[days[column].str.len() > 0]
    return {
        "type": "bar",
        "x": canvas.days(moving["day"]),
        "y": (sign * moving[column].str.len()).to_numpy(dtype=float),
        "yaxis": "y2",
        "marker": {"color": colour},
        "customdata": [
            f"{words.count(len(ids), 'defective order')} "
            f"{'leaving' if sign < 0 else 'entering'}:<br>{'<br>'.join(_ids(ids))}"
            for ids in moving[column]
        ],
        "hovertemplate": "%{x|%d %b %Y}<br>%{customdata}<extra></extra>",
    }


def _ids(ids: list[str]) -> list[str]:
    """The first few order ids, and how many more there are."""
    return [*ids[:5], *([f"{len(ids) - 5:,} more"] if len(ids) > 5 else [])]
