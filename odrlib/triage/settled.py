"""Settled: defects that do not count, so that nothing is to be done for the rate."""

from __future__ import annotations

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
    why = f"It does not count: {case.off}."
    if debited:
        why += " The money was charged to the seller; that is another matter than the rate."
    listed = "odr_list" in case.sources
    if listed:
        why += " Amazon's own download still lists it: ask Amazon to correct the list."
    return Candidate(None, name, "not needed", "likely" if listed else "certain", why)
