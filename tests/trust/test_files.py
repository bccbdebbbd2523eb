"""Files made to be traps: each is set aside with a reason, and soon; the rest is read."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from odrlib import read_store
from odrlib.exports import limits
from odrlib.exports.cells import parse_integer, parse_money
from odrlib.exports.dates import split_moment
from odrlib.exports.read import Context, read_file
from odrlib.exports.recognise import plain_name
from tests.stores import make_store, order, orders_file

SECONDS = 30  # of processor time for one file, whatever is in it
SPARE = 4 << 30  # bytes of memory beyond what the tests hold already
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ENTITIES = b"<!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, (b"&a%d;" % (n - 1) if n > 1 else b"&a;") * 10)
    for n in range(1, 12)
)


@pytest.fixture
def bounded():
    """Stop a test that takes more time or memory than a file may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (held + SPARE, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_long(*_):
    raise KeyboardInterrupt("it takes too long")  # what no reader catches


def workbook(sheet: bytes, **parts: bytes) -> bytes:
    """A workbook with this sheet, and with other parts by name."""
    plain, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.save(plain)
    changed = {"xl/worksheets/sheet1.xml": sheet, **parts}
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changed]):
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return made.getvalue()


TRAPS = {
    "packed.csv": (lambda: gzip.compress(b"0" * 100_000), "It is packed."),
    "no end.csv": (lambda: b"a" * (40 << 20), "It has a line of more than 1,048,576 bytes."),
    "no end of quotes.csv": (lambda: b'"' + b"a," * (1 << 20), "It has a line of more than"),
    "a long row.txt": (
        lambda: orders_file([order(1, "2026-03-01")]).encode() + b"x" * (8 << 20),
        "It has a line of more than 1,048,576 bytes.",
    ),
    "columns.csv": (
        lambda: b",".join(b"a" for _ in range(400_000)) + b"\n",
        "Line 1 has more than 16,384 columns.",
    ),
    "deep.json": (lambda: b"[" * 1_000_000, "is not an export we know"),
    "deep objects.json": (lambda: b'{"a":' * 100_000, "It is JSON that breaks off or is damaged."),
    "a number.json": (lambda: b'{"a":' + b"9" * 100_000 + b"}", "It is JSON that breaks off"),
    "entities.xml": (
        lambda: b"<?xml version='1.0'?>" + b" " * 70_000 + ENTITIES + b"]><l>&a11;</l>",
        "XML with declarations we do not follow",
    ),
    "outside.xml": (
        lambda: b'<!DOCTYPE l [<!ENTITY a SYSTEM "secret.txt">]><l>&a;</l>',
        "XML with declarations we do not follow",
    ),
    "deep.xml": (lambda: b"<a>" * 300_000 + b"</a>" * 300_000, "is not an export we know"),
    "large.xlsx": (
        lambda: workbook(HEAD + b" " * (limits.LARGEST_WORKBOOK + 1) + b"</worksheet>"),
        "Unpacked it would be too large.",
    ),
    "parts.xlsx": (
        lambda: workbook(HEAD + b"</worksheet>", **{f"p{n}": b"" for n in range(10_100)}),
        "Unpacked it would be too large.",
    ),
    "styles.xlsx": (
        lambda: workbook(HEAD + b"</worksheet>", **{"xl/styles.xml": b" " * (5 << 20)}),
        "Unpacked it would be too large.",
    ),
    "one far cell.xlsx": (
        lambda: workbook(
            HEAD + b'<sheetData><row r="999999999"><c r="A999999999"/></row></sheetData>'
            b"</worksheet>"
        ),
        "Its sheets hold more than 5,000,000 cells",
    ),
    "wide rows.xlsx": (
        lambda: workbook(
            HEAD + b"<sheetData>"
            + b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (n, n) for n in range(1, 400))
            + b"</sheetData></worksheet>"
        ),
        "Its sheets hold more than 5,000,000 cells",
    ),
    "entities.xlsx": (
        lambda: workbook(
            ENTITIES + b"]>" + HEAD + b"<sheetData><row><c t='inlineStr'><is><t>&a11;</t></is></c>"
            b"</row></sheetData></worksheet>"
        ),
        "It is no workbook that can be opened",
    ),
    "noise.xlsx": (lambda: b"PK\x03\x04" + bytes(range(256)) * 8, "It is no workbook that can be"),
    "noise.csv": (lambda: bytes(range(256)) * 400, "is not an export we know"),
}  # fmt: skip


