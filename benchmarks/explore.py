"""
How soon odr.explore answers a click, and how soon plain pandas would.

    python benchmarks/explore.py [--orders 20000 200000] [--millions 2] [--clicks 9]

Without a browser, at millions of orders: processor time for all answers of one click, beside
`PlainCube` in the same run, and the memory of the process. Then in a real JupyterLab and Chromium:
from the mouse to the painted rate, trend and bars, median of the clicks.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from odrlib.demo import write_store  # noqa: E402
from odrlib.explorer import imagine  # noqa: E402
from odrlib.selections import Bar, Counts, Cube, Selection, cube, select  # noqa: E402
from odrlib.selections.selection import numerators  # noqa: E402

CELLS = (
    "import sys; sys.path[:0] = [{root!r}, {root!r} + '/benchmarks']\nimport odrlib as odr",
    "explorer = odr.explore({store!r})\nexplorer",
    "import resource as r; print('peak', r.getrusage(r.RUSAGE_SELF).ru_maxrss >> 10, 'MB')",
)

# Without it JupyterLab would ask which kernel is meant.
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


class PlainCube(Cube):
    """The same answers by comparing and grouping the table anew at each click."""

    def of(self, defects: pd.DataFrame, described: pd.DataFrame) -> PlainCube:
        """Count from these tables from here on."""
        object.__setattr__(self, "tables", (defects, described))
        return self

    def _part(self, selection: Selection) -> tuple[pd.DataFrame, pd.Series]:
        defects, described = self.tables
        part = select(defects, selection, described)
        known = described.loc[part.index]
        told = part[["day"]].assign(
            **{name: known[name] for name in known}, channel=part["channel"]
        )
        return told, pd.Series(numerators(part, selection), part.index)

    def counts(self, selection: Selection) -> Counts:
        part, many = self._part(selection)
        return Counts(len(part), int(many.sum()))

    def trend(self, selection: Selection) -> tuple[np.ndarray, np.ndarray]:
        last = self.first + pd.Timedelta(days=self.length)
        part, many = self._part(replace(selection, first=self.first.date(), last=last.date()))
        days = pd.date_range(self.first, periods=self.length)
        orders = part.groupby("day").size().reindex(days, fill_value=0)
        bad = many.groupby(part["day"]).sum().reindex(days, fill_value=0)
        return orders.to_numpy(), bad.to_numpy()

    def bars(self, selection: Selection, column: str) -> list[Bar]:
        lifted = (
            replace(selection, channel="all") if column == "channel" else selection.without(column)
        )
        return self._grouped(*self._part(lifted), column)

    def _grouped(self, part: pd.DataFrame, many: pd.Series, column: str) -> list[Bar]:
        by = part[column].astype("object").fillna("unknown")
        orders, bad = by.groupby(by).size(), many.groupby(by).sum()
        bars = []
        for value, all_ in orders.items():
            others = len(part) - all_
            expected = (many.sum() - bad[value]) / others * all_ if others else None
            bars.append(Bar(column, value, int(all_), int(bad[value]), expected))
        return sorted(bars, key=lambda bar: -bar.excess)

    def ranked(self, selection: Selection, least: float = 3.0) -> list[Bar]:
        part, many = self._part(selection)
        found = [
            bar
            for column in self.codes
            if column not in selection.slice
            for bar in self._grouped(part, many, column)
            if bar.excess >= least
        ]
        return sorted(found, key=lambda bar: -bar.excess)


def plain_cube(defects: pd.DataFrame, described: pd.DataFrame, profile: str) -> PlainCube:
    """The plain twin of the cube of these tables."""
    return PlainCube(**vars(cube(defects, described, profile))).of(defects, described)


def in_the_browser(orders: int, clicks: int) -> None:
    """Print milliseconds from the mouse to the painted rate, trend and bars, and the memory."""
    import shutil

    from playwright.sync_api import sync_playwright

    from tests.browser.clicks import FULL, milliseconds_to_paint
    from tests.browser.jupyter import IDLE, TOKEN, running_lab

    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        root = Path(name)
        store = write_store(root / "store", orders)
        cells = [
            {"cell_type": "code", "execution_count": None, "id": f"c{place}", "metadata": {},
             "outputs": [], "source": text.format(root=str(ROOT), store=str(store))}
            for place, text in enumerate(CELLS)
        ]  # fmt: skip
        book = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
        (root / "notebooks").mkdir()
        (root / "notebooks" / "b.ipynb").write_text(json.dumps(book), encoding="utf-8")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        with running_lab(root) as address:
            page = browser.new_page(viewport={"width": 1500, "height": 2400})
            page.set_default_timeout(900_000)
            page.goto(f"{address}/lab/tree/notebooks/b.ipynb?token={TOKEN}&reset")
            page.wait_for_selector(".jp-Notebook")
            page.evaluate(IDLE)
            for place in (0, 1):
                _run(page, place)
            page.wait_for_selector(".odr-bars .bars .point")
            page.wait_for_selector(FULL)
            page.locator(".odr-attribute select").select_option("tracked")
            page.wait_for_selector(".odr-values option:has-text('yes:')", state="attached")
            times = []
            for _ in range(clicks):
                times.append(milliseconds_to_paint(page))
                page.wait_for_selector(FULL)
            _run(page, 2)
            page.wait_for_selector("text=/^peak/")
            peak = page.locator("text=/^peak/").inner_text().strip()
        browser.close()
    print(
        f"{orders:>9,} orders, click to paint: {median(times):.0f} ms ({min(times):.0f} to "
        f"{max(times):.0f}), kernel alive, {peak}; load {os.getloadavg()[0]:.0f} on "
        f"{os.cpu_count()} cores"
    )


def _run(page: object, place: int) -> None:
    page.evaluate(
        """async place => {
          const panel = window.jupyterapp.shell.currentWidget;
          panel.content.activeCellIndex = place;
          await window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        place,
    )


