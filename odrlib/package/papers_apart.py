"""
Papers apart: PDFs are written anew in a process of its own, so that one can only take itself down.

A page of a few bytes can ask the program that draws it for more memory than a machine has, or for
years. This page is also that process: `python -m odrlib.package.papers_apart`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from odrlib.evidence import rules as evidence_rules
from odrlib.evidence.opener import serve
from odrlib.evidence.program import Died, Program
from odrlib.package import rules
from odrlib.package.form import Form
from odrlib.package.masking import Masker
from odrlib.package.papers import paper_form, paper_text
from odrlib.rooms import private_room

_MODULE = "odrlib.package.papers_apart"  # `__name__` is another one in the process itself
_PAPER, _FORM = "paper", "form"  # files by which the bytes travel


class Papers:
    """
    What `odrlib.package.papers` says of PDFs, asked of the process.

    A PDF that cannot be read or written again, takes too long or too much raises OSError, and is
    not tried again.
    """

    def __init__(self, program: Program, room: Path) -> None:
        self._program, self._room = program, room
        self._refused: set[str] = set()

    def text(self, raw: bytes) -> str:
        """See `paper_text`."""
        text: str = self._asked(raw, {})["text"]
        return text

    def form(self, raw: bytes, step: int, masker: Masker) -> Form:
        """See `paper_form`."""
        asked = {
            "step": step,
            "known": sorted(masker.known),
            "safe": sorted(masker.safe),
            "keep": sorted(masker.keep),
        }
        told = self._asked(raw, asked)
        data = (self._room / _FORM).read_bytes()
        return Form(data, "pdf", tuple(told["done"]), told["masked"], told["unseen"])

    def _asked(self, raw: bytes, asked: dict[str, Any]) -> dict[str, Any]:
        paper = hashlib.sha256(raw).hexdigest()
        if paper in self._refused:
            raise OSError("refused before")
        (self._room / _PAPER).write_bytes(raw)
        limits = evidence_rules.data("rules")["limits"]
        request = {"room": str(self._room), "limits": limits, **asked}
        try:
            told = self._program.ask(request, rules.limit("paper_seconds"))
        except (TimeoutError, Died):
            told = {"error": "no answer"}
        if "error" in told:
            self._refused.add(paper)
            raise OSError(told["error"])
        return told


@contextmanager
def papers_apart() -> Iterator[Papers]:
    """The process, from the first question on until the block ends."""
    program = Program("-m", _MODULE)
    with private_room("paper-") as room:
        try:
            yield Papers(program, room)
        finally:
            program.stop()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    room = Path(request["room"])
    raw = (room / _PAPER).read_bytes()
    try:
        if "step" not in request:
            return {"text": paper_text(raw)}
        known = frozenset((kind, said) for kind, said in request["known"])
        masker = Masker(known, frozenset(request["safe"]), frozenset(request["keep"]))
        form = paper_form(raw, request["step"], masker)
        (room / _FORM).write_bytes(form.data)
    except Exception as error:
        return {"error": type(error).__name__}
    return {"done": form.done, "masked": dict(form.masked), "unseen": form.unseen}


if __name__ == "__main__":
    serve(_answer)
