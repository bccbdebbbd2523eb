"""
Cache: what was read of a file, kept as Parquet beside no store, so that only new files are read.

An entry is found by the hash of the file, and holds for the same reader, settings and language
only. It holds what `Reading` holds and no more: allow-listed columns, findings, rows set aside. An
entry that is damaged, or not ours, counts for nothing and is written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
import zlib
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import odrlib
from odrlib.errors import BadParameter
from odrlib.exports.cells import Context
from odrlib.exports.known import EXPORTS
from odrlib.exports.read import ASIDE, Reading, read_file
from odrlib.finding import Finding, Place
from odrlib.held import slim
from odrlib.languages import language, tr

VARIABLE = "ODR_CACHE"
DAYS_KEPT = 30  # an entry that nobody asked for in so many days is removed
# A smaller file is read as fast as it is looked up.
SMALLEST = 1 << 18
_ABOUT = b"odrlib"
_READER = ("exports", "policy", "languages", "finding.py", "held.py", "stacks.py", "tables.py",
           "tracking_numbers.py", "cache.py")  # fmt: skip
_DATES = "datetime64[us, UTC]", "datetime64[us]", "datetime64[s]"


class Cache:
    """
    A folder of files already read.

    Parameters
    ----------
    folder : made if it is not there; nobody else may write into it

    Attributes
    ----------
    taken, parsed : the names of the files whose entry was used, and of those that were read

    Raises
    ------
    BadParameter if the folder cannot be used
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser()
        self.taken: list[str] = []
        self.parsed: list[str] = []
        if not self.folder.is_absolute():
            self._refuse(tr("it is no full path"))
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            about = self.folder.stat()
        except OSError as error:
            self._refuse(error.strerror or type(error).__name__, error)
        if hasattr(os, "geteuid") and (about.st_uid != os.geteuid() or about.st_mode & 0o022):
            self._refuse(tr("others may write into it"))

    def _refuse(self, why: str, cause: Exception | None = None) -> None:
        message = tr("the cache folder {folder} cannot be used: {why}", folder=self.folder, why=why)
        raise BadParameter(message) from cause

    def apart_from(self, store: Path) -> Cache:
        """The cache, if it lies outside of the store; nothing of ours is put between downloads."""
        if self.folder.resolve().is_relative_to(store.resolve()):
            self._refuse(tr("it lies in the store"))
        return self

    def read(self, path: Path, file: str, context: Context) -> Reading:
        """What `read_file` reads of the file, from its entry if there is a good one."""
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        if size < SMALLEST:
            return slim(read_file(path, file, context))
        place = _place(file, size, context)
        known = self._known(path, place, file, context)
        if known is not None:
            self.taken.append(file)
            return known
        reading = slim(read_file(path, file, context))
        self.parsed.append(file)
        if reading.document is None and reading.sha256 and reading.size == size:
            self._keep(reading, place, context)
        return reading

    def tidy(self) -> None:
        """Remove the entries that nobody asked for in `DAYS_KEPT` days, and what a crash left."""
        now = time.time()
        for pattern, days in (("*.parquet", DAYS_KEPT), (".writing-*", 1)):
            for entry in self.folder.glob(pattern):
                with suppress(OSError):
                    if now - entry.stat().st_mtime > days * 86_400:
                        entry.unlink()

    def _known(self, path: Path, place: str, file: str, context: Context) -> Reading | None:
        entries = sorted(self.folder.glob(f"{place}-*.parquet"))
        if not entries:
            return None
        with open(path, "rb") as raw:
            sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
        for entry in entries:
            if not entry.name.startswith(f"{place}-{sha256}-"):
                continue
            try:
                reading = _unpacked(entry, file, sha256, context)
                os.utime(entry)
            except (OSError, ValueError, LookupError, TypeError, AttributeError, pa.ArrowException):
                reading = None
            if reading is not None:
                return reading
            with suppress(OSError):
                entry.unlink()
        return None

    def _keep(self, reading: Reading, place: str, context: Context) -> None:
        """Write the entry, whole or not at all; a full disk is no reason to stop."""
        name = ""
        try:
            handle, name = tempfile.mkstemp(prefix=".writing-", dir=self.folder)
            with open(handle, "wb") as file:
                pq.write_table(
                    _packed(reading, context), file, compression="zstd", compression_level=1,
                    use_dictionary=False, write_statistics=False,
                )  # fmt: skip
            check = f"{zlib.crc32(Path(name).read_bytes()):08x}"
            Path(name).replace(self.folder / f"{place}-{reading.sha256}-{check}.parquet")
        except OSError:
            with suppress(OSError):
                Path(name).unlink()


def cache_of(given: Cache | str | Path | None) -> Cache | None:
    """The cache that is asked for: by the caller, else by the environment; none by default."""
    if isinstance(given, Cache):
        return given
    folder = os.environ.get(VARIABLE, "") if given is None else given
    return Cache(folder) if str(folder) else None


