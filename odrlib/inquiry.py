"""
Inquiry: everything asked about why a store's rate is what it is, each part computed when asked for.

The rate itself, its counts and its windows stand in `facts`; here is what lies behind them: causes,
what rose, when it changed and what happened then, what buyers complain of, the root-cause category
of every defect, what is still to come, and what would be if a cause were gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from odrlib.categories import categorise, category_counts, cause_topics, records_of, what_to_fetch
from odrlib.causes import CauseList, causes_table, cleared_table, find_causes
from odrlib.causes.attributes import described, telling
from odrlib.causes.changes import RatesOverTime, changes_of_causes
from odrlib.causes.crossed import matter_most
from odrlib.causes.happenings import what_changed
from odrlib.causes.mix import mix_shifts
from odrlib.exports.columns import beside
from odrlib.languages import tr
from odrlib.maturity import (
    DelayCurve,
    EquallyAged,
    NotEnough,
    WindowNowcast,
    arrived_share,
    delay_curve,
    rise_table,
)
from odrlib.maturity.curve import HORIZON
from odrlib.maturity.forecast import Forecast, forecast_of
from odrlib.maturity.nowcast import of_periods, of_window
from odrlib.naming import ALL
from odrlib.policy import Profile
from odrlib.rates import Window, known_kinds, until
from odrlib.reasons import (
    classify_reasons,
    order_reasons,
    reason_states,
    statements,
    theme_counts,
    topic_counts,
)
from odrlib.store import Store
from odrlib.tables import among
from odrlib.whatif import Change, WhatIf, what_if, what_if_causes

# What names the time itself: of no use where the question is what changed with time.
TIMES = ("order_week", "ship_week")
DEPTH = 3


@dataclass(frozen=True, eq=False)
class Inquiry:
    """
    The questions of one store, window and profile.

    Parameters
    ----------
    store : what was read
    profile, window : whose rate is asked about
    defects : the table of `defects_by_order` for that profile, of the whole history
    judgement : the table of `verdicts` for that profile
    unknown : kinds of defect that are not told for every order
    """

    store: Store
    profile: Profile
    window: Window
    defects: pd.DataFrame
    judgement: pd.DataFrame
    unknown: tuple[str, ...] = ()

    @cached_property
    def history(self) -> pd.DataFrame:
        """The counting orders up to as-of."""
        return until(self.defects, self.store.as_of)

    @cached_property
    def inside(self) -> pd.DataFrame:
        """The counting orders of the window."""
        return self.window.select(self.defects)

    # -- causes -------------------------------------------------------------------------------

    @cached_property
    def searched(self) -> pd.DataFrame:
        """The orders of the window with the attributes that are searched for causes."""
        return telling(self.inside, self._words)

    @cached_property
    def described(self) -> pd.DataFrame:
        """The attributes of every order of the history, in the window as they were searched."""
        found = self.searched.columns.drop(["order_id", "defective"])
        table = self._words.copy(deep=False)
        places = table.index.get_indexer(self.inside.index)
        for column in found:
            codes = table[column].array.codes[places]
            if not np.array_equal(codes, self.searched[column].array.codes):
                table[column] = (
                    self.searched[column]
                    .reindex(table.index)
                    .where(table.index.isin(self.inside.index), table[column])
                )
        return table

    @cached_property
    def of_history(self) -> pd.DataFrame:
        """The attributes of the orders up to as-of."""
        return self.described.loc[self.history.index]

    @cached_property
    def _words(self) -> pd.DataFrame:
        return described(self.defects, self.store.messages, self.store.settings.timezone)

    @cached_property
    def named(self) -> CauseList:
        """The ranked causes, as the search names them."""
        return find_causes(self.searched, max_depth=DEPTH)

    @cached_property
    def causes(self) -> CauseList:
        """The ranked causes of the window, each with the topic of most of its defects."""
        return self._topics[0]

    @cached_property
    def cause_categories(self) -> pd.DataFrame:
        """Which root-cause categories the defects of each cause have."""
        return self._topics[1]

    @cached_property
    def _topics(self) -> tuple[CauseList, pd.DataFrame]:
        return cause_topics(self.named, self.categorised)

    @cached_property
    def causes_table(self) -> pd.DataFrame:
        """The causes as a table, one row each."""
        return causes_table(self.causes)

    @cached_property
    def cleared(self) -> pd.DataFrame:
        """The suspects that look bad by themselves and that the causes explain."""
        return cleared_table(self.causes)

    @cached_property
    def crossed(self) -> tuple[str, str] | None:
        """The two attributes that matter most together; None where there are not two."""
        return matter_most(self.named, self.searched)

    @cached_property
    def rose_on(self) -> date | None:
        """The day on which the rate of all orders last rose, if that bears on the window."""
        found = self.over_time.changes
        rises = found[
            found["slice"].eq(ALL)
            & found["clock"].eq("order day")
            & found["direction"].eq("up")
            & found["on"].ge(pd.Timestamp(self.window.first) - pd.Timedelta(self.window.days, "D"))
        ]
        return rises["on"].iloc[-1].date() if len(rises) else None

    @cached_property
    def aged(self) -> EquallyAged:
        """The time since the rate rose (else the window) beside the time before, at equal age."""
        since = self.rose_on
        later = Window(since, self.store.as_of) if since else self.window
        return rise_table(self.history, later, self.store.as_of)

    @cached_property
    def risen(self) -> CauseList:
        """What has become worse since; with a reason, if nothing has."""
        if not self.aged.comparable:
            return CauseList(reason=tr("the time before cannot be compared with it"))
        table = telling(self.aged.orders, self._words).drop(columns=list(TIMES), errors="ignore")
        return find_causes(
            table.assign(later=self.aged.orders["later"]), max_depth=DEPTH, rise="later"
        )

    # -- time ---------------------------------------------------------------------------------

    @cached_property
    def curve(self) -> DelayCurve | NotEnough:
        """How late defects arrive in this store, or why that cannot be said."""
        return delay_curve(self.history, self.store.as_of)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """The weeks of the history: defects as counted, and as expected when all have arrived."""
        return of_periods(self._forecast, "week")

    @cached_property
    def still_to_come(self) -> WindowNowcast:
        """The window's defects as counted, and as expected when all have arrived."""
        return of_window(self._forecast, self.window, self.profile)

    @cached_property
    def _forecast(self) -> Forecast:
        return forecast_of(self.history, self.store.as_of, self.profile, HORIZON)

    @cached_property
    def over_time(self) -> RatesOverTime:
        """When the rate of all orders, and of each cause, changed."""
        days = pd.date_range(self.history["day"].min(), pd.Timestamp(self.store.as_of), freq="D")
        known = isinstance(self.curve, DelayCurve)
        return changes_of_causes(
            self.history,
            self.named,
            self.of_history,
            last=self.store.as_of,
            arrived=arrived_share(self.curve, days, self.store.as_of) if known else None,
            timezone=self.store.settings.timezone,
        )

    @cached_property
    def happenings(self) -> pd.DataFrame:
        """Each change beside the events of the ledger, and whether they may explain it."""
        return what_changed(self.over_time.changes, self.store.events, self.of_history)

    @cached_property
    def shifts(self) -> pd.DataFrame:
        """What else moved when the rate of all orders rose last, told by the orders themselves."""
        on = pd.Timestamp(self.rose_on or self.window.first)
        days = {name: self.history[name] for name in ("day", "defective")}
        return mix_shifts(beside(self.of_history, days), on.date()).assign(on=on)

    # -- reasons ------------------------------------------------------------------------------

    @cached_property
    def classified(self) -> pd.DataFrame:
        """What was said about orders, coded to themes and topics, one row per statement."""
        return classify_reasons(statements(self.store))

    @cached_property
    def order_reasons(self) -> pd.DataFrame:
        """What each order suffers from, one row per order that anything was said about."""
        return order_reasons(self.classified)

    @cached_property
    def complaints(self) -> pd.DataFrame:
        """The statements about the defective orders of the window."""
        bad = self.inside.loc[self.inside["defective"], "order_id"]
        return self.classified[among(self.classified["order_id"], bad)]

    @cached_property
    def themes(self) -> pd.DataFrame:
        """How many defective orders of the window complain of each theme."""
        return theme_counts(self.complaints, self.order_reasons)

    @cached_property
    def topics(self) -> pd.DataFrame:
        """How many defective orders of the window complain of each of Amazon's cause topics."""
        return topic_counts(self.complaints, self.order_reasons)

    @cached_property
    def understood(self) -> pd.DataFrame:
        """How many statements about them were coded, had no text, or were not understood."""
        return reason_states(self.complaints)

    @cached_property
    def categorised(self) -> pd.DataFrame:
        """Every defect of the window with its root-cause category."""
        found = records_of(self.store, self.named, self.judgement)
        return categorise(self.inside, self.order_reasons, found)

    @cached_property
    def categories(self) -> pd.DataFrame:
        """The root-cause categories with their defects, which add up to all defects."""
        return category_counts(self.categorised)

    @cached_property
    def to_fetch(self) -> pd.DataFrame:
        """What would explain more defects, and where to get it."""
        return what_to_fetch(self.categorised)

    # -- what if ------------------------------------------------------------------------------

    @cached_property
    def what_if(self) -> pd.DataFrame:
        """The rate if each cause, and if several of them, were like the rest."""
        table, day = self._counted
        return what_if_causes(
            table,
            self.named,
            self.profile,
            as_of=day,
            last=self.window.last,
            described=self.described,
            unknown=self.unknown,
        )

    def imagined(self, change: Change) -> WhatIf:
        """The rate with one thing changed."""
        table, day = self._counted
        return what_if(
            table,
            change,
            self.profile,
            as_of=day,
            last=self.window.last,
            described=self.described,
            unknown=self.unknown,
        )

    @property
    def _counted(self) -> tuple[pd.DataFrame, date]:
        """The orders up to as-of, or to the end of a window that Amazon's report ends later."""
        day = max(self.store.as_of, self.window.last)
        return until(self.defects, day), day

    @property
    def known(self) -> bool:
        """Are there orders, and a file that tells of defects?"""
        return not self.history.empty and bool(known_kinds(self.history))
