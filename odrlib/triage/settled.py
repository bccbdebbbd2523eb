"""Settled: defects that do not count, so that nothing is to be done for the rate."""

from __future__ import annotations

from odrlib.languages import sentences, tr
from odrlib.triage.candidate import Candidate
from odrlib.triage.gather import Case
from odrlib.triage.routes import removal


def settled(case: Case) -> Candidate:
    """A defect that does not count: nothing is to be done for the rate."""
    names = removal()["settled"]
    debited = case.kind == "claim" and case.record.get("paid") == "seller"
    name = names.get(case.off, "not counted")
    if name == "not counted" and debited:
        name = names["debited"]
    listed = "odr_list" in case.sources
    why = sentences(
        tr("It does not count: {why}.", why=tr(case.off)),
        tr("The money was charged to the seller; that is another matter than the rate.")
        if debited
        else "",
        tr("Amazon's own download still lists it: ask Amazon to correct the list.")
        if listed
        else "",
    )
    return Candidate(None, name, "not needed", "likely" if listed else "certain", why)
