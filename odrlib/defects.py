"""
Defects: what each source says about each order, what takes a defect off, and what remains.

A defect counts unless something says it does not. Sources are united per order and kind; an order
of any number of sources and defects is one row. Where sources disagree, that is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.columns import MOMENT, NO_DAY, moments, order_by, rows_of, typed, words
from odrlib.exports.columns import Columns, beside, frame_of, length, rows_where
from odrlib.exports.words import coded, says, text_column
from odrlib.languages import mark
from odrlib.policy import KINDS, Profile
from odrlib.rates import named_profile
from odrlib.stacks import stack
from odrlib.store import EXEMPTED, Store
from odrlib.tables import among

_HEAD = ("order_id", "kind", "file", "line")
_SAID = {
    "order_id": "text", "kind": "text", "source": "text", "verdict": "text", "why": "text",
    "stars": "whole", "on": "day", "reason": "text", "file": "text", "line": "line",
}  # fmt: skip
KIND_WORDS = {
    "claim": ("claim", "a-to-z", "atoz", "a-z", "索赔", "antrag", "申請"),
    "chargeback": ("chargeback", "拒付", "rückbuchung", "チャージバック"),
    "negative_feedback": ("feedback", "negative_feedback", "评", "反馈", "bewertung", "評価"),
}


def meaning(values: pd.Series, within: str) -> pd.Series:
    """
    What free text means in one of the lists of `policy` decisions; "?" for words not in the list.

    An empty cell stays missing.
    """
    found = meanings(values, within)
    return pd.Series(text_column(found, len(found)), index=values.index)


def meanings(values: pd.Series, within: str) -> np.ndarray:
    """The same as plain words, None for an empty cell: for many small questions."""
    codes, said = coded(values)
    found: np.ndarray = np.array([*(meant(word, within) for word in said), None], object)[codes]
    return found


def meant(word: str | None, within: str) -> str | None:
    """What one cell means, as `meaning` tells it of a column; None where it is empty."""
    return None if word is None else _known(within).get(word.strip().casefold(), "?")


@cache
def _known(within: str) -> dict[str, str]:
    lists = policy.table("decisions")[within]
    return {word.casefold(): name for name, row in lists.items() for word in row}


def is_said(flags: pd.Series, wanted: bool) -> np.ndarray:
    """Where a flag is said to be `wanted`; what is not said is neither."""
    found: np.ndarray = flags.to_numpy(bool, na_value=not wanted) == wanted
    return found


def said_of_defects(store: Store) -> pd.DataFrame:
    """
    Every statement of every source, one row each, in all profiles.

    Columns: order_id, kind, source (table), verdict ("defect"; "granted": said to count; "not":
    said not to count; "off": removed), why (for the last two), stars (feedback; missing if not
    told), on (the day it arrived), reason, file, line. `why` is English; `tr(why)` says it.
    """
    given = [
        _from_odr_list(store.odr_list),
        _from_feedback(store.feedback),
        _from_returns(store.returns),
        _from_claims(store.claims),
        _from_chargebacks(store.chargebacks),
        _from_removals(store.removals),
    ]
    parts = [part for part in given if part is not None and length(part)]
    if not parts:
        parts = [_said(pd.DataFrame({"order_id": pd.Series(dtype="str")}), "", "")]
    table = _stacked(parts)
    # The place comes last: what is said first must not hang on what its file is called.
    by = ["order_id", "kind", "source", "on", "reason", "verdict", "why", "stars", "file", "line"]
    order = order_by(*(table[name] for name in by))
    return frame_of({name: table[name].take(order) for name in _SAID})


def _stacked(parts: Sequence[Columns]) -> Columns:
    lengths = [length(part) for part in parts]
    columns = {
        name: stack(kind, [part[name] for part in parts], lengths)
        for name, kind in _SAID.items()
        if kind != "line"
    }
    return columns | {"line": np.concatenate([part["line"] for part in parts])}


def _said(
    rows: pd.DataFrame,
    kind: str | np.ndarray,
    source: str,
    *,
    verdict: str | np.ndarray = "defect",
    why: str | np.ndarray | None = None,
    stars: pd.Series | None = None,
    on: pd.Series | None = None,
    reason: pd.Series | np.ndarray | None = None,
) -> Columns:
    length = len(rows)
    missing = np.ones(length, bool)
    texts = {
        "order_id": rows["order_id"], "kind": kind, "source": source, "verdict": verdict,
        "why": why, "reason": reason, "file": rows.get("file", ""),
    }  # fmt: skip
    columns = {name: text_column(said, length) for name, said in texts.items()}
    columns["stars"] = (
        pd.arrays.IntegerArray(np.zeros(length, "int64"), missing)
        if stars is None
        else stars.astype("Int64").array
    )
    columns["on"] = (
        np.full(length, np.datetime64("NaT", "us"))
        if on is None
        else np.asarray(on.array, "datetime64[us]")
    )
    columns["line"] = rows["line"].to_numpy() if "line" in rows else np.zeros(length, "int64")
    return columns


def _from_odr_list(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    parts = []
    for kind in KINDS:
        named = rows_where(rows, is_said(rows[kind], True))
        stars = named["rating"] if kind == "negative_feedback" else None
        parts.append(_said(named, kind, "odr_list", stars=stars))
    return _stacked(parts)


def _from_feedback(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    struck = is_said(rows["struck"], True)
    why = np.full(len(rows), None, object)
    why[struck] = mark("struck through by Amazon")
    return _said(
        rows,
        "negative_feedback",
        "feedback",
        verdict=np.where(struck, "not", "defect").astype(object),
        why=why,
        stars=rows["rating"],
        on=rows["date"],
    )


def _from_returns(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    named = rows_where(rows, is_said(rows["a_to_z"], True))
    return _said(named, "claim", "returns", on=named["requested_on"], reason=named["reason"])


def _from_claims(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    status = meanings(rows["status"], "claim_status")
    paid = meanings(rows["charged_to"], "charged_to")
    why = np.full(len(rows), None, object)
    why[is_said(rows["odr_impact"], False)] = mark("no effect on the ODR")
    why[(paid == "amazon") | (status == "funded")] = mark("funded by Amazon")
    why[status == "withdrawn"] = mark("withdrawn")
    why[status == "denied"] = mark("denied")
    granted = (status == "granted") | is_said(rows["odr_impact"], True)
    return _said(
        rows,
        "claim",
        "claims",
        verdict=_verdict(why, granted),
        why=why,
        on=rows["filed_on"],
        reason=rows["reason"],
    )


def _verdict(why: np.ndarray, granted: np.ndarray) -> np.ndarray:
    """What a row says: "not" a defect if there is a reason why, else "granted" or "defect"."""
    found: np.ndarray = np.where(granted, "granted", "defect").astype(object)
    found[pd.notna(why)] = "not"
    return found


def chargeback_classes(rows: pd.DataFrame) -> np.ndarray:
    """The class of each chargeback: as the analyst wrote it, else by its network code, else "?"."""
    written, by_code = meanings(rows["class_"], "chargeback_class"), class_of_codes(rows)
    told = pd.notna(written) & (written != "?")
    found: np.ndarray = np.where(told, written, by_code)
    return found


def class_of_codes(rows: pd.DataFrame) -> np.ndarray:
    """What the network code of each chargeback says; "?" where none is known."""
    codes, said = coded(rows["reason_code"])
    known = [*(meant(word.upper(), "chargeback_codes") for word in said), "?"]
    found: np.ndarray = np.array(known, object)[codes]
    return found


def _is(found: np.ndarray, *wanted: str) -> np.ndarray:
    told: np.ndarray = np.logical_or.reduce([found == word for word in wanted])
    return told


def class_of(class_: str | None, reason_code: str | None) -> str:
    """The class of one chargeback, as `chargeback_classes` tells it of a table."""
    written = meant(class_, "chargeback_class")
    if written is not None and written != "?":
        return written
    code = None if reason_code is None else reason_code.upper()
    return meant(code, "chargeback_codes") or "?"


def _from_chargebacks(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    written = _is(meanings(rows["class_"], "chargeback_class"), "fraud", "service")
    decided = written | rows["odr_impact"].notna().to_numpy()
    # What the analyst wrote of an order beats a network code, also one in another file.
    ids = rows["order_id"].to_numpy(object)
    beaten = set(ids[decided])
    overruled = ~written & np.array([order_id in beaten for order_id in ids], dtype=bool)
    kind = np.where(overruled, "?", chargeback_classes(rows))
    why = np.full(len(rows), None, object)
    why[is_said(rows["odr_impact"], False)] = mark("no effect on the ODR")
    why[kind == "fraud"] = mark("payment fraud, not a service chargeback")
    granted = is_said(rows["odr_impact"], True) | (kind == "service")
    reason = rows["reason"].astype("str").fillna(rows["reason_code"].astype("str"))
    return _said(
        rows,
        "chargeback",
        "chargebacks",
        verdict=_verdict(why, granted),
        why=why,
        on=rows["filed_on"],
        reason=reason,
    )


def _from_removals(rows: pd.DataFrame | None) -> Columns | None:
    if rows is None:
        return None
    codes, said = coded(rows["kind"])
    kind = np.array([*map(_kind_said, said), None], object)[codes]
    named = (meanings(rows["result"], "removal_result") == "removed") & pd.notna(kind)
    removed = rows_where(rows, named)
    return _said(removed, kind[named], "removals", verdict="off", why=mark("removed by Amazon"))


def _kind_said(text: str) -> str | None:
    text = text.casefold()
    named = (kind for kind, cues in KIND_WORDS.items() if any(cue in text for cue in cues))
    return next(named, None)


def judged(said: pd.DataFrame, profile: str | Profile) -> pd.DataFrame:
    """
    One row per order and kind that some source calls a defect in this profile.

    Columns: order_id, kind, counts (bool), why (if it does not count), on, reason, sources, file,
    line (of the first statement). A removal takes any defect off; another "not" does, unless a
    different row of the ledger says that a defect of that kind counts on that order.
    """
    profile = named_profile(profile)
    numbers, length = _groups(said)
    stars = said["stars"]
    told = _any(stars.notna().to_numpy(), numbers, length)[numbers]
    negative = stars.isin(profile.negative_stars).to_numpy()
    # A flag without stars counts as negative only where no file tells the stars of that order …
    source, kind, verdict = (said[name].to_numpy(object) for name in ("source", "kind", "verdict"))
    flagged = (source == "odr_list") & stars.isna().to_numpy()
    all_stars = profile.negative_stars == policy.AMAZON.negative_stars
    # … but Amazon's own list is enough where the profile counts what Amazon counts.
    is_defect = (kind != "negative_feedback") | negative | (flagged & (~told | all_stars))
    is_defect &= source != "removals"
    off, not_, granted = (
        _any(verdict == word, numbers, length) for word in ("off", "not", "granted")
    )
    counts = ~off & (~not_ | granted)
    places = np.flatnonzero(is_defect)
    found, first = np.unique(numbers[places], return_index=True)
    head = {name: said[name].array.take(places[first]) for name in _HEAD}
    on = np.full(length, np.datetime64("NaT", "us"))
    np.fmin.at(on, numbers[places], said["on"].to_numpy()[places])
    sources: dict[int, dict[str, None]] = {}
    for number, name in zip(numbers[places].tolist(), source[places], strict=True):
        sources.setdefault(number, {})[name] = None
    whys = _first_known(said["why"], np.arange(len(said)), numbers)
    reasons = _first_known(said["reason"], places, numbers)
    return frame_of(
        {
            "order_id": head["order_id"],
            "kind": head["kind"],
            "on": on[found],
            "reason": text_column([reasons.get(number) for number in found.tolist()], len(found)),
            "sources": text_column([", ".join(sources[n]) for n in found.tolist()], len(found)),
            "file": head["file"],
            "line": head["line"],
            "why": text_column(
                [None if counts[n] else whys.get(n) for n in found.tolist()], len(found)
            ),
            "counts": counts[found],
        }
    )


def _groups(said: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The number of each row's order and kind, by order id, and how many there are."""
    if not len(said):
        return np.zeros(0, np.intp), 0
    ids, orders = pd.factorize(said["order_id"], sort=True)
    kinds, names = pd.factorize(said["kind"], sort=True)
    both = np.where(ids < 0, len(orders), ids) * len(names) + kinds
    found, numbers = np.unique(both, return_inverse=True)
    return numbers, len(found)


