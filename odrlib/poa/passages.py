"""
Passages: a draft of any format as pieces of text, each with its place, its cause and its part.

A passage is a heading, an item, a paragraph (its lines joined) or a row of a table. Letters and
digits of full width are made plain; comments, and the column that only the analyst reads, are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from odrlib.poa.cues import CJK, Cues
from odrlib.poa.files import Piece

FULL_WIDTH = str.maketrans({chr(0xFF01 + i): chr(0x21 + i) for i in range(94)} | {"\u3000": " "})
BULLET = re.compile(r"^\s*(?:[-*•·‣–]\s+|\(?\d{1,2}[.)]\s+|[（(]\d{1,2}[）)]\s*)")
ROW = re.compile(r"^\s*\|.*\|\s*$")
LABEL = re.compile(r"\s*[^\W\d][^:.。,;、]{1,40}:\s*\S")
RULE = re.compile(r"^[\s|:\-–—=_]+$")


@dataclass(frozen=True)
class Passage:
    """
    A piece of a draft.

    Parameters
    ----------
    text : as it is read; `places` has the (line, column) of each letter, from 1
    kind : "heading", "item", "text" or "row"
    level : of a heading, 1 the highest
    cause : number of the cause section it stands in, from 1; 0 outside of them
    part : "root", "corrective", "preventive", "other" or ""
    section : a running number of the heading it stands under
    columns : for a row, the role of each cell by the table's header ("" if unknown)
    cells : for a row, where each cell begins and ends in `text`
    """

    text: str
    places: tuple[tuple[int, int], ...]
    kind: str
    level: int = 0
    cause: int = 0
    part: str = ""
    section: int = 0
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[int, int], ...] = field(default=())

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.places[0][0] if self.places else 0


def passages(pieces: list[Piece], cues: Cues) -> list[Passage]:
    """The passages of a draft in order, each with the cause and part it belongs to."""
    return list(_placed(list(_joined(pieces, cues)), cues))


def _joined(pieces: list[Piece], cues: Cues) -> Iterator[Passage]:
    """Lines that follow each other in a paragraph become one passage."""
    open_: Passage | None = None
    for piece in pieces:
        one = _passage(piece, cues)
        if one is None:
            if open_:
                yield open_
            open_ = None
        elif open_ and one.kind == "text" and not LABEL.match(one.text) and not _is_label(open_):
            open_ = _with(open_, one)
        else:
            if open_:
                yield open_
            open_ = one if one.kind in ("text", "item") else None
            if open_ is None:
                yield one
    if open_:
        yield open_


def _is_label(one: Passage) -> bool:
    """A line such as "Date: 2 November 2026" stands by itself."""
    return one.kind == "text" and bool(LABEL.match(one.text)) and not re.search(r"[.。]", one.text)


def _with(first: Passage, more: Passage) -> Passage:
    tight = re.search(f"[{CJK}]$", first.text) and re.match(f"[{CJK}]", more.text)
    glue = "" if tight else " "
    places = first.places + first.places[-1:] * len(glue) + more.places
    return replace(first, text=first.text + glue + more.text, places=places)


def _passage(piece: Piece, cues: Cues) -> Passage | None:
    """One line; None for an empty one, which ends a paragraph."""
    text = piece.text.translate(FULL_WIDTH)
    if not text.strip() or RULE.match(text):
        return None
    if ROW.match(text) or piece.cells:
        return _row(piece, text)
    mark = re.match(r"^\s*(#{1,6})\s+", text)
    level = len(mark[1]) if mark else piece.level
    bullet = BULLET.match(text)
    dotted = bullet is not None and not any(sign.isdigit() for sign in bullet[0])
    if not level and not dotted and _looks_like_heading(text, cues):
        level = 3
    start = mark.end() if mark else bullet.end() if bullet and not level else 0
    kind = "heading" if level else "item" if bullet else "text"
    plain = [(sign, place) for place, sign in enumerate(text) if place >= start]
    plain = _without_marks(plain)
    return Passage(
        "".join(sign for sign, _ in plain),
        tuple((piece.line, piece.column + place) for _, place in plain),
        kind,
        level,
    )


def _without_marks(signs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Without the backslashes and stars of Markdown; what is left keeps its place."""
    kept = []
    for number, (sign, place) in enumerate(signs):
        after = signs[number + 1][0] if number + 1 < len(signs) else ""
        if sign == "\\" and after and after in "\\`*_<>|#[]":
            continue
        before = signs[number - 1][0] if number else ""
        if sign in "*`" and before != "\\":
            continue
        kept.append((sign, place))
    return kept


