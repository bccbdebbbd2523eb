"""
Journal: what happened, line by line, each line carrying the hash of the one before.

`journal.jsonl` is never changed, only added to: the file with its new lines is written beside the
old one, forced to the disk and put in its place in one step, so that whatever stops the program
leaves the old journal or the new one. `journal.head` remembers how long the journal was, so that
lines cut off its end are missed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from odrlib.errors import BadStore, OdrError
from odrlib.finding import Finding, Place
from odrlib.languages import mark, tr

JOURNAL, HEAD, SET_ASIDE = "journal.jsonl", "journal.head", "set-aside"
START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """
    One line: `number` from 1, `at` (UTC, ISO), `kind` of what happened and its `data`.

    `sha256` is the hash of the line as it stands in the file.
    """

    number: int
    at: str
    kind: str
    data: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Journal:
    """
    A journal as read: its entries, and what is wrong with it.

    `whole` are the bytes up to the last line end; `tail` is what stands after it, half a line.
    """

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    whole: bytes
    tail: bytes

    @property
    def last(self) -> str:
        """The hash of the last line."""
        lines = self.whole.splitlines()
        return _hash(lines[-1]) if lines else START


def read_journal(folder: Path) -> Journal:
    """The journal in `folder`; empty if there is none. What is wrong with it is a finding."""
    raw = _bytes(folder / JOURNAL)
    end = raw.rfind(b"\n") + 1
    whole, tail = raw[:end], raw[end:]
    entries, findings, previous = [], [], START
    for number, line in enumerate(whole.splitlines(), start=1):
        entry, said = _entry(line)
        if entry is None:
            findings.append(
                _finding(
                    "journal-line-unreadable",
                    number,
                    tr("Line {number} of {file} cannot be read.", number=number, file=JOURNAL),
                )
            )
        elif said != previous or entry.number != number:
            findings.append(
                _finding(
                    "journal-changed",
                    number,
                    tr(
                        "Line {number} of {file} does not follow from the line before it.",
                        number=number,
                        file=JOURNAL,
                    ),
                )
            )
        if entry is not None:
            entries.append(entry)
        previous = _hash(line)
    findings += _cut_off(folder, whole.splitlines())
    if tail:
        half = len(whole.splitlines()) + 1
        findings.append(
            Finding(
                "journal-half-line",
                "warning",
                tr(
                    "Line {line} of {file} is half written ({bytes} bytes) and was not read.",
                    line=half,
                    file=JOURNAL,
                    bytes=len(tail),
                ),
                tr(
                    "Do the last step again; the half line is kept in {folder}/ at the next step.",
                    folder=SET_ASIDE,
                ),
                Place(JOURNAL, half),
            )
        )
    return Journal(tuple(entries), tuple(findings), whole, tail)


def append(folder: Path, kind: str, data: Mapping[str, Any], at: datetime) -> None:
    """
    Add one line; when this returns, it is on the disk.

    The caller holds the lock (`locking.locked`) and has judged that the step may be taken.
    """
    journal = read_journal(folder)
    content = journal.whole
    if journal.tail:
        name = f"half-line-{_hash(journal.tail)[:12]}.txt"
        (folder / SET_ASIDE).mkdir(exist_ok=True)
        write_safely(folder / SET_ASIDE / name, journal.tail)
        content += _line(content, "set aside", {"file": f"{SET_ASIDE}/{name}"}, at)
    content += _line(content, kind, data, at)
    write_safely(folder / JOURNAL, content)
    lines = content.splitlines()
    head = {"lines": len(lines), "sha256": _hash(lines[-1])}
    write_safely(folder / HEAD, json.dumps(head).encode())


def write_safely(path: Path, content: bytes) -> None:
    """
    Write a file whole or not at all, and onto the disk, not only into the system's memory.

    OdrError if its folder is a link: a folder from somebody else could lead anywhere.
    """
    check_no_link(path.parent)
    beside = path.with_name(f"{path.name}.new")
    with new_file(beside) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def check_no_link(folder: Path) -> None:
    """OdrError if the folder is a link: nothing is written through one."""
    if folder.is_symlink():
        raise OdrError(
            tr("{folder} is a link, and nothing is written through it; put a folder in its place",
               folder=folder)
        )  # fmt: skip


def new_file(path: Path) -> IO[bytes]:
    """A new file to write; what has its name, a link too, is taken away and never followed."""
    path.unlink(missing_ok=True)
    return open(path, "xb")


def _sync_folder(folder: Path) -> None:
    """The new name is on the disk too; Windows has no such call and needs none."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(before: bytes, kind: str, data: Mapping[str, Any], at: datetime) -> bytes:
    lines = before.splitlines()
    row = {
        "number": len(lines) + 1,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "previous": _hash(lines[-1]) if lines else START,
        "kind": kind,
        "data": data,
    }
    return json.dumps(row, ensure_ascii=True, sort_keys=True).encode("ascii") + b"\n"


def _entry(line: bytes) -> tuple[Entry | None, str]:
    """A line as an entry, with the hash that it gives for the line before it."""
    try:
        row = json.loads(line)
        entry = Entry(
            int(row["number"]), str(row["at"]), str(row["kind"]), dict(row["data"]), _hash(line)
        )
        return entry, str(row["previous"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None, ""


def _cut_off(folder: Path, lines: list[bytes]) -> Iterable[Finding]:
    try:
        head = json.loads(_bytes(folder / HEAD) or b'{"lines": 0, "sha256": ""}')
        count, sha256 = int(head["lines"]), str(head["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        yield Finding(
            "journal-head-unreadable", "error", tr("{file} cannot be read.", file=HEAD), tr(_TO_DO)
        )
        return
    if count > len(lines):
        missing = count - len(lines)
        yield Finding(
            "journal-cut",
            "error",
            tr(
                "{file} had {count} lines and has {lines}: {missing} cut off its end.",
                file=JOURNAL,
                count=count,
                lines=len(lines),
                missing=missing,
            ),
            tr(_TO_DO),
            Place(JOURNAL),
            count=missing,
        )
    elif count and _hash(lines[count - 1]) != sha256:
        yield _finding(
            "journal-changed",
            count,
            tr(
                "Line {count} of {file} is not the line that was written.",
                count=count,
                file=JOURNAL,
            ),
        )


_TO_DO = mark("Compare with a backup; do not send anything that rests on this register before.")


def _finding(id_: str, number: int, said: str) -> Finding:
    return Finding(id_, "error", said, tr(_TO_DO), Place(JOURNAL, number))


def _bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would never end
        raise BadStore(tr("{path}: it is no file", path=path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadStore(
            tr("{path}: cannot be read ({error})", path=path, error=error.strerror)
        ) from error


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
