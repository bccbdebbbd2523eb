"""Any file at all: it is opened or it is said why not, in bounded time, and nothing comes down."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.evidence import opening, rules
from odrlib.evidence.folder import pieces_of
from odrlib.evidence.formats import sniffed
from odrlib.evidence.opening import open_pieces
from tests.evidence.folders import mail, pdf, picture

STARTS = (
    *(b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"GIF89a", b""),
    *(b"From: a\nDate: b\n", b"<html><body>", b"RIFF0000WEBP", b"II*\x00", b"\xff\xfe"),
)
SHARED = HealthCheck.function_scoped_fixture  # the folder is emptied for each example
NAMES = ("a.pdf", "a.png", "a.jpg", "a.xlsx", "a.eml", "a.html", "a.txt", "a.docx", "a")


def opened(folder: Path, files: dict[str, bytes], **options):
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {c.piece.name: c for c in open_pieces(pieces_of(folder, "x"), **options)}


def test_each_kind_of_file_is_read_by_what_it_is(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Tracking number", "RB123456785GB"])
    book.save(tmp_path / "list.xlsx")
    text = "Tracking number RB123456785GB"
    found = opened(
        tmp_path,
        {
            "a.pdf": pdf(text),
            "a.html": f"<html><body><p>{text}</p><script>x</script></body></html>".encode(),
            "a.eml": mail("a@example.com", "Sun, 10 May 2026 09:00:00 +0200", text),
            "utf16.txt": text.encode("utf-16"),
            "a.csv": f"what,{text}".encode(),
        },
    )

    assert {"read"} == {content.state for content in found.values()}
    assert all(content.shows.labelled == {"RB123456785GB"} for content in found.values())
    assert 7 == found["a.eml"].shows.turns[0].at.hour


def test_a_picture_tells_its_day_and_that_it_holds_a_place_but_not_which(tmp_path):
    found = opened(tmp_path, {"a.jpg": picture("JPEG", "2026:05:08 12:00:00")})["a.jpg"]

    assert ("not read", "2026-05-08", True) == (
        found.state, found.taken_on.isoformat(), found.located,
    )  # fmt: skip


def test_a_name_that_promises_another_kind_does_not_fit(tmp_path):
    found = opened(tmp_path, {"a.pdf": picture(), "b.txt": pdf("x 1"), "c.md": b"plain words"})

    assert [False, False, True] == [found[name].fits for name in ("a.pdf", "b.txt", "c.md")]


def test_a_file_over_the_limit_is_not_half_believed(tmp_path, monkeypatch):
    monkeypatch.setitem(rules.data("rules")["limits"], "bytes", 1_000)
    found = opened(tmp_path, {"a.pdf": pdf("x" * 2_000)})["a.pdf"]

    assert "too large" == found.state


def test_a_program_that_hangs_or_dies_takes_one_file_with_it(tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, json, time, os\n"
        "for line in sys.stdin:\n"
        "    path = json.loads(line)['path']\n"
        "    if path.endswith('hangs.pdf'): time.sleep(60)\n"
        "    if path.endswith('dies.pdf'): os._exit(1)\n"
        "    print(json.dumps({'state': 'read', 'text': 'fine'}), flush=True)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(opening, "PROGRAM", program)
    monkeypatch.setitem(rules.data("rules")["limits"], "seconds", 3)
    folder = tmp_path / "folder"
    folder.mkdir()
    found = opened(folder, dict.fromkeys(("a.pdf", "dies.pdf", "hangs.pdf", "z.pdf"), pdf("x")))

    assert ["read", "unreadable", "unreadable", "read"] == [c.state for c in found.values()]
    assert "opening it takes too long" == found["hangs.pdf"].why


def test_letters_in_pictures_need_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(BadParameter, match="pip install pytesseract"):
        opened(tmp_path, {"a.png": picture()}, ocr=True)


@given(st.lists(st.tuples(st.sampled_from(STARTS), st.binary(max_size=3_000)), max_size=12))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_opened_or_told_in_bounded_time(tmp_path, blobs):
    files = {
        f"{number}{name}": start + rest
        for number, (start, rest) in enumerate(blobs)
        for name in (NAMES[number % len(NAMES)],)
    }
    for old in tmp_path.iterdir():
        old.unlink()
    start = time.perf_counter()
    found = opened(tmp_path, files)

    assert len(files) == len(found)
    assert all(content.usable or content.why for content in found.values())
    assert time.perf_counter() - start < 20 + len(files)


@given(st.binary(max_size=64), st.sampled_from(NAMES))
def test_any_bytes_are_of_some_kind(head, name):
    assert sniffed(head, name) in {
        "pdf", "image", "workbook", "document", "mail", "page", "text", "other",
    }  # fmt: skip
