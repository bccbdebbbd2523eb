"""
Chapters: what the notebooks show, one function for each thing on the page.

Facts in, something to show out. Where the files cannot tell a thing, its place says so and names
what would; no section of a notebook fails because an export is missing.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pandas as pd

import odrlib
from odrlib import figures, policy, words
from odrlib.breakdown import NOUNS
from odrlib.causes import describe
from odrlib.checks import WANTED
from odrlib.facts import Facts, write_facts
from odrlib.headline import Headline
from odrlib.policy import KINDS
from odrlib.rates import defect_rate
from odrlib.report import show
from odrlib.report.show import Card, Shown

KIND_LABELS = {kind: words.capital(words.kind_name(kind)) for kind in KINDS}
RATES = {"rate": ".2%", "low": ".2%", "high": ".2%"}
RATE_LABELS = {"low": "95% interval from", "high": "to", "sku": "SKU", "asin": "ASIN"}
SHARES = {"share_of_orders": ".1%", "share_of_defects": ".1%"}
ORDER_COLUMNS = [
    "order_id", "day", "channel", "kinds", "reason", "arrived_on", "sku", "carrier", "ship_service",
    "tracking_number", "delivered_at", "country", "sources", "in_amazon_window", "in_brief_window",
]  # fmt: skip
ORDER_LABELS = {
    "day": "ordered",
    "sku": "SKU",
    "arrived_on": "defect arrived",
    "sources": "told by",
    "in_amazon_window": "in Amazon's window",
    "in_brief_window": "in the 30-day window",
}
PARCEL_COLUMNS = ("carrier", "ship_service", "tracked", "warehouse")
CATEGORY = pd.CategoricalDtype
USED_PACKAGES = ("pandas", "plotly", "papermill", "nbconvert", "scipy")


# -- where do we stand --------------------------------------------------------------------------


def verdict(facts: Facts) -> Shown:
    """The first screen: conclusion, both rules, largest causes, what to do, what is unknown."""
    totals = {name: lines["all"] for name, lines in facts.headlines.items()}
    return show.verdict(
        words.conclusion(facts.store.settings.title, totals),
        [_card(line) for line in totals.values()],
        causes=[words.cause_sentence(cause) for cause in facts.causes[:3]]
        or [causes_reason(facts).text],
        to_do=words.to_do(facts),
        unknown=words.not_known(facts),
    )


def _card(line: Headline) -> Card:
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
        sentences=[said for said in (words.next_step(line), words.forecast(line)) if said],
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
    if _line(facts).rate is None:
        return _no_defects_told(facts)
    return _figure(
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
    if _line(facts).rate is None:
        return _no_defects_told(facts)
    days = facts.rolling[facts.profile.name]
    return _figure(figures.plot_calendar(days, facts.profile, unknown=facts.store.unknown))


def several_kinds(facts: Facts) -> Shown:
    """The orders with more than one kind of defect: one by Amazon's rule, several by the other."""
    ids = _line(facts).overlapping
    orders = facts.inside[facts.inside["order_id"].isin(ids)]
    if orders.empty:
        return _as_told(facts, "No order of the window has more than one kind of defect")
    return _orders(orders, "Orders with more than one kind of defect", "several-kinds.csv")


def roll_off(facts: Facts) -> Shown:
    """The rate of the coming days if nothing happens but their passing."""
    line = _line(facts)
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
    return _figure(figures.plot_roll_off(line.roll_off, facts.profile), table)


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
    return _figure(
        figures.plot_related(table),
        show.table(
            table[columns],
            "Other measures of account health",
            formats=RATES | {"limit": ".1%", "amazon_rate": ".2%"},
            labels=_labels(columns)
            | {"title": "measure", "days": "window, days", "orders_unknown": "without data",
               "amazon_rate": "Amazon's rate", "amazon_status": "Amazon's status"},
        ),
    )  # fmt: skip


# -- what are the defects -----------------------------------------------------------------------


def kinds(facts: Facts) -> Shown:
    """The defects of the window by kind, with the share of orders that have each."""
    table = facts.components.rename(index=KIND_LABELS).rename_axis("kind").reset_index()
    return show.table(
        table,
        f"Defects by kind, {words.span(facts.window.first, facts.window.last)}",
        formats=RATES,
        labels=_labels(table.columns) | {"orders": "orders with it"},
        note="A kind that no file tells is unknown, not zero.",
    )


def kinds_over_time(facts: Facts) -> Shown:
    """Defects by kind, by the week of the order and the week of their arrival."""
    if "kind" not in facts.weekly:
        return _no_defects_told(facts)
    table = facts.weekly["kind"]
    if not table["defective"].any():
        return _as_told(facts, words.kinds_title(table))
    return _figure(figures.plot_kinds(table, facts.weekly["kind_by_arrival"]))


