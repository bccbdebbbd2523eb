"""Triage: of every defect, whether it can be taken off, by which way, with what proof, by when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from odrlib.columns import framed, moments, rows_of, words
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.plain import records
from odrlib.policy import Profile
from odrlib.rates import Window, counted, named_profile
from odrlib.store import Store
from odrlib.triage.candidate import Candidate
from odrlib.triage.chargebacks import chargeback_candidates
from odrlib.triage.claims import claim_candidates
from odrlib.triage.feedback import feedback_candidates
from odrlib.triage.gather import Case, cases
from odrlib.triage.routes import end_of, local_day
from odrlib.triage.settled import settled
from odrlib.windows import profile_window

COLUMNS = {
    "order_id": "str", "kind": "str", "route": "str", "ground": "str", "verdict": "str",
    "certainty": "str", "why": "str", "proof": "object", "where": "str",
    "deadline": "datetime64[us]", "ends_at": "datetime64[us, UTC]", "days_left": "Int64",
    "odr_after": "float64", "day": "datetime64[us]", "in_window": "boolean",
    "charged_to": "str", "odr_impact": "str", "conditions": "object", "also": "object",
    "source": "str", "knowledge": "str",
}  # fmt: skip
JSON_KINDS = {"negative_feedback": "feedback"}
_RANKS = {"yes": 0, "unknown": 1, "no": 2, "not needed": 3}
_WAYS: dict[str, Callable[[Case], list[Candidate]]] = {
    "claim": claim_candidates,
    "chargeback": chargeback_candidates,
    "negative_feedback": feedback_candidates,
}
_DEFECTS = ("order_id", "day", "defects")
_JUDGED = ("order_id", "kind", "counts", "why", "on", "sources")
_REASONS = ("order_id", "source", "text", "themes", "from_text", "product_only", "negated", "spans",
            "topic", "primary", "state")  # fmt: skip


def triage(
    store: Store,
    defects: pd.DataFrame,
    verdicts: pd.DataFrame,
    reasons: pd.DataFrame,
    *,
    profile: str | Profile = "amazon",
    as_of: date | datetime | None = None,
    window: Window | None = None,
) -> pd.DataFrame:
    """
    One row per defect of the window and of the orders that will enter it: its best way off.

    A defect that does not count has the verdict "not needed". One whose order is in no orders file
    is there unless it came before the window.

    Parameters
    ----------
    defects, verdicts : `defects_by_order` and `verdicts` of the profile
    reasons : `classify_reasons(statements(store))`
    as_of : the day it is, or a moment with its zone, cut in the store's time zone; by default the
        store's as-of day
    window : by default the profile's

    Returns
    -------
    DataFrame, the most urgent first, with COLUMNS:

    - `route`, `ground`, `where` of the best way, or what took the defect off already
    - `verdict`: "yes" the way is open and no condition fails (a promise of success it is not),
      "no", "not needed", "unknown"
    - `certainty`: "certain", "likely" (by our reading of a text, or by Amazon's rules as far as
      files tell), "open" (Amazon weighs the proof), "unknown"
    - `why` a sentence, `proof` a tuple of what it takes
    - `deadline` the last day in time in the store's time zone, `ends_at` the moment it ends,
      `days_left` from as-of: 0 on that day itself, below 0 after it
    - `odr_after` the rate (0-1) once this one defect is off; missing without orders
    - `charged_to` and `odr_impact` as the ledger has them: two separate facts of a claim
    - `conditions` and `also` (the other ways), tuples of dicts
    - `knowledge`: whose word the rule is

    Raises
    ------
    BadParameter : a table lacks a column, an unknown profile, a moment without a time zone
    """
    profile = named_profile(profile)
    _check(defects, _DEFECTS, "defects", "defects_by_order(store)")
    _check(verdicts, _JUDGED, "verdicts", "verdicts(store)")
    _check(reasons, _REASONS, "reasons", "classify_reasons(statements(store))")
    zone = store.settings.timezone
    today = local_day(store.as_of if as_of is None else as_of, zone)
    window = window or profile_window(store, profile).window
    judgement = _concerned(defects, verdicts, window, today)
    found = cases(store, defects, judgement, reasons, today)
    after = _RateAfter(defects, profile, window, judgement["order_id"])
    return _table([_row(case, ranked(case), today, zone, window, after) for case in found])


def _check(table: pd.DataFrame, needed: tuple[str, ...], name: str, give: str) -> None:
    missing = [column for column in needed if column not in table]
    if missing:
        raise BadParameter(
            tr(
                "{table} has no column {columns}; give {instead}",
                table=name,
                columns=", ".join(missing),
                instead=give,
            )
        )


def _concerned(
    defects: pd.DataFrame, verdicts: pd.DataFrame, window: Window, today: date
) -> pd.DataFrame:
    """The verdicts of orders in the window or after it; of unknown orders, those that may be."""
    mine = rows_of(defects["order_id"], verdicts["order_id"])
    days = moments(defects["day"].array.take(mine))
    first = np.datetime64(window.first)
    near = (days >= first) & (days <= np.datetime64(max(today, window.last)))
    known = dict(zip(words(defects["order_id"].array.take(mine)), near.tolist(), strict=True))
    # A defect cannot come before its order.
    on = moments(verdicts["on"].array)
    may_be = (np.isnat(on) | (on >= first)) & verdicts["counts"].to_numpy(bool)
    asked = zip(words(verdicts["order_id"].array), may_be.tolist(), strict=True)
    rows = [known.get(order_id, may) for order_id, may in asked]
    return verdicts.loc[rows, list(_JUDGED)]


def ranked(case: Case) -> list[Candidate]:
    """The ways for one defect, the best first."""
    if case.off:
        return [settled(case)]
    return sorted(_WAYS[case.kind](case), key=lambda candidate: candidate.order)


class _RateAfter:
    """The rate once a defect of one of these orders is off: the numerator shrinks, they stay."""

    def __init__(
        self, defects: pd.DataFrame, profile: Profile, window: Window, ids: pd.Series
    ) -> None:
        inside = window.select(defects)
        self.orders = len(inside)
        self.defective = int(counted(inside, profile).sum())
        self.by_orders = profile.count == "orders"
        rows = rows_of(inside["order_id"], ids)
        told = words(inside["order_id"].array.take(rows))
        self.kinds = dict(zip(told, inside["defects"].to_numpy()[rows].tolist(), strict=True))

    def __call__(self, case: Case) -> float | None:
        if not self.orders:
            return None
        held = 0 if case.off else self.kinds.get(case.order_id, 0)
        less = held == 1 if self.by_orders else held > 0
        return (self.defective - less) / self.orders


def _row(
    case: Case,
    ways: list[Candidate],
    today: date,
    zone: str,
    window: Window,
    after: Callable[[Case], float | None],
) -> dict[str, Any]:
    best, record = ways[0], case.record
    claim = case.kind == "claim"
    return {
        "order_id": case.order_id,
        "kind": case.kind,
        "route": best.name,
        "ground": tr(best.route.ground) if best.route else None,
        "verdict": best.verdict,
        "certainty": best.certainty,
        "why": best.why,
        "proof": best.proof,
        "where": tr(best.route.where) if best.route else None,
        "deadline": best.deadline,
        "ends_at": end_of(best.deadline, zone),
        "days_left": _days_left(best.deadline, today),
        "odr_after": after(case),
        "day": case.day,
        "in_window": None if case.day is None else window.first <= case.day <= window.last,
        "charged_to": record.get("paid") if claim else None,
        "odr_impact": _yes_no(record.get("odr_impact")),
        "conditions": tuple(condition.as_dict() for condition in best.conditions),
        "also": tuple(_other(way, today) for way in ways[1:]),
        "source": best.route.source if best.route else None,
        "knowledge": best.route.knowledge if best.route else None,
    }


def _yes_no(flag: bool | None) -> str | None:
    return None if flag is None else "yes" if flag else "no"


def _days_left(deadline: date | None, today: date) -> int | None:
    return None if deadline is None else (deadline - today).days


def _other(way: Candidate, today: date) -> dict[str, Any]:
    return {
        "route": way.name,
        "ground": tr(way.route.ground) if way.route else None,
        "verdict": way.verdict,
        "certainty": way.certainty,
        "why": way.why,
        "proof": list(way.proof),
        "deadline": way.deadline.isoformat() if way.deadline else None,
        "days_left": _days_left(way.deadline, today),
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows with their types, what must be done first on top."""
    rows = sorted(
        rows,
        key=lambda row: (
            _RANKS[row["verdict"]],
            row["deadline"] or date.max,
            row["order_id"],
            row["kind"],
        ),
    )
    return framed(rows, COLUMNS)


def triage_dict(table: pd.DataFrame) -> list[dict[str, Any]]:
    """What `odr status --json` prints under `triage`: one entry per defect."""
    wanted = ["order_id", "kind", "route", "ground", "verdict", "proof", "deadline", "days_left",
              "certainty", "odr_after", "why", "in_window", "charged_to", "odr_impact",
              "conditions", "also"]  # fmt: skip
    named = table.assign(kind=table["kind"].replace(JSON_KINDS))
    return records(named[wanted])
