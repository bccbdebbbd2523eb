"""When it changed, what happened then, what has become worse, and what is still to come."""

from __future__ import annotations

import pandas as pd

from odrlib import figures, words
from odrlib.causes.changes import of_series, slice_of
from odrlib.causes.drill import weekly_rate
from odrlib.causes.happenings import ELSEWHERE, relation_said, what_changed_beside
from odrlib.chapters.labels import (
    attribute_words,
    in_words,
    labels_of,
    level_words,
    slice_words,
)
from odrlib.chapters.parts import as_figure, no_defects_told
from odrlib.exports.columns import beside
from odrlib.facts import Facts
from odrlib.inquiry import Inquiry
from odrlib.languages import mark, sentences, tr
from odrlib.maturity import DelayCurve, mature_until
from odrlib.naming import ALL
from odrlib.report import show
from odrlib.report.show import Shown
from odrlib.words.standings import cause_name

NO_LEDGER = mark("What happened then is not known: there is no ledger of events.")
CLOCKS = {"order day": mark("order day"), "ship day": mark("ship day")}


def changes(facts: Facts, rank: int = 0, clock: str = "order day") -> Shown:
    """
    The weekly rate of all orders, or of the cause of a rank, with the days on which it changed.

    `clock` is "order day" or "ship day".
    """
    inquiry = facts.inquiry
    if not inquiry.known:
        return no_defects_told(facts)
    if len(facts.causes) < rank:
        return show.say(tr("There is no cause of rank {rank}.", rank=rank))
    of = slice_of(facts.causes[rank - 1].where) if rank else ALL
    rates = inquiry.over_time
    asked = of_series(rates.searched, of, clock)
    if asked.empty or not asked["days"].iloc[0]:
        return show.say(sentences(*asked["said"]))
    where = _where(rates.searched, of)
    weeks = weekly_rate(
        beside(
            inquiry.of_history[list(where)],
            {name: inquiry.history[name] for name in (*_days(inquiry), "defective")},
        ),
        where,
        clock,
        timezone=facts.store.settings.timezone,
    )
    happenings = inquiry.happenings
    mine = of_series(happenings, of, clock)
    found = of_series(rates.changes, of, clock)
    return as_figure(
        figures.plot_changes(
            weeks, found, mine, of=of, clock=clock, filling_from=_filling_from(inquiry)
        ),
        changes_table(found, of),
    )


def _days(inquiry: Inquiry) -> list[str]:
    return [name for name in ("day", "shipped_at") if name in inquiry.history]


def _where(searched: pd.DataFrame, of: str) -> dict[str, object]:
    return dict(searched.loc[searched["slice"].eq(of), "where"].iloc[0])


def _filling_from(inquiry: Inquiry) -> pd.Timestamp | None:
    """The first day whose defects have not all arrived yet, if that can be said."""
    curve = inquiry.curve
    if not isinstance(curve, DelayCurve):
        return None
    return pd.Timestamp(mature_until(curve, inquiry.store.as_of)) + pd.Timedelta(days=1)


def changes_table(found: pd.DataFrame, of: str) -> Shown:
    """Every change of a slice with both levels."""
    columns = [
        "on", "earliest", "latest", "rate_before", "orders_before", "defective_before",
        "rate_after", "orders_after", "defective_after", "p_value", "said",
    ]  # fmt: skip
    own = {
        "on": tr("changed on"),
        "earliest": tr("95% interval from"),
        "latest": tr("to", context="days"),
        "rate_before": tr("rate before"),
        "orders_before": tr("orders before"),
        "defective_before": tr("defective orders before"),
        "rate_after": tr("rate after"),
        "orders_after": tr("orders after"),
        "defective_after": tr("defective orders after"),
    }
    return show.table(
        found[columns],
        tr("Changes of the rate of {slice}", slice=slice_words(pd.Series([of]))[0]),
        formats=dict.fromkeys(["rate_before", "rate_after"], ".2%") | {"p_value": ".2g"},
        labels=labels_of(columns, own),
        download="changes.csv",
    )


def what_changed(facts: Facts) -> Shown:
    """Each change of all orders and of the causes beside the events of the ledger."""
    inquiry = facts.inquiry
    if not inquiry.known:
        return no_defects_told(facts)
    table = inquiry.happenings
    table = table[table["relation"].ne(ELSEWHERE)]
    if facts.store.events is None:
        said = (tr(NO_LEDGER), tr("Write what happened into ledger/events.csv."))
        return show.say(sentences(*said))
    if inquiry.over_time.changes.empty:
        return show.say(tr("No change of the rate was found, so no event stands beside one."))
    if table.empty:
        return show.say(tr("The ledger of events tells nothing that bears on these orders."))
    columns = ["slice", "clock", "date", "relation", "said", "on", "kind", "what"]
    own = {
        "on": tr("changed on"),
        "date": tr("event on"),
        "kind": tr("kind of event"),
        "what": tr("what happened"),
    }
    return show.table(
        table[columns].assign(
            slice=slice_words(table["slice"]),
            clock=in_words(table["clock"], CLOCKS),
            relation=[relation_said(relation) for relation in table["relation"]],
        ),
        tr("Events of the ledger beside each change"),
        labels=labels_of(columns, own),
        download="events-beside-changes.csv",
        aside=["on", "kind", "what"],
        note=tr("Time alone decides: what came before may explain a change and does not prove it; "
                "what came after is never its cause."),
    )  # fmt: skip


