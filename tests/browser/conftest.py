"""A real Chromium with the network cut, or a skip that says what is missing."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """A function that opens a page from disk; it remembers requests and what the console said."""
    contexts = []

    def open_page(path, *, drawn=True, at="", **options):
        context = chromium.new_context(
            offline=True, accept_downloads=True, **({"viewport": WIDE} | options)
        )
        contexts.append(context)
        page = context.new_page()
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


WIDE = {"width": 1440, "height": 1000}
