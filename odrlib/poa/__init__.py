"""The Plan of Action: a worksheet drawn from the facts, and a check of what was written."""

from odrlib.poa.check import PoaCheck, check_poa
from odrlib.poa.draft import Draft, draft_findings, draft_poa
from odrlib.poa.statements import Statement, said_kind, said_verdict

__all__ = [
    "Draft",
    "PoaCheck",
    "Statement",
    "check_poa",
    "draft_findings",
    "draft_poa",
    "said_kind",
    "said_verdict",
]
