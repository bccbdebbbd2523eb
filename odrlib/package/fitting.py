"""
Fitting: the best step for each file with which the package has as few parts as it can have.

Everything is measured: a file is made at a step, its bytes are counted and laid aside on disk.
First all files at their best; if that is one part, it is done. Else all at the floor, which tells
the fewest parts that there can be; then, step by step, each file is made better while they hold.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from odrlib.package import rules
from odrlib.package.choice import Chosen
from odrlib.package.form import Form
from odrlib.package.forming import FLOOR, STEPPED, NotPacked, Press
from odrlib.package.sharing import shared

# Pictures in the making at a time: each takes the memory of its points.
_HANDS = 4
# A step is given up after so many files in a row that it would make too large.
_PATIENCE = 12
# Bytes that a ZIP spends on a file besides its data, without its name twice.
_ENTRY = 30 + 46


@dataclass(frozen=True)
class Laid:
    """A form laid aside: its bytes are in a file, and `size` is what they take in a ZIP."""

    form: Form
    path: Path = field(repr=False)
    step: int
    size: int


class Bench:
    """Makes forms and lays them aside in a folder; each file once per step."""

    def __init__(self, press: Press, chosen: Sequence[Chosen], folder: Path, name: int) -> None:
        """`name` : letters of the longest name in the package."""
        self.press = press
        self.chosen = {(one.folder, one.name): one for one in chosen}
        self.folder = folder
        self.entry = _ENTRY + 2 * name
        self.numbers = {key: number for number, key in enumerate(sorted(self.chosen))}

    def lay(self, key: tuple[str, str], step: int) -> Laid:
        """The file at a step; NotPacked if it cannot go in."""
        form = self.press.form(self.chosen[key], step)
        path = self.folder / f"{self.numbers[key]}-{step}"
        path.write_bytes(form.data)
        size = min(len(form.data), len(zlib.compress(form.data, 9))) + self.entry
        return Laid(replace(form, data=b""), path, step, size)

    def stepped(self, key: tuple[str, str]) -> bool:
        """Does a step make it smaller?"""
        return self.chosen[key].kind in STEPPED


Lay = dict[tuple[str, str], Laid]


def fitted(bench: Bench, room: int) -> tuple[Lay, dict[tuple[str, str], str]]:
    """
    Every file at its step, and those that stay out after all with the reason why.

    Parameters
    ----------
    room : bytes that one ZIP has for files
    """
    out: dict[tuple[str, str], str] = {}
    # What the originals weigh tells whether trying the best first is worth the time.
    weight = sum(one.size for one in bench.chosen.values())
    first = 0 if weight <= 2 * room else FLOOR
    lay = _all_at(bench, first, out)
    if first == 0 and (len(_parts(lay, room)) > 1 or _too_large(lay, room)):
        lay = _lowered(bench, lay)
    for key in _too_large(lay, room):
        out[key] = "over-the-limit"
        del lay[key]
    if lay and any(laid.step for laid in lay.values()):
        lay = _raised(bench, lay, room)
    return lay, out


def _all_at(bench: Bench, step: int, out: dict[tuple[str, str], str]) -> Lay:
    """Every file at a step; pictures side by side, because Pillow lets go of the interpreter."""
    keys = sorted(bench.chosen)
    pictures = [key for key in keys if bench.chosen[key].kind == "image"]
    with ThreadPoolExecutor(min(_HANDS, os.cpu_count() or 1)) as hands:
        made = dict(zip(pictures, hands.map(partial(_laid, bench, step), pictures), strict=True))
    lay = {}
    for key in keys:
        done = made.get(key) or _laid(bench, step if bench.stepped(key) else 0, key)
        if isinstance(done, Laid):
            lay[key] = done
        else:
            out[key] = done
    return lay


def _laid(bench: Bench, step: int, key: tuple[str, str]) -> Laid | str:
    """The file at a step, or why it stays out."""
    try:
        return bench.lay(key, step)
    except NotPacked as error:
        return error.why


def _lowered(bench: Bench, lay: Lay) -> Lay:
    """All at the floor; a file that is no smaller there, or cannot be, stays as it is."""
    lower = {}
    for key, laid in lay.items():
        floor = _laid(bench, FLOOR, key) if bench.stepped(key) else laid
        lower[key] = floor if isinstance(floor, Laid) and floor.size < laid.size else laid
    return lower


def _too_large(lay: Lay, room: int) -> list[tuple[str, str]]:
    return [key for key, laid in lay.items() if laid.size > room]


def _parts(lay: Lay, room: int) -> list[list[tuple[str, str]]]:
    return shared({key: laid.size for key, laid in lay.items()}, room) if lay else []


def _raised(bench: Bench, lay: Lay, room: int) -> Lay:
    """Files made better, step by step and by name, as long as no part more is needed."""
    parts = len(_parts(lay, room))
    for step in range(FLOOR - 1, -1, -1):
        worse = [key for key, laid in sorted(lay.items()) if laid.step > step]
        refused = 0
        for key in worse:
            free = parts * room - sum(laid.size for laid in lay.values())
            if refused >= _PATIENCE or free < rules.limit("room") * parts * room:
                return lay
            better = _laid(bench, step, key)
            if not isinstance(better, Laid):
                refused += 1
                continue
            tried = lay | {key: better}
            if better.size <= room and len(_parts(tried, room)) <= parts:
                lay[key].path.unlink(missing_ok=True)
                lay, refused = tried, 0
            else:
                better.path.unlink(missing_ok=True)
                refused += 1
        if refused:
            return lay
    return lay
