"""Archive: files frozen as they were, named by their hash, so that a changed one shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, overload

from odrlib.appeal.journal import write_safely
from odrlib.errors import BadParameter
from odrlib.finding import Finding, Place
from odrlib.languages import tr

ARCHIVE = "archive"
_PLACE = re.compile(rf"{ARCHIVE}/[0-9a-f]{{64}}[a-z0-9.]{{0,10}}")


@dataclass(frozen=True)
class Frozen:
    """A file in the archive: the `name` it came with, its `file` in appeals/, hash and bytes."""

    name: str
    file: str
    sha256: str
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """The file as JSON."""
        return asdict(self)


@overload
def frozen(row: Mapping[str, Any]) -> Frozen: ...


@overload
def frozen(row: None) -> None: ...


def frozen(row: Mapping[str, Any] | None) -> Frozen | None:
    """The file that a line of the journal tells of; ValueError if it is none of the archive."""
    if not row:
        return None
    file = str(row["file"])
    if not _PLACE.fullmatch(file):
        raise ValueError(file)
    return Frozen(str(row["name"]), file, str(row["sha256"]), int(row["bytes"]))


def freeze(folder: Path, path: Path) -> Frozen:
    """
    Copy a file into the archive of `folder` (appeals/).

    Raises
    ------
    BadParameter if it is no file, or empty
    """
    if not path.is_file():
        raise BadParameter(tr("{path}: no such file", path=path))
    return freeze_bytes(folder, path.name, path.read_bytes())


def freeze_bytes(folder: Path, name: str, content: bytes) -> Frozen:
    """Put these bytes into the archive under a name of their own; BadParameter if empty."""
    if not content.strip():
        raise BadParameter(tr("{name}: there is nothing in it", name=name))
    sha256 = hashlib.sha256(content).hexdigest()
    ending = re.sub(r"[^a-z0-9.]", "", Path(name).suffix.lower())[:10]
    file = f"{ARCHIVE}/{sha256}{ending}"
    path = folder / file
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_safely(path, content)
    return Frozen(Path(name).name, file, sha256, len(content))


def check_archive(folder: Path, files: Iterable[Frozen]) -> list[Finding]:
    """Findings for archived files that are gone, or are no longer what they were."""
    findings = []
    for one in sorted(set(files), key=lambda file: file.file):
        path = folder / one.file
        if not path.is_file():
            findings.append(
                _finding(
                    "archived-file-missing",
                    one,
                    tr("{file} is no longer in the archive.", file=one.name),
                )
            )
        elif hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            findings.append(
                _finding(
                    "archived-file-changed",
                    one,
                    tr("{file} was changed in the archive.", file=one.name),
                )
            )
    return findings


def _finding(id_: str, file: Frozen, said: str) -> Finding:
    return Finding(
        id_,
        "error",
        said,
        tr("Bring it back from a backup; its hash is in the journal."),
        Place(file.file),
    )
