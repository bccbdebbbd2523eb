"""Row: one store as it stands today, from its newest report and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odrlib.policy import CHANNELS, PROFILES, table
from odrlib.portfolio.changes import NOTHING, Changes, changes
from odrlib.portfolio.digest import PAGE, Digest, read_digest
from odrlib.portfolio.failures import Failure

RULES = table("portfolio")
# Worst first: what cannot be told stands before what is known to be inside.
RANK = {"over": 0, "unknown": 1, "under": 2}
# Dates of the register that are no deadline of ours with Amazon.
PROMISE, EXPECTED = "commitment", "answer expected"


@dataclass(frozen=True)
class Deadline:
    """Something with a last day: `what` is a route, "account", or what the register calls it."""

    what: str
    kind: str
    due: date
    days_left: int

    def as_dict(self) -> dict[str, Any]:
        """The deadline as JSON."""
        return {
            "what": self.what,
            "kind": self.kind,
            "due": self.due.isoformat(),
            "days_left": self.days_left,
        }


@dataclass(frozen=True)
class Row:
    """
    One store.

    Parameters
    ----------
    report : the page, relative to the folder of the reports; empty if there is none
    as_of : last day of the data; None without a report
    days_since : whole days from as-of to today; None where the clock cannot be right
    told : what the report says: over, unknown or under, the worst of rules and channels
    doubts : why that does not hold for today, in codes: "failed" (a later report could not be
        made), "unreadable", "stale", "clock"; with any of them `status` is unknown
    spare : spare defects by Amazon's rule, of the channel with the fewest; None if not known
    forecast : by Amazon's rule, of the channel that leaves the limit first
    deadlines : of ours with Amazon, the passed ones included; `promises` and `expected` likewise
    """

    id: str
    name: str
    today: date
    client: str = ""
    seller_id: str = ""
    marketplace: str = ""
    language: str = ""
    report: str = ""
    as_of: date | None = None
    made_at: str = ""
    days_since: int | None = None
    told: str = "unknown"
    doubts: tuple[str, ...] = ()
    profile: str = "amazon"
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    spare: int | None = None
    spare_channel: str = "all"
    forecast: Mapping[str, Any] = field(default_factory=dict)
    forecast_channel: str = "all"
    deadlines: tuple[Deadline, ...] = ()
    promises: tuple[Deadline, ...] = ()
    expected: tuple[Deadline, ...] = ()
    evidence: Mapping[str, int] | None = None
    appeals: Mapping[str, Any] | None = None
    account: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[Mapping[str, Any], ...] = ()
    shares: Mapping[str, Mapping[str, list[int]]] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    orders_last: date | None = None
    behind: tuple[tuple[str, date, int], ...] = ()
    missing: tuple[str, ...] = ()
    errors: int = 0
    changes: Changes = NOTHING
    failure: Failure | None = None

    @property
    def status(self) -> str:
        """
        Where the store stands today: what the report says, unless something speaks against it.

        Old data clear nobody, but a store that was over is still worth a call.
        """
        if self.told == "over" and not {"failed", "unreadable"} & set(self.doubts):
            return "over"
        return "unknown" if self.doubts else self.told

    @property
    def open_deadlines(self) -> tuple[Deadline, ...]:
        """The deadlines that have not passed, the next first."""
        return tuple(one for one in self.deadlines if one.days_left >= 0)

    @property
    def passed(self) -> tuple[Deadline, ...]:
        """The deadlines that passed after the report was made."""
        return tuple(one for one in self.deadlines if one.days_left < 0)

    @property
    def soon(self) -> int:
        """How many deadlines there are within the next days that count as soon."""
        return sum(one.days_left <= RULES["deadline_days"]["value"] for one in self.open_deadlines)

    @property
    def overdue(self) -> int:
        """How many promises are late."""
        return sum(one.days_left < 0 for one in self.promises)

    @property
    def breach_on(self) -> date | None:
        """The forecast first day over the limit."""
        return _day(self.forecast.get("breach_on"))

    @property
    def days_to_breach(self) -> int | None:
        """Days from today to the forecast breach; 0 where it is over or that day has come."""
        if self.told == "over" or self.forecast.get("state") == "over":
            return 0
        return max(0, (self.breach_on - self.today).days) if self.breach_on else None

    def channels_over(self, profile: str) -> list[str]:
        """The channels over the limit that the total of this rule does not show."""
        parts = self.profiles.get(profile) or {}
        if not parts or parts["all"]["status"] == "over":
            return []
        return [name for name in CHANNELS[1:] if parts[name]["status"] == "over"]

    @property
    def worst_rate(self) -> float:
        """The highest rate among rules and channels over the limit; 0 if none is."""
        rates = (
            part["rate"]
            for parts in self.profiles.values()
            for part in parts.values()
            if part["status"] == "over"
        )
        return max(filter(None, rates), default=0.0)

    @property
    def order(self) -> tuple[Any, ...]:
        """
        What stores are sorted by, the worst first.

        Over the limit by the highest rate; then unknown, those last seen over first and failed ones
        before the others; then inside the limit by spare defects, forecast breach, next deadline.
        """
        deadline = self.open_deadlines[0].due if self.open_deadlines else date.max
        return (
            RANK[self.status],
            RANK[self.told],
            not {"failed", "unreadable"} & set(self.doubts),
            -self.worst_rate if self.told == "over" else 0,
            10**9 if self.spare is None else self.spare,
            self.breach_on or date.max,
            deadline,
            self.id.casefold(),
            self.id,
        )

    def as_dict(self) -> dict[str, Any]:
        """The store as `odr portfolio --json` has it; no order id is in it."""
        return {
            "id": self.id,
            "name": self.name,
            "client": self.client,
            "marketplace": self.marketplace,
            "report": self.report,
            "as_of": self.as_of and self.as_of.isoformat(),
            "made_at": self.made_at,
            "today": self.today.isoformat(),
            "status": self.status,
            "status_of_report": self.told,
            "doubts": list(self.doubts),
            "profiles": {name: dict(parts) for name, parts in self.profiles.items()},
            "spare_defects": self.spare,
            "spare_channel": self.spare_channel,
            "forecast": dict(self.forecast) or None,
            "forecast_channel": self.forecast_channel,
            "days_to_breach": self.days_to_breach,
            "next_deadline": next((one.as_dict() for one in self.open_deadlines), None),
            "deadlines": [one.as_dict() for one in self.open_deadlines],
            "deadlines_soon": self.soon,
            "deadlines_passed": len(self.passed),
            "evidence": self.evidence and dict(self.evidence),
            "commitments": {
                "known": self.appeals is not None,
                "open": len(self.promises),
                "overdue": self.overdue,
                "due": [one.as_dict() for one in self.promises],
            },
            "answers_expected": [one.as_dict() for one in self.expected],
            "freshness": {
                "orders_last": self.orders_last and self.orders_last.isoformat(),
                "days_since": self.days_since,
                "missing": list(self.missing),
                "behind": [
                    {"export": name, "last": last.isoformat(), "days": days}
                    for name, last, days in self.behind
                ],
                "errors": self.errors,
            },
            "causes": [dict(one) for one in self.causes[:1]],
            "changes": self.changes.as_dict(),
            "failure": self.failure and {
                "error": self.failure.error,
                "at": self.failure.at,
                "notebook": self.failure.notebook,
            },
        }  # fmt: skip


def store_row(
    report: Path, out: Path, *, now: datetime, today: date | None = None, stale: int = 0
) -> Row:
    """
    The row of the store whose report lies in the folder `report`.

    Parameters
    ----------
    out : the folder of all reports
    now : the clock's moment; each store counts days in its own time zone
    today : the day to count from, in place of the clock's
    stale : days after which the data say nothing of today; by default the policy's
    """
    name = report.parent.name
    try:
        found, before = read_digest(report)
        return _row(found, before, report.relative_to(out), now, today, stale)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        link = (report.relative_to(out) / PAGE).as_posix() if (report / PAGE).is_file() else ""
        day = today or now.astimezone().date()
        return Row(name, name, day, report=link, as_of=_day(report.name), doubts=("unreadable",))


def failed_row(failure: Failure, *, now: datetime, today: date | None = None) -> Row:
    """The row of a store that has no report, because it could not be made."""
    day = today or now.astimezone().date()
    return Row(failure.id, failure.name, day, doubts=("failed",), failure=failure)


def with_failure(row: Row, failure: Failure) -> Row:
    """The row of a store whose last report stands, and a later one could not be made."""
    return replace(row, doubts=("failed", *row.doubts), failure=failure)


def _row(
    found: Digest,
    before: Digest | None,
    place: Path,
    now: datetime,
    given: date | None,
    stale: int,
) -> Row:
    store = found["store"]
    as_of = date.fromisoformat(found["as_of"])
    today = given or _local(now, store["timezone"])
    # A day ahead is a time zone; more is a clock that is wrong, and days are counted from the data.
    ahead = as_of > today + timedelta(days=1)
    ahead |= not given and found["made_at"] > (now + timedelta(days=1)).isoformat()
    today = max(today, as_of)
    since = None if ahead else (today - as_of).days
    doubts = ["clock"] if ahead else []
    if since is not None and since > (stale or RULES["stale_days"]["value"]):
        doubts.append("stale")
    dates = [
        Deadline(row["what"], row["kind"], day, (day - today).days)
        for row in found["deadlines"]
        for day in [date.fromisoformat(row["due"])]
    ]
    spare, spare_channel = _spare(found["profiles"]["amazon"])
    forecast, forecast_channel = _forecast((found["forecast"] or {}).get("amazon") or {})
    last = max((_day(row["last"]) or date.min for row in found["sources"] if row["orders"]),
               default=date.min)  # fmt: skip
    return Row(
        id=place.parts[0],
        name=store["name"] or place.parts[0],
        today=today,
        client=store["client"],
        seller_id=store["seller_id"],
        marketplace=store["marketplace"],
        language=store["language"],
        report=(place / PAGE).as_posix(),
        as_of=as_of,
        made_at=found["made_at"],
        days_since=since,
        told=_told(found["profiles"]),
        doubts=tuple(doubts),
        profile=found["profile"],
        profiles=found["profiles"],
        spare=spare,
        spare_channel=spare_channel,
        forecast=forecast,
        forecast_channel=forecast_channel,
        deadlines=tuple(one for one in dates if one.what not in (PROMISE, EXPECTED)),
        promises=tuple(one for one in dates if one.what == PROMISE),
        expected=tuple(one for one in dates if one.what == EXPECTED),
        evidence=found["evidence"],
        appeals=found["appeals"],
        account=store["account"],
        causes=tuple(found["causes"]),
        shares=found["shares"],
        sources=tuple(found["sources"]),
        orders_last=last if last > date.min else None,
        behind=_behind(found["sources"], last),
        missing=tuple(found["missing"]),
        errors=found["errors"],
        changes=changes(before, found),
    )


def _local(now: datetime, timezone: str) -> date:
    try:
        return now.astimezone(ZoneInfo(timezone or "UTC")).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.date()


def _told(profiles: Mapping[str, Any]) -> str:
    """The worst of both rules; Amazon counts channels apart, so one over is a store over."""
    every = [part["status"] for parts in profiles.values() for part in parts.values()]
    if "over" in every:
        return "over"
    return min((str(profiles[name]["all"]["status"]) for name in PROFILES), key=RANK.__getitem__)


def _spare(parts: Mapping[str, Any]) -> tuple[int | None, str]:
    """The fewest spare defects of the channels that have orders, and which channel that is."""
    if parts["all"]["status"] == "unknown":
        return None, "all"
    known = [
        (parts[name]["spare_defects"], name)
        for name in CHANNELS
        if parts[name]["orders"] and parts[name]["spare_defects"] is not None
    ]
    return min(known, key=lambda one: one[0], default=(None, "all"))


def _forecast(parts: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The forecast of the channel that leaves the limit first; of all orders where none does."""
    if not parts:
        return {}, "all"
    over = [name for name in CHANNELS if parts[name]["state"] == "over"]
    days = [name for name in CHANNELS if parts[name]["state"] == "breach"]
    worst = over or sorted(days, key=lambda name: parts[name]["breach_on"]) or ["all"]
    return parts[worst[0]], worst[0]


def _behind(sources: list[dict[str, Any]], last: date) -> tuple[tuple[str, date, int], ...]:
    """The kinds of file whose last row lies long before the last order: name, last day, days."""
    limit = RULES["behind_days"]["value"]
    dated = [
        (row["export"], day)
        for row in sources
        if (day := _day(row["last"])) and not row["export"].startswith(("ledger_", "exempted"))
    ]
    found = [(name, day, (last - day).days) for name, day in dated if (last - day).days > limit]
    return tuple(sorted(found, key=lambda one: -one[2]))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
