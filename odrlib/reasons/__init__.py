"""Reasons: what buyers, claims and codes complain of, coded to themes and to Amazon's topics."""

from odrlib.reasons.classify import STATES, classify_reasons, code_themes
from odrlib.reasons.statements import SOURCES, statements
from odrlib.reasons.summary import order_reasons, reason_states, theme_counts, topic_counts
from odrlib.reasons.themes import THEMES, TOPICS, Theme

__all__ = [
    "SOURCES",
    "STATES",
    "THEMES",
    "TOPICS",
    "Theme",
    "classify_reasons",
    "code_themes",
    "order_reasons",
    "reason_states",
    "statements",
    "theme_counts",
    "topic_counts",
]
