"""
Every export has samples, and each sample its answer beside it.

A sample's name opens with its marketplace ("DE-…"). After a change of what is read, run
`pytest tests/exports/test_samples.py --accept` and read the difference.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from odrlib import policy
from odrlib.exports.known import EXPORTS
from odrlib.exports.read import Context, Reading, read_file

HERE = Path(__file__).parent / "samples"
SAMPLES = sorted(
    path for path in HERE.glob("*/*") if path.is_file() and ".expected." not in path.name
)


def read_sample(path: Path) -> Reading:
    placed = {export.name: Path(export.path).parent for export in EXPORTS if export.path}
    file = placed.get(path.parent.name, Path()) / path.name
    marketplace = path.name.split("-")[0]
    known = marketplace if marketplace in policy.MARKETPLACES else "US"
    return read_file(path, file.as_posix(), Context(known, today=date(2026, 11, 23)))


def summary(reading: Reading) -> str:
    """What was recognised and what was not used, as JSON."""
    columns = ["line", "column", "value", "reason"]
    return (
        json.dumps(
            {
                "export": reading.export.name,
                "encoding": reading.encoding,
                "delimiter": reading.delimiter,
                "rows_in": reading.rows_in,
                "rows_used": reading.rows_used,
                "set_aside": reading.set_aside[columns].to_dict("records"),
                "refused": reading.refused[columns].to_dict("records"),
                "findings": [finding.id for finding in reading.findings],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_reads_as_expected(path, expect):
    reading = read_sample(path)

    assert reading.export.name == path.parent.name
    expect(path.with_name(f"{path.name}.expected.json"), summary(reading))
    # The columns a sample lacks are all missing; leaving them out keeps the answers readable.
    table = reading.frame.dropna(axis="columns", how="all")
    expect(
        path.with_name(f"{path.name}.expected.csv"), table.to_csv(index=False, lineterminator="\n")
    )


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_every_export_has_a_sample(export):
    assert export.name in {path.parent.name for path in SAMPLES}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_buyer_is_in_a_table(path):
    """The samples plant a buyer's name, street, town and address; none may come through."""
    reading = read_sample(path)
    shown = reading.frame.to_csv() + reading.set_aside.to_csv() + reading.refused.to_csv()

    assert "PLANTED" not in shown
    assert "planted@" not in shown
    assert not any("PLANTED" in finding.message for finding in reading.findings)
