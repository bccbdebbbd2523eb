"""Contacts: how long the buyer waited for a person's answer before the defect came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from odrlib.categories.cases import Fields
from odrlib.categories.parcels import hours
from odrlib.categories.records import Records
from odrlib.columns import DAY, MOMENT, days, moments, rows_of, words
from odrlib.languages import tr
from odrlib.related import ANSWER_TIME

HOUR = timedelta(hours=1)


def contact_signs(cases: Fields, records: Records) -> Fields:
    """
    The fields `waited` and `messages`, and `first_message` (the day of the buyer's first one).

    Of several messages the one that waited longest counts. A message after the defect says
    nothing, nor does one whose answer was not yet due; answers by a machine are none.
    """
    talks = _talks(records.messages, cases["order_id"], records.timezone)
    ends = _ends(cases["on"], talks, records)
    rows = [
        _contact([message for message in talks.get(order_id, ()) if end and message.at < end], end)
        for order_id, end in zip(cases["order_id"], ends, strict=True)
    ]
    waited, says, number, first = zip(*rows, strict=True)
    return {
        "waited": list(waited),
        "waited_says": list(says),
        "messages": np.array(number, dtype="float64"),
        "first_message": np.array(first, dtype=MOMENT),
    }


class _Message(NamedTuple):
    """When a message was sent (UTC), by whom, and its day in the store's time zone."""

    at: datetime
    sender: str
    day: datetime


def _talks(
    messages: pd.DataFrame | None, order_ids: list[str], timezone: str
) -> dict[str, list[_Message]]:
    """
    The messages of each of these orders as they were sent.

    Of a question and an answer of one moment the question stands first: "buyer" before "seller".
    """
    talks: dict[str, list[_Message]] = defaultdict(list)
    if messages is not None:
        rows = rows_of(messages["order_id"], order_ids)
        at = moments(messages["at"].array.take(rows))
        told = zip(
            words(messages["order_id"].array.take(rows)),
            at.tolist(),
            [
                (word or "").strip().casefold()
                for word in words(messages["sender"].array.take(rows))
            ],
            days(at, timezone).tolist(),
            strict=True,
        )
        for order_id, *message in sorted(row for row in told if row[1] is not None):
            talks[order_id].append(_Message(*message))
    return talks


def _ends(
    on: np.ndarray, talks: dict[str, list[_Message]], records: Records
) -> list[datetime | None]:
    """The end of the day of each defect; of one without a day, of the last day that is known."""
    if records.as_of is not None:
        on = np.where(np.isnat(on), np.datetime64(records.as_of, "us"), on)
    last = max((talk[-1].day for talk in talks.values()), default=None)
    on = np.where(np.isnat(on), np.datetime64(last, "us"), on)
    ends = pd.DatetimeIndex(on + DAY).tz_localize(
        records.timezone, nonexistent="shift_forward", ambiguous=True
    )
    found: list[datetime | None] = moments(ends.array).tolist()
    return found


def _contact(
    messages: list[_Message], end: datetime | None
) -> tuple[bool | None, str, int | None, datetime | None]:
    """Did the buyer wait too long, in words too; how many messages; the day of the first one."""
    asked = [message for message in messages if message.sender == "buyer"]
    if end is None or not asked:
        return None, "", len(messages) or None, None
    wait, is_open = max(_waits(messages, end))
    late = wait > ANSWER_TIME
    # An open question is only late once the time for its answer is over.
    waited = late if late or not is_open else None
    return waited, _said(wait, is_open), len(messages), asked[0].day


def _waits(messages: list[_Message], end: datetime) -> Iterator[tuple[timedelta, bool]]:
    """How long each question waited for the next answer, or, still open, until the end."""
    answered = None
    for message in reversed(messages):
        if message.sender == "seller":
            answered = message.at
        elif message.sender == "buyer":
            yield (end if answered is None else answered) - message.at, answered is None


def _said(wait: timedelta, is_open: bool) -> str:
    waited = hours(wait / HOUR)
    if is_open:
        return tr("no answer within {time}", time=waited)
    return tr("buyer waited {time} for an answer", time=waited)
