"""Summaries: how many defects each category has, the category of an order, the topic of a cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from odrlib.categories.catalogue import (
    CERTAINTIES,
    UNEXPLAINED,
    categories,
    precedence,
    topic_title,
)
from odrlib.causes import CauseList, describe
from odrlib.columns import framed, listed, rows_of, words
from odrlib.exports.columns import rows_at
from odrlib.languages import language, tr
from odrlib.policy import KINDS

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
    names = categorised["category"].tolist()
    defects = Counter(names)
    orders = Counter(category_of_orders(categorised)["category"].tolist())
    kinds = Counter(zip(names, categorised["kind"], strict=True))
    certainty = Counter(zip(names, categorised["certainty"], strict=True))
    shows: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, shown in zip(names, categorised["shows"], strict=True):
        shows[name].append(shown)
    rows = []
    for name in sorted(defects, key=lambda name: (name == UNEXPLAINED, -defects[name], name)):
        category = categories()[name]
        rows.append(
            {
                "category": name,
                "title": category.name,
                "topic": category.topics[0] if category.topics else None,
                "defects": defects[name],
                "orders": orders[name],
                "share": defects[name] / len(names),
                **{kind: kinds[name, kind] for kind in KINDS},
                **{word: certainty[name, word] for word in CERTAINTIES[:3]},
                "example": _example(shows[name]),
            }
        )
    return framed(rows, COUNTS)


def _example(shows: Iterable[tuple[str, ...]]) -> str:
    """The commonest thing shown first, then the commonest beside it, at most three."""
    comma = "；" if language() == "zh" else "; "
    return commonest(comma.join(row[:3]) for row in shows if row) or ""


def commonest(words: Iterable[str]) -> str | None:
    """
    The commonest word, of equally common ones the first by name; None if there is none.

    >>> commonest(["b", "c", "b", "c"])
    'b'
    """
    counts = Counter(words)
    return min(counts, key=lambda word: (-counts[word], word), default=None)


def category_of_orders(categorised: pd.DataFrame) -> pd.DataFrame:
    """
    One row per defective order: order_id, category, title, topic, certainty.

    Of several defects of an order the surest speaks for it, then the one before in `precedence`.
    """
    columns = ("order_id", "certainty", "category", "kind")
    place, last = precedence(), len(precedence())
    ranked = sorted(
        (order_id, CERTAINTIES.index(sure), place.get(category, last), kind, row)
        for row, (order_id, sure, category, kind) in enumerate(
            zip(*(listed(categorised[name]) for name in columns), strict=True)
        )
    )
    first: dict[str, int] = {}
    for order_id, *_, row in ranked:
        first.setdefault(order_id, row)
    rows = np.array([*first.values()], np.intp)
    return rows_at(categorised, rows, ["order_id", "category", "title", "topic", "certainty"])


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
        mine = rows_of(categorised["order_id"], cause.order_ids)
        topic, category, title = (
            words(categorised[name].array.take(mine)) for name in ("topic", "category", "title")
        )
        topics = [one for one in topic if one is not None]
        best = commonest(topics)
        told.append(replace(cause, topic=best))
        counts = Counter(zip(category, title, strict=True))
        rows += [
            {
                "rank": rank,
                "where": describe(cause.where),
                "topic": best,
                "topic_title": topic_title(best),
                "of": len(mine),
                "topic_defects": topics.count(best),
                "says": tr(
                    "{defects:,} of {all:,}: {topic}",
                    defects=topics.count(best),
                    all=len(mine),
                    topic=topic_title(best).lower(),
                ),
                "category": category,
                "title": title,
                "defects": defects,
            }
            for (category, title), defects in sorted(
                counts.items(), key=lambda row: (-row[1], row[0])
            )
        ]
    table = framed(rows, TOPICS_OF_CAUSES)
    return causes.having(told), table
