"""Where nobody can click, the same place shows a figure and tables, and never an empty box."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import odrlib as odr
from odrlib.demo import write_store
from odrlib.report.exporter import ReportExporter
from tests.test_notebooks import no_orders, twelve_orders

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "explore.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_store(tmp_path_factory.mktemp("store"), orders=1_500)


def test_outside_of_a_notebook_it_is_text_a_figure_and_tables(folder):
    bundle = odr.explore(folder)._repr_mimebundle_()

    assert WIDGET not in bundle
    assert bundle["text/plain"].startswith("All orders: ")
    assert {"<svg", "<table", "<caption>"} <= {
        part for part in ("<svg", "<table", "<caption>") if part in bundle["text/html"]
    }
    assert 3 == len(bundle["application/vnd.plotly.v1+json"]["data"])


@pytest.mark.parametrize("make", [twelve_orders, no_orders])
def test_a_store_without_defects_or_orders_says_so(make, tmp_path):
    bundle = odr.explore(make(tmp_path / "store"))._repr_mimebundle_()

    assert bundle["text/plain"]
    assert "at least 0.00%" in bundle["text/html"] or "no rate" in bundle["text/html"]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("runner", ["nbconvert", "papermill"])
def test_a_run_without_a_reader_holds_no_widget(folder, tmp_path, runner):
    out = tmp_path / "out.ipynb"
    source = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = "".join(cell["source"]).replace("../data/demo/us-fbm", str(folder))
    mine = tmp_path / "explore.ipynb"
    mine.write_text(json.dumps(source), encoding="utf-8")
    command = {
        "nbconvert": [
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--output",
            str(out),
            str(mine),
        ],
        "papermill": ["papermill", "--no-progress-bar", str(mine), str(out)],
    }[runner]
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    text = out.read_text(encoding="utf-8")
    page = tmp_path / "out.html"
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", str(out), "--output", str(page)],
        capture_output=True, check=True,
    )  # fmt: skip
    report, _ = ReportExporter().from_filename(str(out))

    assert done.returncode == 0, done.stderr[-2000:]
    assert WIDGET not in text
    assert len(text) < 1_000_000
    assert "odr-trend-picture" in page.read_text(encoding="utf-8")
    assert "All orders: " in report
