"""A file with a header and no rows says "given, and none": each export gives its empty table."""

import pytest

from odrlib.exports.known import EXPORTS

TABLES = [export for export in EXPORTS if export.format == "table"]


@pytest.mark.parametrize("export", TABLES, ids=lambda export: export.name)
def test_a_header_alone_gives_an_empty_table(export, read):
    header = ",".join(f'"{column.theirs[0]}"' for column in export.columns)
    file = export.path.replace("*", ".csv") or "exports/file.csv"

    reading = read(f"{header}\n", file)

    assert reading.export.gives == export.gives
    assert reading.rows_in == len(reading.frame) == 0
    assert "line" in reading.frame
