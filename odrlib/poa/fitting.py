"""Fitting: is what is written, a day or a rounded number, what the facts hold?"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from odrlib import policy
from odrlib.poa.language import catalogue
from odrlib.poa.mentions import Mention
from odrlib.poa.scopes import COUNT, MONEY, RATE, SHARE, Fact


def same_day(value: Any, day: date) -> bool:
    """A day, a day without a year (month, day), or a month (year, month, 0)."""
    if isinstance(value, date):
        return value == day
    if len(value) == 3:
        return bool((day.year, day.month) == value[:2])
    return bool((day.month, day.day) == value)


def rounds(value: float, one: Mention) -> bool:
    """Is the written number this value, at the decimals it was written with?"""
    if one.decimals == 0 and value != int(value):
        return one.kind == "percentage" and abs(value - one.value) <= 0.5 + 1e-9
    return bool(abs(value - one.value) <= 0.5 * 10**-one.decimals + 1e-9)


def fits(one: Mention, facts: list[Fact]) -> Fact | None:
    """The first fact that the written number is."""
    times = 100 if one.kind == "percentage" else 1
    sorts = (RATE, SHARE) if one.kind == "percentage" else (COUNT, MONEY)
    return next(
        (fact for fact in facts if fact.sort in sorts and rounds(times * fact.value, one)), None
    )


def policy_number(noun: str, one: Mention) -> str:
    """Days, hours and stars that Amazon or the profiles set."""
    targets, limits = policy.table("targets"), catalogue("limits")
    known: dict[str, dict[float, str]] = {
        "days": {float(p.days): f"profiles.{p.name}.window.days" for p in policy.PROFILES.values()}
        | {float(row["days"]): f"policy.{name}" for name, row in targets["deadlines"].items()}
        | {float(row["value"]): "policy" for row in limits["days"]}
        # "The past 30 days" are the day and the 30 before it.
        | {float(policy.BRIEF.days - 1): "profiles.brief.window.days"},
        "hours": {float(row["value"]): "policy" for row in limits["hours"]}
        | {float(targets["response_within_24_hours"]["hours"]): "policy.response"},
        "stars": {float(stars): "policy.stars" for stars in policy.AMAZON.negative_stars},
    }
    return known.get(noun, {}).get(float(one.value), "")


@cache
def money_pattern() -> re.Pattern[str]:
    """Any sign or code of a currency."""
    signs = [sign for row in catalogue("sites")["currency"].values() for sign in row]
    return re.compile(r"\$|¥|" + "|".join(word_or_sign(sign) for sign in signs))


def word_or_sign(sign: str) -> str:
    """The pattern of a currency's code as a word, or of its sign as it is."""
    whole = re.escape(sign)
    return rf"(?<![a-z]){whole}(?![a-z])" if sign.isascii() and sign.isalpha() else whole
