"""From the store to the slice: the path, the two attributes that matter, and who was cleared."""

from __future__ import annotations

from odrlib import figures, words
from odrlib.causes import how_to_tell_apart
from odrlib.causes.crossed import rate_grid
from odrlib.causes.drill import drill_down
from odrlib.chapters.labels import labels_of, level_words, slice_words
from odrlib.chapters.parts import RATES, as_figure, as_told, no_defects_told
from odrlib.facts import Facts
from odrlib.languages import sentences, tr
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.words.standings import cause_name


def path(facts: Facts, rank: int = 1) -> Shown:
    """From all orders of the window to one cause, a condition at a time."""
    if len(facts.causes) < rank:
        return show.say(tr("There is no cause of rank {rank}.", rank=rank))
    steps = drill_down(facts.inquiry.searched, facts.causes[rank - 1].where)
    table = show.table(
        steps,
        tr("From all orders to {slice}", slice=cause_name(facts.causes[rank - 1].where)),
        formats=RATES | {"excess": ",.1f", "share_of_orders": ".1%", "share_of_defects": ".1%"},
        labels=labels_of(steps.columns),
        download=f"cause-{rank}-path.csv",
    )
    return as_figure(figures.plot_drill_down(steps), table)


def grid(facts: Facts) -> Shown:
    """Where the two attributes that matter most meet: orders, defects and excess of each pair."""
    if facts.inside.empty:
        return no_defects_told(facts)
    pair = facts.inquiry.crossed
    if pair is None:
        return as_told(
            facts, tr("No two attributes that the files tell can be set against each other")
        )
    cells = rate_grid(facts.inquiry.searched, *pair)
    nouns = [words.attribute(column) for column in pair]
    own = {
        "row": nouns[0],
        "column": nouns[1],
        "expected": tr("expected by its share"),
        "apart": tr("expected by both taken apart"),
        "few": tr("fewer than 20 orders"),
    }
    behind = show.table(
        cells.assign(
            row=level_words(pair[0], cells["row"]), column=level_words(pair[1], cells["column"])
        ),
        tr("Orders by {first} and {second}", first=nouns[0], second=nouns[1]),
        formats=RATES | {"expected": ",.1f", "apart": ",.1f", "excess": ",.1f"},
        labels=labels_of(cells.columns, own),
        download="two-attributes.csv",
    )
    return as_figure(figures.plot_grid(cells, *pair), behind)


def cleared(facts: Facts) -> Shown:
    """The suspects that look bad by themselves and that the named causes explain."""
    if not facts.causes:
        return show.say(tr("No cause is named, so there is nobody whom a cause could clear."))
    table = facts.inquiry.cleared
    if table.empty:
        return show.say(tr("No other group of one attribute looks bad by itself."))
    own = {
        "suspect": tr("suspect"),
        "expected": tr("expected through the causes"),
        "because": tr("explained by"),
    }
    behind = show.table(
        table.assign(suspect=slice_words(table["suspect"]), because=slice_words(table["because"])),
        words.cleared_title(table),
        formats={"expected": ",.1f", "rate": ".2%", "rate_elsewhere": ".2%", "p_value": ".2g"},
        labels=labels_of(table.columns, own),
        download="suspects-cleared.csv",
    )
    return as_figure(figures.plot_cleared(table), behind)


def to_tell_apart(facts: Facts) -> Shown:
    """Which shipment would tell the suspects apart that the data cannot."""
    said = [line for cause in facts.causes for line in how_to_tell_apart(cause)]
    if not said:
        return as_told(facts, tr("No named cause has a rival that fits as well"))
    return show.say(sentences(*said))
