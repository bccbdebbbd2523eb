"""The colours: apart for colour-blind eyes, readable on both grounds, one for each thing."""

from __future__ import annotations

import json
import re
from itertools import combinations

import numpy as np
import pytest

from odrlib import palette
from odrlib.figures import drill
from odrlib.report.style import INKS
from tests.test_figures import every_figure

# What dichromats see, in linear light: Machado, Oliveira and Fernandes (2009), severity 1.
SEEN = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868],
         [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968],
         [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779],
         [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
# Colours that stand side by side in some figure.
TOGETHER = {
    "kinds": tuple(palette.KINDS.values()),
    "status": (palette.OVER, palette.UNDER, palette.UNKNOWN),
    "excess": (palette.OVER, palette.RATE, palette.UNKNOWN),
    "cleared": (palette.UNDER, palette.RATE),
}
# CIELAB difference: about 2.3 is just seen side by side; this is seen across a figure.
APART = 18.0
READABLE = 3.0  # WCAG 2.2, 1.4.11: graphics against their ground
TEXT = 4.5  # WCAG 2.2, 1.4.3: words against their ground


def linear(colour: str) -> np.ndarray:
    """The three lights of a colour, 0-1."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB of a light under D65."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375],
         [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    part = to_xyz @ light / np.array([0.95047, 1.0, 1.08883])
    root = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1-21 (WCAG 2.2)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    bright = sorted(float(weights @ linear(each)) for each in (one, other))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("group", TOGETHER)
def test_colours_that_stand_together_are_told_apart_by_all_eyes(group, eyes):
    seen = {colour: lab(np.clip(SEEN[eyes] @ linear(colour), 0, 1)) for colour in TOGETHER[group]}
    close = {
        pair: round(float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])), 1)
        for pair in combinations(seen, 2)
    }

    assert {pair: apart for pair, apart in close.items() if apart < APART} == {}


@pytest.mark.parametrize("ground", INKS)
def test_every_colour_has_contrast_on_both_grounds(ground):
    colours = {palette.OVER, palette.UNDER, palette.UNKNOWN, palette.RATE, *palette.KINDS.values()}
    low = {
        colour: round(contrast(colour, INKS[ground]["page"]), 2)
        for colour in colours
        if contrast(colour, INKS[ground]["page"]) < READABLE
    }

    assert low == {}


def test_words_inside_a_mark_are_read_on_its_colour():
    words = {
        (drill.WHITE, palette.OVER),
        (drill.DARK, palette.UNKNOWN),
        ("#ffffff", palette.EVENT),
        *((inks[name], inks["page"]) for inks in INKS.values() for name in ("ink", "soft")),
    }
    low = {pair: round(contrast(*pair), 2) for pair in words if contrast(*pair) < TEXT}

    assert low == {}


# -- the same thing has the same colour everywhere ----------------------------------------------


def drawn(figure) -> set[str]:
    """The colours of a figure's data, lines and words, as #rrggbb; tints as what they are of."""
    layout = figure.to_plotly_json()["layout"]
    text = json.dumps([figure.to_plotly_json()["data"], layout.get("shapes"),
                       layout.get("annotations")], default=list)  # fmt: skip
    tints = re.findall(r"rgba\((\d+), (\d+), (\d+)", text)
    return {*re.findall(r"#[0-9a-f]{6}", text),
            *("#" + "".join(f"{int(part):02x}" for part in tint) for tint in tints)}  # fmt: skip


def test_no_figure_has_a_colour_that_has_no_meaning():
    meant = {
        *(palette.OVER, palette.UNDER, palette.UNKNOWN, palette.RATE, palette.EVENT, palette.INK),
        *palette.KINDS.values(),
        *(drill.WHITE, drill.DARK),
        "#8a94a0",  # the grid
    }

    assert set().union(*map(drawn, every_figure())) - meant == set()


def test_the_colour_of_a_kind_of_defect_stands_for_nothing_else():
    kinds = set(palette.KINDS.values())
    about = [figure.layout.meta["how"] for figure in every_figure() if drawn(figure) & kinds]

    assert [how.startswith("One row for each kind of defect") for how in about] == [True]


def test_the_limit_has_one_colour_in_all_figures_that_draw_it():
    shapes = [shape for figure in every_figure() for shape in figure.layout.shapes]
    across = [shape.line.color for shape in shapes if (shape.label.text or "").startswith("limit")]
    upright = [
        figure.data[0].line.color
        for figure in every_figure()
        if any(note.text == "limit 1%" for note in figure.layout.annotations)
    ]

    assert (across, upright) == ([palette.OVER] * 2, [palette.OVER] * 2)
