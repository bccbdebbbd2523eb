"""Claims: Claims Protection, the appeal of a granted claim, the answer to an open one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from odrlib.languages import mark, tr
from odrlib.languages.forms import day as day_said
from odrlib.triage.candidate import Candidate, Condition, in_time, weighed
from odrlib.triage.gather import Case
from odrlib.triage.routes import ROUTES, last_day, removal
from odrlib.triage.rows import day
from odrlib.triage.shipped import delivered, label_condition, scan_condition

_NO_LEDGER = mark("no file tells how the claim was decided, and when")


def claim_candidates(case: Case) -> list[Candidate]:
    """The ways for a claim that counts."""
    claim = case.record
    decided = day(claim.get("decided_on"))
    if claim.get("stage") in ("open", "appealed") and decided is None:
        filed = day(claim.get("filed_on")) or case.on
        return [_protection(case, claim, None), _answer(case, claim, filed)]
    until = last_day("a_to_z_appeal", decided, day(claim.get("appeal_by")))
    return [_protection(case, claim, until), _appeal(case, claim, until)]


def _protection(case: Case, claim: Mapping[str, Any], until: date | None) -> Candidate:
    """Label, first scan and Amazon's money; for a parcel that did not arrive, and nothing else."""
    conditions = [
        _about_delivery(case),
        label_condition(case),
        scan_condition(case),
        reimbursed_by_amazon(case, claim),
        *_not_tried(case, claim),
    ]
    if claim.get("stage") != "open":
        conditions.append(_in_time(case, claim, until))
    way = ROUTES["claims_protection"]
    return weighed(way, conditions, deadline=until, certainty="likely")


def _about_delivery(case: Case) -> Condition:
    field = "claims.reason"
    primary = case.said.primary if case.said else None
    if primary is None:
        says = tr("no file tells what the claim is about")
        return Condition("about delivery", "unknown", says, field)
    if primary in removal()["delivery"]["themes"]:
        return Condition("about delivery", "yes", tr("the claim is about the delivery"), field)
    says = tr("the claim is not about the delivery, and only that is protected")
    return Condition("about delivery", "no", says, field)


def reimbursed_by_amazon(case: Case, claim: Mapping[str, Any]) -> Condition:
    """Was the buyer paid by Amazon, not by the seller before the decision?"""
    name, field = "reimbursed by Amazon", "costs, settlements, claims.status"
    own = own_refund(case, claim)
    if own is not None:
        return own
    decided = day(claim.get("decided_on"))
    unsure = [table for on, table in case.refunds if on is None or on == decided or not decided]
    if unsure:
        return Condition(
            name,
            "unknown",
            tr(
                "a refund stands in {table}, and no file tells whether it was before the decision",
                table=unsure[0],
            ),
            f"{unsure[0]}.date",
        )
    if claim.get("granted_by_amazon") and (claim.get("paid") or case.money_told):
        return Condition(
            name,
            "yes",
            tr(
                "Amazon decided the claim and paid the buyer; no refund of the seller's own is told"
            ),
            field,
        )
    if claim.get("stage") == "open":
        says = tr("the claim is not decided yet; a refund of the seller's own would forfeit it")
        return Condition(name, "unknown", says, "claims.status")
    return Condition(name, "unknown", tr("no file tells who paid the buyer"), field)


def own_refund(case: Case, claim: Mapping[str, Any]) -> Condition | None:
    """The seller's own refund before the decision, if a file tells of one."""
    name = "reimbursed by Amazon"
    if claim.get("by_seller"):
        return Condition(name, "no", tr("the seller refunded the buyer himself"), "claims.status")
    decided = day(claim.get("decided_on"))
    for on, table in case.refunds:
        early = on is not None and (on < decided if decided else claim.get("stage") == "open")
        if early:
            says = tr(
                "the seller refunded the buyer himself on {day}, before the decision",
                day=day_said(on),
            )
            return Condition(name, "no", says, f"{table}.date")
    return None


