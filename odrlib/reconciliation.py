"""
Reconciliation: our counts beside Amazon's own, on exactly Amazon's days.

Where they differ, the orders that could explain it are listed with the reason, and the window is
moved day by day to see whether another cut of the days fits better. Nothing is adjusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from odrlib import naming
from odrlib.columns import framed, order_by, rows_of
from odrlib.errors import BadParameter
from odrlib.exports.columns import columns_of, frame_of, rows_at, rows_where
from odrlib.exports.performance import Performance
from odrlib.exports.words import says, text_column
from odrlib.finding import Finding, Place
from odrlib.languages import mark, sentences, tr, trn
from odrlib.policy import AMAZON, KINDS
from odrlib.rates import Window, daily, known_kinds, percent
from odrlib.stacks import stack

Counts = dict[str, int | None]

COUNTS = ("orders", "defective", *KINDS)
NAMES = {
    "orders": (mark("{n:,} order"), "{n:,} orders"),
    "defective": (mark("{n:,} defective order"), "{n:,} defective orders"),
    "claim": (mark("{n:,} claim"), "{n:,} claims"),
    "chargeback": (mark("{n:,} chargeback"), "{n:,} chargebacks"),
    "negative_feedback": (mark("{n:,} negative rating"), "{n:,} negative ratings"),
}
KIND_NAMES = {
    "claim": mark("claims"),
    "chargeback": mark("chargebacks"),
    "negative_feedback": mark("negative ratings"),
}
# What a reason of `candidates` is called where several orders or defects have it.
REASONS = {
    ("orders", "first or last day of the range"): (
        mark("{n:,} order of the first or last day"), "{n:,} orders of the first or last day",
    ),
    ("orders", "cancelled, and counted by us"): (
        mark("{n:,} cancelled order that is counted here"),
        "{n:,} cancelled orders that are counted here",
    ),
    ("orders", "cancelled"): (
        mark("{n:,} cancelled order that is not counted here"),
        "{n:,} cancelled orders that are not counted here",
    ),
    ("orders", "multi-channel"): (
        mark("{n:,} multi-channel order"), "{n:,} multi-channel orders",
    ),
    ("orders", "one day outside the range"): (
        mark("{n:,} order of the day before or after"), "{n:,} orders of the day before or after",
    ),
    ("orders", "channel unknown"): (
        mark("{n:,} order whose channel is unknown"), "{n:,} orders whose channel is unknown",
    ),
    ("defective", "first or last day of the range"): (
        mark("{n:,} defect of the first or last day"), "{n:,} defects of the first or last day",
    ),
    ("defective", "arrived after the range ended"): (
        mark("{n:,} defect that arrived after the last day"),
        "{n:,} defects that arrived after the last day",
    ),
    ("defective", "counted by us"): (
        mark("{n:,} other defect that our files tell"), "{n:,} other defects that our files tell",
    ),
    ("defective", "one day outside the range"): (
        mark("{n:,} defect of the day before or after"), "{n:,} defects of the day before or after",
    ),
    ("defective", "channel unknown"): (
        mark("{n:,} defect of an order whose channel is unknown"),
        "{n:,} defects of orders whose channel is unknown",
    ),
    ("defective", "its order is in no orders file"): (
        mark("{n:,} defect whose order is in no orders file"),
        "{n:,} defects whose order is in no orders file",
    ),
    ("defective", "not counted"): (
        mark("{n:,} defect that is not counted here"), "{n:,} defects that are not counted here",
    ),
}  # fmt: skip
# What of an order is looked at here.
LOOKED_AT = (
    "order_id", "day", "channel", "counts", "cancelled", "multi_channel", *KINDS, "defective",
    "arrived_on",
)  # fmt: skip
# A finding names at most this many orders; `Reconciliation.candidates` has them all.
NAMED = 100


@dataclass(frozen=True, eq=False)
class Reconciliation:
    """
    One figure of Amazon's beside ours.

    Parameters
    ----------
    theirs, ours : orders, defective (orders) and the three kinds of defect; None = not told. Where
        Amazon tells a rate but no count of defective orders, the count is worked out of the rate
    difference : ours minus theirs; None where one of the two is not told
    agrees : every count that both tell is the same
    shift : how many days later (negative: earlier) our window fits Amazon's counts best
    shifted : our orders and defective orders in that window
    candidates : orders that could explain the difference: `order_id`, `day`, `moves` ("orders" or
        "defective": the count it would move towards Amazon's), `kind`, `reason`
    """

    source: str
    marketplace: str
    channel: str
    window: Window
    theirs: Counts
    ours: Counts
    difference: Counts
    agrees: bool
    shift: int
    shifted: Counts
    candidates: pd.DataFrame
    findings: tuple[Finding, ...]


class _Because(NamedTuple):
    """Rows with `order_id` and `day` that one reason is about, or one reason each."""

    rows: pd.DataFrame
    reason: str | pd.Series
    moves: str = "orders"
    kind: str | pd.Series | None = None


def reconcile(
    defects: pd.DataFrame,
    orders: pd.DataFrame | None,
    performance: Iterable[Performance],
    *,
    window: Window,
    marketplace: str | None = None,
    not_counted: pd.DataFrame | None = None,
    without_order: pd.DataFrame | None = None,
    shifts: Sequence[int] = range(-30, 31),
) -> list[Reconciliation]:
    """
    Our counts against every figure of Amazon's that counts orders or defects.

    Parameters
    ----------
    defects : the table of `defects_by_order`, by Amazon's profile; orders : `store.orders`, which
        also holds the orders that do not count
    performance : `store.performance`; window : the order days of a figure that does not say them
    marketplace : only figures of this one (our code); None takes all
    not_counted : the table of `defects_not_counted`: order_id, kind, why
    without_order : the table of `defects_without_order`: order_id, kind, ordered_on
    shifts : the days by which the window is moved in search of a better fit

    Raises
    ------
    BadParameter : `shifts` is empty
    """
    if not len(shifts):
        raise BadParameter(tr("shifts is empty; (0,) compares Amazon's own days alone"))
    defects = _looked_at(defects)
    orders = None if orders is None else _looked_at(orders)
    off = None if orders is None or not_counted is None else _with_orders(not_counted, orders)
    return [
        _one(row, _days_of(row, window), defects, orders, off, without_order, shifts)
        for row in performance
        if marketplace in (None, row.marketplace)
        and (row.orders is not None or row.defective is not None)
    ]


def _looked_at(table: pd.DataFrame) -> pd.DataFrame:
    told = columns_of(table)
    return frame_of({name: told[name] for name in LOOKED_AT if name in told})


def _with_orders(not_counted: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The defects that something takes off, with the day and channel of their orders."""
    named = rows_at(orders, rows_of(orders["order_id"], not_counted["order_id"]))
    named = named.drop_duplicates("order_id")
    place = pd.Index(named["order_id"]).get_indexer(not_counted["order_id"])
    known = place >= 0
    told = {name: not_counted[name].array[known] for name in ("order_id", "kind", "why")}
    at = place[known]
    return frame_of(told | {name: named[name].array.take(at) for name in ("day", "channel")})


def _days_of(row: Performance, window: Window) -> Window:
    if row.last is None:
        return window
    return Window(row.first, row.last) if row.first else Window.ending(row.last, window.days)


def _one(
    row: Performance,
    window: Window,
    defects: pd.DataFrame,
    orders: pd.DataFrame | None,
    off: pd.DataFrame | None,
    without_order: pd.DataFrame | None,
    shifts: Sequence[int],
) -> Reconciliation:
    mine = _of_channel(defects, row.channel)
    theirs = _theirs(row)
    ours = _ours(window.select(mine), known=orders is not None)
    difference = _difference(ours, theirs)
    shift, shifted = _best_shift(mine, window, theirs, ours, shifts)
    tables = [
        *_orders_to_explain(defects, orders, window, row.channel, difference["orders"] or 0),
        *_defects_to_explain(defects, window, row.channel, difference, off, without_order),
    ]
    found = Reconciliation(
        source=row.source,
        marketplace=row.marketplace,
        channel=row.channel,
        window=window,
        theirs=theirs,
        ours=ours,
        difference=difference,
        agrees=any(value is not None for value in difference.values())
        and not any(difference.values()),
        shift=shift,
        shifted=shifted,
        candidates=_candidates(tables),
        findings=(),
    )
    findings = _findings(found, row, defects)
    return Reconciliation(**{**vars(found), "findings": tuple(findings)})


def _of_channel(table: pd.DataFrame, channel: str) -> pd.DataFrame:
    return table if channel == "all" else rows_where(table, says(table["channel"], (channel,)))


def _theirs(row: Performance) -> Counts:
    return {
        "orders": row.orders,
        "defective": _from_rate(row) if row.defective is None else row.defective,
        "claim": row.claims,
        "chargeback": row.chargebacks,
        "negative_feedback": row.negative_feedback,
    }


def _from_rate(row: Performance) -> int | None:
    """The defective orders that give this rate, if one count does and the rate is not rounded."""
    if row.rate is None or not row.orders:
        return None
    count = round(row.rate * row.orders)
    return count if abs(count - row.rate * row.orders) < 1e-6 else None


def _ours(inside: pd.DataFrame, *, known: bool) -> Counts:
    kinds = known_kinds(inside)
    counts = {kind: int(inside[kind].sum()) for kind in kinds}
    defective = int(inside["defective"].sum()) if kinds else None
    told = {"orders": len(inside), "defective": defective, **counts}
    return {name: told.get(name) if known else None for name in COUNTS}


def _difference(ours: Counts, theirs: Counts) -> Counts:
    """Ours minus theirs; None where one of the two is not told."""
    return {
        name: None if mine is None or (told := theirs[name]) is None else mine - told
        for name, mine in ours.items()
    }


def _best_shift(
    mine: pd.DataFrame,
    window: Window,
    theirs: Counts,
    ours: Counts,
    shifts: Sequence[int],
) -> tuple[int, Counts]:
    """The shift with the least difference in orders, then in defects, then the smallest."""
    shift = np.asarray(shifts, dtype="int64")
    start = pd.Timestamp(window.first) + pd.Timedelta(days=int(shift.min()) - 1)
    span = pd.date_range(start, periods=int(np.ptp(shift)) + window.days + 1, freq="D")
    so_far = daily(mine, AMAZON).reindex(span, fill_value=0).cumsum().to_numpy()
    place = shift - shift.min()
    counts = so_far[place + window.days] - so_far[place]
    gaps = [
        np.zeros(len(shift))
        if theirs[name] is None or ours[name] is None
        else np.abs(column - theirs[name])
        for name, column in zip(("orders", "defective"), counts.T, strict=True)
    ]
    best = np.lexsort((shift, np.abs(shift), gaps[1], gaps[0]))[0]
    told = zip(("orders", "defective"), counts[best].tolist(), strict=True)
    return int(shift[best]), {name: None if ours[name] is None else n for name, n in told}


def _orders_to_explain(
    defects: pd.DataFrame,
    orders: pd.DataFrame | None,
    window: Window,
    channel: str,
    difference: int,
) -> list[_Because]:
    """Orders that would close a gap in the count of orders."""
    if orders is None or not difference:
        return []
    inside = window.select(orders)
    mine = _of_channel(inside, channel)
    if difference > 0:
        return [
            _Because(
                _at_the_ends(rows_where(mine, mine["counts"]), window),
                "first or last day of the range",
            ),
            _Because(
                rows_where(mine, mine["counts"] & mine["cancelled"]), "cancelled, and counted by us"
            ),
        ]
    out = rows_where(mine, ~mine["counts"])
    tables = [
        _Because(rows_where(out, ~out["multi_channel"]), "cancelled"),
        _Because(rows_where(out, out["multi_channel"]), "multi-channel"),
        _Because(_just_outside(_of_channel(defects, channel), window), "one day outside the range"),
    ]
    if channel != "all":
        unsaid = rows_where(inside, inside["channel"].isna() & inside["counts"])
        tables.append(_Because(unsaid, "channel unknown"))
    return tables


def _defects_to_explain(
    defects: pd.DataFrame,
    window: Window,
    channel: str,
    difference: Counts,
    off: pd.DataFrame | None,
    without_order: pd.DataFrame | None,
) -> list[_Because]:
    """Defects that would close a gap in the count of defective orders or of a kind."""
    gaps = [difference[name] or 0 for name in COUNTS[1:]]
    bad = rows_where(defects, defects["defective"])
    mine = _of_channel(bad, channel)
    tables = []
    if max(gaps) > 0:
        inside = window.select(mine)
        more = [kind for kind in known_kinds(bad) if (difference[kind] or 0) > 0]
        ends = _at_the_ends(inside, window)
        later = inside["arrived_on"].to_numpy() > np.datetime64(window.last)
        tables += _each_kind(ends, "first or last day of the range", more)
        tables += _each_kind(rows_where(inside, later), "arrived after the range ended", more)
        tables += _each_kind(rows_where(inside, ~later), "counted by us", more)
    if min(gaps) < 0:
        tables += _each_kind(_just_outside(mine, window), "one day outside the range")
        if channel != "all":
            inside = window.select(bad)
            tables += _each_kind(rows_where(inside, inside["channel"].isna()), "channel unknown")
        if off is not None:
            mine = _of_channel(window.select(off), channel)
            why = mine["why"].fillna("not counted")
            tables.append(_Because(mine, why, "defective", mine["kind"]))
        if without_order is not None:
            days = without_order["ordered_on"]
            lost = without_order[days.isna() | window.holds(days)].assign(day=days)
            why = "its order is in no orders file"
            tables.append(_Because(lost, why, "defective", lost["kind"]))
    return tables


def _at_the_ends(table: pd.DataFrame, window: Window) -> pd.DataFrame:
    return _on(table, window.first, window.last)


def _just_outside(table: pd.DataFrame, window: Window) -> pd.DataFrame:
    day = timedelta(days=1)
    return _on(table, window.first - day, window.last + day)


def _on(table: pd.DataFrame, *days: date) -> pd.DataFrame:
    """The rows of these days."""
    return rows_where(table, np.isin(table["day"].to_numpy(), np.array(days, "datetime64[us]")))


def _each_kind(bad: pd.DataFrame, reason: str, kinds: Sequence[str] = ()) -> list[_Because]:
    """The defects of `kinds`, or of all known kinds if none is named."""
    return [
        _Because(rows_where(bad, bad[kind]), reason, "defective", kind)
        for kind in kinds or known_kinds(bad)
    ]


def _candidates(tables: list[_Because]) -> pd.DataFrame:
    columns = {"order_id": "str", "day": "datetime64[us]", "moves": "str", "kind": "str"}
    columns |= {"reason": "str"}
    full = [table for table in tables if len(table.rows)]
    if not full:
        return framed([], columns)
    rows = [len(table.rows) for table in full]
    found = {
        "order_id": stack("text", [table.rows["order_id"] for table in full], rows),
        "day": stack("day", [table.rows["day"] for table in full], rows),
    }
    for name in ("moves", "kind", "reason"):
        told = [_in_each_row(getattr(table, name), len(table.rows)) for table in full]
        found[name] = text_column(np.concatenate(told), sum(rows))
    order = order_by(*(found[name] for name in ("moves", "reason", "day", "order_id", "kind")))
    return frame_of({name: values.take(order) for name, values in found.items()})


def _in_each_row(told: pd.Series | str | None, rows: int) -> np.ndarray:
    return np.full(rows, told, object) if not isinstance(told, pd.Series) else told.to_numpy(object)


def _findings(found: Reconciliation, row: Performance, defects: pd.DataFrame) -> list[Finding]:
    """What the comparison says, in sentences."""
    place = Place(row.source)
    channel = naming.CHANNELS.get(row.channel)
    where = tr(
        "{channel}, {range}",
        channel=tr(channel) if channel else row.channel, range=str(found.window),
    )  # fmt: skip
    if found.ours["orders"] is None:
        message = tr(
            "No orders file, so Amazon's figure for {where} is compared with nothing.", where=where
        )
        to_do = tr("Add All Orders.")
        return [Finding("reconcile-no-orders", "warning", message, to_do, place)]
    findings = []
    if found.agrees:
        told = [name for name, gap in found.difference.items() if gap is not None]
        counts = tr(", ", context="list").join(_count(found.ours[name] or 0, name) for name in told)
        findings.append(
            Finding(
                "reconcile-agrees",
                "information",
                tr("Our counts are Amazon's for {where}: {counts}.", where=where, counts=counts),
                place=place,
            )
        )
    if found.difference["orders"]:
        findings.append(_differs("reconcile-orders-differ", found, ("orders",), where))
    if any(found.difference[name] for name in COUNTS[1:]):
        findings.append(_differs("reconcile-defects-differ", found, COUNTS[1:], where))
    findings += _shift_finding(found, defects, place)
    findings += _cover_finding(found, defects, place)
    return findings + _rate_finding(row, place)


def _differs(code: str, found: Reconciliation, names: Sequence[str], where: str) -> Finding:
    """One difference with what could explain it."""
    gaps = [
        tr(
            "{ours} by our files, {theirs:,} by Amazon",
            ours=_count(found.ours[name] or 0, name), theirs=found.theirs[name],
        )
        for name in names
        if found.difference[name]
    ]  # fmt: skip
    moves = "orders" if "orders" in names else "defective"
    table = rows_where(found.candidates, says(found.candidates["moves"], (moves,)))
    reasons = Counter(table["reason"]).most_common()
    ids = tuple(table["order_id"].drop_duplicates().head(NAMED))
    unknown = [name for name in names if name in KINDS and found.ours[name] is None]
    missing = (
        tr("Our files do not tell {kinds}.",
           kinds=tr(" and ").join(tr(KIND_NAMES[name]) for name in unknown))
        if unknown
        else ""
    )  # fmt: skip
    could = tr(", ", context="list").join(
        _reason(moves, reason, number) for reason, number in reasons
    )
    return Finding(
        code,
        "warning",
        sentences(
            tr("{where}: {gaps}.", where=where, gaps=tr("; ", context="list").join(gaps)), missing
        ),
        tr("Look among these for the difference: {could}.", could=could)
        if could
        else tr("No order in the files would explain it."),
        Place(found.source),
        order_ids=ids,
        count=max(1, table["order_id"].nunique()),
    )


def _reason(moves: str, reason: str, number: int) -> str:
    """How many orders or defects one reason is about."""
    if (moves, reason) in REASONS:
        return trn(*REASONS[moves, reason], number)
    return trn(
        "{n:,} defect that is not counted here ({why})",
        "{n:,} defects that are not counted here ({why})",
        number, why=tr(reason),
    )  # fmt: skip


def _shift_finding(found: Reconciliation, defects: pd.DataFrame, place: Place) -> list[Finding]:
    """Does another cut of the days fit ten times better, on days whose orders we have?"""
    moved = found.window.shifted(found.shift)
    now, then = _gaps(found.ours, found.theirs), _gaps(found.shifted, found.theirs)
    measure = 0 if now[0] else 1  # the orders, or where they agree the defective orders
    if not now[measure] or 10 * then[measure] > now[measure] or not _covers(defects, moved):
        return []
    counts = tr(" and ").join(
        tr("{count} (Amazon: {theirs:,})", count=_count(number, name), theirs=found.theirs[name])
        for name, number in found.shifted.items()
        if number is not None and found.theirs[name] is not None
    )
    told = {"range": str(moved), "counts": counts}
    message = (
        trn(
            "Moved {n:,} day later ({range}), our files fit best: {counts}.",
            "Moved {n:,} days later ({range}), our files fit best: {counts}.",
            found.shift, **told,
        )
        if found.shift > 0
        else trn(
            "Moved {n:,} day earlier ({range}), our files fit best: {counts}.",
            "Moved {n:,} days earlier ({range}), our files fit best: {counts}.",
            -found.shift, **told,
        )
    )  # fmt: skip
    to_do = tr("If the fit is exact, check the time zone and the days of Amazon's figure.")
    return [Finding("reconcile-window-shift", "information", message, to_do, place)]


def _cover_finding(found: Reconciliation, defects: pd.DataFrame, place: Place) -> list[Finding]:
    """Do our orders cover Amazon's days at all?"""
    if _covers(defects, found.window):
        return []
    days = defects["day"]
    window = str(found.window)
    message = (
        tr(
            "Amazon counts {range}; our orders cover {first:%Y-%m-%d} to {last:%Y-%m-%d}.",
            range=window, first=days.min(), last=days.max(),
        )
        if len(days)
        else tr("Amazon counts {range}; our orders cover no day.", range=window)
    )  # fmt: skip
    to_do = tr("Download All Orders for the missing days.")
    return [Finding("reconcile-not-covered", "warning", message, to_do, place)]


def _covers(defects: pd.DataFrame, window: Window) -> bool:
    days = defects["day"]
    if days.empty:
        return False
    first, last = pd.Timestamp(window.first), pd.Timestamp(window.last)
    return bool(days.min() <= first and last <= days.max())


def _gaps(ours: Counts, theirs: Counts) -> list[int]:
    """How far orders and defective orders are from Amazon's; 0 where one of the two is not told."""
    difference = _difference(ours, theirs)
    return [abs(difference[name] or 0) for name in ("orders", "defective")]


def _rate_finding(row: Performance, place: Place) -> list[Finding]:
    """Is Amazon's rate the share of Amazon's own counts, to the two decimals its page prints?"""
    if row.rate is None or not row.orders or row.defective is None:
        return []
    if abs(row.rate - row.defective / row.orders) <= 0.0001:
        return []
    return [
        Finding(
            "reconcile-rate-odd",
            "information",
            tr(
                "Amazon's rate of {rate:.2%} is not its own count, {share} ({defective:,} of "
                "{orders:,} orders).",
                rate=row.rate,
                share=percent(row.defective, row.orders),
                defective=row.defective,
                orders=row.orders,
            ),
            tr("The counts were compared, not the rate."),
            place,
        )
    ]


def _count(number: int, name: str) -> str:
    return trn(*NAMES[name], number)
