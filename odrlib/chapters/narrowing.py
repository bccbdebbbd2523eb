"""From the store to the slice: the path, the two attributes that matter, and who was cleared."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.causes import describe, how_to_tell_apart
from odrlib.causes.crossed import rate_grid
from odrlib.causes.drill import drill_down
from odrlib.chapters.parts import RATES, as_figure, as_told, no_defects_told, noun_of
from odrlib.facts import Facts
from odrlib.report import show
from odrlib.report.show import Shown


def path(facts: Facts, rank: int = 1) -> Shown:
    """From all orders of the window to one cause, a condition at a time."""
    if len(facts.causes) < rank:
        return show.say(f"There is no cause of rank {rank}.")
    steps = drill_down(facts.inquiry.searched, facts.causes[rank - 1].where)
    table = show.table(
        steps,
        f"From all orders to {describe(facts.causes[rank - 1].where)}",
        formats=RATES | {"excess": ",.1f", "share_of_orders": ".1%", "share_of_defects": ".1%"},
        labels={"low": "95% interval from", "high": "to"},
        download=f"cause-{rank}-path.csv",
    )
    return as_figure(figures.plot_drill_down(steps), table)


def grid(facts: Facts) -> Shown:
    """Where the two attributes that matter most meet: orders, defects and excess of each pair."""
    if facts.inside.empty:
        return no_defects_told(facts)
    pair = facts.inquiry.crossed
    if pair is None:
        return as_told(facts, "No two attributes that the files tell can be set against each other")
    cells = rate_grid(facts.inquiry.searched, *pair)
    nouns = [noun_of(column) for column in pair]
    behind = show.table(
        cells.astype({"row": "str", "column": "str"}),
        f"Orders by {nouns[0]} and {nouns[1]}",
        formats=RATES | {"expected": ",.1f", "apart": ",.1f", "excess": ",.1f"},
        labels={
            "row": nouns[0],
            "column": nouns[1],
            "expected": "expected by its share",
            "apart": "expected by both taken apart",
            "low": "95% interval from",
            "high": "to",
            "few": "fewer than 20 orders",
        },
        download="two-attributes.csv",
    )
    return as_figure(figures.plot_grid(cells, *pair), behind)


def cleared(facts: Facts) -> Shown:
    """The suspects that look bad by themselves and that the named causes explain."""
    if not facts.causes:
        return show.say("No cause is named, so there is nobody whom a cause could clear.")
    table = facts.inquiry.cleared
    if table.empty:
        return show.say("No other group of one attribute looks bad by itself.")
    behind = show.table(
        table,
        words.cleared_title(table),
        formats={"expected": ",.1f", "rate": ".2%", "rate_elsewhere": ".2%", "p_value": ".2g"},
        labels={
            "expected": "expected through the causes",
            "rate_elsewhere": "elsewhere",
            "p_value": "p (chance)",
            "because": "explained by",
        },
        download="suspects-cleared.csv",
    )
    return as_figure(figures.plot_cleared(table), behind)


def to_tell_apart(facts: Facts) -> Shown:
    """Which shipment would tell the suspects apart that the data cannot."""
    said = [line for cause in facts.causes for line in how_to_tell_apart(cause)]
    return (
        show.say(*said) if said else as_told(facts, "No named cause has a rival that fits as well")
    )