def _looks_like_heading(text: str, cues: Cues) -> bool:
    """A short line that names a part or a cause and is no sentence."""
    plain = text.strip().strip("*").strip()
    if len(plain) > 90 or re.search(r"[.。!?;；,]$", plain):
        return False
    if re.match(r"^\*\*.+\*\*:?$", text.strip()):
        return True
    bare = re.sub(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]+\.|[A-H][.)])\s+", "", plain)
    bare = bare.rstrip(":")
    if bare.startswith(("[", "【")) or not bare:
        return False
    means = cues.heading(bare)
    # "Corrective action: stock blocked" is a sentence under a label; "Cause 1: China Post" is not.
    return bool(means) and (means == "cause" or ":" not in bare)


def _row(piece: Piece, text: str) -> Passage:
    cells = piece.cells or tuple(
        (match.start(), match.end()) for match in re.finditer(r"(?<=\|)(?:\\.|[^|\\])*(?=\|)", text)
    )
    places = tuple((piece.line, piece.column + place) for place in range(len(text)))
    # A backslash before a mark is Markdown's; a blank in its place keeps all cells where they are.
    clean = re.sub(r"\\(?=[\\`*_<>|#])", "\u200b", text)
    return Passage(clean, places, "row", cells=tuple(cells))


def _placed(found: list[Passage], cues: Cues) -> Iterator[Passage]:
    """Each passage with its cause, part and section, and rows with the roles of their columns."""
    cause, part, section, count, depth = 0, "", 0, 0, 9
    columns: tuple[str, ...] = ()
    ended = False
    for one in found:
        if one.kind != "row":
            columns = ()
        if one.kind == "heading":
            section += 1
            means = "other" if cues.ends_body(one.text) else cues.heading(one.text)
            if means == "cause" and not ended:
                count += 1
                cause, part, depth = count, "root", one.level
            elif means == "other":
                cause, part, depth = 0, "other", 9
                ended = ended or cues.ends_body(one.text)
            elif means == "cause":
                cause, part = 0, "other"
            elif means:
                part = means
                cause = cause if one.level >= depth else 0
            elif one.level <= depth:
                cause, part, depth = 0, "", 9
        elif one.kind == "row" and not columns:
            columns = tuple(cues.column(one.text[a:b]) for a, b in one.cells)
            if not any(columns):
                columns = ("",) * len(one.cells)
            else:
                yield replace(one, kind="head", cause=cause, part=part, section=section)
                continue
        said = "" if one.kind == "heading" else cues.label_part(one.text)
        if said:
            part = said
        yield replace(one, cause=cause, part=part, section=section, columns=columns)


def sentences(passage: Passage, cues: Cues) -> list[tuple[int, int]]:
    """Where each sentence of a passage begins and ends; a row is one sentence."""
    if passage.kind in ("row", "head", "heading"):
        return [(0, len(passage.text))]
    ends = [
        match.end()
        for match in re.finditer(r"[。!?！？]|(?<=[.;；])\s+", passage.text)
        if not _is_abbreviation(passage.text[: match.start()], cues)
    ]
    edges = [0, *ends, len(passage.text)]
    return [(a, b) for a, b in pairwise(edges) if passage.text[a:b].strip()]


def _is_abbreviation(before: str, cues: Cues) -> bool:
    """Does the point belong to "No." or to "3. März"?"""
    if not before.endswith("."):
        return False
    if re.search(r"(?<!\d)\d{1,2}\.$", before):
        return True
    word = re.search(r"([\w.]+)\.$", before)
    return word is not None and word[1].casefold() in cues.abbreviations
