"""Sentences: what the page and the command say of the stores, in the spoken language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from odrlib import words
from odrlib.exports.known import EXPORTS
from odrlib.finding import count
from odrlib.languages import mark, tr, trn
from odrlib.policy import CHANNELS, PROFILES
from odrlib.portfolio.alerts import Alert
from odrlib.portfolio.gather import Portfolio
from odrlib.portfolio.row import RULES, Deadline, Row
from odrlib.rates import Rate
from odrlib.wanted import TITLES
from odrlib.words.standings import SHORT_STATUS_WORDS, cause_name

EXPORT_TITLES = {export.name: export.title for export in EXPORTS}
DUE_WORDS = {
    "account": mark("answer to Amazon's notice"),
    "appeal": mark("appeal", context="due"),
    "answer expected": mark("answer expected", context="due"),
    "commitment": mark("commitment", context="due"),
}
WHY_WORDS = {
    "no-orders": mark("no file gives the orders"),
    "kinds-not-told": mark("not every kind of defect is told"),
    "arrival-days-not-told": mark("no file tells when the defects arrived"),
    "standing-unknown": mark("the standing itself is unknown"),
}


# -- the first line -----------------------------------------------------------------------------


def headline(found: Portfolio) -> str:
    """How many stores are over, unknown and near, what is due, and what failed: one sentence."""
    told = found.counts
    stores = count(told["stores"], "store")
    over = (
        trn("{n:,} of {stores} is over the limit", "{n:,} of {stores} are over the limit",
            told["over"], stores=stores)
        if told["over"]
        else tr("none of {stores} is known to be over the limit", stores=stores)
    )  # fmt: skip
    clauses = [over]
    if told["near"]:
        clauses.append(trn("{n:,} is near it", "{n:,} are near it", told["near"]))
    if told["unknown"]:
        clauses.append(trn("{n:,} cannot be judged", "{n:,} cannot be judged", told["unknown"]))
    days = RULES["deadline_days"]["value"]
    clauses.append(
        trn("{n:,} deadline falls within {days} days", "{n:,} deadlines fall within {days} days",
            told["deadlines_soon"], days=days)
    )  # fmt: skip
    if told["commitments_overdue"]:
        clauses.append(
            trn("{n:,} commitment is overdue", "{n:,} commitments are overdue",
                told["commitments_overdue"])
        )  # fmt: skip
    if told["failed"]:
        clauses.append(
            trn("{n:,} report could not be made", "{n:,} reports could not be made",
                told["failed"])
        )  # fmt: skip
    return words.sentence(tr(", ", context="portfolio").join(clauses))


# -- one store ----------------------------------------------------------------------------------


def call_reason(row: Row) -> str:
    """Why this store is called, in a few words."""
    if row.failure is not None:
        return tr("the report could not be made: {why}", why=_short(row.failure.error))
    if "unreadable" in row.doubts:
        return tr("its last report cannot be read")
    if row.told == "over":
        over = words.listing(over_by(row))
        if not row.causes:
            return over
        return tr("{over}; largest cause: {cause}", over=over,
                  cause=cause_name(row.causes[0]["where"]))  # fmt: skip
    if "clock" in row.doubts:
        return tr("the clock here is before its data")
    if "stale" in row.doubts:
        return tr("its data end {days} ago", days=count(row.days_since or 0, "day"))
    if row.told == "unknown":
        return tr("whether it is inside the limit cannot be told")
    return room(row)[0]


def over_by(row: Row) -> list[str]:
    """The rules and channels over the limit, each with its rate."""
    said = []
    for name, parts in row.profiles.items():
        rule = tr(PROFILES[name].called)
        whole = ["all"] if parts["all"]["status"] == "over" else []
        for channel in [*whole, *(row.channels_over(name) or worse_channel(row, name))]:
            rate = words.percent(parts[channel]["rate"], float(PROFILES[name].limit))
            said.append(
                tr("{rate} by {rule}", rate=rate, rule=rule)
                if channel == "all"
                else tr("{channel} {rate} by {rule}", channel=words.channel_name(channel),
                        rate=rate, rule=rule)
            )  # fmt: skip
    return said


def worse_channel(row: Row, name: str) -> list[str]:
    """The channel that is further over the limit than all orders together, if one is."""
    parts = row.profiles[name]
    over = [(parts[c]["rate"], c) for c in CHANNELS[1:] if parts[c]["status"] == "over"]
    rate, channel = max(over, default=(0, ""))
    return [channel] if parts["all"]["status"] == "over" and rate > parts["all"]["rate"] else []


def doubts(row: Row) -> list[str]:
    """Why the report does not say how the store stands today, a sentence each."""
    then = tr(SHORT_STATUS_WORDS[row.told])
    said = []
    if row.failure is not None and row.as_of:
        said.append(
            tr("The newest report could not be made; the last one, of {day}, said: {status}.",
               day=words.day(row.as_of), status=then)
        )  # fmt: skip
    elif row.failure is not None:
        said.append(tr("No report could be made yet."))
    if "unreadable" in row.doubts:
        said.append(tr("The facts.json of its last report cannot be read; make the report anew."))
    if "clock" in row.doubts:
        said.append(tr("This machine's clock is before the data; days are counted from the data."))
    if "stale" in row.doubts:
        said.append(
            tr("The data end on {day}, {days} ago; then: {status}.", day=words.day(row.as_of),
               days=count(row.days_since or 0, "day"), status=then)
        )  # fmt: skip
    return said


def part(row: Row, name: str) -> dict[str, Any]:
    """One rule's rate with its counts, and the channels that it hides."""
    rule = PROFILES[name]
    told = (row.profiles.get(name) or {}).get("all")
    if not told:
        return {"rate": "–", "sort": "", "status": "unknown", "counts": []}
    rate = told["rate"]
    known = told["defective"] is not None and told["orders"] is not None
    counts = words.counts(rule, Rate(told["defective"], told["orders"])) if known else "–"
    shown = "–" if rate is None else words.percent(rate, float(rule.limit))
    apart = [
        tr("{channel} over", channel=words.channel_name(one)) for one in row.channels_over(name)
    ]
    apart += [
        tr("{channel}: {rate}", channel=words.channel_name(one),
           rate=words.percent(row.profiles[name][one]["rate"], float(rule.limit)))
        for one in worse_channel(row, name)
    ]  # fmt: skip
    return {
        "rate": tr("at least {rate}", rate=shown) if rate is not None and told["at_least"]
        else shown,
        "sort": "" if rate is None else f"{rate:.9f}",
        "status": told["status"],
        "counts": [counts, *apart],
    }  # fmt: skip


