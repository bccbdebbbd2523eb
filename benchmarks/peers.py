"""
The report page beside the pages of its peers, made from the same orders in one run.

    python benchmarks/peers.py --environments FOLDER [--store FOLDER] [--write docs/peers.md]

Makes an environment for each peer on first use. Every peer gets the orders of the store as the
table it is made for; ours gets the store folder. Then the same script opens each page in Chromium
with the network cut and counts what the reader has.
"""

from __future__ import annotations

import argparse
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

import odrlib as odr

HERE = Path(__file__).parent / "peers"
# Script -> the peer's name and what its environment needs; their dependencies do not agree.
PEERS = {
    "evidently": ("evidently", "evidently==0.7.23", "pandas<3"),
    "ydata": ("ydata-profiling", "ydata-profiling==4.18.4"),
    "multiqc": ("MultiQC", "multiqc==1.35", "pandas"),
    "quantstats": ("quantstats", "quantstats==0.0.86"),
}
COLUMNS = ["day", "channel", "carrier", "ship_service", "sku", "country", "state", "quantity",
           "claim", "negative_feedback", "defective"]  # fmt: skip
NARROW = {"width": 390, "height": 844}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def main() -> None:
    """Make every page, open each, print the table."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        pages: dict[str, tuple[Path, float, float]] = {}
        orders = room / "orders.csv"
        told = _orders(asked.store, orders)
        for script, (name, *_) in PEERS.items():
            python = environment(asked.environments, script)
            target = room / f"{script}.html"
            made = [python, HERE / f"with_{script}.py", orders, target]
            pages[name] = (target, *timed(list(map(str, made))))
        out = room / "ours"
        command = [
            sys.executable,
            "-m",
            "odrlib.cli",
            "report",
            str(asked.store),
            "--out",
            str(out),
        ]
        spent = timed(command)
        pages["odrlib"] = (next(out.rglob("report.html")), *spent)
        with sync_playwright() as driver:
            path = next(filter(None, map(shutil.which, CHROMIUM)))
            browser = driver.chromium.launch(executable_path=path, args=FLAGS)
            counted = {
                name: {"seconds to make": f"{wall:.1f}", "of processor": f"{cpu:.1f}"}
                | look(browser, page)
                for name, (page, wall, cpu) in pages.items()
            }
            browser.close()
    text = table(counted, told)
    sys.stdout.write(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


def _asked() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    arguments.add_argument("--environments", type=Path, required=True)
    arguments.add_argument("--store", type=Path, default=Path("data/demo/us-fbm"))
    arguments.add_argument("--write", type=Path)
    return arguments.parse_args()


def _orders(store: Path, target: Path) -> str:
    """Write the orders with their defects as the one table a peer can read; say how many."""
    defects = odr.defects_by_order(odr.read_store(store))
    defects[[name for name in COLUMNS if name in defects]].to_csv(target, index=False)
    return f"{len(defects):,} orders, {int(defects['defective'].sum()):,} of them defective"


def environment(folder: Path, script: str) -> Path:
    """The Python of a peer's environment, made on first use."""
    root = folder / script
    python = root / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(root, with_pip=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *PEERS[script][1:]], check=True
        )
    return python


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of a command, children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# -- what a reader has --------------------------------------------------------------------------


def look(browser: Browser, path: Path) -> dict[str, str]:
    """Open the page with the network cut and count."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.route("**/*", _refuse(asked))
    page = context.new_page()
    times = []
    for _ in range(3):
        began = perf_counter()
        page.goto(path.as_uri(), wait_until="load", timeout=120_000)
        times.append(perf_counter() - began)
    page.wait_for_timeout(3_000)
    found = page.evaluate((HERE / "count.js").read_text(encoding="utf-8"))
    found["requests to the network"] = str(len(set(asked)))
    violations = Axe().run(page)["violations"]
    found["axe-core: rules broken (places)"] = (
        f"{len(violations)} ({sum(len(each['nodes']) for each in violations)})"
    )
    found["dark for a reader who asks for dark"] = _yes(
        _ground(page, "light") != _ground(page, "dark")
    )
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(500)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found["fits a phone (390 px)"] = _yes(wide <= 1)
    context.close()
    return {"size, MB": f"{path.stat().st_size / 1e6:.2f}",
            "seconds to open": f"{median(times):.2f}"} | found  # fmt: skip


def _refuse(asked: list[str]) -> Callable[[Any], None]:
    def handle(route: Any) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    return handle


def _ground(page: Page, scheme: str) -> str:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_timeout(300)
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def table(counted: dict[str, dict[str, str]], what: str) -> str:
    """The table as Markdown, ours first."""
    names = ["odrlib", *(name for name in counted if name != "odrlib")]
    rows = list(counted["odrlib"])
    lines = [
        "# The report beside its peers",
        "",
        f"`python benchmarks/peers.py`, {datetime.now(UTC):%d %B %Y}, {platform.machine()}: one "
        f"run on the same store ({what}); versions in the script.",
        "Each peer does what it is made for: evidently a summary and drift, ydata-profiling a "
        "profile, quantstats the tearsheet of one daily series, MultiQC a table, bars and a line.",
        "Only ours knows what an order defect is, so what the pages say is not compared, only what "
        "any reader needs of any page; one script opens each with the network cut and counts.",
        "",
        "| | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *("| " + " | ".join([row, *(counted[name][row] for name in names)]) + " |" for row in rows),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
