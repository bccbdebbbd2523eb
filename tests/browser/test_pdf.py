"""A page on paper, by the browser of this machine: whole or not at all."""

import shutil

import pypdf
import pytest

from odrlib.errors import NoBrowser, ReportFailed
from odrlib.report import ReportResult, build_pdf, exit_code, print_reports
from odrlib.report.pdf import find_browser
from tests.browser.little_page import ORDERS

pytestmark = pytest.mark.slow


@pytest.fixture
def page(report, tmp_path):
    """The page with one of everything, in a folder of its own."""
    return shutil.copy(report, tmp_path)


@pytest.fixture
def _browser():
    try:
        find_browser()
    except NoBrowser as error:
        pytest.skip(str(error))


@pytest.mark.usefixtures("_browser")
@pytest.mark.long
@pytest.mark.parametrize(("paper", "width"), [("A4", 595), ("Letter", 612)])
def test_the_whole_page_is_printed_with_title_language_tags_and_outline(page, paper, width):
    path = build_pdf(page, paper=paper)

    pdf = pypdf.PdfReader(path)
    # Letters alone: a narrow column breaks an order id into lines.
    text = "".join("".join(sheet.extract_text().split()) for sheet in pdf.pages)
    assert path.name == "report.pdf"
    assert pdf.metadata.title == "Store · Why is the rate high?"
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Which orders?" in str(pdf.outline)
    assert abs(pdf.pages[0].mediabox.width - width) < 2
    assert [order for order in ORDERS if order not in text] == []
    assert "limit1%" in text  # drawn in a figure
    assert [name.name for name in path.parent.iterdir() if name.name.startswith(".")] == []


def test_a_browser_that_is_not_there_is_named(page, monkeypatch):
    monkeypatch.setenv("ODR_CHROMIUM", "/nowhere/chrome")

    with pytest.raises(NoBrowser, match="ODR_CHROMIUM names /nowhere/chrome, and there is no prog"):
        build_pdf(page)


@pytest.mark.skipif(not shutil.which("false"), reason="no program that only fails")
def test_a_browser_that_fails_leaves_no_pdf_and_the_page(page, tmp_path, monkeypatch):
    monkeypatch.setenv("ODR_CHROMIUM", "false")

    with pytest.raises(ReportFailed, match="the browser stopped before it could print"):
        build_pdf(page)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_without_its_pdf_is_not_a_full_success(page, tmp_path, monkeypatch):
    monkeypatch.setenv("ODR_CHROMIUM", "/nowhere/chrome")
    (tmp_path / "store.toml").write_text('id = "a"\nmarketplace = "US"\n', encoding="utf-8")
    made = ReportResult(tmp_path, "a", "A", tmp_path, "2026-03-01")

    (result,) = print_reports([made])

    assert "no program of that name" in result.error
    assert result.page.is_file()
    assert exit_code([result]) == 1
