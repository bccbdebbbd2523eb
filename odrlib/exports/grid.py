"""
Text in, columns of cells out, with the line of each row.

Files without quotes go through pyarrow as they are: lines are counted, and looked at one by one
only where the count says that some are blank, short or long. The csv module splits the others.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import StringIO
from itertools import compress

import numpy as np
import pyarrow as pa
import pyarrow.csv

DELIMITERS = ("\t", ",", ";", "|")
HEAD_LINES = 12  # how far down a header is looked for
_PIECE = 1 << 24
_BLOCK = 1 << 22
_FEW_ROWS = 200
_FEW_BYTES = 1 << 15
_BLANK_LINES = re.compile(rb"[ \t\r\n]*\n")
_SPAN = 50  # lines; a quoted cell longer than this is an unclosed quote

csv.field_size_limit(1 << 28)


@dataclass(frozen=True)
class Layout:
    """Where the header is, and how its cells are divided. `skip` : bytes up to the first row."""

    header: tuple[str, ...]
    line: int
    delimiter: str
    skip: int
    quoted: bool = False


class Lines:
    """The physical lines under a header, found when first asked for."""

    def __init__(self, data: bytes, layout: Layout) -> None:
        self.data = data
        self.skip = layout.skip
        self.before = layout.line  # lines above the first row
        self.delimiter = layout.delimiter

    @cached_property
    def ends(self) -> np.ndarray:
        """The byte at which each line ends."""
        whole = np.frombuffer(self.data, np.uint8)
        pieces = [
            np.flatnonzero(whole[start : start + _PIECE] == 10) + start
            for start in range(self.skip, len(whole), _PIECE)
        ]
        if len(whole) > self.skip and whole[-1] != 10:
            pieces.append(np.array([len(whole)]))
        return np.concatenate(pieces) if pieces else np.empty(0, np.int64)

    @cached_property
    def starts(self) -> np.ndarray:
        """The byte at which each line starts."""
        return np.concatenate(([self.skip], self.ends[:-1] + 1))

    @cached_property
    def delimiters(self) -> np.ndarray:
        """How many delimiters each line has."""
        mark = self.delimiter.encode()
        # bytes.count is four times as fast here as any way through numpy.
        counts = (
            self.data.count(mark, start, end)
            for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        )
        return np.fromiter(counts, np.int64, len(self.ends))

    @cached_property
    def empty(self) -> np.ndarray:
        """Which lines hold nothing at all."""
        whole = np.frombuffer(self.data, np.uint8)
        length = self.ends - self.starts
        returns = whole[self.starts.clip(max=len(whole) - 1)] == 13
        blank: np.ndarray = (length == 0) | ((length == 1) & returns)
        return blank

    def text(self, line: int) -> str:
        """A line's text; `line` counts from 1 at the top of the file."""
        at = line - self.before - 1
        return (
            self.data[self.starts[at] : self.ends[at]]
            .decode("utf-8", errors="replace")
            .rstrip("\r")
        )


@dataclass
class Grid:
    """
    The rows of a table, only the columns asked for.

    Parameters
    ----------
    columns : position in the header -> n cells, plain or dictionary-encoded strings, no nulls
    lines : the line of each row, int32; the header's own lines are counted
    short : how many rows have fewer cells than the header (they are used)
    long : (line, cells) of each row with more cells than the header (they are not in `columns`)
    unclosed : lines with a quote that never closes
    source : the lines themselves, or the first cell of each row
    """

    columns: dict[int, pa.ChunkedArray]
    lines: np.ndarray
    short: int = 0
    long: list[tuple[int, int]] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    source: Lines | list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there are, the long ones apart."""
        return len(self.lines)

    def is_blank(self, row: int) -> bool:
        """Has this row nothing but delimiters and blanks?"""
        if isinstance(self.source, list):
            return False  # blank rows were left out on reading
        text = self.source.text(int(self.lines[row]))
        return not text.replace(self.source.delimiter, "").replace('"', "").strip()

    def first_cell(self, row: int) -> str:
        """The row's first cell, whichever columns were asked for."""
        if isinstance(self.source, list):
            return self.source[row]
        return self.source.text(int(self.lines[row])).split(self.source.delimiter, 1)[0]


