"""
Cache: what was read of a file, kept as Parquet beside no store, so that only new files are read.

An entry is found by the hash of the file, and holds for the same reader, settings and language
only. It holds what `Reading` holds and no more: allow-listed columns, findings, rows set aside. An
entry that is damaged, or not ours, counts for nothing and is written anew.

Of a large store one more entry holds the tables that were put together from all files, so that
new files are added to them (`growth`); the rows of the other files are then not even looked at.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import odrlib
from odrlib.assembly import Assembly, gives_rows
from odrlib.cached import Tables, as_arrow, as_column, write_tables
from odrlib.errors import BadParameter
from odrlib.exports.cells import Context
from odrlib.exports.known import EXPORTS
from odrlib.exports.read import ASIDE, Reading, read_file
from odrlib.exports.reading import rows_aside
from odrlib.finding import Finding, Place
from odrlib.growth import grown, lasting
from odrlib.held import covered, is_stacked, slim
from odrlib.languages import language, tr
from odrlib.settings import Settings

VARIABLE = "ODR_CACHE"
DAYS_KEPT = 30  # an entry that nobody asked for in so many days is removed
# A smaller file is read as fast as it is looked up.
SMALLEST = 1 << 18
# Fewer rows are put together as fast as they are looked up.
FEWEST_ROWS = 100_000
# The tables are written again when so much is new; until then new files are added each time.
MUCH_NEW = 1 / 16
_ABOUT, _CHECK = b"odrlib", b"check"
_READER = ("exports", "policy", "languages", "finding.py", "held.py", "stacks.py", "tables.py",
           "tracking_numbers.py", "cached.py", "cache.py")  # fmt: skip
_ASSEMBLER = *_READER, "assembly.py", "growth.py"
_DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, pa.ArrowException)


@dataclass
class _Waiting:
    """Where the rows of a file lie in the cache, and how to read them again if they do not."""

    entry: Path
    read: Callable[[], Reading]


class _Changed(Exception):
    """A file is not what it was a moment ago."""


class Cache:
    """
    A folder of files already read.

    Parameters
    ----------
    folder : made if it is not there; nobody else may write into it

    Attributes
    ----------
    taken, parsed : the names of the files whose entry was used, and of those that were read
    grew : of each store whose tables were taken, the names of the files that were added to them

    Raises
    ------
    BadParameter if the folder cannot be used
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser()
        self.taken: list[str] = []
        self.parsed: list[str] = []
        self.grew: list[tuple[str, ...]] = []
        self._waiting: dict[str, _Waiting] = {}
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
        mine = copy.copy(self)
        mine._waiting = {}
        return mine

    def read(self, path: Path, file: str, context: Context) -> Reading:
        """
        What `read_file` reads of the file, from its entry if there is a good one.

        Rows that stand in the large tables alone wait until `load` asks for them.
        """
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        if size < SMALLEST:
            return slim(read_file(path, file, context))
        place = _place(file, size, context)

        def read() -> Reading:
            reading = slim(read_file(path, file, context))
            self.parsed.append(file)
            return reading

        known = self._known(path, place, file, context, read)
        if known is not None:
            self.taken.append(file)
            return known
        reading = read()
        if reading.document is None and reading.sha256 and reading.size == size:
            self._keep(reading, place, context)
        return reading

    def tidy(self) -> None:
        """Remove the entries that nobody asked for in `DAYS_KEPT` days, and what a crash left."""
        now = time.time()
        for pattern, days in (("*.parquet", DAYS_KEPT), ("*.tables", DAYS_KEPT), (".writing-*", 1)):
            for entry in self.folder.glob(pattern):
                with suppress(OSError):
                    if now - entry.stat().st_mtime > days * 86_400:
                        entry.unlink()

    def load(self, readings: Sequence[Reading]) -> None:
        """Put the rows into the readings that wait for them."""
        for reading in readings:
            if reading.file in self._waiting:
                self._load(reading)

    def _load(self, reading: Reading) -> None:
        """The rows out of the entry; an entry that is damaged is removed, and the file read."""
        waiting = self._waiting.pop(reading.file)
        try:
            reading.frame = _frame(_checked(waiting.entry))
        except _DAMAGED:
            with suppress(OSError):
                waiting.entry.unlink()
            self.taken.remove(reading.file)
            vars(reading).update(vars(waiting.read()))

    def grown(
        self, store: Path, readings: Sequence[Reading], context: Context, settings: Settings
    ) -> Assembly | None:
        """
        The tables of this store as they were put together once, with the files that are new.

        None if there are none, or if they cannot grow into what all files give.
        """
        now = {reading.file: reading for reading in readings if gives_rows(reading)}
        name = _name(store, context, settings)
        for entry in sorted(self.folder.glob(f"{name}-*.tables")):
            try:
                kept = Tables(entry, entry.stem.rpartition("-")[2])
            except _DAMAGED:
                with suppress(OSError):
                    entry.unlink()
                continue
            with kept:
                files: dict[str, str] = kept.about["files"]
                if (
                    kept.about["name"] != name
                    or any(file not in now or now[file].sha256 != files[file] for file in files)
                    or not _is_as_on(kept.about, context)
                ):
                    continue
                with suppress(OSError):
                    os.utime(entry)
                fresh = [reading for file, reading in now.items() if file not in files]
                self.load(fresh)
                try:
                    found = grown(kept, [*now.values()], fresh, self._rows_of, settings)
                except _Changed:
                    return None
                about = kept.about
            if found:
                self.grew.append(tuple(reading.file for reading in fresh))
                new = sum(reading.rows_used for reading in fresh)
                if new > MUCH_NEW * about["rows"] or found.merged != about["merged"]:
                    self.keep(store, found, readings, context, settings)
            return found
        return None

    def keep(
        self,
        store: Path,
        assembly: Assembly,
        readings: Sequence[Reading],
        context: Context,
        settings: Settings,
    ) -> None:
        """Write these tables in the place of those of the store that are there."""
        given = [reading for reading in readings if gives_rows(reading)]
        rows = sum(reading.rows_used for reading in given)
        kept = lasting(assembly, given) if rows >= FEWEST_ROWS else None
        if kept is None:
            return
        name = _name(store, context, settings)
        about = {
            "name": name,
            "files": {reading.file: reading.sha256 for reading in given},
            "rows": rows,
            "merged": assembly.merged,
            "today": context.today.isoformat(),
            "late": any(map(_is_late, given)),
        }
        written = self._write(
            lambda file: write_tables(file, kept, about), lambda check: f"{name}-{check}.tables"
        )
        others = self.folder.glob(f"{name.partition('-')[0]}-*.tables") if written else ()
        for entry in others:
            if entry.name != written:
                with suppress(OSError):
                    entry.unlink()

    def _rows_of(self, reading: Reading, ids: pa.Array) -> Reading:
        """The reading with the rows of some orders alone; with no frame where it has none."""
        if reading.file in self._waiting:
            with suppress(*_DAMAGED):
                raw = _checked(self._waiting[reading.file].entry)
                named = pq.read_table(pa.BufferReader(raw), columns=["order_id"]).column(0)
                mine = pc.is_in(named, value_set=ids)
                return replace(reading, frame=_frame(raw, mine) if pc.any(mine).as_py() else None)
            sha256 = reading.sha256
            self._load(reading)
            if sha256 != reading.sha256:
                raise _Changed
        if reading.frame is None:
            return reading
        named = pa.array(reading.frame["order_id"], ids.type, from_pandas=True)
        frame = reading.frame[pc.is_in(named, value_set=ids).to_numpy(zero_copy_only=False)]
        return replace(reading, frame=frame.reset_index(drop=True))

    def _known(
        self, path: Path, place: str, file: str, context: Context, read: Callable[[], Reading]
    ) -> Reading | None:
        entries = sorted(self.folder.glob(f"{place}-*.parquet"))
        if not entries:
            return None
        with open(path, "rb") as raw:
            sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
        for entry in entries:
            if not entry.name.startswith(f"{place}-{sha256}-"):
                continue
            try:
                about = _about(pq.read_schema(entry).metadata)
                reading = _described(about, file, sha256, context)
                if reading is not None and about["frame"] is not None:
                    if is_stacked(reading) and gives_rows(reading, only=True):
                        self._waiting[file] = _Waiting(entry, read)
                    else:
                        reading.frame = _frame(_checked(entry))
                os.utime(entry)
            except _DAMAGED:
                reading = None
            if reading is not None:
                return reading
            with suppress(OSError):
                entry.unlink()
        return None

    def _keep(self, reading: Reading, place: str, context: Context) -> None:
        """Write what was read of a file."""

        def write(file: IO[bytes]) -> str:
            pq.write_table(
                _packed(reading, context), file, compression="zstd", compression_level=1,
                use_dictionary=False, write_statistics=False,
            )  # fmt: skip
            return ""

        self._write(write, lambda check: f"{place}-{reading.sha256}-{check}.parquet")

    def _write(self, write: Callable[[IO[bytes]], str], name: Callable[[str], str]) -> str:
        """
        Write an entry, whole or not at all, and return its name; a full disk is no reason to stop.

        `write` returns the check of what it wrote, which is in the name; or "" if it has none.
        """
        writing = ""
        try:
            handle, writing = tempfile.mkstemp(prefix=".writing-", dir=self.folder)
            with open(handle, "wb") as file:
                check = write(file)
            check = check or f"{zlib.crc32(Path(writing).read_bytes()):08x}"
            Path(writing).replace(self.folder / name(check))
        except OSError:
            with suppress(OSError):
                Path(writing).unlink()
            return ""
        return name(check)


