"""A rate and its limit in words: below, at or above."""

from __future__ import annotations

from odrlib.finding import count
from odrlib.languages import tr
from odrlib.policy import Profile
from odrlib.rates import Rate
from odrlib.words.plain import short_percent


def limit_words(profile: Profile) -> str:
    """
    The limit as the profile sets it.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> limit_words(AMAZON), limit_words(BRIEF)
    ('below 1%', 'at most 1%')
    """
    limit = short_percent(profile.limit)
    return tr("below {rate}", rate=limit) if profile.strict else tr("at most {rate}", rate=limit)


def counts(profile: Profile, rate: Rate) -> str:
    """
    The two counts behind a rate, in the profile's way of counting.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> counts(AMAZON, Rate(14, 1_200)), counts(BRIEF, Rate(1, 1_200))
    ('14 of 1,200 orders', '1 defect on 1,200 orders')
    """
    orders = count(rate.orders, "order")
    if profile.count == "orders":
        return tr("{defective:,} of {orders}", defective=rate.defective, orders=orders)
    return tr("{defects} on {orders}", defects=count(rate.defective, "defect"), orders=orders)


def against(profile: Profile, rate: Rate) -> str:
    """
    Where a rate with orders lies, in words: below, at or above the limit.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> against(AMAZON, Rate(12, 1_200)), against(BRIEF, Rate(12, 1_200))
    ('exactly at the 1% limit, and so not below it', 'exactly at the 1% limit, and so within it')
    """
    limit = short_percent(profile.limit)
    gap = rate.defective * profile.limit.denominator - rate.orders * profile.limit.numerator
    if gap == 0 and profile.strict:
        return tr("exactly at the {limit} limit, and so not below it", limit=limit)
    if gap == 0:
        return tr("exactly at the {limit} limit, and so within it", limit=limit)
    if gap > 0:
        return tr("above the {limit} limit", limit=limit)
    return tr("below the {limit} limit", limit=limit)
