"""Where the store stands, why, and what to do next, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from odrlib.finding import Finding, count
from odrlib.languages import mark, tr, trn
from odrlib.naming import slice_name
from odrlib.wanted import WANTED
from odrlib.words.limits import against, counts, limit_words
from odrlib.words.plain import (
    CHANNEL_NAMES,
    capital,
    kind_name,
    listing,
    number,
    percent,
    sentence,
    short_percent,
    span,
)
from odrlib.words.titles import hedged, roll_off_title
from odrlib.words.triage import quiz_words, triage_title

if TYPE_CHECKING:
    from odrlib.facts import Facts
    from odrlib.headline import Headline

LEVELS = ("error", "warning", "information")
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
    "over": mark("over the limit"),
    "unknown": mark("of unknown standing"),
    "under": mark("inside the limit"),
}
# The same in a table, and how a related metric stands to its limit.
MET_WORDS = {"met": mark("met"), "missed": mark("missed"), "unknown": mark("unknown")}
SHORT_STATUS_WORDS = {"over": mark("over"), "under": mark("under"), "unknown": mark("unknown")}


def standing(line: Headline) -> str:
    """One sentence: a profile's rate with its counts and window, and where that lies."""
    who = line.profile.title
    if line.channel != "all":
        who = tr("{rule}, {channel}", rule=who, channel=tr(CHANNEL_NAMES[line.channel]))
    when = span(line.window.first, line.window.last)
    if line.orders is None:
        return tr("{who}: unknown, because no file gives the orders.", who=who)
    if not line.orders:
        return tr("{who}: unknown, because there are no orders from {when}.", who=who, when=when)
    rate = line.rate
    if rate is None:
        return tr("{who}: unknown, because no file tells a defect of any order.", who=who)
    told = {
        "who": who,
        "value": percent(rate.value, float(line.profile.limit)),
        "counts": counts(line.profile, rate),
        "when": when,
    }
    where = against(line.profile, rate)
    missing = listing([kind_name(kind) for kind in line.unknown])
    if line.status == "over" and line.unknown:
        return tr(
            "{who}: at least {value} ({counts}, {when}), {where} even without the {missing}.",
            where=where, missing=missing, **told,
        )  # fmt: skip
    if line.unknown:
        return tr(
            "{who}: at least {value} ({counts}, {when}); whether it is {rule} is unknown, because "
            "no file tells all {missing}.",
            rule=limit_words(line.profile), missing=missing, **told,
        )  # fmt: skip
    if line.status == "unknown":
        return tr(
            "{who}: {value} ({counts}, {when}), {where} unless {lost} without a known order belong "
            "here.",
            where=where, lost=count(line.unplaced, "defect"), **told,
        )  # fmt: skip
    return tr("{who}: {value} ({counts}, {when}), {where}.", where=where, **told)


def no_counts(line: Headline) -> str:
    """Why a headline has no rate, in place of its counts."""
    if line.orders is None:
        return tr("no file gives the orders")
    return tr("no file tells a defect") if line.orders else tr("no orders in the window")


def next_step(line: Headline) -> str:
    """One sentence: what would bring the rate inside the limit, or how much it can still carry."""
    profile, rate = line.profile, line.rate
    if line.orders is None:
        return tr("Add the orders of this window.")
    if line.unknown:
        return tr(
            "Add the files that tell all {kinds}; a file without rows says that there were none.",
            kinds=listing([kind_name(kind) for kind in line.unknown]),
        )
    if rate is None or not rate.orders:
        return tr("Add the orders of this window.")
    if line.status == "over":
        reversals = profile.reversals_needed(rate.defective, rate.orders) or 0
        return trn(
            "It is inside the limit once {n:,} defect is taken off.",
            "It is inside the limit once {n:,} defects are taken off.",
            reversals,
        )
    if line.status == "unknown":
        return trn(
            "Find the orders of {n:,} defect that no orders file knows.",
            "Find the orders of {n:,} defects that no orders file knows.",
            line.unplaced,
        )
    spare = profile.spare_defects(rate.defective, rate.orders)
    if not spare:
        return tr("The next defect goes over the limit.")
    return trn(
        "It can carry {n:,} more defect and stay inside the limit.",
        "It can carry {n:,} more defects and stay inside the limit.",
        spare,
    )


def forecast(line: Headline) -> str:
    """One sentence: what waiting alone does; empty where nothing can be carried forward."""
    if line.roll_off is None or line.rate is None:
        return ""
    return sentence(hedged(roll_off_title(line.roll_off, line.profile), line.roll_off.unknown))


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
            return tr("Whether {name} is inside the limit is unknown by both rules.", name=name)
        return tr("{name} is {status} by both rules.", name=name, status=tr(STATUS_WORDS[status]))
    worst, best = (
        tr("{status} ({rule})", status=tr(STATUS_WORDS[status]), rule=listing(titles))
        for status, titles in told
    )
    return tr("{name} is {worst} and {best}.", name=name, worst=worst, best=best)


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
    named = [
        tr("{channel} ({rule})", channel=tr(CHANNEL_NAMES[line.channel]), rule=line.profile.title)
        for line in hidden
    ]
    return tr("Taken apart, over the limit: {channels}.", channels=listing(named)) if named else ""


