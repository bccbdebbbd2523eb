"""Answers: what an inquiry found, as `facts.json` and `odr causes --json` hold it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from odrlib.causes import Cause, CauseList
from odrlib.causes.happenings import what_changed_beside
from odrlib.inquiry import Inquiry
from odrlib.maturity import DelayCurve
from odrlib.plain import plain, records


def answers_dict(inquiry: Inquiry) -> dict[str, Any]:
    """Causes, what rose, changes over time, reasons, categories, what is to come, what if."""
    return {
        "causes": [
            _fields(cause) | {"changed": _changed(inquiry, cause)} for cause in inquiry.causes
        ],
        "causes_reason": inquiry.causes.reason,
        "causes_cleared": records(inquiry.cleared),
        "risen": _risen(inquiry),
        "changes": _changes(inquiry),
        "reasons": {
            "themes": records(inquiry.themes),
            "topics": records(inquiry.topics),
            "understood": records(inquiry.understood),
        },
        "categories": {
            "counts": records(inquiry.categories),
            "defects": records(inquiry.categorised),
            "to_fetch": records(inquiry.to_fetch),
            "of_causes": records(inquiry.cause_categories),
        },
        "maturity": _maturity(inquiry),
        "what_if": records(inquiry.what_if) if inquiry.known else [],
    }


def _fields(cause: Cause) -> dict[str, Any]:
    return {field.name: plain(getattr(cause, field.name)) for field in fields(cause)}


def _risen(inquiry: Inquiry) -> dict[str, Any]:
    risen: CauseList = inquiry.risen if inquiry.known else CauseList()
    aged = inquiry.aged if inquiry.known else None
    return {
        "causes": [_fields(cause) for cause in risen],
        "reason": risen.reason,
        "rose_on": plain(inquiry.rose_on) if inquiry.known else None,
        "earlier": plain(aged.earlier) if aged else None,
        "later": plain(aged.later) if aged else None,
        "age_days": plain(aged.age) if aged else None,
        "said": aged.sentence if aged else "",
    }


def _changes(inquiry: Inquiry) -> dict[str, Any]:
    if not inquiry.known:
        return {"found": [], "searched": [], "happenings": [], "shifts": []}
    return {
        "found": records(inquiry.over_time.changes),
        "searched": records(inquiry.over_time.searched),
        "happenings": records(inquiry.happenings),
        "shifts": records(inquiry.shifts),
    }


def _changed(inquiry: Inquiry, cause: Cause) -> list[str]:
    """When the rate of a cause changed, and what happened then, in sentences."""
    return what_changed_beside(
        cause, inquiry.over_time, inquiry.happenings, inquiry.store.events is not None
    )


def _maturity(inquiry: Inquiry) -> dict[str, Any]:
    curve = inquiry.curve if inquiry.known else None
    return {
        "said": str(curve) if curve else "",
        "curve": records(curve.table) if isinstance(curve, DelayCurve) else [],
        "weeks": records(inquiry.weeks) if inquiry.known else [],
        "window": plain(inquiry.still_to_come.as_dict()) if inquiry.known else None,
    }