def in_the_kernel(orders: int, clicks: int) -> None:
    """Print seconds for all answers of a click, and memory, at millions of orders."""
    defects, described = made_up(orders)
    before = _memory()
    began = process_time()
    mine = cube(defects, described, "amazon")
    took, added = process_time() - began, _memory() - before
    plain = plain_cube(defects, described, "amazon")
    days = defects["day"]
    whole = Selection("amazon", days.max().date() - pd.Timedelta(days=59), days.max().date())
    every = replace(whole, first=days.min().date())
    for name, selection in (("60 days", whole), ("all days", every)):
        chosen = selection.having("carrier", "carrier 3")
        ours, theirs = (
            [_answer(each, chosen) for _ in range(many)]
            for each, many in ((mine, clicks), (plain, 2))
        )
        print(
            f"{orders:>9,} orders, {name}: {median(ours) * 1000:.0f} ms of processor time a click; "
            f"plain pandas {median(theirs) * 1000:.0f} ms, "
            f"{median(theirs) / median(ours):.0f} times as long"
        )
    print(
        f"{orders:>9,} orders: the cube is made in {took:.1f} s, holds {mine.memory / 1e6:.0f} MB; "
        f"making it raised the peak by {added:.0f} MB to {_memory():.0f} MB"
    )


def _answer(each: Cube, selection: Selection) -> float:
    began = process_time()
    each.counts(selection)
    each.business(selection)
    each.trend(selection)
    each.bars(selection, "carrier")
    each.ranked(selection)
    imagine.like_the_rest(each, selection)
    imagine.reversed_defects(each, selection)
    return process_time() - began


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made_up(orders: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A year of orders with twenty attributes and one defect in a hundred."""
    rng = np.random.default_rng(1)
    bad = rng.random(orders) < 0.01
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 365, orders)), "D")
    defects = pd.DataFrame(
        {"day": day,
         "channel": pd.Categorical.from_codes(rng.integers(0, 2, orders), ["mfn", "afn"]),
         "claim": bad, "defective": bad, "defects": bad.astype("int64")}
    )  # fmt: skip
    sizes = {"sku": 5_000, "carrier": 8, "state": 50, **{f"attribute {n}": 6 for n in range(17)}}
    described = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(
                rng.integers(-1, size, orders), [f"{name} {n}" for n in range(size)]
            )
            for name, size in sizes.items()
        }
    )
    return defects, described


def main() -> None:
    """Measure both and print a line for each."""
    asked = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    asked.add_argument("--orders", type=int, nargs="*", default=[20_000, 200_000])
    asked.add_argument("--millions", type=float, default=2)
    asked.add_argument("--clicks", type=int, default=9)
    chosen = asked.parse_args()
    if chosen.millions:
        in_the_kernel(int(chosen.millions * 1_000_000), chosen.clicks)
    for orders in chosen.orders:
        in_the_browser(orders, chosen.clicks)


if __name__ == "__main__":
    main()