def over_time(facts: Facts, column: str) -> Shown:
    """The defective orders of each carrier, SKU or channel, by the week of the order."""
    if not facts.weekly:
        return _no_defects_told(facts)
    if column not in facts.weekly:
        return _not_told(column)
    table = facts.weekly[column]
    if not table["defective"].any():
        return _as_told(facts, words.composition_title(table, _noun(column)))
    return _figure(figures.plot_composition(table, _noun(column)))


def breakdown(facts: Facts, column: str, top: int = 12) -> Shown:
    """The rate of each value of a column in the window, the worst first, with all rows below."""
    if facts.inside.empty:
        return _no_defects_told(facts)
    if column not in facts.breakdowns:
        return _not_told(column)
    table = facts.breakdowns[column]
    if column == "tracked":
        table = table.rename(index={"yes": "tracked", "no": "untracked"})
    if table["defective"].isna().any():
        return _no_defects_told(facts)
    overall = defect_rate(facts.inside)
    if len(table) == 1 or not overall.defective:
        return _as_told(facts, words.rate_by_title(table, _noun(column), overall))
    behind = table.reset_index()
    return _figure(
        figures.plot_rate_by(table.head(top), _noun(column), facts.profile, overall),
        show.table(
            behind,
            f"Orders by {_noun(column)}, {words.span(facts.window.first, facts.window.last)}",
            formats=RATES | SHARES | {"excess": ",.1f"},
            labels=_labels(behind.columns),
            download=f"by-{column}.csv",
            note=words.sentence(table.attrs["rule"]),
        ),
    )


def defective_orders(facts: Facts) -> Shown:
    """Every defective order of the history, newest first."""
    table = facts.defective_orders
    if table.empty:
        return show.say("No file tells of a defective order.")
    return _orders(table, "Defective orders, newest first", "defective-orders.csv", home=True)


# -- what causes them ---------------------------------------------------------------------------


def causes(facts: Facts) -> Shown:
    """The ranked causes with their excess; without any, the reason why there are none."""
    if not facts.causes:
        return causes_reason(facts)
    return _figure(figures.plot_causes(facts.causes_table))


def causes_list(facts: Facts) -> Shown:
    """Every cause as a row, with its counts, its chance and its defective orders."""
    if not facts.causes:
        return show.say("There is no cause to list.")
    table = facts.causes_table.assign(
        same_as=[
            words.listing([describe(where) for where in cause.same_as], top=3)
            if cause.same_as
            else ""
            for cause in facts.causes
        ],
        interval=[
            f"{words.number(cause.low)} to {words.number(cause.high)}" for cause in facts.causes
        ],
        order_ids=[list(cause.order_ids) for cause in facts.causes],
    )
    columns = {
        "rank": "rank",
        "where": "orders where",
        "same_as": "the same orders as",
        "orders": "orders",
        "defective": "defective",
        "expected": "expected",
        "excess": "excess",
        "interval": "95% interval",
        "rate": "rate",
        "rate_elsewhere": "elsewhere",
        "q_value": "q (chance)",
        "order_ids": "defective orders",
    }
    return show.table(
        table[list(columns)],
        "Root causes in rank order, with their defective orders",
        formats={
            "expected": ",.1f",
            "excess": ",.1f",
            "rate": ".2%",
            "rate_elsewhere": ".2%",
            "q_value": ".2g",
        },
        labels=columns,
        download="root-causes.csv",
    )


def causes_reason(facts: Facts) -> Shown:
    """Why there are no more causes than these."""
    return _as_told(facts, facts.causes.reason)


def cause_orders(facts: Facts, rank: int = 1) -> Shown:
    """The defective orders of one cause."""
    if len(facts.causes) < rank:
        return show.say(f"There is no cause of rank {rank}.")
    cause = facts.causes[rank - 1]
    table = facts.defective_orders
    table = table[table["order_id"].isin(cause.order_ids)]
    caption = f"Defective orders where {describe(cause.where)}"
    return _orders(table, caption, f"cause-{rank}-orders.csv")


def evidence(facts: Facts) -> Shown:
    """The files on hand for each defective order of the window."""
    if facts.evidence.empty:
        return _as_told(facts, "No order of the window is defective, so there is nothing to prove")
    with_files = int((facts.evidence["count"] > 0).sum())
    total = words.count(len(facts.evidence), "defective order")
    return show.table(
        facts.evidence.assign(
            kinds=[words.listing([words.kind_name(k, 1) for k in kinds]) for kinds in
                   facts.evidence["kinds"]],
            files=[", ".join(names) for names in facts.evidence["files"]],
        ),
        f"Files on hand: {with_files:,} of {total} have any",
        labels={"count": "files, number"},
        download="evidence-on-hand.csv",
        note="Presence only: whether a file proves anything is not judged here.",
    )  # fmt: skip


# -- quality and provenance ---------------------------------------------------------------------


