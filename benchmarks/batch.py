"""
Stores per minute: our batch beside the naive way, in one run.

    python benchmarks/batch.py [--stores 40] [--orders 5000] [--at-a-time 2] [--naive 6]

The naive way is a shell loop, two at a time: `papermill`, then `jupyter nbconvert --to html`, for
each store. It is slow, so it runs on the first `--naive` stores only: rates are compared.
The portable way is ours without the warm process, as on Windows and macOS.

Each way tells its most memory of one kernel: resident (RSS), and of that what no other process
shares (a warm kernel shares the libraries with the process it was forked from), sampled from
/proc, so on Linux only. At the end `facts.json` of all ways is compared byte by byte.
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
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from odrlib.demo import write_store
from odrlib.report import batch, build_reports, notebook_path

GOALS = {"naive loop": 1, "odr report, warm": 12, "odr report, portable": 3}


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
            with Memory() as memory:
                run()
            wall = perf_counter() - began
            rate = 60 * count / wall
            first = first or rate
            spent = (processor() - before) / count
            print(
                f"{name:22}{rate:7.1f} stores/min  {rate / first:5.1f} x (goal {GOALS[name]} x)  "
                f"{spent:6.2f} s of processor a store  {memory.resident:5.0f} MiB a kernel, "
                f"{memory.private:5.0f} of them its own",
                flush=True,
            )
        print(alike(room, [store.name for store in few]))


class Memory:
    """The most memory of any one kernel among our descendants while the block runs, in MiB."""

    def __init__(self) -> None:
        self.resident = self.private = 0.0
        self._over = Event()
        self._watch = Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(2):  # a look stops the kernels for a moment
            for process in kernels():
                self.resident = max(self.resident, kilobytes(process, "Rss") / 1024)
                self.private = max(self.private, kilobytes(process, "Private_") / 1024)


def kernels() -> list[int]:
    """
    The processes below this one that have no process below them: they compute.

    A warm process that waits with no kernel below it is none: its command stands only once.
    """
    children: dict[int, list[int]] = {}
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
            parents[int(stat.parent.name)] = parent
    found, waiting = [], list(children.get(os.getpid(), ()))
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, ())
        if process not in children and not (warm(process) and not warm(parents[process])):
            found.append(process)
    return found


def warm(process: int) -> bool:
    """Is it a warm process, or a kernel forked from one?"""
    try:
        return b"odrlib.report.warm" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def kilobytes(process: int, begins: str) -> int:
    """The sum of the lines of a process's memory that begin so; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(begins))


def alike(room: Path, names: list[str]) -> str:
    """Whether all ways found the same facts about these stores, to the byte."""
    for name in names:
        texts = {
            path.read_bytes()
            for way in ("naive", "warm", "cold")
            for path in (room / way / name).rglob("facts.json")
        }
        if len(texts) != 1:
            return f"facts.json of {name} differs between the ways"
    return f"facts.json of {len(names)} stores: the same bytes in all three ways"


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
