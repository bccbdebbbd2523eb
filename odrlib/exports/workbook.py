"""Workbooks: the sheet that is an export, its cells as the text they would be in a CSV."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from odrlib.exports import grid as grids
from odrlib.exports import limits
from odrlib.exports.cells import Context
from odrlib.exports.reading import Reading, tell_unknown
from odrlib.exports.recognise import Match, recognise
from odrlib.exports.rows import read_grid
from odrlib.languages import tr, trn

_CELL = re.compile(rb"[<:]c[\s/>]")
_TAGS = 6  # of a cell with a text in it: <c><is><t>…</t></is></c>
_BLOCK = 1 << 22


def read_workbook(raw: bytes, reading: Reading, context: Context) -> None:
    reading.encoding = "xlsx"
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            if len(parts) > limits.MOST_PARTS or not _fits(parts):
                why = tr("Unpacked it would be too large.")
                tell_unknown(reading, (), why, tr("Save it as CSV."))
                return
            sheets = _sheets(raw) if _few_cells(archive) else None
        if sheets is None:
            tell_unknown(
                reading,
                (),
                tr(
                    "Its sheets hold more than {cells:,} cells or {letters:,} letters.",
                    cells=limits.MOST_CELLS,
                    letters=limits.MOST_LETTERS,
                ),
                tr("Save it as CSV."),
            )
            return
    except (
        Exception
    ) as error:  # openpyxl raises whatever a broken part of the archive makes it raise
        name = type(error).__name__
        tell_unknown(reading, (), tr("It is no workbook that can be opened ({error}).", error=name))
        return
    best: tuple[int, list[tuple[int, list[str]]], list[str], Match] | None = None
    header: list[str] = []
    for rows in sheets:
        for at, (_, cells) in enumerate(rows[: grids.HEAD_LINES]):
            header = header or [cell for cell in cells if cell]
            match = recognise(cells, reading.file, context)
            if match and (best is None or match.score > best[3].score):
                best = at, rows, cells, match
        if best:
            break
    if best is None:
        reading.header = tuple(header)
        tell_unknown(reading, header)
        return
    at, rows, cells, match = best
    others = sum(any(any(row) for _, row in sheet) for sheet in sheets if sheet is not rows)
    if others:
        reading.tell(
            "other-sheets",
            "information",
            trn(
                "{n} other sheet of {file} was not read.",
                "{n} other sheets of {file} were not read.",
                others,
                file=reading.file,
            ),
            tr("Save a sheet whose rows matter as a file of its own."),
            count=others,
        )
    while cells and not cells[-1]:
        cells = cells[:-1]
    reading.header = tuple(cells)
    grid = grids.from_rows(rows[at + 1 :], len(cells), sorted(set(match.at.values())))
    grid.short = 0  # a workbook has no ragged rows, only cells nobody filled
    read_grid(grid, match, reading, context)


def _fits(parts: Mapping[str, int]) -> bool:
    """Are the parts of a workbook, by name and bytes unpacked, as large as such parts can be?"""
    return sum(parts.values()) <= limits.LARGEST_WORKBOOK and all(
        size <= (limits.LARGEST_TEXTS if name == "xl/sharedStrings.xml" else limits.LARGEST_PART)
        for name, size in parts.items()
        if not name.startswith(("xl/worksheets/", "xl/media/"))
    )


def _few_cells(archive: zipfile.ZipFile) -> bool:
    """
    Are there as few cells as are read?

    openpyxl makes objects of a whole row before it shows it, and all can stand in one row; what is
    no cell costs as much. A sheet may be any part of the archive.
    """
    cells, tags = limits.MOST_CELLS, limits.MOST_CELLS * _TAGS
    for name in archive.namelist():
        with archive.open(name) as part:
            while block := part.read(_BLOCK):
                cells -= len(_CELL.findall(block))
                tags -= block.count(b"<")
                if cells < 0 or tags < 0:
                    return False
    return True


def _sheets(raw: bytes) -> list[list[tuple[int, list[str]]]] | None:
    """Each sheet's rows with their lines; None if they have more cells than are read."""
    # Here, because it takes long to load, and few stores have a workbook.
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True)
    sheets, left, letters = [], limits.MOST_CELLS, limits.MOST_LETTERS
    for sheet in book.worksheets:
        # What a sheet says of its own size may be a lie: a row is as long as its cells.
        sheet.reset_dimensions()
        rows = []
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            left -= len(row) + 3  # an empty row takes its time, too
            # The same long text can stand in every cell and be in the file once.
            letters -= sum(len(cell) for cell in row if isinstance(cell, str))
            if left < 0 or letters < 0:
                return None
            if any(cell is not None for cell in row):
                rows.append((line, [_cell_text(cell) for cell in row]))
        sheets.append(rows)
    book.close()
    return sheets


def _cell_text(cell: Any) -> str:
    """
    A workbook's cell as the text it would be in a CSV.

    >>> _cell_text(3.0), _cell_text(datetime(2026, 5, 8, 23, 36)), _cell_text(None)
    ('3', '2026-05-08 23:36:00', '')

    A number of more than 15 digits is an id that the spreadsheet has rounded: written so that it is
    refused as one.

    >>> _cell_text(580293000000000000)
    '5.80293E+17'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        if abs(cell) >= 1e15:
            return f"{cell:.5E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        day = cell.time() == time()
        return cell.date().isoformat() if day else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
