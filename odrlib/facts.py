"""
Facts: everything a run knows about a store, computed once, and written as files.

Every number that a reader sees in a report stands in `facts.json`; `facts.schema.json` beside this
file describes it. The same input gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import odrlib
from odrlib.answers import answers_dict
from odrlib.breakdown import composition, rate_by
from odrlib.causes import CauseList
from odrlib.checks import check_tables, set_aside
from odrlib.columns import by_day, typed, words
from odrlib.defects import (
    defects_by_order,
    defects_not_counted,
    defects_without_order,
    judged,
    said_of_defects,
)
from odrlib.evidence import (
    Evidence,
    evidence_dict,
    evidence_files,
    evidence_matrix,
    orders_to_prove,
)
from odrlib.exports.columns import rows_at, rows_where
from odrlib.finding import Finding
from odrlib.harmless import as_numbers
from odrlib.headline import PLURAL, Ahead, Headline, headlines, of_channel
from odrlib.inquiry import Inquiry
from odrlib.languages import tr
from odrlib.pace import Forecast, forecast_at_pace
from odrlib.plain import arrays_of, csv_text, json_lines, plain, plain_dict, records
from odrlib.policy import PROFILES, Profile
from odrlib.rates import (
    Window,
    component_rates,
    known_kinds,
    named_profile,
    rolling_rate,
    until,
)
from odrlib.reconciliation import reconcile
from odrlib.related import related_metrics
from odrlib.selections import Selection, recounted, select
from odrlib.store import Store, inventory
from odrlib.triage import (
    QuizState,
    Reversals,
    quiz_state,
    reversals_dict,
    smallest_reversals,
    triage_dict,
)
from odrlib.triage import triage as triage_of
from odrlib.windows import WindowChoice

SCHEMA_VERSION = 1
# What a report breaks the rate down by, in the order of the report.
BREAKDOWNS = (
    "channel", "carrier", "ship_service", "service", "tracked", "sku", "asin", "warehouse",
    "supplier", "country", "state", "sales_channel",
)  # fmt: skip
# What is drawn over time.
OVER_TIME = ("carrier", "sku", "channel")


@dataclass(frozen=True)
class Facts:
    """
    One store on one day, with every table of the report.

    `said` is what every source says of every defect. `verdicts`, `defects` and what follows from
    them are by profile name ("amazon", "brief"); `profile` is the one that charts, causes and
    forecasts follow.
    """

    store: Store
    profile: Profile
    said: pd.DataFrame
    verdicts: Mapping[str, pd.DataFrame]
    defects: Mapping[str, pd.DataFrame]
    windows: Mapping[str, WindowChoice]
    headlines: Mapping[str, Mapping[str, Headline]]

    @property
    def window(self) -> Window:
        """The window of the chosen profile."""
        return self.windows[self.profile.name].window

    @cached_property
    def inside(self) -> pd.DataFrame:
        """The counting orders of the chosen profile's window, with their defects."""
        return self.window.select(self.defects[self.profile.name])

    @cached_property
    def components(self) -> pd.DataFrame:
        """Orders and rate per kind of defect in the window."""
        return component_rates(self.inside)

    @cached_property
    def rolling(self) -> dict[str, pd.DataFrame]:
        """Per profile: the rate of the window ending on each day of the history up to as-of."""
        return {
            name: rolling_rate(until(table, self.store.as_of), name)
            for name, table in self.defects.items()
        }

    @cached_property
    def forecasts(self) -> dict[str, dict[str, Forecast]]:
        """Per profile and channel: when the rate leaves the limit at the recent pace of defects."""
        asked = {"day", "channel", "arrived_on", "defective", "defects"}
        bad = {
            name: rows_where(
                table,
                table["defective"],
                [column for column in table.columns if column in asked],
            )
            for name, table in self.defects.items()
        }
        return {
            name: {
                channel: forecast_at_pace(
                    of_channel(bad[name], channel),
                    line.roll_off,
                    line.profile,
                    as_of=self.store.as_of,
                    status=line.status,
                    unknown=line.unknown,
                )
                for channel, line in lines.items()
            }
            for name, lines in self.headlines.items()
        }

    @cached_property
    def breakdowns(self) -> dict[str, pd.DataFrame]:
        """Per attribute that the files tell: each value's orders, defects and rate."""
        told = dict(arrays_of(self.inside))
        return {
            column: rate_by(self.inside, column)
            for column in BREAKDOWNS
            if column in told and not pd.isna(told[column]).all()
        }

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """What the sources call the defects of the window: `reason`, `defective`, `share` (0-1)."""
        told: Counter[str] = Counter()
        if "reason" in self.inside:
            bad = self.inside.loc[self.inside["defective"], "reason"]
            told.update(bad.fillna("not told"))
        rows = sorted(told.items(), key=lambda row: (-row[1], row[0]))
        counts = pd.DataFrame(
            {
                "reason": pd.Series([reason for reason, _ in rows], dtype="str"),
                "defective": pd.Series([number for _, number in rows], dtype="int64"),
            }
        )
        return counts.assign(share=counts["defective"] / max(1, told.total()))

    @cached_property
    def weekly(self) -> dict[str, pd.DataFrame]:
        """Defects over time: by kind (order and arrival week), carrier, SKU and channel."""
        table = self.defects[self.profile.name]
        table = until(table, self.store.as_of)
        if table.empty or not known_kinds(table):
            return {}
        weeks = {
            "kind": composition(table, "kind", "order_week"),
            "kind_by_arrival": composition(table, "kind", "arrival_week"),
        }
        return weeks | {
            column: composition(table, column, "order_week")
            for column in OVER_TIME
            if column in self.breakdowns
        }

    @cached_property
    def inquiry(self) -> Inquiry:
        """What lies behind the rate: causes, changes, reasons, what is to come, and what if."""
        return Inquiry(
            store=self.store,
            profile=self.profile,
            window=self.window,
            defects=self.defects[self.profile.name],
            judgement=self.verdicts[self.profile.name],
            unknown=self.headlines[self.profile.name]["all"].unknown,
        )

    def following(self, profile: str | Profile) -> Facts:
        """The same store, with charts, causes and forecasts following another profile."""
        chosen = named_profile(profile)
        return self if chosen == self.profile else replace(self, profile=chosen)

    def selected(self, selection: Selection) -> pd.DataFrame:
        """The orders of a selection, with their defects by its profile."""
        defects, described = self._described(selection.profile)
        return select(defects, selection, described)

    def _described(self, profile: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The orders of a profile, and what is known of each."""
        mine = self.following(profile)
        return mine.defects[profile], mine.inquiry.described

    @cached_property
    def noted(self) -> pd.DataFrame:
        """What the analyst noted in the findings ledger, counted then and counted today."""
        return recounted(self.store.notes, cache(self._described))

    @property
    def causes(self) -> CauseList:
        """The ranked root causes of the window."""
        return self.inquiry.causes

    @property
    def causes_table(self) -> pd.DataFrame:
        """The causes as a table, one row each."""
        return self.inquiry.causes_table

    @cached_property
    def reconciliations(self) -> list[Any]:
        """Our counts beside each figure of Amazon's own."""
        if self.store.orders is None:
            return []
        mine = [
            r for r in self.store.performance if r.marketplace == self.store.settings.marketplace
        ]
        return reconcile(
            self.defects["amazon"],
            self.store.orders,
            mine,
            window=self.windows["amazon"].window,
            not_counted=defects_not_counted(self.verdicts["amazon"]),
            without_order=defects_without_order(self.store, self.verdicts["amazon"]),
        )

    @cached_property
    def related(self) -> pd.DataFrame:
        """Late shipment, tracking, cancellation, delivery and answer rates, where data allow."""
        return related_metrics(self.store)

    @cached_property
    def quality(self) -> list[Finding]:
        """Every finding about the input, errors first."""
        return check_tables(self.store, self.said, self.verdicts["amazon"])

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row per file: what it is, rows in it, used and set aside, days covered, hash."""
        return inventory(self.store)

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """Every row that could not be used, and every cell that was left empty."""
        return set_aside(self.store)

    @cached_property
    def defective_orders(self) -> pd.DataFrame:
        """One row per order with a defect in Amazon's profile, newest first, over all history."""
        return defective_orders(self.defects["amazon"], self.windows, self.verdicts["amazon"])

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """The files on hand for each defective order of the window."""
        return evidence_files(self.store, self.inside)

    @cached_property
    def to_prove(self) -> pd.DataFrame:
        """The defective orders that evidence is asked for: of any window, to come, or on hand."""
        first = min(choice.window.first for choice in self.windows.values())
        return orders_to_prove(self.store, self.defects["amazon"], first)

    @cached_property
    def triage(self) -> pd.DataFrame:
        """Whether each defect can be taken off, by which way, with what proof, and until when."""
        name = self.profile.name
        return triage_of(
            self.store,
            self.defects[name],
            self.verdicts[name],
            self.inquiry.classified,
            profile=self.profile,
            window=self.window,
        )

    @cached_property
    def reversals(self) -> Reversals:
        """The smallest set of reversals that brings the store inside the limit."""
        name = self.profile.name
        return smallest_reversals(
            self.defects[name],
            self.triage,
            window=self.window,
            as_of=self.store.as_of,
            profile=self.profile,
            unknown=self.headlines[name]["all"].unknown,
        )

    @property
    def quiz(self) -> QuizState:
        """Whether to look for the quiz that Amazon may offer in place of a plan of action."""
        line = self.headlines[self.profile.name]["all"]
        return quiz_state(self.store.settings.account, line.status)

    @cached_property
    def proof(self) -> Evidence:
        """What the evidence folder proves, cell by cell."""
        return evidence_matrix(
            self.store,
            self.to_prove,
            reasons=self.inquiry.order_reasons,
            judgement=self.verdicts["amazon"],
        )

    def as_dict(self, appeals: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The content of facts.json; `appeals` is what the register says, if it was read."""
        return {
            "schema_version": SCHEMA_VERSION,
            "odrlib": odrlib.__version__,
            **input_dict(self),
            **status_dict(self),
            **triage_part(self),
            "forecast": {
                name: {channel: one.as_dict() for channel, one in lines.items()}
                for name, lines in self.forecasts.items()
            },
            "appeals": plain(appeals),
            **causes_dict(self),
            "components": records(self.components, "kind"),
            "rolling": {name: records(table) for name, table in self.rolling.items()},
            "composition": {
                "by": {name: records(t, "value") for name, t in self.breakdowns.items()},
                "over_time": {name: records(t) for name, t in self.weekly.items()},
                "reasons": records(self.reasons),
            },
            "related": records(self.related),
            "defects": records(self.defective_orders),
            "not_counted": records(defects_not_counted(self.verdicts[self.profile.name])),
            "noted": records(self.noted),
            "evidence": {
                name: part
                for name, part in evidence_dict(self.proof).items()
                if name in ("orders", "findings", "next")
            },
        }


def build_facts(
    store: Store,
    profile: str | Profile = "",
    *,
    orders_per_day: float | None = None,
    new_defects_per_day: float = 0.0,
) -> Facts:
    """
    The facts of a store; each part is computed when it is first asked for.

    Parameters
    ----------
    profile : the profile that charts and forecasts follow; empty for the one in store.toml
    orders_per_day, new_defects_per_day : what the roll-off assumes of the days to come, for all
        channels together; by default the mean of the last 28 known days, and no new defects

    Raises
    ------
    BadParameter for an unknown profile, or an assumption below zero
    """
    chosen = named_profile(profile or store.settings.profile)
    ahead = Ahead(orders_per_day, new_defects_per_day)
    said = said_of_defects(store)
    found = {name: judged(said, name) for name in PROFILES}
    defects = {name: defects_by_order(store, name, found[name]) for name in PROFILES}
    parts = {name: headlines(store, name, defects[name], found[name], ahead) for name in PROFILES}
    return Facts(
        store=store,
        profile=chosen,
        said=said,
        verdicts=found,
        defects=defects,
        windows={name: choice for name, (choice, _) in parts.items()},
        headlines={name: lines for name, (_, lines) in parts.items()},
    )


def status_dict(facts: Facts) -> dict[str, Any]:
    """What `odr status --json` prints: profiles, reconciliation and roll-off."""
    return {
        "profiles": {name: plain_dict(_profile(facts, name)) for name in facts.headlines},
        "reconciliation": [_fields_of(row) for row in facts.reconciliations],
        "roll_off": {name: _roll_off(lines["all"]) for name, lines in facts.headlines.items()},
    }


def _profile(facts: Facts, name: str) -> dict[str, Any]:
    choice = facts.windows[name]
    return {
        "title": PROFILES[name].title,
        "window": {
            "first": choice.window.first,
            "last": choice.window.last,
            "days": choice.window.days,
            "lag_days": choice.lag,
            "reason": choice.reason,
        },
        "days_over_the_limit": _days_over(facts, name),
        **{channel: line.as_dict() for channel, line in facts.headlines[name].items()},
    }


def triage_part(facts: Facts) -> dict[str, Any]:
    """What `odr status --json` prints beside the rates: which defects can be taken off, and how."""
    return {
        "triage": triage_dict(facts.triage),
        "smallest_set": plain_dict(reversals_dict(facts.reversals)),
        "quiz": plain(facts.quiz),
    }


def causes_dict(facts: Facts) -> dict[str, Any]:
    """What `odr causes --json` prints: the ranked causes, or why there is none."""
    return {
        "as_of": plain(facts.store.as_of),
        "profile": facts.profile.name,
        **answers_dict(facts.inquiry),
    }


def input_dict(facts: Facts) -> dict[str, Any]:
    """What `odr inspect --json` prints: files, rows set aside, and every finding."""
    files = [
        row
        | {
            "rows_read": row["rows"],
            "rows_used": row["used"],
            "rows_set_aside": row["set_aside"],
        }
        for row in records(facts.sources)
    ]
    return {
        "store": plain_dict(_store(facts.store)),
        "as_of": plain(facts.store.as_of),
        "as_of_reason": facts.store.as_of_reason,
        "sources": files,
        "set_aside": records(facts.set_aside),
        "quality": [plain_dict(finding.as_dict()) for finding in facts.quality],
    }


def _days_over(facts: Facts, name: str) -> dict[str, Any]:
    """On how many days of the history the rate was over, and since when without a break."""
    days = facts.rolling[name]
    over = days.loc[days["full"], "over"]
    last_under = over.index[~over.to_numpy()]
    tail = over.loc[last_under[-1] :].iloc[1:] if len(last_under) else over
    return {
        "days": int(over.sum()),
        "of": len(over),
        "in_a_row": len(tail),
        "since": tail.index[0].date() if len(tail) else None,
    }


def _roll_off(line: Headline) -> dict[str, Any] | None:
    if line.roll_off is None:
        return None
    return {
        "back_under_limit_on": plain(line.roll_off.back_under_limit_on),
        "breach_on": plain(line.roll_off.breach_on),
        "assumptions": list(line.roll_off.assumptions),
        "calendar": records(line.roll_off.calendar),
    }


def _store(store: Store) -> dict[str, Any]:
    settings = store.settings
    return {
        "id": settings.id,
        "name": settings.name,
        "seller_id": settings.seller_id,
        "marketplace": settings.marketplace,
        "timezone": settings.timezone,
        "language": settings.language,
        "categories": list(settings.categories),
        "client": settings.client,
        "account": dict(settings.account),
        "unknown": [PLURAL[kind] for kind in store.unknown],
    }


def defective_orders(
    defects: pd.DataFrame, windows: Mapping[str, WindowChoice], judgement: pd.DataFrame
) -> pd.DataFrame:
    """The defective orders with all that is known of each (no buyer data), newest first."""
    kept = [
        "order_id", "day", "channel", *known_kinds(defects), "reason", "arrived_on", "sku", "asin",
        "title", "quantity", "value", "currency", "country", "state", "service", "carrier",
        "ship_service", "tracking_number", "tracked", "warehouse", "supplier", "promised_ship",
        "shipped_at", "first_scan_at", "promised_delivery", "delivered_at", "tracking_state",
    ]  # fmt: skip
    rows = by_day(defects, np.flatnonzero(defects["defective"]), newest=True)
    out = rows_at(defects, rows, [name for name in kept if name in defects])
    sources = _sources(judgement)
    out["sources"] = typed([sources.get(name) for name in words(out["order_id"].array)], "str")
    for name, choice in windows.items():
        out[f"in_{name}_window"] = choice.window.holds(out["day"])
    return out


def _sources(judgement: pd.DataFrame) -> dict[str, str]:
    """Order id → the sources of its defects that count."""
    found: dict[str, set[str]] = {}
    counting = judgement["counts"].to_numpy(bool)
    rows = zip(judgement["order_id"][counting], judgement["sources"][counting], strict=True)
    for order_id, names in rows:
        found.setdefault(order_id, set()).update(names.split(", "))
    return {order_id: ", ".join(sorted(names)) for order_id, names in found.items()}


def _fields_of(row: Any) -> dict[str, Any]:
    return plain_dict({field.name: getattr(row, field.name) for field in fields(row)})


def facts_json(facts: Facts, appeals: Mapping[str, Any] | None = None) -> str:
    """The text of facts.json: UTF-8, one space of indent, the same bytes for the same input."""
    return as_numbers(json_lines(facts.as_dict(appeals))) + "\n"


def facts_schema() -> dict[str, Any]:
    """The JSON Schema of facts.json."""
    text = files("odrlib").joinpath("facts.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def write_facts(
    facts: Facts, out: str | Path, appeals: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """
    Write facts.json, defects.csv, causes.csv and evidence.csv into `out`.

    `appeals` is what the register of appeals says (`odrlib.appeal.agenda`), which comes after us.

    Returns one row per file: file, rows, what it holds.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        ("facts.json", facts_json(facts, appeals), 1, tr("every number of the report")),
        ("defects.csv", csv_text(facts.defective_orders), len(facts.defective_orders),
         tr("every defective order of the history")),
        ("causes.csv", csv_text(_with_ids(facts)), len(facts.causes),
         tr("the root causes with orders")),
        ("categories.csv", csv_text(facts.inquiry.categorised), len(facts.inquiry.categorised),
         tr("the root-cause category of every defect of the window")),
        ("evidence.csv", csv_text(facts.proof.cells), len(facts.proof.cells),
         tr("what the evidence folder proves, per defective order and class")),
    ]  # fmt: skip
    for name, text, _, _ in written:
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    return pd.DataFrame(
        [(name, rows, what) for name, _, rows, what in written], columns=["file", "rows", "holds"]
    )


def _with_ids(facts: Facts) -> pd.DataFrame:
    return facts.causes_table.assign(
        order_ids=[" ".join(map(str, c.order_ids)) for c in facts.causes]
    )
