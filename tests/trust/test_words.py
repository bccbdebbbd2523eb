"""Words from outside stay words: on the page, in a saved table, on a terminal, in a plan."""

from __future__ import annotations

import csv
import io
import json

import nbformat
import pandas as pd
import pytest

from odrlib.figures.lettering import plain as plain_letters
from odrlib.harmless import json_text, seen
from odrlib.plain import csv_text, is_formula
from odrlib.poa.markdown import escaped
from odrlib.report import show
from odrlib.report.exporter import ReportExporter
from tests.trust.planting import FORMULAS, ODD, PAYLOADS, SCRIPTS


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(words):
    text = csv_text(pd.DataFrame({words: [words, "2-1"], "number": [-1.5, 2]}))

    header, first, second = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert ["'" + words, "number"] == header
    assert ["'" + words, "-1.5"] == first
    assert ["2-1", "2.0"] == second


def test_a_number_below_zero_and_plain_words_are_no_formula():
    assert [True, False, False] == [is_formula("=1"), is_formula("a = b"), is_formula("1-1")]


@pytest.mark.parametrize("words", ODD[:3])
def test_nothing_steers_a_terminal(words):
    assert seen(words).isprintable()
    assert json_text({"file": words}).replace("\n", "").isprintable()
    assert {"file": words} == json.loads(json_text({"file": words}))
    text = csv_text(pd.DataFrame({words: [words]}))
    assert text.strip("\ufeff").replace("\r\n", "").isprintable()


@pytest.mark.parametrize("words", SCRIPTS)
def test_plotly_takes_no_words_for_markup(words):
    assert "<" not in plain_letters(words)


def test_a_link_in_a_plan_is_words():
    assert "](" not in escaped(SCRIPTS[7])


def test_a_page_of_payloads_holds_no_element_of_theirs_and_turns_no_line_round():
    frame = pd.DataFrame({"words": PAYLOADS})
    data = [
        each._repr_mimebundle_()
        for each in (show.table(frame, PAYLOADS[0]), *map(show.say, PAYLOADS), show.end())
    ]
    outputs = [nbformat.v4.new_output("display_data", data=one) for one in data]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=outputs)])

    html, _ = ReportExporter().from_notebook_node(nb, {"odr": {"name": PAYLOADS[1]}})

    body = html[html.index("<body") :]
    assert all(f"<{name}" not in body for name in ("img", "iframe", "svg onload", 'a href="http'))
    assert body.count("<script") == 2  # the packed data and the page's own
    assert not set(html) & set("\x00\x1b\x9b\u202e\u2066")
