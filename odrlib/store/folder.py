"""Folder: which files of a store's folder are input, and by which name each is shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from odrlib.exports.contacts import without_contacts
from odrlib.finding import Finding, Place
from odrlib.folders import below, is_folder
from odrlib.languages import tr
from odrlib.settings import FILE

INPUT_FOLDERS = ("exports", "ledger")
# What the register says an approved appeal took off, in the form of the removals ledger.
EXEMPTED = "appeals/exempted.csv"
# Files that belong to the desktop, not to the analyst.
NOT_INPUT = ("~$", ".", "Thumbs.db", "desktop.ini")


def input_files(root: Path, findings: list[Finding]) -> Iterator[Path]:
    """Every file under exports/ and ledger/, by name; what lies elsewhere becomes a finding."""
    findings.extend(
        Finding(
            "file-not-in-exports",
            "warning",
            tr(
                "{name} lies beside {file} and was not read.",
                name=shown_path(Path(path.name)),
                file=FILE,
            ),
            tr("Move it into exports/ (downloads) or ledger/ (your own tables)."),
            Place(shown_path(Path(path.name))),
        )
        for path in sorted(root.iterdir())
        if path.is_file() and path.name != FILE and not path.name.startswith(NOT_INPUT)
    )
    real = root.resolve()

    def shut(folder: Path, error: OSError) -> None:
        findings.append(_shut(folder, root, error))

    for name in INPUT_FOLDERS:
        if (root / name).is_symlink():
            findings.append(_outside(root / name, root))
        for path in below(root / name, shut):
            if path.name.startswith(NOT_INPUT) or is_folder(path):
                continue
            if _lies_inside(path, real):
                yield path
            else:
                findings.append(_outside(path, root))
    if (root / EXEMPTED).is_file() and not (root / EXEMPTED).is_symlink():
        yield root / EXEMPTED


def _outside(path: Path, root: Path) -> Finding:
    file = shown_path(path.relative_to(root))
    return Finding(
        "file-outside-store",
        "error",
        tr("{file} is a link out of the store folder, or no file; it was not read.", file=file),
        tr("Copy the file itself into the folder."),
        Place(file),
    )


def _shut(folder: Path, root: Path, error: OSError) -> Finding:
    file = shown_path(folder.relative_to(root))
    return Finding(
        "folder-not-read",
        "error",
        tr(
            "{file} is a folder that cannot be opened ({reason}); nothing in it was read.",
            file=file,
            reason=error.strerror,
        ),
        tr("Move its files up, or let yourself read the folder."),
        Place(file),
    )


def _lies_inside(path: Path, real: Path) -> bool:
    """Is it a file, and one of this folder (its real path), whatever links lead to it?"""
    try:
        return path.is_file() and path.resolve(strict=True).is_relative_to(real)
    except (OSError, RuntimeError):  # a link in a circle
        return False


def shown_path(path: Path) -> str:
    """
    The path as text that can be written and shown to anybody.

    Bytes that are no letters stand as their numbers, e-mail addresses and telephone numbers as
    what they are.
    """
    name = os.fsencode(path.as_posix()).decode("utf-8", errors="backslashreplace")
    return without_contacts(name)
