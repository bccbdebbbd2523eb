"""A reading: what one file gave, the rows not used among it, and what is told about the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.exports.columns import Columns, columns_of, frame_of
from odrlib.exports.export import Export
from odrlib.exports.words import STR
from odrlib.finding import Finding, Place
from odrlib.languages import sentences, tr

ASIDE = ("file", "line", "column", "value", "reason", "message", "to_do")


class _Frame:
    """The rows of a reading as a frame, made of its columns when somebody first asks for it."""

    def __get__(self, reading: Reading | None, kind: type | None = None) -> pd.DataFrame | None:
        if reading is None:
            return None  # what a reading has before it is given any rows
        if reading._frame is None and reading._columns is not None:
            reading._frame = frame_of(reading._columns)
        return reading._frame

    def __set__(self, reading: Reading, frame: pd.DataFrame | None) -> None:
        reading._frame = frame
        reading._columns = None if frame is None else columns_of(frame)


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
    frame : the used rows, our columns and `line` (int32; the file's first line is 1; in a JSON or
        XML document the number of the record). A column the file lacks is there, all missing
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
    frame: _Frame = _Frame()
    set_aside: pd.DataFrame = field(default_factory=lambda: rows_aside([]))
    refused: pd.DataFrame = field(default_factory=lambda: rows_aside([]))
    findings: list[Finding] = field(default_factory=list)
    document: Any | None = None
    days: tuple[date | None, date | None] = (None, None)

    @property
    def columns(self) -> Columns | None:
        """What `frame` holds, as arrays: sooner had, and all that putting tables together needs."""
        return self._columns

    @columns.setter
    def columns(self, columns: Columns) -> None:
        self._frame: pd.DataFrame | None = None
        self._columns: Columns | None = columns

    @property
    def rows_used(self) -> int:
        """How many rows are in `frame`."""
        return self.rows_in - self.rows_set_aside

    def tell(self, id: str, level: Any, message: str, to_do: str = "", **more: Any) -> None:
        """Add a finding about this file."""
        place = Place(self.file, more.pop("line", None), more.pop("column", None))
        self.findings.append(Finding(id, level, message, to_do, place, **more))


@cache
def _no_rows() -> pd.DataFrame:
    """The same frame for every file, into which nobody writes."""
    return _asides([()] * len(ASIDE))


def _asides(columns: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows set aside, or cells refused, as a frame from its columns."""
    arrays = [
        np.array(values, np.int32)
        if name == "line"
        else STR.__from_arrow__(pa.array(values, pa.large_string(), from_pandas=True))
        for name, values in zip(ASIDE, columns, strict=True)
    ]
    return frame_of(dict(zip(ASIDE, arrays, strict=True)))


def rows_aside(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows set aside, or cells refused, in the order of their lines."""
    if not rows:
        return _no_rows()
    return _asides(list(zip(*sorted(rows, key=lambda row: row[1]), strict=True)))


def tell_unknown(reading: Reading, header: Sequence[str], why: str = "", to_do: str = "") -> None:
    if any(re.search(r"@|\d{3}", cell) for cell in header):
        # It may be a buyer's: nothing of it is kept or shown.
        reading.header, header = (), ()
        why = why or tr("Its first line looks like data and not like a header.")
    shown = some((cell.strip().strip('"')[:40] for cell in header), 12)
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


def some(names: Iterable[str], top: int) -> str:
    """The first names in a row, with a mark if there are more."""
    listed = list(names)
    return ", ".join(listed[:top] + (["…"] if len(listed) > top else []))
