"""A real Chromium with the network cut, or a skip that says what is missing."""

import pytest

from odrlib.report.index import write_index
from odrlib.report.run import ReportResult
from tests.browser.little_page import write_page
from tests.portfolio.little_facts import MORNING, UNKNOWN, cause, channel, deadline, over
from tests.portfolio.little_facts import report as write_report


@pytest.fixture
def visit(chromium):
    """A function that opens a page from disk; it remembers requests and what the console said."""
    contexts = []

    def open_page(path, *, drawn=True, at="", first="", **options):
        context = chromium.new_context(
            offline=True, accept_downloads=True, **({"viewport": WIDE} | options)
        )
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(first)
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri() + at)
        if drawn:
            page.wait_for_selector("html[data-drawn=all]", state="attached", timeout=20_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """A page with one of everything, and hostile words wherever files can bring words in."""
    return write_page(tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture
def index(tmp_path):
    """Stores with one of everything on the page of a morning: over, unknown, near, failed."""
    hostile = cause({"carrier": "<img src=x>"}, 30, 9)
    shares = {"by": {"carrier": [{"value": "<img src=x>", "orders": 30, "defective": 9}]}}
    shared = {"causes": [hostile], "composition": shares, "client": "<b>Ada</b>"}
    made = []
    for key, more in {
        "calm": {"amazon": {"all": UNKNOWN}, "name": "Store calm"} | shared,
        "loud": {"amazon": {"all": over()}, "name": "Store loud", "triage": DATES} | shared,
        "near": {"amazon": {"all": channel(spare=1)}, "name": "Store near"},
    }.items():
        folder = write_report(tmp_path, key, "2026-03-01", **more)
        store = tmp_path / "stores" / key
        store.mkdir(parents=True)
        (store / "store.toml").write_text(f'id = "{key}"\nmarketplace = "DE"\n', encoding="utf-8")
        made.append(ReportResult(store, key, more["name"], folder, "2026-03-01"))
    made.append(ReportResult(tmp_path, "x", "Broken", error="It broke."))
    return write_index(made, tmp_path, now=MORNING)


DATES = [deadline(str(number), f"2026-03-{number + 2:02d}") for number in range(8)]


@pytest.fixture
def axe():
    """A function from an open page to what axe-core finds wrong with it."""
    core = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core is not here")
    rules = {"runOnly": [*(f"wcag{level}" for level in LEVELS), "best-practice"]}

    def problems(page):
        found = core.Axe().run(page, options=rules)["violations"]
        return [(each["id"], each["nodes"][0]["html"]) for each in found]

    return problems


LEVELS = ("2a", "2aa", "21a", "21aa", "22aa")
WIDE = {"width": 1440, "height": 1000}
