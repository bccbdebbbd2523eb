"""The quiz: whether it is worth looking for the banner before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from odrlib.triage.routes import removal

QuizState = Literal["offered", "look", "not seen", "too late", "not needed"]


def quiz_state(account: Mapping[str, Any], status: str) -> QuizState:
    """
    What to do about the five-question quiz that some sellers at risk are offered.

    Parameters
    ----------
    account : the table [account] of store.toml
    status : of the rate: "over", "under" or "unknown"

    >>> quiz_state({"quiz_offered": True}, "over"), quiz_state({"status": "at risk"}, "under")
    ('offered', 'look')
    >>> quiz_state({"status": "deactivated"}, "over"), quiz_state({}, "under")
    ('too late', 'not needed')
    """
    said = str(account.get("status", "")).casefold()
    lists = removal()["quiz"]
    offered = account.get("quiz_offered")
    if offered is True:
        return "offered"
    if any(word.casefold() in said for word in lists["deactivated"]):
        return "too late"
    at_risk = status != "under" or any(word.casefold() in said for word in lists["at_risk"])
    if not at_risk:
        return "not needed"
    return "not seen" if offered is False else "look"
