"""
Run: papermill runs the report notebook on one store, and its report is written whole or not at all.

papermill calls a notebook whose kernel died "completed". So a run counts as a report only if
nothing was raised, no cell failed, and the last cell left its mark.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

import orjson

from odrlib import errors
from odrlib.errors import BadParameter, BadStore, OdrError, ReportFailed
from odrlib.harmless import as_numbers
from odrlib.languages import tr
from odrlib.languages.notebook import translated
from odrlib.portfolio.digest import FACTS, PAGE, write_digest
from odrlib.report import failure, kernel, locks, resume
from odrlib.report.forking import wait_until_warm
from odrlib.report.kernel import skip_slow_grammars
from odrlib.report.media import MIME
from odrlib.rooms import private_room
from odrlib.settings import Settings, read_settings

if TYPE_CHECKING:
    from nbformat import NotebookNode

TIMEOUT = 3600  # seconds for one store; one with ten million orders takes a tenth of that
NOTEBOOK = failure.NOTEBOOK  # under the same name where the run failed
# What is raised over the outputs of a notebook of somebody's own that are not as ours are.
_UNFIT = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class ReportResult:
    """
    What became of one store's report.

    Parameters
    ----------
    store : the store folder; `id` and `name` are as store.toml has them
    folder : where the report lies; None if there is none, and then `error` says why
    status : "made", "unchanged", "failed", "timed-out" or "interrupted"
    bad_input : it failed because the store folder or a parameter cannot be used
    as_of : the last day of the data, ISO
    seconds : by phase: start, read, compute, draw, convert; and whole, from the first to the last
    fingerprint : one hash of all that the report is made from, but the clock's day
    failed_notebook : the executed notebook of a run that failed, with the error in it
    """

    store: Path
    id: str
    name: str
    folder: Path | None = None
    as_of: str = ""
    error: str = ""
    bad_input: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    status: str = "made"
    fingerprint: str = ""
    failed_notebook: Path | None = None

    @property
    def page(self) -> Path | None:
        """The HTML page, if there is one."""
        return self.folder / PAGE if self.folder else None

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON knows it."""
        return {
            name: str(value) if isinstance(value, Path) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> ReportResult:
        """The result again that `as_dict` told."""
        paths = {
            name: Path(told[name])
            for name in ("store", "folder", "failed_notebook")
            if told[name] is not None
        }
        return cls(**{**told, **paths})


def notebook_path(name: str = "report") -> Path:
    """A notebook of ours, in the checkout or the installed package; BadParameter for another."""
    package = Path(__file__).parents[1]
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / f"{name}.ipynb").is_file():
            return folder / f"{name}.ipynb"
    raise BadParameter(tr("no notebook {name!r}; look into the folder notebooks/", name=name))


def build_report(
    store: str | Path,
    out: str | Path = "reports",
    *,
    as_of: str = "",
    profile: str = "",
    language: str = "",
    notebook: str | Path = "",
    timeout: float = TIMEOUT,
    force: bool = True,
    progress: Callable[[], object] | None = None,
    warm: str = "",
) -> ReportResult:
    """
    Write `out/<store id>/<as-of>/` and say where it is.

    Parameters
    ----------
    store : the store folder
    out : the folder of all reports
    as_of : ISO day; the last day that the orders exports cover by default
    profile, language : as in store.toml by default
    notebook : another notebook than the report's own
    timeout : seconds for the whole store
    force : run although a whole report is there that was made from the same
    progress : called after each cell
    warm : address of a warm process to take the kernel from, as `forking.warmed` gives it

    Raises
    ------
    BadStore, BadParameter : the store folder, its settings or a parameter cannot be used
    ReportFailed : the notebook did not reach its end; there is no report of it, and the executed
        notebook lies in `out/<store id>/failed/` (the error's `notebook`)
    """
    clock = monotonic()
    folder, target = Path(store).resolve(), Path(out).resolve()
    try:
        settings = read_settings(folder)
    except OSError as error:
        raise BadStore(
            tr("{folder}: cannot be opened ({reason})", folder=folder, reason=error.strerror)
        ) from error
    path = Path(notebook) if notebook else notebook_path()
    parameters = {
        "as_of": as_of,
        "profile": profile or settings.profile,
        "language": language or settings.language,
    }

    def result(place: Path, status: str, seconds: dict[str, float], made: str) -> ReportResult:
        return ReportResult(
            store=Path(store),
            id=settings.id,
            name=settings.title,
            folder=Path(out) / settings.id / place.name,
            as_of=place.name,
            seconds=seconds | {"whole": round(monotonic() - clock, 3)},
            status=status,
            fingerprint=made,
        )

    try:
        target.mkdir(parents=True, exist_ok=True)
        with locks.one_run(target, settings.id, timeout) as building:
            made = resume.inputs(folder, target, parameters, path)
            found = None if force else resume.unchanged(made, target / settings.id, folder)
            if found:
                return result(found, "unchanged", {}, made.fingerprint)
            wait_until_warm(warm)
            # As deep as the report's place will be, so that relative paths in it stay true.
            room = building / locks.ROOM
            room.mkdir(mode=0o700)  # customers' orders are for who made the report
            began = datetime.now(UTC)
            log = building / "asked"
            job = _Job(path, parameters, folder, room, log, monotonic() + timeout, timeout)
            try:
                nb = _run(job, progress, warm)
                facts = _facts(room, path)
                seconds = _write(nb, room, settings, facts["as_of"], began)
                write_digest(room, target / settings.id, facts)
                _record(made, job, target, facts)
            except OdrError as error:
                if job.nb is not None:
                    kept = failure.keep(job.nb, error, building, target / settings.id, target)
                    error.notebook = Path(out) / kept if kept else None
                raise
            place = target / settings.id / facts["as_of"]
            locks.replace(room, place)
            # What failed before is over.
            shutil.rmtree(target / settings.id / failure.FOLDER, ignore_errors=True)
            return result(place, "made", seconds, made.fingerprint)
    except OSError as error:
        raise ReportFailed(
            tr("{out}: cannot be written ({reason})", out=out, reason=error.strerror or error)
        ) from error


