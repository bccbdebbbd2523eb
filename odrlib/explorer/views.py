"""Views: each answer of a session as HTML or lines of text; a template escapes all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from odrlib import naming, words
from odrlib.causes import Cause, CauseList
from odrlib.explorer.imagine import Imagined
from odrlib.explorer.session import Session
from odrlib.finding import count
from odrlib.languages import language, mark, tr, trn
from odrlib.rates import Rate, percent
from odrlib.report import templates
from odrlib.selections import ANY

STATES = {
    "closed": mark("proven"),
    "open": mark("open"),
    "contradicted": mark("contradicted"),
    "unknown": mark("unknown"),
    "not required": mark("not required"),
}
NOT_ASKED = mark("not asked for")
DAYS = {
    "amazon": mark("Order days {span}, by Amazon's rule."),
    "brief": mark("Order days {span}, by the 30-day rule."),
}
IDS = 1_000  # order ids to copy; `explorer.orders` has them all


def html(part: str, **values: Any) -> str:
    """A part of explore.html.j2."""
    page = templates.environment().get_template("explore.html.j2")
    return page.render(part=part, words=templates.words(language()), **values)


def table(
    caption: str, columns: Sequence[tuple[str, str]], lines: Sequence[Sequence[str]], note: str = ""
) -> str:
    """A table with (heading, kind) columns; kind is "text" or "number"."""
    return html("table", caption=caption, columns=columns, lines=lines, note=note)


def kind_name(kind: str) -> str:
    """What a kind of defect is called, or any of them."""
    return tr("any defect") if kind == ANY else naming.level("kind", kind)


def say(*lines: str, title: str = "") -> str:
    """A few sentences."""
    return html("say", title=title, lines=[line for line in lines if line])


# -- standing -----------------------------------------------------------------------------------


def standing(session: Session) -> str:
    """The rate of the selection with its counts, beside the rest and the limit."""
    rate = session.rate()
    return html(
        "standing",
        value=share(rate) if rate.orders else tr("No rate"),
        status=status_of(session, rate),
        counts=counts(session, rate),
        lines=[days_line(session), rest_line(session), excess_line(session), before_line(session)],
    )


def status_of(session: Session, rate: Rate) -> str:
    """
    "over", "under" or "unknown".

    The whole of a rule's own window is what Amazon judges, with all that is known of it.
    """
    if not rate.orders:
        return "unknown"
    if not session.conditions:
        return session.facts.headlines[session.facts.profile.name]["all"].status
    return rate.status(session.facts.profile)


def share(rate: Rate) -> str:
    """The rate, "at least" where a kind of defect is not told, "unknown" without orders."""
    if not rate.orders:
        return tr("unknown")
    said = percent(rate.defective, rate.orders)
    return tr("at least {rate}", rate=said) if rate.unknown else said


def counts(session: Session, rate: Rate) -> str:
    """What was divided by what."""
    orders = count(rate.orders, "order")
    if session.selection.kind == ANY and session.facts.profile.count != "orders":
        return tr("{defects} on {orders}", defects=count(rate.defective, "defect"), orders=orders)
    if session.selection.kind != ANY:
        return tr("{defective:,} of {orders} with {kind}", defective=rate.defective, orders=orders,
                  kind=kind_name(session.selection.kind))  # fmt: skip
    return tr("{defective:,} of {orders}", defective=rate.defective, orders=orders)


def days_line(session: Session) -> str:
    """Which order days, and by which rule."""
    now = session.selection
    return tr(DAYS[now.profile], span=words.span(now.first, now.last))


def rest_line(session: Session) -> str:
    """The rate of all other orders of these days."""
    if not session.selection.slice:
        return tr("These are all orders of these days.")
    rest = session.rest()
    if not rest.orders:
        return tr("There is no other order on these days.")
    return tr("The rest of the business: {rate} ({defective:,} of {orders}).", rate=share(rest),
              defective=rest.defective, orders=count(rest.orders, "order"))  # fmt: skip


def excess_line(session: Session) -> str:
    """How much of the defects the slice holds, and how many more or fewer than the rest would."""
    mine, rest = session.rate(), session.rest()
    whole = mine.defective + rest.defective
    if not (session.selection.slice and mine.orders and rest.orders and whole):
        return ""
    excess = mine.defective - mine.orders * rest.defective / rest.orders
    said = (
        mark("It holds {part:,} of the {whole:,} defects of these days ({share:.0%}), "
             "{excess:,.1f} more than at the rate of the rest.")
        if excess >= 0
        else mark("It holds {part:,} of the {whole:,} defects of these days ({share:.0%}), "
                  "{excess:,.1f} fewer than at the rate of the rest.")
    )  # fmt: skip
    return tr(said, part=mine.defective, whole=whole, share=mine.defective / whole,
              excess=abs(excess))  # fmt: skip


def before_line(session: Session) -> str:
    """The same on as many days before, or why that cannot be told."""
    found = session.before()
    if found is None:
        return tr("The files do not hold as many days before, so there is nothing to compare with.")
    then, rate = found
    span = words.span(then.first, then.last)
    if not rate.orders:
        return tr("As many days before, {span}: no order.", span=span)
    return tr("As many days before, {span}: {rate} ({defective:,} of {orders}).", span=span,
              rate=share(rate), defective=rate.defective,
              orders=count(rate.orders, "order"))  # fmt: skip


# -- what if ------------------------------------------------------------------------------------


def what_if(session: Session) -> str:
    """What if this slice were like the rest, and what if its defects were reversed."""
    return say(
        like_the_rest_line(session, session.like_the_rest()),
        reversed_line(session, session.reversed_defects()),
        title=tr("What if?"),
    )


def like_the_rest_line(session: Session, found: Imagined | None) -> str:
    """The rate of all orders if the slice were like the rest, in one sentence."""
    if not session.selection.slice:
        return tr("Filter first: a slice can be imagined like the rest, all orders cannot.")
    if found is None and not session.rate().orders:
        return tr("No order is selected, so there is nothing to imagine.")
    if found is None:
        return tr("Every order of these days is in this slice: there is no rest to be like.")
    if not found.worse:
        return tr("This slice is no worse than the rest: there is nothing to gain.")
    return tr(
        "If this slice had been like the rest, the rate of all orders would be {rate} "
        "({low} to {high}) instead of {now}: {verdict}.",
        rate=share(found.expected), low=share(found.low), high=share(found.high),
        now=share(found.now), verdict=_verdict(session, found),
    )  # fmt: skip


def reversed_line(session: Session, found: Imagined | None) -> str:
    """The rate of all orders if the defects of the selection were off, in one sentence."""
    if not session.selection.slice and session.selection.kind == ANY:
        return ""
    if found is None:
        return (
            tr("There is no defect in this selection to reverse.") if session.rate().orders else ""
        )
    return tr(
        "If the defects of these {orders} were reversed, the rate of all orders would be {rate} "
        "instead of {now}: {verdict}.",
        orders=count(found.changed, "order"), rate=share(found.expected), now=share(found.now),
        verdict=_verdict(session, found),
    )  # fmt: skip


def _verdict(session: Session, found: Imagined) -> str:
    status = found.status(session.selection.profile)
    if status == "under":
        return tr("inside the limit")
    return tr("over the limit") if status == "over" else tr("whether that is inside is unknown")


# -- causes -------------------------------------------------------------------------------------


def cause_line(rank: int, cause: Cause) -> str:
    """A cause of the full search in one line."""
    return tr("{rank}. {slice}: {defective:,} of {orders:,} defective, {expected:,.1f} expected",
              rank=rank, slice=naming.slice_name(cause.where), defective=cause.defective,
              orders=cause.orders, expected=cause.expected)  # fmt: skip


def causes_state(found: CauseList | None) -> str:
    """Which ranking is shown: the quick one, or the full one and why it has no more."""
    if found is None:
        return say(tr("Quick ranking: one attribute at a time, luck and overlap not taken out. "
                      "The full search is under way."))  # fmt: skip
    named = tr("Full search: {causes}.", causes=count(len(found), "cause"))
    return say(
        named if found else tr("Full search: no cause is named."), words.sentence(tr(found.reason))
    )


# -- orders -------------------------------------------------------------------------------------


def kinds_text(kinds: Sequence[str]) -> str:
    """The kinds of defect of one order."""
    return words.listing([words.kind_name(kind, 1) for kind in kinds])


def order_line(row: Mapping[str, Any]) -> str:
    """An order in a list: its id, its day, its kinds."""
    return f"{row['order_id']} · {row['day']:%Y-%m-%d} · {kinds_text(row['kinds'])}"


def orders(
    session: Session, found: pd.DataFrame, total: int, evidence: Mapping[str, Mapping[str, str]]
) -> str:
    """The orders behind the selection, newest first, with how many there are."""
    if found.empty:
        return say(tr("No order of this selection is defective."))
    told = [
        name for name in ("reason", "sku", "carrier") if name in found and found[name].notna().any()
    ]
    names = {"reason": tr("reason"), "sku": tr("SKU"), "carrier": tr("carrier")}
    classes = {
        "logistics": tr("delivery", context="evidence"),
        "communication": tr("answers"), "remedy": tr("remedy"),
    } if evidence else {}  # fmt: skip
    heads = [
        tr("order"),
        tr("ordered"),
        tr("defect"),
        *(names[name] for name in told),
        *classes.values(),
    ]
    lines = [
        [
            row["order_id"], f"{row['day']:%Y-%m-%d}", kinds_text(row["kinds"]),
            *(str(row[name]) if pd.notna(row[name]) else "–" for name in told),
            *(state(evidence, row["order_id"], name) for name in classes),
        ]
        for row in found.to_dict("records")
    ]  # fmt: skip
    return table(
        tr("Orders behind it: {shown:,} of {total:,} shown, newest first", shown=len(found),
           total=total),
        [(head, "whole" if head in (tr("ordered"), names["sku"]) else "text") for head in heads],
        lines,
    ) + ids(session.order_ids())  # fmt: skip


def ids(found: Sequence[str]) -> str:
    """The order ids, one a line, to copy."""
    shown = min(len(found), IDS)
    title = (
        trn("{n:,} order id to copy", "{n:,} order ids to copy", shown)
        if shown == len(found)
        else tr("{shown:,} of {total:,} order ids to copy, the newest", shown=shown,
                total=len(found))
    )  # fmt: skip
    return html("ids", title=title, ids="\n".join(found[:IDS]))


def state(evidence: Mapping[str, Mapping[str, str]], order_id: str, class_: str) -> str:
    """The state of a cell of the evidence matrix, in words."""
    return tr(STATES.get(evidence.get(order_id, {}).get(class_, ""), NOT_ASKED))


def timeline(session: Session, order_id: str, evidence: Mapping[str, Mapping[str, str]]) -> str:
    """What happened to one order, and how far it is proven."""
    found = session.timeline(order_id)
    zone = session.store.settings.timezone
    lines = [
        [
            f"{row['at']:%Y-%m-%d}" if row["day_only"] else f"{row['at']:%Y-%m-%d %H:%M}",
            tr(row["event"]), row["said"], row["source"],
        ]
        for row in found.to_dict("records")
    ]  # fmt: skip
    note = ""
    if evidence:
        note = tr("Evidence: delivery {logistics}, answers {communication}, remedy {remedy}.",
                  **{name: state(evidence, order_id, name)
                     for name in ("logistics", "communication", "remedy")})  # fmt: skip
    return table(
        tr("What happened to order {order}", order=order_id),
        [(tr("when ({zone})", zone=zone), "text"), (tr("event"), "text"),
         (tr("what is broken"), "text"), (tr("source"), "text")],
        lines,
        note,
    )  # fmt: skip
