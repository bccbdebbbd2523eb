"""Contacts: how long the buyer waited for a person's answer before the defect came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from odrlib.categories.parcels import HOUR, hours
from odrlib.categories.records import Records
from odrlib.languages import tr
from odrlib.related import ANSWER_TIME
from odrlib.tables import among, order_days


def contact_signs(cases: pd.DataFrame, records: Records) -> pd.DataFrame:
    """
    The fields `waited` and `messages`, and `first_message` (the day of the buyer's first one).

    Of several messages the one that waited longest counts. A message after the defect says
    nothing, nor does one whose answer was not yet due; answers by a machine are none.
    """
    talks = _talks(records.messages, cases["order_id"], records.timezone)
    ends = _ends(cases["on"], talks, records)
    rows = [
        _contact([message for message in talks.get(order_id, ()) if message.at < end], end)
        for order_id, end in zip(cases["order_id"], ends, strict=True)
    ]
    kinds = {
        "waited": "boolean",
        "waited_says": "str",
        "messages": "float64",
        "first_message": "datetime64[us]",
    }
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return pd.DataFrame(
        {
            name: pd.Series(column, index=cases.index, dtype=kind)
            for (name, kind), column in zip(kinds.items(), columns, strict=True)
        }
    )


class _Message(NamedTuple):
    """When a message was sent, by whom, and its day in the store's time zone."""

    at: pd.Timestamp
    sender: str
    day: pd.Timestamp


def _talks(
    messages: pd.DataFrame | None, order_ids: pd.Series, timezone: str
) -> dict[str, list[_Message]]:
    """
    The messages of each of these orders as they were sent.

    Of a question and an answer of one moment the question stands first: "buyer" before "seller".
    """
    talks: dict[str, list[_Message]] = defaultdict(list)
    if messages is not None:
        mine = among(messages["order_id"], order_ids) & messages["at"].notna()
        rows = messages.loc[mine, ["order_id", "at", "sender"]]
        sender = rows["sender"].astype("str").fillna("").str.strip().str.casefold()
        days = order_days(rows["at"], timezone)
        for order_id, *told in sorted(zip(rows["order_id"], rows["at"], sender, days, strict=True)):
            talks[order_id].append(_Message(*told))
    return talks


def _ends(on: pd.Series, talks: dict[str, list[_Message]], records: Records) -> pd.Series:
    """The end of the day of each defect; of one without a day, of the last day that is known."""
    if records.as_of is not None:
        on = on.fillna(pd.Timestamp(records.as_of))
    last = on.fillna(max((talk[-1].day for talk in talks.values()), default=pd.NaT))
    return (
        (last + pd.Timedelta(days=1))
        .dt.tz_localize(records.timezone, nonexistent="shift_forward", ambiguous=True)
        .dt.tz_convert("UTC")
    )


def _contact(
    messages: list[_Message], end: pd.Timestamp
) -> tuple[bool | None, str, int | None, pd.Timestamp | None]:
    """Did the buyer wait too long, in words too; how many messages; the day of the first one."""
    asked = [message for message in messages if message.sender == "buyer"]
    if not asked:
        return None, "", len(messages) or None, None
    wait, is_open = max(_waits(messages, end))
    late = wait > ANSWER_TIME
    # An open question is only late once the time for its answer is over.
    waited = late if late or not is_open else None
    return waited, _said(wait, is_open), len(messages), asked[0].day


def _waits(messages: list[_Message], end: pd.Timestamp) -> Iterator[tuple[pd.Timedelta, bool]]:
    """How long each question waited for the next answer, or, still open, until the end."""
    answered = None
    for message in reversed(messages):
        if message.sender == "seller":
            answered = message.at
        elif message.sender == "buyer":
            yield (end if answered is None else answered) - message.at, answered is None


def _said(wait: pd.Timedelta, is_open: bool) -> str:
    waited = hours(wait / HOUR)
    if is_open:
        return tr("no answer within {time}", time=waited)
    return tr("buyer waited {time} for an answer", time=waited)
