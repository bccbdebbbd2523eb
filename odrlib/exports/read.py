"""One file in, one `Reading` out: what it is, its rows, and each row not used, with the reason."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from odrlib import policy
from odrlib.exports import grid as grids
from odrlib.exports import limits
from odrlib.exports import text as texts
from odrlib.exports.cells import (
    DICTIONARY_KINDS,
    REASONS,
    Cells,
    Context,
    nothing,
    plain,
    read_cells,
)
from odrlib.exports.export import Column, Export
from odrlib.exports.grid import Grid, Layout
from odrlib.exports.recognise import (
    Match,
    candidates,
    plain_name,
    recognise,
    recognise_by_shape,
    recognise_fields,
)
from odrlib.finding import Finding, Place, count
from odrlib.languages import sentences, tr, trn

__all__ = ["Context", "Reading", "read_file"]

ASIDE = ("file", "line", "column", "value", "reason", "message", "to_do")
_TOTALS = frozenset(map(plain_name, policy.table("cells")["totals"]["words"]))
_NUL_SHARE = 0.02  # of the first bytes; with more a file is no text
# From here on threads earn more than they cost.
_MANY_ROWS, _MANY_BYTES = 50_000, 1 << 22
# Rows that are set aside because they are no data, not because they are broken.
_QUIET = ("repeated-header", "totals-line", "example-row", "not-an-amazon-order")
# gzip, bzip2, xz, zstd, 7z, RAR: nothing is unpacked here but workbooks.
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_STR = pd.StringDtype("pyarrow", na_value=np.nan)
_LOST_LETTER = r"\p{L}\?+\p{L}|\?{4,}|\x{FFFD}"


@dataclass
class Reading:
    """
    What one file gave.

    `rows_in` counts the rows that hold anything; `rows_in - rows_set_aside` of them are in `frame`.

    Parameters
    ----------
    export : the kind of file, or None if it is none we know
    header : the header cells as they stand in the file
    found : our column -> the header it was read from
    frame : the used rows, our columns and `line` (int32; the file's first line is 1; for JSON and
        XML the number of the record). A column the file lacks is there, all missing
    set_aside : the rows not used: file, line, column, value, reason, message, to_do
    refused : the optional cells not used, in the same columns; their rows are in `frame`
    document : the parsed JSON or XML
    days : the first and the last day of its rows, once `frame` was let go (`held.let_go`)
    """

    file: str
    sha256: str = ""
    size: int = 0
    export: Export | None = None
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    found: dict[str, str] = field(default_factory=dict)
    rows_in: int = 0
    rows_set_aside: int = 0
    frame: pd.DataFrame | None = None
    set_aside: pd.DataFrame = field(default_factory=lambda: _aside([]))
    refused: pd.DataFrame = field(default_factory=lambda: _aside([]))
    findings: list[Finding] = field(default_factory=list)
    document: Any | None = None
    days: tuple[date | None, date | None] = (None, None)

    @property
    def rows_used(self) -> int:
        """How many rows are in `frame`."""
        return self.rows_in - self.rows_set_aside

    def tell(self, id: str, level: Any, message: str, to_do: str = "", **more: Any) -> None:
        """Add a finding about this file."""
        place = Place(self.file, more.pop("line", None), more.pop("column", None))
        self.findings.append(Finding(id, level, message, to_do, place, **more))


def read_file(path: Path, file: str, context: Context) -> Reading:
    """
    Read one file of the store folder, whatever it is.

    Parameters
    ----------
    path : where the file lies
    file : its name for people: the path inside the store folder, with forward slashes
    context : the store's marketplace, time zone, today, and column mappings

    Returns
    -------
    Reading. Bad content never raises: it is set aside, refused, or a finding.
    """
    reading = Reading(file)
    try:
        reading.size = path.stat().st_size
        if reading.size > limits.LARGEST_FILE:
            _tell_size(reading)
            return reading
        raw = path.read_bytes()
    except OSError as error:
        reading.tell(
            "unreadable-file",
            "error",
            tr("{file} cannot be opened ({why}).", file=file, why=error.strerror),
            tr("Close it in other programs, or copy it here again."),
        )
        return reading
    reading.size = len(raw)
    if len(raw) < _MANY_BYTES:
        reading = _whatever_it_is(raw, reading, context)
        reading.sha256 = hashlib.sha256(raw).hexdigest()
        return reading
    with ThreadPoolExecutor(1) as worker:
        digest = worker.submit(lambda: hashlib.sha256(raw).hexdigest())
        reading = _whatever_it_is(raw, reading, context)
        reading.sha256 = digest.result()
    return reading


def _whatever_it_is(raw: bytes, reading: Reading, context: Context) -> Reading:
    try:
        _read(raw, reading, context)
    except Exception as error:
        return _not_read(reading, error)
    return reading


def _tell_size(reading: Reading) -> None:
    reading.tell(
        "too-large-file",
        "error",
        tr("{file} has {bytes:,} bytes, which is more than is read from one file.",
           file=reading.file, bytes=reading.size),
        tr("Download the same days in several files."),
    )  # fmt: skip


def _not_read(reading: Reading, error: Exception) -> Reading:
    """
    What is left of a file that no reader could get through: its name, and that it was not read.

    One odd file among forty takes no store down; what it would have told stays unknown. The error's
    own words stay out, because they may hold a piece of the file.
    """
    left = Reading(reading.file, size=reading.size, encoding=reading.encoding)
    left.tell(
        "file-not-read",
        "error",
        tr("{file} cannot be read ({error}); nothing of it was used.",
           file=reading.file, error=type(error).__name__),
        tr("Download it again; if that does not help, send its header line to who looks after "
           "odrlib."),
    )  # fmt: skip
    return left


def _read(raw: bytes, reading: Reading, context: Context) -> None:
    if raw.startswith(_PACKED):
        reading.encoding = "packed"
        _unknown(reading, (), tr("It is packed."), tr("Unpack it, and put in what was in it."))
    elif not raw:
        _tell_empty(reading)
    elif raw.startswith(_WORKBOOK):
        _read_workbook(raw, reading, context)
    elif raw.startswith(_OLD_WORKBOOK):
        reading.encoding = "xls"
        why = tr("It is a workbook of the old XLS form.")
        _unknown(reading, (), why, tr("Save it as XLSX or CSV."))
    elif _has_endless_line(raw):
        _unknown(
            reading,
            (),
            tr("It has a line of more than {bytes:,} bytes.", bytes=limits.LONGEST_LINE),
            tr("Download the file again."),
        )
    else:
        text = texts.decode(raw, context.marketplace)
        reading.encoding = text.encoding
        _tell_encoding(text, reading)
        start = text.data[:4096].lstrip()
        if start[:1] in (b"{", b"[") and _read_json(text.data, reading, context):
            return
        if start.startswith(b"<"):
            _read_xml(text.data, reading, context)
        elif text.data.count(b"\x00", 0, 4096) > len(text.data[:4096]) * _NUL_SHARE:
            reading.encoding = "binary"
            _unknown(reading, (), tr("It is no text."), tr("Take it out of the exports folder."))
        else:
            _read_text(_without_nul(text.data, reading), reading, context)


def _without_nul(data: bytes, reading: Reading) -> bytes:
    """The text with blanks for NUL: a few of them, wherever they stand, cost no row."""
    number = data.count(b"\x00")
    if not number:
        return data
    reading.tell(
        "unreadable-bytes",
        "warning",
        tr(
            "{characters} of {file}: valid in no encoding we know.",
            characters=count(number, "character"),
            file=reading.file,
        ),
        tr("Download the file again."),
        count=number,
    )
    return data.replace(b"\x00", b" ")


def _has_endless_line(raw: bytes) -> bool:
    """Is a line longer than any export's? JSON and XML may be one line; pages of data may not."""
    start = raw[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start in (b"{", b"[", b"<"):
        return len(raw) > limits.LARGEST_DOCUMENT
    at = 0
    while len(raw) - at > limits.LONGEST_LINE:
        # The last line end within reach: a file of short lines is passed in a few steps.
        end = raw.rfind(b"\n", at, at + limits.LONGEST_LINE)
        end = end if end >= 0 else raw.rfind(b"\r", at, at + limits.LONGEST_LINE)
        if end < 0:
            return True
        at = end + 1
    return False


# ── text ────────────────────────────────────────────────────────────────────────────────────────


def _tell_encoding(text: texts.Text, reading: Reading) -> None:
    if text.odd_lines:
        shown = _some(map(str, text.odd_lines), 10)
        reading.tell(
            "mixed-encoding",
            "warning",
            tr(
                "{lines} of {file} in {odd}, the others in {encoding} (lines {shown}); each was "
                "read in its own.",
                lines=count(len(text.odd_lines), "line"),
                file=reading.file,
                odd=text.odd_encoding,
                encoding=text.encoding,
                shown=shown,
            ),
            tr("Check the accents in these lines."),
            line=text.odd_lines[0],
            count=len(text.odd_lines),
        )
    if text.lost:
        reading.tell(
            "unreadable-bytes",
            "warning",
            tr(
                "{characters} of {file}: valid in no encoding we know.",
                characters=count(text.lost, "character"),
                file=reading.file,
            ),
            tr("Download the file again."),
            count=text.lost,
        )


def _tell_empty(reading: Reading) -> None:
    message = tr("{file} is empty.", file=reading.file)
    reading.tell("empty-file", "warning", message, tr("Download the file again."))


def _read_text(data: bytes, reading: Reading, context: Context) -> None:
    if next(grids.head(data), None) is None:
        _tell_empty(reading)
        return
    wide = next((n for n, text, _ in grids.head(data) if _columns(text) > limits.MOST_COLUMNS), 0)
    if wide:
        why = tr("Line {line} has more than {columns:,} columns.",
                 line=wide, columns=limits.MOST_COLUMNS)  # fmt: skip
        _unknown(reading, (), why, tr("Download the file again."))
        return
    data, layout, match = _lay_out(data, reading, context)
    reading.header = layout.header
    reading.delimiter = layout.delimiter
    if match is None:
        _unknown(reading, layout.header)
        return
    wanted = sorted(set(match.at.values()))
    repeat = {
        match.at[column.ours]
        for column in match.export.columns
        if column.kind in DICTIONARY_KINDS and column.ours in match.at
    }
    if layout.quoted or len(layout.header) < 2:
        grid = grids.read_quoted(data, layout, wanted)
    else:
        grid = grids.read_plain(data, layout, wanted, repeat)
    _read_grid(grid, match, reading, context)


def _columns(line: str) -> int:
    return 1 + max(line.count(delimiter) for delimiter in grids.DELIMITERS)


def _lay_out(data: bytes, reading: Reading, context: Context) -> tuple[bytes, Layout, Match | None]:
    """The header, found by what it says, the delimiter, and the export."""
    best: tuple[Layout, Match] | None = None
    first: Layout | None = None
    for line, text, skip in grids.head(data):
        for delimiter in grids.DELIMITERS:
            if delimiter not in text:
                continue
            cells = grids.split_line(text, delimiter)
            layout = Layout(tuple(cells), line, delimiter, skip, '"' in text)
            if first is None or len(cells) > len(first.header):
                first = layout if first is None or line == first.line else first
            match = recognise(cells, reading.file, context)
            if match and (best is None or match.score > best[1].score):
                best = layout, match
    if best:
        return data, _with_rows(data, best[0], reading), best[1]
    unwrapped = _unwrap(data)
    if unwrapped is not None:
        data, layout, match = _lay_out(unwrapped, reading, context)
        if match:
            _tell_delimiter(
                reading,
                tr("In {file} each line is wrapped in quotes as one cell; it could be read all the "
                   "same.", file=reading.file),
            )  # fmt: skip
            return data, layout, match
    if first is None:
        line, text, skip = next(grids.head(data))
        first = Layout((text,), line, "", skip, quoted=True)
        return data, first, None
    match = recognise_by_shape(first.header, grids.sample_rows(data, first), reading.file, context)
    return data, _with_rows(data, first, reading), match


def _with_rows(data: bytes, layout: Layout, reading: Reading) -> Layout:
    """The layout as the rows have it: another delimiter than the header's, quotes or none."""
    rows = data[layout.skip : layout.skip + (1 << 16)].decode("utf-8", errors="replace")
    lines = [line for line in rows.split("\n")[:20] if line.strip()]
    width = len(layout.header)

    def fitting(delimiter: str) -> int:
        return sum(len(grids.split_line(line, delimiter)) == width for line in lines)

    delimiter = layout.delimiter
    if lines and not any(delimiter in line for line in lines):
        other = max(grids.DELIMITERS, key=fitting)
        if fitting(other) > len(lines) / 2:
            delimiter = other
            _tell_delimiter(
                reading,
                tr("In {file} the header and the rows have different delimiters; it could be read "
                   "all the same.", file=reading.file),
            )  # fmt: skip
    # Amazon quotes nothing in files with tabs: a quote there is part of a title.
    quoted = layout.quoted or (delimiter != "\t" and b'"' in data)
    return replace(layout, delimiter=delimiter, quoted=quoted)


def _unwrap(data: bytes) -> bytes | None:
    """The text of a file whose every line is one quoted cell, unquoted; else None."""
    lines = [line.strip() for line in data.split(b"\n") if line.strip()]
    if not lines or not all(line[:1] == line[-1:] == b'"' and len(line) > 1 for line in lines[:20]):
        return None
    inner = [line[1:-1].replace(b'""', b'"') if line[:1] == b'"' else line for line in lines]
    return b"\n".join(inner) if any(inner) else None


def _tell_delimiter(reading: Reading, what: str) -> None:
    to_do = tr("Download the file again and do not save it from a spreadsheet.")
    reading.tell("wrong-delimiter", "warning", what, to_do)


def _unknown(reading: Reading, header: Sequence[str], why: str = "", to_do: str = "") -> None:
    if any(re.search(r"@|\d{3}", cell) for cell in header):
        # It may be a buyer's: nothing of it is kept or shown.
        reading.header, header = (), ()
        why = why or tr("Its first line looks like data and not like a header.")
    shown = _some((cell.strip().strip('"')[:40] for cell in header), 12)
    why = why or (tr("Its header is: {shown}.", shown=shown.rstrip(".")) if shown else "")
    reading.tell(
        "unknown-file",
        "warning",
        sentences(tr("{file} is not an export we know.", file=reading.file), why),
        to_do
        or tr(
            'If its rows matter, say in store.toml what its columns are: [columns."{file}"] '
            'with export = "…" and lines like order_id = "their header".',
            file=reading.file,
        ),
    )


def _some(names: Iterable[str], top: int) -> str:
    """The first names in a row, with a mark if there are more."""
    listed = list(names)
    return ", ".join(listed[:top] + (["…"] if len(listed) > top else []))


# ── workbooks, JSON, XML ────────────────────────────────────────────────────────────────────────


def _read_workbook(raw: bytes, reading: Reading, context: Context) -> None:
    reading.encoding = "xlsx"
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
        if len(parts) > limits.MOST_PARTS or not _fits(parts):
            _unknown(reading, (), tr("Unpacked it would be too large."), tr("Save it as CSV."))
            return
        sheets = _sheets(raw)
        if sheets is None:
            _unknown(
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
        _unknown(reading, (), tr("It is no workbook that can be opened ({error}).", error=name))
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
        _unknown(reading, header)
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
    _read_grid(grid, match, reading, context)


def _fits(parts: Mapping[str, int]) -> bool:
    """Are the parts of a workbook, by name and bytes unpacked, as large as such parts can be?"""
    return sum(parts.values()) <= limits.LARGEST_WORKBOOK and all(
        size <= (limits.LARGEST_TEXTS if name == "xl/sharedStrings.xml" else limits.LARGEST_PART)
        for name, size in parts.items()
        if not name.startswith(("xl/worksheets/", "xl/media/"))
    )


def _sheets(raw: bytes) -> list[list[tuple[int, list[str]]]] | None:
    """Each sheet's rows with their lines; None if they have more cells than are read."""
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


def _read_json(data: bytes, reading: Reading, context: Context) -> bool:
    """Read it as JSON, or as one JSON document a line; False if it is neither."""
    broken: list[int] = []
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = []
        for line, text in enumerate(data.split(b"\n"), start=1):
            if not text.strip():
                continue
            try:
                document.append(json.loads(text))
            except (ValueError, RecursionError):
                broken.append(line)
        if not any(isinstance(part, dict | list) for part in document):
            if not data.lstrip().startswith(b"{"):
                return False
            why = tr("It is JSON that breaks off or is damaged.")
            _unknown(reading, (), why, tr("Save it again."))
            return True
    if b"\\ud" in data or b"\\uD" in data:
        document = _whole_letters(document)
    reading.document = document
    _read_document("json", document, broken, reading, context)
    return True


def _whole_letters(value: Any) -> Any:
    """The document without halves of letters, which JSON can spell and no file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_letters(one) for one in value]
    if isinstance(value, dict):
        return {_whole_letters(key): _whole_letters(one) for key, one in value.items()}
    return value


def _read_xml(data: bytes, reading: Reading, context: Context) -> None:
    # Entities are where XML can grow without end and reach for other files.
    declares = re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE)
    if declares or re.search(rb"<html\b", data[: 1 << 16], re.IGNORECASE):
        why = tr("It is a web page, or XML with declarations we do not follow.")
        _unknown(reading, (), why)
        return
    try:
        document = ElementTree.fromstring(data.decode("utf-8", errors="replace"))
    except (ElementTree.ParseError, ValueError):
        why = tr("It is XML that breaks off or is damaged.")
        _unknown(reading, (), why, tr("Download it again."))
        return
    for node in document.iter():
        # Amazon's XML comes with and without a namespace, and says the same in both.
        node.tag = node.tag.rpartition("}")[2]
    reading.document = document
    _read_document("xml", document, [], reading, context)


def _read_document(
    form: str, document: Any, broken: list[int], reading: Reading, context: Context
) -> None:
    for export in candidates(reading.file):
        if export.format == form and export.looks and _attempt(export.looks, document):
            break
    else:
        keys = tuple(map(str, document)) if isinstance(document, dict) else ()
        reading.header = keys
        _unknown(reading, keys)
        return
    records = _attempt(export.records, document) if export.records else []
    if records is None:
        reading.export = export
        why = tr("It looks like {title}, but has another shape inside.", title=tr(export.title))
        _unknown(reading, (), why)
        return
    fields = tuple(dict.fromkeys(name for record in records for name in record))
    reading.header = fields
    match = recognise_fields(export, fields)
    wanted = sorted(set(match.at.values()))
    rows = (
        (line, [_json_text(record.get(name)) for name in fields])
        for line, record in enumerate(records, start=1)
    )
    grid = grids.from_rows(rows, len(fields), wanted)
    grid.short = 0
    _read_grid(grid, match, reading, context, broken)


def _attempt(ask: Callable[[Any], Any], document: Any) -> Any:
    """An export's own question to a document of any shape; None where it does not apply."""
    try:
        return ask(document)
    except (TypeError, KeyError, AttributeError, IndexError, ValueError):
        return None


def _json_text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


@cache
def _no_rows() -> pd.DataFrame:
    return _asides([()] * len(ASIDE))


def _asides(columns: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows set aside, or cells refused, as a frame from its columns."""
    arrays = [
        np.array(values, np.int32)
        if name == "line"
        else _STR.__from_arrow__(pa.array(values, pa.large_string(), from_pandas=True))
        for name, values in zip(ASIDE, columns, strict=True)
    ]
    return pd.DataFrame(dict(zip(ASIDE, arrays, strict=True)), copy=False)


def _aside(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows set aside, or cells refused, in the order of their lines."""
    if not rows:
        return _no_rows().copy(deep=False)
    return _asides(list(zip(*sorted(rows, key=lambda row: row[1]), strict=True)))


def _reason(code: str) -> tuple[str, str]:
    """What is wrong with a cell, and what to do about it, in the spoken language."""
    message, to_do = REASONS[code]
    return tr(message), tr(to_do)


def _read_grid(
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
    refused: list[tuple[Any, ...]] = []
    for column, cells in _read_columns(grid, match, context):
        values[column.ours] = cells.values
        if column.ours not in match.at:
            continue
        header = reading.found[column.ours]
        _tell_order(cells, header, reading, context)
        rows, codes = _wrong(column, cells, context)
        if not len(rows):
            continue
        still = keep[rows]
        rows, codes = rows[still], codes[still]
        found = plain(grid.columns[match.at[column.ours]]).take(pa.array(rows)).to_pylist()
        for row, text, code in zip(rows.tolist(), found, codes, strict=True):
            place = (reading.file, int(grid.lines[row]), header)
            if not column.need:
                refused.append((*place, text, code, *_reason(code)))
            elif grid.is_blank(row):
                blank += 1
            else:
                aside.append((*place, *_row_code(grid, row, text, header, code)))
        if column.need:
            keep[rows] = False
    aside += [_long_row(reading, line, cells) for line, cells in grid.long]
    reading.rows_in = grid.rows - blank + len(grid.long) + lost
    _tell_lost_letters(values, reading)
    columns = {ours: _series(column) for ours, column in values.items()}
    frame = pd.DataFrame(columns | {"line": grid.lines}, copy=False)
    if not keep.all():
        frame = frame[keep].reset_index(drop=True)
    if refused:
        gone = set(grid.lines[~keep].tolist())
        refused = [row for row in refused if row[1] not in gone]
        reading.refused = _aside(refused)
    if export.finish:
        frame, more = export.finish(frame)
        frame = frame.reset_index(drop=True)
        if len(more):
            aside += more.assign(file=reading.file)[list(ASIDE)].to_numpy().tolist()
    reading.set_aside = _aside(aside)
    reading.rows_set_aside = len(aside)
    reading.frame = frame
    _tell_rows(grid, reading)


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
    return text, code, *_reason(code)


def _series(values: Any) -> Any:
    if isinstance(values, pa.ChunkedArray):
        return _STR.__from_arrow__(values)
    return values


def _tell_order(cells: Cells, header: str, reading: Reading, context: Context) -> None:
    if cells.order:
        parts = {
            "d": tr("day", context="date"),
            "m": tr("month", context="date"),
            "y": tr("year", context="date"),
        }
        said = ", ".join(parts[letter] for letter in cells.order)
        reading.tell(
            "date-order",
            "warning",
            tr(
                "The dates in “{column}” of {file} only make sense as {order}; that is not the "
                "form of the {marketplace} site.",
                column=header,
                file=reading.file,
                order=said,
                marketplace=context.marketplace,
            ),
            tr("Check one date against Seller Central."),
            column=header,
        )


def _tell_rows(grid: Grid, reading: Reading) -> None:
    if not reading.rows_in:
        message = tr("{file} has a header and no rows.", file=reading.file)
        reading.tell("no-rows", "information", message)
    if grid.short:
        reading.tell(
            "short-rows",
            "information",
            tr(
                "{rows} of {file} with fewer cells than the header; what they lack counts as "
                "empty.",
                rows=count(grid.short, "row"),
                file=reading.file,
            ),
            count=grid.short,
        )
    if grid.unclosed:
        reading.tell(
            "unclosed-quote",
            "warning",
            tr(
                "{lines} of {file} with a quote never closed; they were split at every delimiter.",
                lines=count(len(grid.unclosed), "line"),
                file=reading.file,
            ),
            tr("Check these rows."),
            line=grid.unclosed[0],
            count=len(grid.unclosed),
        )
    _tell_set_aside(reading)
    _tell_refused(reading)


def _tell_set_aside(reading: Reading) -> None:
    if not len(reading.set_aside):
        return
    for reason, number in Counter(reading.set_aside["reason"]).items():
        first = reading.set_aside[reading.set_aside["reason"] == reason].iloc[0]
        quiet = reason in _QUIET
        reading.tell(
            reason,
            "information" if quiet else "warning",
            tr(
                "{rows} of {file} set aside: {why}.",
                rows=count(number, "row"),
                file=reading.file,
                why=_unstopped(first["message"]),
            ),
            first["to_do"],
            line=int(first["line"]),
            column=first["column"] or None,
            count=number,
        )


def _tell_refused(reading: Reading) -> None:
    if not len(reading.refused):
        return
    for (column, reason), number in Counter(
        zip(reading.refused["column"], reading.refused["reason"], strict=True)
    ).items():
        first = reading.refused[
            (reading.refused["column"] == column) & (reading.refused["reason"] == reason)
        ].iloc[0]
        reading.tell(
            f"refused-{reason}",
            "warning",
            tr(
                "{cells} in “{column}” of {file} left empty: {why}.",
                cells=count(number, "cell"),
                column=column,
                file=reading.file,
                why=_unstopped(first["message"]),
            ),
            first["to_do"],
            line=int(first["line"]),
            column=column,
            count=number,
        )


def _unstopped(message: str) -> str:
    """A reason that stands inside another sentence."""
    return message.rstrip(".。")


def _tell_lost_letters(values: dict[str, Any], reading: Reading) -> None:
    """Letters that were lost before the file came here; nothing brings them back."""
    for column in reading.export.columns if reading.export else ():
        if column.kind != "text" or column.ours not in reading.found:
            continue
        number = sum(_lost_letters(chunk) for chunk in values[column.ours].chunks)
        if number:
            header = reading.found[column.ours]
            reading.tell(
                "lost-letters",
                "information",
                tr(
                    "{cells} in “{column}” of {file} with “?” or “\ufffd” where letters were: they "
                    "were lost before the file was saved.",
                    cells=count(number, "cell"),
                    column=header,
                    file=reading.file,
                ),
                tr("Nothing is to be done if only titles and comments are concerned."),
                column=header,
                count=number,
            )


def _lost_letters(chunk: pa.Array) -> int:
    """How many cells have a question mark, or U+FFFD, in place of a letter."""
    data = np.frombuffer(chunk.buffers()[2] or b"", np.uint8)
    if not (data == ord("?")).any() and not (data == 0xEF).any():
        return 0
    return pc.sum(pc.match_substring_regex(chunk, _LOST_LETTER)).as_py() or 0
