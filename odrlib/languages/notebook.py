"""
Notebook: a notebook's prose in another language, on the page and as files that one may change.

Each markdown cell, and the comment of each parameter, is one message of the room "notebooks". What
has no translation stays English, cell by cell; code and outputs are never touched.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from odrlib.languages import LANGUAGES, tr
from odrlib.languages.catalogue import catalogue
from odrlib.languages.messages import notebooks_folder

COMMENT = "  # "
STORE = Path("data", "demo", "us-fbm")
OURS = "application/vnd.odrlib."


def translated(nb: Any, wanted: str) -> Any:
    """The notebook, as a dict or of nbformat, with its prose in the wanted language; a copy."""
    return translate(copy.deepcopy(nb), wanted)


def translate(nb: Any, wanted: str) -> Any:
    """Put the prose of a notebook into the wanted language, in place; gives the notebook back."""
    # Looked up without speaking: several reports are made at a time, in threads.
    known = {} if wanted == "en" else catalogue(wanted)
    for cell in nb["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = known.get(("", source), source)
        elif _holds_parameters(cell):
            cell["source"] = "\n".join(_commented(line, known) for line in source.splitlines())
    return nb


def spoken_in(nb: Any) -> str:
    """
    The language an executed notebook speaks: its parameter's, else its outputs', else English.

    A store that says in its store.toml what it speaks leaves no parameter behind.
    """
    parameters = nb["metadata"].get("papermill", {}).get("parameters", {})
    told = [parameters.get("language"), *_said_by_outputs(nb)]
    return next((language for language in told if language in LANGUAGES), "en")


def write_notebooks(folder: str | Path, wanted: str = "en") -> dict[Path, str]:
    """
    Write every notebook in a language into `folder`, ready to be run there.

    A notebook there that somebody has changed stays as it is. Returns each path with what was done.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    done = {}
    for source in sorted(notebooks_folder().glob("*.ipynb")):
        path = place / source.name
        new = _settled(json.loads(source.read_text(encoding="utf-8")), place, wanted)
        done[path] = _written(path, new)
    return done


def _holds_parameters(cell: Any) -> bool:
    return "parameters" in cell["metadata"].get("tags", [])


def _commented(line: str, known: Mapping[tuple[str, str], str]) -> str:
    """The line of a parameter with its comment as it is known in the language."""
    code, mark, comment = line.partition(COMMENT)
    return f"{code}{mark}{known.get(('', comment), comment)}" if mark else line


def _said_by_outputs(nb: Any) -> list[str]:
    return [
        data["language"]
        for cell in nb["cells"]
        for output in cell.get("outputs", [])
        for mime, data in output.get("data", {}).items()
        if mime.startswith(OURS) and "language" in data
    ]


# -- as files -----------------------------------------------------------------------------------


def _settled(nb: Any, place: Path, wanted: str) -> Any:
    """The notebook in a language, whose defaults name that language and find the demo store."""
    new = translated(nb, wanted)
    here, there = STORE.as_posix(), _way_to_the_demo(place)
    for cell in new["cells"]:
        if _holds_parameters(cell):
            cell["source"] = (
                "".join(cell["source"])
                .replace(f'"../{here}"', json.dumps(there, ensure_ascii=False))
                .replace('language: str = ""', f'language: str = "{wanted}"')
            )
    return new


def _way_to_the_demo(place: Path) -> str:
    """From `place` to the demo store: the checkout's, else the one that `odr demo` writes here."""
    checkout = notebooks_folder().parent / STORE
    store = checkout if checkout.is_dir() else Path.cwd() / STORE
    try:
        return Path(os.path.relpath(store, place.resolve())).as_posix()
    except ValueError:  # another drive, on Windows
        return store.as_posix()


def _written(path: Path, new: dict[str, Any]) -> str:
    """Write a notebook unless that would lose what somebody did in it; what was done, in words."""
    mark = _fingerprint(new)
    if path.is_file():
        old = json.loads(path.read_text(encoding="utf-8"))
        if _fingerprint(old) == mark:
            return tr("is there already, in this language and as it should be")
        if old["metadata"].get("odrlib", {}).get("written") != _fingerprint(old):
            return tr("stays as it is, because somebody changed it; rename it to get a new one")
    new["metadata"]["odrlib"] = {"written": mark}
    path.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return tr("written")


def _fingerprint(nb: Any) -> str:
    """A hash of the sources of all cells: it changes when a person changes one, not by running."""
    sources = json.dumps(["".join(cell["source"]) for cell in nb["cells"]])
    return hashlib.sha256(sources.encode()).hexdigest()
