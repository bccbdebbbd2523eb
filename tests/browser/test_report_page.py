"""The report as a reader meets it: offline, on a phone, in the dark, on paper, by keyboard."""

import base64
import csv
import gzip
import json
import re
from datetime import datetime

import openpyxl
import pytest

from odrlib.report import media
from tests.browser.little_page import HOSTILE, ORDERS

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
# What XML has no letter for.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_it_opens_offline_draws_all_and_asks_no_one(visit, report, options):
    page = visit(report, **options)

    assert page.locator(".plot .main-svg").count() >= 3
    assert all(plot.locator(".main-svg").count() for plot in page.locator(".plot").all())
    assert page.asked == [report.as_uri()]
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_hostile_words_stay_words(visit, report):
    page = visit(report)
    page.locator("button.all").last.click()

    assert page.evaluate("window.hacked") is None
    assert page.get_by_text(HOSTILE[1]).count() > 1
    assert page.locator("main img").count() == 0


def test_a_long_table_shows_few_rows_then_all_and_filters_and_sorts(visit, report):
    page = visit(report)
    table = page.locator(".table").filter(has=page.locator("caption", has_text="Orders")).last
    rows = table.locator("tbody tr")

    assert rows.count() == 12
    table.get_by_role("button", name="Show all rows").click()
    assert rows.count() == 40
    table.get_by_role("button", name="rate").click()
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") == "descending"
    assert rows.first.locator("th").inner_text() == ORDERS[39]
    table.get_by_role("searchbox").fill("onerror")
    assert rows.count() == 4
    assert table.locator(".shown").inner_text() == "4 of 4 rows shown"


def test_the_csv_has_every_row_and_no_formula(visit, report):
    page = visit(report)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download CSV").last.click()

    assert started.value.suggested_filename == "defects.csv"
    with open(started.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["order_id"] for row in rows] == ORDERS
    assert [float(row["rate"]) for row in rows] == [n / 4000 for n in range(40)]
    assert rows[2]["comment"] == "'" + HOSTILE[2]
    assert rows[3]["comment"] == HOSTILE[3]
    assert rows[5]["comment"] == "'-7"


def test_the_workbook_has_every_cell_of_every_table_as_what_it_is(visit, report):
    page = visit(report)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download all tables (XLSX)").click()

    assert started.value.suggested_filename == "store.xlsx"
    with open(started.value.path(), "rb") as file:
        book = openpyxl.load_workbook(file)
    tables = carried(report)["tables"]
    listed = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(min_row=2)]
    assert listed == [
        (sheet.title, table["caption"], table["total"])
        for sheet, table in zip(book.worksheets[1:], tables, strict=True)
    ]
    for sheet, table in zip(book.worksheets[1:], tables, strict=True):
        head, *rows = sheet.iter_rows()
        assert [cell.value for cell in head] == [column["label"] for column in table["columns"]]
        assert sheet.freeze_panes == "A2"
        for number, row in enumerate(rows):
            for cell, column in zip(row, table["columns"], strict=True):
                assert cell.value == expected_cell(column, number)
                assert cell.data_type != "f"


def carried(path):
    pack = re.search(r'id="odr-data">([^<]*)<', path.read_text(encoding="utf-8"))[1]
    return json.loads(gzip.decompress(base64.b64decode(pack)))


def expected_cell(column, row):
    """What a spreadsheet should hold for a cell of the page."""
    text, value = column["text"][row], column.get("sort", column["text"])[row]
    if text == media.MISSING:
        return None
    if column.get("plain"):
        return float(text.replace(",", ""))
    if column["kind"] == "day":
        return datetime.fromisoformat(value)
    if isinstance(value, str):
        return NOT_XML.sub("\ufffd", value)[:32767] if len(value) < 32767 else value[:32766] + "…"
    return value


def test_the_verdict_and_its_three_lists_are_on_the_first_screen(visit, report):
    page = visit(report, viewport={"width": 1440, "height": 900})
    bottoms = page.evaluate(
        "[...document.querySelectorAll('.lists > div')].map(d => d.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 3
    assert max(bottoms) < 900

    page = visit(report, viewport=PHONE)
    first = "document.querySelector('.lists li').getBoundingClientRect().bottom"
    assert page.evaluate(first) < PHONE["height"]


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["wide", "phone"])
def test_a_link_from_elsewhere_opens_at_the_order(visit, report, options):
    page = visit(report, at=f"#order-{ORDERS[28]}", **options)

    target = page.locator("tr.target")
    assert target.locator("th").inner_text() == ORDERS[28]
    target.wait_for(state="visible")
    page.wait_for_timeout(500)
    top, height = page.evaluate(
        "[document.querySelector('tr.target').getBoundingClientRect().top, innerHeight]"
    )
    assert 0 < top < height


