"""What if: the rate with one thing changed, counted again from the orders."""

from __future__ import annotations

from datetime import date

import pandas as pd

from odrlib import figures
from odrlib.chapters.labels import in_words, labels_of
from odrlib.chapters.parts import as_figure, as_told, headline_of, no_defects_told
from odrlib.errors import BadParameter
from odrlib.facts import Facts
from odrlib.languages import sentences, tr
from odrlib.policy import Profile
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.whatif import Change, LikeTheRest, Reversed, Stopped, WhatIf, what_if_table
from odrlib.words.standings import SHORT_STATUS_WORDS


def without_causes(facts: Facts) -> Shown:
    """The rate if each cause, and if several of them, had been like the rest."""
    if not facts.inquiry.known or headline_of(facts).rate is None:
        return no_defects_told(facts)
    if not facts.causes:
        return as_told(facts, tr("No cause is named, so there is none to imagine away"))
    return _scenarios(facts.inquiry.what_if, facts.profile)


def like_the_rest(facts: Facts, column: str = "", value: str = "") -> Shown:
    """The rate if the orders with this value had been like the rest; all causes by default."""
    if not column:
        return without_causes(facts)
    return _imagined(facts, LikeTheRest({column: value or None}))


def reversed_orders(facts: Facts, order_ids: str = "") -> Shown:
    """The rate if the defects of these orders (divided by spaces or commas) were taken off."""
    ids = tuple(order_ids.replace(",", " ").split())
    if not ids:
        return show.say(tr("Name orders in the parameters to see the rate with their defects off."))
    return _imagined(facts, Reversed(ids))


def stopped(facts: Facts, column: str = "", value: str = "", from_day: str = "") -> Shown:
    """
    The rate if this SKU, carrier or other value had stopped, or stopped, on a day.

    BadParameter if `from_day` is no day.
    """
    if not column or not from_day:
        return show.say(tr("Name a column, a value and a day in the parameters to see it stopped."))
    try:
        day = date.fromisoformat(from_day)
    except ValueError:
        raise BadParameter(
            tr("from_day is {day!r}, not a day such as 2026-03-01", day=from_day)
        ) from None
    return _imagined(facts, Stopped({column: value or None}, day))


def _imagined(facts: Facts, change: Change) -> Shown:
    if not facts.inquiry.known or headline_of(facts).rate is None:
        return no_defects_told(facts)
    found: WhatIf = facts.inquiry.imagined(change)
    if not found.now.rate.orders:
        return no_defects_told(facts)
    return _scenarios(what_if_table([found]), facts.profile, found.notes)


def _scenarios(table: pd.DataFrame, profile: Profile, notes: tuple[str, ...] = ()) -> Shown:
    own = {
        "scenario": tr("what is changed"),
        "low": tr("range from"),
        "defective": tr("defective"),
        "defective_low": tr("defective from"),
        "defective_high": tr("defective to"),
        "reversals_needed": tr("defects to take off"),
        "good_orders_needed": tr("good orders to add"),
        "back_under_limit_on": tr("inside the limit from"),
        "causes": tr("ranks of its causes"),
    }
    behind = show.table(
        table.assign(status=in_words(table["status"], SHORT_STATUS_WORDS)),
        tr("The rate with one thing changed"),
        formats={"rate": ".2%", "low": ".2%", "high": ".2%"},
        labels=labels_of(table.columns, own),
        download="what-if.csv",
        note=sentences(*notes)
        or tr("Counted again from the orders, not a promise: the past cannot be changed, and the "
              "rest of the business is taken as it was."),
    )  # fmt: skip
    return as_figure(figures.plot_what_if(table, profile), behind)
