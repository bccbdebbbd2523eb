"""
A store: its folder read into tables, once, with every file accounted for.

Who only looks for a store's files, or names a day, does not pay for the readers.
"""

from __future__ import annotations

from odrlib.first_use import loader

# public name -> the room it lives in
_ROOMS = {
    "EXEMPTED": "folder",
    "INPUT_FOLDERS": "folder",
    "NOT_INPUT": "folder",
    "shown_path": "folder",
    "parse_day": "days",
    "Store": "read",
    "inventory": "read",
    "read_store": "read",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)
