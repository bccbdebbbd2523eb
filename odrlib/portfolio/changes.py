"""Changes: what is different from the report before, told in numbers and codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from odrlib.policy import CHANNELS, PROFILES
from odrlib.portfolio.digest import Digest, kinds_of

# Better to worse.
STATUSES = ("under", "unknown", "over")


@dataclass(frozen=True)
class Changes:
    """
    What changed since the report before.

    Parameters
    ----------
    since : as-of day of the report before; empty for a first report, and then all else is empty
    rates : by profile, (orders, defective, rate) of all orders before and now; None for unknown
    crossed : (profile, channel, status before, status now), where the status changed
    new, left : kind of defect -> how many came into the windows and left them; None: not told
    new_orders, left_orders : the same in orders
    causes_new, causes_gone : `where` of the largest causes that came and went
    deadlines_new : how many dates were not there before
    answers_new : outcomes that came in since
    """

    since: str = ""
    made_at: str = ""
    rates: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    crossed: tuple[tuple[str, str, str, str], ...] = ()
    new: dict[str, int] | None = None
    left: dict[str, int] | None = None
    new_orders: int | None = None
    left_orders: int | None = None
    causes_new: tuple[dict[str, Any], ...] = ()
    causes_gone: tuple[dict[str, Any], ...] = ()
    deadlines_new: int = 0
    answers_new: tuple[str, ...] = ()

    @property
    def first(self) -> bool:
        """Is there nothing to compare with?"""
        return not self.since

    @property
    def worse(self) -> tuple[int, float]:
        """How much worse it is, to rank by: a status that got worse, then the rise of a rate."""
        fell = max((_rank(now) - _rank(was) for _, _, was, now in self.crossed), default=0)
        rise = max(
            (
                now["rate"] - was["rate"]
                for was, now in self.rates.values()
                if None not in (now["rate"], was["rate"])
            ),
            default=0.0,
        )
        return max(0, fell), rise

    def as_dict(self) -> dict[str, Any] | None:
        """The changes as `odr portfolio --json` has them; None for a first report."""
        if self.first:
            return None
        return {
            "since": self.since,
            "made_at": self.made_at,
            "rates": {name: {"before": was, "now": now} for name, (was, now) in self.rates.items()},
            "crossed": [
                dict(zip(("profile", "channel", "before", "now"), one, strict=True))
                for one in self.crossed
            ],
            "new_defective_orders": self.new_orders,
            "left_defective_orders": self.left_orders,
            "new_by_kind": self.new,
            "left_by_kind": self.left,
            "causes_new": list(self.causes_new),
            "causes_gone": list(self.causes_gone),
            "deadlines_new": self.deadlines_new,
            "answers_new": list(self.answers_new),
        }


NOTHING = Changes()


def _rank(status: str) -> int:
    return STATUSES.index(status)


def changes(before: Digest | None, now: Digest) -> Changes:
    """What changed from one digest to the next."""
    if before is None:
        return NOTHING
    was, found = before["defects"], now["defects"]
    told = was is not None and found is not None
    came = [mark for mark in found if mark not in was] if told else []
    gone = [mark for mark in was if mark not in found] if told else []
    marks = {row["mark"] for row in before["deadlines"]}
    causes = [[one["where"] for one in each["causes"][:1]] for each in (before, now)]
    answered = len((before["appeals"] or {}).get("answers", ()))
    return Changes(
        since=before["as_of"],
        made_at=before.get("made_at", ""),
        rates={name: (_counts(before, name), _counts(now, name)) for name in PROFILES},
        crossed=tuple(
            (name, channel, old, new)
            for name in PROFILES
            for channel in CHANNELS
            for old, new in [(each["profiles"][name][channel]["status"] for each in (before, now))]
            if old != new
        ),
        new=dict(kinds_of(came, found)) if told else None,
        left=dict(kinds_of(gone, was)) if told else None,
        new_orders=len(came) if told else None,
        left_orders=len(gone) if told else None,
        causes_new=tuple(one for one in causes[1] if one not in causes[0]),
        causes_gone=tuple(one for one in causes[0] if one not in causes[1]),
        deadlines_new=sum(row["mark"] not in marks for row in now["deadlines"]),
        answers_new=tuple(
            one["outcome"] for one in ((now["appeals"] or {}).get("answers", ()))[answered:]
        ),
    )


def _counts(each: Digest, name: str) -> dict[str, Any]:
    part = each["profiles"][name]["all"]
    return {key: part[key] for key in ("orders", "defective", "rate", "status")}
