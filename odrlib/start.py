"""A new store folder: store.toml with every key explained, empty folders, ledger templates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from odrlib.errors import BadParameter
from odrlib.exports.ledger import TEMPLATES
from odrlib.policy import MARKETPLACES
from odrlib.settings import FILE

FOLDERS = ("exports", "ledger", "evidence")


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def init_store(folder: str | Path, marketplace: str = "US") -> list[Path]:
    """
    Make a store folder to fill in; what is there already is left as it is.

    Returns the files written. BadParameter for a marketplace we do not know.
    """
    root = Path(folder)
    if marketplace not in MARKETPLACES:
        raise BadParameter(
            f"no marketplace {marketplace!r}; choose one of {', '.join(MARKETPLACES)}"
        )
    name = re.sub(r"[^\w.-]+", "-", root.resolve().name).strip("-.") or "my-store"
    template = files("odrlib").joinpath("store.template.toml").read_text(encoding="utf-8")
    texts = {
        FILE: template.replace("MY-STORE", name).replace('"US"', f'"{marketplace}"', 1),
        **{f"ledger/{table}.csv": _csv(rows) for table, rows in TEMPLATES.items()},
    }
    for part in FOLDERS:
        (root / part).mkdir(parents=True, exist_ok=True)
    written = []
    for place, text in texts.items():
        path = root / place
        if path.exists():
            continue
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        written.append(path)
    return written
