"""
Opener: reads one file at a time in a process of its own, so that a file can only take itself down.

`opening` starts this page as a program and talks with it in lines of JSON: a request names a path,
a kind and the limits; the answer holds text and facts, or why there are none: an English template
and the values in it. It knows nothing of
odrlib, so that it starts quickly.
"""

from __future__ import annotations

import email
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
Limits = dict[str, int]
IMAGES = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
TAKEN, TAKEN_ORIGINAL, EXIF, GPS = 0x0132, 0x9003, 0x8769, 0x8825
EIGHTH = 8  # a JPEG is decoded at an eighth of its size: all its data are read, at little cost


class TooMuch(OverflowError):
    """An archive that unpacks to more than is read."""

    def __init__(self, bytes_: int) -> None:
        super().__init__(bytes_)
        self.bytes = bytes_


def read_pdf(path: str, limits: Limits, ocr: bool) -> Answer:
    """The text of a PDF's pages."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not _unlocked(reader):
        return {"state": "encrypted", "why": mark("it is locked with a password")}
    pages = len(reader.pages)
    parts: list[str] = []
    for page in reader.pages[: limits["pages"]]:
        parts.append(page.extract_text() or "")
        if sum(map(len, parts)) > limits["characters"]:
            break
    return {"state": "read", "text": "\n".join(parts), "pages": pages}


def _unlocked(reader: Any) -> bool:
    """Many a PDF is only locked against changes: then the empty password opens it."""
    try:
        return bool(reader.decrypt(""))
    except Exception:
        return False


def read_image(path: str, limits: Limits, ocr: bool) -> Answer:
    """Size, date and presence of a location of a picture; its text only with `ocr`."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    with Image.open(path, formats=IMAGES) as image:
        width, height = image.size
        if width * height > limits["pixels"]:
            return {
                "state": "too large",
                "why": mark("it has {width} × {height} points"),
                "values": {"width": width, "height": height},
            }
        exif = image.getexif()
        inner = exif.get_ifd(EXIF)
        taken = str(inner.get(TAKEN_ORIGINAL) or exif.get(TAKEN) or "")
        located = bool(exif.get_ifd(GPS))
        if not ocr:
            image.draft("RGB", (width // EIGHTH, height // EIGHTH))
        image.load()
        text = _letters(image) if ocr else ""
    return {
        "state": "read" if text.strip() else "not read",
        "why": "" if text.strip() else mark("a picture; nobody has read what it shows"),
        "text": text,
        "taken": taken.strip("\x00 "),
        "located": located,
        "width": width,
        "height": height,
    }


def _letters(image: Any) -> str:
    import pytesseract

    text: str = pytesseract.image_to_string(image, timeout=10)
    return text


def read_workbook(path: str, limits: Limits, ocr: bool) -> Answer:
    """The cells of a workbook, row by row."""
    from openpyxl import load_workbook

    _not_too_much(path, limits)
    book = load_workbook(path, read_only=True, data_only=True)
    lines, left = [], limits["cells"]
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            left -= len(row)
            lines.append("\t".join("" if cell is None else str(cell) for cell in row))
            if left < 0:
                break
    book.close()
    return {"state": "read", "text": "\n".join(lines)}


def read_document(path: str, limits: Limits, ocr: bool) -> Answer:
    """The paragraphs of a word processor's document."""
    _not_too_much(path, limits)
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode("utf-8", errors="replace")
    return {"state": "read", "text": _page_text(re.sub(r"</w:(?:p|tr)>", "<br>", body))}


def _not_too_much(path: str, limits: Limits) -> None:
    with zipfile.ZipFile(path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > limits["unpacked_bytes"]:
        raise TooMuch(unpacked)


def read_page(path: str, limits: Limits, ocr: bool) -> Answer:
    """The text of an HTML page; scripts and styles are left out."""
    raw = Path(path).read_bytes()
    return {"state": "read", "text": _page_text(_decoded(raw))}


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")


class _Text(HTMLParser):
    """The text between the tags, with a line end where the page has one."""

    BREAKS = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "title"))
    SILENT = frozenset(("script", "style", "template"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = StringIO()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.silent += tag in self.SILENT
        self.out.write("\n" if tag in self.BREAKS else " ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0
        self.out.write("\n" if tag in self.BREAKS else " ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.write(data)


def _page_text(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return parser.out.getvalue()


def read_mail(path: str, limits: Limits, ocr: bool) -> Answer:
    """A mail's text, when it was sent, and the two halves of its sender's address."""
    message = email.message_from_bytes(Path(path).read_bytes(), policy=policy.default)
    texts = [str(message.get("Subject", ""))]
    texts += [_part_text(part) for part in list(message.walk())[:200]]
    local, _, domain = parseaddr(str(message.get("From", "")))[1].casefold().partition("@")
    return {
        "state": "read",
        "text": "\n".join(filter(None, texts)),
        "sent": _sent(message),
        "sender": [local, domain],
        "automatic": str(message.get("Auto-Submitted", "no")).casefold() not in ("no", ""),
    }


def _part_text(part: EmailMessage) -> str:
    if part.get_content_maintype() != "text":
        return ""
    try:
        text = part.get_content()
    except (LookupError, UnicodeError, KeyError):
        return ""
    return _page_text(text) if part.get_content_subtype() == "html" else text


def _sent(message: EmailMessage) -> str:
    header = message.get("Date")
    moment = getattr(header, "datetime", None)
    return moment.isoformat() if moment else ""


def mark(message: str) -> str:
    """Name a text for the catalogues of odrlib, which says it; nothing is translated here."""
    return message


READERS = {
    "pdf": read_pdf,
    "image": read_image,
    "workbook": read_workbook,
    "document": read_document,
    "page": read_page,
    "mail": read_mail,
}


def answer(request: dict[str, Any]) -> Answer:
    """What is in the file; whatever goes wrong with it is an answer too."""
    try:
        found = READERS[request["kind"]](request["path"], request["limits"], request["ocr"])
    except TooMuch as error:
        why = mark("it unpacks to {bytes:,} bytes")
        return {"state": "too large", "why": why, "values": {"bytes": error.bytes}}
    except MemoryError:
        return {"state": "too large", "why": mark("it takes more memory than is given to a file")}
    except Exception as error:
        if type(error).__name__.startswith("DecompressionBomb"):
            return {"state": "too large", "why": mark("it has more points than a photo can have")}
        # The error's own text may hold a piece of the file.
        why = mark("no program here can open it ({error})")
        return {"state": "unreadable", "why": why, "values": {"error": _name(error)}}
    found["text"] = found.get("text", "")[: request["limits"]["characters"]]
    return found


def _name(error: Exception) -> str:
    return type(error).__name__


def _hold_memory(bytes_: int) -> None:
    """A file that unpacks without end is stopped by the system, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))


def serve(answer: Callable[[dict[str, Any]], Answer]) -> None:
    """Answer requests, one a line, until there are no more."""
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(3_000)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogatepass")
    held = False
    for line in sys.stdin:
        request = json.loads(line)
        if not held:
            _hold_memory(request["limits"]["memory_bytes"])
            held = True
        sys.stdout.write(json.dumps(answer(request)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(answer)
