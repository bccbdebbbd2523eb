"""Summaries: one reason for each order, and how many orders each theme and topic has."""

from __future__ import annotations

import pandas as pd

from odrlib.errors import BadParameter
from odrlib.languages import language, mark, tr
from odrlib.reasons.classify import REMORSE, SAFETY, STATES
from odrlib.reasons.statements import SOURCES
from odrlib.reasons.themes import THEMES, TOPICS, by_priority

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
    themes = groups["themes"].agg(lambda column: tuple(t for row in column for t in row))
    answer = pd.DataFrame(
        {
            "primary": first["primary"],
            "topic": first["topic"],
            "themes": [
                _first(primary, names)
                for primary, names in zip(first["primary"], themes, strict=True)
            ],
            "contradiction": groups["contradiction"].any(),
            "contradicts": groups["contradicts"].agg(_joined).astype("str"),
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


def _first(primary: object, names: tuple[str, ...]) -> tuple[str, ...]:
    """All themes of an order, the primary first."""
    rest = tuple(name for name in by_priority(names) if name != primary)
    return rest if pd.isna(primary) else (str(primary), *rest)


def _joined(rules: pd.Series) -> object:
    return "; ".join(sorted(set(rules.dropna()))) or None


def theme_counts(classified: pd.DataFrame) -> pd.DataFrame:
    """
    How many orders complain of each theme, the commonest first.

    An order with several themes counts once for each, so that `orders` adds up to more than the
    orders; as `primary` each order with a theme counts exactly once.

    Returns
    -------
    DataFrame: `theme`, `title`, `topic`, `orders`, `share` (0-1, of the orders with a theme),
    `primary` (orders), and for each of `SOURCES` the orders in which that source says so
    """
    table = _counted(classified, {name: name for name in THEMES})
    return table.rename(columns={"name": "theme"}).assign(
        title=[THEMES[name].title for name in table["name"]],
        topic=[THEMES[name].topic for name in table["name"]],
    )[["theme", "title", "topic", "orders", "share", "primary", *SOURCES]]


def topic_counts(classified: pd.DataFrame) -> pd.DataFrame:
    """
    How many orders complain of each of Amazon's cause topics, the commonest first.

    Counted as in `theme_counts`: `topic`, `title`, `orders`, `share`, `primary`, and by source.
    """
    table = _counted(classified, {name: theme.topic for name, theme in THEMES.items()})
    return table.rename(columns={"name": "topic"}).assign(
        title=[TOPICS[name][language()] for name in table["name"]]
    )[["topic", "title", "orders", "share", "primary", *SOURCES]]


def _counted(classified: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Orders by what their themes are named, in all, as primary and by source."""
    _check(classified)
    rows = classified[["order_id", "source", "themes"]].explode("themes").dropna(subset=["themes"])
    rows = rows.assign(name=rows["themes"].map(names)).drop_duplicates(
        ["order_id", "source", "name"]
    )
    orders = rows.drop_duplicates(["order_id", "name"])["name"].value_counts()
    primary = order_reasons(classified)["primary"].dropna().map(names).value_counts()
    by_source = rows.groupby(["name", "source"]).size().unstack(fill_value=0)
    whole = rows["order_id"].nunique()
    table = pd.DataFrame({"orders": orders}).assign(
        share=lambda t: t["orders"] / max(whole, 1),
        primary=lambda t: primary.reindex(t.index).fillna(0).astype("int64"),
        **{
            source: lambda t, source=source: (
                by_source[source].reindex(t.index) if source in by_source else 0
            )
            for source in SOURCES
        },
    )
    table.index.name = "name"
    table = table.reset_index().sort_values(["orders", "name"], ascending=[False, True])
    return table.astype(dict.fromkeys(SOURCES, "int64")).reset_index(drop=True)


def reason_states(classified: pd.DataFrame) -> pd.DataFrame:
    """How much was understood: `state`, `statements`, and the statements by source."""
    _check(classified)
    table = pd.crosstab(classified["state"], classified["source"])
    table = table.reindex(index=list(STATES), columns=list(SOURCES), fill_value=0)
    table.insert(0, "statements", table.sum(axis="columns"))
    return table.rename_axis(columns=None).reset_index()
