"""What buyers complain of, the root-cause category of every defect, and what is not explained."""

from __future__ import annotations

import pandas as pd

from odrlib import figures, words
from odrlib.categories.catalogue import certainty_said, topic_title
from odrlib.chapters.labels import labels_of, slice_words
from odrlib.chapters.parts import as_figure, as_told, no_defects_told
from odrlib.facts import Facts
from odrlib.languages import mark, tr, trn
from odrlib.reasons import STATES
from odrlib.reasons.summary import state_said
from odrlib.report import show
from odrlib.report.show import Shown

NOTHING = mark("No order of the window is defective, so there is nothing to explain")


def themes(facts: Facts) -> Shown:
    """What the defective orders of the window complain of, from codes and from texts."""
    if facts.inside.empty:
        return no_defects_told(facts)
    table = facts.inquiry.themes
    if table.empty:
        return as_told(facts, tr("No code and no text tells what buyers complain of"))
    own = {
        "theme": tr("code of the theme"),
        "title": tr("theme"),
        "share": tr("share of the orders with a theme"),
        "primary": tr("as the first theme"),
    }
    behind = show.table(
        table.assign(topic=_topics(table)),
        tr("Complaints of the defective orders, by theme"),
        formats={"share": ".1%"},
        labels=labels_of(table.columns, own),
        download="themes.csv",
        note=tr("An order that complains of two things counts for both; as the first theme each "
                "order counts once."),
    )  # fmt: skip
    return as_figure(figures.plot_themes(table), behind)


def _topics(table: pd.DataFrame) -> list[str]:
    """Amazon's topic of each row in words."""
    return [topic_title(topic if pd.notna(topic) else None) for topic in table["topic"]]


def understood(facts: Facts) -> Shown:
    """How much of what was said could be coded."""
    table = facts.inquiry.understood
    if not table["statements"].sum():
        return as_told(facts, tr("Nothing was said about the defective orders of the window"))
    told = table[table["state"].isin(STATES)]
    own = {"state": tr("how it was taken"), "statements": tr("statements")}
    return show.table(
        told.assign(state=[state_said(state) for state in told["state"]]),
        tr("What was said about the defective orders, and how much of it was understood"),
        labels=labels_of(table.columns, own),
        download="statements.csv",
        note=tr("A statement without text and code is no reason; it is counted, not guessed."),
    )


def categories(facts: Facts) -> Shown:
    """The root-cause category of each defect of the window, which add up to all of them."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    table = facts.inquiry.categories
    if table.empty:
        return as_told(facts, tr(NOTHING))
    own = {"share": tr("share of the defects"), "example": tr("shown, for example, by")}
    behind = show.table(
        table.assign(topic=_topics(table)),
        trn(
            "{n:,} defect by root-cause category", "{n:,} defects by root-cause category",
            int(table["defects"].sum()),
        ),
        formats={"share": ".1%"},
        labels=labels_of(table.columns, own),
        download="root-cause-categories.csv",
        note=tr("Strong: complaint and order fields agree; weak: the complaint alone. Every defect "
                "stands in exactly one category."),
    )  # fmt: skip
    return as_figure(figures.plot_categories(table), behind)


def categorised(facts: Facts) -> Shown:
    """Every defect with its category, what shows it, and what speaks against it."""
    table = facts.inquiry.categorised
    if table.empty:
        return as_told(facts, tr(NOTHING))
    shown = table.assign(
        kind=[words.kind_name(kind, 1) for kind in table["kind"]],
        certainty=[certainty_said(certainty) for certainty in table["certainty"]],
        **{
            name: [tr("; ", context="list").join(row) for row in table[name]]
            for name in ("shows", "also", "conflicts")
        },
    ).drop(columns=["theme", "missing"])
    own = {
        "shows": tr("shown by"),
        "also": tr("also fits"),
        "conflicts": tr("speaks against it"),
    }
    return show.table(
        shown,
        tr("Every defect of the window with its root-cause category"),
        labels=labels_of(shown.columns, own),
        download="defects-by-category.csv",
        rows=6,
        aside=["category", "topic", "also"]
        + ["conflicts"] * (not table["conflicts"].map(bool).any()),
    )


def to_fetch(facts: Facts) -> Shown:
    """What would explain more of the defects."""
    if facts.inquiry.categorised.empty:
        return as_told(facts, NOTHING)
    table = facts.inquiry.to_fetch
    if table.empty:
        return as_told(facts, tr("Every defect of the window is explained by its fields"))
    own = {"says": tr("what is missing"), "weak": tr("explained by the complaint alone")}
    return show.table(
        table.drop(columns="missing"),
        tr("What would explain more defects"),
        labels=labels_of(table.columns.drop("missing"), own),
        download="what-to-fetch.csv",
    )


def categories_of_causes(facts: Facts) -> Shown:
    """Which categories the defects of each cause have: what kind of failure the cause is."""
    if not facts.causes:
        return show.say(tr("There is no cause to look behind."))
    table = facts.inquiry.cause_categories
    columns = ["rank", "where", "topic_title", "says", "category", "title", "defects"]
    own = {
        "topic_title": tr("Amazon's topic"),
        "says": tr("its defects"),
        "defects": tr("defects of this category"),
    }
    return show.table(
        table[columns].assign(where=slice_words(table["where"])),
        tr("What kind of failure each cause is"),
        labels=labels_of(columns, own),
        download="causes-by-category.csv",
        aside=["topic_title", "category"],
    )
