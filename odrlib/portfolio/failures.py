"""Failures: which reports could not be made, kept beside the reports until one is made again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from odrlib.harmless import json_text

FILE = "failed.json"


@dataclass(frozen=True)
class Failure:
    """
    One report that could not be made.

    Parameters
    ----------
    id : of the store, as far as its store.toml tells, else the name of its folder
    error : what stopped it
    at : when, ISO, with zone
    notebook : the notebook as far as it ran, relative to the folder of the reports; may be empty
    store : the store folder, by the way to it from the folder of the reports
    """

    id: str
    name: str
    error: str
    at: str = ""
    notebook: str = ""
    store: str = ""


def read_failures(out: str | Path) -> list[Failure]:
    """The failures noted in the folder of the reports; a file that cannot be read notes none."""
    try:
        rows = json.loads((Path(out) / FILE).read_text(encoding="utf-8"))
        known = {field.name for field in fields(Failure)}
        return [Failure(**{k: str(v) for k, v in row.items() if k in known}) for row in rows]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def note_failures(
    out: str | Path,
    failed: Iterable[Failure],
    made: Iterable[str] = (),
    stores: Iterable[str] = (),
) -> list[Failure]:
    """
    Keep these failures, forget those of stores made since, and give all that stand now.

    `made` are ids of reports, `stores` folders as `Failure.store` has them: a store.toml that could
    not be read may have got another id when it was mended.
    """
    fresh = {one.id: one for one in failed}
    gone, places = {*made, *fresh}, {*stores, *(one.store for one in fresh.values())} - {""}
    kept = (one for one in read_failures(out) if one.id not in gone and one.store not in places)
    all_ = [*kept, *fresh.values()]
    path = Path(out) / FILE
    if all_:
        write_whole(path, json_text([asdict(one) for one in all_]))
    else:
        path.unlink(missing_ok=True)
    return all_


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        with suppress(OSError):
            Path(draft).unlink(missing_ok=True)
