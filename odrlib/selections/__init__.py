"""Selections: a part of the orders that somebody asks about, counted at once and kept as a note."""

from odrlib.selections.code import selection_code
from odrlib.selections.conditions import conditions, conditions_text
from odrlib.selections.cube import Bar, Counts, Cube, cube
from odrlib.selections.noted import NOTE_COLUMNS, note_row, noted_selection, recounted
from odrlib.selections.selection import ANY, Selection, in_words, select, value_text

__all__ = [
    "ANY",
    "NOTE_COLUMNS",
    "Bar",
    "Counts",
    "Cube",
    "Selection",
    "conditions",
    "conditions_text",
    "cube",
    "in_words",
    "note_row",
    "noted_selection",
    "recounted",
    "select",
    "selection_code",
    "value_text",
]
