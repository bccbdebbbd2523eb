"""Figures, looked at through their data: what is drawn, in which order, and what it says."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import figures, palette
from odrlib.breakdown import composition, rate_by
from odrlib.causes.cause import Cause, causes_table
from odrlib.causes.crossed import rate_grid
from odrlib.causes.drill import drill_down, weekly_rate
from odrlib.figures import canvas, lettering
from odrlib.figures.margins import margins
from odrlib.policy import AMAZON, BRIEF
from odrlib.rates import Rate, rolling_rate
from odrlib.report.page import OURS
from odrlib.rolloff import roll_off
from tests.cause_tables import (
    CATEGORIES,
    CHANGES,
    CLEARED,
    GRID,
    HAPPENINGS,
    NOWCAST,
    ORDERS,
    SCENARIOS,
    SLOW,
    THEMES,
    WEEKS,
)


def orders(*days: tuple[str, int, int], carrier: str = "USPS") -> pd.DataFrame:
    """Orders of each day and how many of them carry a claim, which arrives ten days later."""
    rows = [
        {"order_id": f"{day}-{place}", "day": pd.Timestamp(day), "claim": place < bad}
        for day, total, bad in days
        for place in range(total)
    ]
    table = pd.DataFrame(rows, columns=["order_id", "day", "claim"])
    table["day"] = table["day"].astype("datetime64[s]")
    return table.assign(
        claim=table["claim"].astype(bool),
        defective=table["claim"].astype(bool),
        defects=table["claim"].astype("int64"),
        arrived_on=(table["day"] + pd.Timedelta(days=10)).where(table["claim"].astype(bool)),
        carrier=carrier,
    )


def texts(figure) -> list[str]:
    """All words on a figure outside its traces."""
    shapes = [shape.label.text for shape in figure.layout.shapes if shape.label.text]
    return shapes + [note.text for note in figure.layout.annotations]


HISTORY = orders(("2026-01-05", 100, 0), ("2026-02-02", 100, 3), ("2026-04-06", 200, 1))
CAUSE = Cause(
    where={"carrier": "China Post", "sku": "<b>A</b>"},
    orders=1_500,
    defective=30,
    expected=6.1,
    excess=23.9,
    low=14.0,
    high=36.0,
    rate=0.02,
    rate_elsewhere=0.004,
    p_value=1e-9,
    q_value=1e-6,
)
RELATED = pd.DataFrame(
    {
        "title": ["Late shipment rate", "Valid tracking rate", "On-time delivery rate"],
        "days": [10, 30, 14],
        "events": pd.array([12, 1_100, None], dtype="Int64"),
        "orders": pd.array([400, 1_200, None], dtype="Int64"),
        "rate": [0.03, 1_100 / 1_200, np.nan],
        "low": [0.017, 0.90, np.nan],
        "high": [0.052, 0.93, np.nan],
        "limit": [0.04, 0.95, 0.90],
        "direction": ["below", "at least", "at least"],
        "status": ["met", "missed", "unknown"],
    }
)


def every_figure() -> list:
    rolling = rolling_rate(HISTORY)
    return [
        figures.plot_rate(rolling),
        figures.plot_calendar(rolling),
        figures.plot_kinds(composition(HISTORY), composition(HISTORY, time="arrival_week")),
        figures.plot_composition(composition(HISTORY, "carrier"), "carrier"),
        figures.plot_rate_by(rate_by(HISTORY, "carrier"), "carrier"),
        figures.plot_causes(causes_table([CAUSE])),
        figures.plot_roll_off(roll_off(HISTORY, as_of=date(2026, 4, 6), lag=0)),
        figures.plot_related(RELATED),
        # Its conditions are words, so they are made in the language that is spoken.
        figures.plot_drill_down(drill_down(ORDERS, {"carrier": SLOW, "sku": "A"})),
        figures.plot_grid(GRID, "carrier", "sku"),
        figures.plot_changes(WEEKS, CHANGES, HAPPENINGS),
        figures.plot_nowcast(NOWCAST),
        figures.plot_categories(CATEGORIES),
        figures.plot_themes(THEMES),
        figures.plot_what_if(SCENARIOS),
        figures.plot_cleared(CLEARED),
    ]


def figures_of_nothing() -> list:
    none = orders()
    rolling = rolling_rate(none)
    return [
        figures.plot_rate(rolling),
        figures.plot_calendar(rolling),
        figures.plot_kinds(composition(none), composition(none, time="arrival_week")),
        figures.plot_composition(composition(none, "carrier"), "carrier"),
        figures.plot_rate_by(rate_by(none, "carrier"), "carrier"),
        figures.plot_causes(causes_table([])),
        figures.plot_roll_off(roll_off(none, as_of=date(2026, 4, 6), lag=0)),
        figures.plot_related(RELATED.iloc[:0]),
        figures.plot_drill_down(drill_down(none, {})),
        figures.plot_grid(rate_grid(none, "carrier", "carrier"), "carrier", "carrier"),
        figures.plot_changes(weekly_rate(none), CHANGES.iloc[:0]),
        figures.plot_nowcast(NOWCAST.iloc[:0]),
        figures.plot_categories(CATEGORIES.iloc[:0]),
        figures.plot_themes(THEMES.iloc[:0]),
        figures.plot_what_if(SCENARIOS.iloc[:0]),
        figures.plot_cleared(CLEARED.iloc[:0]),
    ]


# -- what all figures share ---------------------------------------------------------------------


def test_every_figure_says_its_finding_its_words_and_how_it_was_counted():
    about = [figure.layout.meta for figure in every_figure()]

    assert all(each["title"] and each["alt"] and len(each["how"]) > 60 for each in about)


def test_only_traces_of_the_small_bundle_are_drawn():
    assert {trace.type for figure in every_figure() for trace in figure.data} <= OURS


def test_axes_without_numbers_need_no_room():
    bare = {"xaxis": canvas.hidden_axis(), "yaxis": canvas.hidden_axis()}

    assert margins(bare) == {"l": 8, "r": 16, "b": 8}


def test_days_and_a_title_below_an_axis_need_more_room_than_its_numbers():
    plain, days, titled = (
        margins({"xaxis": axis})["b"]
        for axis in (canvas.axis(), canvas.days_axis(), canvas.axis(title={"text": "rate"}))
    )

    assert plain < days < titled


def test_what_a_figure_says_about_its_margins_stands():
    assert margins({"xaxis": {}, "margin": {"b": 96, "t": 12}})["b"] == 96


def test_no_figure_needs_a_legend_or_a_ground_of_its_own():
    assert not any(figure.layout.showlegend for figure in every_figure())
    assert {figure.layout.paper_bgcolor for figure in every_figure()} == {None}


def test_a_table_without_rows_gives_a_figure_that_says_so():
    assert all(not figure.data for figure in figures_of_nothing())
    assert all(figure.layout.meta["title"] for figure in figures_of_nothing())


def test_no_figure_carries_the_big_template():
    assert max(len(figure.to_json()) for figure in every_figure()) < 16_000


@given(st.text(max_size=80))
def test_a_name_from_a_file_is_text_and_never_markup(name):
    said = lettering.brief(name)

    assert "<" not in said
    assert ">" not in said


@given(st.integers(1, 40))
def test_panels_fill_the_figure_without_overlap(panels):
    ends = [axis["domain"] for axis in canvas.stacked_axes(panels).values()]

    assert ends[0][1] == 1
    assert ends[-1][0] == 0
    assert all(0 <= low < high <= 1 for low, high in ends)
    assert all(above[0] >= below[1] for above, below in pairwise(ends))


# -- the rate -----------------------------------------------------------------------------------


def test_the_rate_line_is_the_table_thin_until_the_first_full_window():
    rolling = rolling_rate(HISTORY)
    thin, full = figures.plot_rate(rolling).data[2:4]
    drawn = [*thin.y[:-1], *full.y]

    assert (thin.x0, full.x0) == ("2026-01-05", "2026-03-05")
    assert thin.y[-1] == full.y[0]
    assert [np.nan if y is None else y for y in drawn] == pytest.approx(
        list(rolling["rate"]), rel=1e-3, nan_ok=True
    )


def test_the_limit_of_the_profile_is_drawn():
    figure = figures.plot_rate(rolling_rate(HISTORY, BRIEF), BRIEF)

    assert figure.layout.shapes[0].y0 == 0.01
    assert "limit 1%" in texts(figure)


def test_each_run_of_days_over_is_one_shade():
    """3 bad orders of 2 February: over from the first full window until they leave it."""
    figure = figures.plot_rate(rolling_rate(HISTORY))
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]

    assert [(str(shade.x0)[:10], str(shade.x1)[:10]) for shade in shades] == [
        ("2026-03-04", "2026-04-02")
    ]


def test_the_window_that_ends_before_the_last_day_is_marked():
    figure = figures.plot_rate(rolling_rate(HISTORY), at=date(2026, 3, 20))

    assert "window ends 20 March" in texts(figure)


def test_a_rate_without_all_kinds_is_neither_healthy_nor_whole():
    figure = figures.plot_rate(rolling_rate(HISTORY), unknown=["chargeback"])

    assert figure.layout.meta["title"].startswith("Without the chargebacks, which no file tells, ")
    assert figure.data[-1].marker.color == palette.UNKNOWN


def test_events_stand_at_their_day_and_those_outside_are_left_out():
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-03-01", "2019-01-01"]),
            "kind": ["carrier", "price"],
            "what": ["Switched carrier", "Long ago"],
        }
    )
    figure = figures.plot_rate(rolling_rate(HISTORY), events=events)

    assert [(trace.x, trace.text) for trace in figure.data if trace.yaxis == "y2"] == [
        (("2026-03-01",), ("1",))
    ]
    assert texts(figure)[-1] == "① 1 March: Switched carrier"
    assert "1 March 2026: Switched carrier." in figure.layout.meta["alt"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda events: figures.plot_rate(rolling_rate(HISTORY), events=events),
        lambda events: figures.plot_kinds(composition(HISTORY), events=events),
        lambda events: figures.plot_composition(composition(HISTORY, "carrier"), "carrier", events),
        lambda events: figures.plot_nowcast(NOWCAST, events),
    ],
)
def test_every_figure_over_time_marks_the_events_of_the_ledger(draw):
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-20", "2026-01-06"]),
            "kind": ["listing", "carrier"],
            "what": ["<b>Title</b> edited", None],
        }
    )
    figure = draw(events)

    assert texts(figure)[-2:] == [
        "① 6 January: carrier", "② 20 January: &lt;b&gt;Title&lt;/b&gt; edited"
    ]  # fmt: skip
    assert "20 January 2026: <b>Title</b> edited." in figure.layout.meta["alt"]


def test_words_beside_a_line_stand_where_the_curve_is_far():
    rising = [0.001 * step for step in range(21)]

    assert canvas.quiet(rising, 0.01, 0.02)[0] in ("start", "end")
    assert canvas.quiet([0.0101] * 5 + [0.001] * 15, 0.01, 0.02)[0] != "start"


def test_the_calendar_has_a_row_per_month_and_leaves_days_without_a_rate_empty():
    """The first full window ends on 5 March; from 3 to 5 April no order is in one."""
    cells = figures.plot_calendar(rolling_rate(HISTORY)).data[0]

    assert list(cells.y) == ["Apr 2026", "Mar 2026"]
    assert cells.z[1][3] is None
    assert cells.z[1][4] == 1
    assert cells.z[0][2] is None
    assert sum(over for row in cells.z for over in row if over) == 29


def test_the_calendar_counts_the_days_over_of_each_month_in_numbers():
    figure = figures.plot_calendar(rolling_rate(HISTORY))

    assert texts(figure) == ["2 over", "27 over"]


# -- what the defects are made of ---------------------------------------------------------------


def test_a_kind_has_bars_by_order_week_and_a_line_by_arrival_week():
    figure = figures.plot_kinds(composition(HISTORY), composition(HISTORY, time="arrival_week"))
    bars, line = figure.data

    assert (bars.type, bars.yaxis, line.mode, line.yaxis) == ("bar", "y", "lines", "y")
    assert (sum(bars.y), sum(line.y)) == (4, 4)
    assert bars.marker.color == palette.KINDS["claim"]


def test_each_kind_has_its_own_row_under_its_name_on_one_scale():
    both = HISTORY.assign(chargeback=HISTORY["claim"])
    figure = figures.plot_kinds(composition(both))

    assert [trace.yaxis for trace in figure.data] == ["y", "y2"]
    assert texts(figure)[1:] == ["<b>A-to-z claims</b>   4", "<b>Chargebacks</b>   4"]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range


def test_defects_of_unknown_arrival_are_said_and_not_lost():
    lost = HISTORY.assign(arrived_on=HISTORY["arrived_on"].where(HISTORY["day"] < "2026-04-01"))
    figure = figures.plot_kinds(composition(lost), composition(lost, time="arrival_week"))

    assert texts(figure)[1] == "<b>A-to-z claims</b>   4 (1 on an unknown day)"


def test_a_composition_has_one_row_per_group_on_one_scale():
    table = pd.concat([HISTORY, orders(("2026-02-02", 50, 2), carrier="Yanwen")])
    figure = figures.plot_composition(composition(table, "carrier"), "carrier")

    assert texts(figure) == [
        "<b>Yanwen</b>   2 of 50 (4.00%; 1.10-13.46%)",
        "<b>USPS</b>   4 of 400 (1.00%; 0.39-2.54%)",
    ]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range


def test_a_group_without_a_defective_order_has_no_row_and_is_not_lost():
    table = pd.concat([HISTORY, orders(("2026-02-02", 50, 0), carrier="Yanwen")])
    figure = figures.plot_composition(composition(table, "carrier"), "carrier")

    assert texts(figure)[1:] == ["Without a defective order: Yanwen (50 orders)"]


def test_groups_stand_in_the_order_of_the_table_with_their_counts():
    table = pd.concat([HISTORY, orders(("2026-02-02", 50, 10), carrier="Yanwen")])
    figure = figures.plot_rate_by(rate_by(table, "carrier"), "carrier")

    assert texts(figure) == ["all orders 3.11%", "limit 1%", "Yanwen", "USPS"]
    assert [text.strip() for text in figure.data[-1].text] == ["10 of 50 →", "4 of 400"]
    assert [(dot.marker.color, dot.y) for dot in figure.data[2:4]] == [
        (palette.OVER, (0,)),
        (palette.RATE, (1,)),
    ]


def test_an_interval_beyond_the_edge_says_that_it_goes_on():
    table = pd.concat([HISTORY, orders(("2026-02-02", 3, 1), carrier="Yanwen")])
    figure = figures.plot_rate_by(rate_by(table, "carrier", min_orders=1), "carrier")
    said = dict(zip(texts(figure)[2:], figure.data[-1].text, strict=True))

    assert said["Yanwen"].strip() == "1 of 3 →"
    assert said["USPS"].strip() == "4 of 400"


def test_no_words_of_a_row_begin_left_of_an_upright_line():
    table = pd.concat([HISTORY, orders(("2026-02-02", 50, 10), carrier="Yanwen")])
    figure = figures.plot_rate_by(rate_by(table, "carrier"), "carrier")

    assert min(figure.data[-1].x) >= max(figure.data[0].x[0], figure.data[1].x[0])


def test_a_part_of_the_groups_is_compared_with_all_orders():
    table = rate_by(HISTORY, "carrier")
    figure = figures.plot_rate_by(table, "carrier", overall=Rate(4, 4_000))

    assert "all orders 0.10%" in texts(figure)


# -- causes, roll-off, related ------------------------------------------------------------------


def test_a_cause_is_a_point_with_its_interval_and_counts():
    figure = figures.plot_causes(causes_table([CAUSE]))

    point, words_ = figure.data
    assert list(point.x) == [23.9]
    assert (point.error_x.arrayminus[0], point.error_x.array[0]) == pytest.approx((9.9, 12.1))
    assert words_.text[0].strip() == "30 of 1,500"
    assert texts(figure) == ["Carrier China Post and SKU &lt;b&gt;A&lt;/b&gt;"]


def test_only_the_first_causes_are_drawn():
    figure = figures.plot_causes(causes_table([CAUSE] * 15), top=10)

    assert len(figure.data[-1].text) == 10


def test_the_roll_off_names_the_orders_that_leave_on_hover():
    table = orders(("2026-01-01", 100, 3), ("2026-02-01", 100, 0))
    figure = figures.plot_roll_off(
        roll_off(table, AMAZON, as_of=date(2026, 2, 1), lag=0, orders_per_day=1)
    )
    leaving = figure.data[1]

    assert list(leaving.x) == ["2026-03-02"]
    assert list(leaving.y) == [-3]
    assert leaving.customdata[0].startswith("3 defective orders leaving:<br>2026-01-01-0")
    assert "inside from 2 March" in texts(figure)


def test_a_measure_that_must_be_high_is_drawn_as_what_it_lacks():
    figure = figures.plot_related(RELATED)

    met, missed = figure.data[1:3]
    assert (met.x[0], missed.x[0]) == pytest.approx((0.03, 100 / 1_200), rel=1e-3)
    assert list(figure.data[0].x[::3]) == pytest.approx([0.04, 0.05, 0.10])


def test_an_unknown_measure_has_no_point():
    figure = figures.plot_related(RELATED)

    assert (figure.data[3].marker.color, figure.data[3].x) == (palette.UNKNOWN, (None,))
    assert "On-time delivery rate, 14 days: unknown" in texts(figure)


def test_a_page_that_says_the_title_itself_gets_the_drawing_without_its_room():
    figure = canvas.figure([], title="a " * 100, alt="b", how="c", height=300)
    layout = lettering.without_title(figure.to_plotly_json()["layout"])

    assert figure.layout.height == 300 + 3 * lettering.TITLE_LINE
    assert layout["height"] == 300
    assert {"title", "template", "meta"}.isdisjoint(layout)


def test_a_figure_of_somebody_else_keeps_its_height():
    assert lettering.without_title({"height": 500, "title": {"text": "x"}}) == {"height": 500}
    assert lettering.without_title({}) == {}


def test_every_measure_has_its_limit_in_numbers():
    assert figures.plot_related(RELATED).data[-1].text == ("limit 4%", "limit 95%", "limit 90%")


@pytest.mark.parametrize(
    ("top", "ticks"), [(0.05, None), (1, None), (2.2, [0, 0.25, 0.5, 0.75, 1])]
)
def test_no_axis_of_shares_has_a_tick_above_all(top, ticks):
    axis = canvas.share_axis(top)

    assert (top, ticks) == (axis["range"][1], axis.get("tickvals"))
