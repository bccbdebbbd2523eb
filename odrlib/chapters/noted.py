"""What the analyst noted while exploring: each selection counted then, and counted today."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib import policy
from odrlib.errors import BadParameter
from odrlib.facts import Facts
from odrlib.finding import count
from odrlib.languages import tr, trn
from odrlib.plain import row_dicts
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.selections import in_words, noted_selection


def noted(facts: Facts) -> Shown:
    """The findings ledger, each row with its counts then and now and its orders."""
    table = facts.noted
    if facts.store.notes is None:
        return show.say(
            tr("Nothing was noted: odr.explore names a selection and keeps it in the ledger.")
        )
    if table.empty:
        return show.say(tr("The findings ledger is empty: nothing was noted."))
    rows = row_dicts(table)
    told = pd.DataFrame(
        {
            "name": table["name"],
            "text": table["text"],
            "selection": [_selection(row) for row in rows],
            "first": table["first"],
            "last": table["last"],
            "then": [_counts(row, "_then") for row in rows],
            "today": [_counts(row, "") for row in rows],
            "moved": [_moved(row) for row in rows],
            "orders": table["order_ids"],
            "noted_on": table["noted_on"],
        }
    )
    return show.table(
        told,
        trn("{n:,} finding that the analyst noted", "{n:,} findings that the analyst noted",
            len(table)),
        labels={
            "name": tr("finding"), "text": tr("what was written"),
            "selection": tr("which orders"), "first": tr("order days from"),
            "last": tr("to", context="days"),
            "then": tr("counted then"), "today": tr("counted today"), "moved": tr("moved since?"),
            "orders": tr("defective orders today"), "noted_on": tr("noted on"),
        },
        download="findings.csv",
        note=tr("Counted on the same order days then and today; the words are the analyst's."),
    )  # fmt: skip


def _selection(row: dict[str, Any]) -> str:
    """The selection in words, or as it was written where it cannot be read."""
    try:
        selection = noted_selection(row)
    except BadParameter:
        return str(row["where"])
    title = tr(policy.PROFILES[selection.profile].title)
    return tr("{selection} ({rule})", selection=in_words(selection), rule=title)


def _counts(row: dict[str, Any], when: str) -> str:
    orders, defective = row[f"orders{when}"], row[f"defective{when}"]
    if pd.isna(orders) or pd.isna(defective):
        return tr("unknown")
    share = f"{defective / orders:.2%}" if orders else tr("no orders")
    return tr("{share} ({defective:,} of {orders})", share=share, defective=int(defective),
              orders=count(int(orders), "order"))  # fmt: skip


def _moved(row: dict[str, Any]) -> str:
    if row["why"]:
        return tr("cannot be counted: {why}", why=row["why"])
    if pd.isna(row["moved"]):
        return tr("unknown")
    return tr("yes") if row["moved"] else tr("no")
