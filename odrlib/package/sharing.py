"""Sharing: files over as few parts as hold them; an order's files stay together where they can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def shared(sizes: Mapping[tuple[str, Key], int], room: int) -> list[list[tuple[str, Key]]]:
    """
    The parts, each a sorted list of (folder, file); every file is in exactly one of them.

    Largest folders first, each into the first part with room for all of it. A folder that no part
    holds is spread over parts of its own, file by file in order.

    Parameters
    ----------
    sizes : bytes of each (folder, file); none may be larger than `room`
    room : bytes that a part has for files

    >>> shared({("a", 1): 6, ("b", 1): 5, ("b", 2): 4, ("c", 1): 3}, 10)
    [[('a', 1), ('c', 1)], [('b', 1), ('b', 2)]]
    """
    folders: dict[str, list[tuple[str, Key]]] = {}
    for key in sorted(sizes):
        folders.setdefault(key[0], []).append(key)
    whole = {folder: sum(sizes[key] for key in keys) for folder, keys in folders.items()}
    parts: list[list[tuple[str, Key]]] = []
    free: list[int] = []
    for folder in sorted(folders, key=lambda one: (-whole[one], one)):
        for chunk in _chunks(folders[folder], sizes, room):
            size = sum(sizes[key] for key in chunk)
            at = next((at for at, left in enumerate(free) if left >= size), len(parts))
            if at == len(parts):
                parts.append([])
                free.append(room)
            parts[at] += chunk
            free[at] -= size
    return sorted(sorted(part) for part in parts)


def _chunks(
    keys: Sequence[tuple[str, Key]], sizes: Mapping[tuple[str, Key], int], room: int
) -> list[list[tuple[str, Key]]]:
    """The files of one folder, cut only where a part would overflow."""
    chunks: list[list[tuple[str, Key]]] = [[]]
    left = room
    for key in keys:
        if sizes[key] > left and chunks[-1]:
            chunks.append([])
            left = room
        chunks[-1].append(key)
        left -= sizes[key]
    return chunks
