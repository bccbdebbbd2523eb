"""Papers apart: a PDF made to hurt takes only the process down that draws it."""

import zlib

import pytest

from odrlib.package.masking import Masker
from odrlib.package.papers_apart import papers_apart
from tests.evidence.folders import pdf


def grows(bytes_: int) -> bytes:
    """A PDF of 3 kB whose page has so many bytes of text commands."""
    said = b"BT (A) Tj ET\n" * (bytes_ // 13)
    page = zlib.compress(zlib.compress(said, 9), 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(page), page),
    ]
    whole, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return whole + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (rows, len(whole))
    )


@pytest.mark.slow
def test_a_pdf_that_takes_all_memory_is_refused_once_and_the_next_one_is_read():
    bomb = grows(1 << 30)
    with papers_apart() as papers:
        for _ in range(2):
            with pytest.raises(OSError, match="no answer|refused before"):
                papers.text(bomb)

        assert "Ann" in papers.text(pdf("Dear Ann"))


def test_what_is_masked_apart_is_counted_here():
    with papers_apart() as papers:
        form = papers.form(pdf("Write to ann@example.com"), 0, Masker())

    assert {"email": 1} == form.masked
    assert b"ann@example.com" not in form.data
