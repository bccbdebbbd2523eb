"""Classify: the themes of each statement, from its code and its text, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from odrlib.columns import typed
from odrlib.errors import BadParameter
from odrlib.exports.columns import beside
from odrlib.languages import tr
from odrlib.reasons.codes import Code, read_code
from odrlib.reasons.hits import Reader
from odrlib.reasons.texts import Reading, read_text, reader
from odrlib.reasons.themes import THEMES

STATES = ("coded", "no complaint", "not understood", "no text")
SAFETY, REMORSE = "T-SAFETY", "T-REMORSE"
_SILENT = Reading("unknown", (), frozenset(), (), (), service=False, words=False, pleased=False)
_NO_CODE = Code((), "")


def classify_reasons(
    said: pd.DataFrame | pd.Series | Sequence[str | None],
    *,
    text: str = "text",
    code: str = "code",
) -> pd.DataFrame:
    """
    What each statement complains of, from its reason code and from the words of its text.

    A code beats a text: its themes come first. Danger (T-SAFETY) comes before both, and a threat
    with a bad rating (T-BLACKMAIL) is noted and never primary. Equal statements get equal answers,
    whatever else is in the table.

    Parameters
    ----------
    said : a table such as that of `statements`, or just the texts
    text, code : its columns; one of them may be absent

    Returns
    -------
    The table (of texts: a column `text`), same rows, same order, with these columns added:

    - `language` of the text: en, zh, de, ja, fr, es, it or unknown
    - `themes` (tuple of ids, `primary` first, the rest by priority), `primary`, `topic` of the
      primary (NR, DI, DP, CS, DQ, OT); both missing where nothing is known
    - `from_code`, `from_text` (tuples of ids)
    - `spans` (tuple of (theme, start, end): `text[start:end]` is the cue), `negated` (likewise:
      cues that are denied, supposed or asked about)
    - `fault` that the code names: seller, buyer, carrier, review; missing without one
    - `product_only`: the text complains of the product and says nothing at all of seller or
      delivery, not even praise; missing where the text has no theme
    - `contradiction`: code and text disagree, and `contradicts`, the rule by which they do
    - `says_delivered`: not received although the carrier says so
    - `state`: one of `STATES`

    Raises
    ------
    BadParameter for a table that has neither column

    >>> found = classify_reasons(["Never arrived!", "Not late at all.", ""])
    >>> found["primary"].fillna("-").tolist(), found["state"].tolist()
    (['T-INR', '-', '-'], ['coded', 'no complaint', 'no text'])
    """
    table = _as_table(said, text, code)
    texts, codes = _column(table, text), _column(table, code)
    by = reader()
    known: dict[tuple[str, str], dict[str, Any]] = {}
    rows = []
    for pair in zip(codes, texts, strict=True):
        if pair not in known:
            known[pair] = _row(*pair, by)
        rows.append(known[pair])
    found = _columns(rows)
    return beside(table[[name for name in table.columns if name not in found]], found)


def _as_table(said: Any, text: str, code: str) -> pd.DataFrame:
    if isinstance(said, pd.Series):
        return said.rename(text).to_frame()
    if not isinstance(said, pd.DataFrame):
        if isinstance(said, str):
            raise BadParameter(tr("give the texts as a list, not one text"))
        return pd.DataFrame({text: pd.Series(list(said), dtype="str")})
    if text not in said and code not in said:
        raise BadParameter(
            tr(
                "the table has neither a column {text!r} nor a column {code!r}",
                text=text,
                code=code,
            )
        )
    return said


def _column(table: pd.DataFrame, name: str) -> list[str]:
    """The column as plain texts; missing is empty."""
    if name not in table:
        return [""] * len(table)
    texts: list[str] = table[name].astype("str").fillna("").tolist()
    return texts


def _row(code: str, text: str, by: Reader) -> dict[str, Any]:
    """The answer for one pair of code and text."""
    meant = coded(code, by)
    reading = read_text(text, by) if text else _SILENT
    themes = _ordered(meant.themes, reading.themes)
    primary = next((theme for theme in themes if THEMES[theme].alone), None)
    why = contradiction(meant, reading)
    return {
        "language": reading.language,
        "themes": themes,
        "primary": primary,
        "topic": THEMES[primary].topic if primary else None,
        "from_code": meant.themes,
        "from_text": reading.themes,
        "spans": reading.spans,
        "negated": reading.denied,
        "fault": meant.fault or None,
        "product_only": not reading.service if _complains(reading) else None,
        "contradiction": bool(why),
        "contradicts": why or None,
        "says_delivered": "says_delivered" in reading.flags or meant.flag == "says_delivered",
        "state": _state(themes, reading),
    }


def code_themes(code: str) -> tuple[str, ...]:
    """The themes that a reason code names, or words in its place, the first in priority first."""
    return _ordered(coded(code, reader()).themes, ())


def coded(code: str, by: Reader) -> Code:
    """What a code says; what is no known code is read as a text."""
    if not code.strip():
        return _NO_CODE
    meant = read_code(code)
    if meant is not None:
        return meant
    reading = read_text(code.replace("_", " "), by)
    fault = "buyer" if reading.themes == (REMORSE,) else "seller" if reading.themes else ""
    flag = next(iter(sorted(reading.flags)), "")
    return Code(reading.themes, fault, flag)


def _ordered(from_code: tuple[str, ...], from_text: tuple[str, ...]) -> tuple[str, ...]:
    """The themes, those of the code first; danger before all, what is never a cause last."""
    rank = {theme: (theme not in from_code, THEMES[theme].rank) for theme in from_text}
    rank |= {theme: (False, THEMES[theme].rank) for theme in from_code}
    return tuple(
        sorted(rank, key=lambda theme: (not THEMES[theme].alone, theme != SAFETY, rank[theme]))
    )


def _complains(reading: Reading) -> bool:
    return any(THEMES[theme].alone for theme in reading.themes)


def _state(themes: tuple[str, ...], reading: Reading) -> str:
    if themes:
        return "coded"
    if not reading.words:
        return "no text"
    return "no complaint" if reading.pleased else "not understood"


def contradiction(meant: Code, reading: Reading) -> str:
    """
    The rule by which a code and a text disagree; "" if they do not.

    - "fault against remorse": the code blames the seller, the text only a change of mind
    - "remorse against fault": the code says a change of mind, the text blames the seller
    - "denied": the text denies what the code says, and says nothing that goes with it
    - "another fault": no theme of the text can be true beside the code's

    Themes that come on top of another complaint (late, service, refund) disagree with none.
    """
    said = [theme for theme in reading.themes if not THEMES[theme].addition]
    blamed = [theme for theme in reading.themes if theme != REMORSE and THEMES[theme].alone]
    if meant.fault == "seller" and said == [REMORSE]:
        return "fault against remorse"
    if meant.fault == "buyer" and blamed and not _agree(meant.themes, blamed):
        return "remorse against fault"
    if not meant.themes:
        return ""
    denied = {theme for theme, _, _ in reading.denied}
    if denied & set(meant.themes) and not _agree(meant.themes, reading.themes):
        return "denied"
    if said and REMORSE not in meant.themes and not _agree(meant.themes, said):
        return "another fault"
    return ""


def _agree(some: Sequence[str], others: Sequence[str]) -> bool:
    """Does any theme go with any of the others?"""
    return any(THEMES[one].agrees(THEMES[other]) for one in some for other in others)


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answers as columns."""
    kinds = {
        "language": "category", "themes": "object", "primary": "str", "topic": "str",
        "from_code": "object", "from_text": "object", "spans": "object", "negated": "object",
        "fault": "str", "product_only": "boolean", "contradiction": "bool", "contradicts": "str",
        "says_delivered": "bool", "state": "str",
    }  # fmt: skip
    return {name: typed([row[name] for row in rows], kind) for name, kind in kinds.items()}
