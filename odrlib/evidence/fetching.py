"""Fetching: what to get next, ordered by what it closes, the nearest deadline first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import pandas as pd

from odrlib.columns import framed
from odrlib.evidence.cell import Cell, Fault, joined
from odrlib.evidence.rules import CLASSES
from odrlib.languages import mark, tr

COLUMNS = {
    "order_id": "str", "class": "str", "fetch": "str", "closes": "int64",
    "deadline": "datetime64[us]", "source": "str",
}  # fmt: skip
NOTHING = mark("nothing that can be fetched closes this: say so in the plan, with what prevents it")


def next_fetches(cells: Iterable[Cell], deadlines: dict[str, date]) -> pd.DataFrame:
    """
    One row per cell that is not closed.

    Returns
    -------
    DataFrame, most closed first, then the nearest deadline: `order_id`, `class`, `fetch` (what, and
    from whom), `closes` (how many cells the same errand closes; 0 if nothing fetched would),
    `deadline` (missing if no ledger has one), `source` (whom one asks; empty if nobody is named)
    """
    rows = [
        (cell, _helping(cell))
        for cell in cells
        if cell.state in ("contradicted", "open", "unknown")
    ]
    errands = Counter(_errand(cell, faults) for cell, faults in rows)
    found = [
        (
            cell.order_id,
            cell.class_,
            joined(fault.fetch for fault in faults) or tr(NOTHING),
            errands[_errand(cell, faults)] if all(f.helps for f in faults) and faults else 0,
            deadlines.get(cell.order_id),
            faults[0].source if len(faults) == 1 else "",
        )
        for cell, faults in rows
    ]
    rank = {name: place for place, name in enumerate(CLASSES)}
    found.sort(key=lambda row: (-row[3], row[4] or date.max, rank[row[1]], row[0]))
    return framed(found, COLUMNS)


def _helping(cell: Cell) -> list[Fault]:
    """The faults that something fetched would end; none if another fault stays whatever is done."""
    faults = [fault for fault in cell.faults if fault.effect != "note"]
    if any(not fault.fetch for fault in faults):
        return []
    return list({fault.fetch: fault for fault in faults}.values())


def _errand(cell: Cell, faults: list[Fault]) -> tuple[str, ...]:
    """Cells of one class that lack one and the same thing, from one and the same source."""
    if len(faults) == 1 and faults[0].source:
        return cell.class_, faults[0].id, faults[0].source
    return cell.class_, cell.order_id
