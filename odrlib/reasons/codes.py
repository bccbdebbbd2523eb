"""Codes: what a return reason, a claim reason or a card-network code says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from odrlib.reasons.themes import data

_BRACKETS = re.compile(r"[(（][^()（）]{0,200}[)）]")
_JOINT = re.compile(r"[\s\-/]+")
# What stands between several codes in one cell, or between a code and its network's name.
_BETWEEN = re.compile(r"[\s;,，、|]+")


@dataclass(frozen=True)
class Code:
    """What a code says: its themes, whose fault it names ("" if it does not), a finer reading."""

    themes: tuple[str, ...]
    fault: str
    flag: str = ""


def plain_code(raw: str) -> str:
    """
    A code as it is compared: capitals, no prefix, no translation in brackets, "_" for every joint.

    >>> plain_code("CR-DEFECTIVE(客户退货-存在瑕疵)"), plain_code("AMZ-PG-APP-TOO-SMALL")
    ('DEFECTIVE', 'APP_TOO_SMALL')
    >>> plain_code("UND-UNKNOWN"), plain_code("UNDELIVERABLE_UNKNOWN")
    ('UNKNOWN', 'UNDELIVERABLE_UNKNOWN')
    """
    code = _JOINT.sub("_", _BRACKETS.sub("", raw).strip()).upper().strip("_.")
    for prefix in data("codes")["prefixes"]:
        code = code.removeprefix(f"{prefix}_")
    return code


def read_code(raw: str) -> Code | None:
    """
    What a code says, also if a network's name stands beside it; None for one that is not known.

    >>> read_code("CR-SWITCHEROO").themes, read_code("Visa 13.1").themes, read_code("53")
    (('T-WRONG',), ('T-INR',), None)
    """
    known = _known()
    whole = known.get(plain_code(raw)) or known.get(" ".join(raw.casefold().split()))
    if whole:
        return whole
    networks = data("codes")["networks"]
    for part in _BETWEEN.split(raw):
        if part.upper() in networks:
            return known[part.upper()]
    return None


@cache
def _known() -> dict[str, Code]:
    tables = data("codes")
    found = {
        name: Code(tuple(row["themes"]), row["fault"], row.get("flag", ""))
        for table in ("returns", "claims", "networks", "prose")
        for name, row in tables[table].items()
    }
    return found | {name: found[code] for name, code in tables["aliases"].items()}