def room(row: Row) -> list[str]:
    """How far from the limit: spare defects or defects to take off, and the forecast."""
    if row.told == "over":
        parts = row.profiles["amazon"]
        needed = [
            (parts[name]["reversals_needed"], name)
            for name in parts
            if parts[name]["status"] == "over" and parts[name]["reversals_needed"]
        ]
        if not needed:
            return []
        most, channel = max(needed)
        return [
            _of_channel(
                trn("{n:,} defect to take off", "{n:,} defects to take off", most), channel
            ),
            *_back_on(parts[channel]["back_under_limit_on"]),
        ]
    if row.spare is None:
        return [tr("spare defects unknown")]
    spare = trn("{n:,} spare defect", "{n:,} spare defects", row.spare)
    return [_of_channel(spare, row.spare_channel), *forecast(row)]


def _back_on(day: str | None) -> list[str]:
    if not day:
        return []
    return [tr("by waiting alone, inside from {day}", day=words.short_day(date.fromisoformat(day)))]


def _of_channel(said: str, channel: str) -> str:
    if channel == "all":
        return said
    return tr("{said}, {channel}", said=said, channel=words.channel_name(channel))


def forecast(row: Row) -> list[str]:
    """When the limit is left at the recent pace, and how sure that is."""
    told = row.forecast
    if not told or told["state"] == "unknown":
        why = tr(WHY_WORDS.get(told.get("why", ""), mark("the report does not tell")))
        return [tr("forecast unknown: {why}", why=why)]
    if told["state"] == "over":
        return []
    ends = [told["earliest"], told["latest"]]
    earliest, latest = (date.fromisoformat(one) if one else None for one in ends)
    if told["state"] == "breach":
        first = _of_channel(
            tr("at this pace over on {day}, in {days}", day=words.short_day(row.breach_on),
               days=count(row.days_to_breach or 0, "day")),
            row.forecast_channel,
        )  # fmt: skip
        if latest:
            return [first, tr("80% range: {span}", span=words.span(earliest, latest))]
        if earliest:
            return [first, tr("80% range: {day} or later, or not at all within {days} days",
                              day=words.short_day(earliest), days=told["horizon"])]  # fmt: skip
        return [first]
    never = tr("at this pace not within {days} days", days=told["horizon"])
    if earliest:
        return [never, tr("80% range: from {day} on", day=words.short_day(earliest))]
    return [never]


