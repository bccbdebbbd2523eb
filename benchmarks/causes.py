"""
How well find_causes finds planted causes, how often it names what is not there, and what it costs,
beside wise-pizza, sliceline, pysubgroup, a decision tree and plain group-bys, on the same worlds.

    python benchmarks/causes.py                             recovery and false alarms, 20,000 orders
    python benchmarks/causes.py --sizes 20000 200000        the same, at two sizes
    python benchmarks/causes.py --rivals none --worlds 30   odrlib alone, more worlds
    python benchmarks/causes.py --knowing                   and what can be had (knowing.py)
    python benchmarks/causes.py --rivals none --worlds 0 --null 500
    python benchmarks/causes.py --speed                     seconds and memory up to 10 million

The worlds and their families are documented in tests/causes/other_families.py and docs/causes.md;
the rivals' configurations in rivals/propose.py, the filter behind them in rivals/sift.py. Rivals
live in an environment of their own (rivals/environment.py); with rivals, every method runs every
case in a process of its own, with a limit of time and of memory. A rival that takes minutes gets
fewer worlds (`--few`); its mean is then over those.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.knowing import knowing
from benchmarks.rivals.environment import rival_python
from odrlib.causes import find_causes
from tests.causes.other_worlds import FAMILIES, World, exact_f1, null_world, planted_world

CASE = Path(__file__).resolve().parent / "rivals" / "case.py"
SLOW = ("wise-pizza", "sliceline", "pysubgroup")
RIVALS = ("decision tree", "group-bys", *SLOW)
NULLS = "false alarms"


@dataclass(frozen=True)
class Told:
    """
    What one method made of one world.

    Parameters
    ----------
    score : exact F1; in a null world 1 for silence and 0 for an alarm; None if it did not end
    seconds, processor : of the search alone, on the wall clock and of all processors together
    peak, loaded : MiB of the process at most, and with only the orders in it
    why : why it did not end
    """

    score: float | None = None
    seconds: float | None = None
    processor: float | None = None
    peak: float | None = None
    loaded: float | None = None
    why: str = ""


def hand_over(world: World, folder: Path, repeat: int = 1) -> None:
    """Write a world for case.py; the truth stays here."""
    columns = [world.orders[name].cat for name in world.by]
    arrays = {
        "codes": np.stack([column.codes.to_numpy().astype(np.int16) for column in columns]),
        "defective": world.orders["defective"].to_numpy(),
    }
    if world.rise:
        arrays["recent"] = world.orders["recent"].to_numpy().astype(bool)
    np.savez(folder / "world.npz", **arrays)
    told = {
        "by": world.by,
        "levels": [column.categories.tolist() for column in columns],
        "depth": world.depth,
        "repeat": repeat,
    }
    (folder / "world.json").write_text(json.dumps(told))


def apart(method: str, folder: Path, world: World, limit: int) -> Told:
    """Run a method in a process of its own; the least of its seconds, if it repeats."""
    python = sys.executable if method == "odrlib" else rival_python()
    command = [str(python), str(CASE), method, str(folder), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return Told(why=_why(done, limit))
    told = json.loads(done.stdout.strip().splitlines()[-1])
    score = exact_f1(told.pop("found"), world.planted)
    return Told(score, **told)


def _why(done: subprocess.CompletedProcess[str], limit: int) -> str:
    """Why a process did not end well."""
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        return f"over {limit} s of processor time"
    if "MemoryError" in done.stderr or "Unable to allocate" in done.stderr:
        return "over 8 GiB"
    last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    return last[:80]


def here(world: World) -> Told:
    """Run odrlib in this process, for large numbers of worlds."""
    start, work = time.perf_counter(), time.process_time()
    found = find_causes(world.orders, by=world.by, rise=world.rise, max_depth=world.depth)
    seconds, processor = time.perf_counter() - start, time.process_time() - work
    return Told(exact_f1([cause.where for cause in found], world.planted), seconds, processor)


def cases(asked: argparse.Namespace, size: int) -> Iterator[tuple[str, int, World]]:
    """Kind, number within the kind, world: the planted ones by family, then the null ones."""
    seeds = range(asked.seed, asked.seed + asked.worlds)
    for family in asked.families:
        for number, seed in enumerate(seeds):
            yield family, number, planted_world(family, seed, size)
    for number in range(asked.null):
        drift = number % 2 == 1
        yield NULLS, number, null_world(asked.seed + number // 2, size, drift)


def measure(asked: argparse.Namespace, size: int) -> dict[str, dict[str, list[Told]]]:
    """Method → kind of world → what it made of each."""
    results: dict[str, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for kind, number, world in cases(asked, size):
        for method, told in answers(asked, world, number):
            results[method][kind].append(told)
            sys.stderr.write(f"{size:,} {kind} {number} {method}: {told}\n")
    return results


def answers(asked: argparse.Namespace, world: World, number: int) -> Iterator[tuple[str, Told]]:
    """What each method makes of a world."""
    if asked.rivals:
        with tempfile.TemporaryDirectory() as room:
            hand_over(world, Path(room))
            for method in ("odrlib", *asked.rivals):
                if number < asked.few or method not in SLOW:
                    yield method, apart(method, Path(room), world, asked.limit)
    else:
        yield "odrlib", here(world)
    if asked.knowing:
        yield "knowing", Told(exact_f1(knowing(world), world.planted))


def show(results: dict[str, dict[str, list[Told]]], size: int, asked: argparse.Namespace) -> None:
    """The table of one size: a line per family, then the costs."""
    methods = list(results)
    width = max(len(method) for method in methods) + 2
    print(f"\n{size:,} orders, {asked.worlds} worlds a family, seeds from {asked.seed}")
    print(f"{'exact F1':18}" + "".join(f"{method:>{width}}" for method in methods))
    for family in asked.families:
        scores = [_mean(results[method][family]) for method in methods]
        print(f"{family:18}" + "".join(f"{_text(score, 2):>{width}}" for score in scores))
    lines = {
        "mean": [_text(_of_families(results[m], asked.families), 2) for m in methods],
        "worlds": [str(len(_planted(results[m]))) for m in methods],
        "  not finished": [str(sum(t.score is None for t in _all(results[m]))) for m in methods],
        NULLS: [_alarms(results[m][NULLS]) for m in methods],
        "median seconds": [_text(_median(results[m], "seconds"), 2) for m in methods],
        "  of processor": [_text(_median(results[m], "processor"), 2) for m in methods],
        "  × odrlib": [_ratio(results, m, "processor") for m in methods],
        "peak MiB": [_text(_median(results[m], "peak"), 0) for m in methods],
        "  × odrlib ": [_ratio(results, m, "peak") for m in methods],
    }
    for name, cells in lines.items():
        print(f"{name:18}" + "".join(f"{cell:>{width}}" for cell in cells))
    for method in methods:
        for why in sorted({told.why for told in _all(results[method]) if told.why}):
            print(f"{method}: {sum(t.why == why for t in _all(results[method]))} × {why}")


def _all(kinds: dict[str, list[Told]]) -> list[Told]:
    return [told for several in kinds.values() for told in several]


def _planted(kinds: dict[str, list[Told]]) -> list[Told]:
    return [told for kind, several in kinds.items() if kind != NULLS for told in several]


def _mean(several: Iterable[Told]) -> float | None:
    """Mean F1; what did not end found nothing."""
    scores = [told.score or 0.0 for told in several]
    return mean(scores) if scores else None


def _of_families(kinds: dict[str, list[Told]], families: Iterable[str]) -> float | None:
    scores = [_mean(kinds[family]) for family in families]
    known = [score for score in scores if score is not None]
    return mean(known) if known else None


def _alarms(nulls: list[Told]) -> str:
    ended = [told for told in nulls if told.score is not None]
    return f"{sum(told.score == 0 for told in ended)} of {len(ended)}"


def _median(kinds: dict[str, list[Told]], what: str) -> float | None:
    values = [getattr(told, what) for told in _all(kinds)]
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _ratio(results: dict[str, dict[str, list[Told]]], method: str, what: str) -> str:
    """Median over the worlds that both finished; a slow rival has only the first of each kind."""
    ratios = [
        getattr(told, what) / getattr(own, what)
        for kind, several in results[method].items()
        for own, told in zip(results["odrlib"][kind], several, strict=False)
        if getattr(own, what) and getattr(told, what)
    ]
    return f"{median(ratios):.1f}" if ratios else "-"


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def speed(asked: argparse.Namespace) -> None:
    """Seconds and memory at growing sizes, each method in a process of its own."""
    print("odrlib: least of 3 runs; peak of the process and, in brackets, what it held before")
    for size in asked.sizes:
        world = planted_world("several", asked.seed, size)
        with tempfile.TemporaryDirectory() as room:
            hand_over(world, Path(room), repeat=3)
            own = apart("odrlib", Path(room), world, asked.limit)
            for method in ("odrlib", *asked.rivals):
                told = own if method == "odrlib" else apart(method, Path(room), world, asked.limit)
                print(f"{size:>12,}  {method:15}{_cost(told, own)}", flush=True)


def _cost(told: Told, own: Told) -> str:
    if told.seconds is None:
        return told.why
    times = f"{told.processor / own.processor:6.1f} × odrlib" if own.processor else ""
    memory = f"{_text(told.peak, 0)} MiB ({_text(told.loaded, 0)})"
    spent = f"{told.seconds:8.2f} s, {told.processor:.2f} s of processor{times}"
    return f"{spent}   {memory}   F1 {told.score:.2f}"


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description="find_causes beside its rivals.")
    options.add_argument("--sizes", type=int, nargs="+")
    options.add_argument("--worlds", type=int, default=3, help="per family")
    options.add_argument("--few", type=int, default=1, help="worlds per family for slow rivals")
    options.add_argument("--families", nargs="+", default=list(FAMILIES), choices=FAMILIES)
    options.add_argument("--rivals", nargs="+", default=list(RIVALS), choices=[*RIVALS, "none"])
    options.add_argument("--null", type=int, default=10, help="worlds with nothing planted")
    options.add_argument("--knowing", action="store_true", help="show what can be had beside")
    options.add_argument("--speed", action="store_true")
    options.add_argument("--seed", type=int, default=50_000, help="of the first world")
    options.add_argument("--limit", type=int, default=180, help="seconds of processor a case")
    asked = options.parse_args()
    asked.rivals = [] if "none" in asked.rivals else asked.rivals
    if asked.speed:
        asked.sizes = asked.sizes or [200_000, 2_000_000, 10_000_000]
        speed(asked)
        return
    for size in asked.sizes or [20_000]:
        show(measure(asked, size), size, asked)


if __name__ == "__main__":
    main()
