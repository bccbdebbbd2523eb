"""Exporter: nbconvert's door to our page; also `jupyter nbconvert --to odr report.ipynb`."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from odrlib.languages.notebook import spoken_in, translate
from odrlib.plain import seen
from odrlib.report import templates
from odrlib.report.page import build_page


class ReportExporter(TemplateExporter):
    """
    An executed notebook as one HTML page that opens offline.

    `resources["odr"]` may hold `about`, `name` and `seconds` for the page.
    """

    export_from_notebook = "ODR report"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def _template_file_default(self) -> str:
        return "index.html.j2"

    def _optimistic_validation_default(self) -> bool:
        # Once, after all of nbconvert's steps: after each of eleven is a quarter of the work.
        # Where there are none, nbconvert would look for the last one.
        return bool(self._preprocessors)

    def _create_environment(self) -> Environment:
        # Ours escapes and knows no undefined names; nbconvert's own does neither.
        return templates.environment()

    def from_notebook_node(  # type: ignore[override]  # as its own exporters: text is what comes out
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources."""
        nb, resources = super(TemplateExporter, self).from_notebook_node(nb, resources)
        language = spoken_in(nb)
        # nbconvert has made the copy that is ours to change.
        page = build_page(_unfolded(translate(nb, language)), **resources.get("odr", {}))
        html = self.environment.get_template(self.template_file).render(
            page=page, words=templates.words(language)
        )
        return seen(html), resources


def _unfolded(nb: NotebookNode) -> NotebookNode:
    """Answers that JupyterLab folds away stand open on the page, which takes no HTML from prose."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and "<details>" in cell.source:
            bare = re.sub(r"<details><summary>(.*?)</summary>", r"**\1**", cell.source)
            cell.source = bare.replace("</details>", "")
    return nb
