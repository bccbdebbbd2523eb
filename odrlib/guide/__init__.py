"""
The guide: from an empty folder to the first report.

`guide` lists the files that are missing, the most valuable first; `questions` says what can be
answered with those that are there; `nearest` says what a file that nobody knows comes closest to;
the `…_lines` are the screens of `odr init` and `odr inspect`.
"""

from odrlib.guide.coverage import days_without_orders
from odrlib.guide.nearest import Near, columns_lines, nearest
from odrlib.guide.questions import Answer, questions
from odrlib.guide.screen import finding_lines, inspect_dict, inspect_lines, title_line
from odrlib.guide.steps import Step, guide
from odrlib.guide.wording import FIRST_STEPS, missing_lines, no_orders

__all__ = [
    "FIRST_STEPS",
    "Answer",
    "Near",
    "Step",
    "columns_lines",
    "days_without_orders",
    "finding_lines",
    "guide",
    "inspect_dict",
    "inspect_lines",
    "missing_lines",
    "nearest",
    "no_orders",
    "questions",
    "title_line",
]
