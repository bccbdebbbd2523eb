"""Sentences of changes: what moved from where to where, when, and how surely the day is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odrlib.languages import mark, sentences, tr, trn
from odrlib.languages.forms import day, short_day, span
from odrlib.naming import slice_orders

Row = Mapping[str, Any]

# "A rise in the last so many days would have been seen."
LASTING = 30
# Where only a rise to more than half of the orders would show, hardly any would.
HALF = 0.5
CLOCKS = {"order day": mark("order day"), "ship day": mark("ship day")}
DIRECTIONS = {"up": mark("up"), "down": mark("down"), "new": mark("new")}


def clock_said(clock: str) -> str:
    """A clock as a reader calls it, from its code in the tables."""
    return tr(CLOCKS[clock])


def direction_said(direction: str) -> str:
    """Which way a rate moved, from its code in the tables."""
    return tr(DIRECTIONS[direction])


def change_sentence(row: Row) -> str:
    """One row of the table of changes in words."""
    of = {"slice": slice_orders(row["where"]), "clock": clock_said(row["clock"])}
    after = _level(row, "after")
    if row["direction"] == "new":
        return tr(
            "{slice} is new: its first order is of {day} by {clock}. Its rate has been {after}.",
            day=day(row["on"]),
            after=after,
            **of,
        )
    values = of | {"before": _level(row, "before"), "after": after, "days": days_of(row)}
    if row["direction"] == "up":
        return tr(
            "The rate of {slice} rose from {before} to {after} on {days} by {clock}.", **values
        )
    return sentences(
        tr("The rate of {slice} fell from {before} to {after} on {days} by {clock}.", **values),
        tr("Defects still to come may undo this fall.") if row["immature"] else "",
    )


def days_of(change: Row) -> str:
    """
    The day of a change with its interval.

    >>> from datetime import date
    >>> days_of({"on": date(2026, 3, 4), "earliest": date(2026, 3, 2), "latest": date(2026, 3, 5)})
    '4 March 2026 (between 2 March and 5 March with 95% certainty)'
    """
    on, earliest, latest = (change[name] for name in ("on", "earliest", "latest"))
    if earliest == latest:
        return day(on)
    said = short_day if earliest.year == on.year == latest.year else day
    return tr(
        "{day} (between {earliest} and {latest} with 95% certainty)",
        day=day(on),
        earliest=said(earliest),
        latest=said(latest),
    )


def search_sentence(row: Row, reason: str) -> str:
    """One row of the table of what was searched; `reason` says why there is nothing to search."""
    of = {"slice": slice_orders(row["where"]), "clock": clock_said(row["clock"])}
    if not row["days"]:
        why = reason or tr("there are no orders")
        return tr("The rate of {slice} by {clock} is unknown: {why}.", why=why, **of)
    asked = of | {"span": span(row["first"], row["last"])}
    if row["changes"]:
        return trn(
            "The rate of {slice} by {clock} shows one change from {span}.",
            "The rate of {slice} by {clock} shows {n:,} changes from {span}.",
            row["changes"],
            **asked,
        )
    # NaN is not below anything.
    if not row["visible"] < max(HALF, 2 * row["defective"] / row["orders"]):
        return tr(
            "The rate of {slice} by {clock} shows no change from {span}, but {defective:,} defects "
            "in {orders:,} orders are too few to see one.",
            defective=row["defective"],
            orders=row["orders"],
            **asked,
        )
    return tr(
        "The rate of {slice} by {clock} shows no change from {span}; a rise to {visible:.2%} in "
        "the last {lasting} days would very likely have been seen.",
        visible=row["visible"],
        lasting=LASTING,
        **asked,
    )


def _level(row: Row, side: str) -> str:
    """A rate with its counts; where not all defects have arrived, the counts are those so far."""
    rate, orders, defective = (row[f"{name}_{side}"] for name in ("rate", "orders", "defective"))
    counts = {"rate": rate, "orders": orders, "defective": defective}
    if abs(rate * orders - defective) < 0.5:
        return tr("{rate:.2%} ({defective:,} of {orders:,} orders)", **counts)
    return tr("{rate:.2%} ({defective:,} of {orders:,} orders so far)", **counts)
