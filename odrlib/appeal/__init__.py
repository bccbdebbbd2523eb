"""Appeal: notices, the register of cases, what came of them, and the case sheet."""

from __future__ import annotations

from odrlib.first_use import loader

# public name -> the room it lives in
_ROOMS = {
    "Case": "cases",
    "Commitment": "cases",
    "Submission": "cases",
    "case_costs": "costs",
    "due_dates": "due",
    "Effect": "effect",
    "did_it_work": "effect",
    "exempted": "exempt",
    "write_exempted": "exempt",
    "Notice": "notices",
    "read_notice": "notices",
    "Register": "register",
    "read_register": "register",
    "verify": "register",
    "search": "earlier",
    "case_sheet": "sheet",
    "sheet_markdown": "sheet",
    "add_notice": "steps",
    "close_case": "steps",
    "commit": "steps",
    "draft_submission": "steps",
    "keep": "steps",
    "open_case": "steps",
    "reply": "steps",
    "submit": "steps",
    "under_review": "steps",
    "withdraw": "steps",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)
