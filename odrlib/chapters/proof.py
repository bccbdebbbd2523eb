"""Evidence: which defects can be proven, what is wrong with the files, and what to fetch next."""

from __future__ import annotations

import pandas as pd

from odrlib import words
from odrlib.chapters.parts import no_defects_told
from odrlib.evidence import timeline
from odrlib.evidence.rules import CLASSES
from odrlib.facts import Facts
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.words.evidence import evidence_summary

HOW = (
    "Closed: proven by content. Open: something is missing. Contradicted: two places disagree. "
    "Unknown: what would tell cannot be read. Not required: this defect does not ask for it."
)


def evidence_answer(facts: Facts) -> Shown:
    """How many defective orders are closed by evidence, in one sentence."""
    if facts.proof.cells.empty and not facts.inquiry.known:
        return no_defects_told(facts)
    return show.say(evidence_summary(facts.proof.cells))


def evidence_matrix(facts: Facts) -> Shown:
    """Order × class: the state of each cell, and all that keeps the order from being closed."""
    cells = facts.proof.cells
    if cells.empty:
        return evidence_answer(facts)
    return show.table(
        _one_row_per_order(cells),
        "Evidence for each defective order",
        labels={"day": "ordered", "lacks": "what is wrong or missing"},
        download="evidence-matrix.csv",
        rows=6,
        aside=["day"],
        note=HOW,
    )


def _one_row_per_order(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells side by side, the orders with most to do first."""
    first = cells.drop_duplicates("order_id").set_index("order_id")
    states = cells.pivot(index="order_id", columns="class", values="state")[list(CLASSES)]
    said = cells["contradictions"] + cells["missing"] + cells["unknown"]
    said = said.where(cells["state"].ne("not required"), said.map(lambda _: []))
    lacks = said.groupby(cells["order_id"]).agg(
        lambda lists: [one for some in lists for one in some]
    )
    table = pd.DataFrame(
        {
            "day": first["day"],
            "kinds": [words.listing([words.kind_name(k, 1) for k in ks]) for ks in first["kinds"]],
            **{name: states[name].reindex(first.index) for name in CLASSES},
            "lacks": lacks.reindex(first.index).map("; ".join),
        }
    )
    much = lacks.reindex(first.index).map(len)
    return table.iloc[much.argsort(kind="stable")[::-1]].reset_index()


def evidence_findings(facts: Facts) -> Shown:
    """Every fault in the evidence folder, errors first."""
    if not facts.proof.findings:
        return show.say("No file in the evidence folder contradicts anything.")
    return show.findings(facts.proof.findings)


def what_to_fetch(facts: Facts) -> Shown:
    """What to get next, ordered by what it closes, the nearest deadline first."""
    table = facts.proof.next
    if facts.proof.cells.empty:
        return evidence_answer(facts)
    if table.empty:
        return show.say("Nothing is to be fetched: every cell that is required is closed.")
    return show.table(
        table.drop(columns="source"),
        "What to fetch next",
        labels={"closes": "cells it closes"},
        download="to-fetch.csv",
        note="Cells of several orders that one request closes show the number of all of them.",
    )


def evidence_on_hand(facts: Facts) -> Shown:
    """Every file in the folders of orders: what it is, what it is used for, whether it was read."""
    files = facts.proof.files
    if files.empty:
        return show.say("There is no file in the evidence folder.")
    return show.table(
        files.drop(columns=["sha256", "pages", "taken_on"]),
        "Files in the evidence folder",
        labels={"told_by": "class told by", "has_location": "holds a location", "own": "its own"},
        download="evidence-files.csv",
    )


def timeline_of(facts: Facts, order_id: str = "") -> Shown:
    """
    What happened to one order, in order, with broken promises marked.

    Without an id it is the newest defective order of the window.
    """
    order_id = order_id or next(iter(facts.defective_orders["order_id"]), "")
    if not order_id:
        return show.say("No order is defective, so there is no timeline to show.")
    table = timeline(facts.store, order_id)
    at = table["at"].dt.tz_localize(None)
    shown = at.dt.strftime("%Y-%m-%d %H:%M").where(~table["day_only"], at.dt.strftime("%Y-%m-%d"))
    return show.table(
        pd.DataFrame(
            {
                "at": shown,
                "event": table["event"],
                "broken": table["said"],
                "source": table["source"],
            }
        ),
        f"What happened to order {order_id}",
        labels={"at": f"when ({facts.store.settings.timezone})", "broken": "what is broken"},
        rows=40,
    )
