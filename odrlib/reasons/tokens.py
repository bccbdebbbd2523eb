"""
Tokens: a text cut into words, numbers, single characters of Chinese and Japanese, and stops.

A word is compared by its form: without case, accents, apostrophes and width ("Didn’t" is `didnt`,
"REÇU" is `recu`, "Größe" is `groesse`), Japanese in hiragana, Chinese in simplified characters,
common misspellings put right. The places of a token are those of the text as it was given, so that
whatever is found can be cut out of it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["word", "number", "character", "comma", "stop"]

# Latin letters with marks, full-width forms, and the invisible characters that hide inside words.
_LETTER = (
    r"[A-Za-z\u00aa\u00ad\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u0370-\u0fff"
    r"\u1e00-\u1fff\u200b-\u200d\u2060\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a]"
)
_APOSTROPHE = r"(?:['’‘`´ʼ′＇]|&#0?39;|&#x27;|&#8217;|&apos;|&rsquo;)"
_CHARACTER = (
    r"[\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff66-\uff9d]"
)
# French and Italian words that lose their last vowel: "n'est" is two words, "don't" is one.
_ELIDED = (
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu"
    r"|un|all|dell|dall|nell|sull|quest|quell|com|cos|dov)"
)
_TOKEN = re.compile(
    rf"(?P<elided>(?i:{_ELIDED}))(?={_APOSTROPHE}[^\W\d_])(?!{_APOSTROPHE}[tT]\b){_APOSTROPHE}"
    rf"|(?P<word>{_LETTER}+(?:{_APOSTROPHE}{_LETTER}+)*)"
    rf"|(?P<character>{_CHARACTER}[\uff9e\uff9f\u3099\u309a]?)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<stop>[.!?…。．！？｡\n\r\u2028]|<[^<>]{0,80}>)"
    r"|(?P<comma>[,;:()，、､；：（）—–|•·・]|(?<=\s)-(?=\s))"
    r"|(?:&\w{2,8};|&\#\d{1,6};)"
)
_APOSTROPHES = re.compile(_APOSTROPHE)
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060")
# Katakana to hiragana: "キズ" and "きず" are one word.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# German without umlauts is written so; "wäre" (would be) is not "Ware" (goods).
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NEVER_A_WORD = 40


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text: its kind, the form it is compared by, and its place in the text."""

    kind: Kind
    form: str
    start: int
    end: int


@dataclass(frozen=True)
class Spelling:
    """How forms are made: single characters and whole words that stand for others."""

    characters: Mapping[int, str]
    words: Mapping[str, str]

    def form(self, kind: Kind, raw: str) -> str:
        """The form that a piece of text is compared by."""
        if kind == "character":
            plain = unicodedata.normalize("NFKC", raw)
            return plain.translate(_KANA).translate(self.characters)
        if kind in ("word", "number"):
            form = latin(raw)
            return self.words.get(form, form)
        return "?" if raw in "?？" else ""


def latin(raw: str) -> str:
    """
    A word without case, width, accents and apostrophes.

    >>> latin("Didn’t"), latin("REÇU"), latin("Größe"), latin("ｌａｔｅ")
    ('didnt', 'recu', 'groesse', 'late')
    """
    if len(raw) > _NEVER_A_WORD:
        return ""
    if raw.isascii() and raw.isalpha():
        return raw.lower()
    bare = _APOSTROPHES.sub("", raw).translate(_INVISIBLE)
    folded = unicodedata.normalize("NFKC", bare).casefold().translate(_UMLAUTS)
    if len(folded) == 1:
        # In Italian "è" is "is" and "e" is "and".
        return folded
    apart = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def pieces(text: str) -> list[tuple[Kind, str, int, int]]:
    """The text cut up: kind, raw text, start and end of each piece."""
    found: list[tuple[Kind, str, int, int]] = []
    for match in _TOKEN.finditer(text):
        kind: Any = match.lastgroup  # a name of its groups: a Kind, or "elided"
        if kind == "elided":
            start, end = match.span("elided")
            found.append(("word", text[start:end], start, end))
        elif kind:
            found.append((kind, match.group(), *match.span()))
    return found
