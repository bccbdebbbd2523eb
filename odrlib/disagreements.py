"""Disagreements: where the sources of a defect contradict each other, or say what nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import isnan

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.columns import moments, numbers, rows_of, words
from odrlib.defects import (
    chargeback_classes,
    class_of_codes,
    is_said,
    judged,
    meanings,
    said_of_defects,
)
from odrlib.exports.words import says
from odrlib.finding import Finding
from odrlib.languages import tr, trn
from odrlib.policy import KINDS
from odrlib.rates import KIND_WORDS
from odrlib.store import Store


def defect_findings(
    store: Store, said: pd.DataFrame | None = None, judgement: pd.DataFrame | None = None
) -> list[Finding]:
    """
    Where the sources of a defect disagree, and words that policy does not know.

    `said` and `judgement` (by Amazon's profile) are worked out if they are not given.
    """
    said = said_of_defects(store) if said is None else said
    judgement = judged(said, "amazon") if judgement is None else judgement
    return [
        *_listed_but_off(said),
        *_stars_disagree(said),
        *_negative_but_not_listed(store, judgement),
        *_odd_words(store),
        *_impact_contradicts(store),
        *_class_contradicts(store),
        *_debited_only(store, said),
    ]


def _orders(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))


def _listed_but_off(said: pd.DataFrame) -> list[Finding]:
    """Amazon's list names a defect that another source takes off."""
    found = []
    ids, kinds, source, verdict = (
        said[name].to_numpy(object) for name in ("order_id", "kind", "source", "verdict")
    )
    listed = (source == "odr_list") | (source == "returns")
    off = (verdict == "not") | (verdict == "off")
    for kind in KINDS:
        of_kind = kinds == kind
        named = set(ids[of_kind & listed]) & set(ids[of_kind & off])
        both = _orders(named)
        if both:
            mine = np.array([order_id in named for order_id in ids], dtype=bool)
            theirs = of_kind & off & mine
            whys = sorted(set(said.loc[theirs, "why"].dropna()))
            found.append(
                Finding(
                    "defect-sources-disagree",
                    "warning",
                    trn(
                        "Amazon lists a {kind} on {n:,} order that another file takes off ({why}); "
                        "not counted.",
                        "Amazon lists a {kind} on {n:,} orders that another file takes off "
                        "({why}); not counted.",
                        len(both),
                        kind=tr(KIND_WORDS[kind]),
                        why=tr(", ", context="list").join(map(tr, whys)),
                    ),
                    tr("Check each on its page; if Amazon still counts it, correct the ledger."),
                    order_ids=both,
                    count=len(both),
                )
            )
    return found


def _stars_disagree(said: pd.DataFrame) -> list[Finding]:
    """One order with several ratings, or listed as negative with a rating that is not."""
    feedback = said["kind"].to_numpy(object) == "negative_feedback"
    stars: dict[str, set[float]] = defaultdict(set)
    flagged = set()
    for order_id, source, rating in zip(
        *(said[name].to_numpy(object)[feedback] for name in ("order_id", "source")),
        numbers(said["stars"].array)[feedback].tolist(),
        strict=True,
    ):
        if source == "odr_list":
            flagged.add(order_id)
        if not isnan(rating):
            stars[order_id].add(rating)
    several = _orders(order_id for order_id, told in stars.items() if len(told) > 1)
    most = max(policy.AMAZON.negative_stars)
    positive = _orders(
        order_id for order_id in flagged if order_id in stars and min(stars[order_id]) > most
    )
    found = []
    if several:
        found.append(
            Finding(
                "feedback-rated-twice",
                "warning",
                trn(
                    "The files give {n:,} order more than one rating; the lowest was counted.",
                    "The files give {n:,} orders more than one rating; the lowest was counted.",
                    len(several),
                ),
                tr("Check which rating stands today; enter a removed one in ledger/removals."),
                order_ids=several,
                count=len(several),
            )
        )
    if positive:
        found.append(
            Finding(
                "defect-sources-disagree",
                "warning",
                trn(
                    "Amazon lists negative feedback on {n:,} order that the feedback file gives 3 "
                    "stars or more; counted by Amazon's rule.",
                    "Amazon lists negative feedback on {n:,} orders that the feedback file gives 3 "
                    "stars or more; counted by Amazon's rule.",
                    len(positive),
                ),
                tr("Download both files again on the same day."),
                order_ids=positive,
                count=len(positive),
            )
        )
    return found


def _negative_but_not_listed(store: Store, judgement: pd.DataFrame) -> list[Finding]:
    """Defects of other sources on order days that Amazon's list covers, but not in the list."""
    listed = store.odr_list
    if listed is None or store.orders is None or listed["ordered_on"].isna().all():
        return []
    first, last = listed["ordered_on"].min(), listed["ordered_on"].max()
    mine = rows_of(store.orders["order_id"], judgement["order_id"])
    day = moments(store.orders["day"].array.take(mine))
    near = (day >= first.to_datetime64()) & (day <= last.to_datetime64())
    counting = mine[near & store.orders["counts"].to_numpy(bool)[mine]]
    covered = set(words(store.orders["order_id"].array.take(counting)))
    quiet = judgement.loc[
        [
            counts and order_id in covered and "odr_list" not in sources
            for counts, order_id, sources in zip(
                judgement["counts"].tolist(),
                *(words(judgement[name].array) for name in ("order_id", "sources")),
                strict=True,
            )
        ]
    ]
    if quiet.empty:
        return []
    return [
        Finding(
            "defect-not-in-amazons-list",
            "information",
            trn(
                "Other files tell {n:,} defect on order days {first:%Y-%m-%d} to {last:%Y-%m-%d} "
                "that Amazon's own list has not; counted.",
                "Other files tell {n:,} defects on order days {first:%Y-%m-%d} to {last:%Y-%m-%d} "
                "that Amazon's own list has not; counted.",
                len(quiet),
                first=first,
                last=last,
            ),
            tr("A newer list may hold them; if Amazon decided that they do not count, enter that."),
            order_ids=_orders(quiet["order_id"]),
            count=len(quiet),
        )
    ]


def _odd_words(store: Store) -> list[Finding]:
    """Words in the ledgers that no list of `policy` knows, so that they changed nothing."""
    asked = [
        (store.claims, "claims", "status", "claim_status"),
        (store.claims, "claims", "charged_to", "charged_to"),
        (store.chargebacks, "chargebacks", "class_", "chargeback_class"),
        (store.removals, "removals", "result", "removal_result"),
    ]
    found = []
    for table, name, column, within in asked:
        if table is None:
            continue
        odd_rows = meanings(table[column], within) == "?"
        if odd_rows.any():
            odd = table[odd_rows]
            values = ", ".join(sorted({repr(str(value)) for value in odd[column]})[:5])
            known = ", ".join(row[0] for row in policy.table("decisions")[within].values())
            found.append(
                Finding(
                    "unknown-word",
                    "warning",
                    trn(
                        "The {column} {values} in {n:,} row of {table} decides nothing; the defect "
                        "was counted.",
                        "The {column} {values} in {n:,} rows of {table} decides nothing; the "
                        "defect was counted.",
                        len(odd),
                        column=column.rstrip("_"),
                        values=values,
                        table=name,
                    ),
                    tr("Write one of: {known}.", known=known),
                    order_ids=_orders(odd["order_id"]),
                    count=len(odd),
                )
            )
    return found


def _impact_contradicts(store: Store) -> list[Finding]:
    """Claims said to count against the ODR, and yet denied, withdrawn or funded by Amazon."""
    if store.claims is None:
        return []
    rows = store.claims
    status, paid = meanings(rows["status"], "claim_status"), rows["charged_to"]
    off = meanings(paid, "charged_to") == "amazon"
    for word in ("denied", "withdrawn", "funded"):
        off |= status == word
    off &= is_said(rows["odr_impact"], True)
    if not off.any():
        return []
    odd = rows[off]
    return [
        Finding(
            "claim-contradicts-itself",
            "warning",
            trn(
                "The ledger says odr_impact = yes on {n:,} claim beside a status or payer that "
                "takes the defect off; not counted.",
                "The ledger says odr_impact = yes on {n:,} claims beside a status or payer that "
                "takes the defect off; not counted.",
                len(odd),
            ),
            tr("Look at the claim's page and correct one of the two."),
            order_ids=_orders(odd["order_id"]),
            count=len(odd),
        )
    ]


def _class_contradicts(store: Store) -> list[Finding]:
    """Chargebacks whose written class is not what their network code means."""
    if store.chargebacks is None:
        return []
    rows = store.chargebacks
    written, by_code = meanings(rows["class_"], "chargeback_class"), class_of_codes(rows)
    told = [
        one in ("fraud", "service") and other in ("fraud", "service") and one != other
        for one, other in zip(written, by_code, strict=True)
    ]
    odd, unknown = rows[np.array(told, dtype=bool)], rows[chargeback_classes(rows) == "?"]
    found = []
    if len(odd):
        found.append(
            Finding(
                "chargeback-class-contradicts-code",
                "warning",
                trn(
                    "The card-network code of {n:,} chargeback contradicts the class; the class as "
                    "written was used.",
                    "The card-network code of {n:,} chargebacks contradicts the class; the class "
                    "as written was used.",
                    len(odd),
                ),
                tr("Check the reason on the chargeback's page."),
                order_ids=_orders(odd["order_id"]),
                count=len(odd),
            )
        )
    if len(unknown):
        found.append(
            Finding(
                "chargeback-class-unknown",
                "information",
                trn(
                    "Fraud or service is unknown of {n:,} chargeback; counted.",
                    "Fraud or service is unknown of {n:,} chargebacks; counted.",
                    len(unknown),
                ),
                tr(
                    "Write the class (service or fraud) into ledger/chargebacks; fraud does not "
                    "count."
                ),
                order_ids=_orders(unknown["order_id"]),
                count=len(unknown),
            )
        )
    return found


def _debited_only(store: Store, said: pd.DataFrame) -> list[Finding]:
    """Claims and chargebacks that only the money tells of."""
    if store.settlements is None:
        return []
    found = []
    for kind in ("claim", "chargeback"):
        debits = np.flatnonzero(says(store.settlements["defect"], (kind,)))
        debited = set(words(store.settlements["order_id"].array.take(debits)))
        named = said["order_id"].to_numpy(object)[said["kind"].to_numpy(object) == kind]
        quiet = _orders(debited.difference(named, {None}))
        if quiet:
            found.append(
                Finding(
                    "debit-without-defect",
                    "warning",
                    trn(
                        "A settlement debits {n:,} order for a {kind} that no other file names; a "
                        "debit proves money only, so it was not counted.",
                        "A settlement debits {n:,} orders for a {kind} that no other file names; a "
                        "debit proves money only, so it was not counted.",
                        len(quiet),
                        kind=tr(KIND_WORDS[kind]),
                    ),
                    tr("Look each up on its page and enter it in ledger/{kind}s.", kind=kind),
                    order_ids=quiet,
                    count=len(quiet),
                )
            )
    return found
