"""Gather: every store that has reports in one folder, side by side, the worst first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.portfolio.alerts import USUAL, Alert, Thresholds, alerts
from odrlib.portfolio.digest import report_folders
from odrlib.portfolio.failures import read_failures
from odrlib.portfolio.operators import Operator, operators
from odrlib.portfolio.row import Row, failed_row, store_row, with_failure
from odrlib.portfolio.shared import Shared, shared_causes

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Portfolio:
    """
    All stores of one folder of reports.

    `rows` are sorted, the worst first; `today` is the day of whoever looks.
    """

    rows: tuple[Row, ...]
    today: date
    thresholds: Thresholds = USUAL

    @cached_property
    def counts(self) -> dict[str, int]:
        """The first line in numbers."""
        status = Counter(row.status for row in self.rows)
        return {
            "stores": len(self.rows),
            **{name: status.get(name, 0) for name in ("over", "unknown", "under")},
            "failed": sum(row.failure is not None for row in self.rows),
            "stale": sum("stale" in row.doubts for row in self.rows),
            "near": sum(self.is_near(row) for row in self.rows),
            "deadlines_soon": sum(row.soon for row in self.rows),
            "commitments_overdue": sum(row.overdue for row in self.rows),
        }

    @cached_property
    def alerts(self) -> list[Alert]:
        """Which stores want attention, and why."""
        return alerts(self.rows, self.thresholds)

    @cached_property
    def shared(self) -> list[Shared]:
        """What causes of several stores have in common."""
        return shared_causes(self.rows)

    @cached_property
    def operators(self) -> list[Operator]:
        """Stores that belong together."""
        return operators(self.rows)

    def is_near(self, row: Row) -> bool:
        """Is a store inside the limit at one of the thresholds?"""
        return row.status == "under" and any(
            alert.reached for alert in alerts([row], self.thresholds)
        )

    def as_dict(self) -> dict[str, Any]:
        """What `odr portfolio --json` prints; portfolio.schema.json describes it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "today": self.today.isoformat(),
            "thresholds": {"spare": self.thresholds.spare, "days": self.thresholds.days},
            "counts": self.counts,
            "alerts": [alert.as_dict() for alert in self.alerts],
            "stores": [row.as_dict() for row in self.rows],
            "shared_causes": [one.as_dict() for one in self.shared],
            "operators": [one.as_dict() for one in self.operators],
        }


def portfolio(
    out: str | Path = "reports",
    *,
    as_of: date | None = None,
    today: date | None = None,
    now: datetime | None = None,
    stores: Collection[str] = (),
    client: str = "",
    chosen: Mapping[str, str] | None = None,
    thresholds: Thresholds = USUAL,
) -> Portfolio:
    """
    The stores whose reports lie in `out`, each by its newest report.

    Parameters
    ----------
    as_of : look at no report of a later as-of day
    today : the day from which days are counted; by default each store's own day at `now`
    now : the moment it is; by default the clock's
    stores, client : only these ids, and only the stores of this client
    chosen : store id -> as-of day of the report to take in place of the newest

    Raises
    ------
    BadParameter : no report and no failure is there, or a named store has neither
    """
    folder = Path(out)
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    failures = {one.id: one for one in read_failures(folder)}
    rows = []
    for reports in _stores(folder):
        wanted = (chosen or {}).get(reports.name)
        days = [
            one for one in report_folders(reports)
            if (wanted or one.name) == one.name and (as_of is None or one.name <= str(as_of))
        ]  # fmt: skip
        if days:
            row = store_row(days[0], folder, now=moment, today=today)
            failure = failures.pop(row.id, None)
            # A report made after it has mended it.
            if failure is not None and failure.at >= row.made_at:
                row = with_failure(row, failure)
            rows.append(row)
    rows += [failed_row(one, now=moment, today=today) for one in failures.values()]
    _check(rows, folder, stores, client)
    kept = [
        row for row in rows
        if (not stores or row.id in stores)
        and (not client or row.client.strip().casefold() == client.strip().casefold())
    ]  # fmt: skip
    kept.sort(key=lambda row: row.order)
    return Portfolio(tuple(kept), today or moment.astimezone().date(), thresholds)


def _stores(out: Path) -> list[Path]:
    if not out.is_dir():
        return []
    found = (one for one in out.iterdir() if one.is_dir() and not one.name.startswith("."))
    return sorted(found)


def _check(rows: list[Row], out: Path, stores: Collection[str], client: str) -> None:
    if not rows:
        raise BadParameter(tr("{out}: no report in it; `odr report STORE… --out {out}` makes some",
                              out=out))  # fmt: skip
    known = {row.id for row in rows}
    lacking = [one for one in stores if one not in known]
    if lacking:
        raise BadParameter(tr("{out}: no report of {stores}; there are reports of {known}",
                              out=out, stores=", ".join(lacking),
                              known=", ".join(sorted(known))))  # fmt: skip
    clients = {row.client.strip() for row in rows} - {""}
    if client and client.strip().casefold() not in {one.casefold() for one in clients}:
        raise BadParameter(
            tr("{out}: no store of the client {client!r}; `client` in store.toml names it; there "
               "are {known}", out=out, client=client,
               known=", ".join(sorted(clients)) or tr("none yet"))
        )  # fmt: skip


def portfolio_schema() -> dict[str, Any]:
    """The JSON Schema of what `odr portfolio --json` prints."""
    text = files(__package__).joinpath("portfolio.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def portfolio_table(found: Portfolio) -> pd.DataFrame:
    """
    One row per store, the worst first: what is compared, in codes and numbers.

    Columns: store, name, client, status, doubts, as_of, days_since, rate_amazon, rate_brief, spare,
    breach_on, days_to_breach, next_deadline, deadlines_soon, evidence_open (defective orders with a
    cell that is not closed), commitments_overdue, failed, since.
    """
    import pandas as pd

    columns = [
        "store", "name", "client", "status", "doubts", "as_of", "days_since", "rate_amazon",
        "rate_brief", "spare", "breach_on", "days_to_breach", "next_deadline", "deadlines_soon",
        "evidence_open", "commitments_overdue", "failed", "since",
    ]  # fmt: skip
    rows = [
        (
            row.id,
            row.name,
            row.client,
            row.status,
            " ".join(row.doubts),
            row.as_of,
            row.days_since,
            *((row.profiles.get(p) or {}).get("all", {}).get("rate") for p in ("amazon", "brief")),
            row.spare,
            row.breach_on,
            row.days_to_breach,
            row.open_deadlines[0].due if row.open_deadlines else None,
            row.soon,
            row.evidence and row.evidence["orders_open"],
            row.overdue if row.appeals is not None else None,
            row.failure is not None,
            row.changes.since,
        )
        for row in found.rows
    ]
    return pd.DataFrame(rows, columns=columns)
