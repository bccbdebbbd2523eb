"""What the defects are made of: kinds, weeks, groups, and the orders themselves."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.chapters.labels import kind_label, labels_of, level_words
from odrlib.chapters.parts import (
    RATES,
    as_figure,
    as_told,
    no_defects_told,
    not_told,
    orders_table,
)
from odrlib.facts import Facts
from odrlib.languages import mark, tr
from odrlib.policy import KINDS
from odrlib.rates import defect_rate
from odrlib.report import show
from odrlib.report.show import Shown

NOT_TOLD = mark("not told")
SHARES = {"share_of_orders": ".1%", "share_of_defects": ".1%"}


def kinds(facts: Facts) -> Shown:
    """The defects of the window by kind, with the share of orders that have each."""
    names = {kind: kind_label(kind) for kind in KINDS}
    table = facts.components.rename(index=names).rename_axis("kind").reset_index()
    return show.table(
        table,
        tr("Defects by kind, {days}", days=words.span(facts.window.first, facts.window.last)),
        formats=RATES,
        labels=labels_of(table.columns, {"orders": tr("orders with it")}),
        download="defects-by-kind.csv",
        note=tr("A kind that no file tells is unknown, not zero."),
    )


def reasons(facts: Facts) -> Shown:
    """What the sources call the defects of the window."""
    if facts.reasons.empty:
        return as_told(facts, tr("No order of the window is defective, so there are no reasons"))
    table = facts.reasons.assign(
        reason=[tr(reason) if reason == NOT_TOLD else reason for reason in facts.reasons["reason"]]
    )
    return show.table(
        table,
        tr("Reasons of the defects, {days}",
           days=words.span(facts.window.first, facts.window.last)),
        formats={"share": ".1%"},
        labels=labels_of(table.columns, {"share": tr("share of the defective orders")}),
        download="reasons.csv",
        note=tr("As the claim, return or chargeback says it; feedback has no reason, only words."),
    )  # fmt: skip


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
    behind = table.reset_index()
    behind[column] = level_words(column, behind[column])
    return as_figure(
        figures.plot_rate_by(table.head(top), column, facts.profile, overall),
        show.table(
            behind,
            tr("Orders by {attribute}, {days}", attribute=words.attribute(column),
               days=words.span(facts.window.first, facts.window.last)),
            formats=RATES | SHARES | {"excess": ",.1f"},
            labels=labels_of(behind.columns, {column: words.attribute(column)}),
            download=f"by-{column}.csv",
            note=words.sentence(table.attrs["rule"]),
        ),
    )  # fmt: skip


def defective_orders(facts: Facts) -> Shown:
    """Every defective order of the history, newest first."""
    table = facts.defective_orders
    if table.empty:
        return show.say(tr("No file tells of a defective order."))
    caption = tr("Defective orders, newest first")
    return orders_table(table, caption, "defective-orders.csv", home=True)
