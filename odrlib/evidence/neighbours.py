"""Neighbours: the other stores beside this one, and what of a file is theirs."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from odrlib.evidence import rules
from odrlib.evidence.folder import FOLDER
from odrlib.exports.limits import LARGEST_SETTINGS
from odrlib.folders import plain_files
from odrlib.settings import FILE, stores_beside
from odrlib.store import INPUT_FOLDERS, Store

_SHORT = 4  # a name or id of fewer letters is too common to mean a store


@dataclass(frozen=True)
class Neighbour:
    """Another store: a sibling folder with a store.toml."""

    id: str
    name: str
    seller_id: str
    folder: Path = field(repr=False)

    @property
    def title(self) -> str:
        """The store's name, or its id."""
        return self.name or self.id

    @cached_property
    def _sizes(self) -> dict[int, list[Path]]:
        sizes: dict[int, list[Path]] = {}
        for path in plain_files(self.folder / FOLDER):
            with suppress(OSError):  # gone by now
                sizes.setdefault(path.stat().st_size, []).append(path)
        return sizes

    @cached_property
    def _hashes(self) -> dict[Path, str]:
        return {}

    def holds(self, size: int, sha256: str) -> str:
        """Its evidence file with the same bytes, as a path inside it; "" if there is none."""
        for path in self._sizes.get(size, []):
            if path not in self._hashes:
                with suppress(OSError), open(path, "rb") as file:  # not ours to read
                    self._hashes[path] = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 and self._hashes.get(path) == sha256:
                return path.relative_to(self.folder).as_posix()
        return ""

    def knows(self, words: Iterable[str]) -> frozenset[str]:
        """Which order ids or tracking numbers stand in its downloads, ledgers and folder names."""
        left = set(words)
        known = {word for word in left if (self.folder / FOLDER / word).is_dir()}
        budget = rules.limit("searched_bytes")
        for room in INPUT_FOLDERS:
            for path in plain_files(self.folder / room):
                if not left - known or budget <= 0:
                    return frozenset(known)
                try:
                    with open(path, "rb") as file:
                        raw = file.read(budget)
                except OSError:  # not ours to read
                    continue
                budget -= len(raw)
                wide = raw.replace(b"\x00", b"") if b"\x00" in raw[:200] else raw
                known |= {word for word in left - known if word.encode() in wide}
        return frozenset(known)


def neighbours(store: Store) -> list[Neighbour]:
    """The other stores beside this one, by folder name; a broken store.toml still makes one."""
    found = []
    for folder in stores_beside(store.folder):
        keys = keys_of(folder / FILE) or {}
        found.append(
            Neighbour(
                id=_text(keys.get("id")) or folder.name,
                name=_text(keys.get("name")),
                seller_id=_text(keys.get("seller_id")),
                folder=folder,
            )
        )
    return found


def keys_of(path: Path) -> Mapping[str, object] | None:
    """What the store.toml of another store says; None if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return tomllib.loads(file.read(LARGEST_SETTINGS).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def names_of(store: Store, others: Iterable[Neighbour]) -> dict[str, tuple[str, ...]]:
    """
    For each neighbour's id, the words that can only mean it: name, seller id and id.

    A word that is part of this store's own names means nothing.
    """
    own = store.settings
    mine = rules.plain(" ".join([own.id, own.name, own.seller_id]))
    words = {}
    for other in others:
        said = (rules.plain(word) for word in (other.name, other.seller_id, other.id))
        words[other.id] = tuple(word for word in said if len(word) >= _SHORT and word not in mine)
    return words


def named(text: str, words: Iterable[str]) -> bool:
    """
    Does the text hold one of the words, whole?

    >>> named("invoice of acme trading ltd", ["acme trading"]), named("tacme", ["acme"])
    (True, False)
    """
    # Most words stand nowhere in it: a pattern is made for the others only.
    return any(
        re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None
        for word in words
        if word in text
    )