def when(days: int) -> str:
    """How far away a day is: today, tomorrow, in 3 days, 2 days ago."""
    if days == 0:
        return tr("today")
    if days == 1:
        return tr("tomorrow")
    if days < 0:
        return tr("{days} ago", days=count(-days, "day"))
    return tr("in {days}", days=count(days, "day"))


def due_name(what: str) -> str:
    """What is due, in words."""
    if what in DUE_WORDS:
        return tr(DUE_WORDS[what], context="" if what == "account" else "due")
    return tr(what)


def grouped(dates: tuple[Deadline, ...]) -> list[tuple[str, date, int, int]]:
    """Dates of one kind on one day as one: what, day, days left, how many; the first day first."""
    numbers = Counter((one.due, one.days_left, one.what) for one in dates)
    return [(what, due, left, n) for (due, left, what), n in sorted(numbers.items())]


def due_line(what: str, due: date, left: int, number: int) -> str:
    """One line: how many of what, by which day, and how far that is."""
    name = due_name(what)
    told = {"what": name, "day": words.short_day(due), "when": when(left)}
    if number == 1:
        return tr("{what}: {day}, {when}", **told)
    return tr("{n:,} × {what}: {day}, {when}", n=number, **told)


def due(row: Row) -> dict[str, Any]:
    """What is due: the next line, the counts, and all lines."""
    lines = [due_line(*one) for one in grouped(row.open_deadlines)]
    promises = [due_line(*one) for one in grouped(row.promises)]
    expected = [due_line(*one) for one in grouped(row.expected)]
    counts = []
    days = RULES["deadline_days"]["value"]
    if row.soon > 1:
        counts.append(tr("{n:,} within {days} days", n=row.soon, days=days))
    if row.passed:
        counts.append(
            trn("{n:,} deadline has passed since the report",
                "{n:,} deadlines have passed since the report", len(row.passed))
        )  # fmt: skip
    if row.overdue:
        counts.append(
            trn("{n:,} commitment overdue", "{n:,} commitments overdue", row.overdue)
        )  # fmt: skip
    elif row.promises:
        counts.append(trn("{n:,} commitment open", "{n:,} commitments open", len(row.promises)))
    first = lines[0] if lines else tr("no deadline") if row.as_of else "–"
    return {
        "first": first,
        "urgent": bool(row.soon),
        "late": bool(row.overdue),
        "counts": counts,
        "more": [*lines[1:], *promises, *expected],
        "sort": row.open_deadlines[0].due.isoformat() if row.open_deadlines else "",
    }


def evidence(row: Row) -> str:
    """How many defective orders still lack evidence."""
    told = row.evidence
    if told is None:
        return tr("evidence unknown") if row.as_of else ""
    if not told["orders"]:
        return tr("no order to prove")
    return tr("{open:,} of {orders} lack evidence", open=told["orders_open"],
              orders=count(told["orders"], "defective order"))  # fmt: skip


def cause(row: Row) -> dict[str, str]:
    """The largest cause and its counts; empty without one."""
    if not row.causes:
        return {}
    top = row.causes[0]
    counts = tr("{defective:,} of {orders}", defective=top["defective"],
                orders=count(top["orders"], "order"))  # fmt: skip
    return {"where": words.capital(cause_name(top["where"])), "counts": counts}


def changed(row: Row) -> list[str]:
    """What changed since the report before, the worst first."""
    found = row.changes
    if row.as_of is None:
        return []
    if found.first:
        return [tr("first report")]
    said = []
    for name, channel, status, then in found.crossed:
        rule = _of_channel(tr(PROFILES[name].called), channel)
        said.append(
            tr("{rule}: {before} → {now}", rule=rule, before=tr(SHORT_STATUS_WORDS[status]),
               now=tr(SHORT_STATUS_WORDS[then]))
        )  # fmt: skip
    old, new = found.rates["amazon"]
    if None not in (old["rate"], new["rate"]):
        limit = float(PROFILES["amazon"].limit)
        before, after = (words.percent(one["rate"], limit) for one in (old, new))
        if (before, old["defective"]) != (after, new["defective"]):
            said.append(
                tr("{before} ({was:,} of {orders_before:,}) → {now} ({counts:,} of {orders:,})",
                   before=before, was=old["defective"], orders_before=old["orders"],
                   now=after, counts=new["defective"], orders=new["orders"])
            )  # fmt: skip
    if found.new_orders:
        kinds = words.listing(
            [
                tr("{n:,} {kind}", n=number, kind=words.kind_name(kind, number))
                for kind, number in (found.new or {}).items()
            ]
        )
        said.append(
            trn("{n:,} new defective order ({kinds})", "{n:,} new defective orders ({kinds})",
                found.new_orders, kinds=kinds)
        )  # fmt: skip
    if found.left_orders:
        said.append(
            trn("{n:,} defective order left or was taken off",
                "{n:,} defective orders left or were taken off", found.left_orders)
        )  # fmt: skip
    said += [tr("new largest cause: {cause}", cause=cause_name(one)) for one in found.causes_new]
    if not found.causes_new:
        said += [
            tr("no longer a cause: {cause}", cause=cause_name(one)) for one in found.causes_gone
        ]
    if found.deadlines_new:
        said.append(trn("{n:,} new deadline", "{n:,} new deadlines", found.deadlines_new))
    if found.answers_new:
        said.append(
            trn("{n:,} new answer of Amazon's", "{n:,} new answers of Amazon's",
                len(found.answers_new))
        )  # fmt: skip
    return said or [tr("nothing changed")]


