"""
Resume: what a report was made from, so that it is made again only if something of it changed.

`run.json` in the report's folder holds a SHA-256 of every file of the store, of the parameters, of
our own sources and the notebook, and of what the run asked of the stores beside; and of every file
of the report itself. Only content is trusted, never a time of change: a clock that jumps, or a copy
that keeps times, would hide a change. Of other stores nothing stands there but hashes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import odrlib
from odrlib.errors import BadStore
from odrlib.exports.limits import LARGEST_FILE
from odrlib.folders import below, is_folder
from odrlib.languages import tr
from odrlib.report import trace
from odrlib.settings import EVIDENCE, FILE, stores_beside
from odrlib.store import EXEMPTED, INPUT_FOLDERS, NOT_INPUT, shown_path

RECORD = "run.json"
# The facts tell what it says of dates and promises.
REGISTER = ("appeals/journal.jsonl", "appeals/journal.head")
# What the numbers and the page come from, besides our own code.
LIBRARIES = ("pandas", "numpy", "pyarrow", "scipy", "plotly", "jinja2", "mistune",
             "openpyxl", "pypdf", "pillow", "orjson")  # fmt: skip
# How a report says that something is of a day that has not come yet.
EARLY = tuple(
    word.encode() for word in ("future-date", "in-future", "in the future", "这是未来的日期")
)
SOURCES = (".py", ".toml", ".po", ".json", ".j2", ".css", ".js", ".gz", ".csv", ".txt")


@dataclass(frozen=True)
class Inputs:
    """
    What a report is made from, as hashes.

    `files` are the store's own, by their path inside it; `day` is the clock's, in UTC.
    """

    files: Mapping[str, str]
    parameters: Mapping[str, str]
    code: str
    libraries: Mapping[str, str]
    day: str

    @property
    def fingerprint(self) -> str:
        """One hash of it all, but the day."""
        return _hash_of([dict(self.files), dict(self.parameters), self.code, dict(self.libraries)])

    def changed(self, later: Inputs) -> list[str]:
        """The files that are not the same any more, gone or new, by path."""
        paths = set(self.files) | set(later.files)
        return sorted(path for path in paths if self.files.get(path) != later.files.get(path))


def inputs(store: Path, out: Path, parameters: Mapping[str, str], notebook: Path) -> Inputs:
    """What a report of the store, as the files are now, is made from."""
    files: dict[str, str] = {}
    for path in _inputs_of(store):
        if not path.is_relative_to(out):
            # Two files can be shown by one name: their e-mail addresses are not.
            name, what = shown_path(path.relative_to(store)), _what(path, store)
            files[name] = _hash_of([files[name], what]) if name in files else what
    return Inputs(
        files=files,
        parameters=dict(parameters),
        code=_hash_of([sources(), _content(notebook)]),
        libraries=libraries(),
        day=datetime.now(UTC).date().isoformat(),
    )


def record(
    made: Inputs, beside: Mapping[str, Any], room: Path, facts: Mapping[str, Any], own: bool
) -> dict[str, Any]:
    """What `run.json` says of the report in `room`; `own`: a notebook of ours made it."""
    return {
        "fingerprint": made.fingerprint,
        "version": odrlib.__version__,
        "files": dict(made.files),
        "parameters": dict(made.parameters),
        "code": made.code,
        "libraries": dict(made.libraries),
        "day": made.day,
        "any_later_day": own and _settled(made.day, facts["as_of"], room),
        "beside": dict(beside),
        "report": _written(room),
    }


def unchanged(now: Inputs, home: Path, store: Path) -> Path | None:
    """The folder of a whole report under `home` that was made from exactly this, or None."""
    for path in sorted(home.glob(f"*/{RECORD}"), reverse=True):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            same = (
                told["fingerprint"] == now.fingerprint
                and (told["day"] == now.day or (told["any_later_day"] and told["day"] < now.day))
                and told["beside"] == beside(store, told["beside"]["asked"])
                and told["report"] == _written(path.parent)
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged: it is made anew
        if same:
            return path.parent
    return None


# -- the stores beside --------------------------------------------------------------------------


def asked_of(log: Path, store: Path) -> tuple[dict[str, list[str]], list[str]]:
    """
    What the run looked into of other stores; and which of their files changed since, by path.

    The first is hash of a folder's name -> "evidence" (is a file of ours also there?), "known" (do
    its files name an order of ours?), or "all" for whatever else.
    """
    asked: dict[str, set[str]] = {}
    moved = []
    for kind, size, changed, name in trace.told(log):
        if name == ".":
            continue  # who is there stands in `stores`
        other, *rest = Path(name).parts
        if rest == [FILE] or not (store.parent / other / FILE).is_file():
            continue
        room = rest[0] if rest else ""
        what = {EVIDENCE: "evidence"} | dict.fromkeys(INPUT_FOLDERS, "known")
        asked.setdefault(_hash_of(other), set()).add(what.get(room, "all"))
        if kind == "open" and (size, changed) != trace.state(store.parent / name):
            moved.append(name)
    return {name: sorted(rooms) for name, rooms in sorted(asked.items())}, moved


def beside(store: Path, asked: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the other stores say of themselves, and all that what was asked of them rests on."""
    others = stores_beside(store)
    sizes = {path.stat().st_size for path in _files(store / EVIDENCE)} if asked else set()
    answers = []
    for other in others if asked else []:
        rooms = asked.get(_hash_of(other.name), [])
        if "evidence" in rooms:
            # Only a file of the same size can be a copy.
            answers += [
                [other.name, path.relative_to(other).as_posix(), _content(path)]
                for path in _files(other / EVIDENCE)
                if trace.state(path)[0] in sizes
            ]
        if "known" in rooms:
            answers += [
                [other.name, path.relative_to(other).as_posix(), _content(path)]
                for room in INPUT_FOLDERS
                for path in _files(other / room)
            ]
            answers += [[other.name, p.name] for p in _walk(other / EVIDENCE) if p.is_dir()]
        if "all" in rooms:
            answers += [
                [other.name, path.relative_to(other).as_posix(), _content(path)]
                for path in _walk(other)
            ]
    said = [[folder.name, _content(folder / FILE)] for folder in others]
    return {"asked": dict(asked), "stores": _hash_of(said), "answers": _hash_of(answers)}


