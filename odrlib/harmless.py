"""Harmless: texts that only say something, whatever a file or a cell has put into them."""

from __future__ import annotations

import json
import re
from typing import Any

# Letters that steer instead of saying: control codes but tab and line feed, the marks that turn the
# direction of writing round, and halves of letters and two that are none, which no file of Word can
# hold.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def seen(text: str) -> str:
    r"""
    The text with what would steer a terminal or a line of text made a sign that is seen.

    >>> seen("\x1b[2Jred\u202egpj.exe"), seen("quite\tplain\n")
    ('␛[2Jred�gpj.exe', 'quite\tplain\n')
    """
    return _STEERING.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def json_text(value: Any) -> str:
    r"""
    The value as JSON to print: the same data, with what would steer a terminal as numbers.

    >>> print(json_text("\x1b[2J\u202e東京"))
    "\u001b[2J\u202e東京"
    """
    return as_numbers(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def as_numbers(text: str) -> str:
    r"""
    JSON with what would steer a terminal as numbers; it holds the same data.

    >>> print(as_numbers('{"file": "\u202egpj.exe\x9b31m"}'))
    {"file": "\u202egpj.exe\u009b31m"}
    """
    if text.isascii() and "\x7f" not in text:  # JSON has the others as numbers anyway
        return text
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
