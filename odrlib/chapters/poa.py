"""What a Plan of Action rests on: the causes with their counts, measures and places to fill."""

from __future__ import annotations

import pandas as pd

from odrlib.chapters.labels import labels_of
from odrlib.facts import Facts
from odrlib.languages import language as spoken
from odrlib.languages import tr, trn
from odrlib.naming import slice_name
from odrlib.poa.draft import cause_name, draft_poa
from odrlib.poa.groups import cause_groups
from odrlib.poa.language import language
from odrlib.poa.measures import measures_of
from odrlib.poa.replay import replay
from odrlib.report import show
from odrlib.report.show import Shown

COLUMNS = ("cause", "orders", "first", "last", "done", "planned", "would_have_stopped", "key")


def poa_facts(facts: Facts) -> Shown:
    """The fact sheet of the plan: one row per cause, every defective order in one of them."""
    groups = cause_groups(facts)
    if not groups:
        return show.say(
            tr("No order of the window is known to be defective: there is no plan to write.")
        )
    measures = measures_of(facts.store)
    worksheet = language(spoken())
    rows = []
    for group in groups:
        mine = [measure for measure in measures if measure.cause == group.category]
        tried = [one for one in (replay(m, group.orders, facts.store) for m in mine) if one]
        best = max((one.stopped for one in tried), default=None)
        rows.append(
            (
                # The worksheet names columns as the site does; the page names slices as it does.
                slice_name(group.cause.where)
                if group.cause
                else worksheet.write(cause_name(group)),
                len(group.orders),
                group.orders["day"].min().date(),
                group.orders["day"].max().date(),
                sum(measure.done for measure in mine),
                sum(not measure.done for measure in mine),
                tr("not back-tested")
                if best is None
                else tr("{part:,} of {whole:,}", part=best, whole=len(group.orders)),
                group.key,
            )
        )
    blanks = draft_poa(facts, groups=groups).blanks
    own = {
        "cause": tr("cause"),
        "orders": tr("defective orders"),
        "first": tr("ordered from"),
        "last": tr("to", context="days"),
        "done": tr("measures done"),
        "planned": tr("measures planned"),
        "would_have_stopped": tr("its best rule would have stopped"),
        "key": tr("in facts.json"),
    }
    return show.table(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        trn(
            "What the Plan of Action rests on; its worksheet has {n:,} place to fill",
            "What the Plan of Action rests on; its worksheet has {n:,} places to fill",
            blanks,
        ),
        labels=labels_of(COLUMNS, own),
        download="poa-facts.csv",
        aside=["key"],
    )
