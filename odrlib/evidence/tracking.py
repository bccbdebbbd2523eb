"""Tracking: is the number there, can it be right, and is it the same one everywhere?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from odrlib import tracking_numbers
from odrlib.evidence import rules
from odrlib.evidence.case import Case, Parcel
from odrlib.evidence.cell import Fault, contradiction, missing
from odrlib.languages import tr


def number_faults(case: Case) -> Iterator[Fault]:
    """What is wrong with the tracking numbers of the order."""
    if not case.numbers:
        yield missing(
            "tracking-number-missing",
            tr("the tracking number: no file tells one"),
            fetch=tr(
                "the tracking number of order {order}, into the deliveries ledger",
                order=case.order_id,
            ),
        )
    for parcel in case.parcels:
        wrong = number_fault(parcel.number, parcel.carrier) if parcel.number else ""
        if wrong:
            yield contradiction(
                "tracking-number-invalid",
                tr("tracking number {number} {wrong}", number=parcel.number, wrong=wrong),
                fetch=tr(
                    "the number as {whom} printed it on the label",
                    whom=parcel.carrier or tr("the carrier"),
                ),
                source=parcel.carrier,
                place=parcel.place,
            )
    for number, other in case.reused:
        yield contradiction(
            "tracking-number-reused",
            tr(
                "tracking number {number} is that of an earlier parcel, of order {other}",
                number=number,
                other=other,
            ),
            fetch=tr(
                "the tracking number of order {order} as it is printed on the label",
                order=case.order_id,
            ),
            place=next(parcel.place for parcel in case.parcels if parcel.number == number),
        )
    yield from _two_numbers(case)


def number_fault(number: str, carrier: str) -> str:
    """
    What is wrong with a tracking number; "" if nothing is known to be.

    >>> number_fault("RB123456784GB", "Royal Mail")
    'has a wrong check digit'
    >>> number_fault("1Z5R89390357567127", "Hermes")
    'has the form of UPS, and the parcel went by Hermes'
    >>> number_fault("LZ123456785CN", "USPS"), number_fault("H1099588441199798304", "Hermes")
    ('', '')
    """
    if tracking_numbers.valid(number) is False:
        return tr("has a wrong check digit")
    form = tracking_numbers.carrier_of(number)
    if not form or not carrier or form.casefold() == carrier.casefold():
        return ""
    listed = rules.data("rules")["numbers"]
    international = number[:2].isalpha() and number[-2:].isalpha()
    other = (
        (form in listed["own_form_only"])
        or (international and carrier in listed["never_s10"])
        or (form == "USPS" and not international and carrier not in listed["usps_rides_with"])
    )
    return (
        tr("has the form of {form}, and the parcel went by {whom}", form=form, whom=carrier)
        if other
        else ""
    )


def _two_numbers(case: Case) -> Iterator[Fault]:
    """The ledger and the downloads name different numbers for the one parcel."""
    mine = [parcel for parcel in case.parcels if parcel.ledger and parcel.number]
    others = [parcel for parcel in case.parcels if not parcel.ledger and parcel.number]
    if not mine or not others or _was_sent_again(case, mine):
        return
    if len(mine) == 1:
        yield contradiction(
            "tracking-numbers-differ",
            tr(
                "{place} says tracking number {number}, {other} says {other_number}",
                place=mine[0].place.file,
                number=mine[0].number,
                other=others[0].place.file,
                other_number=others[0].number,
            ),
            fetch=tr("the number as it is printed on the label"),
            source=mine[0].carrier,
            place=mine[0].place,
        )


def _was_sent_again(case: Case, mine: list[Parcel]) -> bool:
    """Is the ledger's parcel one that was sent after the complaint?"""
    asked = case.asked_on
    return asked is not None and any(
        pd.notna(p.shipped_at) and case.desk.day(p.shipped_at) >= asked for p in mine
    )
