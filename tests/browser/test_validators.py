"""
What html-validate and Lighthouse say of a report and an index.

Both come from npm: `npm install --prefix tests/browser/npm`. One rule of html-validate is off:
long-title, which is for search engines; a page of ours is on no web, and its title holds the
store's name, however long that is.
"""

import json
import os
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.conftest import CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.long]

NPM = Path(__file__).with_name("npm")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def tool(name):
    """The command of a package that npm has put here, or a skip that says what to do."""
    command = shutil.which(name, path=NPM / "node_modules" / ".bin")
    if not command or not shutil.which("node"):
        pytest.skip(f"no {name}: node is missing, or `npm install --prefix tests/browser/npm`")
    return command


@pytest.fixture
def pages(report, index):
    """A folder with report.html and index.html."""
    shutil.copy(report, index.parent)
    return index.parent


class Silent(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def address(pages):
    """The folder of pages on a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=pages))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("page", ["report.html", "index.html"])
def test_html_validate_finds_nothing(pages, page):
    command = [tool("html-validate"), "--config", NPM / ".htmlvalidate.json", "-f", "json"]

    said = subprocess.run([*command, pages / page], capture_output=True, text=True, check=False)

    problems = [each for found in json.loads(said.stdout) for each in found["messages"]]
    assert [(each["ruleId"], each["line"], each["message"]) for each in problems] == []


@pytest.mark.parametrize("page", ["report.html", "index.html"])
def test_lighthouse_finds_no_barrier_and_no_bad_practice(address, page):
    command = [tool("lighthouse"), f"{address}/{page}", "--quiet", "--output=json"]
    if not CHROMIUM:
        pytest.skip("no chromium on this machine")
    wanted = ["accessibility", "best-practices"]

    said = subprocess.run(
        [*command, f"--chrome-flags={FLAGS}", f"--only-categories={','.join(wanted)}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env=os.environ | {"CHROME_PATH": CHROMIUM},
    )

    seen = json.loads(said.stdout)
    failed = [
        name for name, audit in seen["audits"].items()
        if audit["scoreDisplayMode"] == "binary" and audit["score"] == 0
    ]  # fmt: skip
    assert failed == []
    assert {name: seen["categories"][name]["score"] for name in wanted} == dict.fromkeys(wanted, 1)
