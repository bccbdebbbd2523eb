"""JupyterLab itself: a notebook runs from top to bottom and its figures are drawn."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from odrlib.demo import write_demo

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TOKEN = "t0ken"
RUN_ALL = """async () => {
  const app = window.jupyterapp; await app.started;
  const panel = app.shell.currentWidget; await panel.context.ready;
  await panel.sessionContext.ready;
  return await app.commands.execute('notebook:run-all-cells');
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with the notebooks and a small demo store beside them."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    write_demo(root / "data" / "demo", stores=["us-fbm"], scale=0.1)
    settings = root / "settings"
    _write(settings, "notebook-extension/tracker", {"windowingMode": "defer"})
    _write(settings, "apputils-extension/notification", {"fetchNews": "false"})
    places = {
        "JUPYTERLAB_SETTINGS_DIR": settings,
        "JUPYTERLAB_WORKSPACES_DIR": root / "workspaces",
        "JUPYTER_CONFIG_DIR": root / "config",
        "JUPYTER_DATA_DIR": root / "share",
        "IPYTHONDIR": root / "ipython",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
            *("--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"),
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        env=os.environ | {name: str(place) for name, place in places.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/status?token={TOKEN}")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _write(settings, name, values):
    path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def _wait_for(address, seconds=90):
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < until, "JupyterLab did not start"
            time.sleep(0.5)
        else:
            return


@pytest.mark.slow
def test_a_notebook_runs_and_draws_its_figures(lab, chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    said, elsewhere = [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("request", lambda ask: elsewhere.append(ask.url) if _is_elsewhere(ask.url) else None)
    page.goto(f"{lab}/lab/tree/notebooks/where_do_we_stand.ipynb?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook", timeout=90_000)
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".jp-Notebook .js-plotly-plot .scatterlayer", timeout=90_000)

    assert page.locator("text=Amazon's rule").count()
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count()
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.error']").count()
    assert ([], []) == (said, elsewhere)
    context.close()


def _is_elsewhere(url):
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
