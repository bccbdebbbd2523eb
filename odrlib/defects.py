"""
Defects: what each source says about each order, what takes a defect off, and what remains.

A defect counts unless something says it does not. Sources are united per order and kind; an order
of any number of sources and defects is one row. Where sources disagree, that is a finding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.exports.words import coded, text_column
from odrlib.languages import mark
from odrlib.policy import KINDS, Profile
from odrlib.rates import named_profile
from odrlib.store import EXEMPTED, Store
from odrlib.tables import among

_SAID = ["order_id", "kind", "source", "verdict", "why", "stars", "on", "reason", "file", "line"]
KIND_WORDS = {
    "claim": ("claim", "a-to-z", "atoz", "a-z", "索赔", "antrag", "申請"),
    "chargeback": ("chargeback", "拒付", "rückbuchung", "チャージバック"),
    "negative_feedback": ("feedback", "negative_feedback", "评", "反馈", "bewertung", "評価"),
}


def meaning(values: pd.Series, words: str) -> pd.Series:
    """
    What free text means in one of the lists of `policy` decisions; "?" for words not in the list.

    An empty cell stays missing.
    """
    known = _known(words)
    return _each_word(values, lambda word: known.get(word.strip().casefold(), "?"))


def meant(word: str | None, words: str) -> str | None:
    """What one cell means, as `meaning` tells it of a column; None where it is empty."""
    return None if word is None else _known(words).get(word.strip().casefold(), "?")


def _each_word(values: pd.Series, meant: Callable[[str], str | None]) -> pd.Series:
    codes, said = coded(values)
    found = np.array([*map(meant, said), None], object)[codes]
    return pd.Series(text_column(found, len(found)), index=values.index)


@cache
def _known(words: str) -> dict[str, str]:
    lists = policy.table("decisions")[words]
    return {word.casefold(): name for name, row in lists.items() for word in row}


def is_said(flags: pd.Series, wanted: bool) -> pd.Series:
    """Where a flag is said to be `wanted`; what is not said is neither."""
    return pd.Series(flags.to_numpy(bool, na_value=not wanted) == wanted, index=flags.index)


def said_of_defects(store: Store) -> pd.DataFrame:
    """
    Every statement of every source, one row each, in all profiles.

    Columns: order_id, kind, source (table), verdict ("defect"; "granted": said to count; "not":
    said not to count; "off": removed), why (for the last two), stars (feedback; missing if not
    told), on (the day it arrived), reason, file, line. `why` is English; `tr(why)` says it.
    """
    parts = [
        _from_odr_list(store.odr_list),
        _from_feedback(store.feedback),
        _from_returns(store.returns),
        _from_claims(store.claims),
        _from_chargebacks(store.chargebacks),
        _from_removals(store.removals),
    ]
    parts = [part for part in parts if part is not None and len(part)]
    if not parts:
        return _said(pd.DataFrame({"order_id": pd.Series(dtype="str")}), "", "")
    table = pd.concat(parts, ignore_index=True)
    # The place comes last: what is said first must not hang on what its file is called.
    by = ["order_id", "kind", "source", "on", "reason", "verdict", "why", "stars", "file", "line"]
    return table.sort_values(by, ignore_index=True)


def _said(
    rows: pd.DataFrame,
    kind: str | pd.Series,
    source: str,
    *,
    verdict: str | pd.Series = "defect",
    why: str | pd.Series | None = None,
    stars: pd.Series | None = None,
    on: pd.Series | None = None,
    reason: pd.Series | None = None,
) -> pd.DataFrame:
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
    return pd.DataFrame({name: columns[name] for name in _SAID}, index=rows.index, copy=False)


def _from_odr_list(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    parts = []
    for kind in KINDS:
        named = rows[is_said(rows[kind], True)]
        stars = named["rating"] if kind == "negative_feedback" else None
        parts.append(_said(named, kind, "odr_list", stars=stars))
    return pd.concat(parts)


def _from_feedback(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    table = _said(
        rows,
        "negative_feedback",
        "feedback",
        stars=rows["rating"],
        on=rows["date"],
    )
    struck = is_said(rows["struck"], True)
    table.loc[struck, "verdict"] = "not"
    table.loc[struck, "why"] = mark("struck through by Amazon")
    return table


def _from_returns(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    named = rows[is_said(rows["a_to_z"], True)]
    return _said(named, "claim", "returns", on=named["requested_on"], reason=named["reason"])


def _from_claims(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    status = meaning(rows["status"], "claim_status")
    paid = meaning(rows["charged_to"], "charged_to")
    why = pd.Series(pd.NA, index=rows.index, dtype="str")
    why[is_said(rows["odr_impact"], False)] = mark("no effect on the ODR")
    why[paid.eq("amazon") | status.eq("funded")] = mark("funded by Amazon")
    why[status.eq("withdrawn")] = mark("withdrawn")
    why[status.eq("denied")] = mark("denied")
    granted = (status.eq("granted") | is_said(rows["odr_impact"], True)) & why.isna()
    verdict = (
        pd.Series("defect", index=rows.index).mask(why.notna(), "not").mask(granted, "granted")
    )
    return _said(
        rows,
        "claim",
        "claims",
        verdict=verdict,
        why=why,
        on=rows["filed_on"],
        reason=rows["reason"],
    )


def chargeback_class(rows: pd.DataFrame) -> pd.Series:
    """The class of each chargeback: as the analyst wrote it, else by its network code, else "?"."""
    written = meaning(rows["class_"], "chargeback_class").replace("?", pd.NA)
    by_code = meaning(rows["reason_code"].astype("str").str.upper(), "chargeback_codes")
    return written.fillna(by_code.fillna("?"))


def class_of(class_: str | None, reason_code: str | None) -> str:
    """The class of one chargeback, as `chargeback_class` tells it of a table."""
    written = meant(class_, "chargeback_class")
    if written is not None and written != "?":
        return written
    code = None if reason_code is None else reason_code.upper()
    return meant(code, "chargeback_codes") or "?"


def _from_chargebacks(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    written = meaning(rows["class_"], "chargeback_class").isin(["fraud", "service"])
    decided = written | rows["odr_impact"].notna()
    # What the analyst wrote of an order beats a network code, also one in another file.
    overruled = ~written & rows["order_id"].isin(rows.loc[decided, "order_id"])
    kind = chargeback_class(rows).mask(overruled, "?")
    why = pd.Series(pd.NA, index=rows.index, dtype="str")
    why[is_said(rows["odr_impact"], False)] = mark("no effect on the ODR")
    why[kind.eq("fraud")] = mark("payment fraud, not a service chargeback")
    granted = (is_said(rows["odr_impact"], True) | kind.eq("service")) & why.isna()
    verdict = (
        pd.Series("defect", index=rows.index).mask(why.notna(), "not").mask(granted, "granted")
    )
    reason = rows["reason"].astype("str").fillna(rows["reason_code"].astype("str"))
    return _said(
        rows,
        "chargeback",
        "chargebacks",
        verdict=verdict,
        why=why,
        on=rows["filed_on"],
        reason=reason,
    )


def _from_removals(rows: pd.DataFrame | None) -> pd.DataFrame | None:
    if rows is None:
        return None
    removed = rows[meaning(rows["result"], "removal_result").eq("removed")]
    kind = _kind_of(removed["kind"])
    named = removed[kind.notna()]
    return _said(named, kind.dropna(), "removals", verdict="off", why=mark("removed by Amazon"))


def _kind_of(values: pd.Series) -> pd.Series:
    """Which kind of defect a word of the analyst means; missing if none."""
    return _each_word(values, _kind_said)


def _kind_said(text: str) -> str | None:
    text = text.casefold()
    named = (kind for kind, words in KIND_WORDS.items() if any(word in text for word in words))
    return next(named, None)


def judged(said: pd.DataFrame, profile: str | Profile) -> pd.DataFrame:
    """
    One row per order and kind that some source calls a defect in this profile.

    Columns: order_id, kind, counts (bool), why (if it does not count), on, reason, sources, file,
    line (of the first statement). A removal takes any defect off; another "not" does, unless a
    different row of the ledger says that a defect of that kind counts on that order.
    """
    profile = named_profile(profile)
    group = said.groupby(["order_id", "kind"], sort=True, dropna=False)
    numbers, length = group.ngroup().to_numpy(), group.ngroups
    stars = said["stars"]
    told = _any(stars.notna().to_numpy(), numbers, length)[numbers]
    negative = stars.isin(profile.negative_stars).to_numpy()
    # A flag without stars counts as negative only where no file tells the stars of that order …
    flagged = (said["source"].eq("odr_list") & stars.isna()).to_numpy()
    all_stars = profile.negative_stars == policy.AMAZON.negative_stars
    # … but Amazon's own list is enough where the profile counts what Amazon counts.
    feedback = said["kind"].eq("negative_feedback").to_numpy()
    is_defect = ~feedback | negative | (flagged & (~told | all_stars))
    is_defect &= said["source"].ne("removals").to_numpy()
    off, not_, granted = (
        _any(said["verdict"].eq(verdict).to_numpy(), numbers, length)
        for verdict in ("off", "not", "granted")
    )
    counts = ~off & (~not_ | granted)
    places = np.flatnonzero(is_defect)
    found, first = np.unique(numbers[places], return_index=True)
    head = said.take(places[first])
    on = np.full(length, np.datetime64("NaT", "us"))
    np.fmin.at(on, numbers[places], said["on"].to_numpy()[places])
    sources: dict[int, dict[str, None]] = {}
    for number, source in zip(numbers[places].tolist(), said["source"].take(places), strict=True):
        sources.setdefault(number, {})[source] = None
    whys = _first_known(said["why"], np.arange(len(said)), numbers)
    reasons = _first_known(said["reason"], places, numbers)
    return pd.DataFrame(
        {
            "order_id": head["order_id"].array,
            "kind": head["kind"].array,
            "on": on[found],
            "reason": text_column([reasons.get(number) for number in found.tolist()], len(found)),
            "sources": text_column([", ".join(sources[n]) for n in found.tolist()], len(found)),
            "file": head["file"].array,
            "line": head["line"].to_numpy(),
            "why": text_column(
                [None if counts[n] else whys.get(n) for n in found.tolist()], len(found)
            ),
            "counts": counts[found],
        }
    )[["order_id", "kind", "on", "reason", "sources", "file", "line", "why", "counts"]]


def _any(flags: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Which groups have a row with the flag."""
    found = np.zeros(groups, bool)
    found[group[flags]] = True
    return found


