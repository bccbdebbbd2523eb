"""Contacts: how long the buyer waited for a person's answer before the defect came."""

from __future__ import annotations

import pandas as pd

from odrlib.categories.parcels import HOUR, flags, hours
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
    table = pd.DataFrame(
        {
            "waited": pd.Series(pd.NA, index=cases.index, dtype="boolean"),
            "waited_says": pd.Series("", index=cases.index, dtype="str"),
            "messages": pd.Series(float("nan"), index=cases.index),
            "first_message": pd.Series(pd.NaT, index=cases.index, dtype="datetime64[us]"),
        }
    )
    if records.messages is None or records.messages.empty or cases.empty:
        return table
    before = _before_the_defect(cases, records.messages, records)
    table["messages"] = before["case"].value_counts().reindex(cases.index).astype("float64")
    asked = before[before["sender"].eq("buyer")]
    if asked.empty:
        return table
    table["first_message"] = asked.groupby("case")["day"].min().reindex(cases.index)
    waits = _waits(asked, before[before["sender"].eq("seller")])
    longest = waits.sort_values(["wait", "open"]).drop_duplicates("case", keep="last")
    longest = longest.set_index("case")
    late = longest["wait"] > ANSWER_TIME
    # An open question is only late once the time for its answer is over.
    told = late | ~longest["open"]
    table["waited"] = flags(late, told).reindex(cases.index)
    says = {
        case: _said(wait, is_open)
        for case, wait, is_open in zip(longest.index, longest["wait"], longest["open"], strict=True)
    }
    table["waited_says"] = pd.array([says.get(case, "") for case in cases.index], dtype="str")
    return table


def _before_the_defect(
    cases: pd.DataFrame, messages: pd.DataFrame, records: Records
) -> pd.DataFrame:
    """The messages of each case up to the end of the defect's day: case, sender, at, day, end."""
    mine = messages[among(messages["order_id"], cases["order_id"])]
    rows = cases.reset_index(names="case")[["case", "order_id", "on"]].merge(
        mine[["order_id", "at", "sender"]].astype({"order_id": "str"}), on="order_id"
    )
    rows = rows[rows["at"].notna()]
    rows["sender"] = rows["sender"].astype("str").str.strip().str.casefold()
    rows["day"] = order_days(rows["at"], records.timezone)
    last = rows["on"]
    if records.as_of is not None:
        last = last.fillna(pd.Timestamp(records.as_of))
    last = last.fillna(rows["day"].max())
    rows["end"] = (
        (last + pd.Timedelta(days=1))
        .dt.tz_localize(records.timezone, nonexistent="shift_forward", ambiguous=True)
        .dt.tz_convert("UTC")
    )
    return rows[rows["at"] < rows["end"]].sort_values(["at", "case"], kind="stable")


def _waits(asked: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """How long each question waited for the next answer, or waits until the end of the day."""
    answered = pd.merge_asof(
        asked,
        answers[["case", "at"]].rename(columns={"at": "answered_at"}).sort_values("answered_at"),
        left_on="at",
        right_on="answered_at",
        by="case",
        direction="forward",
    )
    still_open = answered["answered_at"].isna()
    until = answered["answered_at"].fillna(answered["end"])
    return answered.assign(wait=until - answered["at"], open=still_open)[["case", "wait", "open"]]


def _said(wait: pd.Timedelta, is_open: bool) -> str:
    waited = hours(wait / HOUR)
    if is_open:
        return tr("no answer within {time}", time=waited)
    return tr("buyer waited {time} for an answer", time=waited)
