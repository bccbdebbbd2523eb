"""Statements: everything that a store's files say about its orders, one row each."""

from __future__ import annotations

import pandas as pd

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
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    return pd.concat(parts, ignore_index=True).astype(COLUMNS)


def _rows(table: pd.DataFrame, source: str) -> pd.DataFrame:
    if source == "messages":
        table = table[table["sender"].astype("str").str.strip().str.casefold().eq("buyer")]
    day, codes, texts = _HOLDS[source]
    on = table[day]
    if isinstance(on.dtype, pd.DatetimeTZDtype):
        on = on.dt.tz_convert("UTC").dt.tz_localize(None).dt.normalize()
    return pd.DataFrame(
        {
            "order_id": table["order_id"],
            "source": source,
            "on": on,
            "code": _joined(table, codes),
            "text": _joined(table, texts),
            "file": table["file"].astype("str"),
            "line": table["line"],
        }
    )


def _joined(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """What the columns say, divided by "; "; missing if they are all empty."""
    if not columns:
        return pd.Series(pd.NA, index=table.index, dtype="str")
    said, *others = (table[column].astype("str") for column in columns)
    for more in others:
        said = said.str.cat(more, sep="; ").fillna(said).fillna(more)
    return said