def _first_known(values: pd.Series, places: np.ndarray, group: np.ndarray) -> dict[int, str]:
    """Group -> the first of its values at these places that is not missing."""
    first: dict[int, str] = {}
    known = places[values.notna().to_numpy()[places]]
    for number, value in zip(group[known].tolist(), values.take(known), strict=True):
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
    real = told[told["counts"]]
    out = _left_out(store, orders, named_profile(profile), told)
    mine = store.counting if out is None else orders[orders["counts"] & ~out]
    mine = mine.reset_index(drop=True)
    first = real.sort_values(["on", "kind"], kind="stable").groupby("order_id", sort=True)
    seen = first[["on", "reason"]].first()
    # One in a hundred orders has a defect: only those are looked up.
    named = np.flatnonzero(among(mine["order_id"], real["order_id"]))
    ids = mine["order_id"].iloc[named]
    where = np.full(len(mine), -1)
    where[named] = seen.index.get_indexer(ids)
    by_kind = {kind: np.zeros(len(mine), bool) for kind in kinds}
    for kind, flags in by_kind.items():
        flags[named] = among(ids, real.loc[real["kind"] == kind, "order_id"])
    count = sum((flags.astype("int64") for flags in by_kind.values()), np.zeros(len(mine), "int64"))
    return mine.assign(
        **by_kind,
        defects=count,
        defective=count > 0,
        arrived_on=seen["on"].array.take(where, allow_fill=True),
        reason=seen["reason"].astype("str").array.take(where, allow_fill=True),
    )


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
    exempted = store.removals[store.removals["file"].astype("str").eq(EXEMPTED)]
    if exempted.empty:
        return None
    ids = orders["order_id"]
    off, left = (told.loc[told["counts"].eq(flag), "order_id"] for flag in (False, True))
    return among(ids, exempted["order_id"]) & among(ids, off) & ~among(ids, left)


