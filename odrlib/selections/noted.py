"""Noted: a selection as a row of the findings ledger, and what it counts today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from odrlib.columns import framed
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.plain import is_formula
from odrlib.selections.conditions import conditions, conditions_text
from odrlib.selections.selection import ALL, ANY, Selection, numerators, select

NOTE_COLUMNS = (
    "id", "noted_on", "name", "text", "profile", "first", "last", "channel", "kind", "where",
    "orders", "defective", "rate",
)  # fmt: skip
TYPES = {
    **dict.fromkeys(["id", "name", "text"], "str"),
    "noted_on": "datetime64[us]",
    **dict.fromkeys(["profile", "first", "last", "channel", "kind", "where"], "str"),
    **dict.fromkeys(["orders", "defective", "orders_then", "defective_then"], "Int64"),
    **dict.fromkeys(["rate", "rate_then"], "float64"),
    "moved": "boolean",
    "why": "str",
    "order_ids": "object",
}


def note_row(
    selection: Selection, orders: int, defective: int, *, id: str, name: str, text: str, on: date
) -> dict[str, str]:
    """A selection with its name, its text and its counts, as the cells of its row."""
    return {
        "id": id,
        "noted_on": on.isoformat(),
        "name": safe(" ".join(name.split())),
        "text": safe(" ".join(text.split())),
        "profile": selection.profile,
        "first": selection.first.isoformat(),
        "last": selection.last.isoformat(),
        "channel": selection.channel,
        "kind": selection.kind,
        "where": conditions_text(selection.where),
        "orders": str(orders),
        "defective": str(defective),
        "rate": f"{defective / orders:.4%}" if orders else "",
    }


def safe(text: str) -> str:
    """
    Text that no spreadsheet runs as a formula; `unsafe` gives it back as it was.

    >>> safe("=1+1"), unsafe(safe("=1+1")), safe("a = b")
    ("'=1+1", '=1+1', 'a = b')
    """
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def unsafe(text: str) -> str:
    """The text that `safe` made safe."""
    runs = text.startswith("'") and is_formula(text.lstrip("'"))
    return text[1:] if runs else text


def noted_selection(row: Mapping[str, Any]) -> Selection:
    """
    The selection of a row of the ledger.

    Raises
    ------
    BadParameter : a cell cannot be read
    """
    asked = ("profile", "first", "last", "channel", "kind", "where")
    told = {name: None if pd.isna(row.get(name)) else row[name] for name in asked}
    return Selection(
        profile=str(told.get("profile") or "amazon"),
        first=_date(told.get("first")),
        last=_date(told.get("last")),
        channel=str(told.get("channel") or ALL),
        kind=str(told.get("kind") or ANY),
        where=conditions(str(told.get("where") or "")),
    )


def _date(value: Any) -> Any:
    try:
        return value.date() if hasattr(value, "date") and callable(value.date) else value
    except (NotImplementedError, ValueError) as error:  # pandas knows years that no calendar has
        raise BadParameter(tr("{day}: not a day of the calendar", day=value)) from error


def recounted(
    notes: pd.DataFrame | None, tables: Callable[[str], tuple[pd.DataFrame, pd.DataFrame]]
) -> pd.DataFrame:
    """
    What the analyst noted, counted then and counted today on the same days.

    Parameters
    ----------
    notes : the findings of the ledger
    tables : profile -> its table of `defects_by_order`, and the description of its orders

    Returns
    -------
    DataFrame, in the order of the ledger: id, noted_on, name, text, profile, first, last, channel,
    kind, where, orders, defective, rate (today; missing where it cannot be counted, and `why` says
    why), orders_then, defective_then, rate_then, moved, order_ids (the defective orders)
    """
    rows = [_recounted(row, tables) for row in ([] if notes is None else notes.to_dict("records"))]
    return framed(rows, TYPES)


def _recounted(
    row: Mapping[str, Any], tables: Callable[[str], tuple[pd.DataFrame, pd.DataFrame]]
) -> dict[str, Any]:
    told: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
    then: dict[str, Any] = {
        "orders_then": told.get("orders"),
        "defective_then": told.get("defective"),
    }
    known = then["orders_then"] and then["defective_then"] is not None
    base: dict[str, Any] = {
        "id": told.get("id"),
        "noted_on": told.get("noted_on"),
        **{name: unsafe(str(told.get(name) or "")) for name in ("name", "text")},
        **{name: _cell(told.get(name)) for name in NOTE_COLUMNS[4:10]},
        **then,
        "rate_then": then["defective_then"] / then["orders_then"] if known else None,
        "why": "",
        "order_ids": [],
    }
    try:
        selection = noted_selection(row)
        defects, described = tables(selection.profile)
        found = select(defects, selection, described)
    except BadParameter as error:
        return base | {"why": str(error)}
    if selection.kind != ANY and selection.kind not in found:
        return base | {"orders": len(found)}
    many = numerators(found, selection)
    orders, defective = len(found), int(many.sum())
    return base | {
        "orders": orders,
        "defective": defective,
        "rate": defective / orders if orders else None,
        "moved": (orders, defective) != tuple(then.values()) if None not in then.values() else None,
        "order_ids": sorted(found.loc[many > 0, "order_id"]),
    }


def _cell(value: Any) -> str:
    return "" if value is None else str(_date(value))
