"""Batch: the reports of many stores, side by side, and the index that ranks them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from odrlib.errors import BadParameter, BadStore, MissingExport, OdrError
from odrlib.languages import tr
from odrlib.report import kernel
from odrlib.report.forking import warmed
from odrlib.report.index import INDEX, write_index
from odrlib.report.run import ReportResult, build_report, notebook_path
from odrlib.settings import read_settings

WARM_FROM = 5  # stores from which on warming up takes less time than it saves


def build_reports(
    stores: Sequence[str | Path],
    out: str | Path = "reports",
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    bar: bool | None = None,
    **options: Any,
) -> list[ReportResult]:
    """
    The reports of many stores; a store that fails does not stop the others.

    Parameters
    ----------
    stores : store folders, each with an id of its own
    jobs : reports made at the same time; as many as there are processors by default
    executor : runs the jobs instead, such as `dask.distributed.Client(…).get_executor()`
    bar : a progress bar on stderr; by default where a person watches
    options : as for `build_report`

    Returns the results in the order of `stores`, and writes `out/index.html` for several stores.
    """
    _check_ids(stores)
    results: dict[int, ReportResult] = {}
    # Each report runs in a kernel, which is a process of its own: threads only wait for them.
    pool = executor or ThreadPoolExecutor(min(jobs or os.cpu_count() or 1, max(1, len(stores))))
    path = Path(options.get("notebook") or notebook_path())
    # Another machine has no warm process of ours, and for a few stores it does not pay.
    warming = warmed(path) if not executor and len(stores) >= WARM_FROM else nullcontext("")
    done_cells = dict.fromkeys(range(len(stores)), 0.0)
    step = 1 / (1 + _cells(path))
    with (
        warming as warm,
        nullcontext(pool) if executor else pool,
        _bar(len(stores), bar) as shown,
    ):

        def tick(number: int, done: float) -> None:
            done_cells[number] = done
            shown.n = sum(done_cells.values())
            shown.refresh()

        def ticking(number: int) -> dict[str, Any]:
            # Another machine's workers cannot call us back.
            each = {"progress": lambda: tick(number, done_cells[number] + step), "warm": warm}
            return options if executor else each | options

        waiting = {
            pool.submit(attempt, str(store), str(out), ticking(number)): number
            for number, store in enumerate(stores)
        }
        try:
            for done in as_completed(waiting):
                number = waiting[done]
                error = done.exception()
                results[number] = _failed(stores[number], error) if error else done.result()
                tick(number, 1.0)
        except KeyboardInterrupt:
            for future in waiting:
                future.cancel()
            kernel.stop()
            raise
    ranked = [results[number] for number in range(len(stores))]
    if len(stores) > 1 or Path(out, INDEX).is_file():
        write_index(ranked, out, options.get("language", ""))
    return ranked


def attempt(store: str, out: str, options: Mapping[str, Any]) -> ReportResult:
    """One report; what stops it is told in the result. A job for any executor."""
    try:
        return build_report(store, out, **options)
    except OdrError as error:
        return _failed(store, error)


def exit_code(results: Sequence[ReportResult]) -> int:
    """
    What a command ends with: 0 if every report was made, 3 if only some were.

    If none was: 2 where the input was at fault each time, else 1.
    """
    failed = [result for result in results if result.error]
    if not failed:
        return 0
    if len(failed) < len(results):
        return 3
    return 2 if all(result.bad_input for result in failed) else 1


def _failed(store: str | Path, error: BaseException) -> ReportResult:
    why = str(error) if isinstance(error, OdrError) else f"{type(error).__name__}: {error}"
    name = Path(store).resolve().name
    bad = isinstance(error, (BadStore, BadParameter, MissingExport))
    return ReportResult(store=Path(store), id=name, name=name, error=why, bad_input=bad)


def _check_ids(stores: Sequence[str | Path]) -> None:
    """Two stores with one id would overwrite each other's reports."""
    seen: dict[str, str | Path] = {}
    for store in stores:
        try:
            key = read_settings(Path(store)).id.casefold()
        except OdrError:
            continue  # told as this store's failure
        if key in seen:
            raise BadParameter(
                tr("{first} and {second} have the same id {id!r}; "
                   "give one of them another id in its store.toml",
                   first=seen[key], second=store, id=key)
            )  # fmt: skip
        seen[key] = store


def _bar(total: int, wanted: bool | None) -> Any:
    from tqdm import tqdm

    # tqdm itself looks whether stderr is a terminal when `disable` is None.
    disable = None if wanted is None else not wanted
    form = "reports {percentage:3.0f}% |{bar}| {n:.1f} of {total} [{elapsed}]"
    return tqdm(total=total, bar_format=form, disable=disable)


def _cells(notebook: str | Path) -> int:
    """How many code cells a notebook has."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)
