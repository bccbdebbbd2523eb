"""JupyterLab itself: a notebook runs from top to bottom and its figures are drawn."""

import shutil
from pathlib import Path

import pytest

from odrlib.demo import write_demo
from tests.browser.jupyter import RUN_ALL, TOKEN, is_elsewhere, running_lab

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with the notebooks and a small demo store beside them."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    write_demo(root / "data" / "demo", stores=["us-fbm"], scale=0.1)
    with running_lab(root) as address:
        yield address


@pytest.mark.slow
def test_a_notebook_runs_and_draws_its_figures(lab, chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    said, elsewhere = [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("request", lambda ask: elsewhere.append(ask.url) if is_elsewhere(ask.url) else None)
    page.goto(f"{lab}/lab/tree/notebooks/where_do_we_stand.ipynb?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook", timeout=90_000)
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".jp-Notebook .js-plotly-plot .scatterlayer", timeout=90_000)

    assert page.locator("text=Amazon's rule").count()
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count()
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.error']").count()
    assert ([], []) == (said, elsewhere)
    context.close()
