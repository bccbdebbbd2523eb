"""What a Plan of Action rests on: the causes with their counts, measures and places to fill."""

from __future__ import annotations

import pandas as pd

from odrlib.facts import Facts
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
            "No order of the window is known to be defective: there is no plan to write."
        )
    measures = measures_of(facts.store)
    words = language("en")
    rows = []
    for group in groups:
        mine = [measure for measure in measures if measure.cause == group.category]
        tried = [one for one in (replay(m, group.orders, facts.store) for m in mine) if one]
        best = max((one.stopped for one in tried), default=None)
        rows.append(
            (
                words.write(cause_name(group)),
                len(group.orders),
                group.orders["day"].min().date(),
                group.orders["day"].max().date(),
                sum(measure.done for measure in mine),
                sum(not measure.done for measure in mine),
                "not back-tested" if best is None else f"{best} of {len(group.orders)}",
                group.key,
            )
        )
    blanks = draft_poa(facts).blanks
    return show.table(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        f"What the Plan of Action rests on; its worksheet has {blanks} places to fill",
        labels={
            "orders": "defective orders",
            "first": "ordered from",
            "last": "to",
            "done": "measures done",
            "planned": "measures planned",
            "would_have_stopped": "its best rule would have stopped",
            "key": "in facts.json",
        },
        download="poa-facts.csv",
        note="`odr poa draft` writes the worksheet, `odr poa check` checks what was written.",
    )
