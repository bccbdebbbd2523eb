"""Small parts that several chapters share: figures, order tables, and what is not told."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib import words
from odrlib.chapters.labels import channel_words, labels_of, source_words
from odrlib.facts import Facts
from odrlib.figures import drawing
from odrlib.headline import Headline
from odrlib.languages import sentences, tr
from odrlib.plain import arrays_of
from odrlib.policy import KINDS
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.wanted import WANTED

RATES = {"rate": ".2%", "low": ".2%", "high": ".2%"}
ORDER_COLUMNS = [
    "order_id", "day", "channel", "kinds", "reason", "arrived_on", "sku", "carrier", "ship_service",
    "tracking_number", "delivered_at", "country", "sources", "in_amazon_window", "in_brief_window",
]  # fmt: skip
ASIDE = ("country", "sources")  # in the CSV only: sheet and screen have room for the others
PARCEL_COLUMNS = ("carrier", "ship_service", "tracked", "warehouse")


def as_figure(figure: Any, data: Shown | None = None) -> Shown:
    return show.figure(figure, **drawing.about(figure), data=data)


def orders_table(table: pd.DataFrame, caption: str, download: str, home: bool = False) -> Shown:
    """Orders with what is told of each; columns that no order of the table has are left out."""
    told = dict(arrays_of(table)) | {"kinds": kinds_of(table)}
    known = [name for name in ORDER_COLUMNS if name in told and not pd.isna(told[name]).all()]
    shown = {name: told[name] for name in known}
    if "channel" in known:
        shown["channel"] = channel_words(shown["channel"])
    if "sources" in known:
        shown["sources"] = source_words(shown["sources"])
    return show.table(
        pd.DataFrame(shown, columns=known),
        caption,
        labels=labels_of(known),
        download=download,
        home=home,
        aside=[column for column in ASIDE if column in known],
    )


def kinds_of(table: pd.DataFrame) -> list[str]:
    """The kinds of defect of each order, in words."""
    names = [kind for kind in KINDS if kind in table]
    return [
        words.listing(
            [words.kind_name(kind, 1) for kind, held in zip(names, row, strict=True) if held]
        )
        for row in table[names].to_numpy(dtype=bool)
    ]


def headline_of(facts: Facts) -> Headline:
    """The headline of the chosen rule for all orders."""
    return facts.headlines[facts.profile.name]["all"]


def not_told(column: str) -> Shown:
    table = "shipments" if column in PARCEL_COLUMNS else "orders"
    return show.say(
        sentences(
            tr("No file tells the {column} of these orders.", column=words.attribute(column)),
            tr("Add {what}.", what=tr(WANTED[table][0])),
        )
    )


def as_told(facts: Facts, clause: str) -> Shown:
    """A sentence about defects, with what the files leave out said first."""
    line = headline_of(facts)
    if line.rate is None or not line.rate.orders:
        return no_defects_told(facts)
    return show.say(words.sentence(words.hedged(clause, line.unknown)))


def no_defects_told(facts: Facts) -> Shown:
    return show.say(words.standing(headline_of(facts)))