def defects_not_counted(judgement: pd.DataFrame) -> pd.DataFrame:
    """Of `verdicts`, what something takes off: order_id, kind, why, sources, file, line."""
    table = judgement
    columns = ["order_id", "kind", "why", "sources", "file", "line"]
    return table.loc[~table["counts"], columns].reset_index(drop=True)


def defects_without_order(store: Store, judgement: pd.DataFrame) -> pd.DataFrame:
    """
    Of `verdicts`, the defects whose order is in no orders file, so that they can be in no rate.

    Columns: order_id, kind, on, ordered_on (the order day if the ODR download tells it), sources,
    file, line.
    """
    table = judgement
    known = store.orders["order_id"] if store.orders is not None else pd.Series(dtype="str")
    lost = table[table["counts"] & ~among(table["order_id"], known)]
    days = pd.Series(dtype="datetime64[us]")
    if store.odr_list is not None:
        theirs = among(store.odr_list["order_id"], lost["order_id"])
        told = store.odr_list.loc[theirs, ["order_id", "ordered_on"]]
        days = told.groupby("order_id")["ordered_on"].min()
    told_on = days.reindex(lost["order_id"]).set_axis(lost.index)
    return lost.assign(ordered_on=told_on)[
        ["order_id", "kind", "on", "ordered_on", "sources", "file", "line"]
    ].reset_index(drop=True)
