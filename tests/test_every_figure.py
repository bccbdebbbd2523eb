"""Every figure, of a normal, an empty, a tiny and an unknown store, in every language."""

from __future__ import annotations

import inspect
import json
import re
from datetime import date
from html import unescape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.io.json import to_json_plotly

from odrlib import figures, words
from odrlib.breakdown import composition, rate_by
from odrlib.causes.cause import causes_table
from odrlib.causes.crossed import rate_grid
from odrlib.causes.drill import drill_down, weekly_rate
from odrlib.languages import LANGUAGES, speaking
from odrlib.rates import rolling_rate
from odrlib.rolloff import roll_off
from tests.cause_tables import CATEGORIES, CHANGES, CLEARED, HAPPENINGS, NOWCAST, SCENARIOS, THEMES
from tests.test_figures import CAUSE, HISTORY, RELATED, every_figure, figures_of_nothing, orders

HOSTILE = "<b>Slow</b>"
EVENTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-01-06", "2026-01-07"]),
        "kind": ["carrier", None],
        "what": [f"Switched to {HOSTILE}", None],
    }
)
SILENT = HISTORY.drop(columns="claim").assign(defective=False, defects=0)
UNTOLD = RELATED.assign(status="unknown", rate=np.nan, low=np.nan, high=np.nan)
AS_OF = {"as_of": date(2026, 4, 6), "lag": 0}
# What the tables of the tests hold, which is never translated, and names that are names anywhere.
NAMES = [
    *(str(value) for table in (RELATED, SCENARIOS, CATEGORIES, THEMES, EVENTS, HAPPENINGS)
      for column in ("title", "scenario", "what", "kind") if column in table
      for value in table[column].dropna()),
    *CLEARED["suspect"], *CLEARED["because"], HOSTILE, "Slow", "Fast", "USPS", "Yanwen",
    "China Post", "Wilson", "SKU", "ASIN", "A-to-z",
]  # fmt: skip


def of_orders(table: pd.DataFrame) -> list:
    """Every figure that can be drawn of these orders."""
    rolling = rolling_rate(table)
    table = table.assign(tracked=np.where(table.index % 2, "yes", "no"))
    return [
        figures.plot_rate(rolling, events=EVENTS),
        figures.plot_calendar(rolling),
        figures.plot_kinds(composition(table), composition(table, time="arrival_week"), EVENTS),
        figures.plot_composition(composition(table, "carrier"), "carrier", EVENTS),
        figures.plot_rate_by(rate_by(table, "tracked"), "tracked"),
        figures.plot_rate_by(rate_by(table, "carrier"), "carrier"),
        figures.plot_causes(causes_table([CAUSE, CAUSE])),
        figures.plot_roll_off(roll_off(table, **AS_OF)),
        figures.plot_related(RELATED),
        figures.plot_drill_down(drill_down(table, {"tracked": "no", "carrier": HOSTILE})),
        figures.plot_grid(rate_grid(table, "carrier", "tracked"), "carrier", "tracked"),
        figures.plot_changes(weekly_rate(table), CHANGES, HAPPENINGS, filling_from="2026-01-10"),
        figures.plot_nowcast(NOWCAST, EVENTS),
        figures.plot_categories(CATEGORIES),
        figures.plot_themes(THEMES),
        figures.plot_what_if(SCENARIOS),
        figures.plot_cleared(CLEARED),
    ]


def of_twelve_orders() -> list:
    return of_orders(orders(("2026-01-05", 12, 2), carrier=HOSTILE))


def of_the_unknown() -> list:
    """No file tells a defect; nothing is known of what is still to come, nor of other measures."""
    missing = ["chargeback", "claim", "negative_feedback"]
    young = {name: np.nan for name in NOWCAST if name.endswith(("expected", "low", "high"))}
    rolling = rolling_rate(SILENT)
    return [
        figures.plot_rate(rolling, unknown=missing),
        figures.plot_calendar(rolling, unknown=missing),
        figures.plot_kinds(composition(SILENT)),
        figures.plot_composition(composition(SILENT, "carrier"), "carrier"),
        figures.plot_rate_by(rate_by(SILENT, "carrier"), "carrier"),
        figures.plot_causes(causes_table([])),
        figures.plot_roll_off(roll_off(SILENT, **AS_OF)),
        figures.plot_related(UNTOLD),
        figures.plot_drill_down(drill_down(SILENT, {"carrier": None})),
        figures.plot_grid(rate_grid(SILENT, "carrier", "carrier"), "carrier", "carrier"),
        figures.plot_changes(weekly_rate(SILENT), CHANGES.assign(rate_before=np.nan)),
        figures.plot_nowcast(NOWCAST.assign(mature=False, **young)),
        figures.plot_categories(CATEGORIES.iloc[3:]),
        figures.plot_themes(THEMES.iloc[:0]),
        figures.plot_what_if(SCENARIOS.assign(rate=np.nan, low=np.nan, high=np.nan)),
        figures.plot_cleared(CLEARED.assign(because="mild differences between levels")),
    ]  # fmt: skip


WORLDS = {
    "normal": every_figure,
    "hostile": lambda: of_orders(HISTORY.assign(carrier=HOSTILE)),
    "nothing": figures_of_nothing,
    "twelve orders": of_twelve_orders,
    "unknown": of_the_unknown,
}


