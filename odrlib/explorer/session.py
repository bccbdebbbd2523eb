"""A session: one store, what is selected of it, and every answer about that, without any widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from odrlib.causes import CauseList, find_causes
from odrlib.causes.attributes import telling
from odrlib.evidence import timeline
from odrlib.evidence.rules import CLASSES
from odrlib.explorer import imagine
from odrlib.explorer.history import History
from odrlib.explorer.imagine import Imagined
from odrlib.facts import Facts
from odrlib.policy import KINDS, PROFILES
from odrlib.rates import Rate
from odrlib.selections import ANY, Bar, Counts, Cube, Selection, cube, selection_code

ORDERS = 50  # defective orders that are listed
RANKED = 8  # suspects of the quick ranking
DEPTH = 3  # attributes in one cause, as everywhere
SHOWN = ("sku", "carrier", "reason")
KEPT = ("order_id", "day", "channel", "defective", "defects", *KINDS, *SHOWN)


@dataclass(frozen=True)
class Trend:
    """Each day of the history: orders and defects of the slice, the rate of the window there."""

    days: pd.DatetimeIndex
    orders: np.ndarray
    defective: np.ndarray
    rate: np.ndarray


class Session:
    """What is selected in a store, and the answers about it."""

    def __init__(self, facts: Facts) -> None:
        self._facts: dict[str, Facts] = {facts.profile.name: facts}
        self._cubes: dict[str, Cube] = {}
        self._tables: dict[str, pd.DataFrame] = {}
        self.store = facts.store
        self._first_profile = facts.profile.name
        self.history = History.beginning(self._whole(facts.profile.name))

    # -- what is selected ---------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is selected now."""
        return self.history.now

    def choose(self, **changes: Any) -> None:
        """Select with some fields changed; another profile brings its own window along."""
        now = self.selection
        if changes.get("profile", now.profile) != now.profile:
            whole = self._whole(changes["profile"])
            changes = {"first": whole.first, "last": whole.last} | changes
            if changes.get("kind", now.kind) not in self.kinds(changes["profile"]):
                changes["kind"] = ANY
        asked = replace(now, **changes)
        self.history = self.history.then(replace(asked, last=max(asked.first, asked.last)))

    def toggle(self, column: str, value: str | None) -> None:
        """Filter by a value, or no longer, if it is filtered by already."""
        now = self.selection
        if column == "channel":
            both = now.channel == value or value is None
            self.choose(channel="all" if both else value)
        elif column in now.where and now.where[column] == value:
            self.choose(where=now.without(column).where)
        else:
            self.choose(where=now.having(column, value).where)

    def narrow(self, where: Mapping[str, Any]) -> None:
        """Filter by several values at once."""
        channel = where.get("channel", self.selection.channel)
        rest = {column: value for column, value in where.items() if column != "channel"}
        self.choose(channel=channel, where=dict(self.selection.where) | rest)

    def drop(self, column: str) -> None:
        """Take one condition off; "channel", "kind" and "days" go back to the whole."""
        whole = self._whole(self.selection.profile)
        if column == "days":
            self.choose(first=whole.first, last=whole.last)
        elif column in ("channel", "kind"):
            self.choose(**{column: getattr(whole, column)})
        else:
            self.choose(where=self.selection.without(column).where)

    @property
    def conditions(self) -> dict[str, str | None]:
        """All that differs from the whole: conditions by column, with channel, kind and days."""
        now, whole = self.selection, self._whole(self.selection.profile)
        own: dict[str, str | None] = {}
        if (now.first, now.last) != (whole.first, whole.last):
            own["days"] = f"{now.first} – {now.last}"
        for name in ("channel", "kind"):
            if getattr(now, name) != getattr(whole, name):
                own[name] = getattr(now, name)
        return own | dict(now.where)

    def _whole(self, profile: str) -> Selection:
        window = self._facts_of(profile).window
        return Selection(profile, window.first, window.last)

    def windows(self) -> dict[str, tuple[date, date]]:
        """The windows that can be chosen by name: the rule's, the one before, and others."""
        whole = self._whole(self.selection.profile)
        before = whole.window.shifted(-whole.window.days)
        first, last = self.span
        month = max(first, last - timedelta(days=29))
        return {
            "rule": (whole.first, whole.last),
            "before": (before.first, before.last),
            "newest": (month, last),
            "all": (first, last),
        }

    # -- what it is counted from --------------------------------------------------------------

    def _facts_of(self, profile: str) -> Facts:
        if profile not in self._facts:
            self._facts[profile] = self._facts[self._first_profile].following(profile)
        return self._facts[profile]

    @property
    def facts(self) -> Facts:
        """The facts, following the profile that is selected."""
        return self._facts_of(self.selection.profile)

    def _table(self, profile: str) -> pd.DataFrame:
        """The orders that are known: up to as-of, or to the end of Amazon's own window."""
        if profile not in self._tables:
            facts = self._facts_of(profile)
            last = max(self.store.as_of, facts.window.last)
            whole = facts.defects[profile]
            # A click takes rows of it, so it holds only what is shown of them.
            table = whole[[name for name in KEPT if name in whole]]
            late = table["day"] > pd.Timestamp(last)
            self._tables[profile] = table[~late] if late.any() else table
        return self._tables[profile]

    @property
    def cube(self) -> Cube:
        """The orders of the selected profile as codes."""
        profile = self.selection.profile
        if profile not in self._cubes:
            table = self._table(profile)
            described = self.facts.inquiry.described if len(table) else table[[]]
            if len(described) != len(table):
                described = described.loc[table.index]
            self._cubes[profile] = cube(table, described, profile)
        return self._cubes[profile]

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day that can be selected."""
        whole = self._whole(self.selection.profile)
        if not len(self.cube):
            return whole.first, whole.last
        first = self.cube.first.date()
        last = (self.cube.first + pd.Timedelta(days=self.cube.length - 1)).date()
        return min(first, whole.first), max(last, whole.last)

    @property
    def attributes(self) -> list[str]:
        """The attributes that bars can be drawn by."""
        return list(self.cube.codes)

    def kinds(self, profile: str = "") -> tuple[str, ...]:
        """The kinds of defect that can be looked at: any, and those that a file tells."""
        known = self._facts_of(profile or self.selection.profile)
        columns = known.defects[known.profile.name].columns
        return (ANY, *(kind for kind in KINDS if kind in columns))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Kinds that are not told for every order, of those that are looked at."""
        told = self.facts.inquiry.unknown
        kind = self.selection.kind
        return told if kind == ANY else tuple(name for name in told if name == kind)

    # -- answers ------------------------------------------------------------------------------

    def rate(self) -> Rate:
        """The rate of the selection."""
        return self._rate(self.cube.counts(self.selection))

    def rest(self) -> Rate:
        """The rate of all other orders of the same days."""
        mine, whole = self.cube.counts(self.selection), self.cube.business(self.selection)
        return self._rate(Counts(whole.orders - mine.orders, whole.defective - mine.defective))

    def before(self) -> tuple[Selection, Rate] | None:
        """The same on as many days just before; None where the files do not reach back so far."""
        now = self.selection
        days = now.window.shifted(-now.window.days)
        if days.first < self.span[0] or not len(self.cube):
            return None
        then = replace(now, first=days.first, last=days.last)
        return then, self._rate(self.cube.counts(then))

    def _rate(self, counts: Counts) -> Rate:
        return Rate(counts.defective, counts.orders, self.unknown)

    def trend(self) -> Trend:
        """The slice over all days of the history."""
        orders, bad = self.cube.trend(self.selection)
        days = PROFILES[self.selection.profile].days
        many, defects = _last_days(orders, days), _last_days(bad, days)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(many > 0, defects / many, np.nan)
        index = pd.date_range(self.cube.first, periods=self.cube.length, freq="D")
        return Trend(index, orders, bad, rate)

    def bars(self, column: str) -> list[Bar]:
        """Each value of an attribute, the largest excess first."""
        return self.cube.bars(self.selection, column)

    def quick(self) -> list[Bar]:
        """The suspects one attribute at a time, at once."""
        return self.cube.ranked(self.selection)[:RANKED]

    def causes(self, selection: Selection) -> CauseList:
        """The causes of a selection by the full search, which takes its time."""
        table = self._rows(selection)
        if selection.kind != ANY:
            table = table.assign(defective=table[selection.kind].astype(bool))
        described = self._facts_of(selection.profile).inquiry.described
        searched = telling(table, described)
        return find_causes(
            searched.drop(columns=[*selection.slice], errors="ignore"), max_depth=DEPTH
        )

    def _rows(self, selection: Selection) -> pd.DataFrame:
        places = self.cube.places[self.cube.rows(selection)]
        return self._table(selection.profile).iloc[places]

    def orders(self, limit: int = ORDERS) -> pd.DataFrame:
        """The newest orders above the line: order_id, day, kinds, and what the files tell."""
        rows, _ = self.cube.bad_rows(self.selection)
        newest = self.cube.places[rows[::-1][:limit]]
        table = self._table(self.selection.profile).iloc[newest]
        names = [kind for kind in self.kinds() if kind != ANY]
        flags = table[names].to_numpy(dtype=bool)
        shown = table[["order_id", "day", *(name for name in SHOWN if name in table)]].copy()
        shown.insert(2, "kinds", [
            tuple(name for name, held in zip(names, row, strict=True) if held) for row in flags
        ])  # fmt: skip
        return shown.sort_values(["day", "order_id"], ascending=[False, True], ignore_index=True)

    def order_ids(self) -> list[str]:
        """The ids of all orders above the line, the newest first."""
        rows, _ = self.cube.bad_rows(self.selection)
        places = self.cube.places[rows[::-1]]
        texts: list[str] = (
            self._table(self.selection.profile)["order_id"].iloc[places].astype(str).tolist()
        )
        return texts

    def selected(self) -> pd.DataFrame:
        """All orders of the selection, as `facts.selected` gives them."""
        return self.facts.selected(self.selection)

    def timeline(self, order_id: str) -> pd.DataFrame:
        """What happened to one order."""
        return timeline(self.store, order_id)

    def evidence(self) -> dict[str, dict[str, str]]:
        """Of each order that evidence is asked for, the state of each class; takes its time."""
        cells = self._facts[self._first_profile].proof.cells
        states: dict[str, dict[str, str]] = {}
        for row in cells[["order_id", "class", "state"]].itertuples(index=False):
            states.setdefault(row.order_id, dict.fromkeys(CLASSES, "unknown"))[row[1]] = row.state
        return states

    def like_the_rest(self) -> Imagined | None:
        """The rate if the slice were like the rest."""
        return imagine.like_the_rest(self.cube, self.selection, self.facts.inquiry.unknown)

    def reversed_defects(self) -> Imagined | None:
        """The rate if the defects of the selection were taken off."""
        return imagine.reversed_defects(self.cube, self.selection, self.facts.inquiry.unknown)

    def code(self) -> str:
        """The three lines that reproduce the selection."""
        as_of = str(self.store.as_of) if self.store.as_of_reason == "given" else ""
        # Whole, so that the lines work wherever they are pasted.
        return selection_code(self.selection, self.store.folder.resolve(), as_of)


def _last_days(numbers: np.ndarray, days: int) -> np.ndarray:
    """Of each day, the sum of the `days` days that end on it."""
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(numbers)])
    start = np.maximum(np.arange(1, len(sums)) - days, 0)
    found: np.ndarray = sums[1:] - sums[start]
    return found
