"""The public names with their types; a test writes this file, from `_ROOMS` in `__init__.py`."""

from odrlib.appeal.cases import Case as Case
from odrlib.appeal.cases import Commitment as Commitment
from odrlib.appeal.cases import Submission as Submission
from odrlib.appeal.costs import case_costs as case_costs
from odrlib.appeal.due import due_dates as due_dates
from odrlib.appeal.earlier import search as search
from odrlib.appeal.effect import Effect as Effect
from odrlib.appeal.effect import did_it_work as did_it_work
from odrlib.appeal.exempt import exempted as exempted
from odrlib.appeal.exempt import write_exempted as write_exempted
from odrlib.appeal.notices import Notice as Notice
from odrlib.appeal.notices import read_notice as read_notice
from odrlib.appeal.register import Register as Register
from odrlib.appeal.register import read_register as read_register
from odrlib.appeal.register import verify as verify
from odrlib.appeal.sheet import case_sheet as case_sheet
from odrlib.appeal.sheet import sheet_markdown as sheet_markdown
from odrlib.appeal.steps import add_notice as add_notice
from odrlib.appeal.steps import close_case as close_case
from odrlib.appeal.steps import commit as commit
from odrlib.appeal.steps import draft_submission as draft_submission
from odrlib.appeal.steps import keep as keep
from odrlib.appeal.steps import open_case as open_case
from odrlib.appeal.steps import reply as reply
from odrlib.appeal.steps import submit as submit
from odrlib.appeal.steps import under_review as under_review
from odrlib.appeal.steps import withdraw as withdraw

__all__: list[str]
