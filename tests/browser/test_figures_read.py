"""The figures as drawn: on a screen and on a phone no words are cut, and none cover others."""

import nbformat
import pytest

from odrlib.chapters.parts import as_figure
from odrlib.languages import LANGUAGES, speaking
from odrlib.report.exporter import ReportExporter
from tests.browser.conftest import WIDE
from tests.test_every_figure import of_orders
from tests.test_figures import HISTORY, every_figure

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
# What stands outside its figure, and each pair of words that cover each other (in pixels).
UNREADABLE = """() => [...document.querySelectorAll(".plot")].flatMap(plot => {
  const edge = plot.getBoundingClientRect(), bad = [];
  const words = [...plot.querySelectorAll("text")]
    .map(node => [node.textContent, node.getBoundingClientRect()])
    .filter(([said, box]) => said.trim() && box.width > 0);
  words.forEach(([said, box], at) => {
    if (box.left < edge.left - 2 || box.right > edge.right + 2 || box.bottom > edge.bottom + 2)
      bad.push("cut: " + said);
    for (const [other, beside] of words.slice(at + 1)) {
      const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
      const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
      if (across > 4 && down > 5) bad.push(said + " covers " + other);
    }
  });
  return bad.map(said => plot.getAttribute("aria-label").slice(0, 40) + ": " + said);
})"""

# Plotly draws a figure again where its numbers need more room than its margins give.
DRAWN_TWICE = """() => [...document.querySelectorAll(".plot")].filter(plot => {
  const [wanted, taken] = [plot._fullLayout.margin, plot._fullLayout._size];
  return ["l", "r", "t", "b"].some(side => wanted[side] !== taken[side]);
}).length"""


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request, tmp_path_factory):
    """A page with every figure in one language."""
    with speaking(request.param):
        figures = [*every_figure(), *of_orders(HISTORY)]
        shown = [as_figure(figure) for figure in figures]
    outputs = [
        nbformat.v4.new_output("display_data", data=each._repr_mimebundle_()) for each in shown
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Figures\n\n## All"),
               nbformat.v4.new_code_cell(outputs=outputs)]
    )  # fmt: skip
    html, _ = ReportExporter().from_notebook_node(notebook)
    path = tmp_path_factory.mktemp("figures") / f"{request.param}.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["screen", "phone"])
def test_no_words_of_a_figure_are_cut_or_cover_others(visit, drawn, viewport):
    page = visit(drawn, viewport=viewport)

    assert page.locator(".plot text").count() > 300
    assert page.evaluate(UNREADABLE) == []


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["screen", "phone"])
def test_nearly_every_figure_has_room_for_its_numbers_from_the_start(visit, drawn, viewport):
    page = visit(drawn, viewport=viewport)

    assert page.evaluate(DRAWN_TWICE) <= 0.2 * page.locator(".plot").count()
