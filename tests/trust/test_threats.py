"""The list of threats names a test for each, and every test of this folder stands in it."""

import re
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE.parents[1] / "docs" / "threats.md"


def test_every_threat_has_its_test_and_every_test_its_threat():
    rows = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line[:2] == "| "][1:]
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}
    found = {
        name
        for path in HERE.glob("test_*.py")
        if path != Path(__file__)
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert found == named
    assert all(re.search(r"`test_\w+`", row.rsplit("|", 2)[1]) for row in rows)
