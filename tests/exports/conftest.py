"""One way to read a small file in a test: its text, and where in the store it lies."""

from datetime import date

import pytest

from odrlib.exports.read import Context, Reading, read_file


@pytest.fixture
def read(tmp_path):
    """A function: text of a file -> Reading, as that store reads it on 22 November 2026."""

    def read_text(
        text: str,
        file: str = "exports/file.csv",
        marketplace: str = "US",
        columns: dict | None = None,
    ) -> Reading:
        path = tmp_path / file.rpartition("/")[2]
        path.write_bytes(text.encode("utf-8"))
        return read_file(path, file, Context(marketplace, "UTC", date(2026, 11, 22), columns or {}))

    return read_text
