"""Html: an executed notebook as the text of our page. No nbconvert, which takes long to load."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode

from odrlib.harmless import seen
from odrlib.languages.notebook import spoken_in, translate
from odrlib.report import templates
from odrlib.report.page import TEMPLATE, build_page


def page_text(nb: NotebookNode, **about: Any) -> str:
    """The page of an executed notebook as text; `about` as for `build_page`."""
    language = spoken_in(nb)
    # Only sources change: who calls keeps a notebook that says what it said.
    own = NotebookNode(nb, cells=[NotebookNode(cell) for cell in nb.cells])
    page = build_page(_unfolded(translate(own, language)), **about)
    # Our own environment escapes and knows no undefined names; nbconvert's does neither.
    template = templates.environment().get_template(TEMPLATE)
    return seen(template.render(page=page, words=templates.words(language)))


def _unfolded(nb: NotebookNode) -> NotebookNode:
    """Answers that JupyterLab folds away stand open on the page, which takes no HTML from prose."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and "<details>" in cell.source:
            bare = re.sub(r"<details><summary>(.*?)</summary>", r"**\1**", cell.source)
            cell.source = bare.replace("</details>", "")
    return nb
