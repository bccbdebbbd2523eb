"""Files: a draft as Markdown, plain text, Word or PDF, read into lines with their places."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from odrlib.errors import BadParameter
from odrlib.evidence.opening import opened_alone
from odrlib.languages import tr
from odrlib.poa.language import ANALYST, CODES, language

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

SUFFIXES = (".md", ".markdown", ".txt", ".docx", ".pdf", ".text")
# A plan of action is a few pages; more than this is no plan: bytes of the file, letters of its
# text, lines, and bytes of the XML of a Word file, which may unpack to a thousand times its size.
LARGEST = 20_000_000
MOST_LETTERS = 200_000
MOST_LINES = 20_000
LONGEST_LINE = 20_000
LARGEST_XML = 8_000_000
# No word is longer; patterns that look for numbers and dates in one would take the square of it.
LONGEST_WORD = 200
# Everything that `splitlines` ends a line at must stay, or the lines below would be counted wrong.
_NO_LINE_END = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Piece:
    """One line: its text, line and column (from 1), heading level (0: none), cells of a table."""

    text: str
    line: int
    column: int = 1
    level: int = 0
    cells: tuple[tuple[int, int], ...] = ()


def read_draft(draft: str | Path) -> tuple[str, list[Piece]]:
    """
    The name of a draft and its lines.

    Parameters
    ----------
    draft : a `Path`, or a text; a text of one line that names an existing file is that file

    Raises
    ------
    BadParameter if the file is not there, is of no known kind, or cannot be read
    """
    if isinstance(draft, str):
        if "\n" in draft or len(draft) > 1000 or not _exists(draft):
            return "text", _bounded("text", text_lines(draft))
        draft = Path(draft)
    if not draft.is_file():
        raise BadParameter(
            tr("{draft}: no such file; give a draft as md, txt, docx or pdf", draft=draft)
        )
    return draft.name, _bounded(draft.name, file_lines(draft))


def _bounded(name: str, pieces: Iterable[Piece]) -> list[Piece]:
    """The lines of a plan; endless words in them are broken, each letter in its place."""
    found: list[Piece] = []
    letters = 0
    for piece in pieces:
        letters += len(piece.text)
        if len(piece.text) > LONGEST_LINE:
            raise BadParameter(
                tr("{path}: line {line} has more than {letters:,} letters; break it into "
                   "paragraphs", path=name, line=piece.line, letters=LONGEST_LINE)
            )  # fmt: skip
        if letters > MOST_LETTERS or len(found) == MOST_LINES:
            raise BadParameter(
                tr("{path}: more than {letters:,} letters are too many for a plan of action",
                   path=name, letters=MOST_LETTERS)
            )  # fmt: skip
        text = re.sub(rf"[!-~]{{{LONGEST_WORD}}}", lambda match: f"{match[0][:-1]} ", piece.text)
        found.append(replace(piece, text=text))
    return found


def _exists(name: str) -> bool:
    """Is it a file? A sentence can be longer than any name."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def file_lines(path: Path) -> Iterator[Piece]:
    """The lines of a file, by its ending."""
    kind = path.suffix.casefold()
    if kind not in SUFFIXES:
        raise BadParameter(
            tr("{path}: not a draft we can read; save it as md, txt, docx or pdf", path=path)
        )
    size = path.stat().st_size
    if size > LARGEST:
        raise BadParameter(
            tr(
                "{path}: {bytes:,} bytes are too many for a plan of action",
                path=path,
                bytes=size,
            )
        )
    data = path.read_bytes()
    if kind == ".docx":
        return iter(_word_lines(path, data))
    if kind == ".pdf":
        return _pdf_lines(path)
    return text_lines(_decoded(path, data))


def _decoded(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadParameter(tr("{path}: not UTF-8; save the text as UTF-8", path=path))


def text_lines(text: str) -> Iterator[Piece]:
    """The lines of a text; comments become blanks, so that all else keeps its place."""
    end = text.rfind("-->") + 3  # beyond it each "<!--" would look for its end in vain
    blank = re.sub(
        r"<!--.*?-->",
        lambda match: _NO_LINE_END.sub(" ", match[0]),
        text[:end],
        flags=re.DOTALL,
    )
    blank += text[end:]
    # A line that held nothing but a comment does not end a paragraph.
    whole = text.splitlines()
    for number, line in enumerate(blank.splitlines(), start=1):
        if not line.strip() and whole[number - 1].strip():
            continue
        cells = _tabs(line) if "\t" in line.strip() else ()
        yield Piece(line, number, cells=cells)


def _tabs(line: str) -> tuple[tuple[int, int], ...]:
    edges = [-1, *(match.start() for match in re.finditer("\t", line)), len(line)]
    return tuple((a + 1, b) for a, b in pairwise(edges))


def _word_lines(path: Path, data: bytes) -> list[Piece]:
    from docx import Document
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            xml = sum(part.file_size for part in parts.infolist() if not _is_picture(part))
    # NotImplementedError: what zipfile says of a version or a compression that it does not know.
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise BadParameter(tr("{path}: not a Word file that can be read", path=path)) from error
    if xml > LARGEST_XML:
        raise BadParameter(
            tr("{path}: {bytes:,} bytes are too many for a plan of action", path=path, bytes=xml)
        )
    try:
        document = Document(io.BytesIO(data))
        found: list[Piece] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                found += _table(block, len(found))
            else:
                found.append(_paragraph(block, len(found) + 1))
    except Exception as error:  # a broken part makes python-docx raise whatever it meets first
        raise BadParameter(tr("{path}: not a Word file that can be read", path=path)) from error
    return found


def _is_picture(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("word/media/")


def _paragraph(paragraph: Paragraph, number: int) -> Piece:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    heading = re.match(r"(?:heading|überschrift|見出し|标题) ?(\d)|title", style, re.IGNORECASE)
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs) and len(paragraph.text) < 90
    level = (int(heading[1]) if heading[1] else 1) if heading else 3 if bold else 0
    bullet = "List" in style and not level
    return Piece(f"- {paragraph.text}" if bullet else paragraph.text, number, level=level)


def _table(table: Table, before: int) -> list[Piece]:
    """The rows of a table as lines of cells; of our own worksheet the left column, as text."""
    rows = [row.cells for row in table.rows]
    ours = [language(code).code for code in CODES]
    note = language(ANALYST).say("only_here")
    if rows and len(rows[0]) == 2 and rows[0][1].text == note and rows[0][0].text in ours:
        lines = [_paragraph(cells[0].paragraphs[0], 0) for cells in rows[1:]]
        spread = [piece for line in lines for piece in (line, Piece("", 0))]
        return [
            Piece(piece.text, before + number, level=piece.level)
            for number, piece in enumerate(spread, start=1)
        ]
    found = []
    for number, cells in enumerate(rows, start=before + 1):
        text, edges = "", []
        for cell in cells:
            said = " ".join(cell.text.split())
            edges.append((len(text), len(text) + len(said)))
            text += f"{said}\t"
        found.append(Piece(text, number, cells=tuple(edges)))
    return [*found, Piece("", before + len(rows) + 1)]


def _pdf_lines(path: Path) -> Iterator[Piece]:
    answer = opened_alone(path, "pdf")
    if answer["state"] not in ("read", "not read"):
        raise BadParameter(tr("{path}: not a PDF that can be read", path=path))
    text = answer.get("text", "")
    if not text.strip():
        raise BadParameter(
            tr("{path}: the PDF holds no text, only pictures; save it with its text", path=path)
        )
    return text_lines(text)
