"""Writing: every byte of a demo file passes through here, so that all systems write the same."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook

HEADERS: dict[str, list[str]] = tomllib.loads(
    files(__package__).joinpath("headers.toml").read_text(encoding="utf-8")
)


def write(path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    """Write text (with the line ends it has) or bytes to `path`, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def tabs(frame: pd.DataFrame) -> list[str]:
    """The lines of a tab file, the header first. Nothing is quoted, as Amazon does."""
    columns = [frame[column].astype(str).tolist() for column in frame]
    return ["\t".join(frame.columns), *map("\t".join, zip(*columns, strict=True))]


def lines(rows: Iterable[str], end: str = "\n") -> str:
    """Lines as a text that ends with a line end."""
    return end.join(rows) + end


def comma(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    """Rows as CSV; a cell is quoted where it must be."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def frame_comma(frame: pd.DataFrame, delimiter: str = ",") -> str:
    """A table as CSV with its header."""
    return comma([list(frame.columns), *frame.astype(str).to_numpy().tolist()], delimiter)


def as_json(document: Any, indent: int | None = 1) -> str:
    """A document as JSON text."""
    return json.dumps(document, ensure_ascii=False, indent=indent) + "\n"


def as_xlsx(frame: pd.DataFrame, sheet: str) -> bytes:
    """A table as an Excel workbook, the same bytes whenever and wherever it is written."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(list(frame.columns))
    for row in frame.astype(str).to_numpy().tolist():
        page.append(row)
    made, fixed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist()):
            # The time of writing stands in the archive's directory and in docProps/core.xml.
            entry = zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0))
            entry.create_system = 3
            text = old.read(name)
            if name == "docProps/core.xml":
                text = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-11-01T00:00:00Z", text)
            new.writestr(entry, text)
    return fixed.getvalue()


def stamps(moments: Any, offset: int = 0) -> np.ndarray:
    """Moments in UTC as Amazon's files write them (2026-05-08T23:36:26+00:00); "" where unknown."""
    utc: np.ndarray = np.asarray(moments, dtype="datetime64[s]")
    local: np.ndarray = utc + np.timedelta64(offset * 3_600, "s")
    text = np.char.add(np.datetime_as_string(local, unit="s"), f"+{offset:02d}:00")
    return np.where(np.isnat(local), "", text).astype(object)


def days(moments: Any, form: str = "%Y-%m-%d") -> list[str]:
    """
    Days in any form of strftime; "" where unknown.

    `%-d` and `%-m` (no leading zero), which Windows has not, are done here.
    """
    known = pd.to_datetime(pd.Series(np.asarray(moments, dtype="datetime64[s]")))
    plain = form.replace("%-d", "<d%d").replace("%-m", "<m%m")
    text = known.dt.strftime(plain).fillna("")
    texts: list[str] = text.str.replace(r"<[dm]0?", "", regex=True).tolist()
    return texts


def amounts(values: Any) -> list[str]:
    """Money as Amazon's report files write it: 25.0, 12.99; "" where unknown."""
    return ["" if pd.isna(value) else str(round(float(value), 2)) for value in values]
