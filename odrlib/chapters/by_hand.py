"""By hand: five orders counted one by one, and how they add up to the rate with all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from odrlib import words
from odrlib.facts import Facts
from odrlib.languages import tr
from odrlib.plain import row_dicts
from odrlib.policy import KINDS, PROFILES
from odrlib.rates import counted
from odrlib.report import show
from odrlib.report.show import Shown


def by_hand(facts: Facts, profile: str = "amazon", orders: int = 5) -> Shown:
    """
    A few orders of a rule's window with what each adds to the rate, and the sum with the others.

    The orders with the most kinds of defects come first, then those with one, then those with none,
    so that a reader sees each case.
    """
    rule, window = PROFILES[profile], facts.windows[profile].window
    inside = window.select(facts.defects[profile])
    line = facts.headlines[profile]["all"]
    if line.rate is None or inside.empty:
        return show.say(words.standing(line))
    table = inside.assign(adds=counted(inside, profile)).sort_values(
        ["defects", "day", "order_id"], ascending=[False, True, True], kind="stable"
    )
    few = _few(table, orders)
    rest = table.drop(few.index)
    rows = [
        *(
            (row["order_id"], words.day(row["day"]), _kinds(row, line.unknown), row["adds"], 1)
            for row in row_dicts(few)
        ),
        (tr("all other orders of the window"), "", "", int(rest["adds"].sum()), len(rest)),
        (tr("together"), "", "", int(table["adds"].sum()), len(table)),
    ]
    return show.table(
        pd.DataFrame(rows, columns=["order", "day", "kinds", "adds", "orders"]),
        tr("Counted by hand: {rule}, {days}", rule=tr(rule.title),
           days=words.span(window.first, window.last)),
        labels={
            "order": tr("order"), "day": tr("ordered"), "kinds": tr("kinds of defect"),
            "adds": tr("adds to the defects"), "orders": tr("adds to the orders"),
        },
        download=f"by-hand-{profile}.csv",
        note=tr("The rate is at least the last row's defects divided by its orders.")
        if line.unknown
        else tr("The rate is the last row's defects divided by its orders."),
    )  # fmt: skip


def _few(table: pd.DataFrame, orders: int) -> pd.DataFrame:
    """Some orders of each case: with several kinds of defect, with one, with none."""
    cases = [table[table["defects"] > 1], table[table["defects"] == 1], table[table["defects"] < 1]]
    shares = [case.head(most) for case, most in zip(cases, (1, orders - 2, orders), strict=True)]
    return pd.concat(shares).head(orders)


def _kinds(row: Mapping[str, Any], unknown: Sequence[str]) -> str:
    held = [words.kind_name(kind, 1) for kind in KINDS if row.get(kind)]
    if held:
        return words.listing(held)
    return tr("none that a file tells") if unknown else tr("none")
