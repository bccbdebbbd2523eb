"""Case: all that the files of a store tell of one defective order, laid side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from odrlib.evidence import rules
from odrlib.evidence.cell import Fault
from odrlib.evidence.opening import Content
from odrlib.finding import Place
from odrlib.languages import tr


@dataclass(frozen=True)
class Desk:
    """
    What is the same for every order of the store.

    Parameters
    ----------
    zone : the store's time zone; `behind` : hours that its days may end after those of `zone`
    horizon : the last day that evidence can be of
    currency : of the marketplace
    signing : carriers, and pairs of carrier and service, whose proofs in this store are signed
    given : ledgers in the folder ("messages", "costs", "deliveries", "evidence")
    """

    zone: str
    behind: int
    horizon: date
    currency: str
    signing: frozenset[tuple[str, str]]
    given: frozenset[str]

    def day(self, moment: pd.Timestamp) -> date:
        """The day of a moment in the store's time zone; the earlier one where that is not sure."""
        local = moment.tz_convert(self.zone) - pd.Timedelta(hours=self.behind)
        on: date = local.date()
        return on


@dataclass(frozen=True)
class Held:
    """
    A file in the order's folder, and what it is used for.

    Parameters
    ----------
    class_ : logistics, communication or remedy; "" if nothing tells
    by : what told the class: the place in a ledger, or "its name", "its text"
    dated : the day that the evidence ledger gives it
    said : note and purpose in the evidence ledger
    fault : why it is not this order's own; None if it is
    """

    content: Content
    class_: str
    by: str
    place: Place | None = None
    dated: date | None = None
    said: str = ""
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """Its path in the order's folder."""
        return self.content.piece.name

    @property
    def usable(self) -> bool:
        """Is it whole, and this order's own?"""
        return self.content.usable and self.fault is None

    @property
    def read(self) -> bool:
        """Is it usable, and has its text been read?"""
        return self.usable and self.content.state == "read"

    def is_about(self, *cue: str) -> bool:
        """Does its name, or what the ledger says of it, hold a word of that list of cues.toml?"""
        name = self.name.replace("_", " ").replace(".", " ")
        return bool(rules.words(*cue).search(rules.plain(f"{name} {self.said}")))


@dataclass(frozen=True)
class Lost:
    """A file that a ledger names and that is not in the order's folder."""

    name: str
    class_: str
    place: Place
    outside: bool


@dataclass(frozen=True)
class Parcel:
    """
    What all files together tell of a parcel.

    Parameters
    ----------
    delivered : every delivery that a file tells of, with the place
    ledger : the deliveries ledger has it
    """

    number: str
    carrier: str
    service: str
    shipped_at: pd.Timestamp
    first_scan_at: pd.Timestamp
    promised_ship: pd.Timestamp
    delivered_at: pd.Timestamp
    delivered: tuple[tuple[pd.Timestamp, Place], ...]
    state: str
    signed: bool
    protected: bool
    ledger: bool
    place: Place


@dataclass(frozen=True)
class Complaint:
    """A defect that counts on the order, and the day it arrived (None if no file tells)."""

    kind: str
    on: date | None
    place: Place


@dataclass(frozen=True)
class Message:
    """A message of the ledger; `closing` if it asks for no answer."""

    who: str
    at: pd.Timestamp
    closing: bool
    place: Place


@dataclass(frozen=True)
class Cost:
    """A row of the costs ledger."""

    kind: str
    on: date | None
    amount: float
    currency: str
    note: str
    place: Place