def quality(facts: Facts) -> Shown:
    """Every finding about the input, errors first."""
    if not facts.quality:
        return show.say("Nothing in the input needs attention.")
    return show.findings(facts.quality)


def files(facts: Facts) -> Shown:
    """Each file: what it was taken for, and rows in = rows used + rows set aside."""
    if facts.sources.empty:
        return show.say("There is no file in the store folder.")
    columns = ["file", "title", "encoding", "rows", "used", "set_aside", "refused", "first", "last"]
    return show.table(
        facts.sources[columns],
        "Files read: rows = used + set aside",
        labels={"title": "taken for", "refused": "cells left empty", "first": "first day",
                "last": "last day"},
        note="A row without a readable order id or date is set aside; a cell that cannot be read "
        "is left empty and its row is used.",
    )  # fmt: skip


def set_aside(facts: Facts) -> Shown:
    """Every row set aside and every cell left empty, with file, line and reason."""
    if facts.set_aside.empty:
        return show.say("No row was set aside and no cell was left empty.")
    return show.table(
        facts.set_aside,
        "Rows set aside and cells left empty, with the reason",
        download="set-aside.csv",
    )


def provenance(facts: Facts, parameters: Mapping[str, Any]) -> Shown:
    """What made this page: parameters, versions, and the source of each limit."""
    rows = [
        *(("parameter", name, str(value) or "(empty)") for name, value in parameters.items()),
        ("as of", facts.store.as_of.isoformat(), facts.store.as_of_reason),
        *(
            (profile.title, f"{words.limit_words(profile)}, {profile.days} days",
             f"{profile.source}, checked {profile.checked}")
            for profile in policy.PROFILES.values()
        ),
        ("version", "odrlib", odrlib.__version__),
        ("version", "Python", platform.python_version()),
        *(("version", name, version(name)) for name in USED_PACKAGES),
    ]  # fmt: skip
    return show.table(
        pd.DataFrame(rows, columns=["what", "which", "value"]), "What made this page", rows=40
    )


def hashes(facts: Facts) -> Shown:
    """The SHA-256 of each file read, so that anyone can check that these were the files."""
    if facts.sources.empty:
        return show.say("There is no file in the store folder.")
    return show.table(
        facts.sources[["file", "bytes", "sha256"]],
        "The files, by their content",
        labels={"sha256": "SHA-256"},
    )


def written(facts: Facts, out: str) -> Shown:
    """Write facts.json and the tables into the folder `out`, and say what is where."""
    if not out:
        return show.say("Nothing was written, because the parameter `out` is empty.")
    return show.table(write_facts(facts, out), "Files written beside this page")


# -- small parts --------------------------------------------------------------------------------


def _figure(figure: Any, data: Shown | None = None) -> Shown:
    return show.figure(figure, **figure.layout.meta, data=data)


def _orders(table: pd.DataFrame, caption: str, download: str, home: bool = False) -> Shown:
    """Orders with what is told of each; columns that no order of the table has are left out."""
    table = table.assign(kinds=_kinds(table))
    known = [name for name in ORDER_COLUMNS if name in table and table[name].notna().any()]
    words_of = {name: "str" for name in known if isinstance(table[name].dtype, CATEGORY)}
    labels = {name: label for name, label in ORDER_LABELS.items() if name in known}
    return show.table(
        table[known].astype(words_of), caption, labels=labels, download=download, home=home
    )


def _kinds(table: pd.DataFrame) -> list[str]:
    """The kinds of defect of each order, in words."""
    names = [kind for kind in KINDS if kind in table]
    return [
        words.listing(
            [words.kind_name(kind, 1) for kind, held in zip(names, row, strict=True) if held]
        )
        for row in table[names].to_numpy(dtype=bool)
    ]


def _line(facts: Facts) -> Headline:
    """The headline of the chosen rule for all orders."""
    return facts.headlines[facts.profile.name]["all"]


def _noun(column: str) -> str:
    """What one value of the column is called."""
    return (NOUNS | {"tracked": ("tracking", "")}).get(column, (column.replace("_", " "),))[0]


def _labels(columns: Any) -> dict[str, str]:
    return {name: label for name, label in (KIND_LABELS | RATE_LABELS).items() if name in columns}


def _not_told(column: str) -> Shown:
    table = "shipments" if column in PARCEL_COLUMNS else "orders"
    return show.say(
        f"No file tells the {_noun(column)} of these orders.", f"Add {WANTED[table][0]}."
    )


def _as_told(facts: Facts, clause: str) -> Shown:
    """A sentence about defects, with what the files leave out said first."""
    line = _line(facts)
    if line.rate is None or not line.rate.orders:
        return _no_defects_told(facts)
    return show.say(words.sentence(words.hedged(clause, line.unknown)))


def _no_defects_told(facts: Facts) -> Shown:
    return show.say(words.standing(_line(facts)))
