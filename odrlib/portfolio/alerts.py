"""
Alerts: which stores want somebody's attention, for a scheduler that reads an exit code.

The thresholds are ours (policy/portfolio.toml); Amazon publishes none. A store that cannot be
judged is an alert too: silence must never mean that nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from odrlib.policy import table
from odrlib.portfolio.row import Row

QUIET, WARNED, BLIND = 0, 4, 5
# Codes that say a threshold was reached; the others say that a store cannot be judged.
REACHED = ("over", "spare", "breach")


@dataclass(frozen=True)
class Thresholds:
    """At most so many spare defects, or a forecast breach within so many days; -1 for never."""

    spare: int = table("portfolio")["warn_spare"]["value"]
    days: int = table("portfolio")["warn_days"]["value"]


USUAL = Thresholds()


@dataclass(frozen=True)
class Alert:
    """
    One reason to look at a store.

    `code`: "over" (the limit), "spare", "breach"; or "failed", "unreadable", "stale", "clock",
    "unknown" where it cannot be judged. `number` is the spare defects or the days.
    """

    store: str
    code: str
    number: int | None = None

    @property
    def reached(self) -> bool:
        """Was a threshold reached, in place of a store that cannot be judged?"""
        return self.code in REACHED

    def as_dict(self) -> dict[str, Any]:
        """The alert as JSON."""
        return {
            "store": self.store,
            "code": self.code,
            "number": self.number,
            "reached": self.reached,
        }


def alerts(rows: Iterable[Row], thresholds: Thresholds = USUAL) -> list[Alert]:
    """Every alert, in the order of the stores."""
    return [alert for row in rows for alert in _of(row, thresholds)]


def _of(row: Row, thresholds: Thresholds) -> list[Alert]:
    found = [Alert(row.id, code) for code in row.doubts]
    if row.told == "over":
        return [Alert(row.id, "over"), *found]
    if row.told == "unknown":
        return found or [Alert(row.id, "unknown")]
    if row.spare is None:
        found.append(Alert(row.id, "unknown"))
    elif row.spare <= thresholds.spare:
        found.append(Alert(row.id, "spare", row.spare))
    days = row.days_to_breach
    if days is not None and days <= thresholds.days:
        found.append(Alert(row.id, "breach", days))
    return found


def exit_code(found: Iterable[Alert]) -> int:
    """
    What a command ends with: 4 if a threshold was reached, else 5 if a store cannot be judged.

    >>> exit_code([]), exit_code([Alert("a", "stale")]), exit_code([Alert("a", "stale"),
    ...                                                             Alert("b", "spare", 1)])
    (0, 5, 4)
    """
    codes = [alert.reached for alert in found]
    return WARNED if any(codes) else BLIND if codes else QUIET
