"""What buyers complain of, the root-cause category of every defect, and what is not explained."""

from __future__ import annotations

from odrlib import figures
from odrlib.chapters.parts import KIND_LABELS, as_figure, as_told, no_defects_told
from odrlib.facts import Facts
from odrlib.reasons import SOURCES, STATES
from odrlib.report import show
from odrlib.report.show import Shown

NOTHING = "No order of the window is defective, so there is nothing to explain"


def themes(facts: Facts) -> Shown:
    """What the defective orders of the window complain of, from codes and from texts."""
    if facts.inside.empty:
        return no_defects_told(facts)
    table = facts.inquiry.themes
    if table.empty:
        return as_told(facts, "No code and no text tells what buyers complain of")
    behind = show.table(
        table,
        "Complaints of the defective orders, by theme",
        formats={"share": ".1%"},
        labels={"topic": "Amazon's topic", "share": "share of the orders with a theme",
                "primary": "as the first theme", **{name: f"in {name}" for name in SOURCES}},
        download="themes.csv",
        note="An order that complains of two things counts for both; as the first theme each order "
        "counts once.",
    )  # fmt: skip
    return as_figure(figures.plot_themes(table), behind)


def understood(facts: Facts) -> Shown:
    """How much of what was said could be coded."""
    table = facts.inquiry.understood
    if not table["statements"].sum():
        return as_told(facts, "Nothing was said about the defective orders of the window")
    return show.table(
        table[table["state"].isin(STATES)],
        "What was said about the defective orders, and how much of it was understood",
        labels={name: f"in {name}" for name in SOURCES},
        download="statements.csv",
        note="A statement without text and code is no reason; it is counted, not guessed.",
    )


def categories(facts: Facts) -> Shown:
    """The root-cause category of each defect of the window, which add up to all of them."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    table = facts.inquiry.categories
    if table.empty:
        return as_told(facts, NOTHING)
    behind = show.table(
        table,
        f"{int(table['defects'].sum()):,} defects by root-cause category",
        formats={"share": ".1%"},
        labels={name: label for name, label in KIND_LABELS.items() if name in table}
        | {"topic": "Amazon's topic", "share": "share of the defects",
           "example": "shown, for example, by"},
        download="root-cause-categories.csv",
        note="Strong: complaint and order fields agree; weak: the complaint alone. Every defect "
        "stands in exactly one category.",
    )  # fmt: skip
    return as_figure(figures.plot_categories(table), behind)


def categorised(facts: Facts) -> Shown:
    """Every defect with its category, what shows it, and what speaks against it."""
    table = facts.inquiry.categorised
    if table.empty:
        return as_told(facts, NOTHING)
    return show.table(
        table.assign(
            kind=table["kind"].map(KIND_LABELS),
            **{
                name: ["; ".join(row) for row in table[name]]
                for name in ("shows", "also", "conflicts")
            },
        ).drop(columns=["theme", "missing"]),
        "Every defect of the window with its root-cause category",
        labels={"topic": "Amazon's topic", "shows": "shown by", "also": "also fits",
                "conflicts": "speaks against it"},
        download="defects-by-category.csv",
        rows=6,
        aside=["category", "topic", "also"]
        + ["conflicts"] * (not table["conflicts"].map(bool).any()),
    )  # fmt: skip


def to_fetch(facts: Facts) -> Shown:
    """What would explain more of the defects."""
    if facts.inquiry.categorised.empty:
        return as_told(facts, NOTHING)
    table = facts.inquiry.to_fetch
    if table.empty:
        return as_told(facts, "Every defect of the window is explained by its fields")
    return show.table(
        table.drop(columns="missing"),
        "What would explain more defects",
        labels={"says": "what is missing", "to_do": "what to do",
                "weak": "explained by the complaint alone"},
        download="what-to-fetch.csv",
    )  # fmt: skip


def categories_of_causes(facts: Facts) -> Shown:
    """Which categories the defects of each cause have: what kind of failure the cause is."""
    if not facts.causes:
        return show.say("There is no cause to look behind.")
    table = facts.inquiry.cause_categories
    return show.table(
        table[["rank", "where", "topic_title", "says", "category", "title", "defects"]],
        "What kind of failure each cause is",
        labels={"where": "orders where", "topic_title": "Amazon's topic", "says": "its defects",
                "defects": "defects of this category"},
        download="causes-by-category.csv",
        aside=["topic_title", "category"],
    )  # fmt: skip
