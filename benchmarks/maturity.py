"""
How often the nowcast's 90 % intervals hold what finally came, on simulated stores.

    python benchmarks/maturity.py                 every world, 100 stores each
    python benchmarks/maturity.py --stores 400    more of them
    python benchmarks/maturity.py --only large    some of the worlds

"early" weeks have less than half of their defects, "late" ones most of them; "window" is Amazon's
60 days with their lag of 15. The worlds are documented where they are made, in
tests/maturity_worlds.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.maturity_worlds import WORLDS, measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--stores", type=int, default=100)
    parser.add_argument("--only", default="", help="worlds whose name holds this")
    chosen = parser.parse_args()
    everything = []
    print(f"{'world':22} {'weeks':>6} {'early':>6} {'late':>6} {'window':>6}  stores  seconds")
    for world in WORLDS:
        if chosen.only not in world.name:
            continue
        start = time.perf_counter()
        tables = list(measured(world, chosen.stores))
        table = pd.concat(tables, ignore_index=True)
        everything.append(table)
        print(f"{world.name:22} {_line(table, tables)}  {time.perf_counter() - start:6.1f}")
    table = pd.concat(everything, ignore_index=True)
    print(f"{'all':22} {table['held'].mean():6.3f}")


def _line(table: pd.DataFrame, tables: list[pd.DataFrame]) -> str:
    early = table["share_arrived"] < 0.5
    parts = [
        table["held"].mean(),
        table.loc[early, "held"].mean(),
        table.loc[~early, "held"].mean(),
        np.mean([one["window_held"].iloc[0] for one in tables]),
    ]
    return " ".join(f"{part:6.3f}" for part in parts) + f"  {len(tables):6,}"


if __name__ == "__main__":
    main()