@cache
def _reader() -> str:
    """A digest of all that decides what a file is read as."""
    root = Path(odrlib.__file__).parent
    digest = hashlib.sha256(
        " ".join((odrlib.__version__, pd.__version__, pa.__version__, sys.byteorder)).encode()
    )
    for name in _READER:
        found = [root / name] if name.endswith(".py") else sorted((root / name).rglob("*.*"))
        for path in found:
            if path.suffix in (".py", ".toml", ".po", ".json"):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _place(file: str, size: int, context: Context) -> str:
    """What is the same in all entries of this file as it is read here, whatever its content."""
    told = [_reader(), language(), file, size, context.marketplace, context.timezone,
            {pattern: dict(columns) for pattern, columns in context.columns.items()}]  # fmt: skip
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# ── an entry ────────────────────────────────────────────────────────────────────────────────────


def _packed(reading: Reading, context: Context) -> pa.Table:
    """The reading as a table of plain columns, with everything else as its description."""
    columns: dict[str, pa.Array] = {}
    kinds: list[list[Any]] = []
    for name, values in (reading.frame if reading.frame is not None else pd.DataFrame()).items():
        columns[str(name)], kind = _plain(values)
        kinds.append([name, *kind])
    about = {field.name: getattr(reading, field.name) for field in fields(Reading)} | {
        "export": reading.export.name if reading.export else None,
        "frame": None if reading.frame is None else len(reading.frame),
        "set_aside": reading.set_aside.to_dict("list"),
        "refused": reading.refused.to_dict("list"),
        "findings": [asdict(finding) for finding in reading.findings],
        "columns": kinds,
        "today": context.today.isoformat(),
    }
    del about["days"], about["document"]
    return pa.table(columns).replace_schema_metadata({_ABOUT: json.dumps(about)})


def _plain(values: pd.Series) -> tuple[pa.Array, list[Any]]:
    """A column as Parquet keeps it without loss, and what makes it the column again."""
    kind = str(values.dtype)
    if kind == "category":
        words = values.cat.categories
        return pa.array(values.array.codes), [kind, words.tolist(), str(words.dtype)]
    if kind in _DATES:
        unit = "us" if "us" in kind else "s"
        return pa.array(np.asarray(values.array, f"datetime64[{unit}]").view("int64")), [kind]
    if isinstance(values.dtype, np.dtype):
        return pa.array(values.to_numpy(), from_pandas=True), [kind]
    return pa.array(values.array, from_pandas=True), [kind]


def _unpacked(entry: Path, file: str, sha256: str, context: Context) -> Reading | None:
    """The reading that the entry holds; None if it is not as it was written, or of another day."""
    raw = entry.read_bytes()
    if entry.stem.rpartition("-")[2] != f"{zlib.crc32(raw):08x}":
        return None
    table = pq.read_table(pa.BufferReader(raw))
    about = json.loads(table.schema.metadata[_ABOUT])
    if about["sha256"] != sha256 or about["file"] != file or not _holds(about, context):
        return None
    exports = {export.name: export for export in EXPORTS}
    frame = None
    if about.pop("frame") is not None:
        frame = pd.DataFrame(
            {name: _column(table.column(name), *kind) for name, *kind in about["columns"]},
            copy=False,
        )
    findings = [
        Finding(**said | {"place": said["place"] and Place(**said["place"]),
                          "order_ids": tuple(said["order_ids"])})
        for said in about.pop("findings")
    ]  # fmt: skip
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
        frame=frame,
        set_aside=_rows(about["set_aside"]),
        refused=_rows(about["refused"]),
        findings=findings,
    )


def _holds(about: dict[str, Any], context: Context) -> bool:
    """
    Would the file be read the same today?

    What lay in no future on one day lies in none on a later day; all else is read again.
    """
    today = context.today.isoformat()
    late = "future-date" in (*about["set_aside"]["reason"], *about["refused"]["reason"])
    return today == about["today"] or (today > about["today"] and not late)


def _rows(columns: dict[str, list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns, columns=list(ASIDE))
    return frame.astype({name: "int32" if name == "line" else "str" for name in ASIDE})


def _column(
    values: pa.ChunkedArray, kind: str, words: list[str] | None = None, of: str = "str"
) -> Any:
    if kind == "category":
        names = pd.Index(words, dtype=of)
        return pd.Categorical.from_codes(values.to_numpy(), dtype=pd.CategoricalDtype(names))
    if kind in _DATES:
        unit = "us" if "us" in kind else "s"
        moments = pd.DatetimeIndex(values.to_numpy().view(f"datetime64[{unit}]"))
        return moments.tz_localize("UTC") if "UTC" in kind else moments
    dtype = pd.Series(dtype=kind).dtype
    if hasattr(dtype, "__from_arrow__"):
        return dtype.__from_arrow__(values)
    return values.to_numpy()
