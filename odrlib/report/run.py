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
import stat
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from odrlib import errors
from odrlib.errors import BadParameter, OdrError, ReportFailed
from odrlib.languages import tr
from odrlib.languages.notebook import translated
from odrlib.report import kernel
from odrlib.report.kernel import skip_slow_grammars
from odrlib.settings import Settings, read_settings

if TYPE_CHECKING:
    from nbformat import NotebookNode

TIMEOUT = 900  # seconds for one cell; a store with a million orders reads in a tenth of that
PAGE, NOTEBOOK, FACTS = "report.html", "report.ipynb", "facts.json"


@dataclass(frozen=True)
class ReportResult:
    """
    What became of one store's report.

    Parameters
    ----------
    store : the store folder; `id` and `name` are as store.toml has them
    folder : where the report lies; None if it failed, and then `error` says why
    bad_input : it failed because the store folder or a parameter cannot be used
    as_of : the last day of the data, ISO
    seconds : by phase: start, read, compute, draw, convert
    """

    store: Path
    id: str
    name: str
    folder: Path | None = None
    as_of: str = ""
    error: str = ""
    bad_input: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def page(self) -> Path | None:
        """The HTML page, if there is one."""
        return self.folder / PAGE if self.folder else None


def notebook_path(name: str = "report") -> Path:
    """A notebook of ours: in the checkout, or in the installed package."""
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
    timeout : seconds for one cell
    progress : called after each cell
    warm : address of a warm process to take the kernel from, as `forking.warmed` gives it

    Raises
    ------
    BadStore, BadParameter : the store folder, its settings or a parameter cannot be used
    ReportFailed : the notebook did not reach its end; nothing was written
    """
    folder, target = Path(store).resolve(), Path(out).resolve()
    settings = read_settings(folder)
    path = Path(notebook) if notebook else notebook_path()
    target.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=target))
    try:
        # As deep as the report's place will be, so that relative paths in it stay true.
        room = building / "report"
        room.mkdir(mode=0o700)  # customers' orders are for who made the report
        parameters = {
            "store": _relative(folder, room),
            "as_of": as_of,
            "profile": profile or settings.profile,
            "language": language or settings.language,
            "out": ".",
        }
        began = datetime.now(UTC)
        nb = _run(path, parameters, room, timeout, progress, warm)
        facts = _facts(room, path)
        seconds = _write(nb, room, settings, facts["as_of"], began)
        place = target / settings.id / facts["as_of"]
        _replace(room, place)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return ReportResult(
        store=Path(store),
        id=settings.id,
        name=settings.title,
        folder=Path(out) / settings.id / facts["as_of"],
        as_of=facts["as_of"],
        seconds=seconds,
    )


def _relative(folder: Path, start: Path) -> str:
    """The way to `folder`, so that a report tells no one where it was made, if there is a way."""
    with suppress(ValueError):  # another drive, on Windows
        return Path(os.path.relpath(folder, start)).as_posix()
    return str(folder)


# -- running ------------------------------------------------------------------------------------


def _run(
    path: Path,
    parameters: dict[str, str],
    room: Path,
    timeout: float,
    progress: Callable[[], object] | None,
    warm: str = "",
) -> NotebookNode:
    """The notebook, executed to its end with `room` as its working folder, or ReportFailed."""
    skip_slow_grammars()
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines

    from odrlib.report.engine import OdrEngine

    papermill_engines.register("odr", OdrEngine)
    # papermill fills braces in paths with parameters.
    source = str(path).replace("{", "{{").replace("}", "}}")
    nb = papermill.execute_notebook(
        source, None, parameters=parameters, prepare_only=True, progress_bar=False
    )
    nb = translated(nb, parameters["language"])
    nb.metadata.papermill.update(input_path=path.name, output_path=NOTEBOOK)
    with tempfile.TemporaryDirectory(prefix="odr-", ignore_cleanup_errors=True) as private:
        try:
            _in_a_thread(
                lambda: papermill_engines.execute_notebook_with_engine(
                    "odr",
                    nb,
                    kernel_name="python3",
                    output_path=None,
                    progress_bar=False,
                    execution_timeout=timeout,
                    warm=warm,
                    private=private,
                    resources={"metadata": {"path": str(room)}},
                    on_cell_executed=lambda **_: progress() if progress else None,
                )
            )
        except DeadKernelError as error:
            raise ReportFailed(
                tr("{cell}: the kernel died; most often the memory was not enough",
                   cell=_last_cell(nb))
            ) from error  # fmt: skip
        except CellTimeoutError as error:
            raise ReportFailed(
                tr("{cell}: took longer than {seconds:g} seconds",
                   cell=_last_cell(nb), seconds=timeout)
            ) from error  # fmt: skip
        except (RuntimeError, OSError) as error:
            log = Path(private, "kernel.log")
            said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
            raise ReportFailed(
                tr("the kernel did not start: {reason}", reason=f"{error} {said[-500:]}".strip())
            ) from error
    _check_end(nb)
    return nb


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
    from odrlib.report.show import MIME

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
    facts = json.loads(path.read_text(encoding="utf-8"))
    date.fromisoformat(facts["as_of"])  # it will name a folder
    return facts


def _write(
    nb: NotebookNode, room: Path, settings: Settings, as_of: str, began: datetime
) -> dict[str, float]:
    """Write the page and the notebook into `room`; seconds by phase."""
    import nbformat

    from odrlib.report.clock import phases
    from odrlib.report.exporter import ReportExporter

    seconds = phases(nb, began)
    clock = perf_counter()
    about = {
        "name": settings.title,
        "about": f"{settings.title} · {settings.marketplace} · {as_of}",
        "seconds": seconds,
    }
    html, _ = ReportExporter().from_notebook_node(nb, {"odr": about})
    with open(room / PAGE, "w", encoding="utf-8", newline="\n") as page:
        page.write(html)
    with open(room / NOTEBOOK, "w", encoding="utf-8", newline="\n") as notebook:
        nbformat.write(nb, notebook)
    return seconds | {"convert": round(perf_counter() - clock, 3)}


def _replace(room: Path, place: Path) -> None:
    """Move the finished folder to its place; an older report there goes only after that."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old = room.with_name("old")
    try:
        if place.exists():
            room.chmod(stat.S_IMODE(place.stat().st_mode))  # who opened it to others meant it
            place.rename(old)
        try:
            room.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    except OSError as error:
        raise ReportFailed(
            tr("{place}: cannot be replaced ({reason}); close what has it open and try again",
               place=place, reason=error.strerror)
        ) from error  # fmt: skip
