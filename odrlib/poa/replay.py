"""Replay: which defective orders a preventive rule would have stopped, had it been in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pandas as pd

from odrlib.columns import listed, rows_of
from odrlib.poa.language import catalogue
from odrlib.poa.measures import Measure
from odrlib.store import Store
from odrlib.tables import among, is_among

Stops = Callable[[pd.DataFrame, Store, re.Match[str]], pd.Series]


@dataclass(frozen=True)
class Replay:
    """
    What a rule would have done to some defective orders.

    `unknown` counts orders of which no file tells enough; they are not among `stopped`.
    """

    rule: str
    stopped: int
    of: int
    unknown: int
    order_ids: tuple[str, ...]


def replay(measure: Measure, orders: pd.DataFrame, store: Store) -> Replay | None:
    """
    Try a measure's rules on defective orders; None if it states no rule that a program can read.

    The rules stand in `threshold` or `setting` of the ledger, in the words of `replay.toml`.

    Parameters
    ----------
    orders : the defective orders of a cause, as rows of `facts.inside`
    """
    rules = rules_of(measure)
    if not rules:
        return None
    stops = pd.DataFrame(
        {said: STOPS[name](orders, store, match).astype("boolean") for said, name, match in rules},
        index=orders.index,
    )
    yes = stops.eq(True).fillna(False).any(axis="columns")
    unsure = ~yes & stops.isna().any(axis="columns")
    return Replay(
        rule="; ".join(stops.columns),
        stopped=int(yes.sum()),
        of=len(orders),
        unknown=int(unsure.sum()),
        order_ids=tuple(map(str, orders.loc[yes, "order_id"])),
    )


def rules_of(measure: Measure) -> list[tuple[str, str, re.Match[str]]]:
    """The rules that a measure states: as it says them, by their name, and how they match."""
    found = []
    for said in f"{measure.threshold};{measure.setting}".split(";"):
        for rule in catalogue("replay")["rule"]:
            match = re.fullmatch(rule["pattern"], said.strip(), flags=re.IGNORECASE)
            if match:
                found.append((said.strip(), rule["name"], match))
    return found


def _tracked(orders: pd.DataFrame, _: Store, __: re.Match[str]) -> pd.Series:
    return ~orders["tracked"].astype("boolean")


def _signature(orders: pd.DataFrame, store: Store, match: re.Match[str]) -> pd.Series:
    dear = orders["value"].astype("Float64").gt(float(match["amount"]))
    signed = pd.Series(pd.NA, index=orders.index, dtype="boolean")
    if store.shipments is not None:
        told = store.shipments[store.shipments["order_id"].notna()]
        known = told.loc[told["signed"].eq(True).fillna(False), "order_id"]
        signed[among(orders["order_id"], told["order_id"])] = False
        signed[among(orders["order_id"], known)] = True
    # A parcel that never arrived is not saved by a signature at the door.
    arrived = orders["delivered_at"].notna().astype("boolean")
    return dear & arrived & ~signed


def _later(after: pd.Series, before: pd.Series, limit: timedelta) -> pd.Series:
    """Is `after` later than `before` by more than the limit? Missing if either is."""
    known = after.notna() & before.notna()
    return (after - before).gt(limit).astype("boolean").mask(~known, pd.NA)


def _ship_by(orders: pd.DataFrame, _: Store, match: re.Match[str]) -> pd.Series:
    limit = timedelta(days=float(match["number"]))
    return _later(orders["shipped_at"], orders["ordered_at"], limit)


def _first_scan(orders: pd.DataFrame, _: Store, match: re.Match[str]) -> pd.Series:
    limit = timedelta(hours=float(match["number"]))
    return _later(orders["first_scan_at"], orders["shipped_at"], limit)


def _answer(orders: pd.DataFrame, store: Store, match: re.Match[str]) -> pd.Series:
    return slow_answers(orders, store, float(match["number"]))


def slow_answers(orders: pd.DataFrame, store: Store, hours: float) -> pd.Series:
    """
    Did the buyer wait longer than so many hours for a person's first answer? Nullable.

    False for an order without a buyer's message; missing where there is no messages ledger. A
    message that was never answered has waited until the end of the day as-of.
    """
    if store.messages is None:
        return pd.Series(pd.NA, index=orders.index, dtype="boolean")
    mine = rows_of(store.messages["order_id"], orders["order_id"])
    said = [listed(store.messages[name].array.take(mine)) for name in ("at", "order_id", "sender")]
    asked: dict[str, datetime] = {}
    answered: dict[str, datetime] = {}
    # Of a question and an answer of one moment the question is the first: b before s.
    for at, order_id, sender in sorted(
        (at, *row, str(who).strip().casefold())
        for at, *row, who in zip(*said, strict=True)
        if at is not None
    ):
        if sender == "buyer":
            asked.setdefault(order_id, at)
        elif sender == "seller" and order_id in asked:
            answered.setdefault(order_id, at)
    end = datetime.combine(store.as_of, time()) + timedelta(days=1)
    limit = timedelta(hours=hours)
    slow = {name for name, at in asked.items() if answered.get(name, end) - at > limit}
    return pd.Series(is_among(orders["order_id"], slow), index=orders.index, dtype="boolean")


def _transit(orders: pd.DataFrame, _: Store, match: re.Match[str]) -> pd.Series:
    limit = timedelta(days=float(match["number"]))
    came, promised = orders["delivered_at"], orders["promised_delivery"]
    return _later(came, promised, timedelta(0)) & ~_later(came, promised, limit)


def _without(orders: pd.DataFrame, _: Store, match: re.Match[str]) -> pd.Series:
    column = match["column"].casefold()
    if column not in orders:
        return pd.Series(pd.NA, index=orders.index, dtype="boolean")
    values = orders[column].astype("str")
    same = values.str.casefold().eq(match["value"].strip().casefold())
    return same.astype("boolean").mask(values.isna(), pd.NA)


STOPS: dict[str, Stops] = {
    "tracked": _tracked,
    "signature": _signature,
    "ship_by": _ship_by,
    "first_scan": _first_scan,
    "answer": _answer,
    "transit": _transit,
    "without": _without,
}
