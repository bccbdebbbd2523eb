"""Which export is this? Told by the header or the shape of the values, not by the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from odrlib.exports import dates
from odrlib.exports.cells import Context, parse_order_id
from odrlib.exports.export import Column, Export
from odrlib.exports.known import EXPORTS
from odrlib.exports.limits import LONGEST_HEADING

_BRACKETED = re.compile(r"[(（\[【〔［].*?[)）\]】〕］]")
_NOISE = re.compile(r"[\s\-‐-―−_*:：;.。、'\"“”„`?？#/\\|\ufeff\u200b]+")


@lru_cache(1 << 14)
def plain_name(header: str) -> str:
    """
    A header cell without what varies: case, width, blanks, hyphens, stars, bracketed words.

    >>> plain_name(" *Amazon-Order_ID（必填）"), plain_name('"A-to-Z Claim"'), plain_name("ＳＫＵ")
    ('amazonorderid', 'atozclaim', 'sku')
    """
    text = unicodedata.normalize("NFKC", header[:LONGEST_HEADING]).casefold()
    return _NOISE.sub("", _BRACKETED.sub("", text)) or _NOISE.sub("", text)


@dataclass(frozen=True)
class Match:
    """An export, and the position of each of our columns in its header."""

    export: Export
    at: Mapping[str, int]

    @property
    def score(self) -> int:
        """How many of our columns the header has."""
        return len(self.at)


@dataclass(frozen=True)
class _Shape:
    """An export's headings as plain names: of each column, of those it must have, of others."""

    spelt: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    tells: tuple[str, ...]
    never: frozenset[str]


@cache
def _shape(name: str) -> _Shape:
    export = next(export for export in EXPORTS if export.name == name)
    return _Shape(
        {
            column.ours: tuple(dict.fromkeys(map(plain_name, column.theirs)))
            for column in export.columns
        },
        tuple(column.ours for column in export.columns if column.need),
        export.tells,
        frozenset(map(plain_name, export.never)),
    )


@cache
def _known() -> frozenset[str]:
    """Every heading of every export."""
    return frozenset(
        their
        for export in EXPORTS
        for spellings in _shape(export.name).spelt.values()
        for their in spellings
    )


def mapped(file: str, context: Context) -> dict[str, str]:
    """What store.toml says about this file: our column -> their header; `export` -> its name."""
    found: dict[str, str] = {}
    for pattern, columns in context.columns.items():
        if fnmatchcase(file.casefold(), pattern.casefold()) or fnmatchcase(
            file.rpartition("/")[2].casefold(), pattern.casefold()
        ):
            found |= columns
    return found


def _matched(export: Export, names: Mapping[str, int], extra: Mapping[str, str]) -> Match | None:
    shape = _shape(export.name)
    spelt, needed = shape.spelt, shape.needs
    if extra:
        spelt = {
            ours: (plain_name(extra[ours]), *theirs) if ours in extra else theirs
            for ours, theirs in spelt.items()
        }
    else:
        needed += shape.tells
    if any(names.keys().isdisjoint(spelt[ours]) for ours in needed):
        return None
    at = _places(spelt, names)
    if len(at) < min(2, len(export.columns)):
        return None
    return None if not extra and shape.never & names.keys() else Match(export, at)


def _places(spelt: Mapping[str, Iterable[str]], names: Mapping[str, int]) -> dict[str, int]:
    """Where each of our columns stands, by the first of its spellings that is there."""
    at = {}
    for ours, theirs in spelt.items():
        for their in theirs:
            if their in names:
                at[ours] = names[their]
                break
    return at


@lru_cache(1 << 10)
def candidates(file: str) -> tuple[Export, ...]:
    """The exports a file in this place may be: those of its place alone, if it has any."""
    placed = tuple(
        export
        for export in EXPORTS
        if export.path and fnmatchcase(file.casefold(), export.path.casefold())
    )
    return placed + tuple(export for export in EXPORTS if not export.path)


def recognise(header: Sequence[str], file: str, context: Context) -> Match | None:
    """
    The export whose columns the header has most of; None if it is none we know.

    An export that asks for this very place (`Export.path`) wins; then the number of columns found;
    then the order in `EXPORTS`.
    """
    # From the last cell to the first: of two alike the first counts.
    last = len(header) - 1
    names = dict(zip(map(plain_name, reversed(header)), range(last, -1, -1), strict=True))
    names.pop("", None)
    extra = mapped(file, context)
    if not extra and names.keys().isdisjoint(_known()):
        return None  # rows are asked too, because a header can stand below a title
    wanted = extra.pop("export", None)
    best = None
    for export in candidates(file):
        if export.format != "table" or (wanted and export.name != wanted):
            continue
        found = _matched(export, names, extra)
        if found and export.path:
            return found
        if found and (best is None or found.score > best.score):
            best = found
    return best


def recognise_fields(export: Export, fields: Sequence[str]) -> Match:
    """Where the columns of a JSON or XML export are among the fields of its records."""
    names = {plain_name(cell): place for place, cell in enumerate(fields)}
    return Match(export, _places(_shape(export.name).spelt, names))


def recognise_by_shape(
    header: Sequence[str], rows: Sequence[Sequence[str]], file: str, context: Context
) -> Match | None:
    """The export of fixed column order whose kinds most of the first rows have, or None."""
    for export in candidates(file):
        if not export.by_position or not rows or len(header) < len(export.columns):
            continue
        fits = [
            len(row) >= len(export.columns)
            and all(
                _has_shape(column, cell, context)
                for column, cell in zip(export.columns, row, strict=False)
            )
            for row in rows
        ]
        if sum(fits) > len(fits) / 2:
            return Match(export, {column.ours: at for at, column in enumerate(export.columns)})
    return None


def _has_shape(column: Column, cell: str, context: Context) -> bool:
    cell = cell.strip()
    if column.kind == "order_id":
        try:
            parse_order_id(cell)
        except ValueError:
            return False
        return True
    if column.kind == "day":
        days, _ = dates.read_dates([cell], context.date_order, two_digit_years=True)
        return not isinstance(days[0], str)
    if column.kind == "integer":
        return cell in ("1", "2", "3", "4", "5")
    return True
