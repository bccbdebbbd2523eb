"""Exporter: nbconvert's door to our page; also `jupyter nbconvert --to odr report.ipynb`."""

from __future__ import annotations

import re
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from odrlib.languages.notebook import spoken_in, translate
from odrlib.plain import seen
from odrlib.report import templates
from odrlib.report.page import build_page


class ReportExporter(Exporter):
    """
    An executed notebook as one HTML page that opens offline.

    `resources["odr"]` may hold `about`, `name` and `seconds` for the page.
    """

    export_from_notebook = "ODR report"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def _optimistic_validation_default(self) -> bool:
        # Once, after all of nbconvert's steps: after each of eleven is a quarter of the work.
        # Where there are none, nbconvert would look for the last one.
        return bool(self._preprocessors)

    def from_notebook_node(  # type: ignore[override]  # as its own exporters: text is what comes out
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources)
        return page_text(nb, **resources.get("odr", {})), resources


def page_text(nb: NotebookNode, **about: Any) -> str:
    """The page of an executed notebook as text; `about` as for `build_page`."""
    language = spoken_in(nb)
    # Only sources change: who calls keeps a notebook that says what it said.
    own = NotebookNode(nb, cells=[NotebookNode(cell) for cell in nb.cells])
    page = build_page(_unfolded(translate(own, language)), **about)
    # Our own environment escapes and knows no undefined names; nbconvert's does neither.
    template = templates.environment().get_template("index.html.j2")
    return seen(template.render(page=page, words=templates.words(language)))


def _unfolded(nb: NotebookNode) -> NotebookNode:
    """Answers that JupyterLab folds away stand open on the page, which takes no HTML from prose."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and "<details>" in cell.source:
            bare = re.sub(r"<details><summary>(.*?)</summary>", r"**\1**", cell.source)
            cell.source = bare.replace("</details>", "")
    return nb
