"""Times: do ordered, shipped, scanned, delivered and complained follow each other as they must?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from odrlib.evidence import rules
from odrlib.evidence.case import Case, Desk, Held, Parcel
from odrlib.evidence.cell import Fault, contradiction, note
from odrlib.finding import Place
from odrlib.languages import mark, tr

HISTORY = mark("the carrier's tracking history with its times")


def time_faults(case: Case) -> Iterator[Fault]:
    """The steps of each parcel that come before what they must follow, or after today."""
    for parcel in case.parcels:
        # A tracker's export tells no time zone; the ledger does, and is taken at its word.
        slack = pd.Timedelta(hours=0 if parcel.ledger else rules.bound("hours_of_tracker"))
        ordered = ("ordered", case.ordered_at)
        shipped, scanned, delivered = (
            ("shipped", parcel.shipped_at),
            ("scanned", parcel.first_scan_at),
            ("delivered", parcel.delivered_at),
        )
        # A label is often confirmed after its first scan, so these two are not compared.
        for steps in ((ordered, shipped, delivered), (ordered, scanned, delivered)):
            known = [(word, moment) for word, moment in steps if pd.notna(moment)]
            for (before, first), (after, second) in pairwise(known):
                if is_before(second, first, case.desk, slack):
                    yield contradiction(
                        f"{after}-before-{before}",
                        tr(
                            "{after} {second}, before it was {before} {first}",
                            after=_step(after),
                            second=said(second, case.desk),
                            before=_step(before),
                            first=said(first, case.desk),
                        ),
                        fetch=tr(HISTORY),
                        source=parcel.carrier,
                        place=parcel.place,
                    )
        if pd.notna(parcel.delivered_at) and case.desk.day(parcel.delivered_at) > case.desk.horizon:
            yield contradiction(
                "delivered-in-future",
                tr(
                    "delivered {delivered_at}, which lies in the future",
                    delivered_at=said(parcel.delivered_at, case.desk),
                ),
                fetch=tr(HISTORY),
                source=parcel.carrier,
                place=parcel.place,
            )
        yield from _two_deliveries(case, parcel)


def _step(code: str) -> str:
    """A step of a parcel in words."""
    return {
        "ordered": tr("ordered", context="step"),
        "shipped": tr("shipped", context="step"),
        "scanned": tr("scanned", context="step"),
        "delivered": tr("delivered", context="step"),
    }[code]


def is_before(second: pd.Timestamp, first: pd.Timestamp, desk: Desk, slack: pd.Timedelta) -> bool:
    """Is `second` surely earlier? A midnight of the store's zone means the whole of that day."""
    if only_a_day(second, desk) and not only_a_day(first, desk):
        second += pd.Timedelta(days=1, hours=desk.behind) - pd.Timedelta(microseconds=1)
    return bool(second + slack < first)


def only_a_day(moment: pd.Timestamp, desk: Desk) -> bool:
    """Is it a day without a time of day?"""
    local = moment.tz_convert(desk.zone)
    return bool(local == local.normalize())


def said(moment: pd.Timestamp, desk: Desk) -> str:
    """A moment in words: the day, and the time in UTC if there is one."""
    if only_a_day(moment, desk):
        return f"{moment.tz_convert(desk.zone):%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _two_deliveries(case: Case, parcel: Parcel) -> Iterator[Fault]:
    """The ledger and the tracker give the same day of delivery, but for a day of time zones."""
    slack = pd.Timedelta(days=rules.bound("days_of_zone"))
    for moment, place in parcel.delivered:
        if abs(moment - parcel.delivered_at) > slack:
            yield contradiction(
                "delivery-days-differ",
                tr(
                    "{place} says delivered {delivered_at}, {other} says {moment}",
                    place=parcel.place.file,
                    delivered_at=said(parcel.delivered_at, case.desk),
                    other=place.file,
                    moment=said(moment, case.desk),
                ),
                fetch=tr(HISTORY),
                source=parcel.carrier,
                place=parcel.place,
            )
            return


def late_delivery_faults(case: Case, papers: list[Held], proofs: list[Held]) -> Iterator[Fault]:
    """
    Delivered after the complaint: that takes an explanation and the carrier's word.

    `papers` are statements of the carrier, `proofs` the proofs of delivery that were read.
    """
    complained = case.complained_on
    if complained is None:
        return
    delivered, place = _delivered(case, proofs, complained)
    if delivered is None or delivered <= complained:
        return
    if any(paper.said or paper.read for paper in papers):
        yield note(
            tr(
                "delivered {delivered}, after the complaint; the carrier's statement explains it",
                delivered=delivered,
            )
        )
        return
    carrier = case.parcel.carrier if case.parcel else ""
    told = (
        tr(
            "delivered {delivered}, after the complaint of {complained}, without "
            "an explanation of it",
            delivered=delivered,
            complained=complained,
        )
        if papers
        else tr(
            "delivered {delivered}, after the complaint of {complained}, without "
            "an explanation and a statement of the carrier",
            delivered=delivered,
            complained=complained,
        )
    )
    yield contradiction(
        "delivered-after-complaint",
        told,
        fetch=tr(
            "a statement of {whom} why the scan is later than the complaint, "
            "and one sentence that explains it",
            whom=carrier or tr("the carrier"),
        ),
        source=carrier and tr("statement of {whom}", whom=carrier),
        place=place,
    )


def _delivered(
    case: Case, proofs: list[Held], complained: date
) -> tuple[date | None, Place | None]:
    """The day of delivery: as the files of the parcel tell it, else as a proof shows it."""
    parcel = case.parcel
    if parcel is not None and pd.notna(parcel.delivered_at):
        return case.desk.day(parcel.delivered_at), parcel.place
    slack = timedelta(days=rules.bound("days_of_zone"))
    for proof in proofs:
        days = [day for place in proof.content.shows.delivered for day in place]
        if days and all(day > complained + slack for day in days):
            return min(days), Place(proof.content.piece.file)
    return None, None
