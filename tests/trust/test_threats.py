"""The list of threats names a test for each, and every test of this folder stands in it."""

import re
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE.parents[1] / "docs" / "threats.md"


def names_in(folder: Path) -> set[str]:
    """The names of the tests below a folder, but of those of this page."""
    return {
        name
        for path in folder.rglob("test_*.py")
        if path != Path(__file__)
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_threat_has_its_test_and_every_test_its_threat():
    rows = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line[:2] == "| "][1:]
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}

    assert [] == sorted(names_in(HERE) - named)
    assert [] == sorted(named - names_in(HERE.parent))
    assert all(re.search(r"`test_\w+`", row.rsplit("|", 2)[1]) for row in rows)
