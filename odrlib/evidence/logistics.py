"""Logistics: is there a proof of delivery, of this parcel, at a time that fits?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from odrlib.evidence.case import Case, Held
from odrlib.evidence.cell import Fault, missing, note
from odrlib.evidence.proofs import is_proof, is_statement, proof_faults
from odrlib.evidence.times import late_delivery_faults, said, time_faults
from odrlib.evidence.tracking import number_faults
from odrlib.languages import tr


def logistics_faults(case: Case) -> list[Fault]:
    """What keeps the delivery of the order from being proven."""
    held = [one for one in case.of_class("logistics") if one.usable]
    proofs = [one for one in held if is_proof(one)]
    papers = [one for one in held if is_statement(one)]
    always = [*number_faults(case), *time_faults(case)]
    if case.protected and case.topic == "NR" and not any(one.read for one in proofs):
        return [*always, _label(case, held)]
    read = [one for one in proofs if one.read]
    return [
        *always,
        *_protection_lost(case),
        *proof_faults(case, proofs),
        *late_delivery_faults(case, papers, read),
    ]


def _label(case: Case, held: list[Held]) -> Fault:
    """A protected label that was scanned in time stands in place of a proof of delivery."""
    if any(one.content.shows.protected or one.is_about("protected", "words") for one in held):
        return note(tr("the label is Claims Protected and was scanned in time"))
    return missing(
        "label-missing",
        tr("a picture of the Claims Protected label, or a proof of delivery"),
        fetch=tr("a picture of the Claims Protected label of order {order}", order=case.order_id),
    )


def _protection_lost(case: Case) -> Iterator[Fault]:
    """The label says Claims Protected, and the first scan does not bear it out."""
    parcel = case.parcel
    if parcel is None or not parcel.protected or case.protected:
        return
    if pd.isna(parcel.first_scan_at) or pd.isna(parcel.promised_ship):
        yield note(tr("the label is Claims Protected; whether it was scanned in time is not known"))
    else:
        yield note(
            tr(
                "the label is Claims Protected, but the first scan {scanned} is "
                "after the promised ship time {promised}",
                scanned=said(parcel.first_scan_at, case.desk),
                promised=said(parcel.promised_ship, case.desk),
            )
        )
