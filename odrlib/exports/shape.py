"""Shape: what a cell that cannot be used looks like, without what it says."""

from __future__ import annotations

import re

# Ids, days and rounded numbers that are nearly right are shown as they are: nobody is in them. A
# telephone number is neither: 415-555-2671, or one after the day.
_USUAL = re.compile(
    r"'?(?:\d{3}|S0\d)-\d{5,}-\d{5,}"
    r"|\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ]+\d{1,2}(?::\d{1,2}){1,2}(?:\.\d{1,9})?)?"
    r" ?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d+[.,]?\d*[eE]\+?\d+"
)
_FEW_LETTERS, _FEW_DIGITS, _SHOWN = 3, 6, 40


def shape(text: str) -> str:
    """
    What a cell that cannot be used looks like: where cells have moved, a buyer may stand in it.

    >>> shape("112-1234567-12345"), shape("2026-13-45"), shape("1.12E+17"), shape("n/a")
    ('112-1234567-12345', '2026-13-45', '1.12E+17', 'n/a')
    >>> shape("Ann Buyer"), shape("ann@example.com"), shape("+49 171 1234567")
    ('xxx xxxxx', 'xxx@xxxxxxx.xxx', '+99 999 9999999')
    >>> shape("415-555-2671"), shape("2026-07-28 16:49:40 +14155550521"), shape("王小明")
    ('999-999-9999', '9999-99-99 99:99:99 +99999999999', 'xxx')
    """
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    # Two letters are a whole name in Chinese.
    few = letters <= _FEW_LETTERS and digits <= _FEW_DIGITS and text.isascii()
    if len(text) <= _SHOWN and (few or _USUAL.fullmatch(text)):
        return text
    found = re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", text[:_SHOWN]))
    return found if len(text) <= _SHOWN else f"{found}…"
