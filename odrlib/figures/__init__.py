"""
Figures: a finished table in, a plotly Figure out. Nothing here computes, filters, fetches or shows.

The title of a figure is a sentence made from its numbers (`odrlib.words`). `layout.meta` carries
what a page needs beside the drawing: `title`, `alt` (the figure in words) and `how` (how it was
counted), so that a cell says `show.figure(figure, **figure.layout.meta)`.
"""

from odrlib.figures.calendar import plot_calendar
from odrlib.figures.categories import plot_categories, plot_themes
from odrlib.figures.causes import plot_causes
from odrlib.figures.changes import plot_changes
from odrlib.figures.cleared import plot_cleared
from odrlib.figures.composition import plot_composition, plot_kinds
from odrlib.figures.drill import plot_drill_down
from odrlib.figures.grid import plot_grid
from odrlib.figures.nowcast import plot_nowcast
from odrlib.figures.rate import plot_rate
from odrlib.figures.rate_by import plot_rate_by
from odrlib.figures.related import plot_related
from odrlib.figures.roll_off import plot_roll_off
from odrlib.figures.whatif import plot_what_if

__all__ = [
    "plot_calendar",
    "plot_categories",
    "plot_causes",
    "plot_changes",
    "plot_cleared",
    "plot_composition",
    "plot_drill_down",
    "plot_grid",
    "plot_kinds",
    "plot_nowcast",
    "plot_rate",
    "plot_rate_by",
    "plot_related",
    "plot_roll_off",
    "plot_themes",
    "plot_what_if",
]
