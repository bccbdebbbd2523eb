"""Words for evidence: the matrix, each order and what to fetch, in lines."""

from __future__ import annotations

import pandas as pd

from odrlib.evidence import Evidence
from odrlib.finding import count
from odrlib.words.plain import kind_name, listing, sentence

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
        return "No defective order asks for evidence."
    lacking = cells[cells["state"].isin(["contradicted", "open", "unknown"])]
    left = lacking["order_id"].nunique()
    whole = f"{orders - left:,} of {count(orders, 'defective order')} closed by evidence"
    if not left:
        return sentence(f"{whole}, nothing is missing")
    held = lacking["state"].value_counts()
    parts = [f"{held[state]:,} {state}" for state in STATES if state in held]
    return sentence(f"{whole}; of the cells of the others, {listing(parts)}")


def evidence_lines(evidence: Evidence) -> list[str]:
    """The matrix as text: a line per order, and below it a line per thing that is wrong."""
    lines = [evidence_summary(evidence.cells)]
    for order_id, cells in evidence.cells.groupby("order_id", sort=False):
        kinds = listing([kind_name(kind, 1) for kind in cells["kinds"].iloc[0]])
        states = " · ".join(f"{row['class']} {row['state']}" for _, row in cells.iterrows())
        lines.append(f"\n{order_id}  {kinds}\n  {states}")
        for _, row in cells.iterrows():
            wrong = [*row["contradictions"], *row["missing"], *row["unknown"]]
            if row["state"] != "not required":
                lines += [f"    {row['class']}: {words}" for words in wrong]
    return lines


def fetch_lines(table: pd.DataFrame, most: int = 12) -> list[str]:
    """What to fetch next, the first `most` errands; several cells of one errand are one line."""
    useful = table[table["closes"] > 0]
    lines = []
    errands = useful.drop_duplicates(["class", "source", "closes"]).index
    alone = useful["closes"].eq(1)
    for _, row in useful[alone | useful.index.isin(errands)].head(most).iterrows():
        due = f", due {row['deadline']:%Y-%m-%d}" if pd.notna(row["deadline"]) else ""
        lines.append(f"closes {row['closes']}{due}: {row['fetch']}")
    return lines
