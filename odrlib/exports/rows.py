"""Rows: the cells of a file as values, and each row or cell that cannot be used, with why."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from odrlib import policy
from odrlib.exports.cells import REASONS, Cells, Context, nothing, plain, read_cells
from odrlib.exports.columns import kept
from odrlib.exports.export import Column
from odrlib.exports.grid import Grid
from odrlib.exports.reading import ASIDE, Reading, rows_aside
from odrlib.exports.recognise import Match, plain_name
from odrlib.exports.shape import shape
from odrlib.exports.told import tell_lost_letters, tell_order, tell_rows
from odrlib.exports.words import STR
from odrlib.finding import count
from odrlib.languages import tr

_TOTALS = frozenset(map(plain_name, policy.table("cells")["totals"]["words"]))
_MANY_ROWS = 50_000  # from here on threads earn more than they cost


def _reason(code: str) -> tuple[str, str]:
    """What is wrong with a cell, and what to do about it, in the spoken language."""
    message, to_do = REASONS[code]
    return tr(message), tr(to_do)


def read_grid(
    grid: Grid, match: Match, reading: Reading, context: Context, broken: Iterable[int] = ()
) -> None:
    """The rows of the file, with each row and cell that cannot be used, and why."""
    export = match.export
    reading.export = export
    reading.found = {ours: reading.header[at] for ours, at in match.at.items()}
    aside = [_broken_line(reading, line) for line in broken]
    keep = np.ones(grid.rows, bool)
    blank, lost = 0, len(aside)
    values: dict[str, Any] = {}
    refused: list[tuple[int, tuple[Any, ...]]] = []
    for column, cells in _read_columns(grid, match, context):
        values[column.ours] = cells.values
        if column.ours not in match.at:
            continue
        header = reading.found[column.ours]
        tell_order(cells, header, reading, context)
        rows, codes = _wrong(column, cells, context)
        if not len(rows):
            continue
        still = keep[rows]
        rows, codes = rows[still], codes[still]
        found = plain(grid.columns[match.at[column.ours]]).take(pa.array(rows)).to_pylist()
        for row, text, code in zip(rows.tolist(), found, codes, strict=True):
            place = (reading.file, int(grid.lines[row]), header)
            if not column.need:
                refused.append((row, (*place, shape(text), code, *_reason(code))))
            elif grid.is_blank(row):
                blank += 1
            else:
                aside.append((*place, *_row_code(grid, row, text, header, code)))
        if column.need:
            keep[rows] = False
    aside += [_long_row(reading, line, cells) for line, cells in grid.long]
    reading.rows_in = grid.rows - blank + len(grid.long) + lost
    tell_lost_letters(values, reading)
    columns = {ours: _array(column) for ours, column in values.items()} | {"line": grid.lines}
    columns = kept(columns, keep)
    if refused:
        reading.refused = rows_aside([told for row, told in refused if keep[row]])
    if export.finish:
        columns, more = export.finish(columns)
        if len(more):
            aside += more.assign(file=reading.file)[list(ASIDE)].to_numpy().tolist()
    reading.set_aside = rows_aside(aside)
    reading.rows_set_aside = len(aside)
    reading.columns = columns
    tell_rows(grid, reading)


def _broken_line(reading: Reading, line: int) -> tuple[Any, ...]:
    messages = (tr("the line is no JSON"), tr("Save the file again."))
    return reading.file, line, "", "", "broken-line", *messages


def _long_row(reading: Reading, line: int, cells: int) -> tuple[Any, ...]:
    message = tr(
        "the row has {cells} cells, the header {header}",
        cells=cells,
        header=len(reading.header),
    )
    to_do = tr("Look for a line break or a delimiter inside a cell, or download the file again.")
    return reading.file, line, "", count(cells, "cell"), "too-many-cells", message, to_do


def _read_columns(grid: Grid, match: Match, context: Context) -> list[tuple[Column, Cells]]:
    """Every column of the export, two at a time: numpy and pyarrow let go of the lock."""

    def read(column: Column) -> Cells:
        if column.ours not in match.at:
            return Cells(nothing(column.kind, grid.rows))
        raw = grid.columns[match.at[column.ours]]
        return read_cells(column, raw, context, two_digit_years=match.export.two_digit_years)

    columns = match.export.columns
    if grid.rows < _MANY_ROWS:
        return [(column, read(column)) for column in columns]
    with ThreadPoolExecutor(2) as workers:
        return list(zip(columns, workers.map(read, columns), strict=True))


def _wrong(column: Column, cells: Cells, context: Context) -> tuple[np.ndarray, np.ndarray]:
    """The rows whose cell cannot be used, and the code of each."""
    rows, codes = cells.bad, cells.codes
    if not column.need:
        return rows, codes
    if cells.empty is not None:
        empty = np.flatnonzero(cells.empty)
        code = "missing-order-id" if column.kind == "order_id" else "missing-value"
        rows, codes = np.append(rows, empty), np.append(codes, np.full(len(empty), code, object))
    if column.kind in ("instant", "day"):
        latest = np.datetime64(context.today + timedelta(days=2))
        late = np.flatnonzero(np.asarray(cells.values, "datetime64[us]") >= latest)
        rows = np.append(rows, late)
        codes = np.append(codes, np.full(len(late), "future-date", object))
    return rows.astype(np.int64), codes


def _row_code(grid: Grid, row: int, text: str, header: str, code: str) -> tuple[str, str, str, str]:
    """Value, reason, message and next step of a row whose needed cell cannot be used."""
    if plain_name(text) == plain_name(header):
        return text, "repeated-header", tr("the header is repeated here"), ""
    first = plain_name(grid.first_cell(row))
    if first in _TOTALS or plain_name(text) in _TOTALS:
        return text, "totals-line", tr("this is a line of totals, not a row"), ""
    return shape(text), code, *_reason(code)


def _array(values: Any) -> Any:
    return STR.__from_arrow__(values) if isinstance(values, pa.ChunkedArray) else values
