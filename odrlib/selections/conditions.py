"""Conditions: what a selection asks of its orders, as text that people and programs read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from odrlib.errors import BadParameter
from odrlib.languages import tr

# One condition, and what divides it from the next. A value in quotes is JSON.
_CONDITION = re.compile(
    r"\s*(?P<column>\w+)(?: is (?P<missing>unknown)| = "
    r'(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<plain>[^;"\s](?:[^;]*[^;\s])?)))\s*(?:;|$)'
)
# A plain value stands as it is; any other is put in quotes, so that it reads back as it was.
_PLAIN = re.compile(r'[^;"\s]([^;\n\r\t]*[^;\s])?')


def conditions_text(where: Mapping[str, str | None]) -> str:
    """
    The conditions as one readable line, which `conditions` reads back.

    >>> conditions_text({"carrier": "China Post", "tracked": "no", "sku": None})
    'carrier = China Post; tracked = no; sku is unknown'
    """
    return "; ".join(
        f"{column} is unknown" if value is None else f"{column} = {_written(value)}"
        for column, value in where.items()
    )


def _written(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and value.isprintable()
    return value if plain else json.dumps(value, ensure_ascii=not value.isprintable())


def conditions(text: str) -> dict[str, str | None]:
    """
    The conditions that a line states; none for an empty one.

    >>> conditions("carrier = China Post; sku is unknown")
    {'carrier': 'China Post', 'sku': None}

    Raises
    ------
    BadParameter : the line is not made of conditions such as `carrier = China Post`
    """
    found: dict[str, str | None] = {}
    at = 0
    while text[at:].strip():
        match = _CONDITION.match(text, at)
        if match is None:
            raise _no_conditions(text)
        quoted, plain = match["quoted"], match["plain"]
        try:
            value = None if match["missing"] else _unquoted(quoted) if quoted else plain
        except ValueError as error:
            raise _no_conditions(text) from error
        found[match["column"]] = value
        at = match.end()
    return found


def _unquoted(text: str) -> str:
    """The value in quotes; half a letter, which no file can hold, becomes a question mark."""
    return json.loads(text).encode("utf-8", errors="replace").decode()


def _no_conditions(text: str) -> BadParameter:
    return BadParameter(
        tr("{text!r} is no list of conditions; write it like sku = A-1; tracked = no", text=text)
    )
