"""Summaries: how many defects each category has, the category of an order, the topic of a cause."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from odrlib.categories.catalogue import (
    CERTAINTIES,
    UNEXPLAINED,
    categories,
    precedence,
    topic_title,
)
from odrlib.causes import CauseList, describe
from odrlib.languages import language, tr
from odrlib.policy import KINDS
from odrlib.tables import among

COUNTS = {
    **dict.fromkeys(("category", "title", "topic"), "str"),
    **dict.fromkeys(("defects", "orders"), "int64"),
    "share": "float64",
    **dict.fromkeys((*KINDS, "strong", "likely", "weak"), "int64"),
    "example": "str",
}
TOPICS_OF_CAUSES = {
    "rank": "int64",
    **dict.fromkeys(("where", "topic", "topic_title", "category", "title"), "str"),
    **dict.fromkeys(("defects", "of", "topic_defects"), "int64"),
    "says": "str",
}


def category_counts(categorised: pd.DataFrame) -> pd.DataFrame:
    """
    The categories with their defects, the largest first and the unexplained last.

    `defects` adds up to the defects exactly, and `orders` to the defective orders exactly: an order
    whose defects are in two categories stands with the surer one (see `category_of_orders`).

    Returns
    -------
    DataFrame: category, title, topic (the category's usual one; missing for the unexplained),
    defects, orders, share (of the defects, 0-1), claim, chargeback, negative_feedback (defects by
    kind), strong, likely, weak (defects by certainty; the rest is unexplained), example (what shows
    the category most often)
    """
    whole = len(categorised)
    orders = category_of_orders(categorised)["category"].value_counts()
    rows = []
    for name, part in categorised.groupby("category", sort=True):
        category = categories()[str(name)]
        kinds, certainty = part["kind"].value_counts(), part["certainty"].value_counts()
        rows.append(
            {
                "category": name,
                "title": category.name,
                "topic": category.topics[0] if category.topics else None,
                "defects": len(part),
                "orders": int(orders.get(name, 0)),
                "share": len(part) / whole,
                **{kind: int(kinds.get(kind, 0)) for kind in KINDS},
                **{word: int(certainty.get(word, 0)) for word in CERTAINTIES[:3]},
                "example": _example(part["shows"]),
            }
        )
    table = pd.DataFrame(rows, columns=list(COUNTS)).astype(COUNTS)
    table["last"] = table["category"].eq(UNEXPLAINED)
    ordered = table.sort_values(["last", "defects", "category"], ascending=[True, False, True])
    return ordered.drop(columns="last").reset_index(drop=True)


def _example(shows: pd.Series) -> str:
    """The commonest thing shown first, then the commonest beside it, at most three."""
    first = shows[shows.map(len) > 0].map(
        lambda row: ("；" if language() == "zh" else "; ").join(row[:3])
    )
    counts = first.value_counts()
    return sorted(counts.index[counts == counts.max()])[0] if len(counts) else ""


def category_of_orders(categorised: pd.DataFrame) -> pd.DataFrame:
    """
    One row per defective order: order_id, category, title, topic, certainty.

    Of several defects of an order the surest speaks for it, then the one before in `precedence`.
    """
    table = categorised.assign(
        sure=categorised["certainty"].map(CERTAINTIES.index),
        place=categorised["category"].map(precedence()),
    ).sort_values(["order_id", "sure", "place", "kind"], kind="stable")
    first = table.drop_duplicates("order_id", ignore_index=True)
    return first[["order_id", "category", "title", "topic", "certainty"]]


def cause_topics(causes: CauseList, categorised: pd.DataFrame) -> tuple[CauseList, pd.DataFrame]:
    """
    The causes with their `topic` filled, and which categories their defects have.

    The topic of a cause is the one that most of its defects have (of equal ones the first by
    name); a cause of whose defects none has a topic keeps None.

    Returns
    -------
    The causes in the same order, with the same reason; and a DataFrame with one row per cause and
    category, the commonest first: rank (1-based), where (text), topic, topic_title, category,
    title, defects (of the category in the cause), of (all defects of the cause), topic_defects
    (with the cause's topic), says ("14 of 17: not received or late")
    """
    told, rows = [], []
    for rank, cause in enumerate(causes, start=1):
        mine = categorised[among(categorised["order_id"], pd.Series(cause.order_ids, dtype="str"))]
        topics = mine["topic"].dropna().value_counts()
        best = sorted(topics.index[topics == topics.max()])[0] if len(topics) else None
        told.append(replace(cause, topic=best))
        counts = mine.groupby(["category", "title"]).size().rename("defects").reset_index()
        rows += [
            {
                "rank": rank,
                "where": describe(cause.where),
                "topic": best,
                "topic_title": topic_title(best),
                "of": len(mine),
                "topic_defects": int(topics.get(best, 0)),
                "says": tr(
                    "{defects:,} of {all:,}: {topic}",
                    defects=int(topics.get(best, 0)),
                    all=len(mine),
                    topic=topic_title(best).lower(),
                ),
                **row,
            }
            for row in counts.sort_values(["defects", "category"], ascending=[False, True]).to_dict(
                "records"
            )
        ]
    table = pd.DataFrame(rows, columns=list(TOPICS_OF_CAUSES)).astype(TOPICS_OF_CAUSES)
    return causes.having(told), table
