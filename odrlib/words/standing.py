"""Where the store stands, why, and what to do next, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from odrlib.causes import describe
from odrlib.finding import count
from odrlib.words.limits import against, counts, limit_words
from odrlib.words.plain import (
    CHANNEL_NAMES,
    kind_name,
    listing,
    number,
    percent,
    short_percent,
    span,
)
from odrlib.words.titles import hedged, roll_off_title
from odrlib.words.triage import quiz_words, triage_title

if TYPE_CHECKING:
    from odrlib.facts import Facts
    from odrlib.headline import Headline

# Findings, besides missing files, that leave orders or defects out of sight.
HIDES_ORDERS = (
    "kind-told-in-part",
    "file-of-another-store",
    "order-not-in-orders",
    "orders-end-early",
    "orders-gap",
)
# Worst first.
STATUS_WORDS = {
    "over": "over the limit",
    "unknown": "of unknown standing",
    "under": "inside the limit",
}


def standing(line: Headline) -> str:
    """One sentence: a profile's rate with its counts and window, and where that lies."""
    who = line.profile.title
    if line.channel != "all":
        who = f"{who}, {CHANNEL_NAMES[line.channel]}"
    when = span(line.window.first, line.window.last)
    if line.orders is None:
        return f"{who}: unknown, because no file gives the orders."
    if not line.orders:
        return f"{who}: unknown, because there are no orders from {when}."
    rate = line.rate
    if rate is None:
        return f"{who}: unknown, because no file tells a defect of any order."
    value = percent(rate.value, float(line.profile.limit))
    counted = f"({counts(line.profile, rate)}, {when})"
    where = against(line.profile, rate)
    missing = listing([kind_name(kind) for kind in line.unknown])
    if line.status == "over" and line.unknown:
        return f"{who}: at least {value} {counted}, {where} even without the {missing}."
    if line.unknown:
        return (
            f"{who}: at least {value} {counted}; whether it is {limit_words(line.profile)} is "
            f"unknown, because no file tells all {missing}."
        )
    if line.status == "unknown":
        lost = count(line.unplaced, "defect")
        return f"{who}: {value} {counted}, {where} unless {lost} without a known order belong here."
    return f"{who}: {value} {counted}, {where}."


def no_counts(line: Headline) -> str:
    """Why a headline has no rate, in place of its counts."""
    if line.orders is None:
        return "no file gives the orders"
    return "no file tells a defect" if line.orders else "no orders in the window"


def next_step(line: Headline) -> str:
    """One sentence: what would bring the rate inside the limit, or how much it can still carry."""
    profile, rate = line.profile, line.rate
    if line.unknown:
        return (
            f"Add the files that tell all {listing([kind_name(kind) for kind in line.unknown])}; "
            "a file without rows says that there were none."
        )
    if rate is None or not rate.orders:
        return "Add the orders of this window."
    if line.status == "over":
        reversals = profile.reversals_needed(rate.defective, rate.orders) or 0
        return (
            f"It is inside the limit once {count(reversals, 'defect is', 'defects are')} taken off."
        )
    if line.status == "unknown":
        return f"Find the orders of {count(line.unplaced, 'defect')} that no orders file knows."
    spare = profile.spare_defects(rate.defective, rate.orders)
    if not spare:
        return "The next defect goes over the limit."
    return f"It can carry {count(spare, 'more defect')} and stay inside the limit."


def forecast(line: Headline) -> str:
    """One sentence: what waiting alone does; empty where nothing can be carried forward."""
    if line.roll_off is None or line.rate is None:
        return ""
    return f"{hedged(roll_off_title(line.roll_off, line.profile), line.roll_off.unknown)}."


def conclusion(name: str, lines: Mapping[str, Headline]) -> str:
    """
    The answer in one sentence, from the `all` headline of each profile, the worst first.

    `lines` maps the profile's name to its headline.
    """
    said = {
        status: [line.profile.title for line in lines.values() if line.status == status]
        for status in STATUS_WORDS
    }
    told = [(status, titles) for status, titles in said.items() if titles]
    if len(told) == 1:
        status = told[0][0]
        if status == "unknown":
            return f"Whether {name} is inside the limit is unknown by both rules."
        return f"{name} is {STATUS_WORDS[status]} by both rules."
    parts = [f"{STATUS_WORDS[status]} ({listing(titles)})" for status, titles in told]
    return f"{name} is {listing(parts)}."


