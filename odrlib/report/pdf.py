"""
PDF: a report page on paper, printed by the Chromium, Chrome or Edge that is on this machine.

The browser runs without a window, with a profile of its own that is thrown away, and may look up
no name of any network. It is asked over its own debugging socket, so that the page is printed only
when every figure is drawn.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from odrlib.errors import NoBrowser, OdrError, ReportFailed
from odrlib.languages import tr
from odrlib.report.run import ReportResult
from odrlib.rooms import private_room
from odrlib.settings import read_settings

PDF = "report.pdf"
VARIABLE = "ODR_CHROMIUM"
TIMEOUT = 120  # seconds for one page
LARGEST = 512 * 1024 * 1024  # bytes of one answer of the browser; a report is under 10 MB
INCHES = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}
LETTER = {"US", "CA", "MX"}  # marketplaces where paper is Letter
COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser"),
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "Google/Chrome/Application/chrome.exe",
        "Microsoft/Edge/Application/msedge.exe",
        "Chromium/Application/chrome.exe",
    ),
}
FLAGS = (
    *("--headless=new", "--remote-debugging-port=0", "--disable-gpu", "--no-first-run"),
    *("--no-default-browser-check", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-extensions", "--mute-audio", "--hide-scrollbars"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def find_browser() -> Path:
    """
    The browser that prints: the one ODR_CHROMIUM names, else one on the PATH, else a usual place.

    Raises NoBrowser if there is none.
    """
    if named := os.environ.get(VARIABLE):
        found = shutil.which(named)
        if not found:
            raise NoBrowser(
                tr("{variable} names {path}, and there is no program of that name",
                   variable=VARIABLE, path=named)
            )  # fmt: skip
        return Path(found)
    for candidate in _candidates():
        if found := shutil.which(candidate):
            return Path(found)
    raise NoBrowser(
        tr("no Chromium, Chrome or Edge on this machine to print with; install one, or name it in "
           "{variable}, or open the page in any browser and print it there", variable=VARIABLE)
    )  # fmt: skip


def _candidates() -> Iterator[str]:
    yield from COMMANDS
    homes = [""]
    if sys.platform == "win32":
        names = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
        homes = [os.environ[name] + "/" for name in names if name in os.environ]
    yield from (home + place for place in PLACES.get(sys.platform, ()) for home in homes)


def build_pdf(page: str | Path, *, paper: str = "A4", timeout: float = TIMEOUT) -> Path:
    """
    Write `report.pdf` beside a report page, whole or not at all, and say where it is.

    Parameters
    ----------
    page : a report.html
    paper : "A4" or "Letter"
    timeout : seconds for the whole

    Raises
    ------
    NoBrowser : there is none on this machine
    ReportFailed : the browser did not print the page
    """
    source = Path(page).resolve()
    target = source.with_name(PDF)
    browser = find_browser()
    # A loop of its own in a thread: JupyterLab has one running already.
    with (
        private_room("pdf-") as profile,
        ThreadPoolExecutor(1) as thread,
    ):
        job = _printed(browser, source.as_uri(), profile, paper)
        try:
            content = thread.submit(asyncio.run, asyncio.wait_for(job, timeout)).result()
        except TimeoutError as error:
            raise ReportFailed(
                tr("{page}: not printed within {seconds:g} seconds",
                   page=source.name, seconds=timeout)
            ) from error  # fmt: skip
    if not content.startswith(b"%PDF") or b"%%EOF" not in content[-64:]:
        raise ReportFailed(tr("{page}: the browser printed no whole PDF", page=source.name))
    handle, draft = tempfile.mkstemp(prefix=".report-", suffix=".pdf", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
    return target


def print_reports(results: Sequence[ReportResult]) -> list[ReportResult]:
    """The results again, each page printed; one that is not says why, and its page stays."""
    return [_print_report(result) if result.page else result for result in results]


def _print_report(result: ReportResult) -> ReportResult:
    if result.page is None:
        return result
    letter = read_settings(result.store).marketplace in LETTER
    try:
        build_pdf(result.page, paper="Letter" if letter else "A4")
    except OdrError as error:
        return replace(result, error=str(error))
    return result


async def _printed(browser: Path, address: str, profile: Path, paper: str) -> bytes:
    """The page as PDF, once all its figures are drawn."""
    flags = [*FLAGS, f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to run as root with it
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [browser, *flags, "about:blank"], stdin=quiet, stdout=quiet, stderr=quiet
    ) as process:
        try:
            socket = await _connected(process, profile)
            try:
                return await _print(_asking(socket), address, paper)
            finally:
                socket.close()
                await asyncio.sleep(0.05)  # so that the goodbye is sent while the loop runs
        finally:
            process.kill()


async def _connected(process: subprocess.Popen[bytes], profile: Path) -> Any:
    """The browser's debugging socket, once it listens."""
    from tornado.websocket import websocket_connect

    listening = profile / "DevToolsActivePort"
    lines: list[str] = []
    while len(lines) < 2:
        if process.poll() is not None:
            raise ReportFailed(tr("the browser stopped before it could print; start it by hand"))
        await asyncio.sleep(0.05)
        with_port = listening.read_text(encoding="utf-8") if listening.is_file() else ""
        lines = with_port.splitlines()
    address = f"ws://127.0.0.1:{lines[0]}{lines[1]}"
    return await websocket_connect(address, max_message_size=LARGEST)


def _asking(socket: Any) -> Callable[..., Awaitable[dict[str, Any]]]:
    """A function that asks the browser and gives its answer."""
    numbers = count(1)

    async def ask(method: str, session: str = "", **values: Any) -> dict[str, Any]:
        number = next(numbers)
        message = {"id": number, "method": method, "params": values}
        message |= {"sessionId": session} if session else {}
        await socket.write_message(json.dumps(message))
        while True:
            said = await socket.read_message()
            if said is None:
                raise ReportFailed(tr("the browser stopped while it printed"))
            answer = json.loads(said)
            if answer.get("id") == number:
                if "error" in answer:
                    raise ReportFailed(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    return ask


async def _print(ask: Any, address: str, paper: str) -> bytes:
    width, height = INCHES[paper]
    target = (await ask("Target.createTarget", url=address))["targetId"]
    attached = await ask("Target.attachToTarget", targetId=target, flatten=True)
    session = attached["sessionId"]
    drawn = "document.documentElement.dataset.drawn"
    while True:
        answer = await ask("Runtime.evaluate", session, expression=drawn, returnByValue=True)
        if answer["result"].get("value") == "all":
            break
        await asyncio.sleep(0.1)
    printed = await ask(
        "Page.printToPDF",
        session,
        paperWidth=width,
        paperHeight=height,
        printBackground=True,
        preferCSSPageSize=False,
        generateTaggedPDF=True,
        generateDocumentOutline=True,
    )
    return base64.b64decode(printed["data"])
