"""A new store folder: store.toml with every key explained, empty folders, ledger templates."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from odrlib.errors import BadParameter
from odrlib.exports.ledger import templates
from odrlib.languages import language as spoken
from odrlib.languages import speaking, tr
from odrlib.policy import MARKETPLACES
from odrlib.settings import FILE

FOLDERS = ("exports", "ledger", "evidence")
# Comments explain the keys, so each language has a template; tests hold that the keys are the same.
TEMPLATE = {"en": "store.template.toml", "zh": "store.template.zh.toml"}


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def init_store(
    folder: str | Path, marketplace: str = "US", *, name: str = "", language: str = ""
) -> list[Path]:
    """
    Make a store folder to fill in; what is there already is left as it is.

    Parameters
    ----------
    name : of the store, as Seller Central shows it
    language : of store.toml, of the example rows, and later of the report; default: the spoken one

    Returns the files written. BadParameter for a marketplace or language we do not know.
    """
    root = Path(folder)
    if marketplace not in MARKETPLACES:
        raise BadParameter(
            tr("no marketplace {wanted!r}; choose one of {known}",
               wanted=marketplace, known=", ".join(MARKETPLACES))
        )  # fmt: skip
    with speaking(language or spoken()):
        texts = {
            FILE: _settings(root, marketplace, name),
            **{f"ledger/{table}.csv": _csv(rows) for table, rows in templates().items()},
        }
    for part in FOLDERS:
        (root / part).mkdir(parents=True, exist_ok=True)
    written = []
    for place, text in texts.items():
        path = root / place
        try:
            with open(path, "x", encoding="utf-8", newline="") as file:
                file.write(text)
        except FileExistsError:  # a link in its place is left as it is, too
            continue
        written.append(path)
    return written


def _settings(root: Path, marketplace: str, name: str) -> str:
    """The text of store.toml, from the template of the spoken language."""
    id_ = re.sub(r"[^\w.-]+", "-", root.resolve().name).strip("-.") or "my-store"
    id_ = id_[:50].rstrip("-.")
    text = files("odrlib").joinpath(TEMPLATE[spoken()]).read_text(encoding="utf-8")
    text = text.replace("MY-STORE", id_).replace('"US"', f'"{marketplace}"', 1)
    if name:
        # A TOML string is written as a JSON string is.
        quoted = json.dumps(name, ensure_ascii=False)
        text = re.sub(r'^# name = ""', lambda _: f"name = {quoted}", text, flags=re.MULTILINE)
    return text
