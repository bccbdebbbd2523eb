"""
The report: what notebook cells show, and how a run of the report notebook becomes one HTML page.

In a notebook: `from odrlib.report import show`, then `show.verdict(…)`, `show.figure(…)`,
`show.table(…)`, `show.findings(…)`, and in the last cell `report.end()`. Outside: `build_report`
makes the report of one store, `build_reports` those of many with an `index.html`, `build_pdf`
prints a page.
"""

from __future__ import annotations

from odrlib.first_use import loader

# public name -> the room it lives in; loaded on first use, so that a cell that shows a table does
# not pay for papermill
_ROOMS = {
    "ReportResult": "run",
    "build_pdf": "pdf",
    "build_report": "run",
    "notebook_path": "run",
    "build_reports": "batch",
    "exit_code": "batch",
    "print_reports": "pdf",
    "end": "show",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)
