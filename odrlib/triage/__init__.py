"""
Triage: before anything is written, which defects can be taken off, how, until when.

A reversal takes a defect off the numerator; the order stays in the denominator. Nothing here
promises a result: Amazon, or the buyer, decides.
"""

from odrlib.triage.quiz import QuizState, quiz_state
from odrlib.triage.routes import ROUTES, Route
from odrlib.triage.said import knowledge_said, said
from odrlib.triage.smallest import Reversals, reversals_dict, smallest_reversals
from odrlib.triage.table import triage, triage_dict

__all__ = [
    "ROUTES",
    "QuizState",
    "Reversals",
    "Route",
    "knowledge_said",
    "quiz_state",
    "reversals_dict",
    "said",
    "smallest_reversals",
    "triage",
    "triage_dict",
]
