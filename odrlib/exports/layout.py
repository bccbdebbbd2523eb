"""Text files: where the header is, which delimiter divides it, and so which export it is."""

from __future__ import annotations

from dataclasses import replace

from odrlib.exports import grid as grids
from odrlib.exports import limits
from odrlib.exports.cells import DICTIONARY_KINDS, Context
from odrlib.exports.grid import Layout
from odrlib.exports.reading import Reading, tell_unknown
from odrlib.exports.recognise import Match, recognise, recognise_by_shape
from odrlib.exports.rows import read_grid
from odrlib.exports.told import tell_delimiter, tell_empty
from odrlib.languages import tr


def read_text(data: bytes, reading: Reading, context: Context) -> None:
    head = list(grids.head(data))
    if not head:
        tell_empty(reading)
        return
    # Most lines have not even so many letters.
    long = ((n, text) for n, text, _ in head if len(text) >= limits.MOST_COLUMNS)
    wide = next((n for n, text in long if _columns(text) > limits.MOST_COLUMNS), 0)
    if wide:
        why = tr("Line {line} has more than {columns:,} columns.",
                 line=wide, columns=limits.MOST_COLUMNS)  # fmt: skip
        tell_unknown(reading, (), why, tr("Download the file again."))
        return
    data, layout, match = _lay_out(data, head, reading, context)
    reading.header = layout.header
    reading.delimiter = layout.delimiter
    if match is None:
        tell_unknown(reading, layout.header)
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
    read_grid(grid, match, reading, context)


def _columns(line: str) -> int:
    return 1 + max(line.count(delimiter) for delimiter in grids.DELIMITERS)


def _lay_out(
    data: bytes, head: list[tuple[int, str, int]], reading: Reading, context: Context
) -> tuple[bytes, Layout, Match | None]:
    """The header, found by what it says, the delimiter, and the export."""
    best: tuple[Layout, Match] | None = None
    first: Layout | None = None
    for line, text, skip in head:
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
    inner = [] if unwrapped is None else list(grids.head(unwrapped))
    if unwrapped is not None and inner:
        head = inner
        data, layout, match = _lay_out(unwrapped, inner, reading, context)
        if match:
            tell_delimiter(
                reading,
                tr("In {file} each line is wrapped in quotes as one cell; it could be read all the "
                   "same.", file=reading.file),
            )  # fmt: skip
            return data, layout, match
    if first is None:
        line, text, skip = head[0]
        first = Layout((text,), line, "", skip, quoted=True)
        return data, first, None
    match = recognise_by_shape(first.header, grids.sample_rows(data, first), reading.file, context)
    return data, _with_rows(data, first, reading), match


def _with_rows(data: bytes, layout: Layout, reading: Reading) -> Layout:
    """The layout as the rows have it: another delimiter than the header's, quotes or none."""
    rows = data[layout.skip : layout.skip + (1 << 16)].decode("utf-8", errors="replace")
    lines = [line for line in rows.split("\n", 20)[:20] if line.strip()]
    width = len(layout.header)

    def fitting(delimiter: str) -> int:
        return sum(len(grids.split_line(line, delimiter)) == width for line in lines)

    delimiter = layout.delimiter
    if lines and not any(delimiter in line for line in lines):
        other = max(grids.DELIMITERS, key=fitting)
        if fitting(other) > len(lines) / 2:
            delimiter = other
            tell_delimiter(
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
    return b"\n".join(inner) if any(map(bytes.strip, inner)) else None
