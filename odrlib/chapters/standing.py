"""Where the store stands: the verdict, both rules, the history, and the days to come."""

from __future__ import annotations

import pandas as pd

from odrlib import figures, policy, words
from odrlib.chapters.parts import (
    KIND_LABELS,
    RATES,
    as_figure,
    as_told,
    headline_of,
    labels_of,
    no_defects_told,
    orders_table,
)
from odrlib.chapters.root_causes import causes_reason
from odrlib.facts import Facts
from odrlib.headline import Headline
from odrlib.report import show
from odrlib.report.show import Card, Shown
from odrlib.words.triage import quiz_words, triage_title


def verdict(facts: Facts) -> Shown:
    """The first screen: conclusion, both rules, largest causes, what to do, what is unknown."""
    totals = {name: lines["all"] for name, lines in facts.headlines.items()}
    hidden = {name: words.hidden_channels(lines) for name, lines in facts.headlines.items()}
    apart = words.but_apart(line for lines in hidden.values() for line in lines)
    return show.verdict(
        f"{words.conclusion(facts.store.settings.title, totals)} {apart}".strip(),
        [_card(line, hidden[name]) for name, line in totals.items()],
        causes=[(words.cause_sentence(cause), "causes") for cause in facts.causes[:3]]
        or [(causes_reason(facts).text, "causes")],
        to_do=[(step, _proven_at(step, facts)) for step in words.to_do(facts)],
        unknown=[(said, "input") for said in words.not_known(facts)],
    )


def _proven_at(step: str, facts: Facts) -> str:
    """The anchor of the section that shows what a step of `words.to_do` rests on."""
    line = facts.headlines[facts.profile.name]["all"]
    quiz = quiz_words(facts.quiz)[:1]
    if step in quiz or step.startswith(triage_title(facts.triage)):
        return "taken-off"
    if step == words.forecast(line):
        return "waiting"
    if facts.causes and step == words.to_do(facts)[0]:
        return "causes"
    return "input"


def _card(line: Headline, hidden: list[Headline]) -> Card:
    rate = line.rate
    known = rate is not None and bool(rate.orders)
    value = words.percent(rate.value, float(line.profile.limit)) if known else "unknown"
    return Card(
        label=line.profile.title,
        status=line.status,
        value=f"at least {value}" if known and line.unknown else value,
        counts=words.counts(line.profile, rate) if known else words.no_counts(line),
        limit=words.limit_words(line.profile),
        window=words.span(line.window.first, line.window.last),
        sentences=[
            *map(words.standing, hidden),
            *(said for said in (words.next_step(line), words.forecast(line)) if said),
        ],
        parts=[
            (KIND_LABELS[kind], "unknown" if number is None else f"{number:,}")
            for kind, number in line.kinds.items()
        ],
    )


def both_rules(facts: Facts) -> Shown:
    """A column for each rule and channel with orders: counts, rate, and how far from the limit."""
    lines = [
        line
        for lines in facts.headlines.values()
        for line in lines.values()
        if line.channel == "all" or line.orders not in (None, 0, lines["all"].orders)
    ]
    columns = {
        f"{line.profile.title}, {words.CHANNEL_NAMES[line.channel]}": words.headline_words(line)
        for line in lines
    }
    return show.table(
        pd.DataFrame(columns).rename_axis("what").reset_index(),
        "Both rules, for all orders and by channel",
        rows=40,
        note=" ".join(
            f"{policy.PROFILES[name].title}: {choice.reason}."
            for name, choice in facts.windows.items()
        ),
    )


def rate_over_time(facts: Facts) -> Shown:
    """The rolling rate of the chosen rule, with what happened when."""
    if headline_of(facts).rate is None:
        return no_defects_told(facts)
    return as_figure(
        figures.plot_rate(
            facts.rolling[facts.profile.name],
            facts.profile,
            at=facts.window.last,
            events=facts.store.events,
            unknown=facts.store.unknown,
        )
    )


