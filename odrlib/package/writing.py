"""Writing: texts, tables, mails and pages, as masked text in UTF-8."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from odrlib.evidence import rules as evidence_rules
from odrlib.evidence.opener import read_document, read_page, read_workbook
from odrlib.exports.text import decode
from odrlib.languages import mark
from odrlib.package import rules
from odrlib.package.form import Form
from odrlib.package.masking import Masker

Masked = tuple[str, Counter[str]]
_BUT_ITS_TEXT = {
    "page": mark("all of the page but its text"),
    "workbook": mark("all of the workbook but its text"),
    "document": mark("all of the document but its text"),
}
_DELIMITERS = "\t,;|"


def plain_text(raw: bytes, marketplace: str) -> str:
    """The text of a file in whatever encoding."""
    return decode(raw, marketplace).data.decode("utf-8", errors="replace")


def text_form(raw: bytes, name: str, masker: Masker, marketplace: str) -> Form:
    """A text or a table; in a table also by the header of the column."""
    text = plain_text(raw, marketplace)
    is_table = name.casefold().endswith((".csv", ".tsv"))
    said, counted = masked_table(text, masker) if is_table else masker.masked(text)
    ending = name.rsplit(".", 1)[-1].casefold() if is_table else "txt"
    return _form(said, ending, counted, ())


def _form(text: str, ending: str, counted: Counter[str], lost: tuple[tuple[str, str], ...]) -> Form:
    done = ("personal data masked",) if counted else ()
    return Form(text.encode("utf-8"), ending, (*done, "saved as UTF-8"), dict(counted), "", lost)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def masked_table(text: str, masker: Masker) -> Masked:
    """A delimited table: columns that hold what is personal, and what stands in the other cells."""
    delimiter = delimiter_of(text)
    if not delimiter:
        return masker.masked(text)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    kinds = [kind_of_column(cell) for cell in rows[0]] if rows else []
    counted: Counter[str] = Counter()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    for number, row in enumerate(rows):
        cells = []
        for at, cell in enumerate(row):
            kind = kinds[at] if number and at < len(kinds) else ""
            if kind and kind not in masker.keep and cell.strip():
                counted[kind] += 1
                cells.append(rules.data("masking")["words"][kind])
            else:
                said, found = masker.masked(cell)
                counted += found
                cells.append(said)
        writer.writerow(cells)
    return out.getvalue(), counted


def delimiter_of(text: str) -> str:
    r"""
    What parts the cells of the first line; "" if nothing does.

    >>> delimiter_of("a;b;c\n1,5;2;3"), delimiter_of("a,b"), delimiter_of("no table")
    (';', ',', '')
    """
    first = text.split("\n", 1)[0]
    best = max(_DELIMITERS, key=lambda one: (first.count(one), -_DELIMITERS.index(one)))
    return best if best in first else ""


@cache
def kind_of_column(header: str) -> str:
    """
    What a column with that header holds, if it is personal.

    >>> kind_of_column("buyer-name"), kind_of_column("Ship Address 1"), kind_of_column("sku")
    ('name', 'address', '')
    """
    bare = re.sub(r"[\s_\"'-]", "", header).casefold()
    columns = rules.data("masking")["columns"]
    return next(
        (kind for kind in ("name", "email", "phone", "address") if bare in columns[kind]), ""
    )


# ── mails ───────────────────────────────────────────────────────────────────────────────────────


def mail_form(raw: bytes, masker: Masker) -> Form:
    """A mail with its day, subject and text; its other headers and attachments stay out."""
    message = message_from_bytes(raw, policy=policy.default)
    counted: Counter[str] = Counter()
    lines = []
    for name in rules.data("masking")["mail"]["headers"]:
        for value in message.get_all(name, ()):
            said, found = _header(name, str(value), masker)
            counted += found
            lines.append(f"{name}: {said}")
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    body, found = masker.masked(mail_text(message))
    counted += found
    attached = tuple(
        (mark("attachment {kind}"), part.get_content_type())
        for part in list(message.walk())[:200]
        if not part.is_multipart() and part.get_content_maintype() != "text"
    )
    head = "\n".join([*lines, "Content-Transfer-Encoding: 8bit"])
    text = f"{head}\n\n{body.strip()}\n"
    return _form(text, "eml", counted, attached)


def _header(name: str, value: str, masker: Masker) -> Masked:
    """Of an address only whose side it is; day and subject as they are, masked."""
    value = " ".join(value.split())
    if name in ("From", "To"):
        domain = parseaddr(value)[1].casefold().partition("@")[2]
        cues = evidence_rules.data("cues")["mail"]["buyer_domains"]
        buyer = any(domain.startswith(part) for part in cues)
        side = "buyer" if buyer else "correspondent"
        return f"{side} {rules.data('masking')['words']['email']}", Counter(email=1)
    return (value, Counter()) if name == "Date" else masker.masked(value)


def mail_text(message: EmailMessage) -> str:
    """The text of a mail: its plain part, or its page without the tags."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        text = body.get_content()
    except (LookupError, UnicodeError, KeyError):
        return ""
    return without_tags(text) if body.get_content_subtype() == "html" else text


def mail_names(raw: bytes) -> tuple[str, list[str]]:
    """The text of a mail, and the names beside its addresses."""
    message = message_from_bytes(raw, policy=policy.default)
    names = [
        parseaddr(str(value))[0]
        for header in ("From", "To", "Cc", "Reply-To")
        for value in message.get_all(header, ())
    ]
    return mail_text(message), [name for name in names if name]


# ── what is taken out as text ───────────────────────────────────────────────────────────────────


def without_tags(page: str) -> str:
    r"""
    The text of a page.

    >>> without_tags("<style>a{}</style><p>2 &lt; 3<br>yes</p>")
    '2 < 3\nyes'
    """
    silent = _without(page, "<!--", "-->")
    for name in ("style", "script", "template"):
        silent = _without(silent, f"<{name}", f"</{name}")
    lines = re.sub(r"(?i)<(?:br|p|div|tr|li|h\d)\b[^<>]*>", "\n", silent)
    return html.unescape(re.sub(r"<[^<>]*>", " ", lines)).strip()


def _without(page: str, start: str, end: str) -> str:
    """The page without what stands from `start` to `end`; in one pass, whatever is in it."""
    low, kept, at = page.lower(), [], 0
    if len(low) != len(page):  # letters that are two in lower case: places would be moved
        low = page
    while (begin := low.find(start, at)) >= 0:
        stop = low.find(end, begin + len(start))
        if stop < 0:
            break
        kept += [page[at:begin], " "]
        at = stop + len(end)
        if end.startswith("</"):
            at = low.find(">", at) + 1 or len(page)
    return "".join([*kept, page[at:]])


def extracted_text(path: Path, kind: str) -> str:
    """The text of a page, a workbook or a document, within the limits of evidence."""
    read: Callable[..., dict[str, str]] = {
        "page": read_page,
        "workbook": read_workbook,
        "document": read_document,
    }[kind]
    return read(str(path), evidence_rules.data("rules")["limits"], False)["text"]


def extracted_form(path: Path, kind: str, masker: Masker) -> Form:
    """A page, a workbook or a document as masked text."""
    said, counted = masker.masked(extracted_text(path, kind))
    return _form(said, "txt", counted, ((_BUT_ITS_TEXT[kind], kind),))