def cache_of(given: Cache | str | Path | None) -> Cache | None:
    """The cache that is asked for: by the caller, else by the environment; none by default."""
    if isinstance(given, Cache):
        return given
    folder = os.environ.get(VARIABLE, "") if given is None else given
    return Cache(folder) if str(folder) else None


@cache
def _code(names: tuple[str, ...]) -> str:
    """A digest of these parts of odrlib, which decide what is read or put together."""
    root = Path(odrlib.__file__).parent
    digest = hashlib.sha256(
        " ".join((odrlib.__version__, pd.__version__, pa.__version__, sys.byteorder)).encode()
    )
    for name in names:
        found = [root / name] if name.endswith(".py") else sorted((root / name).rglob("*.*"))
        for path in found:
            if path.suffix in (".py", ".toml", ".po", ".json"):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _place(file: str, size: int, context: Context) -> str:
    """What is the same in all entries of this file as it is read here, whatever its content."""
    told = [_code(_READER), language(), file, size, context.marketplace, context.timezone,
            {pattern: dict(columns) for pattern, columns in context.columns.items()}]  # fmt: skip
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _name(store: Path, context: Context, settings: Settings) -> str:
    """What is the same in all entries of this store's tables: the store, and how it is read."""
    told = [_code(_ASSEMBLER), language(), context.marketplace, context.timezone,
            {pattern: dict(columns) for pattern, columns in context.columns.items()},
            settings.count_cancelled]  # fmt: skip
    text = json.dumps(told, sort_keys=True, default=str)
    parts = (os.fsencode(store.resolve()), text.encode())
    return "-".join(hashlib.sha256(part).hexdigest()[:32] for part in parts)


