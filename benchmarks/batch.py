"""
Stores per minute: our batch beside the naive way, in one run.

    python benchmarks/batch.py [--stores 40] [--orders 5000] [--at-a-time 2] [--naive 6]

The naive way is a shell loop, two at a time: `papermill`, then `jupyter nbconvert --to html`, for
each store. It is slow, so it runs on the first `--naive` stores only: rates are compared.
The portable way is ours without the warm process, as on Windows and macOS.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from odrlib.demo import write_store
from odrlib.report import batch, build_reports, notebook_path


def main() -> None:
    """Make the stores, run all three ways, print stores per minute and processor seconds."""
    arguments = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    arguments.add_argument("--stores", type=int, default=40)
    arguments.add_argument("--orders", type=int, default=5_000)
    arguments.add_argument("--at-a-time", type=int, default=2)
    arguments.add_argument("--naive", type=int, default=6)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        stores = [made(room / "stores" / f"s{number:03}", asked.orders, number)
                  for number in range(asked.stores)]  # fmt: skip
        few, width = stores[: asked.naive], asked.at_a_time
        ways: dict[str, tuple[int, Callable[[], object]]] = {
            "naive loop": (len(few), lambda: naive(few, room, width)),
            "odr report, warm": (len(stores), lambda: ours(stores, room / "warm", width, 1)),
            "odr report, portable": (
                len(stores),
                lambda: ours(stores, room / "cold", width, len(stores) + 1),
            ),
        }
        first = 0.0
        for name, (count, run) in ways.items():
            before, began = processor(), perf_counter()
            run()
            wall = perf_counter() - began
            rate = 60 * count / wall
            first = first or rate
            spent = (processor() - before) / count
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{name:22}{rate:7.1f} stores/min  {rate / first:5.1f} x  "
                f"{spent:6.2f} s of processor a store  {most:6.0f} MiB at most"
            )


def made(folder: Path, orders: int, seed: int) -> Path:
    """A store of its own id."""
    store = write_store(folder, orders, seed=seed)
    settings = store / "store.toml"
    text = settings.read_text(encoding="utf-8").replace('id = "us-fbm"', f'id = "{folder.name}"')
    settings.write_text(text, encoding="utf-8")
    return store


def naive(stores: list[Path], room: Path, at_a_time: int) -> None:
    """`papermill`, then `jupyter nbconvert`, for each store."""
    environment = {**os.environ, "PLOTLY_RENDERER": "notebook"}

    def one(store: Path) -> None:
        target = room / "naive" / store.name
        target.mkdir(parents=True)
        done = str(target / "out.ipynb")
        values = ["-p", "store", str(store), "-p", "out", str(target)]
        run = ["papermill", str(notebook_path()), done, *values, "--no-progress-bar"]
        page = ["nbconvert", "--to", "html", "--no-input", done]
        for module in (run, page):
            command = [sys.executable, "-m", *module]
            subprocess.run(command, check=True, capture_output=True, env=environment)

    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(one, stores))


def ours(stores: list[Path], out: Path, width: int, warm_from: int) -> None:
    """`odr report` over all stores."""
    batch.WARM_FROM = warm_from
    results = build_reports(stores, out, jobs=width, bar=False)
    if any(result.error for result in results):
        raise SystemExit(next(result.error for result in results if result.error))


def processor() -> float:
    """Processor seconds of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
