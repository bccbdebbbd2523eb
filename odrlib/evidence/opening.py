"""Opening: every file of the evidence folder, once; what cannot be read is said, never raised."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from odrlib.errors import BadParameter
from odrlib.evidence import rules
from odrlib.evidence.folder import Piece
from odrlib.evidence.formats import HEAD, fits, sniffed
from odrlib.evidence.moments import moments
from odrlib.evidence.neighbours import named
from odrlib.evidence.program import Died, Program
from odrlib.evidence.shows import Shows, Turn, read_shows
from odrlib.exports.limits import LARGEST_FILE
from odrlib.exports.text import decode
from odrlib.languages import mark, tr, worded

State = Literal["read", "not read", "empty", "unreadable", "encrypted", "too large", "link"]
PROGRAM = Path(__file__).with_name("opener.py")


READING_WORDS = {
    "read": mark("read", context="file"),
    "not read": mark("not read", context="file"),
    "empty": mark("empty", context="file"),
    "unreadable": mark("unreadable", context="file"),
    "encrypted": mark("encrypted", context="file"),
    "too large": mark("too large", context="file"),
    "link": mark("link", context="file"),
}


def said_reading(code: str) -> str:
    """How far a file was read, in words."""
    return worded(code, READING_WORDS, context="file")


KIND_WORDS = {
    "pdf": mark("pdf", context="file"),
    "image": mark("image", context="file"),
    "workbook": mark("workbook", context="file"),
    "document": mark("document", context="file"),
    "mail": mark("mail", context="file"),
    "page": mark("page", context="file"),
    "text": mark("text", context="file"),
    "other": mark("other", context="file"),
}


def said_kind(code: str) -> str:
    """The kind of a file in words; another word stays as it is."""
    return worded(code, KIND_WORDS, context="file")


@dataclass(frozen=True)
class Content:
    """
    What is in one file of the evidence folder: facts, never its text.

    Parameters
    ----------
    kind : pdf, image, workbook, document, mail, page, text or other, by its bytes
    state : "read": its text was read; "not read": it is whole, and a picture or a scan; the others
        say why it proves nothing
    why : the state as an English template, empty for "read"; `values` : what stands in it
    fits : its name ends as its kind does
    taken_on : the day in a photo's own record; `located` : the photo's record holds a place
    strangers : ids of other stores that its text or its name names
    """

    piece: Piece
    kind: str
    state: State
    why: str = ""
    sha256: str = ""
    fits: bool = True
    shows: Shows = field(default_factory=Shows)
    pages: int = 0
    taken_on: date | None = None
    located: bool = False
    strangers: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def because(self) -> str:
        """The state in words, empty for "read"."""
        return tr(self.why, **self.values) if self.why else ""

    @property
    def usable(self) -> bool:
        """Can it be evidence at all?"""
        return self.state in ("read", "not read")


def open_pieces(
    pieces: Iterable[Piece],
    marketplace: str = "US",
    strangers: Mapping[str, tuple[str, ...]] | None = None,
    ocr: bool = False,
) -> list[Content]:
    """
    Every file opened, in the order given.

    Parameters
    ----------
    marketplace : whose order of day and month the dates have, and whose decimal mark the amounts
    strangers : id of another store -> words that can only mean it (see `neighbours.names_of`)
    ocr : also read letters in pictures, by pytesseract; slow, and right only most of the time

    Raises
    ------
    BadParameter if `ocr` is asked for and pytesseract is not installed
    """
    if ocr and importlib.util.find_spec("pytesseract") is None:
        raise BadParameter(tr("to read letters in pictures, first run: pip install pytesseract"))
    with _opener() as ask:
        desk = _Desk(marketplace, strangers or {}, ocr, ask)
        return [_opened(piece, desk) for piece in pieces]


@dataclass(frozen=True)
class _Desk:
    """What is needed to open any file: see `open_pieces`; `ask` asks the opener program."""

    marketplace: str
    strangers: Mapping[str, tuple[str, ...]]
    ocr: bool
    ask: Callable[[dict[str, Any]], dict[str, Any]]


def _opened(piece: Piece, desk: _Desk) -> Content:
    if not piece.plain:
        return Content(
            piece, "other", "link", mark("it is a link or no file, and was not followed")
        )
    if piece.size > LARGEST_FILE:
        why = mark("it has {bytes:,} bytes")
        return Content(piece, "other", "too large", why, values={"bytes": piece.size})
    if piece.size == 0:
        return Content(piece, "other", "empty", mark("it has no byte in it"))
    try:
        with open(piece.path, "rb") as file:
            head = file.read(HEAD)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        why = mark("the system refuses it ({error})")
        return Content(piece, "other", "unreadable", why, values={"error": error.strerror})
    kind = sniffed(head, piece.name)
    known: dict[str, Any] = {
        "piece": piece,
        "kind": kind,
        "sha256": sha256,
        "fits": fits(piece.name, kind),
    }
    if not head.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        return Content(**known, state="empty", why=mark("it holds nothing but blanks"))
    if piece.size > rules.limit("bytes"):
        why = mark("it has {bytes:,} bytes")
        return Content(**known, state="too large", why=why, values={"bytes": piece.size})
    if kind == "other":
        why = mark("it is no kind of file that is known here")
        return Content(**known, state="unreadable", why=why)
    if kind == "text":
        text = decode(piece.path.read_bytes(), desk.marketplace).data.decode(
            "utf-8", errors="replace"
        )
        return _finished(known, {"state": "read", "text": text}, desk)
    return _finished(known, desk.ask(_request(piece.path, kind, desk.ocr)), desk)


def _finished(known: dict[str, Any], answer: dict[str, Any], desk: _Desk) -> Content:
    text = answer.get("text", "")[: rules.limit("characters")]
    state, why = answer["state"], answer.get("why", "")
    if state == "read" and not any(map(str.isalnum, text)):
        state, why = "not read", mark("it has no text; a scan that nobody has read")
    shows = read_shows(text, desk.marketplace) if state == "read" else Shows()
    if answer.get("sent"):
        shows = _with_turn(shows, answer)
    words = rules.plain(f"{known['piece'].name}\n{text}").replace("_", " ")
    taken = moments(answer.get("taken", "").replace(":", "-", 2), "ymd")
    return Content(
        **known,
        state=state,
        why=why,
        values=answer.get("values", {}),
        shows=shows,
        pages=answer.get("pages", 0),
        taken_on=taken[0].day if taken else None,
        located=answer.get("located", False),
        strangers=frozenset(id_ for id_, said in desk.strangers.items() if named(words, said)),
    )


def _with_turn(shows: Shows, answer: dict[str, Any]) -> Shows:
    """A mail is a message itself: its sender's address tells who wrote it."""
    local, domain = answer["sender"]
    cues = rules.data("cues")["mail"]
    if answer.get("automatic") or any(word in local for word in cues["automatic_senders"]):
        who = "automatic"
    else:
        buyer = any(domain.startswith(part) for part in cues["buyer_domains"])
        who = "buyer" if buyer else "seller"
    sent = datetime.fromisoformat(answer["sent"])
    clock = sent.replace(tzinfo=None) - (sent.utcoffset() or sent - sent)
    turn = Turn(who, clock.date(), clock)
    return Shows(**{**vars(shows), "turns": (turn, *shows.turns)})


# ── the program that opens files ────────────────────────────────────────────────────────────────


def opened_alone(path: Path, kind: str) -> dict[str, Any]:
    """What the opener program says of one file (see `opener.answer`)."""
    with _opener() as ask:
        return ask(_request(path, kind))


def _request(path: Path, kind: str, ocr: bool = False) -> dict[str, Any]:
    return {"path": str(path), "kind": kind, "limits": rules.data("rules")["limits"], "ocr": ocr}


@contextmanager
def _opener() -> Iterator[Callable[[dict[str, Any]], dict[str, Any]]]:
    """A function that asks the opener program; it always answers, within the limit of seconds."""
    program = Program("-P", "-X", "utf8", str(PROGRAM))

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        try:
            return program.ask(request, request["limits"]["seconds"])
        except TimeoutError:
            return {"state": "unreadable", "why": mark("opening it takes too long")}
        except Died:
            return {"state": "unreadable", "why": mark("it takes down the program that opens it")}

    try:
        yield ask
    finally:
        program.stop()
