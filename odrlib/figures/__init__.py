"""
Figures: a finished table in, a plotly Figure out. Nothing here computes, filters, fetches or shows.

The title of a figure is a sentence made from its numbers (`odrlib.words`). `layout.meta` carries
what a page needs beside the drawing: `title`, `alt` (the figure in words) and `how` (how it was
counted), so that a cell says `show.figure(figure, **figure.layout.meta)`.
"""

from odrlib.figures.causes import plot_causes
from odrlib.figures.composition import plot_composition, plot_kinds, plot_rate_by
from odrlib.figures.rate import plot_calendar, plot_rate
from odrlib.figures.related import plot_related
from odrlib.figures.roll_off import plot_roll_off

__all__ = [
    "plot_calendar",
    "plot_causes",
    "plot_composition",
    "plot_kinds",
    "plot_rate",
    "plot_rate_by",
    "plot_related",
    "plot_roll_off",
]
