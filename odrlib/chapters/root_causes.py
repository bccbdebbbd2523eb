"""What causes them: the ranked causes, their orders, and what is on file for each."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.causes import describe
from odrlib.chapters.parts import as_figure, as_told, orders_table
from odrlib.facts import Facts
from odrlib.report import show
from odrlib.report.show import Shown


def causes(facts: Facts) -> Shown:
    """The ranked causes with their excess; without any, the reason why there are none."""
    if not facts.causes:
        return causes_reason(facts)
    return as_figure(figures.plot_causes(facts.causes_table))


def causes_list(facts: Facts) -> Shown:
    """Every cause as a row, with its counts, its chance and its defective orders."""
    if not facts.causes:
        return show.say("There is no cause to list.")
    table = facts.causes_table.assign(
        same_as=[
            words.listing([describe(where) for where in cause.same_as], top=3)
            if cause.same_as
            else ""
            for cause in facts.causes
        ],
        interval=[
            f"{words.number(cause.low)} to {words.number(cause.high)}" for cause in facts.causes
        ],
        order_ids=[list(cause.order_ids) for cause in facts.causes],
    )
    columns = {
        "rank": "rank",
        "where": "orders where",
        "same_as": "the same orders as",
        "orders": "orders",
        "defective": "defective",
        "expected": "expected",
        "excess": "excess",
        "interval": "95% interval",
        "rate": "rate",
        "rate_elsewhere": "elsewhere",
        "q_value": "q (chance)",
        "order_ids": "defective orders",
    }
    return show.table(
        table[list(columns)],
        "Root causes in rank order, with their defective orders",
        formats={
            "expected": ",.1f",
            "excess": ",.1f",
            "rate": ".2%",
            "rate_elsewhere": ".2%",
            "q_value": ".2g",
        },
        labels=columns,
        download="root-causes.csv",
        aside=["expected", "rate_elsewhere", "q_value"],
    )


def causes_reason(facts: Facts) -> Shown:
    """Why there are no more causes than these."""
    return as_told(facts, facts.causes.reason)


def cause_orders(facts: Facts, rank: int = 1) -> Shown:
    """The defective orders of one cause."""
    if len(facts.causes) < rank:
        return show.say(f"There is no cause of rank {rank}.")
    cause = facts.causes[rank - 1]
    table = facts.defective_orders
    table = table[table["order_id"].isin(cause.order_ids)]
    caption = f"Defective orders where {describe(cause.where)}"
    return orders_table(table, caption, f"cause-{rank}-orders.csv")


def evidence(facts: Facts) -> Shown:
    """The files on hand for each defective order of the window."""
    if facts.evidence.empty:
        return as_told(facts, "No order of the window is defective, so there is nothing to prove")
    with_files = int((facts.evidence["count"] > 0).sum())
    total = words.count(len(facts.evidence), "defective order")
    return show.table(
        facts.evidence.assign(
            kinds=[words.listing([words.kind_name(k, 1) for k in kinds]) for kinds in
                   facts.evidence["kinds"]],
            files=[", ".join(names) for names in facts.evidence["files"]],
        ),
        f"Files on hand: {with_files:,} of {total} have any",
        labels={"count": "files, number"},
        download="evidence-on-hand.csv",
        note="Presence only: whether a file proves anything is not judged here.",
    )  # fmt: skip
