"""What every test may use: golden files, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the law.
settings.register_profile("odrlib", deadline=None)
settings.load_profile("odrlib")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the golden files anew")


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare text with an expected file; with --accept, write the file instead."""

    def compare(path: Path, got: str) -> None:
        if request.config.getoption("--accept"):
            path.write_text(got, encoding="utf-8", newline="")

        assert path.read_text(encoding="utf-8") == got

    return compare


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whatever language a test speaks, the next one begins in English."""
    from odrlib.languages import speaking

    with speaking("en"):
        yield


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium, one for all tests of a process, or a skip that says what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
