"""Where the store stands: the verdict, both rules, the history, and the days to come."""

from __future__ import annotations

import pandas as pd

from odrlib import figures, policy, words
from odrlib.chapters.labels import in_words, kind_label, labels_of
from odrlib.chapters.parts import (
    RATES,
    as_figure,
    as_told,
    headline_of,
    no_defects_told,
    orders_table,
)
from odrlib.chapters.root_causes import causes_reason
from odrlib.columns import framed, rows_of
from odrlib.exports.columns import rows_at
from odrlib.facts import Facts
from odrlib.headline import Headline
from odrlib.languages import mark, sentences, tr
from odrlib.policy import KINDS
from odrlib.report import show
from odrlib.report.show import Card, Shown
from odrlib.words.standings import MET_WORDS, to_do_points

COUNTED = {"orders": mark("Orders"), "defective": mark("Defective orders")}


def verdict(facts: Facts) -> Shown:
    """The first screen: conclusion, both rules, largest causes, what to do, what is unknown."""
    totals = {name: lines["all"] for name, lines in facts.headlines.items()}
    hidden = {name: words.hidden_channels(lines) for name, lines in facts.headlines.items()}
    apart = words.but_apart(line for lines in hidden.values() for line in lines)
    return show.verdict(
        sentences(words.conclusion(facts.store.settings.title, totals), apart),
        [_card(line, hidden[name]) for name, line in totals.items()],
        causes=[(words.cause_sentence(cause), "causes") for cause in facts.causes[:3]]
        or [(causes_reason(facts).text, "causes")],
        to_do=to_do_points(facts),
        unknown=[(said, "input") for said in words.not_known(facts)],
    )


def _card(line: Headline, hidden: list[Headline]) -> Card:
    rate = line.rate if line.rate is not None and line.rate.orders else None
    value = words.percent(rate.value, float(line.profile.limit)) if rate else tr("unknown")
    return Card(
        label=line.profile.title,
        status=line.status,
        value=tr("at least {share}", share=value) if rate and line.unknown else value,
        counts=words.counts(line.profile, rate) if rate else words.no_counts(line),
        limit=words.limit_words(line.profile),
        window=words.span(line.window.first, line.window.last),
        sentences=[
            *map(words.standing, hidden),
            *(said for said in (words.next_step(line), words.forecast(line)) if said),
        ],
        parts=[
            (kind_label(kind), tr("unknown") if number is None else f"{number:,}")
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
    columns = {f"{line.profile.name}_{line.channel}": words.headline_words(line) for line in lines}
    own = {
        f"{line.profile.name}_{line.channel}": tr(
            "{rule}, {channel}",
            rule=line.profile.title, channel=tr(words.CHANNEL_NAMES[line.channel]),
        )
        for line in lines
    }  # fmt: skip
    table = pd.DataFrame(columns).rename_axis("what").reset_index()
    return show.table(
        table,
        tr("Both rules, for all orders and by channel"),
        labels=labels_of(table.columns, own | {"what": tr("what")}),
        download="both-rules.csv",
        rows=40,
        note=sentences(
            *(
                tr("{rule}: {reason}.", rule=policy.PROFILES[name].title, reason=choice.reason)
                for name, choice in facts.windows.items()
            )
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
    orders = rows_at(facts.inside, rows_of(facts.inside["order_id"], ids))
    if orders.empty:
        return as_told(facts, tr("No order of the window has more than one kind of defect"))
    caption = tr("Orders with more than one kind of defect")
    return orders_table(orders, caption, "several-kinds.csv")


def roll_off(facts: Facts) -> Shown:
    """The rate of the coming days if nothing happens but their passing."""
    line = headline_of(facts)
    if line.roll_off is None:
        return show.say(tr("There is no forecast: {why}", why=words.standing(line)))
    days = line.roll_off.calendar
    columns = ["day", "first", "last", "orders", "defective", "rate", "under", "leaving",
               "entering_known", "assumed_orders"]  # fmt: skip
    own = {
        "day": tr("day"),
        "first": tr("first order day"),
        "last": tr("last order day"),
        "defective": tr("counted"),
        "leaving": tr("defective orders leaving"),
        "entering_known": tr("defective orders entering"),
        "assumed_orders": tr("orders assumed"),
    }
    table = show.table(
        days[columns],
        tr("The coming days"),
        formats={"rate": ".2%"},
        labels=labels_of(columns, own),
        download="roll-off.csv",
    )
    return as_figure(figures.plot_roll_off(line.roll_off, facts.profile), table)


def reconciliation(facts: Facts) -> Shown:
    """Our counts beside Amazon's own, on Amazon's days."""
    if not facts.reconciliations:
        return show.say(
            sentences(
                tr("There is no figure of Amazon's own to compare with."),
                tr("Add the V2 seller performance report (JSON), or type the figure of the Account "
                   "Health page (Performance > Account Health) into store.toml under [amazon]."),
            )
        )  # fmt: skip
    rows = [
        {
            "source": row.source,
            "of": tr(words.CHANNEL_NAMES[row.channel]),
            "days": words.span(row.window.first, row.window.last),
            "counted": kind_label(name) if name in KINDS else tr(COUNTED[name]),
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
        framed(rows, dict.fromkeys(["source", "of", "days", "counted"], "str") | numbers),
        tr("Our counts beside Amazon's own, on Amazon's days"),
        labels={
            "source": tr("Amazon's figure from"),
            "of": tr("channel"),
            "days": tr("order days"),
            "counted": tr("what is counted"),
            "amazon": tr("Amazon"),
            "ours": tr("our files"),
            "difference": tr("ours less Amazon's"),
        },
        download="reconciliation.csv",
    )


def reconciliation_findings(facts: Facts) -> Shown:
    """What the comparison with Amazon's figures says; without one, where the window comes from."""
    if not facts.reconciliations:
        return show.say(
            tr("The end of Amazon's window is {reason}.", reason=facts.windows["amazon"].reason)
        )
    return show.findings([found for row in facts.reconciliations for found in row.findings])


def related(facts: Facts) -> Shown:
    """Late shipment, cancellation, tracking, delivery and answers, each against its own limit."""
    table = facts.related
    own = {
        "title": tr("measure"),
        "days": tr("window, days"),
        "first": tr("first day"),
        "last": tr("last day"),
        "events": tr("cases counted"),
        "orders": tr("orders or messages"),
        "orders_unknown": tr("without data"),
        # Of another measure than defects: Chinese has another word.
        "rate": tr("rate", context="measure"),
        "amazon_rate": tr("Amazon's rate"),
        "amazon_status": tr("Amazon's status"),
    }
    columns = ["title", "days", "first", "last", "events", "orders", "orders_unknown", "rate",
               "low", "high", "limit", "status", "why", "amazon_rate", "amazon_status"]  # fmt: skip
    told = show.table(
        table[columns].assign(status=in_words(table["status"], MET_WORDS)),
        tr("Other measures of account health"),
        formats=RATES | {"limit": ".1%", "amazon_rate": ".2%"},
        labels=labels_of(columns, own),
        download="related-metrics.csv",
    )
    # A figure of limits alone would be empty axes; the table says why each of them is unknown.
    if (table["status"] == "unknown").all():
        return told
    return as_figure(figures.plot_related(table), told)
