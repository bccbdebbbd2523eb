"""Failure: the executed notebook of a run that did not reach its end, kept where no report lies."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odrlib.errors import OdrError, ReportFailed
from odrlib.harmless import as_numbers, json_text
from odrlib.report import locks

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER, NOTEBOOK, ERROR = "failed", "report.ipynb", "error.json"


class TimedOut(ReportFailed):
    """A store took longer than it may."""


def keep(nb: NotebookNode, error: OdrError, building: Path, home: Path, out: Path) -> Path | None:
    """
    Write the notebook and the error into `home/failed/`, in place of what lay there.

    Returns the notebook's path inside `out`; None if it cannot be written, as on a full disk.
    """
    import nbformat

    room = building / FOLDER
    with suppress(OSError, ReportFailed):
        room.mkdir(mode=0o700)
        _tell(nb, error)
        (room / NOTEBOOK).write_text(as_numbers(nbformat.writes(nb)), encoding="utf-8")
        told = {"error": str(error), "kind": type(error).__name__}
        (room / ERROR).write_text(json_text(told), encoding="utf-8")
        locks.replace(room, home / FOLDER)
        return (home / FOLDER / NOTEBOOK).relative_to(out)
    return None


def _tell(nb: NotebookNode, error: OdrError) -> None:
    """A kernel that died says nothing: put the error under the cell in which it did."""
    import nbformat

    if any(o.output_type == "error" for c in nb.cells for o in c.get("outputs", [])):
        return
    begun = [cell for cell in nb.cells if _began(cell)]
    for cell in begun[-1:]:
        said = str(error)
        cell.outputs.append(
            nbformat.v4.new_output(
                "error", ename=type(error).__name__, evalue=said, traceback=[said]
            )
        )


def _began(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.metadata.get("papermill", {}).get("start_time"))