@dataclass
class _Job:
    """What a run is about, and the notebook as far as it came."""

    path: Path
    parameters: dict[str, str]
    store: Path
    room: Path
    log: Path
    until: float
    timeout: float
    nb: NotebookNode | None = None

    @property
    def own(self) -> bool:
        """Is it the report's own notebook, of which we know what it reads?"""
        return self.path == notebook_path()


def _record(made: resume.Inputs, job: _Job, target: Path, facts: dict[str, Any]) -> None:
    """Write down what the report was made from, unless that changed meanwhile."""
    after = resume.inputs(job.store, target, job.parameters, job.path)
    asked, moved = resume.asked_of(job.log, job.store)
    changed = [*made.changed(after), *moved]
    if changed or made.fingerprint != after.fingerprint:
        named = ", ".join(changed[:3] or [job.path.name])
        raise ReportFailed(
            tr("{files}: changed while being read; wait until nothing writes there, and run again",
               files=named)
        )  # fmt: skip
    told = resume.record(made, resume.beside(job.store, asked), job.room, facts, job.own)
    with open(job.room / resume.RECORD, "w", encoding="utf-8", newline="\n") as file:
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        file.write(f"{as_numbers(text)}\n")


def way_to(place: Path, start: Path) -> str:
    """The way to a place, so that nothing tells where on this machine it is, if there is a way."""
    with suppress(ValueError):  # another drive, on Windows
        return Path(os.path.relpath(place, start)).as_posix()
    return str(place)


# -- running ------------------------------------------------------------------------------------


def _run(job: _Job, progress: Callable[[], object] | None, warm: str = "") -> NotebookNode:
    """The notebook, executed to its end with `room` as its working folder, or ReportFailed."""
    skip_slow_grammars()
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines

    from odrlib.report.engine import OdrEngine

    papermill_engines.register("odr", OdrEngine)
    # papermill fills braces in paths with parameters.
    source = str(job.path).replace("{", "{{").replace("}", "}}")
    given = {"store": way_to(job.store, job.room), **job.parameters, "out": "."}
    nb: NotebookNode = papermill.execute_notebook(
        source, None, parameters=given, prepare_only=True, progress_bar=False
    )
    nb = translated(nb, job.parameters["language"])
    job.nb = nb
    nb.metadata.papermill.update(input_path=job.path.name, output_path=NOTEBOOK)
    watched = json.dumps({"store": str(job.store), "log": str(job.log)})
    with private_room() as private:
        try:
            _in_a_thread(
                lambda: papermill_engines.execute_notebook_with_engine(
                    "odr",
                    nb,
                    kernel_name="python3",
                    output_path=None,
                    progress_bar=False,
                    # Of the store's time, what is left when a cell begins.
                    timeout_func=lambda _: max(0.1, job.until - monotonic()),
                    start_timeout=min(60, max(1, round(job.until - monotonic()))),
                    warm=warm,
                    private=private,
                    watched=watched,
                    resources={"metadata": {"path": str(job.room)}},
                    on_cell_executed=lambda **_: progress() if progress else None,
                )
            )
        except DeadKernelError as error:
            raise ReportFailed(
                tr("{cell}: the kernel died; most often the memory was not enough",
                   cell=_last_cell(nb))
            ) from error  # fmt: skip
        except CellTimeoutError as error:
            raise _too_long(job, nb) from error
        except (RuntimeError, OSError) as error:
            if monotonic() >= job.until:
                raise _too_long(job, nb) from error
            log = private / kernel.LOG
            said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
            raise ReportFailed(
                tr("the kernel did not start: {reason}", reason=f"{error} {said[-500:]}".strip())
            ) from error
    _check_end(nb)
    return nb


