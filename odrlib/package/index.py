"""Index: which file stands for which cell of which order, and what is missing, as HTML and PDF."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from anyascii import anyascii
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from odrlib.finding import count
from odrlib.harmless import seen
from odrlib.languages import speaking
from odrlib.package.contents import SENT_IN, Contents, Order
from odrlib.palette import INK

MARGIN = 16 * mm
WIDTHS = (26 * mm, 24 * mm, 76 * mm, 52 * mm)
# Fonts of the reader's own, by the Adobe names that every PDF program maps: nothing is embedded,
# and the same input gives the same bytes on every machine. Each with the codec of its letters.
_EAST = (("STSong-Light", "gbk"), ("HeiseiKakuGo-W5", "cp932"), ("HYGothic-Medium", "euc_kr"))


def index_lines(contents: Contents) -> list[str]:
    """What stands above the orders: what this is, how much is proven, what was done to files."""
    proven = sum(order.proven for order in contents.orders)
    lines = [
        "This index lists the files of the package and the order and class of evidence that each "
        "stands for. It does not claim to be complete: what is missing is said for each order.",
        f"{proven:,} of {count(len(contents.orders), 'order')} with every class of evidence that "
        f"is needed closed; {count(contents.lacking, 'cell')} not closed; "
        f"{count(len(contents.files), 'file')}.",
    ]
    if len(contents.parts) > 1:
        lines.append(
            f"The package has {len(contents.parts)} parts, each with this index: "
            f"{', '.join(contents.parts)}."
        )
    if hidden := sum(contents.masked.values()):
        lines.append(
            f"{count(hidden, 'personal detail')} masked in texts and PDFs; a proof of delivery "
            "keeps name and address."
        )
    lines.append("The manifest holds the SHA-256 of every file, before and after it was packed.")
    return lines


# ── HTML ────────────────────────────────────────────────────────────────────────────────────────


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("odrlib.package", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def index_html(contents: Contents, part: int) -> bytes:
    """The index as one page without any script, with links to the files of its own part."""
    page = _environment().get_template("index.html.j2")
    with speaking(SENT_IN):
        text = page.render(
            contents=contents,
            title=contents.settings.title,
            lines=index_lines(contents),
            part=part,
        )
    return seen(text).encode("utf-8")


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────


def index_pdf(contents: Contents) -> bytes:
    """The index as PDF; the same for every part."""
    with speaking(SENT_IN):
        return _pdf(contents)


def _pdf(contents: Contents) -> bytes:
    for font, _ in _EAST:
        if font not in getRegisteredFontNames():
            registerFont(UnicodeCIDFont(font))
    pen = _Pen(japanese=contents.settings.marketplace == "JP")
    story: list[Flowable] = [
        pen.line("Evidence index", 16, 20),
        pen.line(
            f"{contents.settings.title} · {contents.settings.marketplace} · as of {contents.as_of}",
            9,
            13,
            INK,
        ),
        Spacer(1, 3 * mm),
        *(pen.line(said, 9, 13) for said in index_lines(contents)),
    ]
    several = len(contents.parts) > 1
    for order in contents.orders:
        story += _order(pen, order, several)
    if contents.measures:
        story.append(pen.line("Papers of measures and settings", 11, 18))
        story += [pen.line(_file(one, several), 8, 11) for one in contents.measures]
    out = BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"Evidence index: {anyascii(contents.settings.title)}",
        author="",
        invariant=1,
    ).build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


class _Pen:
    """Writes text that may be of any script."""

    def __init__(self, japanese: bool) -> None:
        # Letters that both have are drawn as the reader's country draws them.
        self.fonts = sorted(_EAST, key=lambda font: (font[1] == "cp932") != japanese)

    def line(self, text: str, size: float, leading: float, colour: str = "#000000") -> Paragraph:
        """A paragraph."""
        style = ParagraphStyle(
            "line",
            fontName="Helvetica",
            fontSize=size,
            leading=leading,
            alignment=TA_LEFT,
            textColor=HexColor(colour),
            splitLongWords=1,
        )
        return Paragraph(self.marked(text), style)

    def marked(self, text: str) -> str:
        """The text with each run in a font that has its letters."""
        parts, run, eastern = [], "", False
        for letter in text:
            is_eastern = not _encodes(letter, "cp1252")
            if is_eastern != eastern and run:
                parts.append(self._run(run, eastern))
                run = ""
            eastern = is_eastern
            run += letter
        return "".join([*parts, self._run(run, eastern)])

    def _run(self, run: str, eastern: bool) -> str:
        if not eastern:
            return str(escape(run))
        font = next((name for name, codec in self.fonts if _encodes(run, codec)), None)
        if font is None:
            # A script that none of them has is written in Latin letters.
            return str(escape(anyascii(run)))
        return f'<font name="{font}">{escape(run)}</font>'


def _encodes(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _file(file: tuple[str, int], several: bool) -> str:
    return f"{file[0]} (part {file[1]})" if several else file[0]


def _order(pen: _Pen, order: Order, several: bool) -> list[Flowable]:
    cells: list[list[Any]] = [
        [pen.line(word, 8, 11, INK) for word in ("Evidence", "State", "Files", "Missing")]
    ]
    for row in order.rows:
        # A row cannot be longer than a page, so many files are many rows.
        files = [row.files[at : at + 30] for at in range(0, len(row.files), 30)] or [()]
        for number, some in enumerate(files):
            cells.append(
                [
                    pen.line(row.class_ if not number else "", 8, 11),
                    pen.line(row.state if not number else "", 8, 11),
                    [pen.line(_file(one, several), 7, 9.5) for one in some],
                    [pen.line(said, 8, 11) for said in row.missing] if not number else "",
                ]
            )
    table = Table(cells, colWidths=WIDTHS, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#b0b8c0")),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    head = pen.line(f"{order.order_id} · {order.day} · {order.kinds}", 10, 18)
    return (
        [KeepTogether([Spacer(1, 3 * mm), head, table])]
        if len(cells) < 12
        else [Spacer(1, 3 * mm), head, table]
    )


def _page_number(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7)
    canvas.setFillColor(HexColor(INK))
    canvas.drawRightString(A4[0] - MARGIN, 8 * mm, str(document.page))
    canvas.restoreState()
