"""Formats: what kind of file the bytes are, whatever the name says."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PK\x03\x04", "archive"),
    (b"\xd0\xcf\x11\xe0", "other"),
)
# What a name promises. Plain text may have any of the text endings.
_PROMISES = {
    "pdf": "pdf", "png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "bmp": "image",
    "tif": "image", "tiff": "image", "webp": "image", "txt": "text", "csv": "text", "tsv": "text",
    "md": "text", "log": "text", "json": "text", "xml": "text", "eml": "mail", "html": "page",
    "htm": "page", "xlsx": "workbook", "docx": "document",
}  # fmt: skip
_TEXTS = frozenset(("text", "mail", "page"))
_HEADER = re.compile(
    rb"(?:^|\n)(?:from|date|subject|message-id|received|return-path|mime-version|to):\s", re.I
)
_PAGE = re.compile(rb"^\s*(?:<!doctype html|<html|<head|<body)", re.I)
HEAD = 4_096  # bytes that are enough to tell


def promised(name: str) -> str:
    """
    The kind of file that the ending of a name promises; "" if it promises none that is known.

    >>> promised("proof.PDF"), promised("scan.jpeg"), promised("notes")
    ('pdf', 'image', '')
    """
    return _PROMISES.get(PurePosixPath(name).suffix.lower().lstrip("."), "")


def sniffed(head: bytes, name: str) -> str:
    r"""
    The kind of file that its first bytes show, "other" if nothing here can read it.

    Kinds: pdf, image, workbook, document, mail, page, text, other.

    >>> sniffed(b"%PDF-1.7", "a.txt"), sniffed(b"hello", "a.pdf"), sniffed(b"\x00\x01\x02\x03", "a")
    ('pdf', 'text', 'other')
    >>> sniffed(b"From: a@b\nDate: x\nSubject: y\n", "thread.eml")
    'mail'
    """
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if kind == "archive":
        return {"xlsx": "workbook", "docx": "document"}.get(PurePosixPath(name).suffix[1:], "other")
    if kind and not (kind == "image" and head[:2] == b"BM" and _is_text(head)):
        return kind
    if not _is_text(head):
        return "other"
    if _PAGE.match(head):
        return "page"
    if promised(name) == "mail" and len(_HEADER.findall(head)) >= 2:
        return "mail"
    return "text"


def fits(name: str, kind: str) -> bool:
    """
    Does the ending of the name fit what the file is?

    >>> fits("a.csv", "text"), fits("a.eml", "text"), fits("a.pdf", "image"), fits("a", "pdf")
    (True, True, False, True)
    """
    said = promised(name)
    return not said or said == kind or {said, kind} <= _TEXTS


_ODD = bytes({*range(32)} - {9, 10, 12, 13, 27})
_HIGH = bytes(range(0x7F, 0x100))


def _is_text(head: bytes) -> bool:
    """No control codes but those of text; UTF-16 has a zero in every other byte."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        # UTF-16 without a mark: the zeros are all in one half, and the rest is text.
        halves = sorted((head[0::2], head[1::2]), key=lambda half: half.count(0))
        rare, common = halves
        return common.count(0) > 0.3 * len(common) and not rare.count(0) and _is_text(rare)
    odd = len(head) - len(head.translate(None, _ODD))
    high = len(head) - len(head.translate(None, _HIGH))
    return odd <= 0.02 * len(head) and (high <= 0.3 * len(head) or _decodes(head))


def _decodes(head: bytes) -> bool:
    """Text in another script than Latin is mostly high bytes, in one of the usual encodings."""
    for encoding in ("utf-8", "cp932", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
