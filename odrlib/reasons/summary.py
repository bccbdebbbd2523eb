"""Summaries: one reason for each order, and how many orders each theme and topic has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import pandas as pd

from odrlib.errors import BadParameter
from odrlib.languages import language, mark, tr
from odrlib.reasons.classify import REMORSE, SAFETY, STATES
from odrlib.reasons.statements import SOURCES
from odrlib.reasons.themes import THEMES, TOPICS, by_priority
from odrlib.tables import among

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
    table = classified.assign(
        coded=classified["state"].eq("coded"),
        by_code=[bool(themes) for themes in classified["from_code"]],
        state_rank=classified["state"].map({name: rank for rank, name in enumerate(STATES)}),
        source_rank=classified["source"].map({name: rank for rank, name in enumerate(SOURCES)}),
        theme_rank=classified["primary"].map({name: theme.rank for name, theme in THEMES.items()}),
        safe=classified["primary"].ne(SAFETY).fillna(True),
        remorse=classified["primary"].eq(REMORSE).fillna(False),
        silent=classified["primary"].isna(),
        spelled=classified["themes"].map(" ".join),
        file=classified["file"].astype("str"),
    )
    order = ["order_id", "silent", "safe", "remorse", "by_code", "source_rank", "on", "theme_rank"]
    order += ["state_rank", "topic", "spelled"]  # where it stands only if two say the same
    table = table.sort_values(
        [*order, "file", "line"],
        ascending=[name != "by_code" for name in (*order, "file", "line")],
        kind="stable",
    )
    groups = table.groupby("order_id", sort=True)
    first = table.drop_duplicates("order_id").set_index("order_id")
    themes: dict[str, list[str]] = defaultdict(list)
    rules: dict[str, set[str]] = defaultdict(set)
    for order_id, row, rule in zip(
        *(table[name].to_numpy(object) for name in ("order_id", "themes", "contradicts")),
        strict=True,
    ):
        themes[order_id] += row
        rules[order_id] |= {rule} if isinstance(rule, str) else set()
    answer = pd.DataFrame(
        {
            "primary": first["primary"],
            "topic": first["topic"],
            "themes": [
                _first(primary, themes[order_id])
                for order_id, primary in zip(
                    first.index.to_numpy(object), first["primary"].to_numpy(object), strict=True
                )
            ],
            "contradiction": groups["contradiction"].any(),
            "contradicts": pd.Series(
                [
                    "; ".join(sorted(rules[order_id])) or None
                    for order_id in first.index.to_numpy(object)
                ],
                index=first.index,
                dtype="str",
            ),
            "product_only": groups["product_only"].min().astype("boolean"),
            "says_delivered": groups["says_delivered"].any(),
            "state": groups["state_rank"].min().map(dict(enumerate(STATES))).astype("str"),
            "source": first["source"],
            "code": first["by_code"],
            "on": first["on"],
            "file": first["file"],
            "line": first["line"],
        }
    )
    return answer.reset_index()


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
    table = _counted(classified, {name: name for name in THEMES}, reasons)
    return table.rename(columns={"name": "theme"}).assign(
        title=[THEMES[name].title for name in table["name"]],
        topic=[THEMES[name].topic for name in table["name"]],
    )[["theme", "title", "topic", "orders", "share", "primary", *SOURCES]]


def topic_counts(classified: pd.DataFrame, reasons: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    How many orders complain of each of Amazon's cause topics, the commonest first.

    Counted as in `theme_counts`: `topic`, `title`, `orders`, `share`, `primary`, and by source.
    """
    table = _counted(classified, {name: theme.topic for name, theme in THEMES.items()}, reasons)
    return table.rename(columns={"name": "topic"}).assign(
        title=[TOPICS[name][language()] for name in table["name"]]
    )[["topic", "title", "orders", "share", "primary", *SOURCES]]


def _counted(
    classified: pd.DataFrame, names: dict[str, str], reasons: pd.DataFrame | None
) -> pd.DataFrame:
    """Orders by what their themes are named, in all, as primary and by source."""
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
    rows = [
        (
            *(name, len(found), len(found) / whole, primary[name]),
            *(len(by_source[name, source]) for source in SOURCES),
        )
        for name, found in sorted(orders.items(), key=lambda row: (-len(row[1]), row[0]))
    ]
    types = {"name": "str", "orders": "int64", "share": "float64", "primary": "int64"}
    types |= dict.fromkeys(SOURCES, "int64")
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def reason_states(classified: pd.DataFrame) -> pd.DataFrame:
    """How much was understood: `state`, `statements`, and the statements by source."""
    _check(classified)
    counts = Counter(zip(classified["state"], classified["source"], strict=True))
    rows = [(state, *(counts[state, source] for source in SOURCES)) for state in STATES]
    table = pd.DataFrame(rows, columns=["state", *SOURCES])
    table.insert(1, "statements", table[list(SOURCES)].sum(axis="columns"))
    return table
