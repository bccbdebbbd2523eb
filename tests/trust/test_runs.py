"""Whole runs on hostile folders: nothing runs, nobody turns up, nothing asks for a network."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from odrlib.plain import is_formula
from tests.trust.personal import PLANTED

pytestmark = pytest.mark.slow

COMMANDS = (
    ("inspect",), ("inspect", "--json"), ("status", "--json"), ("causes",), ("evidence",),
    ("poa", "draft"), ("appeal", "list"),
)  # fmt: skip
STEERING = set("\x07\x1b\x7f\x9b\x9c\x9d\u202a\u202c\u202e\u2066\u2069")
WATCH = """
window.violations = [];
addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective));
"""


def leaks(text: str) -> list[str]:
    """What of the people planted stands in a text."""
    return [
        f"{where}: {word}" for where, words in PLANTED.items() for word in words if word in text
    ]


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """All that the files of a folder say, what is packed in them too."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        text = raw.decode("utf-8", errors="replace")
        yield path.name, text
        for packed in re.findall(r'id="odr-data">([^<]*)<', text):
            yield path.name, gzip.decompress(base64.b64decode(packed)).decode()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                for part in parts.namelist():
                    yield f"{path.name}!{part}", parts.read(part).decode("utf-8", errors="replace")


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_names_nobody_steers_no_terminal_and_asks_no_network(odr, stores, command):
    code, said = odr(*command[:2], stores["personal"], *command[2:])
    assert (0, []) == (code, leaks(said))

    code, said = odr(*command[:2], stores["hostile"], *command[2:])
    assert 0 == code, said[-2000:]
    assert not set(said) & set("\x1b\x9b\x07\u202e\u2066")


def test_nobody_stands_in_any_file_of_a_report(reports):
    found = [(name, leaks(text)) for name, text in texts(reports / "personal")]

    assert [] == [each for each in found if each[1]]
    assert len(found) > 6


def test_no_file_of_a_report_steers_a_terminal(reports):
    found = [(path.name, set(path.read_text(encoding="utf-8")) & STEERING)
             for path in reports.rglob("*.*") if path.is_file()]  # fmt: skip

    assert [] == [each for each in found if each[1]]
    assert {"facts.json", "report.ipynb", "evidence.csv"} <= {name for name, _ in found}


def test_a_package_holds_no_buyers_words_or_records(odr, stores, tmp_path):
    code, said = odr("pack", stores["personal"], "--out", tmp_path)

    assert 0 == code, said
    assert [] == [(name, leaks(text)) for name, text in texts(tmp_path) if leaks(text)]
    assert [0o600] == [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.zip")]


def test_no_index_of_a_package_steers_a_terminal(odr, stores, tmp_path):
    code, said = odr("pack", stores["hostile"], "--out", tmp_path)

    assert 0 == code, said
    indexes = [(name, text) for name, text in texts(tmp_path) if name.endswith((".html", ".json"))]
    assert 2 <= len(indexes)
    assert [] == [name for name, text in indexes if set(text) & STEERING]


def test_no_table_that_is_written_has_a_formula(reports):
    cells = [
        cell
        for path in reports.rglob("*.csv")
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        for cell in row
    ]

    assert [] == [cell for cell in cells if is_formula(cell) and not _is_number(cell)]
    assert any(cell.startswith("'") for cell in cells) or len(cells) > 1000


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_a_report_is_for_who_made_it(reports):
    days = [page.parent for page in reports.rglob("report.html")]

    assert [0o700, 0o700] == [stat.S_IMODE(day.stat().st_mode) for day in days]


@pytest.mark.parametrize("name", ["report.html", "index.html"])
def test_in_a_browser_nothing_runs_is_asked_for_or_is_refused(request, reports, name):
    pages = (
        [reports / name] if name == "index.html" else list(reports.glob("hostile/*/report.html"))
    )
    browser = request.getfixturevalue("chromium")
    context = browser.new_context(offline=True, viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda wanted: asked.append(wanted.url))
    page.add_init_script(WATCH)
    page.goto(pages[0].as_uri())
    if name == "report.html":
        page.wait_for_selector("html[data-drawn=all]", state="attached", timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for button in page.locator("button.all:visible").all():
        button.click()

    assert page.evaluate("window.__odr_pwned") is None
    assert [] == page.evaluate("violations")
    assert [] == said
    assert [pages[0].as_uri()] == asked
    assert 0 == page.locator("main img, iframe, object, embed, form, main script").count()
    links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href') || '')")
    ours = re.compile(r"#.*|[\w-]+/\d{4}-\d\d-\d\d/report\.html")
    assert [] == [link for link in links if not ours.fullmatch(link)]
    context.close()


def test_the_executed_notebook_shown_by_nbconvert_runs_nothing_of_a_file(reports):
    from nbconvert import HTMLExporter

    notebook = next(reports.glob("hostile/*/report.ipynb"))
    html, _ = HTMLExporter().from_filename(str(notebook))

    for start in ("<img src=x", "<iframe", "<svg onload", "<script>window", '<a href="javascript:'):
        assert start not in html


def test_the_explorer_shows_no_element_of_a_file(stores):
    widgets = pytest.importorskip("ipywidgets")
    import odrlib

    explorer = odrlib.explore(stores["hostile"])
    panel = explorer.panel
    for attribute in ("sku", "carrier"):
        panel.ui.attribute.value = attribute
        panel.ui.filter.click()
    shown = [explorer._repr_mimebundle_()["text/html"], *_html(panel.ui, widgets.HTML)]

    assert len(shown) > 5
    assert [] == [text for text in shown if re.search(r"<(script|img|iframe|a|form)\b", text)]


def _html(ui: object, kind: type) -> list[str]:
    """What the HTML widgets of the panel hold, wherever they are."""
    left, found, seen = list(vars(ui).values()), [], set()
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        left += getattr(each, "children", ())
        left += each if isinstance(each, list | tuple) else ()
        left += each.values() if isinstance(each, dict) else ()
        if isinstance(each, kind):
            found.append(each.value)
    return found