def test_xml_takes_nothing_from_a_file_beside_it(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody else may know", encoding="utf-8")
    path = tmp_path / "outside.xml"
    for place in ("secret.txt", secret.as_uri()):
        text = f'<!DOCTYPE l [<!ENTITY a SYSTEM "{place}">]><orders><order>&a;</order></orders>'
        path.write_text(text, encoding="utf-8")

        reading = read_file(path, "exports/outside.xml", Context(today=date(2026, 4, 30)))

        assert reading.document is None
        assert "nobody else" not in repr(reading)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_set_aside_with_its_reason_and_soon(tmp_path, bounded, name):
    make, reason = TRAPS[name]
    path = tmp_path / name
    path.write_bytes(make())

    began = time.process_time()
    reading = read_file(path, f"exports/{name}", Context(today=date(2026, 4, 30)))

    assert time.process_time() - began < SECONDS
    assert (None, 0) == (reading.export, reading.rows_in)
    assert reason in " ".join(finding.message for finding in reading.findings)
    assert all(finding.to_do for finding in reading.findings)


def test_a_cell_far_too_long_is_set_aside_and_the_other_rows_are_used(tmp_path, bounded):
    long = "9" * 400_000
    rows = [
        order(1, "2026-03-01"),
        order(2, "2026-03-01", quantity=long, item_price=long),
        order(3, long),
        order(4, "2026-03-01", fulfillment_channel="(" * 400_000),
    ]
    path = tmp_path / "orders.txt"
    path.write_text(orders_file(rows), encoding="utf-8")

    reading = read_file(path, "exports/orders.txt", Context(today=date(2026, 4, 30)))

    assert ["111-0000000-0000001", "111-0000000-0000002", "111-0000000-0000004"] == list(
        reading.frame["order_id"]
    )
    assert {"too-long"} == set(reading.set_aside["reason"]) | set(reading.refused["reason"])
    assert max(map(len, reading.refused["value"])) < 100


@pytest.mark.parametrize("digits", [400, 5_000, 1_000_000])
def test_a_number_of_a_million_digits_is_refused(digits):
    for parse in (parse_integer, lambda text: parse_money(text, ".")):
        with pytest.raises(ValueError, match="bad-number"):
            parse("9" * digits)


@pytest.mark.parametrize(
    "look",
    [
        lambda: plain_name("(" * 1_000_000),
        lambda: split_moment("2026-05-08" + " " * limits.LONGEST_WORD + "x"),
        lambda: split_moment("2026-05-08" + "T " * 500 + "x"),
    ],
)
def test_no_pattern_of_ours_is_drawn_into_an_endless_search(bounded, look):
    began = time.process_time()
    look()

    assert time.process_time() - began < 1


def test_halves_of_letters_and_bytes_that_are_none_stop_at_the_door(tmp_path):
    row = '{"chargebacks": [{"orderId": "111-0000000-0000001", "reason": "\\ud800", "\\udc00": 1}]}'
    store = make_store(tmp_path, {"exports/page.json": row})
    with open(os.fsencode(tmp_path) + b"/exports/a\xff.csv", "wb") as file:
        file.write(b"a,b\n1,2\n")

    read = read_store(store)

    assert "exports/a\\xff.csv" in [reading.file for reading in read.readings]
    json.dumps([finding.as_dict() for finding in read.findings], ensure_ascii=False).encode()


def test_whatever_a_reader_trips_over_only_its_own_file_is_lost(tmp_path, monkeypatch):
    from odrlib.exports import read

    def trip(*_):
        raise MemoryError

    store = make_store(
        tmp_path,
        {"exports/orders.txt": orders_file([order(1, "2026-03-01")]), "exports/odd.json": "{}"},
    )
    monkeypatch.setattr(read, "read_json", trip)

    found = read_store(store)

    assert 1 == len(found.orders)
    assert "exports/odd.json cannot be read (MemoryError); nothing of it was used." in [
        finding.message for finding in found.findings
    ]
