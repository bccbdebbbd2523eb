"""Words for evidence: the matrix, each order and what to fetch, in lines."""

from __future__ import annotations

import pandas as pd

from odrlib.evidence import Evidence, said_class, said_state
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.words.plain import kind_name, listing

# What a reader looks for first.
STATES = ("contradicted", "open", "unknown", "closed")


def evidence_summary(cells: pd.DataFrame) -> str:
    """
    How many orders are proven, and how many cells keep the others from it, in one sentence.

    Parameters
    ----------
    cells : `Evidence.cells`: one row per order and class
    """
    orders = cells["order_id"].nunique()
    if not orders:
        return tr("No defective order asks for evidence.")
    lacking = cells[cells["state"].isin(["contradicted", "open", "unknown"])]
    left = lacking["order_id"].nunique()
    told = {"closed": orders - left, "orders": count(orders, "defective order")}
    if not left:
        return tr("{closed:,} of {orders} closed by evidence, nothing is missing.", **told)
    held = lacking["state"].value_counts()
    parts = [
        tr("{number:,} {state}", number=held[state], state=said_state(state))
        for state in STATES
        if state in held
    ]
    return tr(
        "{closed:,} of {orders} closed by evidence; of the cells of the others, {cells}.",
        cells=listing(parts), **told,
    )  # fmt: skip


def evidence_lines(evidence: Evidence) -> list[str]:
    """The matrix as text: a line per order, and below it a line per thing that is wrong."""
    lines = [evidence_summary(evidence.cells)]
    for order_id, cells in evidence.cells.groupby("order_id", sort=False):
        kinds = listing([kind_name(kind, 1) for kind in cells["kinds"].iloc[0]])
        states = " · ".join(
            tr("{name} {state}", name=said_class(row["class"]), state=said_state(row["state"]))
            for _, row in cells.iterrows()
        )
        lines.append(f"\n{order_id}  {kinds}\n  {states}")
        for _, row in cells.iterrows():
            wrong = [*row["contradictions"], *row["missing"], *row["unknown"]]
            if row["state"] != "not required":
                name = said_class(row["class"])
                lines += ["    " + tr("{name}: {said}", name=name, said=said) for said in wrong]
    return lines


def fetch_lines(table: pd.DataFrame, most: int = 12) -> list[str]:
    """What to fetch next, the first `most` errands; several cells of one errand are one line."""
    useful = table[table["closes"] > 0]
    lines = []
    errands = useful.drop_duplicates(["class", "source", "closes"]).index
    alone = useful["closes"].eq(1)
    for _, row in useful[alone | useful.index.isin(errands)].head(most).iterrows():
        told = {"cells": int(row["closes"]), "fetch": row["fetch"]}
        lines.append(
            tr("closes {cells}, due {deadline:%Y-%m-%d}: {fetch}", deadline=row["deadline"], **told)
            if pd.notna(row["deadline"])
            else tr("closes {cells}: {fetch}", **told)
        )
    return lines
