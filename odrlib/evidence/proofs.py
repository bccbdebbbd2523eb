"""Proofs: what a proof of delivery must show: this number, a day, an address, a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd

from odrlib import tracking_numbers
from odrlib.evidence import rules
from odrlib.evidence.case import Case, Held, Parcel
from odrlib.evidence.cell import Fault, contradiction, missing, note, unknown
from odrlib.evidence.shows import squashed
from odrlib.finding import Place
from odrlib.languages import language, tr

NEVER = ("lost", "returned", "returning", "damaged")


def _said(state: str) -> str:
    """A state of `NEVER` in words."""
    return {
        "lost": tr("lost", context="parcel"),
        "returned": tr("returned", context="parcel"),
        "returning": tr("returning", context="parcel"),
        "damaged": tr("damaged", context="parcel"),
    }[state]


def is_proof(held: Held) -> bool:
    """Is it a proof of delivery, not a label, a manifest or a carrier's letter?"""
    if held.read and (held.content.shows.delivered or held.content.shows.signed):
        return True
    if is_statement(held):
        return False
    return not held.is_about("not_a_proof", "names")


def is_statement(held: Held) -> bool:
    """Is it a letter in which the carrier explains its scans?"""
    return held.content.shows.statement or held.is_about("statement", "names")


def proof_faults(case: Case, proofs: list[Held]) -> Iterator[Fault]:
    """What the proofs of delivery lack, or contradict."""
    parcel = case.parcel
    carrier = parcel.carrier if parcel else ""
    if parcel and parcel.state in NEVER:
        yield (
            contradiction(
                "parcel-not-delivered",
                tr("the carrier's last word on the parcel is “{state}”", state=_said(parcel.state)),
                fetch=tr("the remedy: what is not delivered cannot be proven"),
                place=parcel.place,
            )
            if proofs
            else missing(
                "proof-missing", tr("a delivery: the parcel is {state}", state=_said(parcel.state))
            )
        )
        return
    if not proofs and any(not one.usable for one in case.of_class("logistics")):
        return  # the fault of the file says it
    if not proofs:
        to_be_had = _to_be_had(case)
        yield missing(
            "proof-missing",
            tr("a proof of delivery with address and tracking number"),
            fetch=_proof_fetch(case) if to_be_had else _posting_fetch(case),
            helps=to_be_had,
            source=carrier,
        )
        return
    read = [one for one in proofs if one.read]
    unread = [one for one in proofs if not one.read]
    yield from (_unread(case, one) for one in unread)
    if unread and not read:
        if parcel is None or pd.isna(parcel.delivered_at):
            yield unknown(
                "proof-not-read",
                tr("nobody has read the proof, and no file tells the day of delivery"),
                fetch=tr("the day of delivery, into the deliveries ledger"),
            )
        yield from _signature(case, proofs)
        return
    yield from _number_in_proof(case, read)
    yield from _signature(case, proofs)
    if not any(one.content.shows.address for one in read) and not unread:
        yield missing(
            "proof-without-address",
            tr("the delivery address: {files} shows none", files=_names(read)),
            fetch=tr(
                "a proof of delivery with the address of order {order}: ask {whom}",
                order=case.order_id,
                whom=carrier or tr("the carrier"),
            ),
            source=carrier,
            place=Place(read[0].content.piece.file),
            level="warning",
        )
    yield from _day_in_proof(case, read)


def _unread(case: Case, held: Held) -> Fault:
    """A picture is believed as far as a ledger vouches for it, and it is said so."""
    if held.place is None:
        return unknown(
            "file-not-read",
            tr(
                "what {file} shows: {because}, and no ledger names it",
                file=held.name,
                because=held.content.because,
            ),
            fetch=tr("a row of the deliveries ledger for {file}", file=held.name),
        )
    return note(
        tr(
            "{file} was not read; {place} is taken at its word",
            file=held.name,
            place=held.place.file,
        )
    )


def _to_be_had(case: Case) -> bool:
    """Does the service scan at the door, so that there can be a proof of delivery?"""
    parcel = case.parcel
    if parcel is None or not parcel.number:
        return True
    return tracking_numbers.tracked_to_door(parcel.number, parcel.service) is not False


def _posting_fetch(case: Case) -> str:
    service = (case.parcel.service if case.parcel else "") or tr("this service")
    return tr(
        "what shows that order {order} was posted; {service} is not scanned at "
        "the door, so there is no proof of delivery to be had",
        order=case.order_id,
        service=service,
    )


def _proof_fetch(case: Case) -> str:
    parcel = case.parcel
    if parcel is None:
        return tr("a proof of delivery with address for order {order}", order=case.order_id)
    carrier, number = parcel.carrier or tr("the carrier"), parcel.number
    if not number:
        return tr(
            "a proof of delivery with address for order {order}: ask {whom}",
            order=case.order_id,
            whom=carrier,
        )
    return tr(
        "a proof of delivery with address for order {order}: ask {whom} ({number})",
        order=case.order_id,
        whom=carrier,
        number=number,
    )


