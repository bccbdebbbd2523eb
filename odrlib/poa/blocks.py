"""Blocks: the lines and tables that a worksheet is made of, before any file format."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A place to fill, as the sentence plans of every language write it.
BLANK = re.compile(
    r"[\[【](?:to be filled|auszufüllen|要記入|à compléter|da compilare|por completar|待填)"
    r"[^\[\]】]*"
)


@dataclass(frozen=True)
class Line:
    """
    One line: `style` (title, heading, part, text, item, blank, note), text and Chinese beside it.

    A note has no text; only the analyst reads it. `keys` are the facts that the line cites.
    """

    style: str
    text: str
    chinese: str
    keys: tuple[str, ...] = ()

    @property
    def blanks(self) -> int:
        """Places to fill."""
        return len(BLANK.findall(self.text))


@dataclass(frozen=True)
class Grid:
    """A table with its header in both languages; the cells are ids, days, counts and terms."""

    header: tuple[str, ...]
    chinese: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def blanks(self) -> int:
        """Places to fill."""
        return sum(len(BLANK.findall(cell)) for row in self.rows for cell in row)


Block = Line | Grid