def data(row: Row) -> dict[str, Any]:
    """How fresh the data are, and what is missing or behind."""
    if row.as_of is None:
        return {"day": "–", "ago": "", "lines": [], "more": [], "sort": ""}
    lines = []
    if row.missing:
        lacking = [tr(TITLES.get(name.replace("-", "_"), name)) for name in row.missing]
        lines.append(tr("missing: {what}", what=words.listing(lacking)))
    if row.errors:
        lines.append(trn("{n:,} error in the input", "{n:,} errors in the input", row.errors))
    more = [
        tr("{what}: nothing after {day}, {days} before the last order",
           what=words.capital(tr(EXPORT_TITLES.get(name, name))), day=words.short_day(last),
           days=count(days, "day"))
        for name, last, days in row.behind
    ]  # fmt: skip
    return {
        "day": words.day(row.as_of),
        "ago": tr("clock wrong") if row.days_since is None else when(-row.days_since),
        "lines": lines,
        "more": more,
        "sort": row.as_of.isoformat(),
    }


# -- the lists above the table ------------------------------------------------------------------


def calls(found: Portfolio) -> list[dict[str, str]]:
    """Whom to call: every store that is over, unknown or near, the worst first."""
    return [
        _point(row, call_reason(row))
        for row in found.rows
        if row.status != "under" or found.is_near(row)
    ]


def due_soon(found: Portfolio) -> list[dict[str, str]]:
    """What is due within the next days or overdue, over all stores, the first day first."""
    days = RULES["deadline_days"]["value"]
    lines = [
        (one[2], place, row, due_line(*one))
        for place, row in enumerate(found.rows)
        for one in grouped((*row.promises, *row.open_deadlines))
        if one[2] <= days
    ]
    lines.sort(key=lambda line: line[:2])
    return [_point(row, line) for _, _, row, line in lines]


def got_worse(found: Portfolio) -> list[dict[str, str]]:
    """The stores whose standing or rate got worse since the report before, the worst first."""
    worse = [row for row in found.rows if row.changes.worse > (0, 0.0)]
    worse.sort(key=lambda row: row.changes.worse, reverse=True)
    return [
        _point(row, tr("; ", context="slices").join(changed(row)[:3])) for row in worse
    ]  # fmt: skip


def _point(row: Row, said: str) -> dict[str, str]:
    return {"name": row.name, "said": said, "to": f"#{anchor(row)}"}


def anchor(row: Row) -> str:
    """Where a store stands on the page."""
    return f"store-{row.id}"


# -- what stores share --------------------------------------------------------------------------


def shared(found: Portfolio) -> list[dict[str, Any]]:
    """Each shared cause: what it is, the sentence of the joint look, and a line per store."""
    names = {row.id: row.name for row in found.rows}
    said = []
    for one in found.shared:
        told = one.as_dict()
        lead = tr(
            "In the causes of {flagged} stores; {stores} have it.",
            flagged=len(one.flagged), stores=count(len(one.parts), "store"),
        )  # fmt: skip
        joint = (
            tr(
                "Together {defective:,} of {orders} defective, where the stores' other orders "
                "would lead to {expected}; above that in {above} of {compared}.",
                defective=told["defective"], orders=count(told["orders"], "order"),
                expected=words.number(told["expected"]), above=one.above,
                compared=count(told["stores_compared"], "store"),
            )
            if one.comparable
            else tr("No store has other orders to compare it with.")
        )  # fmt: skip
        said.append(
            {
                "what": words.capital(cause_name({one.column: one.value})),
                "lead": lead,
                "joint": joint,
                "size": count(len(one.parts), "store"),
                "stores": [
                    {
                        "name": names[part.store],
                        "to": f"#store-{part.store}",
                        "flagged": tr("yes") if part.flagged else tr("no"),
                        "counts": tr("{defective:,} of {orders}", defective=part.defective,
                                     orders=count(part.orders, "order")),
                        "expected": "–" if part.expected is None else words.number(part.expected),
                        "excess": "–" if part.excess is None else words.number(part.excess),
                    }
                    for part in one.parts
                ],
            }
        )  # fmt: skip
    return said


