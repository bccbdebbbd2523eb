"""Disagreements: where the sources of a defect contradict each other, or say what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from odrlib import policy
from odrlib.defects import chargeback_class, is_said, judged, meaning, said_of_defects
from odrlib.finding import Finding, count
from odrlib.policy import KINDS
from odrlib.store import Store


def defect_findings(store: Store) -> list[Finding]:
    """Where the sources of a defect disagree, and words that policy does not know."""
    said = said_of_defects(store)
    return [
        *_listed_but_off(said),
        *_stars_disagree(said),
        *_negative_but_not_listed(store, said),
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
    for kind in KINDS:
        of_kind = said[said["kind"] == kind]
        listed = of_kind.loc[of_kind["source"].isin(["odr_list", "returns"]), "order_id"]
        off = of_kind[of_kind["verdict"].isin(["not", "off"])]
        both = _orders(set(listed) & set(off["order_id"]))
        if both:
            whys = ", ".join(sorted(set(off.loc[off["order_id"].isin(both), "why"].dropna())))
            found.append(
                Finding(
                    "defect-sources-disagree",
                    "warning",
                    f"Amazon lists a {kind.replace('_', ' ')} on {count(len(both), 'order')} that "
                    f"another file takes off ({whys}); not counted.",
                    "Check each on its page; if Amazon still counts it, correct the ledger.",
                    order_ids=both,
                    count=len(both),
                )
            )
    return found


def _stars_disagree(said: pd.DataFrame) -> list[Finding]:
    """One order with several ratings, or listed as negative with a rating that is not."""
    feedback = said[said["kind"] == "negative_feedback"]
    stars = feedback.dropna(subset=["stars"]).groupby("order_id")["stars"]
    several = _orders(stars.nunique().loc[lambda n: n > 1].index)
    flagged = set(feedback.loc[feedback["source"] == "odr_list", "order_id"])
    best = stars.min()
    positive = _orders(flagged & set(best[best > max(policy.AMAZON.negative_stars)].index))
    found = []
    if several:
        found.append(
            Finding(
                "feedback-rated-twice",
                "warning",
                f"The files give {count(len(several), 'order')} more than one rating; "
                "the lowest was counted.",
                "Check which rating stands today; enter a removed one in ledger/removals.",
                order_ids=several,
                count=len(several),
            )
        )
    if positive:
        found.append(
            Finding(
                "defect-sources-disagree",
                "warning",
                f"Amazon lists negative feedback on {count(len(positive), 'order')} that the "
                "feedback file gives 3 stars or more; counted by Amazon's rule.",
                "Download both files again on the same day.",
                order_ids=positive,
                count=len(positive),
            )
        )
    return found


def _negative_but_not_listed(store: Store, said: pd.DataFrame) -> list[Finding]:
    """Defects of other sources on order days that Amazon's list covers, but not in the list."""
    listed = store.odr_list
    if listed is None or store.orders is None or listed["ordered_on"].isna().all():
        return []
    first, last = listed["ordered_on"].min(), listed["ordered_on"].max()
    mine = store.orders
    covered = set(mine.loc[mine["day"].between(first, last) & mine["counts"], "order_id"])
    table = judged(said, "amazon")
    table = table[table["counts"] & table["order_id"].isin(covered)]
    quiet = table[~table["sources"].str.contains("odr_list")]
    if quiet.empty:
        return []
    return [
        Finding(
            "defect-not-in-amazons-list",
            "information",
            f"Other files tell {count(len(quiet), 'defect')} on order days {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d} that Amazon's own list has not; counted.",
            "A newer list may hold them; if Amazon decided that they do not count, enter that.",
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
    for table, name, column, words in asked:
        if table is None:
            continue
        odd = table[meaning(table[column], words).eq("?")]
        if len(odd):
            values = ", ".join(sorted({repr(str(value)) for value in odd[column]})[:5])
            known = ", ".join(row[0] for row in policy.table("decisions")[words].values())
            found.append(
                Finding(
                    "unknown-word",
                    "warning",
                    f"The {column.rstrip('_')} {values} in {count(len(odd), 'row')} of {name} "
                    "decides nothing; the defect was counted.",
                    f"Write one of: {known}.",
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
    off = meaning(rows["status"], "claim_status").isin(["denied", "withdrawn", "funded"])
    off |= meaning(rows["charged_to"], "charged_to").eq("amazon")
    odd = rows[off & is_said(rows["odr_impact"], True)]
    if odd.empty:
        return []
    return [
        Finding(
            "claim-contradicts-itself",
            "warning",
            f"The ledger says odr_impact = yes on {count(len(odd), 'claim')} beside a status or "
            "payer that takes the defect off; not counted.",
            "Look at the claim's page and correct one of the two.",
            order_ids=_orders(odd["order_id"]),
            count=len(odd),
        )
    ]


def _class_contradicts(store: Store) -> list[Finding]:
    """Chargebacks whose written class is not what their network code means."""
    if store.chargebacks is None:
        return []
    rows = store.chargebacks
    written = meaning(rows["class_"], "chargeback_class")
    by_code = meaning(rows["reason_code"].astype("str").str.upper(), "chargeback_codes")
    odd = rows[
        written.isin(["fraud", "service"])
        & by_code.isin(["fraud", "service"])
        & written.ne(by_code)
    ]
    unknown = rows[chargeback_class(rows).eq("?")]
    found = []
    if len(odd):
        found.append(
            Finding(
                "chargeback-class-contradicts-code",
                "warning",
                f"The card-network code of {count(len(odd), 'chargeback')} contradicts the class; "
                "the class as written was used.",
                "Check the reason on the chargeback's page.",
                order_ids=_orders(odd["order_id"]),
                count=len(odd),
            )
        )
    if len(unknown):
        found.append(
            Finding(
                "chargeback-class-unknown",
                "information",
                f"Fraud or service is unknown of {count(len(unknown), 'chargeback')}; counted.",
                "Write the class (service or fraud) into ledger/chargebacks; fraud does not count.",
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
        debits = store.settlements[store.settlements["defect"].eq(kind)]
        named = said.loc[said["kind"] == kind, "order_id"]
        quiet = _orders(debits.loc[~debits["order_id"].isin(named), "order_id"].dropna())
        if quiet:
            found.append(
                Finding(
                    "debit-without-defect",
                    "warning",
                    f"A settlement debits {count(len(quiet), 'order')} for a {kind} that no other "
                    "file names; a debit proves money only, so it was not counted.",
                    f"Look each up on its page and enter it in ledger/{kind}s.",
                    order_ids=quiet,
                    count=len(quiet),
                )
            )
    return found
