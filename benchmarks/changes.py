"""
How surely the days on which a rate moved are found, and how often a day is named where none did.

    python benchmarks/changes.py              power by volume and size of the change
    python benchmarks/changes.py --null       false alarms where the rate never moved
    python benchmarks/changes.py --rivals     beside ruptures and CUSUM, in one run
    python benchmarks/changes.py --speed      seconds, from days to orders

The days are made in tests/causes/daily.py. `ruptures` is one of the benchmark extras.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from odrlib.causes.changes import rate_changes
from odrlib.causes.steps import AROUND, Step, find_steps, visible_rate
from tests.causes.daily import DAYS, Days, Story, as_orders, quiet, told

Q = 0.01
STORIES = (
    Story(30, 0.005, 0.03),
    Story(100, 0.005, 0.015),
    Story(100, 0.005, 0.02),
    Story(100, 0.005, 0.02, None),
    Story(100, 0.02, 0.005, 60),
    Story(100, 0.005, 0.05, 14),
    Story(300, 0.005, 0.01, 60),
    Story(300, 0.005, 0.02),
    Story(1_000, 0.005, 0.0075, 60),
    Story(1_000, 0.005, 0.01),
    Story(1_000, 0.005, 0.03, 7),
)
NULLS = tuple((v, r) for v in (3, 10, 30, 100, 1_000) for r in (0.003, 0.01, 0.05))


def ours(days: Days, q: float = Q) -> list[Step]:
    """The steps of days that all have orders."""
    used = days.orders > 0
    place = np.flatnonzero(used)
    steps = find_steps(days.defective[used], days.orders[used], q)
    return [
        Step(int(place[s.at]), int(place[s.earliest]), int(place[s.latest]), s.gain) for s in steps
    ]


def power(worlds: int) -> None:
    """Of the first planted day: found at all, within 3 days, inside the interval; false extras."""
    print("orders  rate from     to     lasting   found  within 3  interval  days wide  extra")
    for number, story in enumerate(STORIES):
        rng = np.random.default_rng([2, number])
        found = near = held = extra = 0
        widths = []
        for _ in range(worlds):
            days = told(rng, story)
            steps = ours(days)
            extra += max(0, len(steps) - len(days.planted))
            hit = _closest(steps, days.planted[0])
            if hit is None:
                continue
            found += 1
            near += abs(hit.at - days.planted[0]) <= AROUND
            held += hit.earliest <= days.planted[0] <= hit.latest
            widths.append(hit.latest - hit.earliest + 1)
        print(
            f"{story}  {found / worlds:6.1%}   {near / worlds:6.1%}   {held / max(1, found):6.1%}"
            f"   {np.median(widths or [0]):8.0f}  {extra / worlds:5.1%}",
            flush=True,
        )


def _closest(steps: list[Step], day: int) -> Step | None:
    """The step that can mean that day: the nearest, if it is within 14 days or holds it."""
    near = min(steps, key=lambda step: abs(step.at - day), default=None)
    if near and (abs(near.at - day) <= 14 or near.earliest <= day <= near.latest):
        return near
    return None


def alarms(worlds: int) -> None:
    """How many series whose rate never moved are given a change."""
    total = 0
    for number, (volume, rate) in enumerate(NULLS):
        rng = np.random.default_rng([1, number])
        named = sum(bool(ours(quiet(rng, volume, rate))) for _ in range(worlds))
        total += named
        print(f"{volume:>6,} orders a day at {rate:.1%}: {named} alarms in {worlds:,}", flush=True)
    print(
        f"all: {total} alarms in {worlds * len(NULLS):,} series, {total / worlds / len(NULLS):.2%}"
    )


def visible(worlds: int) -> None:
    """How often a rise to the rate said to be visible is seen, of a rise in the last 30 days."""
    for number, (volume, rate) in enumerate(
        ((30, 0.01), (100, 0.005), (300, 0.01), (1_000, 0.005))
    ):
        rng = np.random.default_rng([3, number])
        seen = 0
        for _ in range(worlds):
            days = quiet(rng, volume, rate)
            late = np.arange(DAYS) >= DAYS - 30
            before, after = days.orders[~late].sum(), days.orders[late].sum()
            to = visible_rate(rate, float(before), float(after), DAYS, Q)
            bad = np.where(late, rng.binomial(days.orders, to), days.defective)
            seen += bool(ours(Days(days.orders, bad, [])))
        print(f"{volume:>6,} orders a day at {rate:.1%}: seen in {seen / worlds:.1%}", flush=True)


def rivals(worlds: int) -> None:
    """
    Hits within 3 days and false alarms beside others, each on the same series.

    PELT gets Pearson residuals of the daily counts, once with the usual penalty 2 log(days), once
    with the penalty that keeps false alarms at 1 in 100 on series of this kind, and so does CUSUM,
    which looks for a doubling.
    """
    try:
        import ruptures
    except ImportError:
        raise SystemExit('install the benchmark extras: pip install -e ".[bench]"') from None

    def pelt(penalty: float) -> Callable[[Days], list[int]]:
        def run(days: Days) -> list[int]:
            # The linear kernel is the squared error, in C.
            search = ruptures.KernelCPD(kernel="linear", min_size=2)
            return search.fit_predict(_residuals(days)[:, None], pen=penalty)[:-1]

        return run

    kinds = [story for story in STORIES if story.volume in (100, 300)]
    tuned = {"PELT": _tuned(pelt, worlds), "CUSUM": _tuned(_cusum, worlds)}
    methods: dict[str, Callable[[Days], list[int]]] = {
        "odrlib": lambda days: [step.at for step in ours(days)],
        "PELT, 2 log(days)": pelt(2 * np.log(DAYS)),
        "PELT, tuned": pelt(tuned["PELT"]),
        "CUSUM, tuned": _cusum(tuned["CUSUM"]),
    }
    base = 0.0
    for name, find in methods.items():
        rng = np.random.default_rng(4)
        series = [quiet(rng, 100, 0.005) for _ in range(worlds)]
        alarms = sum(bool(find(days)) for days in series)
        series = [told(rng, story) for story in kinds for _ in range(worlds // 4)]
        start = time.perf_counter()
        days = [(one.planted[0], find(one)) for one in series]
        seconds = time.perf_counter() - start
        base = base or seconds
        hits = np.mean([any(abs(day - first) <= AROUND for day in named) for first, named in days])
        extra = np.mean([len(named) for _, named in days])
        print(
            f"{name:18} within 3 days {hits:.1%}   alarms {alarms / worlds:.1%}   "
            f"changes named {extra:.2f} a series   {seconds / base:.2f} x the time",
            flush=True,
        )


def _residuals(days: Days) -> np.ndarray:
    expected = days.orders * (days.defective.sum() / days.orders.sum())
    return (days.defective - expected) / np.sqrt(np.maximum(expected, 1e-9))


def _cusum(bar: float) -> Callable[[Days], list[int]]:
    """Poisson CUSUM for a doubling of the overall rate: the day from which it rose to its bar."""

    def run(days: Days) -> list[int]:
        expected = days.orders * (days.defective.sum() / days.orders.sum())
        total, start = 0.0, 0
        for day, (bad, mean) in enumerate(zip(days.defective, expected, strict=True)):
            total += bad * np.log(2) - mean
            if total <= 0:
                total, start = 0.0, day + 1
            elif total > bar:
                return [start]
        return []

    return run


def _tuned(method: Callable[[float], Callable[[Days], list[int]]], worlds: int) -> float:
    """The least bar that keeps false alarms at 1 in 100, on seeds of its own."""
    rng = np.random.default_rng(5)
    series = [quiet(rng, 100, 0.005) for _ in range(worlds)]
    low, high = 1.0, 100.0
    for _ in range(8):
        bar = (low * high) ** 0.5
        alarms = sum(bool(method(bar)(days)) for days in series)
        low, high = (low, bar) if alarms <= worlds / 100 else (bar, high)
    return high


def speed() -> None:
    """Seconds (least of five) for one series of days, and from a table of orders."""
    rng = np.random.default_rng(6)
    for days in (90, 365, 730):
        one = quiet(rng, 5_000, 0.01, days)
        print(f"{days} days with defects on each: {_least(lambda o=one: ours(o)):.4f} s")
    for volume in (500, 5_000):
        orders = as_orders(quiet(rng, volume, 0.01, 400))
        print(f"{len(orders):>10,} orders: {_least(lambda o=orders: rate_changes(o)):.3f} s")


def _least(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--worlds", type=int, default=400)
    for name in ("null", "visible", "rivals", "speed"):
        parser.add_argument(f"--{name}", action="store_true")
    chosen = parser.parse_args()
    if chosen.null:
        alarms(chosen.worlds)
    elif chosen.visible:
        visible(chosen.worlds)
    elif chosen.rivals:
        rivals(chosen.worlds)
    elif chosen.speed:
        speed()
    else:
        power(chosen.worlds)


if __name__ == "__main__":
    main()
