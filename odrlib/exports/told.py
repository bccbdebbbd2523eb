"""What is told about a file that was read: its encoding, its dates, rows and cells not used."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from odrlib.exports import text as texts
from odrlib.exports.cells import Cells, Context
from odrlib.exports.grid import Grid
from odrlib.exports.reading import Reading, some
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.plain import arrays_of, listed

# Rows that are set aside because they are no data, not because they are broken.
_QUIET = ("repeated-header", "totals-line", "example-row", "not-an-amazon-order")
_LOST_LETTER = r"\p{L}\?+\p{L}|\?{4,}|\x{FFFD}"


def tell_encoding(text: texts.Text, reading: Reading) -> None:
    if text.odd_lines:
        shown = some(map(str, text.odd_lines), 10)
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
        tell_lost(text.lost, reading)


def tell_lost(number: int, reading: Reading) -> None:
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


def tell_empty(reading: Reading) -> None:
    message = tr("{file} is empty.", file=reading.file)
    reading.tell("empty-file", "warning", message, tr("Download the file again."))


def tell_delimiter(reading: Reading, what: str) -> None:
    to_do = tr("Download the file again and do not save it from a spreadsheet.")
    reading.tell("wrong-delimiter", "warning", what, to_do)


def tell_order(cells: Cells, header: str, reading: Reading, context: Context) -> None:
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


def tell_rows(grid: Grid, reading: Reading) -> None:
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
    rows = reading.set_aside
    if not len(rows):
        return
    told = {name: listed(values) for name, values in arrays_of(rows)}
    for reason, number in Counter(told["reason"]).items():
        at = told["reason"].index(reason)
        first = {name: values[at] for name, values in told.items()}
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


def tell_lost_letters(values: dict[str, Any], reading: Reading) -> None:
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
