"""A drawing: plain data for a page, and a figure of plotly's for who asks plotly."""

from __future__ import annotations

import json
import pickle

from plotly.io.json import to_json_plotly

from odrlib.figures import drawing
from tests.test_figures import every_figure


def as_json(drawn: dict) -> dict:
    """As the page gets it: each sets its own template."""
    said = json.loads(to_json_plotly(drawn))
    del said["layout"]["template"]
    return said


def test_plotly_builds_from_each_figure_what_the_page_draws():
    for figure in every_figure():
        plain = as_json(drawing.plain(figure))

        assert plain == as_json(figure.to_plotly_json())


def test_a_figure_that_was_changed_is_drawn_as_changed():
    figure = every_figure()[0]

    figure.layout.height = 100

    assert 100 == drawing.plain(figure)["layout"]["height"]


def test_a_figure_survives_a_journey_to_another_process():
    figure = every_figure()[0]

    arrived = pickle.loads(pickle.dumps(figure))

    assert arrived == figure
    assert drawing.about(arrived) == drawing.about(figure) == figure.layout.meta


def test_a_name_that_no_figure_has_is_an_error():
    figure = every_figure()[0]

    assert not hasattr(figure, "nothing_of_the_kind")
