"""
Words: sentences made from numbers. Plural, percent, dates and "below" are decided here, once.

Tables and rates in, plain text out; nothing here knows a figure, a page or a file.
"""

from __future__ import annotations

from odrlib.first_use import loader

# public name -> the room it lives in
_ROOMS = {
    "count": "plain",
    "attribute": "plain",
    "condition": "plain",
    "level": "plain",
    "slice_name": "plain",
    "CHANNEL_NAMES": "plain",
    "KIND_NAMES": "plain",
    "MONTHS": "plain",
    "capital": "plain",
    "channel_name": "plain",
    "day": "plain",
    "kind_name": "plain",
    "listing": "plain",
    "month": "plain",
    "number": "plain",
    "percent": "plain",
    "sentence": "plain",
    "short_day": "plain",
    "short_percent": "plain",
    "span": "plain",
    "uncapital": "plain",
    "whole_percent": "plain",
    "against": "limits",
    "counts": "limits",
    "limit_words": "limits",
    "FOLDED": "titles",
    "calendar_title": "titles",
    "causes_title": "titles",
    "composition_title": "titles",
    "hedged": "titles",
    "judged": "titles",
    "kinds_title": "titles",
    "notable": "titles",
    "rate_by_title": "titles",
    "rate_title": "titles",
    "related_title": "titles",
    "roll_off_title": "titles",
    "RELATIONS": "cause_titles",
    "because_words": "cause_titles",
    "categories_title": "cause_titles",
    "changes_title": "cause_titles",
    "cleared_sentence": "cause_titles",
    "cleared_title": "cause_titles",
    "drill_step": "cause_titles",
    "drill_title": "cause_titles",
    "event_name": "cause_titles",
    "grid_title": "cause_titles",
    "happening_words": "cause_titles",
    "nowcast_title": "cause_titles",
    "themes_title": "cause_titles",
    "what_if_title": "cause_titles",
    "STATUS_WORDS": "standings",
    "but_apart": "standings",
    "cause_sentence": "standings",
    "conclusion": "standings",
    "forecast": "standings",
    "headline_words": "standings",
    "hidden_channels": "standings",
    "next_step": "standings",
    "no_counts": "standings",
    "not_known": "standings",
    "related_sentence": "standings",
    "standing": "standings",
    "to_do": "standings",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)
