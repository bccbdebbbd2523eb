"""Exempt: the orders that an approved appeal took off, and the counts without them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from odrlib.appeal.journal import write_safely
from odrlib.appeal.judging import EVERY_KIND
from odrlib.appeal.register import read_register
from odrlib.policy import KINDS
from odrlib.store import EXEMPTED

COLUMNS = ("order_id", "kind", "requested_on", "result", "decided_on", "note")


def exempted(store: str | Path) -> pd.DataFrame:
    """
    What Amazon took off, as the register has it.

    Returns
    -------
    DataFrame: order_id, kind (claim, chargeback, negative_feedback, or "*" for all), since (the day
    of the approval), note (its reason), case
    """
    rows = [
        (order, kind, since, note, case.id)
        for case in read_register(store).cases.values()
        for order, kind, since, note in case.exempted
    ]
    columns = ["order_id", "kind", "since", "note", "case"]
    table = pd.DataFrame(rows, columns=columns)
    table["since"] = table["since"].astype("datetime64[us]")
    for column in ("order_id", "kind", "note", "case"):
        table[column] = table[column].astype("str")
    return table.drop_duplicates(["order_id", "kind"]).sort_values(
        ["order_id", "kind"], ignore_index=True
    )


def write_exempted(store: str | Path) -> Path | None:
    """
    Write `appeals/exempted.csv`, which the store is read with, and return it.

    It has the columns of the removals ledger, one row per order and kind. It is made from the
    register alone and can be made again; nothing is written while nothing is exempted.
    """
    path = Path(store) / EXEMPTED
    found = exempted(store)
    if found.empty and not path.exists():
        return None
    lines = [",".join(COLUMNS)]
    for row in found.to_dict("records"):
        kinds = KINDS if row["kind"] == EVERY_KIND else (row["kind"],)
        day = f"{row['since']:%Y-%m-%d}"
        note = f"approved appeal {row['case']}"
        lines += [f"{row['order_id']},{kind},{day},removed,{day},{note}" for kind in kinds]
    write_safely(path, ("\n".join(lines) + "\n").encode("utf-8"))
    return path
