"""Evidence: what the files in the folder of each defective order prove, cell by cell."""

from odrlib.evidence.cell import said_class, said_state
from odrlib.evidence.folder import evidence_files
from odrlib.evidence.holding import said_by
from odrlib.evidence.matrix import (
    Evidence,
    check_evidence,
    evidence_dict,
    evidence_matrix,
    orders_to_prove,
    said_in,
)
from odrlib.evidence.opening import said_kind, said_reading
from odrlib.evidence.timeline import said_event, timeline

__all__ = [
    "Evidence",
    "check_evidence",
    "evidence_dict",
    "evidence_files",
    "evidence_matrix",
    "orders_to_prove",
    "said_by",
    "said_class",
    "said_event",
    "said_in",
    "said_kind",
    "said_reading",
    "said_state",
    "timeline",
]
