"""
What each reader of foreign input promises about any bytes at all, as one function per reader.

A function returns if the promise holds, and raises if it does not: nothing but OdrError comes out,
every row is used or set aside with its place and reason, and the same bytes say the same again.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
from docx import Document
from pandas.testing import assert_frame_equal

from odrlib.appeal.notices import read_notice
from odrlib.appeal.register import read_register
from odrlib.errors import OdrError
from odrlib.evidence import rules
from odrlib.evidence.formats import HEAD, sniffed
from odrlib.evidence.opener import READERS, answer
from odrlib.evidence.shows import read_shows
from odrlib.exports.read import Context, read_file
from odrlib.poa.check import check_against
from odrlib.poa.files import read_draft
from odrlib.poa.known import known_of
from odrlib.poa.scopes import Scopes
from odrlib.selections.noted import noted_selection
from odrlib.settings import read_settings

TESTS = Path(__file__).parents[1]
SAMPLES = TESTS / "exports" / "samples"
APPEAL = TESTS.parent / "odrlib" / "appeal"
TODAY = date(2026, 11, 23)
# The first byte of an input says what the file is called: names decide which exports it may be.
NAMES = ("exports/a.txt", "exports/a.csv", "exports/a.xlsx", "exports/a.json", "exports/a.xml",
         "ledger/claims.csv", "ledger/chargebacks.csv", "ledger/deliveries.csv",
         "ledger/findings.csv", "ledger/messages.csv", "ledger/costs.csv", "ledger/events.csv",
         "ledger/evidence.csv", "ledger/measures.csv", "ledger/removals.csv",
         "ledger/settings.csv", "appeals/exempted.csv")  # fmt: skip
DRAFTS = (".txt", ".md", ".docx", ".pdf")
EVIDENCE = ("a.pdf", "a.png", "a.jpg", "a.xlsx", "a.docx", "a.html", "a.eml", "a.txt", "a.csv")
PLACES = ("US", "DE", "JP", "IN")


@cache
def folder() -> Path:
    """A folder of this process, gone when it ends."""
    path = Path(tempfile.mkdtemp(prefix="odr-fuzz-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def file(data: bytes) -> None:
    """A file of exports/ or ledger/."""
    choice, data = data[:1] or b"\0", data[1:]
    name = NAMES[choice[0] % len(NAMES)]
    context = Context(PLACES[choice[0] // len(NAMES) % len(PLACES)], today=TODAY)
    path = folder() / "export"
    path.write_bytes(data)
    first, again = read_file(path, name, context), read_file(path, name, context)
    assert not [found for found in first.findings if found.id == "file-not-read"]
    assert first.size == len(data)
    used = 0 if first.frame is None else len(first.frame)
    assert first.rows_in == used + len(first.set_aside) == first.rows_used + first.rows_set_aside
    for kept_out in (first.set_aside, first.refused):
        assert (kept_out["file"] == name).all()
        assert (kept_out["line"] >= 1).all()
        assert (kept_out["reason"].str.len() > 0).all()
    # A line of JSON Lines may hold an order of several items, each a row.
    several = isinstance(first.document, list)
    assert several or not first.set_aside["line"].duplicated().any()
    assert [found.as_dict() for found in first.findings] == [
        found.as_dict() for found in again.findings
    ]
    if first.frame is not None:
        assert several or first.frame["line"].is_unique
        if first.document is None:  # of JSON the frame has the number of the record
            assert not set(first.frame["line"]) & set(first.set_aside["line"])
        assert_frame_equal(first.frame, again.frame)
    for found in first.findings:
        (found.message + found.to_do).encode()  # can be written


def settings(data: bytes) -> None:
    """A store.toml."""
    store = folder() / "settings"
    store.mkdir(exist_ok=True)
    (store / "store.toml").write_bytes(data)
    try:
        said = read_settings(store)
    except OdrError as error:
        str(error).encode()
    else:
        assert said.id
        assert said.marketplace


def notice(data: bytes) -> None:
    """The text of a notice, as it is pasted or lies in a text file."""
    path = folder() / "notice.txt"
    path.write_bytes(data)
    for given in (path, data.decode("utf-8", errors="replace")):
        try:
            read_notice(given).as_dict()
        except OdrError as error:
            str(error).encode()


@cache
def _scopes() -> Scopes:
    import odrlib as odr
    from tests.stores import make_store, odr_file, order, order_id, orders_file

    rows = [order(n, "2026-03-01") for n in range(40)]
    files = {"exports/o.txt": orders_file(rows)}
    files["exports/d.csv"] = odr_file([(order_id(1), "2026-03-01", "A")])
    store = odr.read_store(make_store(folder() / "store", files), as_of=date(2026, 3, 31))
    return Scopes(known_of(odr.build_facts(store)))


def draft(data: bytes) -> None:
    """A draft of a plan, as a file of any kind and as pasted text."""
    choice, data = data[:1] or b"\0", data[1:]
    path = folder() / f"draft{DRAFTS[choice[0] % len(DRAFTS)]}"
    path.write_bytes(data)
    text = data.decode("utf-8", errors="replace")[:4_000]
    for given in (path, text) if path.suffix in (".txt", ".md") else (path,):
        try:
            read_draft(given)
            if len(data) < 4_000 or path.suffix not in (".txt", ".md"):
                check_against(given, _scopes()).as_dict()
        except OdrError as error:
            str(error).encode()


def evidence(data: bytes) -> None:
    """A file of an order's evidence folder, as the opener program reads it."""
    choice, data = data[:1] or b"\0", data[1:]
    name = EVIDENCE[choice[0] % len(EVIDENCE)]
    path = folder() / name
    path.write_bytes(data)
    kind = sniffed(data[:HEAD], name)
    text = data.decode("utf-8", errors="replace")
    if kind in READERS:
        limits = rules.data("rules")["limits"]
        told = answer({"path": str(path), "kind": kind, "limits": limits, "ocr": False})
        assert told["state"] in ("read", "not read", "unreadable", "encrypted", "too large")
        text = told.get("text", "")
    shows = read_shows(text[:20_000])
    assert shows == read_shows(text[:20_000])


