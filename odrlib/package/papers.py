"""
Papers: PDFs without what their programs wrote beside the pages; with bars where they say too much.

A page with something to mask becomes a picture with bars in it: below a bar nothing is left. Pages
without it stay as they are, unless the package is too big for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from odrlib.package import rules
from odrlib.package.form import Form
from odrlib.package.masking import Masker, Span

POINTS = 72  # of a PDF to the inch
_PAD = 1.5  # points around a letter that a bar covers as well
# What acts or tells instead of being seen.
_PAGE_EXTRAS = ("/AA", "/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_NOT_SEEN = ("/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D")
_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm")


def paper_form(raw: bytes, step: int, masker: Masker) -> Form:
    """
    The PDF at a step of package.toml (0: the best).

    Raises
    ------
    ValueError, or an error of the libraries, if the PDF cannot be written again
    """
    rule = rules.data("package")["papers"][step]
    with opened(raw) as document:
        drawable = document is not None and len(document) <= rules.limit("pages")
        spans = [_page_spans(page, masker) for page in document] if drawable else []
        counted = Counter(span.kind for page in spans for span in page)
        if counted:
            best = rule if step else rules.data("package")["papers"][1]
            data = _as_pictures(document, spans, best["dpi"], best["quality"])
            done = (
                "pages as pictures",
                f"{best['dpi']} points to the inch",
                "bars over personal data",
            )
            return Form(data, "pdf", done, dict(counted), "")
        clean = without_extras(raw)
        silent = drawable and not any(_text(page).strip() for page in document)
        unseen = "a scan: what it shows cannot be masked here" if silent else ""
        if not drawable:
            unseen = "it has too many pages, or could not be read, to be masked here"
        if step and drawable:
            data = _as_pictures(document, spans, rule["dpi"], rule["quality"])
            if len(data) < len(clean):
                drawn = ("pages as pictures", f"{rule['dpi']} points to the inch")
                return Form(data, "pdf", drawn, {}, unseen)
    return Form(clean, "pdf", ("metadata removed",), {}, unseen)


def paper_text(raw: bytes) -> str:
    """All text of a PDF, page by page."""
    with opened(raw) as document:
        if document is None or len(document) > rules.limit("pages"):
            return ""
        return "\n".join(_text(page) for page in document)


@contextmanager
def opened(raw: bytes) -> Iterator[Any]:
    """The document; None if it cannot be read."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError:
        yield None
        return
    try:
        if document.get_formtype():
            document.init_forms()
        yield document
    finally:
        document.close()


def _text(page: Any) -> str:
    """The letters of a page, each at its own index, so that a span is a row of boxes."""
    letters = page.get_textpage()
    api = pypdfium2.raw
    codes = (api.FPDFText_GetUnicode(letters, at) for at in range(letters.count_chars()))
    return "".join(" " if code in (0, 13) else chr(code) for code in codes)


def _page_spans(page: Any, masker: Masker) -> list[Span]:
    return masker.spans(_text(page))


def _as_pictures(document: Any, spans: list[list[Span]], dpi: int, quality: int) -> bytes:
    """Every page as a JPEG on a page of the same size, with bars over the spans."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    for page, hidden in zip(document, spans, strict=True):
        width, height = page.get_size()
        drawn = BytesIO()
        _drawn(page, hidden, dpi).save(drawn, "JPEG", quality=quality, optimize=True)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(drawn), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _drawn(page: Any, hidden: list[Span], dpi: int) -> Image.Image:
    longer = max(page.get_size())
    scale = min(dpi / POINTS, rules.limit("page_side") / longer)
    bitmap = page.render(scale=scale)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    where = bitmap.get_posconv(page)
    letters = page.get_textpage()
    pen = ImageDraw.Draw(image)
    for span in hidden:
        for at in range(span.start, span.end):
            left, bottom, right, top = letters.get_charbox(at, loose=True)
            if right > left and top > bottom:
                corners = [
                    where.to_bitmap(left - _PAD, top + _PAD),
                    where.to_bitmap(right + _PAD, bottom - _PAD),
                ]
                across, down = zip(*corners, strict=True)
                pen.rectangle((min(across), min(down), max(across), max(down)), fill="black")
    return image


def without_extras(raw: bytes) -> bytes:
    """The pages and what is seen on them: no properties, scripts, attachments or old versions."""
    reader = PdfReader(BytesIO(raw))
    if reader.is_encrypted:
        reader.decrypt("")
    writer = PdfWriter()
    writer.metadata = None
    for page in reader.pages:
        added = writer.add_page(page)
        for key in _PAGE_EXTRAS:
            added.pop(key, None)
        _only_seen(added)
    fields = reader.root_object.get("/AcroForm")
    if fields is not None:
        kept = fields.get_object().clone(writer)
        kept.pop("/XFA", None)
        writer.root_object[NameObject("/AcroForm")] = kept
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _only_seen(page: DictionaryObject) -> None:
    """Notes and links of a page that are seen; without author, day and what they would start."""
    if "/Annots" not in page:
        return
    kept = ArrayObject()
    notes = page["/Annots"].get_object()
    for entry in notes if isinstance(notes, ArrayObject) else ():
        note = entry.get_object()
        if not isinstance(note, DictionaryObject) or note.get("/Subtype") in _NOT_SEEN:
            continue
        for key in ("/AA", "/M", "/CreationDate"):
            note.pop(key, None)
        action = note.get("/A")
        if action is not None and action.get_object().get("/S") in _ACTIONS:
            note.pop("/A")
        if note.get("/Subtype") != "/Widget":  # there it is the name of the field
            note.pop("/T", None)
        kept.append(entry)
    page[NameObject("/Annots")] = kept
