"""A real JupyterLab over a folder, with nothing of this machine's own settings."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "t0ken"
RUN_ALL = """async () => {
  const app = window.jupyterapp; await app.started;
  const panel = app.shell.currentWidget; await panel.context.ready;
  await panel.sessionContext.ready;
  return await app.commands.execute('notebook:run-all-cells');
}"""
# Until the widget manager has met the kernel: what a cell sends before that can be lost.
IDLE = """async () => {
  const app = window.jupyterapp; await app.started;
  const panel = app.shell.currentWidget; await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  await panel.sessionContext.session.kernel.requestCommInfo({});
}"""


@contextmanager
def running_lab(root: Path) -> Iterator[str]:
    """The address of a JupyterLab whose files are those of `root`."""
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


def is_elsewhere(url: str) -> bool:
    """Is it a request to anything but this machine?"""
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def _write(settings: Path, name: str, values: dict[str, str]) -> None:
    path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def _wait_for(address: str, seconds: int = 90) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            if time.monotonic() > until:
                raise TimeoutError("JupyterLab did not start") from None
            time.sleep(0.5)
        else:
            return
