"""When it changed, what happened then, what has become worse, and what is still to come."""

from __future__ import annotations

import pandas as pd

from odrlib import figures, words
from odrlib.causes import describe
from odrlib.causes.changes import slice_of
from odrlib.causes.drill import ALL, weekly_rate
from odrlib.causes.happenings import ELSEWHERE, what_changed_beside
from odrlib.chapters.parts import as_figure, no_defects_told
from odrlib.facts import Facts
from odrlib.inquiry import Inquiry
from odrlib.languages import tr
from odrlib.maturity import DelayCurve, mature_until
from odrlib.report import show
from odrlib.report.show import Shown

NO_LEDGER = "What happened then is not known: there is no ledger of events."


def changes(facts: Facts, rank: int = 0, clock: str = "order day") -> Shown:
    """
    The weekly rate of all orders, or of the cause of a rank, with the days on which it changed.

    `clock` is "order day" or "ship day".
    """
    inquiry = facts.inquiry
    if not inquiry.known:
        return no_defects_told(facts)
    if len(facts.causes) < rank:
        return show.say(f"There is no cause of rank {rank}.")
    of = slice_of(facts.causes[rank - 1].where) if rank else ALL
    rates = inquiry.over_time
    asked = rates.searched[rates.searched["slice"].eq(of) & rates.searched["clock"].eq(clock)]
    if asked.empty or not asked["days"].iloc[0]:
        return show.say(*asked["said"])
    weeks = weekly_rate(
        inquiry.described.loc[inquiry.history.index].assign(
            **{name: inquiry.history[name] for name in _days(inquiry)},
            defective=inquiry.history["defective"],
        ),
        _where(rates.searched, of),
        clock,
        timezone=facts.store.settings.timezone,
    )
    happenings = inquiry.happenings
    mine = happenings[happenings["slice"].eq(of) & happenings["clock"].eq(clock)]
    found = rates.changes[rates.changes["slice"].eq(of) & rates.changes["clock"].eq(clock)]
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
    return show.table(
        found[columns],
        f"Changes of the rate of {of}",
        formats=dict.fromkeys(["rate_before", "rate_after"], ".2%") | {"p_value": ".2g"},
        labels={"p_value": "p (chance)", "said": "in words"},
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
        return show.say(NO_LEDGER, "Write what happened into ledger/events.csv.")
    if inquiry.over_time.changes.empty:
        return show.say("No change of the rate was found, so no event stands beside one.")
    if table.empty:
        return show.say("The ledger of events tells nothing that bears on these orders.")
    return show.table(
        table[["slice", "clock", "date", "relation", "said", "on", "kind", "what"]],
        "Events of the ledger beside each change",
        labels={"slice": "orders where", "clock": "counted by", "on": "changed on",
                "date": "event on", "said": "in words"},
        download="events-beside-changes.csv",
        aside=["on", "kind", "what"],
        note="Time alone decides: what came before may explain a change and does not prove it; "
        "what came after is never its cause.",
    )  # fmt: skip


def changed_then(facts: Facts) -> Shown:
    """Beside each cause: since when, and what else happened then."""
    inquiry = facts.inquiry
    if not facts.causes:
        return show.say("There is no cause to date.")
    rows = [
        {
            "rank": rank,
            "where": describe(cause.where),
            "what changed then": " ".join(
                what_changed_beside(
                    cause, inquiry.over_time, inquiry.happenings, facts.store.events is not None
                )
            ),
        }
        for rank, cause in enumerate(facts.causes, start=1)
    ]
    return show.table(
        pd.DataFrame(rows),
        "What changed then, beside each cause",
        labels={"where": "orders where"},
        download="what-changed-then.csv",
    )


def shifts(facts: Facts) -> Shown:
    """What else moved when the rate rose: shares of carriers, products and more."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    table = facts.inquiry.shifts
    if table.empty:
        return show.say(
            "No attribute of the orders moved much in the four weeks before and after that day."
        )
    return show.table(
        table.drop(columns=["said", "on"]),
        f"What else moved around {words.day(table['on'].iloc[0])}",
        formats={"share_before": ".1%", "share_after": ".1%", "defects_after": ".1%",
                 "p_value": ".2g"},
        labels={"defects_after": "share of the defects after", "p_value": "p (chance)"},
        download="what-else-moved.csv",
        aside=["orders_before", "orders_after", "p_value"],
        note="Shares of the orders in the four weeks before and after. That something moved is no "
        "proof that it matters.",
    )  # fmt: skip


def risen(facts: Facts) -> Shown:
    """What has become worse since the rate rose, or in the window, at equal age of the orders."""
    inquiry = facts.inquiry
    if not inquiry.known:
        return no_defects_told(facts)
    said = f"{_compared(inquiry)}: {inquiry.aged.sentence}"
    if not inquiry.aged.comparable:
        return show.say(
            tr("What has become worse cannot be told: there is nothing to compare."), said
        )
    if not inquiry.risen:
        return show.say(words.sentence(f"Nothing has become worse: {inquiry.risen.reason}"), said)
    rows = [
        {
            "where": describe(cause.where),
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
    return show.table(
        pd.DataFrame(rows),
        "What has become worse than it was",
        formats={"expected": ",.1f", "excess": ",.1f", "rate": ".2%", "q_value": ".2g"},
        labels={"where": "orders where", "expected": "expected",
                "q_value": "q (chance)", "order_ids": "defective orders"},
        download="what-has-risen.csv",
        aside=["excess"],
        note=said,
    )  # fmt: skip


def _compared(inquiry: Inquiry) -> str:
    """Which two periods stand beside each other."""
    if inquiry.rose_on is not None:
        return f"Since {words.day(pd.Timestamp(inquiry.rose_on))}, when the rate rose, and before"
    return "The window and the time before it"


def still_to_come(facts: Facts) -> Shown:
    """The window as counted, and as expected when all its defects have arrived."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    return show.say(str(facts.inquiry.still_to_come), str(facts.inquiry.curve))


def newest_weeks(facts: Facts, last: int = 26) -> Shown:
    """The newest weeks: their rate as counted, and as expected when all defects have arrived."""
    if not facts.inquiry.known:
        return no_defects_told(facts)
    weeks = facts.inquiry.weeks.tail(last)
    table = show.table(
        weeks,
        "The newest weeks, as counted and as expected",
        formats=dict.fromkeys(
            ["share_arrived", "rate_counted", "rate_expected", "rate_low", "rate_high"], ".2%"
        )
        | {"expected": ",.1f"},
        labels={"share_arrived": "share arrived", "low": "90% interval from", "high": "to",
                "mature": "complete"},
        download="newest-weeks.csv",
    )  # fmt: skip
    return as_figure(figures.plot_nowcast(weeks), table)
