"""Lettering: how much room a text takes, where it may break, and how it is kept plain."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

NAME_WIDTH = 80  # letters of a name above its row
LETTERS = 52  # in a line of small text on a phone
TITLE_LINE = 21  # pixels for a line of a figure's title
UNITS = "年月日"
# No other letter is twice as wide as a Latin one.
_MAYBE_WIDE = re.compile("[\u1100-\u115f\u231a-\u23f3\u25fd-\U0010ffff]")


def plain(text: Any) -> str:
    """
    The text as the reader should see it: plotly takes `<b>` for bold, files may hold anything.

    >>> plain("Cable <b>1 m</b> & plug")
    'Cable &lt;b&gt;1 m&lt;/b&gt; &amp; plug'
    """
    return escape(str(text), quote=False)


def letters(text: str) -> int:
    """
    The room that a text takes, in Latin letters; Chinese and Japanese ones are twice as wide.

    >>> letters("carrier"), letters("承運")
    (7, 4)
    """
    if not _MAYBE_WIDE.search(text):
        return len(text)
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def fitting(text: str, width: int) -> str:
    """
    As much of the beginning of a text as fits `width` letters.

    >>> fitting("carrier", 4), fitting("承運商", 5)
    ('carr', '承運')
    """
    if not _MAYBE_WIDE.search(text):
        return text[: max(width, 0)]
    room = list(accumulate(map(letters, text)))
    return text[: bisect_right(room, width)]


def brief(name: Any, width: int = NAME_WIDTH) -> str:
    """
    A name that fits its place, plain.

    >>> brief("a very long product name", width=12)
    'a very …'
    """
    return plain(cut(str(name), width))


def cut(text: str, width: int) -> str:
    """
    A text that fits `width` letters, cut between two words where it can be.

    >>> cut("a very long product name", 12), cut("B0DEMO0001-black", 8), cut("承運商名", 6)
    ('a very …', 'B0DEMO0…', '承運…')
    """
    if letters(text) <= width:
        return text
    words = fitting(text, width - 1).rpartition(" ")[0].rstrip()
    return f"{words} …" if words else f"{fitting(text, width - 1)}…"


def lines(text: Any, width: int = LETTERS, most: int = 99) -> list[str]:
    """
    A text in lines of at most `width` letters, and what does not fit in `most` of them cut off.

    Words and dates stay whole where they can; Chinese and Japanese break anywhere else, but no line
    begins with a comma or ends with an opening bracket.

    >>> lines("carrier China Post and shipping service Standard", 24)
    ['carrier China Post and', 'shipping service', 'Standard']
    >>> lines("追跡できない、普通郵便", 12)
    ['追跡できな', 'い、普通郵便']
    """
    rest = " ".join(str(text).split())
    found: list[str] = []
    while letters(rest) > width and len(found) < most - 1:
        longest = max(1, len(fitting(rest, width)))
        end = next((at for at in range(longest, 0, -1) if _breaks(rest, at)), longest)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, cut(rest, width)]


def _breaks(text: str, at: int) -> bool:
    """May a line end before this letter?"""
    before, after = text[at - 1 : at], text[at : at + 1]
    if after in ("", " ") or before == " ":
        return True
    # A date stays whole: 4月2日.
    if (before.isdigit() and after in UNITS) or (before in "年月" and after.isdigit()):
        return False
    wide = east_asian_width(before) in "WF" or east_asian_width(after) in "WF"
    return wide and after not in "，。、；：？！）”》%" and before not in "（“《"


def without_title(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout for a page that says the title itself, and gives light or dark ink."""
    rest = {key: part for key, part in layout.items() if key not in ("title", "template", "meta")}
    if "meta" not in layout:  # not drawn on our canvas
        return rest
    title = layout.get("title", {}).get("text", "")
    return rest | {"height": layout["height"] - TITLE_LINE * (title.count("<br>") + 1)}
