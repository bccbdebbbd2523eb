"""Archive: a ZIP whose bytes follow from what is in it, and a set of them written whole or not."""

from __future__ import annotations

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

# The first day that a ZIP can hold: when a file was packed is nobody's business and changes bytes.
_DAY = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3
# What is packed already by its own kind.
_STORED = (".jpg", ".png")

Member = tuple[str, bytes | Path]


def write_zip(path: Path, members: Iterable[Member]) -> None:
    """The members, sorted by name, into a new ZIP at `path`."""
    with open(path, "wb") as file, zipfile.ZipFile(file, "w", strict_timestamps=True) as parts:
        for name, content in sorted(members, key=lambda member: member[0]):
            data = content.read_bytes() if isinstance(content, Path) else content
            about = zipfile.ZipInfo(name, _DAY)
            about.create_system = _UNIX
            about.external_attr = _PLAIN_FILE
            stored = name.endswith(_STORED)
            about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            parts.writestr(about, data, compresslevel=9)


class Drafts:
    """
    ZIPs on their way: hidden in the folder they belong in, and shown only when all are whole.

    Use as a context: what was not shown is taken away at its end, whatever happened.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.drafts: list[Path] = []

    def __enter__(self) -> Drafts:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the drafts away."""
        for draft in self.drafts:
            draft.unlink(missing_ok=True)
        self.drafts = []

    def add(self, members: Iterable[Member]) -> Path:
        """One more ZIP; its draft."""
        handle, name = tempfile.mkstemp(prefix=".package-", suffix=".tmp", dir=self.folder)
        os.close(handle)
        draft = Path(name)
        self.drafts.append(draft)
        write_zip(draft, members)
        with open(draft, "rb+") as file:
            os.fsync(file.fileno())
        return draft

    def show(self, names: Sequence[str]) -> list[Path]:
        """Give the drafts their names; if one cannot have its name, none of them has."""
        done: list[Path] = []
        try:
            for draft, name in zip(self.drafts, names, strict=True):
                draft.replace(self.folder / name)
                done.append(self.folder / name)
        except OSError:
            for path in done:
                with contextlib.suppress(OSError):
                    path.unlink()
            raise
        self.drafts = []
        return done
