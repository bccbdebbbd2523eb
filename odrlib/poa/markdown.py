"""The worksheet as Markdown: one file to edit by hand, the Chinese in comments under each line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from odrlib.poa.blocks import Grid, Line

if TYPE_CHECKING:
    from odrlib.poa.draft import Draft

MARKS = {"title": "# ", "heading": "## ", "part": "### ", "item": "- "}
# Signs that would become markup in a line of text.
MARKUP = re.compile(r"([\\`*_<>|#])")


def draft_markdown(draft: Draft) -> str:
    """The text of the file; the same draft gives the same bytes."""
    parts = [_grid(block) if isinstance(block, Grid) else _line(block) for block in draft.blocks]
    return "\n\n".join(parts) + "\n"


def _line(line: Line) -> str:
    chinese = _comment(line.chinese)
    if line.style == "note":
        return chinese
    # Links within text would be odd here; brackets mark the places to fill and stay as they are.
    text = f"{MARKS.get(line.style, '')}{escaped(line.text)}"
    keys = _comment(" ".join(line.keys)) if line.keys else ""
    return "\n".join(part for part in (text, chinese, keys) if part)


def escaped(text: str) -> str:
    r"""
    The text with the signs of markup made plain.

    >>> print(escaped("PH_CASE|04 <b>"))
    PH\_CASE\|04 \<b\>
    """
    return MARKUP.sub(r"\\\1", " ".join(text.split())).replace("](", "]\\(")


def _comment(text: str) -> str:
    # Two hyphens would end a comment early.
    return f"<!-- {text.replace('--', '- -').replace('>', '›')} -->" if text else ""


def _grid(grid: Grid) -> str:
    rows = [grid.header, tuple("---" for _ in grid.header), *grid.rows]
    lines = [
        "| " + " | ".join(cell if cell == "---" else escaped(cell) for cell in row) + " |"
        for row in rows
    ]
    return "\n".join([*lines, "", _comment(" | ".join(grid.chinese))])