def _too_long(job: _Job, nb: NotebookNode) -> failure.TimedOut:
    return failure.TimedOut(
        tr("{cell}: the report took longer than {seconds:g} seconds",
           cell=_last_cell(nb), seconds=job.timeout)
    )  # fmt: skip


def _in_a_thread(work: Callable[[], object]) -> None:
    """
    Do the work in a thread with an event loop of its own, closed afterwards.

    So it also runs where a loop is running already, as in JupyterLab, and Ctrl-C is heard at once.
    """
    from jupyter_core.utils import ensure_event_loop

    def alone() -> None:
        try:
            work()
        finally:
            loop = ensure_event_loop()
            waiting = asyncio.all_tasks(loop)
            for task in waiting:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
            loop.close()

    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(alone).result()
        except KeyboardInterrupt:
            kernel.stop()
            raise


def _check_end(nb: NotebookNode) -> None:
    """Did every cell run well, down to the last one's mark?"""
    marked = False
    for number, cell in _code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error":
                _raise_cell_error(_name(number, cell), output)
            marked = marked or MIME.format(kind="end") in output.get("data", {})
        if cell.metadata.papermill.get("exception"):
            raise ReportFailed(tr("{cell}: stopped the notebook early", cell=_name(number, cell)))
    if not marked:
        raise ReportFailed(tr("the notebook ended without the mark of its last cell, report.end()"))


def _raise_cell_error(where: str, output: NotebookNode) -> None:
    """The error of a cell: our own kind as it was, so that its advice comes first."""
    kind = getattr(errors, output.ename, None)
    if isinstance(kind, type) and issubclass(kind, OdrError) and kind is not ReportFailed:
        raise kind(output.evalue)
    if output.ename == "SystemExit":
        raise ReportFailed(tr("{cell}: stopped the notebook early (sys.exit)", cell=where))
    raise ReportFailed(f"{where}: {output.ename}: {output.evalue}")


def _code_cells(nb: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The code cells, numbered as in the notebook a person opens: without papermill's own."""
    own = [cell for cell in nb.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    return [(n, cell) for n, cell in enumerate(own, start=1) if cell.cell_type == "code"]


def _last_cell(nb: NotebookNode) -> str:
    """The cell that ran last, by name."""
    started = [
        (number, cell)
        for number, cell in _code_cells(nb)
        if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return _name(*started[-1]) if started else tr("before the first cell")


def _name(number: int, cell: NotebookNode) -> str:
    first = next(iter(cell.source.strip().splitlines()), "")
    return tr("cell {number} ({line})", number=number, line=first[:60])


# -- writing ------------------------------------------------------------------------------------


def _facts(room: Path, notebook: Path) -> dict[str, Any]:
    path = room / FACTS
    if not path.is_file():
        raise ReportFailed(tr("{notebook} wrote no {file}", notebook=notebook.name, file=FACTS))
    try:
        facts: dict[str, Any] = orjson.loads(path.read_bytes())
        day = facts["as_of"]
        if date.fromisoformat(day).isoformat() != day:  # it will name a folder
            raise ValueError(day)  # noqa: TRY301
    except (ValueError, TypeError, LookupError) as error:
        raise ReportFailed(
            tr("{notebook} wrote a {file} that cannot be used ({reason})",
               notebook=notebook.name, file=FACTS, reason=f"{type(error).__name__}: {error}")
        ) from error  # fmt: skip
    return facts


def _write(
    nb: NotebookNode, room: Path, settings: Settings, as_of: str, began: datetime
) -> dict[str, float]:
    """Write the page and the notebook into `room`; seconds by phase."""
    from jinja2 import TemplateError

    from odrlib.report.clock import phases
    from odrlib.report.html import page_text

    seconds = phases(nb, began)
    clock = perf_counter()
    about = {
        "name": settings.title,
        "about": f"{settings.title} · {settings.marketplace} · {as_of}",
        "seconds": seconds,
    }
    try:
        # The exporter's page without nbconvert's preprocessors, which copy and check it all.
        html, saved = page_text(nb, **about), _saved(nb)
    except (*_UNFIT, TemplateError) as error:
        raise ReportFailed(
            tr("of what the notebook shows no page can be made ({reason})",
               reason=f"{type(error).__name__}: {error}")
        ) from error  # fmt: skip
    for name, text in ((PAGE, html), (NOTEBOOK, saved)):
        with open(room / name, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return seconds | {"convert": round(perf_counter() - clock, 3)}


def _saved(nb: NotebookNode) -> str:
    """A notebook as JSON, a cell in each line; nbformat's own layout takes far longer."""
    cells = b",\n".join(orjson.dumps(cell) for cell in nb.cells)
    rest = orjson.dumps({name: value for name, value in nb.items() if name != "cells"})
    return as_numbers((b'{"cells": [\n' + cells + b"\n],\n" + rest[1:] + b"\n").decode())
