"""
One method on one world, in a process of its own, so that its memory and its end are its own.

    python case.py METHOD FOLDER LIMIT

reads FOLDER/world.npz and world.json, and prints one line of JSON. METHOD is a rival of propose.py
(then sifted by sift.py), or odrlib; LIMIT is in seconds of processor time, so that a busy machine
is not held against a method. Reading and imports are not counted in the seconds; the peak is that
of the whole process, beside what it held before it began.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np

MEMORY = 8 << 30  # bytes of address space above which a method is said to need too much


def main(method: str, folder: Path, limit: int) -> None:
    """Run and tell."""
    world = json.loads((folder / "world.json").read_text())
    arrays = np.load(folder / "world.npz")
    recent = arrays.get("recent", None)
    _set_limits(limit)
    run = _ours if method == "odrlib" else _rival
    search = run(method, world, arrays["codes"], arrays["defective"], recent)
    loaded, spent = _memory("VmRSS"), []
    for _ in range(world["repeat"] if method == "odrlib" else 1):
        start, work = time.perf_counter(), time.process_time()
        found = search()
        spent.append((time.perf_counter() - start, time.process_time() - work))
    seconds, processor = min(spent)
    told = {"seconds": seconds, "processor": processor, "loaded": loaded}
    print(json.dumps({"found": found, **told, "peak": _memory("VmHWM")}))


def _ours(method, world, codes, bad, recent):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import pandas as pd

    from odrlib.causes import find_causes

    columns = {
        name: pd.Categorical.from_codes(code, levels)
        for name, code, levels in zip(world["by"], codes, world["levels"], strict=True)
    }
    orders = pd.DataFrame({**columns, "defective": bad}, copy=False)
    asked = {"by": world["by"], "max_depth": world["depth"]}
    if recent is not None:
        orders["recent"] = recent
        asked["rise"] = "recent"

    def search():
        causes = find_causes(orders, **asked)
        return [{column: str(value) for column, value in one.where.items()} for one in causes]

    return search


def _rival(method, world, codes, bad, recent):
    from propose import RIVALS
    from sift import Table, sift

    warnings.simplefilter("ignore")
    table = Table(codes, bad, recent)
    _import(method)

    def search():
        kept = sift(table, RIVALS[method](table, world["depth"]))
        return [
            {world["by"][column]: world["levels"][column][level] for column, level in one.items()}
            for one in kept
        ]

    return search


def _import(method: str) -> None:
    """Have the rival's package loaded before the clock starts."""
    import importlib

    packages = {"wise-pizza": "wise_pizza", "decision tree": "sklearn.tree", "group-bys": "scipy"}
    importlib.import_module(packages.get(method, method))


def _set_limits(seconds: int) -> None:
    """No more memory and processor time than that; not where the system has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def _memory(kind: str) -> float | None:
    """MiB held now (VmRSS) or at most so far (VmHWM); None where Linux is not asked."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return int(re.search(rf"{kind}:\s+(\d+)", status.read_text())[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
