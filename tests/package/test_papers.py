"""Papers: what leaves a PDF, and PDFs that do not keep to their own rules."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NullObject, NumberObject

from odrlib.package.papers import without_extras


@pytest.mark.parametrize("notes", [NullObject(), NumberObject(3), DictionaryObject()], ids=repr)
def test_a_page_whose_notes_are_no_list_loses_them_and_nothing_else(notes):
    """Such a file was once left out of the package, as one that cannot be read."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)[NameObject("/Annots")] = notes
    written = BytesIO()
    writer.write(written)

    (page,) = PdfReader(BytesIO(without_extras(written.getvalue()))).pages
    assert (100, 100) == (page.mediabox.width, page.mediabox.height)
    assert not page.get("/Annots")
