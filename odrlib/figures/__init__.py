"""
Figures: a finished table in, a plotly Figure out. Nothing here computes, filters, fetches or shows.

The title of a figure is a sentence made from its numbers (`odrlib.words`). `layout.meta` carries
what a page needs beside the drawing: `title`, `alt` (the figure in words) and `how` (how it was
counted), so that a cell says `show.figure(figure, **figure.layout.meta)`.
"""

from __future__ import annotations

from odrlib.first_use import loader

# public name -> the file it lives in; loaded on first use, so that a page, which only needs
# the canvas, does not pay for what makes figures
_ROOMS = {
    "plot_calendar": "calendar",
    "plot_categories": "categories",
    "plot_themes": "categories",
    "plot_causes": "causes",
    "plot_changes": "changes",
    "plot_cleared": "cleared",
    "plot_composition": "composition",
    "plot_kinds": "composition",
    "plot_drill_down": "drill",
    "plot_grid": "grid",
    "plot_nowcast": "nowcast",
    "plot_rate": "rate",
    "plot_rate_by": "rate_by",
    "plot_related": "related",
    "plot_roll_off": "roll_off",
    "plot_what_if": "whatif",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)