def _number_in_proof(case: Case, read: list[Held]) -> Iterator[Fault]:
    """The tracking number stands in the proof's text or name, and no other one does."""
    if not case.numbers:
        return
    holds = [
        one
        for one in read
        if one.content.shows.numbers & case.numbers or _in_name(one, case.numbers)
    ]
    for one in read:
        others = sorted(one.content.shows.labelled - case.numbers)
        if one not in holds and others:
            yield contradiction(
                "tracking-number-in-proof-differs",
                tr(
                    "{file} shows tracking number {shown}, the order has {numbers}",
                    file=one.name,
                    shown=others[0],
                    numbers=", ".join(sorted(case.numbers)),
                ),
                fetch=tr("the proof of delivery of {number}", number=sorted(case.numbers)[0]),
                source=case.parcel.carrier if case.parcel else "",
                place=Place(one.content.piece.file, value=others[0]),
            )
    if not holds and not any(one.content.shows.labelled for one in read):
        yield missing(
            "proof-without-number",
            tr(
                "the tracking number {number} in {files}",
                number=sorted(case.numbers)[0],
                files=_names(read),
            ),
            fetch=tr("a proof of delivery that shows {number}", number=sorted(case.numbers)[0]),
            source=case.parcel.carrier if case.parcel else "",
            place=Place(read[0].content.piece.file),
            level="warning",
        )


def _in_name(held: Held, numbers: frozenset[str]) -> bool:
    return any(number in squashed(held.name) for number in numbers)


def _signature(case: Case, proofs: list[Held]) -> Iterator[Fault]:
    parcel = case.parcel
    shown = [one.content.shows.signed for one in proofs if one.read]
    if (parcel and parcel.signed) or True in shown:
        return
    carrier, service = (parcel.carrier, parcel.service) if parcel else ("", "")
    if not gives_signature(carrier, service, case.desk.signing):
        yield note(tr("{service} takes no signature", service=f"{carrier} {service}".strip()))
        return
    said = (
        tr("the receiver's signature: the proof says there is none")
        if False in shown
        else tr("the receiver's signature: neither proof nor ledger has one")
    )
    yield missing(
        "proof-without-signature",
        said,
        fetch=tr(
            "a proof of delivery with signature for order {order}: ask {whom}, "
            "or its word that none is taken",
            order=case.order_id,
            whom=carrier or tr("the carrier"),
        ),
        source=carrier,
        place=Place(proofs[0].content.piece.file),
        level="warning",
    )


def gives_signature(carrier: str, service: str, signing: frozenset[tuple[str, str]]) -> bool:
    """
    Does this carrier hand over against a signature, as far as the store or the list knows?

    Unknown carriers are taken to give one: a missing proof is never presumed.

    >>> gives_signature("USPS", "Ground Advantage", frozenset())
    False
    >>> gives_signature("USPS", "Ground Advantage", frozenset({("USPS", "Ground Advantage")}))
    True
    >>> gives_signature("Snail Express", "", frozenset())
    True
    """
    if (carrier, service) in signing:
        return True
    listed = rules.data("rules")["signatures"]
    words = rules.plain(service)
    if any(rules.plain(word) in words for word in listed["never_services"]):
        return False
    if any(rules.plain(word) in words for word in listed["given_services"]):
        return True
    return carrier not in listed["never"]


def _day_in_proof(case: Case, read: list[Held]) -> Iterator[Fault]:
    """The day that the proof gives is the day that the tracker or the ledger gives."""
    slack = timedelta(days=rules.bound("days_of_zone"))
    for one in read:
        parcel = _parcel_of(case, one)
        places = one.content.shows.delivered
        if not places:
            continue
        days = [day for place in places for day in place]
        delivered = parcel.delivered_at if parcel else pd.NaT
        if parcel is not None and pd.notna(delivered):
            if all(abs(day - delivered.date()) > slack for day in days):
                yield _disagrees(
                    one,
                    tr(
                        "{file} says delivered {day}, {place} says {delivered:%Y-%m-%d}",
                        file=one.name,
                        day=days[0],
                        place=parcel.place.file,
                        delivered=delivered,
                    ),
                )
        elif all(day < case.day - slack for day in days):
            yield _disagrees(
                one,
                tr(
                    "{file} says delivered {day}, before the order of {ordered}",
                    file=one.name,
                    day=days[0],
                    ordered=case.day,
                ),
            )
        elif all(day > case.desk.horizon + slack for day in days):
            yield _disagrees(
                one,
                tr(
                    "{file} says delivered {day}, which lies in the future",
                    file=one.name,
                    day=days[0],
                ),
            )
    parcel = case.parcel
    told = parcel is not None and pd.notna(parcel.delivered_at)
    if not told and not any(one.content.shows.delivered for one in read):
        yield missing(
            "proof-without-day",
            tr("the day of delivery: {files} shows none", files=_names(read)),
            fetch=tr("a proof of delivery with its date for order {order}", order=case.order_id),
            source=parcel.carrier if parcel else "",
            place=Place(read[0].content.piece.file),
            level="warning",
        )


def _parcel_of(case: Case, held: Held) -> Parcel | None:
    """The parcel whose number the proof shows, else the one that carried the order."""
    return next((p for p in case.parcels if p.number in held.content.shows.numbers), case.parcel)


def _disagrees(held: Held, said: str) -> Fault:
    return contradiction(
        "delivery-days-differ",
        said,
        fetch=tr("the carrier's tracking history, and correct what is wrong"),
        place=Place(held.content.piece.file),
    )


def _names(held: list[Held]) -> str:
    return ("、" if language() == "zh" else " and ").join(one.name for one in held)