# ── an entry ────────────────────────────────────────────────────────────────────────────────────


def _packed(reading: Reading, context: Context) -> pa.Table:
    """The reading as a table of plain columns, with everything else as its description."""
    columns: dict[str, pa.ChunkedArray] = {}
    kinds: list[list[Any]] = []
    for name, values in (reading.frame if reading.frame is not None else pd.DataFrame()).items():
        columns[str(name)], kind = as_arrow(values)
        kinds.append([name, *kind])
    about = {field.name: getattr(reading, field.name) for field in fields(Reading)} | {
        "export": reading.export.name if reading.export else None,
        "frame": None if reading.frame is None else len(reading.frame),
        "days": [day and day.isoformat() for day in covered(reading.frame, context.timezone)],
        "set_aside": reading.set_aside.to_dict("list"),
        "refused": reading.refused.to_dict("list"),
        "findings": [asdict(finding) for finding in reading.findings],
        "columns": kinds,
        "today": context.today.isoformat(),
        "late": _is_late(reading),
    }
    del about["document"]
    told = json.dumps(about).encode()
    return pa.table(columns).replace_schema_metadata(
        {_ABOUT: told, _CHECK: f"{zlib.crc32(told):08x}"}
    )


def _about(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """The description of an entry; ValueError if it is not as it was written."""
    if f"{zlib.crc32(metadata[_ABOUT]):08x}".encode() != metadata[_CHECK]:
        raise ValueError(metadata[_CHECK])
    about: dict[str, Any] = json.loads(metadata[_ABOUT])
    return about


def _checked(entry: Path) -> bytes:
    """The entry; ValueError if it is not as it was written."""
    raw = entry.read_bytes()
    if entry.stem.rpartition("-")[2] != f"{zlib.crc32(raw):08x}":
        raise ValueError(entry.name)
    return raw


def _frame(raw: bytes, mine: pa.ChunkedArray | None = None) -> pd.DataFrame:
    """The rows of an entry, all or some."""
    table = pq.read_table(pa.BufferReader(raw))
    about = _about(table.schema.metadata)
    if mine is not None:
        table = table.filter(mine)
    return pd.DataFrame(
        {name: as_column(table.column(name), *kind) for name, *kind in about["columns"]},
        copy=False,
    )


def _described(about: dict[str, Any], file: str, sha256: str, context: Context) -> Reading | None:
    """The reading that an entry holds, without its rows; None if it is of another file or day."""
    if about["sha256"] != sha256 or about["file"] != file or not _is_as_on(about, context):
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
        set_aside=_rows(about["set_aside"]),
        refused=_rows(about["refused"]),
        findings=findings,
        days=(first, last),
    )


def _is_late(reading: Reading) -> bool:
    """Did something in the file lie in the future?"""
    return any(
        "future-date" in rows["reason"].array for rows in (reading.set_aside, reading.refused)
    )


def _is_as_on(about: dict[str, Any], context: Context) -> bool:
    """
    Would the file, or all files, be read the same today?

    What lay in no future on one day lies in none on a later day; all else is read again.
    """
    today = context.today.isoformat()
    return bool(today == about["today"] or (today > about["today"] and not about["late"]))


def _rows(columns: dict[str, list[Any]]) -> pd.DataFrame:
    if not columns["line"]:
        return rows_aside([])
    frame = pd.DataFrame(columns, columns=list(ASIDE))
    return frame.astype({name: "int32" if name == "line" else "str" for name in ASIDE})
