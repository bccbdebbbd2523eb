"""
Cached: columns as Arrow keeps them without loss, and a file of whole tables, column by column.

One column is taken out of the file at a time, so that large tables need no room beside themselves.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from odrlib.exports.words import categorical

_DATES = "datetime64[us, UTC]", "datetime64[us]", "datetime64[s]"
# Text gets smaller by half again, numbers and codes are there in a third of the time.
_TEXT = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))
_NUMBERS = pa.ipc.IpcWriteOptions(compression="lz4")
_PIECE = 1 << 22
_LENGTH = 8  # bytes at the end that say how long the description before them is


def as_arrow(values: pd.Series) -> tuple[pa.ChunkedArray, list[Any]]:
    """A column as Arrow keeps it without loss, and what makes it the column again."""
    kind = str(values.dtype)
    told: list[Any] = [kind]
    if kind == "category":
        words = values.cat.categories
        array, told = pa.array(values.array.codes), [kind, words.tolist(), str(words.dtype)]
    elif kind in _DATES:
        unit = "us" if "us" in kind else "s"
        array = pa.array(np.asarray(values.array, f"datetime64[{unit}]").view("int64"))
    elif isinstance(values.dtype, np.dtype):
        array = pa.array(values.to_numpy(), from_pandas=values.dtype == object)
    else:
        array = pa.array(values.array, from_pandas=True)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array]), told


def as_column(
    values: pa.ChunkedArray, kind: str, words: list[str] | None = None, of: str = "str"
) -> Any:
    """The column that `as_arrow` made this of, of which anybody may write into the numbers."""
    if kind == "category":
        if of == "str":
            return categorical(_numbers(values), words or [])
        dtype = pd.CategoricalDtype(pd.Index(words, dtype=of))
        return pd.Categorical.from_codes(_numbers(values), dtype=dtype)
    if kind in _DATES:
        return pd.DatetimeIndex(_numbers(values), dtype=kind, copy=False)
    dtype = pd.Series(dtype=kind).dtype
    if hasattr(dtype, "__from_arrow__"):
        return dtype.__from_arrow__(values)
    return values.to_numpy() if kind == "object" else _numbers(values)


def _numbers(values: pa.ChunkedArray) -> np.ndarray:
    if not values.num_chunks:
        return np.asarray(values.to_numpy())
    return np.concatenate([chunk.to_numpy(zero_copy_only=False) for chunk in values.chunks])


def write_tables(file: IO[bytes], tables: Mapping[str, pd.DataFrame], about: dict[str, Any]) -> str:
    """Write the tables and what is told about them; the check that stands for these bytes."""
    columns: dict[str, list[Any]] = {}
    at = check = 0
    for table, frame in tables.items():
        for name, values in frame.items():
            array, kind = as_arrow(values)
            sink = pa.BufferOutputStream()
            one = pa.table({"": array})
            options = _TEXT if kind[0] == "str" else _NUMBERS
            with pa.ipc.new_stream(sink, one.schema, options=options) as stream:
                stream.write_table(one)
            packed = sink.getvalue()
            file.write(packed)
            check = zlib.crc32(packed, check)
            columns.setdefault(table, []).append([name, at, len(packed), kind])
            at += len(packed)
    told = json.dumps(about | {"columns": columns}).encode()
    end = told + len(told).to_bytes(_LENGTH, "big")
    file.write(end)
    return f"{zlib.crc32(end, check):08x}"


class Tables:
    """
    A file that `write_tables` wrote.

    Raises
    ------
    ValueError if the file is not as it was written, or has another name
    """

    def __init__(self, path: Path, name: str) -> None:
        self._file = open(path, "rb")  # noqa: SIM115
        try:
            self.about = _about(self._file, path.stem.removeprefix(f"{name}-"))
            if self.about["name"] != name:
                raise ValueError(name)  # noqa: TRY301
        except BaseException:
            self.close()
            raise
        self._seen: dict[tuple[str, str], tuple[pa.ChunkedArray, list[Any]]] = {}
        self._columns = {
            table: {name: told for name, *told in columns}
            for table, columns in self.about["columns"].items()
        }

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __contains__(self, table: str) -> bool:
        return table in self._columns

    def names(self, table: str) -> list[str]:
        """The table's columns."""
        return list(self._columns[table])

    def column(self, table: str, name: str) -> tuple[pa.ChunkedArray, list[Any]]:
        """One column, as `as_arrow` gives it."""
        if (table, name) in self._seen:
            return self._seen.pop((table, name))
        at, length, kind = self._columns[table][name]
        self._file.seek(at)
        with pa.ipc.open_stream(self._file.read(length)) as stream:
            return stream.read_all().column(0), kind

    def look(self, table: str, name: str) -> tuple[pa.ChunkedArray, list[Any]]:
        """One column, held until `column` hands it out for good."""
        if (table, name) not in self._seen:
            self._seen[table, name] = self.column(table, name)
        return self._seen[table, name]

    def table(self, table: str) -> pd.DataFrame:
        """A whole table."""
        columns = ((name, self.column(table, name)) for name in self.names(table))
        return pd.DataFrame(
            {name: as_column(values, *kind) for name, (values, kind) in columns}, copy=False
        )


def _about(file: IO[bytes], check: str) -> dict[str, Any]:
    found = 0
    while piece := file.read(_PIECE):
        found = zlib.crc32(piece, found)
    if check != f"{found:08x}":
        raise ValueError(check)
    end = file.seek(-_LENGTH, 2)
    length = int.from_bytes(file.read(), "big")
    file.seek(end - length)
    about: dict[str, Any] = json.loads(file.read(length))
    return about
