"""
Entries: what was read of one file, as a Parquet file of its rows that describes itself.

The description has a check of its own, so that it can be taken without the rows.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from odrlib.cached import as_arrow, as_column
from odrlib.exports.cells import Context
from odrlib.exports.known import EXPORTS
from odrlib.exports.read import ASIDE, Reading
from odrlib.exports.reading import rows_aside
from odrlib.finding import Finding, Place
from odrlib.held import covered

_ABOUT, _CHECK = b"odrlib", b"check"


def packed(reading: Reading, context: Context) -> pa.Table:
    """The reading as a table of plain columns, with everything else as its description."""
    columns: dict[str, pa.ChunkedArray] = {}
    kinds: list[list[Any]] = []
    for name, values in (reading.frame if reading.frame is not None else pd.DataFrame()).items():
        columns[str(name)], kind = as_arrow(values)
        kinds.append([name, *kind])
    about = {field.name: getattr(reading, field.name) for field in fields(Reading)} | {
        "export": reading.export.name if reading.export else None,
        "frame": None if reading.frame is None else len(reading.frame),
        "days": [day and day.isoformat() for day in covered(reading.columns, context.timezone)],
        "set_aside": reading.set_aside.to_dict("list"),
        "refused": reading.refused.to_dict("list"),
        "findings": [asdict(finding) for finding in reading.findings],
        "columns": kinds,
        "today": context.today.isoformat(),
        "late": is_late(reading),
    }
    del about["document"]
    told = json.dumps(about).encode()
    return pa.table(columns).replace_schema_metadata(
        {_ABOUT: told, _CHECK: f"{zlib.crc32(told):08x}"}
    )


def description(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """The description of an entry; ValueError if it is not as it was written."""
    if f"{zlib.crc32(metadata[_ABOUT]):08x}".encode() != metadata[_CHECK]:
        raise ValueError(metadata[_CHECK])
    about: dict[str, Any] = json.loads(metadata[_ABOUT])
    return about


def checked(entry: Path) -> bytes:
    """The entry; ValueError if it is not as it was written."""
    raw = entry.read_bytes()
    if entry.stem.rpartition("-")[2] != f"{zlib.crc32(raw):08x}":
        raise ValueError(entry.name)
    return raw


def rows(raw: bytes, mine: pa.ChunkedArray | None = None) -> pd.DataFrame:
    """The rows of an entry, all or some."""
    table = pq.read_table(pa.BufferReader(raw))
    told = description(table.schema.metadata)
    if mine is not None:
        table = table.filter(mine)
    return pd.DataFrame(
        {name: as_column(table.column(name), *kind) for name, *kind in told["columns"]},
        copy=False,
    )


def described(about: dict[str, Any], file: str, sha256: str, context: Context) -> Reading | None:
    """The reading that an entry holds, without its rows; None if it is of another file or day."""
    if about["sha256"] != sha256 or about["file"] != file or not is_as_on(about, context):
        return None
    exports = {export.name: export for export in EXPORTS}
    findings = [
        Finding(**said | {"place": said["place"] and Place(**said["place"]),
                          "order_ids": tuple(said["order_ids"])})
        for said in about["findings"]
    ]  # fmt: skip
    first, last = (day and date.fromisoformat(day) for day in about["days"])
    return Reading(
        file=about["file"],
        sha256=sha256,
        size=about["size"],
        export=exports[about["export"]] if about["export"] else None,
        encoding=about["encoding"],
        delimiter=about["delimiter"],
        header=tuple(about["header"]),
        found=about["found"],
        rows_in=about["rows_in"],
        rows_set_aside=about["rows_set_aside"],
        set_aside=_aside(about["set_aside"]),
        refused=_aside(about["refused"]),
        findings=findings,
        days=(first, last),
    )


def is_late(reading: Reading) -> bool:
    """Did something in the file lie in the future?"""
    return any(
        "future-date" in rows["reason"].array for rows in (reading.set_aside, reading.refused)
    )


def is_as_on(about: dict[str, Any], context: Context) -> bool:
    """
    Would the file, or all files, be read the same today?

    What lay in no future on one day lies in none on a later day; all else is read again.
    """
    today = context.today.isoformat()
    return bool(today == about["today"] or (today > about["today"] and not about["late"]))


def _aside(columns: dict[str, list[Any]]) -> pd.DataFrame:
    if not columns["line"]:
        return rows_aside([])
    frame = pd.DataFrame(columns, columns=list(ASIDE))
    return frame.astype({name: "int32" if name == "line" else "str" for name in ASIDE})
