"""Missing: what would decide the defects that are unexplained or rest on their theme alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from odrlib.categories.catalogue import Condition, data
from odrlib.categories.records import Records
from odrlib.categories.rules import Answers, unknown
from odrlib.columns import framed
from odrlib.languages import tr

TABLE = {
    **dict.fromkeys(("missing", "says", "to_do"), "str"),
    **dict.fromkeys(("defects", "orders", "unexplained", "weak"), "int64"),
}


def missing_data(
    answers: Answers, certainty: Iterable[str], records: Records
) -> list[tuple[str, ...]]:
    """For each case the ids of what would decide it, in the order of categories.toml."""
    undecided = np.array([sure in ("weak", "none") for sure in certainty], dtype=bool)
    found: list[list[str]] = [[] for _ in answers.cases]
    for rule in data()["missing"]:
        for place in np.flatnonzero(undecided & _lacks(rule, answers, records)):
            found[place].append(rule["id"])
    return [tuple(ids) for ids in found]


def _lacks(rule: dict[str, Any], answers: Answers, records: Records) -> np.ndarray:
    """For which cases this is what is missing."""
    given = all(getattr(records, name) is not None for name in rule.get("given", ()))
    absent = all(getattr(records, name) is None for name in rule.get("not_given", ()))
    values = answers.values
    answer = np.full(len(answers.cases), given and absent)
    if "themes" in rule:
        answer &= np.array([_about(row, rule["themes"]) for row in values["themes"]], dtype=bool)
    for name in rule.get("unknown", ()):
        answer &= np.array([unknown(value) for value in values[name]], dtype=bool)
    for row in rule.get("when", ()):
        answer &= answers.holds(Condition.of(row))
    return answer


def _about(row: tuple[str, ...], themes: list[str]) -> bool:
    """An empty list of themes means a defect without any."""
    return not set(themes).isdisjoint(row) if themes else not row


def what_to_fetch(categorised: pd.DataFrame) -> pd.DataFrame:
    """
    What to fetch to explain more, the one that may explain most first.

    Returns
    -------
    DataFrame: missing (id), says, to_do, defects (that it would help to decide), orders,
    unexplained, weak (of these defects). A defect may lack several things and counts for each.
    """
    rows = []
    told = [categorised[name].tolist() for name in ("missing", "order_id", "certainty")]
    for rule in data()["missing"]:
        mine = [(order, sure) for lacks, order, sure in zip(*told, strict=True)
                if rule["id"] in lacks]  # fmt: skip
        if mine:
            certainty = Counter(sure for _, sure in mine)
            rows.append(
                {
                    "missing": rule["id"],
                    "says": tr(rule["says"]),
                    "to_do": tr(rule["to_do"]),
                    "defects": len(mine),
                    "orders": len({order for order, _ in mine}),
                    "unexplained": certainty["none"],
                    "weak": certainty["weak"],
                }
            )
    table = framed(rows, TABLE)
    return table.sort_values(["defects", "missing"], ascending=[False, True], ignore_index=True)
