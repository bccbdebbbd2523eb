"""Nearest: what a file that nobody knows comes closest to, and the lines that would map it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape

from odrlib.exports.export import Export
from odrlib.exports.recognise import candidates, plain_name
from odrlib.languages import tr


@dataclass(frozen=True)
class Near:
    """
    A kind of file that a header comes close to.

    Parameters
    ----------
    found : our columns that the header has
    missing : our columns without which the file is not taken for this kind
    """

    export: Export
    found: tuple[str, ...]
    missing: tuple[str, ...]


def nearest(header: Sequence[str], file: str, top: int = 3) -> tuple[Near, ...]:
    """
    The kinds of file whose columns the header has most of, the fewest missing first among equals.

    Only kinds of which at least one column is there; a header that held data is empty, and near
    nothing.
    """
    names = {plain_name(cell) for cell in header} - {""}
    near = [
        one
        for export in candidates(file)
        if export.format == "table" and (one := _near(export, names)).found
    ]
    near.sort(key=lambda one: (-len(one.found), len(one.missing)))
    return tuple(near[:top])


def _near(export: Export, names: set[str]) -> Near:
    found = tuple(
        column.ours
        for column in export.columns
        if any(plain_name(their) in names for their in column.theirs)
    )
    wanted = [
        column.ours for column in export.columns if column.need or column.ours in export.tells
    ]
    return Near(export, found, tuple(ours for ours in wanted if ours not in found))


def columns_lines(near: Near, header: Sequence[str], file: str) -> list[str]:
    """The lines to paste into store.toml, with the headers to choose from."""
    known = {plain_name(their) for column in near.export.columns for their in column.theirs}
    free = [cell.strip() for cell in header if cell.strip() and plain_name(cell) not in known]
    choice = tr("  # one of: {headers}", headers=" | ".join(free)) if free else ""
    # The key is a pattern, and a TOML string is written as a JSON string is.
    pattern = json.dumps(escape(file), ensure_ascii=False)
    lines = [f"[columns.{pattern}]", f'export = "{near.export.name}"']
    return lines + [f'{ours} = "…"{choice}' for ours in near.missing]
