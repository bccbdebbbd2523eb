"""What causes them: the ranked causes, their orders, and what is on file for each."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.chapters.labels import labels_of, slice_words
from odrlib.chapters.parts import as_figure, as_told, orders_table
from odrlib.facts import Facts
from odrlib.languages import tr
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.words.standings import cause_name


def causes(facts: Facts) -> Shown:
    """The ranked causes with their excess; without any, the reason why there are none."""
    if not facts.causes:
        return causes_reason(facts)
    return as_figure(figures.plot_causes(facts.causes_table))


def causes_list(facts: Facts) -> Shown:
    """Every cause as a row, with its counts, its chance and its defective orders."""
    if not facts.causes:
        return show.say(tr("There is no cause to list."))
    table = facts.causes_table.assign(
        where=slice_words(facts.causes_table["where"]),
        same_as=[
            words.listing([cause_name(where) for where in cause.same_as], top=3)
            if cause.same_as
            else ""
            for cause in facts.causes
        ],
        interval=[
            tr("{low} to {high}", low=words.number(cause.low), high=words.number(cause.high))
            for cause in facts.causes
        ],
        order_ids=[list(cause.order_ids) for cause in facts.causes],
    )
    columns = ["rank", "where", "same_as", "orders", "defective", "expected", "excess", "interval",
               "rate", "rate_elsewhere", "q_value", "order_ids"]  # fmt: skip
    own = {
        "same_as": tr("the same orders as"),
        "defective": tr("defective"),
        "interval": tr("95% interval"),
    }
    return show.table(
        table[columns],
        tr("Root causes in rank order, with their defective orders"),
        formats={
            "expected": ",.1f",
            "excess": ",.1f",
            "rate": ".2%",
            "rate_elsewhere": ".2%",
            "q_value": ".2g",
        },
        labels=labels_of(columns, own),
        download="root-causes.csv",
        aside=["expected", "rate_elsewhere", "q_value"],
    )


def causes_reason(facts: Facts) -> Shown:
    """Why there are no more causes than these."""
    return as_told(facts, facts.causes.reason)


def cause_orders(facts: Facts, rank: int = 1) -> Shown:
    """The defective orders of one cause."""
    if len(facts.causes) < rank:
        return show.say(tr("There is no cause of rank {rank}.", rank=rank))
    cause = facts.causes[rank - 1]
    table = facts.defective_orders
    table = table[table["order_id"].isin(cause.order_ids)]
    caption = tr("Defective orders where {slice}", slice=cause_name(cause.where))
    return orders_table(table, caption, f"cause-{rank}-orders.csv")


def evidence(facts: Facts) -> Shown:
    """The files on hand for each defective order of the window."""
    if facts.evidence.empty:
        return as_told(
            facts, tr("No order of the window is defective, so there is nothing to prove")
        )
    with_files = int((facts.evidence["count"] > 0).sum())
    total = words.count(len(facts.evidence), "defective order")
    shown = facts.evidence.assign(
        kinds=[
            words.listing([words.kind_name(kind, 1) for kind in kinds])
            for kinds in facts.evidence["kinds"]
        ],
        files=[", ".join(names) for names in facts.evidence["files"]],
    )
    own = {"count": tr("files, number"), "files": tr("files")}
    return show.table(
        shown,
        tr("Files on hand: {with_files:,} of {orders} have any",
           with_files=with_files, orders=total),
        labels=labels_of(shown.columns, own),
        download="evidence-on-hand.csv",
        note=tr("Presence only: whether a file proves anything is not judged here."),
    )  # fmt: skip
