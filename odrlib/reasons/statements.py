"""Statements: everything that a store's files say about its orders, one row each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import days, framed, moments
from odrlib.exports.columns import frame_of
from odrlib.exports.words import flags, text_column
from odrlib.stacks import stack
from odrlib.store import Store

SOURCES = ("claims", "chargebacks", "returns", "feedback", "messages")
COLUMNS = {
    "order_id": "str", "source": "str", "on": "datetime64[us]", "code": "str", "text": "str",
    "file": "str", "line": "int64",
}  # fmt: skip
# source -> its day, and the columns that hold codes and texts.
_HOLDS = {
    "claims": ("filed_on", ("reason",), ("note",)),
    "chargebacks": ("filed_on", ("reason_code", "reason"), ("note",)),
    "returns": ("requested_on", ("reason",), ("comment",)),
    "feedback": ("date", (), ("comment",)),
    "messages": ("at", (), ("text",)),
}


def statements(store: Store) -> pd.DataFrame:
    """
    Everything said about orders: claims, chargebacks, returns, feedback and buyers' messages.

    Returns
    -------
    DataFrame: `order_id`, `source` (one of `SOURCES`), `on` (the day; of a message the day in UTC),
    `code` (reason codes, several divided by "; "), `text` (missing if there is none), `file`,
    `line`. The text is the buyer's (of claims and chargebacks: the analyst's note) and private.
    """
    parts = [
        _rows(table, source)
        for source in SOURCES
        if (table := getattr(store, source)) is not None and len(table)
    ]
    if not parts:
        return framed([], COLUMNS)
    lengths = [len(part["line"]) for part in parts]
    sources = np.repeat([str(part["source"]) for part in parts], lengths).astype(object)
    kinds = {"order_id": "text", "on": "day", "code": "text", "text": "text", "file": "text"}
    columns = {
        name: stack(kind, [part[name] for part in parts], lengths) for name, kind in kinds.items()
    }
    columns["source"] = text_column(sources, len(sources))
    columns["line"] = np.concatenate([part["line"] for part in parts])
    return frame_of({name: columns[name] for name in COLUMNS})


def _rows(table: pd.DataFrame, source: str) -> dict[str, Any]:
    """The columns of one source's statements; a column that it has not is None."""
    day, codes, texts = _HOLDS[source]
    if source == "messages":
        by_buyer = flags(table["sender"], lambda who: who.strip().casefold() == "buyer")
        asked = ["order_id", day, *codes, *texts, "file", "line"]
        table = table.loc[by_buyer, asked]
    on = table[day]
    if isinstance(on.dtype, pd.DatetimeTZDtype):
        on = pd.Series(days(moments(on.array), "UTC"))
    return {
        "source": source,
        "order_id": table["order_id"],
        "on": on,
        "code": _joined(table, codes),
        "text": _joined(table, texts),
        "file": table["file"],
        "line": table["line"].to_numpy("int64"),
    }


def _joined(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series | None:
    """What the columns say, divided by "; "; missing if they are all empty."""
    if not columns:
        return None
    said, *others = (table[column] for column in columns)
    for more in others:
        said, more = said.astype("str"), more.astype("str")
        said = said.str.cat(more, sep="; ").fillna(said).fillna(more)
    return said