@dataclass(frozen=True)
class Case:
    """
    One defective order.

    Parameters
    ----------
    kinds : kinds of defect that count; `topic`, `theme` : of the defect, None if nobody knows
    value : what was paid for the items, 0 if unknown; `prices` : of each piece
    parcels : first the one that carried the order, then what was sent after it
    reused : tracking numbers that an earlier parcel had, each with that parcel's order
    asked_on : the first day that the buyer complained in any way
    deadline : the next day by which a claim or chargeback must be answered
    """

    order_id: str
    day: date
    ordered_at: pd.Timestamp
    kinds: tuple[str, ...]
    topic: str | None
    theme: str | None
    channel: str
    value: float
    currency: str
    prices: tuple[float, ...]
    parcels: tuple[Parcel, ...]
    reused: tuple[tuple[str, str], ...]
    complaints: tuple[Complaint, ...]
    asked_on: date | None
    messages: tuple[Message, ...]
    costs: tuple[Cost, ...]
    held: tuple[Held, ...]
    lost: tuple[Lost, ...]
    deadline: date | None
    desk: Desk

    @property
    def complained_on(self) -> date | None:
        """The day of the first defect."""
        return min((c.on for c in self.complaints if c.on), default=None)

    @property
    def parcel(self) -> Parcel | None:
        """The parcel that carried the order."""
        return self.parcels[0] if self.parcels else None

    @property
    def numbers(self) -> frozenset[str]:
        """All its tracking numbers."""
        return frozenset(parcel.number for parcel in self.parcels if parcel.number)

    def of_class(self, class_: str) -> tuple[Held, ...]:
        """The files used for a class."""
        return tuple(held for held in self.held if held.class_ == class_)

    def required(self) -> Mapping[str, str]:
        """The classes that it needs, each with the reason why."""
        needs = rules.needed(self.kinds, self.topic)
        for name in ("shipped_by_amazon", "claims_protected"):
            row = rules.data("rules")[name]
            applies = (
                self.channel in row["channels"]
                if "channels" in row
                else self.topic in row["topics"] and self.protected
            )
            if applies:
                needs = {key: why for key, why in needs.items() if key not in row["not_needed"]}
        return needs

    @property
    def protected(self) -> bool:
        """Is the label Claims Protected, and was it scanned in time? Unknown is no."""
        parcel = self.parcel
        return (
            parcel is not None
            and parcel.protected
            and pd.notna(parcel.first_scan_at)
            and pd.notna(parcel.promised_ship)
            and bool(parcel.first_scan_at <= parcel.promised_ship)
        )


def fault_of_file(held: Held) -> Fault | None:
    """Why a file proves nothing, as a fault of its class; None if it may prove something."""
    content = held.content
    if held.fault is not None:
        return held.fault
    if content.usable:
        return None
    place = Place(content.piece.file)
    unclear = content.state in ("encrypted", "too large", "unreadable")
    to_do = {
        "encrypted": tr("save {file} without a password", file=held.name),
        "too large": tr("save {file} smaller", file=held.name),
        "link": tr("copy the file itself to {path}", path=content.piece.file),
    }.get(content.state, tr("put a readable copy of {file} in its place", file=held.name))
    return Fault(
        f"file-{'is-link' if content.state == 'link' else content.state.replace(' ', '-')}",
        "unknown" if unclear else "missing",
        tr("{file} proves nothing: {because}", file=held.name, because=content.because),
        fetch=to_do,
        place=place,
        level="error" if content.state in ("empty", "link", "unreadable") else "warning",
    )


def fault_of_lost(lost: Lost) -> Fault:
    """A file that a ledger names and nobody finds."""
    if lost.outside:
        return Fault(
            "file-outside-folder",
            "missing",
            tr("the ledger names {file}, which is outside the order's folder", file=lost.name),
            fetch=tr("copy the file into the order's folder and name it there"),
            place=lost.place,
            level="error",
        )
    return Fault(
        "file-not-found",
        "missing",
        tr("{file}, which the ledger names, is not in the folder", file=lost.name),
        fetch=tr("put {file} into the order's folder, or correct the ledger", file=lost.name),
        place=lost.place,
        level="warning",
    )


def dates_of_file(held: Held, case: Case) -> list[Fault]:
    """The days that a file is said to be of, against the order and today."""
    found: list[Fault] = []
    slack = timedelta(days=rules.bound("days_of_zone"))
    taken = held.content.taken_on
    last, first = case.desk.horizon + slack, case.day - slack
    if held.dated and held.dated > last:
        said = tr(
            "the ledger dates {file} {dated}, which lies in the future",
            file=held.name,
            dated=held.dated,
        )
        found.append(_dated(held, said))
    elif held.dated and held.dated < first:
        said = tr(
            "the ledger dates {file} {dated}, before the order of {ordered}",
            file=held.name,
            dated=held.dated,
            ordered=case.day,
        )
        found.append(_dated(held, said))
    if taken and taken > last:
        found.append(
            _dated(
                held,
                tr(
                    "{file} was taken {taken}, which lies in the future",
                    file=held.name,
                    taken=taken,
                ),
            )
        )
    elif taken and taken < first:
        found.append(
            _dated(
                held,
                tr(
                    "{file} was taken {taken}, before the order of {ordered}",
                    file=held.name,
                    taken=taken,
                    ordered=case.day,
                ),
            )
        )
    apart = timedelta(days=rules.bound("days_of_photo"))
    if held.dated and taken and not found and abs(held.dated - taken) > apart:
        found.append(
            _dated(
                held,
                tr(
                    "the ledger dates {file} {dated}, its photo {taken}",
                    file=held.name,
                    dated=held.dated,
                    taken=taken,
                ),
            )
        )
    return found


def _dated(held: Held, said: str) -> Fault:
    return Fault(
        "file-date-impossible",
        "contradiction",
        said,
        fetch=tr("correct the date of {file}, or replace it", file=held.name),
        place=held.place or Place(held.content.piece.file),
        level="error",
    )