def split_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line, quotes taken as a spreadsheet means them."""
    if '"' in line:
        return next(csv.reader([line], delimiter=delimiter), [])
    return line.split(delimiter)


def head(data: bytes) -> Iterator[tuple[int, str, int]]:
    """The first lines that hold anything: number, text, and the byte after its end."""
    start = shown = number = 0
    while start < len(data) and shown < HEAD_LINES:
        # A file may be nothing but millions of them.
        blank = _BLANK_LINES.match(data, start)
        if blank:
            number += data.count(b"\n", start, blank.end())
            start = blank.end()
            continue
        number += 1
        stop = data.find(b"\n", start)
        stop = len(data) if stop < 0 else stop
        text = data[start:stop].decode("utf-8", errors="replace").rstrip("\r")
        start = stop + 1
        if text.strip():
            shown += 1
            yield number, text, min(start, len(data))


def sample_rows(data: bytes, layout: Layout, rows: int = 50) -> list[list[str]]:
    """The cells of the first rows under the header."""
    text = data[layout.skip : layout.skip + (1 << 16)].decode("utf-8", errors="replace")
    lines = [line for line in text.split("\n")[:rows] if line.strip()]
    return [split_line(line.rstrip("\r"), layout.delimiter) for line in lines]


def read_plain(data: bytes, layout: Layout, wanted: Sequence[int], repeat: set[int]) -> Grid:
    """
    The columns `wanted` of a table without quoting; those in `repeat` dictionary-encoded.

    Rows shorter than the header are filled up; longer ones are left out and listed, unless what
    they have too much is blank.
    """
    # pyarrow has its own way with a byte order mark in the midst of a file.
    if len(data) - layout.skip < _FEW_BYTES and data.find(codecs.BOM_UTF8, layout.skip) < 0:
        return read_few(data, layout, wanted)
    return read_many(data, layout, wanted, repeat)


def read_many(data: bytes, layout: Layout, wanted: Sequence[int], repeat: set[int]) -> Grid:
    """`read_plain` by pyarrow, which is at its best from some hundred lines on."""
    table, regular_only = _parse(pa.py_buffer(data).slice(layout.skip), layout, wanted, repeat)
    source = Lines(data, layout)
    if regular_only:
        lines = np.arange(table.num_rows, dtype=np.int32) + np.int32(layout.line + 1)
        return Grid(_columns(table, wanted), lines, source=source)
    width = len(layout.header)
    # pyarrow makes a row of an empty line; it is found blank when its cells are read.
    regular = (source.delimiters == width - 1) | source.empty
    if regular.sum() != table.num_rows:
        return read_quoted(data, layout, wanted)
    lines = (np.flatnonzero(regular) + layout.line + 1).astype(np.int32)
    grid = Grid({}, lines, source=source)
    mended, mended_lines = [], []
    for line in (np.flatnonzero(~regular) + layout.line + 1).tolist():
        cells = source.text(line).split(layout.delimiter)
        if _is_row(cells, line, width, grid):
            mended.append(layout.delimiter.join((cells + [""] * width)[:width]))
            mended_lines.append(line)
    if mended:
        extra, _ = _parse(pa.py_buffer("\n".join(mended).encode()), layout, wanted, repeat)
        table, grid.lines = _merge(table, lines, extra, np.array(mended_lines, np.int32))
    grid.columns = _columns(table, wanted)
    return grid


def _is_row(cells: list[str], line: int, width: int, grid: Grid) -> bool:
    """Is a line with too few or too many cells a row? What it lacks or has too much is noted."""
    if not any(cell.strip() for cell in cells):
        return False
    if any(cell.strip() for cell in cells[width:]):
        grid.long.append((line, len(cells)))
        return False
    grid.short += len(cells) < width
    return True


def read_few(data: bytes, layout: Layout, wanted: Sequence[int]) -> Grid:
    """`read_plain` for a few lines, which are split sooner than pyarrow is asked to do it."""
    texts = data[layout.skip :].decode("utf-8", errors="replace").split("\n")
    if not texts[-1]:
        texts.pop()
    width = len(layout.header)
    grid = Grid({}, np.empty(0, np.int32), source=Lines(data, layout))
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, text in enumerate(texts, start=layout.line + 1):
        text = text.removesuffix("\r")
        cells = text.split(layout.delimiter)
        if text and len(cells) != width and not _is_row(cells, line, width, grid):
            continue
        rows.append((cells + [""] * width)[:width])
        lines.append(line)
    grid.lines = np.array(lines, np.int32)
    turned = list(zip(*rows, strict=True)) or [()] * width
    grid.columns = {
        place: pa.chunked_array([pa.array(turned[place], pa.large_string())]) for place in wanted
    }
    return grid


def _parse(
    body: pa.Buffer,
    layout: Layout,
    wanted: Sequence[int],
    repeat: set[int],
    *,
    quoted: bool = False,
) -> tuple[pa.Table, bool]:
    """The lines that have as many cells as the header, and whether all lines have."""
    text, word = pa.large_string(), pa.dictionary(pa.int32(), pa.string())
    types = {str(place): word if place in repeat else text for place in wanted}
    if not body.size:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()}), True
    odd: list[str] = []

    def leave_out(row: pa.csv.InvalidRow) -> str:
        odd.append("skip")
        return odd[-1]

    table = pa.csv.read_csv(
        body,
        read_options=pa.csv.ReadOptions(
            column_names=[str(place) for place in range(len(layout.header))],
            block_size=_BLOCK,
            use_threads=body.size > _BLOCK,
        ),
        # Were empty lines ignored, the lines of the rows would have to be counted.
        parse_options=pa.csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if quoted else False,
            ignore_empty_lines=False,
            invalid_row_handler=leave_out,
        ),
        convert_options=pa.csv.ConvertOptions(
            include_columns=list(types), column_types=types, strings_can_be_null=False
        ),
    )
    return table, not odd


def _columns(table: pa.Table, wanted: Sequence[int]) -> dict[int, pa.ChunkedArray]:
    return {place: table.column(str(place)) for place in wanted}


def _merge(
    table: pa.Table, lines: np.ndarray, extra: pa.Table, extra_lines: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    """Both tables in the order of their lines."""
    both = np.concatenate((lines, extra_lines))
    order = np.argsort(both, kind="stable")
    if len(extra) > _FEW_ROWS:
        whole = pa.concat_tables((table, extra)).unify_dictionaries()
        return whole.take(pa.array(order)), both[order]
    # Slices share the memory of the table; taking a million rows anew for a few would not.
    pieces, start = [], 0
    for number, stop in enumerate(np.searchsorted(lines, extra_lines).tolist()):
        pieces += [table.slice(start, stop - start), extra.slice(number, 1)]
        start = stop
    return pa.concat_tables((*pieces, table.slice(start))).unify_dictionaries(), both[order]


def read_quoted(data: bytes, layout: Layout, wanted: Sequence[int]) -> Grid:
    """The columns `wanted` of a table whose cells may be quoted, over several lines too."""
    quotes = Lines(data, replace(layout, delimiter='"')).delimiters
    if len(layout.header) > 1 and not (quotes % 2).any():  # no cell goes on in the next line
        table, regular_only = _parse(
            pa.py_buffer(data).slice(layout.skip), layout, wanted, set(), quoted=True
        )
        if regular_only and table.num_rows == len(quotes):
            lines = np.arange(table.num_rows, dtype=np.int32) + np.int32(layout.line + 1)
            return Grid(_columns(table, wanted), lines, source=Lines(data, layout))
    unclosed: list[int] = []
    text = data[layout.skip :].decode("utf-8", errors="replace")
    starts, records = _records(text, layout.line + 1, unclosed)
    rows = zip(starts, _split_records(records, layout.delimiter), strict=True)
    grid = from_rows(rows, len(layout.header), wanted)
    grid.unclosed = unclosed
    return grid


def _records(text: str, line: int, unclosed: list[int]) -> tuple[list[int], list[str]]:
    """Physical lines joined where a quote is open, and the line each record starts at."""
    lines = text.split("\n")
    starts, records = [], []
    at = 0
    while at < len(lines):
        stop = at + 1
        if lines[at].count('"') % 2:
            stop = next(
                (
                    end + 1
                    for end in range(at + 1, min(at + _SPAN, len(lines)))
                    if lines[end].count('"') % 2
                ),
                0,
            )
            if not stop:
                unclosed.append(line + at)
                stop = at + 1
        record = "\n".join(part.rstrip("\r") for part in lines[at:stop])
        if record.strip():
            starts.append(line + at)
            records.append(record)
        at = stop
    return starts, records


def _split_records(records: list[str], delimiter: str) -> Iterator[list[str]]:
    for record in records:
        if record.count('"') % 2:
            yield record.split(delimiter)
        elif '"' in record:
            yield next(csv.reader(StringIO(record, newline=""), delimiter=delimiter), [])
        else:
            yield record.split(delimiter)


def from_columns(
    lines: Sequence[int], columns: Sequence[Sequence[str]], wanted: Sequence[int]
) -> Grid:
    """A grid from the line of each row and the cells of each column; blank rows are left out."""
    full = [bool("".join(row).strip()) for row in zip(*columns, strict=True)]
    if sum(full) < len(lines):
        lines = list(compress(lines, full))
        columns = [list(compress(column, full)) for column in columns]
    return Grid(
        {
            place: pa.chunked_array([pa.array(columns[place], pa.large_string())])
            for place in wanted
        },
        np.array(lines, np.int32),
        source=list(columns[0]) if columns else [],
    )


def from_rows(rows: Iterable[tuple[int, Sequence[str]]], width: int, wanted: Sequence[int]) -> Grid:
    """
    A grid from (line, cells) of each row.

    Blank rows are left out; short and long rows are treated as `read_plain` treats them.
    """
    lines: list[int] = []
    kept: list[Sequence[str]] = []
    firsts: list[str] = []
    short = 0
    long: list[tuple[int, int]] = []
    for line, cells in rows:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        if len(cells) < width:
            short += 1
            cells = [*cells, *[""] * (width - len(cells))]
        elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
            long.append((line, len(cells)))
            continue
        lines.append(line)
        firsts.append(cells[0])
        kept.append([cells[place] for place in wanted])
    columns = {
        place: pa.chunked_array([pa.array([row[at] for row in kept], pa.large_string())])
        for at, place in enumerate(wanted)
    }
    return Grid(columns, np.array(lines, np.int32), short, long, source=firsts)
