"""
Chapters: what the notebooks show, one function for each thing on the page.

Facts in, something to show out. Where the files cannot tell a thing, its place says so and names
what would; no section of a notebook fails because an export is missing.
"""

from odrlib.chapters.made_of import (
    breakdown,
    defective_orders,
    kinds,
    kinds_over_time,
    over_time,
    reasons,
)
from odrlib.chapters.root_causes import cause_orders, causes, causes_list, causes_reason, evidence
from odrlib.chapters.sources import files, hashes, provenance, quality, set_aside, written
from odrlib.chapters.standing import (
    both_rules,
    days_over,
    rate_over_time,
    reconciliation,
    reconciliation_findings,
    related,
    roll_off,
    several_kinds,
    verdict,
)

__all__ = [
    "both_rules",
    "breakdown",
    "cause_orders",
    "causes",
    "causes_list",
    "causes_reason",
    "days_over",
    "defective_orders",
    "evidence",
    "files",
    "hashes",
    "kinds",
    "kinds_over_time",
    "over_time",
    "provenance",
    "quality",
    "rate_over_time",
    "reasons",
    "reconciliation",
    "reconciliation_findings",
    "related",
    "roll_off",
    "set_aside",
    "several_kinds",
    "verdict",
    "written",
]