def cause_name(where: Mapping[str, Any]) -> str:
    """The orders of a cause, as sentences and tables name them."""
    return slice_name(where)


def cause_sentence(cause: Any) -> str:
    """One sentence about a `Cause`: where, how many, and how many more than expected."""
    return tr(
        "{where}: {defective:,} of {orders} defective, {excess} more than expected.",
        where=capital(cause_name(cause.where)), defective=cause.defective,
        orders=count(cause.orders, "order"), excess=number(cause.excess),
    )  # fmt: skip


def headline_words(line: Headline) -> dict[str, str]:
    """A headline as finished words, one entry for each thing that a reader compares."""
    told = line.as_dict()
    limit = float(line.profile.limit)
    shares = {name: told[name] for name in ("rate", "rate_low", "rate_high")}
    unknown = tr("unknown")
    rate, low, high = (unknown if s is None else percent(s, limit) for s in shares.values())
    numbers = {kind_name(kind): number for kind, number in line.kinds.items()}
    steps = {
        tr("defects to take off"): told["reversals_needed"],
        tr("good orders to add"): told["good_orders_needed"],
        tr("spare defects"): told["spare_defects"],
    }
    days = {
        tr("inside from"): told["back_under_limit_on"],
        tr("over from"): told["breach_on"],
    }
    return {
        tr("first order day"): line.window.first.isoformat(),
        tr("last order day"): line.window.last.isoformat(),
        tr("orders"): unknown if line.orders is None else f"{line.orders:,}",
        tr("counted"): _counted(line),
        **{name: unknown if n is None else f"{n:,}" for name, n in numbers.items()},
        tr("rate"): rate,
        tr("95% interval"): (
            unknown if unknown in (low, high) else tr("{low} to {high}", low=low, high=high)
        ),
        tr("limit"): limit_words(line.profile),
        tr("status"): tr(SHORT_STATUS_WORDS[line.status]),
        **{name: unknown if n is None else f"{n:,}" for name, n in steps.items()},
        **{name: day or "–" for name, day in days.items()},
    }


def _counted(line: Headline) -> str:
    """What the rule counts: defects, or orders with one."""
    if line.defective is None:
        return tr("unknown")
    if line.profile.count == "kinds":
        return count(line.defective, "defect")
    return count(line.defective, "defective order")


def to_do(facts: Facts) -> list[str]:
    """What to do next, in the order of what it moves: what has a deadline stands first."""
    return [step for step, _ in to_do_points(facts)]


def to_do_points(facts: Facts) -> list[tuple[str, str]]:
    """Each step of `to_do` with the anchor of the section that shows what it rests on."""
    lines = facts.headlines[facts.profile.name]
    line = lines["all"]
    # Without orders it is the first of the missing files that says what to do, and where.
    steps = [(next_step(line), "input")] if line.status == "unknown" and line.orders else []
    if line.status == "over":
        steps += [(said, "taken-off") for said in quiz_words(facts.quiz)[:1]]
    if line.status == "over" or hidden_channels(lines):
        steps.append((sentence(triage_title(facts.triage)), "taken-off"))
    if facts.causes:
        read = trn(
            "Read the {n:,} defective order of the first cause, then remedy what they share.",
            "Read the {n:,} defective orders of the first cause, then remedy what they share.",
            len(facts.causes[0].order_ids),
        )
        steps.append((read, "causes"))
    errors = sum(f.level == "error" and not f.id.startswith("missing-") for f in facts.quality)
    if errors:
        repair = trn(
            "Repair {n:,} error in the input, listed under its quality.",
            "Repair {n:,} errors in the input, listed under its quality.",
            errors,
        )
        steps.append((repair, "input"))
    missing = [finding.to_do for finding in _unseen(facts) if finding.id.startswith("missing-")]
    return [*steps, *((said, "input") for said in missing[:2])]


def not_known(facts: Facts) -> list[str]:
    """What the files cannot tell: the worst first."""
    return [finding.message for finding in _unseen(facts)]


def _unseen(facts: Facts) -> list[Finding]:
    """What hides orders or defects and what no file gives: by level, then by what it hides."""
    value = [*HIDES_ORDERS, *(f"missing-{name.replace('_', '-')}" for name in WANTED)]
    found = [finding for finding in facts.quality if finding.id in value]
    return sorted(found, key=lambda one: (LEVELS.index(one.level), value.index(one.id)))


def related_sentence(row: Mapping[str, Any]) -> str:
    """One sentence about a row of `related_metrics`."""
    limit = short_percent(row["limit"])
    told = {
        "name": tr("{metric}, {days}", metric=row["title"], days=count(int(row["days"]), "day")),
        "rule": tr("below {rate}", rate=limit)
        if row["direction"] == "below"
        else tr("at least {rate}", rate=limit, context="limit"),
    }
    if row["status"] == "unknown":
        return tr("{name}: unknown ({rule})", **told)
    status = tr(MET_WORDS[row["status"]])
    rate = percent(row["rate"], row["limit"])
    return tr("{name}: {rate} ({rule}), {status}", rate=rate, status=status, **told)