def operators(found: Portfolio) -> list[dict[str, Any]]:
    """The operators of several stores: which, and what is known of their standing."""
    rows = {row.id: row for row in found.rows}
    said = []
    for one in found.operators:
        lines = []
        if one.in_trouble:
            lines.append(
                tr("Over the limit, in an appeal or with an account status: {stores}.",
                   stores=words.listing([rows[id_].name for id_ in one.in_trouble]))
            )  # fmt: skip
        if one.asked:
            lines.append(
                tr("A notice on file says that another account must be reactivated first.")
            )
        said.append(
            {
                "name": one.name
                if one.by == "client"
                else tr("seller id {id}", id=one.name),
                "stores": words.listing([rows[id_].name for id_ in one.stores]),
                "lines": lines,
            }
        )  # fmt: skip
    return said


def how() -> list[str]:
    """How the page is counted, a sentence each."""
    pace = RULES["pace"]
    return [
        tr(
            "Order: over the limit by the highest rate; then those that cannot be judged, failed "
            "reports first; then those inside it, by spare defects, forecast and next deadline."
        ),
        tr("A store is over if either rule or, by either rule, FBM or FBA alone is over."),
        tr(
            "Spare defects and the forecast are by Amazon's rule, for the channel that is nearest "
            "to its limit."
        ),
        tr(
            "The forecast repeats the defects that arrived in the last {days} days, as many a day "
            "and on orders as old, for {horizon} days; its range is an 80% interval of that pace. "
            "It knows of no event to come and is no promise.",
            days=pace["days"], horizon=pace["horizon"],
        ),
        tr(
            "“Near”, {soon} days for deadlines and {stale} days for old data are limits of this "
            "workbook; Amazon publishes none.",
            soon=RULES["deadline_days"]["value"], stale=RULES["stale_days"]["value"],
        ),
        tr(
            "A report is compared with the newest one made on an earlier day. A defect that left "
            "has left the window, or was taken off."
        ),
    ]  # fmt: skip


def _short(text: str, most: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def summary_lines(found: Portfolio) -> list[str]:
    """The table as text, one store a line, for `odr portfolio`."""
    lines = [headline(found), ""]
    for row in found.rows:
        status = tr(SHORT_STATUS_WORDS[row.status])
        parts: list[str] = [call_reason(row) if row.status != "under" else ""]
        if row.told == "under" and not row.doubts:
            parts += room(row)[: 2 if row.breach_on else 1]
        if row.told == "over" and row.doubts:
            parts += doubts(row)[:1]
        if row.open_deadlines or row.promises:
            parts.append(due(row)["first"] if row.open_deadlines else "")
            parts += due(row)["counts"]
        said = list(dict.fromkeys(filter(None, parts)))
        told = tr("; ", context="slices").join(said)
        lines.append(f"{status}  {row.id}  {told}")
    return [line.rstrip() for line in lines]


ALERT_WORDS = {
    "over": mark("over the limit"),
    "failed": mark("its report could not be made"),
    "unreadable": mark("its report cannot be read"),
    "stale": mark("its data are old"),
    "clock": mark("the clock here is before its data"),
    "unknown": mark("it cannot be judged"),
}


def alert_lines(found: Portfolio) -> list[str]:
    """One line per alert, fit for a log or a mail."""
    return [tr("odr: {store}: {what}", store=one.store, what=_alert(one)) for one in found.alerts]


def _alert(one: Alert) -> str:
    if one.code == "spare":
        return trn("{n:,} spare defect left", "{n:,} spare defects left", one.number or 0)
    if one.code == "breach":
        return tr("at this pace over the limit {when}", when=when(one.number or 0))
    return tr(ALERT_WORDS[one.code])


def told_by(mapping: Mapping[str, Any]) -> str:
    """What is known of related accounts, and whose word that is."""
    return tr("Source: {source} ({checked})", source=mapping["source"], checked=mapping["checked"])