def _not_tried(case: Case, claim: Mapping[str, Any]) -> list[Condition]:
    """An appeal that is under review or was refused, where there is one."""
    name = "not tried before"
    if case.request == "refused" or claim.get("stage") == "lost":
        field = "removals.result" if case.request == "refused" else "claims.status"
        return [Condition(name, "no", tr("Amazon refused an appeal of this claim"), field)]
    if case.request == "pending" or claim.get("stage") == "appealed":
        field = "removals.result" if case.request == "pending" else "claims.status"
        says = tr("an appeal is under review; a second one must not be sent")
        return [Condition(name, "unknown", says, field)]
    return []


def _in_time(case: Case, claim: Mapping[str, Any], until: date | None) -> Condition:
    field = "claims.appeal_by" if claim.get("appeal_by") else "claims.decided_on"
    return in_time(until, case.as_of, tr("no file tells when the claim was decided"), field)


def _appeal(case: Case, claim: Mapping[str, Any], until: date | None) -> Candidate:
    """Within 30 calendar days of the decision, unless the seller paid himself."""
    if not claim:
        granted = Condition("granted", "unknown", tr(_NO_LEDGER), "claims")
    elif claim["stage"] in ("granted", "appealed", "lost"):
        granted = Condition("granted", "yes", tr("granted to the buyer"), "claims.status")
    else:
        granted = Condition("granted", "unknown", tr("no file tells how the claim was decided"),
                            "claims.status")  # fmt: skip
    own = own_refund(case, claim)
    paid = [own] if own and "a_to_z_appeal" in removal()["refund"]["forfeits"] else []
    ground = _ground(case)
    signed = any(parcel.signed for parcel in case.parcels)
    proved = ground is not None and ground.answer == "yes" and signed
    return weighed(
        ROUTES["a_to_z_appeal"],
        [granted, *paid, *([ground] if ground else []), *_not_tried(case, claim),
         _in_time(case, claim, until)],
        deadline=until,
        certainty="likely" if proved else "open",
        topic=case.said.topic if case.said else None,
    )  # fmt: skip


def _ground(case: Case) -> Condition | None:
    """A claim of non-receipt has no ground where the carrier says that nothing was delivered."""
    if _about_delivery(case).answer != "yes":
        return None
    answer, says = delivered(case)
    field = "deliveries.delivered_at, status"
    if answer == "yes":
        return Condition("ground", "yes", says, field)
    if answer == "no":
        return Condition(
            "ground",
            "no",
            tr("{clause}, so there is no delivery to prove", clause=says),
            field,
            True,
        )
    if scan_condition(case).answer == "no":
        says = tr("handed over late, and no file tells a delivery, so there is nothing to prove")
        return Condition("ground", "no", says, "deliveries.first_scan_at, delivered_at", soft=True)
    return None


def _answer(case: Case, claim: Mapping[str, Any], filed: date | None) -> Candidate:
    """An open claim: answer what Amazon asks."""
    written = day(claim.get("appeal_by"))
    until = last_day("a_to_z_answer", filed, written)
    if claim["stage"] == "appealed":
        return weighed(ROUTES["a_to_z_appeal"], _not_tried(case, claim), deadline=written,
                       certainty="open")  # fmt: skip
    field = "claims.appeal_by" if written else "claims.filed_on"
    time = in_time(until, case.as_of, tr("no file tells when Amazon asked"), field)
    if time.answer == "no" and written is None:
        # The 48 hours run from Amazon's request, whose day is in no file.
        says = tr(
            "48 hours from filing ended on {day}; look whether Amazon asked later",
            day=day_said(until),
        )
        time = Condition("in time", "unknown", says, field)
    open_ = Condition("not decided", "yes", tr("not decided yet"), "claims.status")
    return weighed(
        ROUTES["a_to_z_answer"],
        [open_, *_not_tried(case, claim), time],
        deadline=until,
        certainty="open",
        topic=case.said.topic if case.said else None,
    )
