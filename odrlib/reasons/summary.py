"""Summaries: one reason for each order, and how many orders each theme and topic has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import framed, moments, typed
from odrlib.errors import BadParameter
from odrlib.exports.columns import frame_of
from odrlib.exports.words import coded, text_column
from odrlib.languages import language, mark, tr
from odrlib.reasons.classify import REMORSE, SAFETY, STATES
from odrlib.reasons.statements import SOURCES
from odrlib.reasons.themes import THEMES, TOPICS, by_priority
from odrlib.tables import among, groups

# What is told of an order, and which of it its first statement tells.
_COUNTS = {"orders": "int64", "share": "float64", "primary": "int64"}
_COUNTS |= dict.fromkeys(SOURCES, "int64")
_OF_ORDERS = {
    **dict.fromkeys(("order_id", "primary", "topic"), "str"),
    "themes": "object", "contradiction": "bool", "contradicts": "str", "product_only": "boolean",
    "says_delivered": "bool", "state": "str", "source": "str", "code": "bool",
    "on": "datetime64[us]", "file": "str", "line": "int64",
}  # fmt: skip
_OF_FIRST = ("primary", "topic", "source", "on", "line")
_NEEDED = ("order_id", "source", "themes", "primary", "state")


# The states of `reason_states` as a reader is told them; the table keeps the codes.
STATES_SAID = {
    "coded": mark("coded"),
    "no complaint": mark("no complaint"),
    "not understood": mark("not understood"),
    "no text": mark("no text"),
}
SOURCES_SAID = {
    "claims": mark("claims"),
    "chargebacks": mark("chargebacks"),
    "returns": mark("returns"),
    "feedback": mark("feedback"),
    "messages": mark("messages"),
}


def state_said(state: str) -> str:
    """How far a statement was understood, in words, from its code."""
    return tr(STATES_SAID[state])


def source_said(source: str) -> str:
    """Where something was said, in words, from its code."""
    return tr(SOURCES_SAID[source])


def order_reasons(classified: pd.DataFrame) -> pd.DataFrame:
    """
    One row per order that anything is said about: what it suffers from, and what said so.

    Of several statements the primary is that of the first by these rules: danger (T-SAFETY) before
    all; a fault before a change of mind, because the defect needs a cause; a code before a text;
    then claims, chargebacks, returns, feedback, messages; then the earlier day; then the theme of
    higher priority; then file and line.

    Parameters
    ----------
    classified : `classify_reasons(statements(store))`

    Returns
    -------
    DataFrame, by order id: `order_id`, `primary`, `topic` (missing if no statement has a theme),
    `themes` (tuple, the primary first, then by priority), `contradiction` (in any statement),
    `contradicts` (the rules, joined by "; "), `product_only` (all statements with a text theme
    speak of the product only; missing if there is none), `says_delivered`, `state` (the best of
    its statements), `source`, `code` (True if the code said it), `on`, `file`, `line` of the
    statement that gave the primary, or of the first.
    """
    _check(classified)
    if classified.empty:
        return pd.DataFrame({name: typed([], kind) for name, kind in _OF_ORDERS.items()})
    order, keys = _in_order(classified)
    starts, _ = groups(keys[order])
    first = order[starts]
    ids, primary, contradicts = (
        classified[name].to_numpy(object) for name in ("order_id", "primary", "contradicts")
    )
    themes, rules = _by_order(classified["themes"].to_numpy(object), contradicts, order, starts)
    said = {name: classified[name].array.take(first) for name in _OF_FIRST}
    product_only = classified["product_only"].to_numpy("int8", na_value=2)
    least = np.minimum.reduceat(product_only[order], starts)
    state = np.minimum.reduceat(_ranks(classified["state"], STATES)[order], starts)
    columns = {
        "order_id": text_column(ids[first], len(first)),
        **said,
        "themes": typed(
            [_first(primary[row], mine) for row, mine in zip(first, themes, strict=True)], "object"
        ),
        "contradiction": _any(classified["contradiction"], order, starts),
        "contradicts": typed(["; ".join(sorted(mine)) or None for mine in rules], "str"),
        "product_only": pd.arrays.BooleanArray(least == 1, least == 2),
        "says_delivered": _any(classified["says_delivered"], order, starts),
        "state": typed([(*STATES, None)[rank] for rank in state], "str"),
        "code": _not_empty(classified["from_code"])[first],
        "file": classified["file"].astype("str").array.take(first),
    }
    return frame_of({name: columns[name] for name in _OF_ORDERS})


def _in_order(classified: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The rows by order, in each the statement first that gives the primary; and their orders."""
    orders = pd.factorize(classified["order_id"], sort=True)[0]
    primary = classified["primary"].to_numpy(object)
    by_code = _not_empty(classified["from_code"])
    rank = np.array([THEMES[theme].rank if theme in THEMES else np.inf for theme in primary])
    spelled = pd.Series([" ".join(themes) for themes in classified["themes"]], dtype="str")
    # What only decides where two say the same stands first here: the last key sorts before all.
    keys = (
        classified["line"].to_numpy(),
        _alphabetic(classified["file"]),
        _alphabetic(spelled),
        _alphabetic(classified["topic"]),
        _ranks(classified["state"], STATES),
        rank,
        _times(classified["on"]),
        _ranks(classified["source"], SOURCES),
        ~by_code,
        primary == REMORSE,
        primary != SAFETY,
        classified["primary"].isna().to_numpy(),
        orders,
    )
    return np.lexsort(keys), orders


