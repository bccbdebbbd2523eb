"""Exporter: nbconvert's door to our page; also `jupyter nbconvert --to odr report.ipynb`."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from odrlib.report.html import page_text


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