def in_every_world(test):
    worlds = pytest.mark.parametrize("world", WORLDS)
    return worlds(pytest.mark.parametrize("language", LANGUAGES)(test))


def drawn(world: str, language: str) -> list:
    with speaking(language):
        return WORLDS[world]()


def words_of(figure) -> str:
    """All that a reader can read: beside the figure, on it, and under the pointer."""
    plain = figure.to_plotly_json()
    layout, meta = plain["layout"], plain["layout"]["meta"]
    axes = [value for key, value in layout.items() if "axis" in key]
    said = [
        *meta.values(),
        *(note["text"] for note in layout.get("annotations", ())),
        *(shape.get("label", {}).get("text", "") for shape in layout.get("shapes", ())),
        *(axis.get("title", {}).get("text", "") for axis in axes),
        *(str(tick) for axis in axes for tick in axis.get("ticktext", ())),
        *(text for trace in plain["data"] for text in _said(trace)),
    ]
    return re.sub(r"%\{[^}]*\}|</?[a-z][^>]*>", " ", "\n".join(said))


def _said(trace: dict) -> list[str]:
    """The words of a trace."""
    flat = json.dumps([trace.get("text"), trace.get("customdata"), trace.get("ticktext")],
                      ensure_ascii=False, default=list)  # fmt: skip
    return [flat.replace("null", ""), trace.get("hovertemplate", "")]


def test_every_public_figure_is_drawn_here():
    source = inspect.getsource(of_orders) + inspect.getsource(of_the_unknown)

    assert [name for name in figures.__all__ if source.count(f"{name}(") < 2] == []


@in_every_world
def test_every_figure_holds_only_what_plotly_knows_though_it_is_not_asked_at_each_drawing(
    world, language
):
    figures_here = drawn(world, language)
    as_drawn = [json.loads(to_json_plotly(figure.to_plotly_json())) for figure in figures_here]

    # It raises an error for a name or a value that it does not know; what is empty it leaves out.
    checked = [json.loads(to_json_plotly(go.Figure(plain).to_plotly_json())) for plain in as_drawn]

    assert [_filled(plain) for plain in checked] == [_filled(plain) for plain in as_drawn]


def _filled(drawing: dict) -> dict:
    layout = {name: part for name, part in drawing["layout"].items() if part != []}
    return drawing | {"layout": layout}


@in_every_world
def test_every_figure_has_a_title_a_text_alternative_and_how_it_was_counted(world, language):
    about = [figure.layout.meta for figure in drawn(world, language)]
    least = {"en": 60, "zh": 24}[language]

    assert all(each["title"] and len(each["how"]) > least for each in about)
    # The text alternative says more than the title, which stands above it.
    assert all(len(each["alt"]) > len(each["title"]) + 2 for each in about)


@in_every_world
def test_nothing_that_is_missing_is_written_or_drawn_as_a_number(world, language):
    for figure in drawn(world, language):
        json.dumps(figure.to_plotly_json()["data"], allow_nan=False, default=list)

        assert re.findall(r"\b(?:nan|NaN|NaT|<NA>)\b|\bNone\b(?! of)", words_of(figure)) == []


@in_every_world
def test_the_name_in_a_file_is_never_markup(world, language):
    for figure in drawn(world, language):
        figure.layout.meta = None  # the page escapes these itself

        assert HOSTILE not in json.dumps(figure.to_plotly_json(), default=list)


def squashed(text: str) -> str:
    """A text without its markup and its breaks."""
    return re.sub(r"\s+", " ", re.sub(r"</?[a-z][^>]*>", " ", unescape(text)))


@pytest.mark.parametrize("world", WORLDS)
def test_in_chinese_no_english_is_left_but_names(world):
    with speaking("zh"):
        # Sentences of other rooms, which have tests of their own.
        others = [words.related_sentence(row) for row in RELATED.to_dict("records")]
        others += [words.related_sentence(row) for row in UNTOLD.to_dict("records")]
        others += [said for table in (HISTORY, orders(("2026-01-05", 12, 2)), orders(), SILENT)
                   for said in roll_off(table, **AS_OF).assumptions]  # fmt: skip
    known = sorted({squashed(name).strip() for name in [*others, *NAMES]}, key=len, reverse=True)
    left = []
    for figure in drawn(world, "zh"):
        text = squashed(words_of(figure))
        for name in known:
            text = text.replace(name, " ")
        left += re.findall(r"[A-Za-z]{3,}", text)

    assert left == []


def test_in_chinese_the_axes_write_their_days_in_chinese():
    for figure in drawn("hostile", "zh"):
        axis = figure.layout.xaxis
        if axis.type == "date":
            assert [stop.value for stop in axis.tickformatstops] == [
                "%-m月%-d日",
                "%Y年%-m月",
                "%Y年",
            ]


def test_a_title_in_chinese_breaks_into_lines():
    with speaking("zh"):
        title = figures.plot_rate(rolling_rate(HISTORY)).layout.title.text

    assert title == (
        "截至 2026年4月6日的 60 天缺陷率为 0.50%，低于 1% 的限值；直到<br>2026年4月2日曾超过限值"
    )
