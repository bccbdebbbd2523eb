"""Rules: what each kind of defect needs, and the bounds and words to judge it by, as data."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from odrlib.languages import tr

CLASSES = ("logistics", "communication", "remedy")
UNKNOWN = "unknown"


@cache
def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this page: "rules" or "cues"."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def bound(name: str) -> Any:
    """A number of `[bounds]` in rules.toml."""
    return data("rules")["bounds"][name]


def limit(name: str) -> int:
    """A number of `[limits]` in rules.toml."""
    number: int = data("rules")["limits"][name]
    return number


def needed(kinds: Iterable[str], topic: str | None) -> dict[str, str]:
    """
    The classes of evidence that an order with these defects needs, each with the reason why.

    Parameters
    ----------
    kinds : kinds of defect that count on the order
    topic : Amazon's cause topic of the defect (NR, DI, DP, CS, DQ, OT); None if nobody knows

    >>> sorted(needed(["claim"], "DQ")), sorted(needed(["chargeback"], None)), needed([], "NR")
    (['communication', 'remedy'], ['communication', 'logistics'], {})
    """
    kinds = set(kinds)
    return {
        name: tr(row["why"])
        for row in data("rules")["needs"]
        if row["kind"] in kinds and (topic or UNKNOWN) in row["topics"]
        for name in row["classes"]
    }


def plain(text: str) -> str:
    """
    Text as cues are looked for in it: NFKC, lower case, with plain apostrophes and hyphens.

    >>> plain("Ｐｒｏｏｆ of Delivery – don’t")
    "proof of delivery - don't"
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("’‘ʼ`´", "'") | dict.fromkeys("​‌‍﻿\xad")
)


def words(*path: str) -> re.Pattern[str]:
    """
    One pattern for a list of cues.toml, longest first; Latin words match as whole words.

    >>> bool(words("signature", "words").search("signed by a neighbour"))
    True
    >>> bool(words("remedy_kinds", "refund").search("credits"))
    False
    """
    return _words(path)


@cache
def _words(path: tuple[str, ...]) -> re.Pattern[str]:
    listed: Any = data("cues")
    for name in path:
        listed = listed[name]
    longest_first = sorted(map(plain, listed), key=len, reverse=True)
    # One look at the edges for all words in a row that have the same.
    return re.compile(
        "|".join(
            f"{before}(?:{'|'.join(map(_word, group))}){after}"
            for (before, after), group in groupby(longest_first, _edges)
        )
    )


def _edges(word: str) -> tuple[str, str]:
    """What may not stand beside a word: Latin ones are whole words, Chinese ones stand anywhere."""
    before = rf"(?<!{_LATIN})" if re.match(_LATIN, word[0]) else ""
    after = rf"(?!{_LATIN})" if re.match(_LATIN, word[-1]) else ""
    return before, after


def _word(word: str) -> str:
    """The word; blanks may be line ends."""
    return r"\s{1,3}".join(map(re.escape, word.split()))


_LATIN = "[0-9a-z\u00df-\u024f]"


def is_listed(text: str, *path: str) -> bool:
    """
    Is the whole text one word of a list of cues.toml?

    >>> [is_listed(text, "no_reason", "words") for text in (" Goodwill ", "goodwill gesture")]
    [True, False]
    """
    return bool(_words(path).fullmatch(plain(text).strip()))
