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
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import odrlib
from odrlib.assembly import Assembly, gives_rows
from odrlib.cached import Tables, write_tables
from odrlib.entries import checked, described, description, is_as_on, is_late, packed, rows
from odrlib.errors import BadParameter
from odrlib.exports.cells import Context
from odrlib.exports.read import Reading, read_file
from odrlib.growth import grown, lasting
from odrlib.held import is_stacked, slim
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
_READER = (
    *("exports", "policy", "languages", "finding.py", "plain.py", "rates.py", "held.py"),
    *("stacks.py", "tables.py", "tracking_numbers.py", "cached.py", "entries.py", "cache.py"),
)
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
            reading.frame = rows(checked(waiting.entry))
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
        if sum(reading.rows_used for reading in now.values()) < FEWEST_ROWS:
            return None
        name = _name(store, context, settings)
        for entry in sorted(self.folder.glob(f"{name}-*.tables")):
            try:
                kept = Tables(entry, name)
            except _DAMAGED:
                with suppress(OSError):
                    entry.unlink()
                continue
            with kept:
                files: dict[str, str] = kept.about["files"]
                if any(
                    file not in now or now[file].sha256 != files[file] for file in files
                ) or not is_as_on(kept.about, context):
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
        length = sum(reading.rows_used for reading in given)
        kept = lasting(assembly, given) if length >= FEWEST_ROWS else None
        if kept is None:
            return
        name = _name(store, context, settings)
        told = {
            "name": name,
            "files": {reading.file: reading.sha256 for reading in given},
            "rows": length,
            "merged": assembly.merged,
            "today": context.today.isoformat(),
            "late": any(map(is_late, given)),
        }
        written = self._write(
            lambda file: write_tables(file, kept, told), lambda check: f"{name}-{check}.tables"
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
                raw = checked(self._waiting[reading.file].entry)
                named = pq.read_table(pa.BufferReader(raw), columns=["order_id"]).column(0)
                mine = pc.is_in(named, value_set=ids)
                return replace(reading, frame=rows(raw, mine) if pc.any(mine).as_py() else None)
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
        try:
            with open(path, "rb") as raw:
                sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
        except OSError:
            return None  # who reads it says what is wrong
        for entry in entries:
            if not entry.name.startswith(f"{place}-{sha256}-"):
                continue
            try:
                told = description(pq.read_schema(entry).metadata)
                reading = described(told, file, sha256, context)
                if reading is not None and told["frame"] is not None:
                    if is_stacked(reading) and gives_rows(reading, only=True):
                        self._waiting[file] = _Waiting(entry, read)
                    else:
                        reading.frame = rows(checked(entry))
                with suppress(OSError):
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
                packed(reading, context), file, compression="zstd", compression_level=1,
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
            [[pattern, dict(columns)] for pattern, columns in context.columns.items()]]  # fmt: skip
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _name(store: Path, context: Context, settings: Settings) -> str:
    """What is the same in all entries of this store's tables: the store, and how it is read."""
    told = [_code(_ASSEMBLER), context.marketplace, context.timezone,
            [[pattern, dict(columns)] for pattern, columns in context.columns.items()],
            settings.count_cancelled]  # fmt: skip
    how = json.dumps(told, sort_keys=True, default=str)
    parts = (language().encode() + os.fsencode(store.resolve()), how.encode())
    return "-".join(hashlib.sha256(part).hexdigest()[:32] for part in parts)