# -- hashes -------------------------------------------------------------------------------------


@cache
def sources() -> str:
    """One hash of odrlib's own files."""
    package = Path(odrlib.__file__).parent
    return _hash_of(
        [
            [path.relative_to(package).as_posix(), _content(path)]
            for path in sorted(package.rglob("*"))
            if path.suffix in SOURCES and path.is_file()
        ]
    )


@cache
def libraries() -> dict[str, str]:
    """The versions of Python and of the libraries that numbers and page come from."""
    return {"python": platform.python_version()} | {
        name: metadata.version(name) for name in LIBRARIES
    }


def _settled(day: str, as_of: str, room: Path) -> bool:
    """
    Would a later day of the clock change nothing?

    The clock only tells what is "in the future", and says so; and the as-of day where no file
    holds a date.
    """
    told = (path for path in _files(room) if path.suffix in (".json", ".csv"))
    early = any(word in path.read_bytes() for path in told for word in EARLY)
    return as_of < day and not early


def _written(room: Path) -> dict[str, str]:
    """Every file of a report but the record itself."""
    return {
        path.relative_to(room).as_posix(): _content(path)
        for path in _files(room)
        if path.name != RECORD
    }


def _inputs_of(store: Path) -> Iterator[Path]:
    """Whatever of a store folder a report may look at; of what only lies there, the name."""
    for path in _listed(store):
        if path.name in (*INPUT_FOLDERS, EVIDENCE):
            yield path
            yield from _walk(path)
        elif not is_folder(path) and not path.name.startswith(NOT_INPUT):
            yield path
    for name in (EXEMPTED, *REGISTER):
        if (store / name).exists():
            yield store / name


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in _walk(folder) if not is_folder(path))


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below a folder but what belongs to the desktop."""
    return (
        path
        for path in below(folder, _shut)
        if is_folder(path) or not path.name.startswith(NOT_INPUT)
    )


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise _not_listed(folder, error) from error


def _shut(folder: Path, error: OSError) -> None:
    """What is too deep is not entered by the report either."""
    if error.errno != errno.ENAMETOOLONG:
        raise _not_listed(folder, error) from error


def _not_listed(folder: Path, error: OSError) -> BadStore:
    """A folder that cannot be listed is not an empty one."""
    return BadStore(
        tr("{folder}: cannot be opened ({reason})", folder=folder, reason=error.strerror)
    )


def _what(path: Path, store: Path) -> str:
    """What a report can see of a path: content, or where a link leads, or that it is a folder."""
    if path.is_symlink():
        whole = Path(os.path.realpath(path))  # as `resolve`, but a link may lead in a circle
        inside = _content(whole) if whole.is_relative_to(store) else ""
        return f"link {_hash_of([os.readlink(path), inside])}"  # noqa: PTH115
    if is_folder(path):
        return "folder"
    if path.parent == store and path.name != FILE:
        return "not read"
    return _content(path)


def _content(path: Path) -> str:
    """The SHA-256 of a file; of what cannot be read, why not."""
    try:
        # A pipe would never end, and a device has no content.
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return "no file"
        if about.st_size > LARGEST_FILE:
            return f"not read ({about.st_size} bytes)"
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable ({error.errno})"


def _hash_of(value: Any) -> str:
    whole = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