def _not_empty(values: pd.Series) -> np.ndarray:
    return np.array([bool(held) for held in values.to_numpy(object)], dtype=bool)


def _alphabetic(values: pd.Series) -> np.ndarray:
    """The place of each word in the alphabet; missing ones last."""
    codes, words = pd.factorize(values.astype("str"), sort=True)
    return np.asarray(np.where(codes < 0, len(words), codes))


def _times(values: pd.Series) -> np.ndarray:
    """Days as numbers, missing ones last."""
    days = moments(values.array)
    return np.asarray(np.where(np.isnat(days), np.iinfo("int64").max, days.view("int64")))


def _ranks(values: pd.Series, names: Sequence[str]) -> np.ndarray:
    """The place of each word among the names."""
    place = {name: rank for rank, name in enumerate(names)}
    codes, words = coded(values)
    ranks = [*(place.get(word, len(names)) for word in words), len(names)]
    return np.asarray(np.array(ranks)[codes])


def _any(flags: pd.Series, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Is the flag in any statement of each order?"""
    found: np.ndarray = np.logical_or.reduceat(flags.to_numpy(bool)[order], starts)
    return found


def _by_order(
    themes: np.ndarray, contradicts: np.ndarray, order: np.ndarray, starts: np.ndarray
) -> tuple[list[list[str]], list[set[str]]]:
    """The themes of all statements of each order, and the rules by which they disagree."""
    number = np.zeros(len(order), dtype="int64")
    number[starts[1:]] = 1
    all_themes: list[list[str]] = [[] for _ in starts]
    rules: list[set[str]] = [set() for _ in starts]
    told = zip(number.cumsum().tolist(), themes[order], contradicts[order], strict=True)
    for at, mine, rule in told:
        all_themes[at] += mine
        if isinstance(rule, str):
            rules[at].add(rule)
    return all_themes, rules


def _check(classified: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if name not in classified]
    if missing:
        raise BadParameter(
            tr(
                "the table has no column {columns}; give what classify_reasons makes of "
                "statements(store)",
                columns=", ".join(missing),
            )
        )


def _first(primary: object, names: Sequence[str]) -> tuple[str, ...]:
    """All themes of an order, the primary first."""
    rest = tuple(name for name in by_priority(names) if name != primary)
    return rest if pd.isna(primary) else (str(primary), *rest)


def theme_counts(classified: pd.DataFrame, reasons: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    How many orders complain of each theme, the commonest first.

    An order with several themes counts once for each, so that `orders` adds up to more than the
    orders; as `primary` each order with a theme counts exactly once. `reasons` are the
    `order_reasons` of at least these orders, if the caller has them.

    Returns
    -------
    DataFrame: `theme`, `title`, `topic`, `orders`, `share` (0-1, of the orders with a theme),
    `primary` (orders), and for each of `SOURCES` the orders in which that source says so
    """
    rows = _counted(classified, {name: name for name in THEMES}, reasons)
    told = [(name, THEMES[name].title, THEMES[name].topic, *counts) for name, *counts in rows]
    return framed(told, dict.fromkeys(["theme", "title", "topic"], "str") | _COUNTS)


def topic_counts(classified: pd.DataFrame, reasons: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    How many orders complain of each of Amazon's cause topics, the commonest first.

    Counted as in `theme_counts`: `topic`, `title`, `orders`, `share`, `primary`, and by source.
    """
    rows = _counted(classified, {name: theme.topic for name, theme in THEMES.items()}, reasons)
    told = [(name, TOPICS[name][language()], *counts) for name, *counts in rows]
    return framed(told, dict.fromkeys(["topic", "title"], "str") | _COUNTS)


def _counted(
    classified: pd.DataFrame, names: dict[str, str], reasons: pd.DataFrame | None
) -> list[tuple[Any, ...]]:
    """Orders by what their themes are named, in all (and as a share), as primary and by source."""
    _check(classified)
    # name -> its orders; and those in which a source says so
    orders: dict[str, set[str]] = defaultdict(set)
    by_source: dict[tuple[str, str], set[str]] = defaultdict(set)
    for order_id, source, themes in zip(
        *(classified[name].tolist() for name in ("order_id", "source", "themes")), strict=True
    ):
        for name in {names[theme] for theme in themes}:
            orders[name].add(order_id)
            by_source[name, source].add(order_id)
    if reasons is None:
        reasons = order_reasons(classified)
    mine = among(reasons["order_id"], classified["order_id"])
    primary = Counter(names[theme] for theme in reasons.loc[mine, "primary"].dropna())
    whole = len(set().union(*orders.values()))
    return [
        (
            *(name, len(found), len(found) / whole, primary[name]),
            *(len(by_source[name, source]) for source in SOURCES),
        )
        for name, found in sorted(orders.items(), key=lambda row: (-len(row[1]), row[0]))
    ]


def reason_states(classified: pd.DataFrame) -> pd.DataFrame:
    """How much was understood: `state`, `statements`, and the statements by source."""
    _check(classified)
    counts = Counter(zip(classified["state"], classified["source"], strict=True))
    by_source = {state: [counts[state, source] for source in SOURCES] for state in STATES}
    rows = [(state, sum(said), *said) for state, said in by_source.items()]
    return framed(rows, {"state": "str"} | dict.fromkeys(["statements", *SOURCES], "int64"))
