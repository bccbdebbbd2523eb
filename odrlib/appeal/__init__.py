"""Appeal: notices, the register of cases, what came of them, and the case sheet."""

from odrlib.appeal.cases import Case, Commitment, Submission
from odrlib.appeal.costs import case_costs
from odrlib.appeal.due import due_dates
from odrlib.appeal.effect import Effect, did_it_work
from odrlib.appeal.exempt import exempted, write_exempted
from odrlib.appeal.notices import Notice, read_notice
from odrlib.appeal.register import Register, read_register, verify
from odrlib.appeal.search import search
from odrlib.appeal.sheet import case_sheet, sheet_markdown
from odrlib.appeal.steps import (
    add_notice,
    close_case,
    commit,
    draft_submission,
    keep,
    open_case,
    reply,
    submit,
    under_review,
    withdraw,
)

__all__ = [
    "Case",
    "Commitment",
    "Effect",
    "Notice",
    "Register",
    "Submission",
    "add_notice",
    "case_costs",
    "case_sheet",
    "close_case",
    "commit",
    "did_it_work",
    "draft_submission",
    "due_dates",
    "exempted",
    "keep",
    "open_case",
    "read_notice",
    "read_register",
    "reply",
    "search",
    "sheet_markdown",
    "submit",
    "under_review",
    "verify",
    "withdraw",
    "write_exempted",
]
