"""Small notebooks that stand for the report notebook, and store folders for them."""

import nbformat
import pytest
from little_report import PARAMETERS


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