def hidden_channels(lines: Mapping[str, Headline]) -> list[Headline]:
    """
    The channels over the limit that the total does not show, from the headlines of one profile.

    Amazon counts FBM and FBA apart, so a total inside the limit clears neither.
    """
    if lines["all"].status == "over":
        return []
    return [line for line in lines.values() if line.channel != "all" and line.status == "over"]


def but_apart(hidden: Iterable[Headline]) -> str:
    """One sentence that names hidden channels; empty without any."""
    named = [f"{CHANNEL_NAMES[line.channel]} ({line.profile.title})" for line in hidden]
    return f"Taken apart, over the limit: {listing(named)}." if named else ""


def cause_sentence(cause: Any) -> str:
    """One sentence about a `Cause`: where, how many, and how many more than expected."""
    bad = f"{cause.defective:,} of {count(cause.orders, 'order')} defective"
    return f"{describe(cause.where)}: {bad}, {number(cause.excess)} more than expected."


def headline_words(line: Headline) -> dict[str, str]:
    """A headline as finished words, one entry for each thing that a reader compares."""
    told = line.as_dict()
    limit = float(line.profile.limit)
    shares = {name: told[name] for name in ("rate", "rate_low", "rate_high")}
    rate, low, high = ("unknown" if s is None else percent(s, limit) for s in shares.values())
    noun = "defect" if line.profile.count == "kinds" else "defective order"
    numbers = {kind_name(kind): number for kind, number in line.kinds.items()}
    steps = {
        "defects to take off": told["reversals_needed"],
        "good orders to add": told["good_orders_needed"],
        "spare defects": told["spare_defects"],
    }
    days = {"inside from": told["back_under_limit_on"], "over from": told["breach_on"]}
    return {
        "first order day": line.window.first.isoformat(),
        "last order day": line.window.last.isoformat(),
        "orders": "unknown" if line.orders is None else f"{line.orders:,}",
        "counted": "unknown" if line.defective is None else count(line.defective, noun),
        **{name: "unknown" if n is None else f"{n:,}" for name, n in numbers.items()},
        "rate": rate,
        "95% interval": f"{low} to {high}",
        "limit": limit_words(line.profile),
        "status": line.status,
        **{name: "unknown" if n is None else f"{n:,}" for name, n in steps.items()},
        **{name: day or "–" for name, day in days.items()},
    }


def to_do(facts: Facts) -> list[str]:
    """What to do next, in the order of what it moves."""
    line = facts.headlines[facts.profile.name]["all"]
    steps = [next_step(line)] if line.status == "unknown" else []
    if facts.causes:
        first = facts.causes[0]
        ids = count(len(first.order_ids), "defective order")
        steps.append(f"Read the {ids} of the first cause, then remedy what they share.")
    if line.status == "over":
        steps += [*quiz_words(facts.quiz)[:1], f"{triage_title(facts.triage)}.", forecast(line)]
    errors = sum(finding.level == "error" for finding in facts.quality)
    if errors:
        steps.append(f"Repair {count(errors, 'error')} in the input, listed under its quality.")
    missing = [finding.to_do for finding in facts.quality if finding.id.startswith("missing-")]
    return [step for step in (*steps, *missing[:2]) if step]


def not_known(facts: Facts) -> list[str]:
    """What the files cannot tell: the worst first."""
    return [
        finding.message
        for finding in facts.quality
        if finding.id.startswith("missing-") or finding.id in HIDES_ORDERS
    ]


def related_sentence(row: Mapping[str, Any]) -> str:
    """One sentence about a row of `related_metrics`."""
    rule = f"{row['direction']} {short_percent(row['limit'])}"
    name = f"{row['title']}, {count(int(row['days']), 'day')}"
    if row["status"] == "unknown":
        return f"{name}: unknown ({rule})"
    return f"{name}: {percent(row['rate'], row['limit'])} ({rule}), {row['status']}"
