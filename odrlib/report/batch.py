"""Batch: the reports of many stores, side by side, and the index that ranks them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from odrlib import rooms
from odrlib.errors import BadParameter, OdrError, ReportFailed
from odrlib.languages import tr
from odrlib.portfolio.digest import INDEX
from odrlib.report import locks
from odrlib.report.attempt import attempt, failed
from odrlib.report.forking import warmed
from odrlib.report.pool import Pool, limits
from odrlib.report.progress import Progress
from odrlib.report.run import TIMEOUT, ReportResult, notebook_path
from odrlib.report.runlog import RunLog
from odrlib.settings import read_settings

WARM_FROM = 2  # stores from which on warming up takes less time than it saves
LOADED = 2  # seconds after which workers have loaded what they need
INTERRUPTED = 130  # exit code of a run that was told to stop


def build_reports(
    stores: Sequence[str | Path],
    out: str | Path = "reports",
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    scheduler: str = "",
    force: bool = False,
    timeout: float = TIMEOUT,
    bar: bool | None = None,
    log: list[Path] | None = None,
    **options: Any,
) -> list[ReportResult]:
    """
    The reports of many stores; a store that fails does not stop the others.

    Parameters
    ----------
    stores : store folders, each with an id of its own
    jobs : reports made at the same time; as many as there are processors by default
    executor : runs the jobs instead, anything with `submit`
    scheduler : address of a dask scheduler whose workers run the jobs (`odrlib[dask]`)
    force : run stores too whose report is there and was made from the same
    timeout : seconds for one store
    bar : tell on stderr how far it is; by default where a person watches
    log : gets the path of the run log
    options : as for `build_report`

    Returns the results in the order of `stores`, writes `out/index.html` for several stores and
    `out/runs/….jsonl`. KeyboardInterrupt ends all that was started; only whole reports are left.

    Raises
    ------
    BadParameter : two stores have the same id
    ReportFailed : the index cannot be written; the reports are there
    """
    _check_ids(stores)
    root = Path(out)
    path = Path(options.get("notebook") or notebook_path())
    given = {**options, "force": force, "timeout": timeout}
    width = min(jobs or os.cpu_count() or 1, max(1, len(stores)))
    engine = "dask" if scheduler else "executor" if executor else "this machine"
    written = RunLog(
        root, engine=engine, jobs=width if engine == "this machine" else None,
        stores=len(stores), as_of=options.get("as_of", ""), force=force, timeout=float(timeout),
    )  # fmt: skip
    if log is not None:
        log.append(written.path)
    locks.clear(root)
    results: dict[int, ReportResult] = {}
    progress = Progress(len(stores), 1 + _cells(path), bar)
    try:
        with ExitStack() as stack:
            stack.enter_context(progress)
            if scheduler:
                from odrlib.report.remote import cluster

                submit = stack.enter_context(cluster(scheduler, root))
            elif executor:
                submit = partial(_submitted, executor, root)
            else:
                warm_on = path if len(stores) >= WARM_FROM else None
                submit = stack.enter_context(_here(root, width, warm_on, progress))
            futures = {submit(store, given): number for number, store in enumerate(stores)}
            stack.callback(_cancel, futures)
            if len(stores) > 1:
                # A processor has time for it once the workers have loaded what they need, while
                # the warm process still warms up.
                wait(futures, LOADED, FIRST_COMPLETED)
                from odrlib.report.index import load

                load()
            for future in as_completed(futures):
                number = futures[future]
                error = future.exception()
                if type(error).__name__ == "KilledWorker":  # dask's, with addresses in it
                    error = ReportFailed(tr("every worker that made the report was killed"))
                told = failed(stores[number], error) if error else future.result()
                results[number] = result = _as_asked(told, stores[number], root)
                written.store(result)
                progress.done(number, result)
    except KeyboardInterrupt:
        for number, store in enumerate(stores):
            if number not in results:
                written.store(_stopped(store))
        written.end(INTERRUPTED)
        raise
    except BaseException:
        written.end(1)
        raise
    locks.clear(root)  # what a killed process of this run left
    ranked = [results[number] for number in range(len(stores))]
    try:
        if len(stores) > 1 or (root / INDEX).is_file():
            from odrlib.report.index import write_index

            write_index(ranked, out, options.get("language", ""))
    except OSError as error:
        written.end(1)
        raise ReportFailed(
            tr("{out}: the index cannot be written ({reason}); the reports are there",
               out=out, reason=error.strerror)
        ) from error  # fmt: skip
    written.end(exit_code(ranked))
    return ranked


@contextmanager
def _here(
    out: Path, width: int, warm_on: Path | None, progress: Progress
) -> Iterator[Callable[[str | Path, Mapping[str, Any]], Future[ReportResult]]]:
    """How to hand a store to processes of this machine."""
    with ExitStack() as stack:
        stack.callback(rooms.clear)  # of processes that were told to end, and did at once
        warm = stack.enter_context(warmed(warm_on, limits(width))) if warm_on else ""
        pool = Pool(width, warm)
        # Each thread waits for one worker.
        threads = stack.enter_context(ThreadPoolExecutor(width))
        stack.callback(pool.stop)
        numbers = count()
        yield lambda store, options: threads.submit(
            pool.report, str(store), str(out), options, progress.ticking(next(numbers))
        )


def _submitted(
    executor: Executor, out: Path, store: str | Path, options: Mapping[str, Any]
) -> Future[ReportResult]:
    return executor.submit(attempt, str(store), str(out), options)


def _cancel(futures: Iterable[Future[ReportResult]]) -> None:
    for future in futures:
        future.cancel()


def _as_asked(result: ReportResult, store: str | Path, out: Path) -> ReportResult:
    """With the paths as the asker wrote them: a worker elsewhere was told whole ones."""

    def short(path: Path | None) -> Path | None:
        return out / path.relative_to(out.resolve()) if path and path.is_absolute() else path

    return replace(
        result,
        store=Path(store),
        folder=short(result.folder),
        failed_notebook=short(result.failed_notebook),
    )


def exit_code(results: Sequence[ReportResult]) -> int:
    """
    What a command ends with: 0 if every report is there, 3 if only some are.

    If none is: 2 where the input was at fault each time, else 1.
    """
    lost = [result for result in results if result.error]
    if not lost:
        return 0
    if len(lost) < len(results):
        return 3
    return 2 if all(result.bad_input for result in lost) else 1


def _stopped(store: str | Path) -> ReportResult:
    return replace(failed(store, ReportFailed(tr("the run was stopped"))), status="interrupted")


def _check_ids(stores: Sequence[str | Path]) -> None:
    """Two stores with one id would overwrite each other's reports."""
    seen: dict[str, str | Path] = {}
    for store in stores:
        try:
            key = read_settings(Path(store)).id.casefold()
        except (OdrError, OSError):
            continue  # told as this store's failure
        if key in seen:
            raise BadParameter(
                tr("{first} and {second} have the same id {id!r}; "
                   "give one of them another id in its store.toml",
                   first=seen[key], second=store, id=key)
            )  # fmt: skip
        seen[key] = store


def _cells(notebook: str | Path) -> int:
    """How many code cells a notebook has."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)
