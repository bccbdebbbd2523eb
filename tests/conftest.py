"""What every test may use: golden files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


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
