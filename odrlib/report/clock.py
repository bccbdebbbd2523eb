"""Clock: where the seconds of a run went, told from the notebook itself."""

from __future__ import annotations

from datetime import datetime

from nbformat import NotebookNode

from odrlib.report.media import PLOTLY

PHASES = ("start", "read", "compute", "draw")


def phases(nb: NotebookNode, began: datetime) -> dict[str, float]:
    """
    Seconds of an executed notebook by phase, from the moment `began` (UTC) on.

    Starting is everything before the cell that reads the store; a cell that shows a figure draws;
    the others compute.
    """
    seconds = dict.fromkeys(PHASES, 0.0)
    cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    reading = [number for number, cell in enumerate(cells) if "read_store" in cell.source]
    first = reading[0] if reading else 0
    for number, cell in enumerate(cells):
        if number < first:
            continue
        phase = "read" if number == first else "draw" if _draws(cell) else "compute"
        seconds[phase] += cell.metadata.papermill.duration or 0.0
    started = datetime.fromisoformat(cells[first].metadata.papermill.start_time)
    seconds["start"] = (started - began).total_seconds()
    return {phase: round(spent, 3) for phase, spent in seconds.items()}


def _draws(cell: NotebookNode) -> bool:
    return any(PLOTLY in output.get("data", {}) for output in cell.outputs)