def _any(flags: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Which groups have a row with the flag."""
    found = np.zeros(groups, bool)
    found[group[flags]] = True
    return found


def _first_known(values: pd.Series, places: np.ndarray, group: np.ndarray) -> dict[int, str]:
    """Group -> the first of its values at these places that is not missing."""
    first: dict[int, str] = {}
    known = places[values.notna().to_numpy()[places]]
    told = values.array.take(known).to_numpy(object)
    for number, value in zip(group[known].tolist(), told, strict=True):
        first.setdefault(number, value)
    return first


def verdicts(store: Store, profile: str | Profile = "amazon") -> pd.DataFrame:
    """What the sources together say in this profile, one row per order and kind (see `judged`)."""
    return judged(said_of_defects(store), profile)


def defects_by_order(
    store: Store, profile: str | Profile = "amazon", judgement: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    The orders that count, with one True/False column per kind of defect that a file can tell.

    A kind that no file can tell has no column: absent is not zero. `defective` is True for any
    kind, `defects` is the number of kinds (0-3), `arrived_on` the day the first of them arrived
    (missing if no file says), `reason` what the source calls it. Empty without orders.
    `judgement` is the table of `verdicts`, if the caller has it already.
    """
    orders = store.orders
    kinds = [kind for kind in KINDS if kind not in store.unknown or kind in store.partial]
    if orders is None:
        empty = {"order_id": "str", "day": "datetime64[us]", "channel": "category"}
        columns = empty | dict.fromkeys(kinds, "bool") | {"defective": "bool", "defects": "int64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    told = verdicts(store, profile) if judgement is None else judgement
    out = _left_out(store, orders, named_profile(profile), told)
    mine = store.counting
    if out is not None:
        mine = rows_where(orders, orders["counts"] & ~out)
    real = _Real.of(told)
    # One in a hundred orders has a defect: only those are looked up.
    rows = rows_of(mine["order_id"], real)
    found = [real[order_id] for order_id in words(mine["order_id"].array.take(rows))]
    by_kind = {kind: np.zeros(len(mine), bool) for kind in kinds}
    for kind, flags in by_kind.items():
        flags[rows] = [kind in one.kinds for one in found]
    count = sum((flags.astype("int64") for flags in by_kind.values()), np.zeros(len(mine), "int64"))
    arrived_on = np.full(len(mine), NO_DAY)
    arrived_on[rows] = [one.on for one in found]
    where = np.full(len(mine), -1)
    where[rows] = np.arange(len(rows))
    reasons = typed([one.reason for one in found], "str").take(where, allow_fill=True)
    told = {"defects": count, "defective": count > 0, "arrived_on": arrived_on, "reason": reasons}
    return beside(mine, by_kind | told)


@dataclass
class _Real:
    """What counts of one order: its kinds of defect, the day of the first and what it is called."""

    kinds: set[str]
    on: datetime | None = None
    reason: str | None = None

    @classmethod
    def of(cls, told: pd.DataFrame) -> dict[str, _Real]:
        """By order, from the table of `verdicts`."""
        rows = np.flatnonzero(told["counts"].to_numpy(bool))
        on = moments(told["on"].array.take(rows)).tolist()
        columns = (words(told[name].array.take(rows)) for name in ("kind", "order_id", "reason"))
        found: dict[str, _Real] = {}
        for day, kind, order_id, reason in sorted(
            zip(on, *columns, strict=True), key=lambda row: (row[0] is None, row[0], row[1])
        ):
            one = found.setdefault(order_id, cls(set()))
            one.kinds.add(kind)
            one.on, one.reason = one.on or day, one.reason if one.reason is not None else reason
        return found


def _left_out(
    store: Store, orders: pd.DataFrame, profile: Profile, told: pd.DataFrame
) -> pd.Series | None:
    """
    The orders that an approved appeal takes out of the orders as well: only by the 30-day rule.

    By Amazon's rule an exempted order stays and is a good one. One with a defect left stays too,
    and so does one that had none. None where nothing can take an order out.
    """
    if store.removals is None or profile.count != "kinds":
        return None
    exempted = store.removals["order_id"][says(store.removals["file"], (EXEMPTED,))]
    if exempted.empty:
        return None
    ids = orders["order_id"]
    off, left = (told.loc[told["counts"].eq(flag), "order_id"] for flag in (False, True))
    return among(ids, exempted) & among(ids, off) & ~among(ids, left)


def defects_not_counted(judgement: pd.DataFrame) -> pd.DataFrame:
    """Of `verdicts`, what something takes off: order_id, kind, why, sources, file, line."""
    table = judgement
    columns = ["order_id", "kind", "why", "sources", "file", "line"]
    return rows_where(table, ~table["counts"].to_numpy(bool), columns)


def defects_without_order(store: Store, judgement: pd.DataFrame) -> pd.DataFrame:
    """
    Of `verdicts`, the defects whose order is in no orders file, so that they can be in no rate.

    Columns: order_id, kind, on, ordered_on (the order day if the ODR download tells it), sources,
    file, line.
    """
    ids = words(judgement["order_id"].array)
    known = set(_those_of(store.orders, ids))
    strange = np.array([name not in known for name in ids], dtype=bool)
    told = ["order_id", "kind", "on", "sources", "file", "line"]
    lost = rows_where(judgement, judgement["counts"].to_numpy(bool) & strange, told)
    days: dict[str, datetime] = {}
    if store.odr_list is not None and len(lost):
        rows = rows_of(store.odr_list["order_id"], lost["order_id"])
        ids = words(store.odr_list["order_id"].array.take(rows))
        on = moments(store.odr_list["ordered_on"].array.take(rows)).tolist()
        for order_id, day in zip(ids, on, strict=True):
            if day is not None:
                days[order_id] = min(day, days.get(order_id, day))
    ordered_on = np.array([days.get(order_id) for order_id in lost["order_id"]], dtype=MOMENT)
    lost.insert(told.index("on") + 1, "ordered_on", ordered_on)
    return lost


def _those_of(orders: pd.DataFrame | None, ids: list[str]) -> list[str]:
    """Which of these ids are in the orders."""
    if orders is None:
        return []
    return words(orders["order_id"].array.take(rows_of(orders["order_id"], ids)))
