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

NEVER = ("lost", "returned", "returning", "damaged")


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
                f"the carrier's last word on the parcel is “{parcel.state}”",
                fetch="the remedy: what is not delivered cannot be proven",
                place=parcel.place,
            )
            if proofs
            else missing("proof-missing", f"a delivery: the parcel is {parcel.state}")
        )
        return
    if not proofs and any(not one.usable for one in case.of_class("logistics")):
        return  # the fault of the file says it
    if not proofs:
        to_be_had = _to_be_had(case)
        yield missing(
            "proof-missing",
            "a proof of delivery with address and tracking number",
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
                "nobody has read the proof, and no file tells the day of delivery",
                fetch="the day of delivery, into the deliveries ledger",
            )
        yield from _signature(case, proofs)
        return
    yield from _number_in_proof(case, read)
    yield from _signature(case, proofs)
    if not any(one.content.shows.address for one in read) and not unread:
        yield missing(
            "proof-without-address",
            f"the delivery address: {_names(read)} shows none",
            fetch=f"a proof of delivery with the address of order {case.order_id}: ask "
            f"{carrier or 'the carrier'}",
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
            f"what {held.name} shows: {held.content.why}, and no ledger names it",
            fetch=f"a row of the deliveries ledger for {held.name}",
        )
    return note(f"{held.name} was not read; {held.place.file} is taken at its word")


def _to_be_had(case: Case) -> bool:
    """Does the service scan at the door, so that there can be a proof of delivery?"""
    parcel = case.parcel
    if parcel is None or not parcel.number:
        return True
    return tracking_numbers.tracked_to_door(parcel.number, parcel.service) is not False


def _posting_fetch(case: Case) -> str:
    service = case.parcel.service or "this service"
    return (
        f"what shows that order {case.order_id} was posted; {service} is not scanned at the door, "
        "so there is no proof of delivery to be had"
    )


def _proof_fetch(case: Case) -> str:
    parcel = case.parcel
    if parcel is None:
        return f"a proof of delivery with address for order {case.order_id}"
    whom = parcel.carrier or "the carrier"
    number = f" ({parcel.number})" if parcel.number else ""
    return f"a proof of delivery with address for order {case.order_id}: ask {whom}{number}"


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
                f"{one.name} shows tracking number {others[0]}, the order has "
                f"{', '.join(sorted(case.numbers))}",
                fetch=f"the proof of delivery of {sorted(case.numbers)[0]}",
                source=case.parcel.carrier if case.parcel else "",
                place=Place(one.content.piece.file, value=others[0]),
            )
    if not holds and not any(one.content.shows.labelled for one in read):
        yield missing(
            "proof-without-number",
            f"the tracking number {sorted(case.numbers)[0]} in {_names(read)}",
            fetch=f"a proof of delivery that shows {sorted(case.numbers)[0]}",
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
        yield note(f"{carrier} {service}".strip() + " takes no signature")
        return
    said = "the proof says there is none" if False in shown else "neither proof nor ledger has one"
    yield missing(
        "proof-without-signature",
        f"the receiver's signature: {said}",
        fetch=f"a proof of delivery with signature for order {case.order_id}: ask "
        f"{carrier or 'the carrier'}, or its word that none is taken",
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
        if pd.notna(delivered):
            if all(abs(day - delivered.date()) > slack for day in days):
                yield _disagrees(one, f"says delivered {days[0]}, {parcel.place.file} says "
                                 f"{delivered:%Y-%m-%d}")  # fmt: skip
        elif all(day < case.day - slack for day in days):
            yield _disagrees(one, f"says delivered {days[0]}, before the order of {case.day}")
        elif all(day > case.desk.horizon + slack for day in days):
            yield _disagrees(one, f"says delivered {days[0]}, which lies in the future")
    parcel = case.parcel
    told = parcel is not None and pd.notna(parcel.delivered_at)
    if not told and not any(one.content.shows.delivered for one in read):
        yield missing(
            "proof-without-day",
            f"the day of delivery: {_names(read)} shows none",
            fetch=f"a proof of delivery with its date for order {case.order_id}",
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
        f"{held.name} {said}",
        fetch="the carrier's tracking history, and correct what is wrong",
        place=Place(held.content.piece.file),
    )


def _names(held: list[Held]) -> str:
    return " and ".join(one.name for one in held)
