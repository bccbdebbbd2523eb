"""Evidence: which defects can be proven, what is wrong with the files, and what to fetch next."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd

from odrlib import words
from odrlib.chapters.labels import labels_of
from odrlib.chapters.parts import no_defects_told
from odrlib.evidence import said_by, said_class, said_event, said_reading, said_state, timeline
from odrlib.evidence.rules import CLASSES
from odrlib.facts import Facts
from odrlib.languages import mark, tr
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.words.evidence import evidence_summary

HOW = mark(
    "Closed: proven by content. Open: something is missing. Contradicted: two places disagree. "
    "Unknown: what would tell cannot be read. Not required: this defect does not ask for it."
)
FILE_SAID = {"class": said_class, "told_by": said_by, "state": said_reading}


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
    table = _one_row_per_order(cells)
    own = {name: said_class(name) for name in CLASSES}
    return show.table(
        table,
        tr("Evidence for each defective order"),
        labels=labels_of(table.columns, own | {"lacks": tr("what is wrong or missing")}),
        download="evidence-matrix.csv",
        rows=6,
        aside=["day"],
        note=tr(HOW),
    )


def _one_row_per_order(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells side by side, the orders with most to do first."""
    states: dict[str, dict[str, str]] = {}
    lacks: dict[str, list[str]] = {}
    columns = ("order_id", "class", "state", "contradictions", "missing", "unknown")
    for order_id, class_, state, *faults in zip(*(cells[name] for name in columns), strict=True):
        states.setdefault(order_id, {})[class_] = state
        lacks.setdefault(order_id, []).extend(chain(*faults) if state != "not required" else ())
    first = cells.drop_duplicates("order_id")
    ids = first["order_id"].tolist()
    table = pd.DataFrame(
        {
            "order_id": first["order_id"].array,
            "day": first["day"].array,
            "kinds": [words.listing([words.kind_name(k, 1) for k in ks]) for ks in first["kinds"]],
            **{name: [said_state(states[each][name]) for each in ids] for name in CLASSES},
            "lacks": [tr("; ", context="list").join(lacks[each]) for each in ids],
        }
    )
    much = np.array([len(lacks[each]) for each in ids])
    return table.take(much.argsort(kind="stable")[::-1]).reset_index(drop=True)


def evidence_findings(facts: Facts) -> Shown:
    """Every fault in the evidence folder, errors first."""
    if not facts.proof.findings:
        return show.say(tr("No file in the evidence folder contradicts anything."))
    return show.findings(facts.proof.findings)


def what_to_fetch(facts: Facts) -> Shown:
    """What to get next, ordered by what it closes, the nearest deadline first."""
    table = facts.proof.next
    if facts.proof.cells.empty:
        return evidence_answer(facts)
    if table.empty:
        return show.say(tr("Nothing is to be fetched: every cell that is required is closed."))
    shown = table.drop(columns="source")
    shown = shown.assign(**{"class": table["class"].map(said_class)})
    own = {"fetch": tr("what to fetch"), "closes": tr("cells it closes")}
    return show.table(
        shown,
        tr("What to fetch next"),
        labels=labels_of(shown.columns, own),
        download="to-fetch.csv",
        note=tr("Cells of several orders that one request closes show the number of all of them."),
    )


def evidence_on_hand(facts: Facts) -> Shown:
    """Every file in the folders of orders: what it is, what it is used for, whether it was read."""
    files = facts.proof.files
    if files.empty:
        return show.say(tr("There is no file in the evidence folder."))
    shown = files.drop(columns=["sha256", "pages", "taken_on"])
    own = {
        "folder": tr("folder"),
        "told_by": tr("class told by"),
        "state": tr("could it be read"),
        "bytes": tr("bytes"),
        "has_location": tr("holds a location"),
        "own": tr("its own"),
    }
    return show.table(
        shown.assign(
            **{name: shown[name].map(said) for name, said in FILE_SAID.items()},
        ),
        tr("Files in the evidence folder"),
        labels=labels_of(shown.columns, own),
        download="evidence-files.csv",
    )


def timeline_of(facts: Facts, order_id: str = "") -> Shown:
    """
    What happened to one order, in order, with broken promises marked.

    Without an id it is the newest defective order of the window.
    """
    order_id = order_id or next(iter(facts.defective_orders["order_id"]), "")
    if not order_id:
        return show.say(tr("No order is defective, so there is no timeline to show."))
    table = timeline(facts.store, order_id)
    at = table["at"].dt.tz_localize(None)
    shown = at.dt.strftime("%Y-%m-%d %H:%M").where(~table["day_only"], at.dt.strftime("%Y-%m-%d"))
    return show.table(
        pd.DataFrame(
            {
                "at": shown,
                "event": table["event"].map(said_event),
                "broken": table["said"],
                "source": table["source"],
            }
        ),
        tr("What happened to order {order_id}", order_id=order_id),
        labels={
            "at": tr("when ({timezone})", timezone=facts.store.settings.timezone),
            "event": tr("what happened"),
            "broken": tr("what is broken"),
            "source": tr("told by"),
        },
        download=f"timeline-{order_id}.csv",
        rows=40,
    )
