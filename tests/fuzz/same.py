"""When are the facts of two folders the same? All of facts.json, but for what names a place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# Where a row stands says nothing about it. `text` is the cell that a finding points at.
PLACES = ("line", "text")
# What a file is called and how it is written, for laws that write the same rows in another way.
WRITING = ("sha256", "bytes", "encoding", "delimiter")


def same(facts: dict[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """facts.json without lines, hashes and the order in which files are listed."""
    text = json.dumps(facts, ensure_ascii=False)
    for old, new in (names or {}).items():
        text = text.replace(json.dumps(old, ensure_ascii=False)[1:-1], json.dumps(new)[1:-1])
    kept = _without(json.loads(text), PLACES)
    kept["sources"] = _sorted(_without(kept["sources"], WRITING))
    kept["set_aside"] = _sorted(kept["set_aside"])
    kept["quality"] = _sorted(kept["quality"])
    # The analyst's own list is shown in the analyst's own order.
    kept["noted"] = _sorted(kept["noted"])
    return kept


def without_files(facts: dict[str, Any]) -> dict[str, Any]:
    """facts.json but for what is said of the files themselves: sources, rows set aside, quality."""
    kept = _without(same(facts), ("file", "line"))
    of_files = ("sources", "set_aside", "quality")
    return {name: part for name, part in kept.items() if name not in of_files}


def numbers_of(value: Any) -> Any:
    """The value with a mark for each text, so that only numbers, flags and the shape are left."""
    if isinstance(value, dict):
        return {key: numbers_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [numbers_of(one) for one in value]
    return "text" if isinstance(value, str) else value


def differences(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two values differ, as paths with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return [d for key in keys for d in differences(one.get(key), other.get(key), f"{at}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{at}[{n}]")]
    return [] if one == other else [f"{at}: {one!r:.300} != {other!r:.300}"]


def _without(value: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, keys) for key, one in value.items() if key not in keys}
    return [_without(one, keys) for one in value] if isinstance(value, list) else value


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False))
