"""The worksheet as a Word file: the site's language left, the analyst's Chinese right."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.document import Document as Doc
from docx.shared import Cm, Pt
from docx.table import Table

from odrlib.poa.blocks import Grid, Line
from odrlib.poa.language import ANALYST, language

if TYPE_CHECKING:
    from odrlib.poa.draft import Draft

SIZES = {"title": 16, "heading": 13, "part": 11}
# Every file in a Word file bears this moment, so that the bytes depend on the draft alone.
MOMENT = (1980, 1, 1, 0, 0, 0)


def draft_docx(draft: Draft) -> bytes:
    """The bytes of the file; the same draft gives the same bytes."""
    document = Document()
    moment = datetime(draft.as_of.year, draft.as_of.month, draft.as_of.day)  # noqa: DTZ001 - as Word has it
    properties = document.core_properties
    properties.author, properties.title = "", f"POA {draft.store}"
    properties.created = properties.modified = moment
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(1.5)
    table: Table | None = None
    for block in draft.blocks:
        if isinstance(block, Grid):
            _grid(document, block)
            table = None
        else:
            table = table or _columns(document, draft)
            _line(table, block)
    return _same_bytes(document)


def _columns(document: Doc, draft: Draft) -> Table:
    """A table of two columns; its header says that the right one is not sent."""
    table: Table = document.add_table(rows=1, cols=2, style="Table Grid")
    cells = table.rows[0].cells
    cells[0].text = draft.language
    cells[1].text = language(ANALYST).say("only_here")
    return table


def _line(table: Table, line: Line) -> None:
    cells = table.add_row().cells
    for cell, text in zip(cells, (line.text, line.chinese), strict=True):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(f"• {text}" if line.style == "item" and text else text)
        run.font.size = Pt(SIZES.get(line.style, 10))
        run.bold = line.style in SIZES


def _grid(document: Doc, grid: Grid) -> None:
    document.add_paragraph()
    table: Table = document.add_table(rows=1, cols=len(grid.header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, grid.header, strict=True):
        cell.text = text
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for row in table.rows:
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8)
    document.add_paragraph()


def _same_bytes(document: Doc) -> bytes:
    """The file written again with fixed times inside the archive."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
