"""
A store of ten million orders: what reading, computing and the whole report take, and how it grows.

    python benchmarks/large.py FOLDER [--orders 100000 1000000 10000000] [--keep]

Makes each store under FOLDER (ten million orders: 4.7 GB, and 1.2 GB of cache) and deletes it
afterwards. Each line is a process of its own: seconds on the clock, seconds of processor, the most
memory it held. The last lines say how much more ten times the orders take.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from large_store import write_day, write_large

STAGES = ("read", "facts", "report", "read, cache empty", "read, cache full",
          "read, one more day", "report, one more day")  # fmt: skip
Spent = tuple[float, float, float]  # wall seconds, processor seconds, MiB


def main() -> None:
    """Measure every stage at every size, each in a fresh process."""
    arguments = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--orders", type=int, nargs="+", default=[10**5, 10**6, 10**7])
    arguments.add_argument("--keep", action="store_true", help="do not delete the stores")
    arguments.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.child:
        print(json.dumps(_CHILDREN[asked.child[0]](asked.folder, Path(asked.child[1]))))
        return
    found = {}
    for orders in asked.orders:
        room = asked.folder.resolve() / f"large-{orders}"
        try:
            found[orders] = _measured(room, orders)
        finally:
            if not asked.keep:
                shutil.rmtree(room, ignore_errors=True)
    for few, many in zip(asked.orders, asked.orders[1:], strict=False):
        print(f"\n{many:,} orders against {few:,}: {many / few:g} times the orders")
        for stage in found[many]:
            wall, spent, peak = (
                b / a for a, b in zip(found[few][stage], found[many][stage], strict=True)
            )
            print(f"{stage:24}{wall:7.1f} x clock {spent:7.1f} x processor {peak:7.1f} x memory")


def _measured(room: Path, orders: int) -> dict[str, Spent]:
    store = room / "store"
    if not store.exists():
        write_large(store, orders)
    size = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    print(f"\n{orders:,} orders, {size / 1e9:.2f} GB")
    found: dict[str, Spent] = {}
    for stage in STAGES:
        if stage == "read, one more day":
            write_day(store, max(1, orders // 365))
        began = perf_counter()
        told, peak, spent = _child(stage, store, room)
        wall = perf_counter() - began
        if told:
            wall, spent = told
        found[stage] = wall, spent, peak
        print(f"{stage:24}{wall:9.1f} s {spent:9.1f} s of processor {peak:9.0f} MiB", flush=True)
    return found


def _child(stage: str, store: Path, room: Path) -> tuple[list[float], float, float]:
    """What the stage says of itself, its peak in MiB, and its processor seconds with its kernel."""
    command = [sys.executable, __file__, str(store), "--child", stage, str(room)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{stage}: ended with {child.returncode}")
    return json.loads(said.splitlines()[-1]), used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def _timed(work: Callable[[], object]) -> list[float]:
    before, began = resource.getrusage(resource.RUSAGE_SELF), perf_counter()
    work()
    after, wall = resource.getrusage(resource.RUSAGE_SELF), perf_counter() - began
    return [wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime]


def _read(store: Path, cache: str = "") -> list[float]:
    import odrlib as odr

    return _timed(lambda: odr.read_store(store, cache=cache))


def _facts(store: Path) -> list[float]:
    """All that `facts.json` holds, after reading."""
    import odrlib as odr
    from odrlib.facts import facts_json

    read = odr.read_store(store, cache="")
    return _timed(lambda: facts_json(odr.build_facts(read)))


def _report(store: Path, room: Path, cache: str = "") -> list[float]:
    """The whole; nothing is said, so that the kernel's seconds are taken from the system."""
    from odrlib.report import build_report

    os.environ["ODR_CACHE"] = cache
    build_report(store, room / "reports", timeout=3_600)
    return []


_CHILDREN: dict[str, Callable[[Path, Path], list[float]]] = {
    "read": lambda store, _: _read(store),
    "facts": lambda store, _: _facts(store),
    "report": _report,
    "read, cache empty": lambda store, room: _read(store, str(room / "cache")),
    "read, cache full": lambda store, room: _read(store, str(room / "cache")),
    "read, one more day": lambda store, room: _read(store, str(room / "cache")),
    "report, one more day": lambda store, room: _report(store, room, str(room / "cache")),
}


if __name__ == "__main__":
    main()