def register(data: bytes) -> None:
    """The journal of the register."""
    store = folder() / "register"
    (store / "appeals").mkdir(parents=True, exist_ok=True)
    (store / "store.toml").write_text('id = "a"\nmarketplace = "US"\n')
    (store / "appeals" / "journal.jsonl").write_bytes(data)
    try:
        read_register(store)
    except OdrError as error:
        str(error).encode()


def selection(data: bytes) -> None:
    """A row of ledger/findings.csv: days, channel, kind and conditions, as somebody typed them."""
    cells = [*data.decode("utf-8", errors="replace").split("\n"), *[""] * 6]
    names = ("where", "profile", "first", "last", "channel", "kind")
    row = dict(zip(names, cells, strict=False))
    for at in ("first", "last"):
        day = pd.to_datetime(row[at], errors="coerce", format="%Y-%m-%d")
        row[at] = day if len(row[at]) % 2 else row[at]
    try:
        noted_selection(row)
    except OdrError as error:
        str(error).encode()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "file": file,
    "settings": settings,
    "notice": notice,
    "draft": draft,
    "evidence": evidence,
    "register": register,
    "selection": selection,
}


@cache
def seeds(target: str) -> list[bytes]:
    """Inputs to begin with, made from the samples of this repository."""
    return {
        "file": _files,
        "settings": lambda: [(TESTS.parent / "odrlib/store.template.toml").read_bytes(), _TOML],
        "notice": lambda: [_phrases()[at : at + 3_000] for at in (0, 9_000)],
        "draft": _drafts,
        "evidence": _evidence,
        "register": lambda: [_JOURNAL],
        "selection": lambda: [
            b"tracked = no; state = TX\namazon\n2026-08-18\n2026-10-16\nmfn\nclaim",
            b'sku = "A; B"; carrier is unknown\nbrief\n2026-10-01',
        ],
    }[target]()


_TOML = b"""
id = "a"
marketplace = "DE"
timezone = "Europe/Berlin"
lag_days = 15
[amazon]
first = 2026-01-01
last = "2026-03-01"
orders = 100
rate = 0.01
[columns."*.csv"]
export = "erp_orders"
order_id = "Nr"
"""
_JOURNAL = b'{"at": "2026-03-01T00:00:00Z", "kind": "case", "data": {"id": "2026-01"}}\n'


def _phrases() -> bytes:
    return (APPEAL / "notices.toml").read_bytes()


def _files() -> list[bytes]:
    found = []
    for path in sorted(SAMPLES.glob("*/*")):
        if ".expected." in path.name or path.stat().st_size > 8_000:
            continue
        ledger = path.parent.name.removeprefix("ledger_")
        fits = [n for n, name in enumerate(NAMES) if f"/{ledger}." in name]
        place = fits[0] if fits else 0
        site = PLACES.index(path.name[:2]) if path.name[:2] in PLACES else 0
        found.append(bytes([place + site * len(NAMES)]) + path.read_bytes())
    return found


def _drafts() -> list[bytes]:
    document = Document()
    document.add_heading("Plan of Action", 1)
    document.add_paragraph("We shipped 40 orders; order 111-0000000-0000001 was late on 1 March.")
    document.add_table(2, 2).cell(0, 0).text = "2.5 %"
    path = folder() / "seed.docx"
    document.save(str(path))
    text = "# Plan of Action\n\n- On 2026-03-01 the rate was 2.5 % (1 of 40 orders).\n"
    text += "<!-- a note -->\n\nWe will check 111-0000000-0000001 daily from 1 April 2026.\n"
    return [b"\0" + text.encode(), b"\1" + text.encode(), b"\2" + path.read_bytes(), b"\3" + _pdf()]


def _evidence() -> list[bytes]:
    book = openpyxl.Workbook()
    book.active.append(["Tracking", "1Z999AA10123456784", 12.5])
    path = folder() / "seed.xlsx"
    book.save(path)
    mail = b"From: a@b.com\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nSubject: Order\n"
    mail += b"Content-Type: text/html; charset=utf-8\n\n<p>Refund of $12.50 on 2 March</p>"
    page = b"<html><body><p>Delivered on March 5, 2026, signed</p></body></html>"
    return [
        b"\0" + _pdf(),
        b"\3" + path.read_bytes(),
        b"\4" + _drafts()[2][1:],
        b"\5" + page,
        b"\6" + mail,
        b"\7Delivered 05.03.2026 14:20, 111-0000000-0000001, EUR 12,50\n",
    ]


def _pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    path = folder() / "seed.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "On 2026-03-01 the rate was 2.5 % (1 of 40 orders).")
    canvas.save()
    return path.read_bytes()
