"""Evidence: what the files in the folder of each defective order prove, cell by cell."""

from odrlib.evidence.folder import evidence_files
from odrlib.evidence.matrix import (
    Evidence,
    check_evidence,
    evidence_dict,
    evidence_matrix,
    orders_to_prove,
)
from odrlib.evidence.timeline import timeline

__all__ = [
    "Evidence",
    "check_evidence",
    "evidence_dict",
    "evidence_files",
    "evidence_matrix",
    "orders_to_prove",
    "timeline",
]