def days_over(facts: Facts) -> Shown:
    """The calendar of days over the limit, by the chosen rule."""
    if headline_of(facts).rate is None:
        return no_defects_told(facts)
    days = facts.rolling[facts.profile.name]
    return as_figure(figures.plot_calendar(days, facts.profile, unknown=facts.store.unknown))


def several_kinds(facts: Facts) -> Shown:
    """The orders with more than one kind of defect: one by Amazon's rule, several by the other."""
    ids = headline_of(facts).overlapping
    orders = facts.inside[facts.inside["order_id"].isin(ids)]
    if orders.empty:
        return as_told(facts, "No order of the window has more than one kind of defect")
    return orders_table(orders, "Orders with more than one kind of defect", "several-kinds.csv")


def roll_off(facts: Facts) -> Shown:
    """The rate of the coming days if nothing happens but their passing."""
    line = headline_of(facts)
    if line.roll_off is None:
        return show.say(f"There is no forecast: {words.standing(line)}")
    days = line.roll_off.calendar
    table = show.table(
        days[["day", "first", "last", "orders", "defective", "rate", "under", "leaving",
              "entering_known", "assumed_orders"]],
        "The coming days",
        formats={"rate": ".2%"},
        labels={
            "first": "first order day", "last": "last order day", "under": "inside the limit",
            "leaving": "defective orders leaving", "entering_known": "defective orders entering",
            "assumed_orders": "orders assumed",
        },
        download="roll-off.csv",
    )  # fmt: skip
    return as_figure(figures.plot_roll_off(line.roll_off, facts.profile), table)


def reconciliation(facts: Facts) -> Shown:
    """Our counts beside Amazon's own, on Amazon's days."""
    if not facts.reconciliations:
        return show.say(
            "There is no figure of Amazon's own to compare with. Add the V2 seller performance "
            "report (JSON), or type the figure of the page into store.toml under [amazon]."
        )
    rows = [
        {
            "source": row.source,
            "of": words.CHANNEL_NAMES[row.channel],
            "days": words.span(row.window.first, row.window.last),
            "counted": KIND_LABELS.get(name, words.capital(name)),
            "amazon": row.theirs[name],
            "ours": row.ours[name],
            "difference": row.difference[name],
        }
        for row in facts.reconciliations
        if row.theirs["orders"] != 0 or row.ours["orders"]
        for name in row.theirs
        if row.theirs[name] is not None or row.ours[name] is not None
    ]
    numbers = dict.fromkeys(["amazon", "ours", "difference"], "Int64")
    return show.table(
        pd.DataFrame(rows, columns=["source", "of", "days", "counted", *numbers]).astype(numbers),
        "Our counts beside Amazon's own, on Amazon's days",
        labels={"amazon": "Amazon", "difference": "ours less Amazon's"},
    )


def reconciliation_findings(facts: Facts) -> Shown:
    """What the comparison with Amazon's figures says; without one, where the window comes from."""
    if not facts.reconciliations:
        return show.say(f"The end of Amazon's window is {facts.windows['amazon'].reason}.")
    return show.findings([found for row in facts.reconciliations for found in row.findings])


def related(facts: Facts) -> Shown:
    """Late shipment, cancellation, tracking, delivery and answers, each against its own limit."""
    table = facts.related
    columns = ["title", "days", "first", "last", "events", "orders", "orders_unknown", "rate",
               "low", "high", "limit", "status", "why", "amazon_rate", "amazon_status"]  # fmt: skip
    return as_figure(
        figures.plot_related(table),
        show.table(
            table[columns],
            "Other measures of account health",
            formats=RATES | {"limit": ".1%", "amazon_rate": ".2%"},
            labels=labels_of(columns)
            | {"title": "measure", "days": "window, days", "orders_unknown": "without data",
               "amazon_rate": "Amazon's rate", "amazon_status": "Amazon's status"},
        ),
    )  # fmt: skip
