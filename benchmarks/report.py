"""
Where the seconds of a report go: start, read, compute, draw, convert, for a made store.

    python benchmarks/report.py [--orders 50000] [--store FOLDER] [--runs 3]

Prints the median of each phase, the whole, and the size of the page; then the time until Chromium
has drawn every chart, beside pages with the same plotly bundle and one bar, or as many charts of
one bar, where Chromium is there.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import nbformat
import plotly.graph_objects as go

from odrlib.demo import write_store
from odrlib.report import build_report, show
from odrlib.report.exporter import ReportExporter

ROUNDS = 5
DRAWN = "html[data-drawn=all]"


def main() -> None:
    """Make the store, run its report a few times and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    arguments.add_argument("--orders", type=int, default=50_000)
    arguments.add_argument("--store", type=Path)
    arguments.add_argument("--runs", type=int, default=3)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as room:
        store = asked.store or write_store(Path(room, "store"), asked.orders)
        results, wholes = [], []
        for _ in range(asked.runs):
            began = perf_counter()
            results.append(build_report(store, Path(room, "reports")))
            wholes.append(perf_counter() - began)
        for phase in results[0].seconds:
            print(f"{phase:10}{median(result.seconds[phase] for result in results):8.2f} s")
        print(f"{'whole':10}{median(wholes):8.2f} s")
        print(f"{'page':10}{results[0].page.stat().st_size / 1e6:8.2f} MB")
        opening(results[0].page, Path(room))


def opening(page: Path, room: Path) -> None:
    """Print how long Chromium takes to draw all: the page, one bar, and as many charts of a bar."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("opening: no chromium here")
        return
    from playwright.sync_api import sync_playwright

    pages = {"opens": page, "one bar": room / "one.html", "all bars": room / "bars.html"}
    _bars(pages["one bar"], 1)
    _bars(pages["all bars"], page.read_text(encoding="utf-8").count('data-figure="'))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            # In turn, so that a machine that is busy for a while is busy for both.
            for name, path in pages.items():
                spent[name].append(_drawn(browser, path))
        browser.close()
    least = {
        name: [min(each) for each in zip(*times, strict=True)] for name, times in spent.items()
    }
    for name, (wall, task) in least.items():
        print(f"{name:10}{wall:8.2f} s until all is drawn, {task:.2f} s of the page's thread")
    for at, name in enumerate(("wall", "thread")):
        ratio, floor = (least[page][at] / least["one bar"][at] for page in ("opens", "all bars"))
        print(f"{'ratio':10}{ratio:8.2f} ({name}); as many single bars {floor:.2f}")


def _bars(path: Path, number: int) -> None:
    """Write a page of figures with one bar each: the least that plotly asks for so many."""
    bar = nbformat.v4.new_output(
        "display_data",
        data=show.figure(go.Figure(go.Bar(x=[1], y=[1])), "one bar", "", "")._repr_mimebundle_(),
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[bar] * number)])
    path.write_text(ReportExporter().from_notebook_node(nb)[0], encoding="utf-8")


def _drawn(browser: Any, path: Path) -> tuple[float, float]:
    """Seconds on the clock, and of processor on the page's thread, until all is drawn."""
    tab = browser.new_page()
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    began = perf_counter()
    tab.goto(path.as_uri())
    tab.wait_for_selector(DRAWN, state="attached", timeout=60_000)
    wall = perf_counter() - began
    metrics = session.send("Performance.getMetrics")["metrics"]
    tab.close()
    return wall, next(each["value"] for each in metrics if each["name"] == "TaskDuration")


if __name__ == "__main__":
    main()
