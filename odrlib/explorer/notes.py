"""
Notes: a selection is named and written into the store's ledger of findings.

The file may be open elsewhere, so it is read anew under a lock, its bytes stay as they are, and the
new row is added in one step: whoever reads it finds all of it, or the file from before.
"""

from __future__ import annotations

import csv
import io
import os
import re
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from odrlib.appeal.journal import new_file
from odrlib.appeal.locking import locked
from odrlib.errors import BadParameter, OdrError
from odrlib.exports.ledger import FINDINGS, TEMPLATES
from odrlib.exports.text import decode
from odrlib.languages import tr
from odrlib.selections import NOTE_COLUMNS, Selection, note_row

FILE = "findings.csv"
LOCK = ".findings.lock"
_KEEPS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")


def save_finding(
    folder: str | Path,
    selection: Selection,
    counts: tuple[int, int],
    name: str,
    text: str = "",
    *,
    on: date | None = None,
) -> str:
    """
    Add a selection to `ledger/findings.csv` of a store, and say which id it got.

    Parameters
    ----------
    folder : the store folder
    counts : orders and what stands above the line for them, as they are now
    name, text : what the analyst calls it and thinks of it
    on : the day of the note (default: the clock's day, in UTC)

    Raises
    ------
    BadParameter : there is no name
    OdrError : the findings are kept in a workbook, or the file cannot be read or replaced; the file
        is then as it was
    """
    if not name.strip():
        raise BadParameter(tr("give the finding a name"))
    ledger = Path(folder) / "ledger"
    with locked(ledger, LOCK):
        _check_no_workbook(ledger)
        path = ledger / FILE
        before = path.read_bytes() if path.is_file() else b""
        table = _Table(path.name, before)
        row = note_row(
            selection,
            *counts,
            id=table.next_id(),
            name=name,
            text=text,
            on=on or datetime.now(UTC).date(),
        )
        _replace(path, before, table.with_row(row))
    return row["id"]


def _check_no_workbook(ledger: Path) -> None:
    kept = [path for path in ledger.glob("[Ff]indings*.xls*") if not path.name.startswith("~$")]
    if kept:
        raise OdrError(
            tr("{file} holds the findings, and a row cannot be added to a workbook; "
               "save it as findings.csv and move the workbook away", file=kept[0].name)
        )  # fmt: skip


class _Table:
    """The bytes of a CSV file, and what a row of it looks like."""

    def __init__(self, name: str, raw: bytes) -> None:
        self.raw = raw or _line(TEMPLATES["findings"][0], ",", "\n").encode()
        found = decode(self.raw)
        self.encoding = found.encoding
        if self.encoding not in _KEEPS or found.lost or found.odd_lines:
            raise OdrError(
                tr("{file} is not in UTF-8; save it as CSV UTF-8 and try again", file=name)
            )
        text = found.data.decode("utf-8")
        header = text.lstrip("\n").split("\n", 1)[0]
        self.delimiter = max(",;\t", key=header.count)
        self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        names = [_plain(cell) for cell in next((row for row in self.rows if row), [])]
        self.places = {
            column.theirs[0]: names.index(spelling)
            for column in FINDINGS.columns
            for spelling in map(_plain, column.theirs)
            if spelling in names
        }
        self.width = len(names)
        lacks = [column for column in NOTE_COLUMNS if column not in self.places]
        if lacks:
            raise OdrError(
                tr("{file} has no column {columns}; add it to the header and try again",
                   file=name, columns=", ".join(lacks))
            )  # fmt: skip
        self.line_end = "\r\n" if "\r\n".encode(self._codec) in self.raw else "\n"

    @property
    def _codec(self) -> str:
        return "utf-8" if self.encoding == "utf-8-sig" else self.encoding

    def next_id(self) -> str:
        """F01, F02, … : one more than the highest that is there."""
        place = self.places["id"]
        ids = [row[place].strip() for row in self.rows[1:] if len(row) > place]
        used = [int(match[1]) for one in ids if (match := re.fullmatch(r"F(\d+)", one))]
        return f"F{max(used, default=0) + 1:02}"

    def with_row(self, row: dict[str, str]) -> bytes:
        """The file with one row more; what was there stays byte for byte."""
        cells = [""] * self.width
        for column, place in self.places.items():
            cells[place] = row[column]
        end = self.line_end.encode(self._codec)
        whole = self.raw.endswith((end, "\n".encode(self._codec)))
        return self.raw + (b"" if whole else end) + _line(
            cells, self.delimiter, self.line_end
        ).encode(self._codec)  # fmt: skip


def _line(cells: list[str] | tuple[str, ...], delimiter: str, end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerow(cells)
    return out.getvalue()


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", "", header.casefold().removeprefix("\ufeff"))


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put the new content in the place of the old, unless somebody changed it meanwhile."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new_file(new) as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        if (path.read_bytes() if path.is_file() else b"") != before:
            raise OdrError(
                tr("{file} was changed by another program just now; try again", file=path.name)
            )
        new.replace(path)
    except OSError as error:
        raise OdrError(
            tr("{file} cannot be written ({why}); close what has it open and try again",
               file=path.name, why=error.strerror or type(error).__name__)
        ) from error  # fmt: skip
    finally:
        with suppress(OSError):
            new.unlink()
