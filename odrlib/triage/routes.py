"""Routes: the ways to take a defect off, as policy/removal.toml has them, and their deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from odrlib import policy
from odrlib.errors import BadParameter
from odrlib.languages import tr


@dataclass(frozen=True)
class Route:
    """
    One way to take a defect off.

    Parameters
    ----------
    id : such as "a_to_z_appeal"
    rank : its place in the file; of two equal ways the first is taken
    name : a code, as `odr status --json` prints it ("A-to-z appeal")
    ground, where : what it rests on, and where to ask; English, for `tr`
    deadline : name of its deadline; empty if it has none
    """

    id: str
    rank: int
    kind: str
    name: str
    ground: str
    deadline: str
    where: str
    source: str
    knowledge: str
    checked: str
    _proof: tuple[str, ...]
    _by_topic: dict[str, tuple[str, ...]]

    def proof(self, topic: str | None = None) -> tuple[str, ...]:
        """What it takes to prove it, for a complaint of that topic where they differ."""
        return tuple(map(tr, self._by_topic.get(topic or "", self._proof)))


@cache
def removal() -> dict[str, Any]:
    """The content of policy/removal.toml."""
    return policy.table("removal")


def _route(name: str, rank: int, row: dict[str, Any]) -> Route:
    return Route(
        id=name,
        rank=rank,
        kind=row["kind"],
        name=row["name"],
        ground=row["ground"],
        deadline=row["deadline"],
        where=row["where"],
        source=row["source"],
        knowledge=row["knowledge"],
        checked=row["checked"],
        _proof=tuple(row["proof"]),
        _by_topic={topic: tuple(lines) for topic, lines in row.get("proof_by_topic", {}).items()},
    )


ROUTES: dict[str, Route] = {
    name: _route(name, rank, row) for rank, (name, row) in enumerate(removal()["routes"].items())
}


def deadline_days(name: str) -> int:
    """
    Calendar days from the event to the last day in time.

    >>> deadline_days("a_to_z_appeal"), deadline_days("chargeback_answer")
    (30, 7)
    """
    deadlines = removal()["deadlines"] | policy.table("targets")["deadlines"]
    days: int = deadlines[name]["days"]
    return days


def last_day(name: str, event: date | None, written: date | None = None) -> date | None:
    """
    The last day that is still in time: the one that the ledger names, else counted from the event.

    >>> last_day("chargeback_answer", date(2026, 3, 1))
    datetime.date(2026, 3, 8)
    """
    if written is not None or event is None:
        return written
    return event + timedelta(days=deadline_days(name))


def local_day(moment: date | datetime, timezone: str) -> date:
    """
    The store's day: a moment is cut in the store's time zone, a day is a day there already.

    >>> from datetime import UTC
    >>> local_day(datetime(2026, 3, 1, 7, 59, tzinfo=UTC), "America/Los_Angeles")
    datetime.date(2026, 2, 28)

    Raises
    ------
    BadParameter for a moment without a time zone
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise BadParameter(
            tr("as-of {moment} is a moment without a time zone; give a day or a zone",
               moment=str(moment))
        )  # fmt: skip
    return moment.astimezone(ZoneInfo(timezone)).date()


def end_of(day: date | None, timezone: str) -> pd.Timestamp | None:
    """The moment at which a day of the store ends, in UTC; midnight itself is too late."""
    if day is None:
        return None
    return pd.Timestamp(day + timedelta(days=1)).tz_localize(timezone).tz_convert("UTC")


def words(table: str, *names: str) -> frozenset[str]:
    """The words of one or several lists of a table, without case."""
    return frozenset(word.casefold() for name in names for word in removal()[table][name])
