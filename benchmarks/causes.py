"""
How well, and how fast, find_causes finds planted causes, and how often it names what is not there.

    python benchmarks/causes.py                     recovery by family at 20,000 orders
    python benchmarks/causes.py --size 200000       the same, larger
    python benchmarks/causes.py --null --worlds 200 false alarms where nothing is planted
    python benchmarks/causes.py --speed             seconds and memory at 20,000 to 2 million

The families are documented where the worlds are made, in tests/causes/worlds.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from odrlib.causes import find_causes
from tests.causes.worlds import COLUMNS, FAMILIES, f1, null_world, planted_world

SIZES = (20_000, 200_000, 2_000_000)


def recovery(size: int, worlds: int) -> None:
    """Exact recovery by family: mean F1 over whole descriptions."""
    means = []
    for family in FAMILIES:
        scores, seconds = [], []
        for seed in range(worlds):
            world = planted_world(family, seed, size)
            start = time.perf_counter()
            depth = 4 if family == "four columns" else 3
            found = find_causes(world.orders, by=COLUMNS, max_depth=depth)
            seconds.append(time.perf_counter() - start)
            scores.append(f1([cause.where for cause in found], world.planted))
        means.append(np.mean(scores))
        print(f"{family:16} F1 {means[-1]:.3f}   {np.median(seconds):.2f} s   {worlds} worlds")
    print(f"{'mean':16} F1 {np.mean(means):.3f}   worst family {np.min(means):.3f}")


def alarms(size: int, worlds: int) -> None:
    """How many worlds with nothing planted get a cause, with and without a drift of the whole."""
    for drift in (False, True):
        named = sum(
            bool(find_causes(null_world(seed, size, drift).orders, by=COLUMNS))
            for seed in range(worlds)
        )
        print(f"{'drifting' if drift else 'steady':10} {named} alarms in {worlds} worlds")


def speed(worlds: int) -> None:
    """Seconds (least of `worlds` runs) and peak memory of the process, for growing businesses."""
    for size in SIZES:
        orders = planted_world("several", 0, size).orders
        seconds = []
        for _ in range(worlds):
            start = time.perf_counter()
            find_causes(orders, by=COLUMNS)
            seconds.append(time.perf_counter() - start)
        print(f"{size:>10,} orders   {min(seconds):.2f} s   {peak_memory()}")


def peak_memory() -> str:
    """The most memory the process ever held, the orders included."""
    try:
        import resource
    except ImportError:
        return "peak memory unknown on this system"
    unit = 1 if sys.platform == "darwin" else 1024
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20:,.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument("--null", action="store_true")
    parser.add_argument("--speed", action="store_true")
    chosen = parser.parse_args()
    if chosen.null:
        alarms(chosen.size, chosen.worlds)
    elif chosen.speed:
        speed(chosen.worlds)
    else:
        recovery(chosen.size, chosen.worlds)


if __name__ == "__main__":
    main()