def test_every_section_figure_and_table_has_a_link_of_its_own(visit, report):
    page = visit(report)
    lacking = page.evaluate(
        "[...document.querySelectorAll('section:not(.front), figure, .table')]"
        ".filter(e => !e.id).length"
    )
    assert lacking == 0
    links = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]:not(.order)')].map(a => a.hash)"
    )
    assert (
        page.evaluate("hashes => hashes.filter(h => !document.getElementById(h.slice(1)))", links)
        == []
    )


def test_a_link_to_an_order_finds_its_row_wherever_it_is_folded(visit, report):
    page = visit(report)
    page.locator("details.orders summary").first.click()
    page.get_by_role("link", name=ORDERS[29]).first.click()

    target = page.locator("tr.target")
    assert target.locator("th").inner_text() == ORDERS[29]
    assert page.evaluate("document.activeElement.className") == "target"


def test_dark_and_light_change_places_and_take_the_figures_along(visit, report):
    page = visit(report)
    ink = "document.querySelector('.plot').layout.template.layout.font.color"
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(f"[{ink}, {ground}]")

    page.get_by_role("button", name="Light or dark").click()

    dark = page.evaluate(f"[{ink}, {ground}]")
    assert light == ["#1d242c", "rgb(255, 255, 255)"]
    assert dark == ["#e8ebee", "rgb(23, 27, 32)"]


def test_on_a_phone_the_contents_fold_and_lead_to_their_section(visit, report):
    page = visit(report, viewport=PHONE)

    where = page.get_by_role("link", name="Where?", exact=True)
    assert where.is_hidden()
    page.locator("nav summary").click()
    where.click()
    assert page.url.endswith("#where")
    page.get_by_role("link", name="↑ Contents").click()
    assert where.is_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_report(visit, report):
    page = visit(report)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_paper_gets_every_row_all_details_and_light_ink(visit, report):
    page = visit(report, color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert page.locator("tbody tr", has_text=ORDERS[39]).count() == 1
    assert page.locator("main details:not([open])").count() == 0
    assert page.locator("thead button").count() == 0  # a head with buttons is not repeated
    plots = "[...document.querySelectorAll('.plot')]"
    assert page.evaluate(f"{plots}.every(p => p.layout.width === 670)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("tbody tr", has_text=ORDERS[39]).count() == 0
    assert page.locator("main details[open]").count() == 0


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(visit, report, paper):
    page = visit(report)

    assert page.pdf(format=paper).startswith(b"%PDF")
    assert page.said == []


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(visit, axe, report, width, ground):
    page = visit(report, color_scheme=ground, viewport={"width": width, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")

    assert axe(page) == []


def test_at_320_px_only_tables_and_code_scroll_sideways(visit, report):
    page = visit(report, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_nothing_moves_under_the_reader(visit, report):
    watch = (
        "window.moved = 0; new PerformanceObserver(list => list.getEntries()"
        ".forEach(entry => { moved += entry.value; }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for viewport in ({"width": 1440, "height": 900}, PHONE):
        page = visit(report, viewport=viewport, first=watch)
        assert page.evaluate("moved") < 0.02


def test_without_javascript_numbers_and_words_are_there(visit, report):
    page = visit(report, drawn=False, java_script_enabled=False)

    assert page.get_by_text("1.24%").count() == 2
    assert page.locator("caption", has_text="Orders").count() == 1
    assert page.get_by_text("need JavaScript").is_visible()


def test_on_a_phone_a_row_with_sentences_is_a_block_and_stays_a_row(visit, report):
    page = visit(report, viewport=PHONE)
    table = page.locator("#table-defects")

    assert table.get_by_role("row").count() == 4
    cell = table.get_by_role("row").first.get_by_role("cell").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"rate"'
    assert table.evaluate("t => t.querySelector('.scroll').scrollWidth - t.clientWidth") <= 0
