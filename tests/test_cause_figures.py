"""The figures about causes, through their data: what is drawn, and what is not drawn as healthy."""

from __future__ import annotations

import json
from html import unescape
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import figures, palette
from odrlib.figures import forest, lettering
from odrlib.policy import BRIEF
from tests.cause_tables import (
    CATEGORIES,
    CHANGES,
    CLEARED,
    GRID,
    HAPPENINGS,
    NOWCAST,
    PATH,
    SCENARIOS,
    SLOW,
    THEMES,
    WEEKS,
)


def notes(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def names(figure) -> list[str]:
    """The names of the rows, in their order from above."""
    placed = [note for note in figure.layout.annotations if note.yref == "y"]
    return [note.text for note in sorted(placed, key=lambda note: (note.y, -note.yshift))]


HOSTILE = [
    lambda: figures.plot_drill_down(PATH),
    lambda: figures.plot_grid(GRID, "carrier", "sku"),
    lambda: figures.plot_changes(WEEKS, CHANGES, HAPPENINGS),
    lambda: figures.plot_categories(CATEGORIES.assign(title=SLOW)),
    lambda: figures.plot_themes(THEMES.assign(title=SLOW)),
    lambda: figures.plot_what_if(SCENARIOS),
    lambda: figures.plot_cleared(CLEARED),
]


@pytest.mark.parametrize("draw", HOSTILE)
def test_words_from_files_are_never_markup(draw):
    figure = draw()
    figure.layout.meta = None  # the page escapes these itself
    drawn = json.dumps(figure.to_plotly_json(), default=list)

    assert SLOW not in drawn
    assert "&lt;b&gt;Slow" in drawn


# -- rows ---------------------------------------------------------------------------------------


def test_a_long_name_takes_two_lines_and_makes_the_rows_higher():
    long = (
        "carrier = China Post × ship service = Standard × order week = 2026-W31 × state = CA " * 2
    )

    assert forest.lines_of("carrier = China Post") == 1
    assert forest.lines_of(long) == 2
    assert forest.in_lines(long).endswith(" …")
    assert forest.height(["a", long]) > forest.height(["a", "b"])


@given(st.text(max_size=300), st.integers(2, 60), st.integers(1, 4))
def test_no_line_of_a_name_is_longer_than_its_place(name, width, most):
    lines = forest.in_lines(name, width, most).split("<br>")

    assert len(lines) <= most
    assert max(lettering.letters(unescape(line)) for line in lines) <= width


def test_a_name_that_fits_loses_nothing():
    name = "carrier = China Post × order week = 2026-W31"

    assert forest.in_lines(name, 24).replace("<br>", " ") == name
    assert (
        forest.in_lines("追跡できない普通郵便に切り替え", 20)
        == "追跡できない普通郵便<br>に切り替え"
    )


# -- the path -----------------------------------------------------------------------------------


def test_each_step_has_a_bar_of_the_orders_and_one_of_the_defects_kept():
    orders, defects = figures.plot_drill_down(PATH).data

    assert list(orders.x) == [1, 0.25, 0.2]
    assert list(defects.x) == [1, 0.9, 0.8]
    assert list(orders.text)[1] == "25% of the orders"
    assert list(defects.text)[1] == "90% of the defective orders"


def test_the_steps_are_named_from_above_with_their_counts():
    assert names(figures.plot_drill_down(PATH)) == [
        "All orders: 10 of 200 defective (5.00%)",
        "Carrier &lt;b&gt;Slow&lt;/b&gt;: 9 of 50 defective (18.00%)",
        "And SKU A: 8 of 40 defective (20.00%)",
    ]


# -- the grid -----------------------------------------------------------------------------------


def test_a_pair_without_orders_is_blank_and_not_zero():
    """Fast never carried B; the lines between hold the names."""
    cells, text = figures.plot_grid(GRID, "carrier", "sku").data

    assert [list(line) for line in cells.z][1::2] == [[6.0, 0.5], [-6.5, None]]
    assert [list(line) for line in cells.z][::2] == [[None, None], [None, None]]
    assert list(text.text) == ["▲<b>8</b><br>40", "<b>1</b><br>(10)", "▼<b>1</b><br>150", ""]


def test_more_and_fewer_have_the_same_colour_scale_around_the_middle():
    cells = figures.plot_grid(GRID, "carrier", "sku").data[0]

    assert (cells.zmin, cells.zmax) == (-6.5, 6.5)


def test_large_counts_fit_a_cell():
    grid = GRID.assign(orders=[999, 1_234, 12_345, 2_500_000])

    assert [text.split("<br>")[1] for text in figures.plot_grid(grid, "a", "b").data[1].text] == [
        "999", "(1.2k)", "12k", "2.5M",
    ]  # fmt: skip


# -- changes ------------------------------------------------------------------------------------


def test_a_level_runs_from_change_to_change():
    figure = figures.plot_changes(WEEKS, CHANGES)
    levels = figure.data[3:]

    assert [level.y[0] for level in levels] == [0.005, 0.02, 0.01]
    assert [(level.x[0], level.x[2]) for level in levels] == [
        ("2026-01-05", "2026-02-02"),
        ("2026-02-02", "2026-03-16"),
        ("2026-03-16", "2026-06-08"),
    ]
    assert [level.line.color for level in levels] == [palette.INK, palette.OVER, palette.UNDER]


def test_the_band_of_a_change_holds_the_whole_last_day_of_its_interval():
    shapes = figures.plot_changes(WEEKS, CHANGES).layout.shapes

    assert [(band.x0, band.x1) for band in shapes if band.type == "rect"] == [
        ("2026-01-30", "2026-02-07"),
        ("2026-03-16", "2026-03-17"),
    ]


def test_a_slice_that_is_new_has_no_level_before():
    new = CHANGES.iloc[:1].assign(rate_before=np.nan, direction="new")

    assert len(figures.plot_changes(WEEKS, new).data) == 4


def test_an_event_is_marked_once_and_full_only_if_it_may_explain_a_change():
    full, empty = figures.plot_changes(WEEKS, CHANGES, HAPPENINGS).data[-2:]

    assert (full.marker.symbol, list(full.x), list(full.text)) == ("circle", ["2026-02-01"], ["1"])
    assert (empty.marker.symbol, list(empty.x)) == ("circle-open", ["2026-02-20"])
    assert list(empty.text) == ["2"]


def test_events_outside_the_time_or_without_a_day_are_told_without_a_mark():
    listed = [
        text.replace("<br>", " ")
        for text in notes(figures.plot_changes(WEEKS, CHANGES, HAPPENINGS))
    ]

    assert listed == [
        "rate of each week, with its 95% interval",
        "– 1 January 2020: Opened · too early by itself",
        "① 1 February: Switched to &lt;b&gt;Slow&lt;/b&gt; · may explain it",
        "② 20 February: Lot 7 received · came after",
        "– an unknown day: Somebody left · date missing",
    ]


def test_a_long_event_is_cut_but_never_what_it_has_to_do_with_the_change():
    long = HAPPENINGS.iloc[2:3].assign(what="普通郵便に切り替えた。" * 20)
    said = notes(figures.plot_changes(WEEKS, CHANGES, long))[1].replace("<br>", " ")

    assert said.endswith("… · came after")


def test_the_whole_relation_of_an_event_to_its_change_is_told_under_the_pointer():
    mark = figures.plot_changes(WEEKS, CHANGES, HAPPENINGS).data[-1]

    assert mark.customdata[0] == (
        "20 February 2026: Lot 7 received · came 18 days after the change of 2 February"
    )


def test_marks_close_in_time_stand_in_different_lanes():
    close = HAPPENINGS.iloc[[0, 2]].assign(date=pd.Timestamp("2026-02-01"), relation="came after")
    apart = close.assign(date=pd.to_datetime(["2026-02-01", "2026-05-01"]))

    assert list(figures.plot_changes(WEEKS, CHANGES, close).data[-1].y) == [0, 1]
    assert list(figures.plot_changes(WEEKS, CHANGES, apart).data[-1].y) == [0, 0]


def test_changes_and_events_of_other_slices_and_clocks_are_left_out():
    figure = figures.plot_changes(WEEKS, CHANGES, HAPPENINGS, of="carrier = Fast")

    assert len(figure.data) == 3
    assert notes(figure) == ["rate of each week, with its 95% interval"]
    assert figures.plot_changes(WEEKS, CHANGES, clock="ship day").layout.shapes == ()


def test_weeks_that_still_fill_are_marked():
    shade = figures.plot_changes(WEEKS, CHANGES, filling_from="2026-05-01").layout.shapes[0]

    assert (shade.x0, shade.x1, shade.label.text) == ("2026-05-01", "2026-06-08", "still arriving")


def test_a_week_without_orders_is_a_gap_in_the_line():
    line = figures.plot_changes(WEEKS.assign(rate=WEEKS["rate"].where(WEEKS.index != 2)), CHANGES)

    assert line.data[2].y[2] is None
    assert line.data[2].connectgaps is None


# -- what is still to come ----------------------------------------------------------------------


def test_the_counted_rate_stays_and_the_forecast_is_put_on_top():
    counted, to_come, interval = figures.plot_nowcast(NOWCAST).data

    assert list(counted.y) == pytest.approx([0.01, 0.005, 0])
    assert list(to_come.y) == pytest.approx([0.0055, 0.01])
    assert list(interval.y) == pytest.approx([0.0105, 0.01])
    assert list(interval.error_y.array) == pytest.approx([0.0145, 0.02])
    assert list(interval.error_y.arrayminus) == pytest.approx([0.0055, 0.01])


def test_weeks_without_a_forecast_are_grey_and_not_low():
    told = NOWCAST["mature"]
    refused = NOWCAST.assign(
        **{
            name: NOWCAST[name].where(told)
            for name in NOWCAST
            if name.endswith(("expected", "low", "high"))
        }
    )
    (counted,) = figures.plot_nowcast(refused).data

    assert list(counted.marker.color) == [palette.RATE, palette.UNKNOWN, palette.UNKNOWN]


# -- categories and themes ----------------------------------------------------------------------


def test_the_bars_of_the_categories_add_up_to_the_defects():
    figure = figures.plot_categories(CATEGORIES)
    bars = [trace for trace in figure.data if trace.type == "bar"]

    assert sum(sum(bar.x) for bar in bars) == CATEGORIES["defects"].sum()
    assert list(bars[-1].x) == [2]
    assert bars[-1].marker.color == palette.UNKNOWN


def test_categories_stand_under_their_topic_and_the_unexplained_last():
    assert names(figures.plot_categories(CATEGORIES)) == [
        "<b>Not received or late</b>",
        "Untracked · 2 strong, 1 likely, 1 weak",
        "Slow lane · 1 likely",
        "<b>Defective or not as described</b>",
        "Bad lot · 3 strong",
        "Unexplained",
    ]


def test_themes_are_bars_with_their_orders_and_share():
    bars, text = figures.plot_themes(THEMES).data

    assert list(bars.x) == [6, 5]
    assert [each.strip() for each in text.text] == ["6 (60%)", "5 (50%)"]


# -- what if, cleared ---------------------------------------------------------------------------


def test_a_scenario_has_the_colour_of_its_standing_and_unknown_is_not_healthy():
    figure = figures.plot_what_if(SCENARIOS)

    assert [(dots.marker.color, dots.x) for dots in figure.data[2:-1]] == [
        (palette.OVER, (0.015, 0.013)),
        (palette.UNDER, (0.008,)),
        (palette.UNKNOWN, (0.012,)),
    ]
    assert names(figure)[0] == "As it is · inside from 1 May 2026"


def test_the_limit_and_the_rate_as_it_is_are_drawn_through_all_rows():
    figure = figures.plot_what_if(SCENARIOS, BRIEF)
    limit, now = figure.data[:2]

    assert (limit.x[0], now.x[0]) == (0.01, 0.015)
    assert notes(figure)[:2] == ["limit 1%", "the rate as it is"]


def test_an_upright_line_leaves_a_gap_at_every_name():
    line = figures.plot_what_if(SCENARIOS).data[0]
    ends = [(line.y[at], line.y[at + 1]) for at in range(0, len(line.y), 3)]

    assert len(ends) == len(SCENARIOS)
    assert all(low < high for low, high in ends)
    assert all(above[1] < below[0] for above, below in pairwise(ends))


def test_a_cleared_suspect_shows_its_rate_the_rate_elsewhere_and_what_explains_it():
    figure = figures.plot_cleared(CLEARED)
    explained, alone = figure.data
    strokes = [line for line in figure.layout.shapes if line.x0 == line.x1]

    assert list(explained.x) == pytest.approx([0.055, 0.042])
    assert list(alone.x) == [0.06, 0.04]
    assert [stroke.x0 for stroke in strokes] == [0.01, 0.012]
    assert [note.split("> ")[-1] for note in notes(figure)[2:]] == [
        "1.00% elsewhere", "1.20% elsewhere"
    ]  # fmt: skip


def test_only_the_first_suspects_are_drawn():
    assert len(figures.plot_cleared(pd.concat([CLEARED] * 10), top=12).data[1].x) == 12