def changed_then(facts: Facts) -> Shown:
    """Beside each cause: since when, and what else happened then."""
    inquiry = facts.inquiry
    if not facts.causes:
        return show.say(tr("There is no cause to date."))
    rows = [
        {
            "rank": rank,
            "where": cause_name(cause.where),
            "changed": sentences(
                *what_changed_beside(
                    cause, inquiry.over_time, inquiry.happenings, facts.store.events is not None
                )
            ),
        }
        for rank, cause in enumerate(facts.causes, start=1)
    ]
    table = pd.DataFrame(rows)
    return show.table(
        table,
        tr("What changed then, beside each cause"),
        labels=labels_of(table.columns, {"changed": tr("what changed then")}),
        download="what-changed-then.csv",
    )


def shifts(facts: Facts) -> Shown:
    """What else moved when the rate rose: shares of carriers, products and more."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    table = facts.inquiry.shifts
    if table.empty:
        return show.say(
            tr("No attribute of the orders moved much in the four weeks before and after that day.")
        )
    shown = table.drop(columns=["said", "on"]).assign(
        column=attribute_words(table["column"]),
        value=[
            level_words(column, pd.Series([value]))[0]
            for column, value in zip(table["column"], table["value"], strict=True)
        ],
    )
    own = {
        "column": tr("what is looked at"),
        "orders_before": tr("orders before"),
        "orders_after": tr("orders after"),
        "share_before": tr("share of the orders before"),
        "share_after": tr("share of the orders after"),
        "defects_after": tr("share of the defects after"),
    }
    return show.table(
        shown,
        tr("What else moved around {day}", day=words.day(table["on"].iloc[0])),
        formats={"share_before": ".1%", "share_after": ".1%", "defects_after": ".1%",
                 "p_value": ".2g"},
        labels=labels_of(shown.columns, own),
        download="what-else-moved.csv",
        aside=["orders_before", "orders_after", "p_value"],
        note=tr("Shares of the orders in the four weeks before and after. That something moved is "
                "no proof that it matters."),
    )  # fmt: skip


def risen(facts: Facts) -> Shown:
    """What has become worse since the rate rose, or in the window, at equal age of the orders."""
    inquiry = facts.inquiry
    if not inquiry.known:
        return no_defects_told(facts)
    said = tr("{compared}: {said}", compared=_compared(inquiry), said=inquiry.aged.sentence)
    if not inquiry.aged.comparable:
        unknown = tr("What has become worse cannot be told: there is nothing to compare.")
        return show.say(sentences(unknown, said))
    if not inquiry.risen:
        nothing = tr("Nothing has become worse: {reason}.", reason=inquiry.risen.reason)
        return show.say(sentences(nothing, said))
    rows = [
        {
            "where": cause_name(cause.where),
            "orders": cause.orders,
            "defective": cause.defective,
            "expected": cause.expected,
            "excess": cause.excess,
            "rate": cause.rate,
            "q_value": cause.q_value,
            "order_ids": list(cause.order_ids),
        }
        for cause in inquiry.risen
    ]
    table = pd.DataFrame(rows)
    return show.table(
        table,
        tr("What has become worse than it was"),
        formats={"expected": ",.1f", "excess": ",.1f", "rate": ".2%", "q_value": ".2g"},
        labels=labels_of(table.columns, {"defective": tr("defective")}),
        download="what-has-risen.csv",
        aside=["excess"],
        note=said,
    )


def _compared(inquiry: Inquiry) -> str:
    """Which two periods stand beside each other."""
    if inquiry.rose_on is not None:
        return tr(
            "Since {day}, when the rate rose, and before",
            day=words.day(pd.Timestamp(inquiry.rose_on)),
        )
    return tr("The window and the time before it")


def still_to_come(facts: Facts) -> Shown:
    """The window as counted, and as expected when all its defects have arrived."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    return show.say(sentences(str(facts.inquiry.still_to_come), str(facts.inquiry.curve)))


def newest_weeks(facts: Facts, last: int = 26) -> Shown:
    """The newest weeks: their rate as counted, and as expected when all defects have arrived."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    weeks = facts.inquiry.weeks.tail(last)
    own = {
        "week": tr("week from"),
        "counted": tr("defective orders counted"),
        "share_arrived": tr("share arrived"),
        "expected": tr("defective orders expected"),
        "low": tr("90% interval from"),
        "rate_counted": tr("rate counted"),
        "rate_expected": tr("rate expected"),
        "rate_low": tr("90% interval of the rate from"),
        "rate_high": tr("to"),
        "mature": tr("complete"),
    }
    table = show.table(
        weeks,
        tr("The newest weeks, as counted and as expected"),
        formats=dict.fromkeys(
            ["share_arrived", "rate_counted", "rate_expected", "rate_low", "rate_high"], ".2%"
        )
        | {"expected": ",.1f"},
        labels=labels_of(weeks.columns, own),
        download="newest-weeks.csv",
    )
    return as_figure(figures.plot_nowcast(weeks, facts.store.events), table)
