"""Reading: the text of a notice file, opened in a process of its own (see `odrlib.evidence`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from odrlib.appeal.phrases import data
from odrlib.errors import BadParameter
from odrlib.evidence import rules
from odrlib.evidence.formats import HEAD, sniffed
from odrlib.evidence.opening import PROGRAM
from odrlib.exports.text import decode
from odrlib.languages import mark, tr

READABLE = (".txt", ".eml", ".html", ".htm", ".md", ".pdf", ".docx")


def text_of(path: Path) -> str:
    """
    The text of a file.

    Raises
    ------
    BadParameter if there is no such file, or nothing here can read it
    """
    if not path.is_file():
        raise BadParameter(tr("{path}: no such file", path=path))
    size = path.stat().st_size
    if size > data()["limits"]["bytes"]:
        raise BadParameter(
            tr(
                "{path}: {size:,} bytes are too many for a notice; save its text",
                path=path,
                size=size,
            )
        )
    raw = path.read_bytes()
    kind = sniffed(raw[:HEAD], path.name.lower())
    if kind == "text" or not raw.strip():
        return decode(raw).data.decode("utf-8", errors="replace")
    if kind not in ("pdf", "document", "page", "mail"):
        raise BadParameter(
            tr(
                "{path}: no text can be read from it; use {endings}",
                path=path,
                endings=", ".join(READABLE),
            )
        )
    return _opened(path, kind)


def _opened(path: Path, kind: str) -> str:
    limits = rules.data("rules")["limits"]
    request = {"path": str(path), "kind": kind, "limits": limits, "ocr": False}
    try:
        run = subprocess.run(
            [sys.executable, "-X", "utf8", str(PROGRAM)],
            input=json.dumps(request) + "\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogatepass",
            timeout=limits["seconds"],
            check=False,
        )
        ended = {"state": "unreadable", "why": mark("its opener ended")}
        answer = json.loads(run.stdout or json.dumps(ended))
    except subprocess.TimeoutExpired:
        answer = {"state": "unreadable", "why": mark("opening it takes too long")}
    text: str = answer.get("text", "")
    if answer["state"] != "read" or not any(map(str.isalnum, text)):
        why = answer.get("why") or mark(
            "it has no text; a scan must be typed off or read by OCR first"
        )
        why = tr(why, **answer.get("values", {}))
        raise BadParameter(tr("{path}: {why}", path=path, why=why))
    return text
