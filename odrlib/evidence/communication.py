"""Communication: did a person answer the buyer within 24 hours, and what shows it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from odrlib.evidence.case import Case, Held
from odrlib.evidence.cell import Fault, contradiction, missing, note, unknown
from odrlib.evidence.shows import Turn
from odrlib.finding import Place
from odrlib.languages import tr
from odrlib.related import ANSWER_TIME

HOURS = ANSWER_TIME / pd.Timedelta(hours=1)


@dataclass(frozen=True)
class Wait:
    """
    A message of the buyer and the first answer of a person to it.

    Parameters
    ----------
    asked, answered : moments in UTC, or days where the source knows no more; `answered` is None
        without an answer
    automatic : a machine answered before any person did
    """

    asked: datetime | date
    answered: datetime | date | None
    automatic: bool
    place: Place | None

    @property
    def hours(self) -> float | None:
        """Hours of waiting; None without an answer, or where days do not tell."""
        if self.answered is None:
            return None
        if isinstance(self.asked, datetime) and isinstance(self.answered, datetime):
            return (self.answered - self.asked).total_seconds() / 3_600
        days = (_day(self.answered) - _day(self.asked)).days
        # Two days apart on the calendar are more than 24 hours, the same day is less.
        return {0: 0.0, 1: None}.get(days, 24.0 * (days - 1) + 0.1)

    @property
    def late(self) -> bool | None:
        """Longer than allowed? None if it is not known."""
        return None if self.hours is None else self.hours > HOURS


def communication_faults(case: Case) -> list[Fault]:
    """What keeps the answer to the buyer from being proven."""
    files = [one for one in case.of_class("communication") if one.usable]
    ledger = waits_of_ledger(case)
    shown = _shown(files)
    told = ledger or [wait for _, wait in shown]
    if not told:
        return _nothing(case, bool(files))
    faults = [fault for wait in told for fault in _wait_faults(case, wait)]
    if ledger and not faults:
        faults += _file_disagrees(case, shown)
    if not files:
        faults.append(note(tr("the messages ledger tells it; no file shows the thread")))
    elif not any(one.read for one in files):
        faults.append(
            note(
                tr(
                    "{file} was not read; the messages ledger is taken at its word",
                    file=files[0].name,
                )
            )
        )
    return faults


def _shown(files: Sequence[Held]) -> list[tuple[Held, Wait]]:
    """Each time that the buyer waited, by the files: a mail is one message, any other a thread."""
    read = [one for one in files if one.read]
    mails = [one for one in read if one.content.kind == "mail"]
    threads = [(one, one.content.shows.turns) for one in read if one not in mails]
    if mails:
        turns = dict.fromkeys(turn for one in mails for turn in one.content.shows.turns)
        threads.append((mails[0], tuple(turns)))
    return [
        (one, wait)
        for one, turns in threads
        for wait in waits(turns, Place(one.content.piece.file))
    ]


def waits_of_ledger(case: Case) -> list[Wait]:
    """Each time that the buyer waited, by the messages ledger."""
    return _waits(
        [(m.who, m.at.tz_convert("UTC").to_pydatetime(), m.closing, m.place) for m in case.messages]
    )


def waits(turns: Sequence[Turn], place: Place | None) -> list[Wait]:
    """Each time that the buyer waited, by the threads in a file."""
    precise = all(turn.at is not None for turn in turns)
    rows = [
        (turn.who, turn.at or turn.day if precise else turn.day, False, place) for turn in turns
    ]
    if not precise:
        # Within a day only the order of the lines tells who wrote first.
        return _waits(rows, by_line=True)
    return _waits(rows)


def _waits(
    rows: Sequence[tuple[str, datetime | date, bool, Place | None]], by_line: bool = False
) -> list[Wait]:
    """A run of messages of the buyer is one wait, from its first; an answer before it is none."""
    ordered = list(rows) if by_line else sorted(rows, key=lambda row: (row[1], row[0] != "buyer"))
    found: list[Wait] = []
    asked: tuple[datetime | date, Place | None] | None = None
    automatic = False
    for who, at, closing, place in ordered:
        if who == "buyer" and asked is None and not (closing and found):
            asked, automatic = (at, place), False
        elif who == "automatic" and asked is not None:
            automatic = True
        elif who == "seller" and asked is not None:
            found.append(Wait(asked[0], at, automatic, asked[1]))
            asked = None
    if asked is not None:
        found.append(Wait(asked[0], None, automatic, asked[1]))
    return found


def _wait_faults(case: Case, wait: Wait) -> Iterator[Fault]:
    asked = _words(wait.asked)
    if wait.answered is None:
        said = (
            tr(
                "an answer by a person to the buyer's message of {asked}: only a machine answered",
                asked=asked,
            )
            if wait.automatic
            else tr(
                "an answer by a person to the buyer's message of {asked}: nobody answered",
                asked=asked,
            )
        )
        yield missing(
            "answer-missing",
            said,
            fetch=tr(
                "the answer to the buyer's message of {asked}, order {order}",
                asked=asked,
                order=case.order_id,
            ),
            place=wait.place,
            level="warning",
        )
    elif wait.late:
        yield contradiction(
            "answer-late",
            tr(
                "the buyer's message of {asked} was answered by a person after {wait}; "
                "{allowed:.0f} hours are allowed",
                asked=asked,
                wait=_duration(wait),
                allowed=HOURS,
            ),
            place=wait.place,
        )
    elif wait.late is None:
        yield unknown(
            "answer-time-unknown",
            tr(
                "whether the message of {asked} was answered within {allowed:.0f} "
                "hours: the file shows days, not times",
                asked=asked,
                allowed=HOURS,
            ),
            fetch=tr(
                "the times of the messages of order {order}, into the messages ledger",
                order=case.order_id,
            ),
            place=wait.place,
        )


def _nothing(case: Case, files: bool) -> list[Fault]:
    """No ledger and no file that can be used tells of a message."""
    if not files and case.of_class("communication"):
        return []  # the fault of the file says it
    return [_no_thread(case, files)]


def _no_thread(case: Case, files: bool) -> Fault:
    order = case.order_id
    if files:
        return unknown(
            "answer-time-unknown",
            tr(
                "when the buyer wrote and when a person answered: no ledger tells and "
                "no file shows it"
            ),
            fetch=tr(
                "the times of the messages of order {order}, into the messages ledger", order=order
            ),
        )
    if "messages" not in case.desk.given:
        return missing(
            "thread-missing",
            tr("the buyer's message and the first answer to it; there is no messages ledger"),
            fetch=tr(
                "the message thread of order {order}, from Buyer-Seller Messages", order=order
            ),
        )
    return missing(
        "thread-missing",
        tr("the buyer's message and the first answer to it"),
        fetch=tr(
            "the message thread of order {order}, or a picture of it that shows there is none",
            order=order,
        ),
    )


def _file_disagrees(case: Case, shown: Sequence[tuple[Held, Wait]]) -> list[Fault]:
    """The ledger says in time: the thread itself must not say late."""
    return [
        contradiction(
            "answer-times-differ",
            tr(
                "{file} shows an answer after {wait}, the messages ledger one in time",
                file=one.name,
                wait=_duration(wait),
            ),
            fetch=tr("the message thread of order {order} with its times", order=case.order_id),
            place=wait.place,
        )
        for one, wait in shown
        if wait.late
    ][:1]


def _duration(wait: Wait) -> str:
    precise = isinstance(wait.asked, datetime) and isinstance(wait.answered, datetime)
    waited = wait.hours or 0.0  # of a wait that is late, so they are known
    if not precise:
        return tr("more than {hours:.0f} hours", hours=waited)
    hours, minutes = divmod(round(waited * 60), 60)
    return tr("{hours} h {minutes:02d} min", hours=hours, minutes=minutes)


def _words(at: datetime | date) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if isinstance(at, datetime) else f"{at:%Y-%m-%d}"


def _day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at
