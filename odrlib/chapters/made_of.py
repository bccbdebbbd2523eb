"""What the defects are made of: kinds, weeks, groups, and the orders themselves."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.chapters.parts import (
    KIND_LABELS,
    RATES,
    as_figure,
    as_told,
    labels_of,
    no_defects_told,
    not_told,
    noun_of,
    orders_table,
)
from odrlib.facts import Facts
from odrlib.rates import defect_rate
from odrlib.report import show
from odrlib.report.show import Shown

SHARES = {"share_of_orders": ".1%", "share_of_defects": ".1%"}


def kinds(facts: Facts) -> Shown:
    """The defects of the window by kind, with the share of orders that have each."""
    table = facts.components.rename(index=KIND_LABELS).rename_axis("kind").reset_index()
    return show.table(
        table,
        f"Defects by kind, {words.span(facts.window.first, facts.window.last)}",
        formats=RATES,
        labels=labels_of(table.columns) | {"orders": "orders with it"},
        note="A kind that no file tells is unknown, not zero.",
    )


def reasons(facts: Facts) -> Shown:
    """What the sources call the defects of the window."""
    if facts.reasons.empty:
        return as_told(facts, "No order of the window is defective, so there are no reasons")
    return show.table(
        facts.reasons,
        f"Reasons of the defects, {words.span(facts.window.first, facts.window.last)}",
        formats={"share": ".1%"},
        labels={"defective": "defective orders", "share": "share of the defective orders"},
        note="As the claim, return or chargeback says it; feedback has no reason, only words.",
    )


def kinds_over_time(facts: Facts) -> Shown:
    """Defects by kind, by the week of the order and the week of their arrival."""
    if "kind" not in facts.weekly:
        return no_defects_told(facts)
    table = facts.weekly["kind"]
    if not table["defective"].any():
        return as_told(facts, words.kinds_title(table))
    return as_figure(figures.plot_kinds(table, facts.weekly["kind_by_arrival"], facts.store.events))


def over_time(facts: Facts, column: str) -> Shown:
    """The defective orders of each carrier, SKU or channel, by the week of the order."""
    if not facts.weekly:
        return no_defects_told(facts)
    if column not in facts.weekly:
        return not_told(column)
    table = facts.weekly[column]
    if not table["defective"].any():
        return as_told(facts, words.composition_title(table, column))
    return as_figure(figures.plot_composition(table, column, facts.store.events))


def breakdown(facts: Facts, column: str, top: int = 12) -> Shown:
    """The rate of each value of a column in the window, the worst first, with all rows below."""
    if facts.inside.empty:
        return no_defects_told(facts)
    if column not in facts.breakdowns:
        return not_told(column)
    table = facts.breakdowns[column]
    if table["defective"].isna().any():
        return no_defects_told(facts)
    overall = defect_rate(facts.inside)
    if len(table) == 1 or not overall.defective:
        return as_told(facts, words.rate_by_title(table, column, overall))
    said = {"yes": "tracked", "no": "untracked"} if column == "tracked" else {}
    behind = table.rename(index=said).reset_index()
    return as_figure(
        figures.plot_rate_by(table.head(top), column, facts.profile, overall),
        show.table(
            behind,
            f"Orders by {noun_of(column)}, {words.span(facts.window.first, facts.window.last)}",
            formats=RATES | SHARES | {"excess": ",.1f"},
            labels=labels_of(behind.columns),
            download=f"by-{column}.csv",
            note=words.sentence(table.attrs["rule"]),
        ),
    )


def defective_orders(facts: Facts) -> Shown:
    """Every defective order of the history, newest first."""
    table = facts.defective_orders
    if table.empty:
        return show.say("No file tells of a defective order.")
    return orders_table(table, "Defective orders, newest first", "defective-orders.csv", home=True)
