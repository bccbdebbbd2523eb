"""Sentences of changes: what moved from where to where, when, and how surely the day is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]

# "A rise in the last so many days would have been seen."
LASTING = 30
# Where only a rise to more than half of the orders would show, hardly any would.
HALF = 0.5


def change_sentence(row: Row) -> str:
    """One row of the table of changes in words."""
    by = f"by {row['clock']}"
    if row["direction"] == "new":
        return (
            f"{row['slice']} is new: its first order is of {row['on']:%Y-%m-%d} {by}. "
            f"Its rate has been {_level(row, 'after')}."
        )
    moved = "fell" if row["direction"] == "down" else "rose"
    open_end = " Defects still to come may undo this fall." if row["immature"] else ""
    return (
        f"The rate of {row['slice']} {moved} from {_level(row, 'before')} "
        f"to {_level(row, 'after')} on {days_of(row)} {by}.{open_end}"
    )


def days_of(change: Row) -> str:
    """
    The day of a change with its interval.

    >>> from datetime import date
    >>> days_of({"on": date(2026, 3, 4), "earliest": date(2026, 3, 2), "latest": date(2026, 3, 5)})
    '2026-03-04 (95 %: 2026-03-02 to 2026-03-05)'
    """
    day, earliest, latest = (f"{change[name]:%Y-%m-%d}" for name in ("on", "earliest", "latest"))
    return day if earliest == latest else f"{day} (95 %: {earliest} to {latest})"


def search_sentence(row: Row, reason: str) -> str:
    """One row of the table of what was searched; `reason` says why there is nothing to search."""
    of = f"The rate of {row['slice']} by {row['clock']}"
    if not row["days"]:
        return f"{of} is unknown: {reason or 'there are no orders'}."
    span = f"from {row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}"
    if row["changes"]:
        return f"{of} shows {_number(row['changes'])} {span}."
    # NaN is not below anything.
    if not row["visible"] < max(HALF, 2 * row["defective"] / row["orders"]):
        return (
            f"{of} shows no change {span}, but {row['defective']:,} defects in {row['orders']:,} "
            "orders are too few to see one."
        )
    return (
        f"{of} shows no change {span}; a rise to {row['visible']:.2%} in the last {LASTING} days "
        "would very likely have been seen."
    )


def _number(changes: int) -> str:
    return "one change" if changes == 1 else f"{changes:,} changes"


def _level(row: Row, side: str) -> str:
    """A rate with its counts; where not all defects have arrived, the counts are those so far."""
    rate, orders, defective = (row[f"{name}_{side}"] for name in ("rate", "orders", "defective"))
    so_far = "" if abs(rate * orders - defective) < 0.5 else " so far"
    return f"{rate:.2%} ({defective:,} of {orders:,} orders{so_far})"
