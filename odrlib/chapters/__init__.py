"""
Chapters: what the notebooks show, one function for each thing on the page.

Facts in, something to show out. Where the files cannot tell a thing, its place says so and names
what would; no section of a notebook fails because an export is missing.
"""

from odrlib.chapters.by_hand import by_hand
from odrlib.chapters.complaints import (
    categories,
    categories_of_causes,
    categorised,
    themes,
    to_fetch,
    understood,
)
from odrlib.chapters.contest import quiz, smallest_set, triage
from odrlib.chapters.glossary import glossary, short_glossary
from odrlib.chapters.in_time import (
    changed_then,
    changes,
    newest_weeks,
    risen,
    shifts,
    still_to_come,
    what_changed,
)
from odrlib.chapters.made_of import (
    breakdown,
    defective_orders,
    kinds,
    kinds_over_time,
    over_time,
    reasons,
)
from odrlib.chapters.narrowing import cleared, grid, path, to_tell_apart
from odrlib.chapters.noted import noted
from odrlib.chapters.poa import poa_facts
from odrlib.chapters.proof import (
    evidence_answer,
    evidence_findings,
    evidence_matrix,
    evidence_on_hand,
    timeline_of,
    what_to_fetch,
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
from odrlib.chapters.what_if import like_the_rest, reversed_orders, stopped, without_causes

__all__ = [
    "both_rules",
    "breakdown",
    "by_hand",
    "categories",
    "categories_of_causes",
    "categorised",
    "cause_orders",
    "causes",
    "causes_list",
    "causes_reason",
    "changed_then",
    "changes",
    "cleared",
    "days_over",
    "defective_orders",
    "evidence",
    "evidence_answer",
    "evidence_findings",
    "evidence_matrix",
    "evidence_on_hand",
    "files",
    "glossary",
    "grid",
    "hashes",
    "kinds",
    "kinds_over_time",
    "like_the_rest",
    "newest_weeks",
    "noted",
    "over_time",
    "path",
    "poa_facts",
    "provenance",
    "quality",
    "quiz",
    "rate_over_time",
    "reasons",
    "reconciliation",
    "reconciliation_findings",
    "related",
    "reversed_orders",
    "risen",
    "roll_off",
    "set_aside",
    "several_kinds",
    "shifts",
    "short_glossary",
    "smallest_set",
    "still_to_come",
    "stopped",
    "themes",
    "timeline_of",
    "to_fetch",
    "to_tell_apart",
    "triage",
    "understood",
    "verdict",
    "what_changed",
    "what_to_fetch",
    "without_causes",
    "written",
]
