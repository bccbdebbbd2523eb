"""Small notebooks that stand for the report notebook, and store folders for them."""

import nbformat
import pytest

PARAMETERS = """store: str = ""
as_of: str = ""
profile: str = ""
language: str = ""
out: str = "."
"""
FACTS = """
import json
from pathlib import Path
counts = {"orders": 1200, "defective": 14, "rate": 14 / 1200, "status": "over"}
brief = {"orders": 0, "defective": 0, "rate": None, "status": "unknown"}
facts = {
    "as_of": as_of or "2026-03-01",
    "parameters": [store, as_of, profile, language, out],
    "profiles": {
        "amazon": dict.fromkeys(("all", "mfn", "afn"), counts),
        "brief": dict.fromkeys(("all", "mfn", "afn"), brief),
    },
    "causes": [{"where": {"carrier": "<USPS>"}, "orders": 300, "defective": 9}],
}
Path(out, "facts.json").write_text(json.dumps(facts))
"""
END = "from odrlib.report import end\nend()"


@pytest.fixture
def notebook(tmp_path):
    """A function from the sources of cells to the path of a notebook with a parameters cell."""

    def write(*sources, name="notebook"):
        cells = [
            nbformat.v4.new_markdown_cell("# Why?"),
            nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            *map(nbformat.v4.new_code_cell, sources),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        return path

    return write


@pytest.fixture
def store(tmp_path):
    """A function from an id to a store folder with that id."""

    def write(key):
        folder = tmp_path / "stores" / key
        folder.mkdir(parents=True)
        (folder / "store.toml").write_text(
            f'id = "{key}"\nname = "Store {key.upper()}"\nmarketplace = "US"\n', encoding="utf-8"
        )
        return folder

    return write
