"""
Words: sentences made from numbers. Plural, percent, dates and "below" are decided here, once.

Tables and rates in, plain text out; nothing here knows a figure, a page or a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from odrlib.policy import Profile
from odrlib.rates import Rate

if TYPE_CHECKING:
    from odrlib.facts import Facts
    from odrlib.headline import Headline

KIND_NAMES = {
    "claim": ("A-to-z claim", "A-to-z claims"),
    "chargeback": ("chargeback", "chargebacks"),
    "negative_feedback": ("negative rating", "negative ratings"),
}
CHANNEL_NAMES = {"all": "all orders", "mfn": "FBM (mfn)", "afn": "FBA (afn)"}
# Rows of `composition` that are no group of their own.
FOLDED = r"unknown|[\d,]+ other .*|[\d,]+ .* with fewer than .*"
# Worst first.
STATUS_WORDS = {
    "over": "over the limit",
    "unknown": "of unknown standing",
    "under": "inside the limit",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


# -- small words --------------------------------------------------------------------------------


def count(number: int, one: str, many: str = "") -> str:
    """
    A number with its noun.

    >>> count(1, "order"), count(1_204, "order"), count(0, "reply", "replies")
    ('1 order', '1,204 orders', '0 replies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float, limit: float | None = None) -> str:
    """
    A share 0-1 as a percentage; "unknown" for a missing one.

    Two decimals, or as many more as it takes to show that a share is not its limit.

    >>> percent(14 / 1_200), percent(0.99996e-2, 0.01), percent(12 / 1_200, 0.01)
    ('1.17%', '0.99996%', '1.00%')
    """
    if pd.isna(share):
        return "unknown"
    digits = 2
    while (
        limit is not None
        and share != limit
        and digits < 9
        and f"{share:.{digits}%}" == f"{limit:.{digits}%}"
    ):
        digits += 1
    return f"{share:.{digits}%}"


def short_percent(share: float) -> str:
    """
    A share 0-1 with no more digits than it has: for limits.

    >>> short_percent(0.01), short_percent(0.025), short_percent(0.9)
    ('1%', '2.5%', '90%')
    """
    return f"{float(share) * 100:.10g}%"


def number(value: float) -> str:
    """
    A count that need not be whole, with at most one decimal.

    >>> number(18.24), number(3.0), number(1_204.02)
    ('18.2', '3', '1,204')
    """
    return f"{value:,.1f}".removesuffix(".0")


def day(moment: Any) -> str:
    """
    A day in words; "an unknown day" for a missing one.

    >>> from datetime import date
    >>> day(date(2026, 3, 1))
    '1 March 2026'
    """
    if pd.isna(moment):
        return "an unknown day"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: Any) -> str:
    """
    A day without its year.

    >>> from datetime import date
    >>> short_day(date(2026, 4, 7))
    '7 April'
    """
    return f"{moment.day} {MONTHS[moment.month - 1]}"


def span(first: Any, last: Any) -> str:
    """
    Two days in words, the year said once where it is the same.

    >>> from datetime import date
    >>> span(date(2026, 1, 2), date(2026, 3, 1)), span(date(2025, 12, 2), date(2026, 1, 30))
    ('2 January to 1 March 2026', '2 December 2025 to 30 January 2026')
    """
    if first == last:
        return day(first)
    start = day(first).removesuffix(f" {last.year}") if first.year == last.year else day(first)
    return f"{start} to {day(last)}"


def listing(names: Sequence[str], top: int = 0) -> str:
    """
    Names in a row, all of them or the first few.

    >>> listing(["A", "B", "C"]), listing(["A", "B", "C", "D"], top=2), listing([])
    ('A, B and C', 'A, B and 2 more', 'none')
    """
    shown = [str(name) for name in names]
    if top and len(shown) > top:
        shown = [*shown[:top], f"{len(shown) - top:,} more"]
    if len(shown) < 2:
        return shown[0] if shown else "none"
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def kind_name(kind: str, number: int = 2) -> str:
    """
    A kind of defect in words, singular for one; a name we do not know stays as it is.

    >>> kind_name("claim"), kind_name("claim", 1), kind_name("2 other")
    ('A-to-z claims', 'A-to-z claim', '2 other')
    """
    one, many = KIND_NAMES.get(kind, (kind, kind))
    return one if number == 1 else many


def capital(sentence: str) -> str:
    """
    The sentence with its first letter as a capital, and the rest as it was.

    >>> capital("no orders in FBM")
    'No orders in FBM'
    """
    return sentence[:1].upper() + sentence[1:]


def sentence(clause: str) -> str:
    """
    A clause as a sentence: capital first, full stop last.

    >>> sentence("assumed: as-of minus 15 days")
    'Assumed: as-of minus 15 days.'
    """
    return f"{capital(clause)}." if clause else ""


# -- a rate against its limit -------------------------------------------------------------------


def limit_words(profile: Profile) -> str:
    """
    The limit as the profile sets it.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> limit_words(AMAZON), limit_words(BRIEF)
    ('below 1%', 'at most 1%')
    """
    return f"{'below' if profile.strict else 'at most'} {short_percent(profile.limit)}"


def counts(profile: Profile, rate: Rate) -> str:
    """
    The two counts behind a rate, in the profile's way of counting.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> counts(AMAZON, Rate(14, 1_200)), counts(BRIEF, Rate(1, 1_200))
    ('14 of 1,200 orders', '1 defect on 1,200 orders')
    """
    if profile.count == "orders":
        return f"{rate.defective:,} of {count(rate.orders, 'order')}"
    return f"{count(rate.defective, 'defect')} on {count(rate.orders, 'order')}"


def against(profile: Profile, rate: Rate) -> str:
    """
    Where a rate with orders lies, in words: below, at or above the limit.

    >>> from odrlib.policy import AMAZON, BRIEF
    >>> against(AMAZON, Rate(12, 1_200)), against(BRIEF, Rate(12, 1_200))
    ('exactly at the 1% limit, and so not below it', 'exactly at the 1% limit, and so within it')
    """
    limit = f"the {short_percent(profile.limit)} limit"
    gap = rate.defective * profile.limit.denominator - rate.orders * profile.limit.numerator
    if gap == 0:
        return f"exactly at {limit}, and so {'not below' if profile.strict else 'within'} it"
    return f"{'above' if gap > 0 else 'below'} {limit}"


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
        good = profile.good_orders_needed(rate.defective, rate.orders)
        more = count(good, "more order without a defect", "more orders without a defect")
        if rate.defective < reversals:
            return f"{more} would bring it inside the limit; no reversal can."
        taken = count(reversals, "defect taken off", "defects taken off")
        return f"{taken}, or {more}, would bring it inside the limit."
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


def cause_sentence(cause: Any) -> str:
    """One sentence about a `Cause`: where, how many, and how many more than expected."""
    where = " × ".join(
        f"{column.replace('_', ' ')} = {'unknown' if value is None else value}"
        for column, value in cause.where.items()
    )
    return (
        f"{where}: {cause.defective:,} of {count(cause.orders, 'order')} defective, "
        f"{number(cause.excess)} more than expected."
    )


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
        steps.append(f"Contest what can be contested: {next_step(line)}")
        steps.append(forecast(line))
    errors = sum(finding.level == "error" for finding in facts.quality)
    if errors:
        steps.append(f"Repair {count(errors, 'error')} in the input, listed under its quality.")
    missing = [finding.to_do for finding in facts.quality if finding.id.startswith("missing-")]
    return [step for step in (*steps, *missing[:2]) if step]


def not_known(facts: Facts) -> list[str]:
    """What the files cannot tell, and which file would: the worst first."""
    return [
        finding.message
        for finding in facts.quality
        if finding.id.startswith("missing-") or finding.id == "kind-told-in-part"
    ]


def related_sentence(row: Mapping[str, Any]) -> str:
    """One sentence about a row of `related_metrics`."""
    rule = f"{row['direction']} {short_percent(row['limit'])}"
    name = f"{row['title']}, {count(int(row['days']), 'day')}"
    if row["status"] == "unknown":
        return f"{name}: unknown ({rule})"
    return f"{name}: {percent(row['rate'], row['limit'])} ({rule}), {row['status']}"


# -- titles of figures --------------------------------------------------------------------------


def hedged(title: str, unknown: Sequence[str]) -> str:
    """
    The title of a rate that is a lower bound: what it leaves out comes first.

    >>> hedged("The rate is 0.67%", ["chargeback"]), hedged("The rate is 0.67%", [])
    ('Without the chargebacks, which no file tells, the rate is 0.67%', 'The rate is 0.67%')
    """
    if not unknown:
        return title
    missing = listing([kind_name(kind) for kind in unknown])
    return f"Without the {missing}, which no file tells, {title[:1].lower()}{title[1:]}"


def judged(rolling: pd.DataFrame) -> pd.DataFrame:
    """
    The days of a rolling rate that can be held against the limit: those with a full window.

    In a history shorter than the window, all days with orders.
    """
    known = rolling[rolling["orders"] > 0]
    return known[known["full"]] if known["full"].any() else known


def rate_title(rolling: pd.DataFrame, profile: Profile, at: Any = None) -> str:
    """
    What the rolling rate says on its day `at` (default the last with orders).

    `rolling` as `rates.rolling_rate` gives it.
    """
    known = judged(rolling)
    known = known if at is None else known[known.index <= pd.Timestamp(at)]
    if known.empty:
        until = "" if at is None else f" up to {day(pd.Timestamp(at))}"
        return f"There are no orders{until}, so there is no rate"
    now = known.iloc[-1]
    rate = Rate(int(now["defective"]), int(now["orders"]))
    said = (
        f"The rate of the {profile.days} days to {day(known.index[-1])} is "
        f"{percent(rate.value, float(profile.limit))}, {against(profile, rate)}"
    )
    over = known["over"].to_numpy()
    if not over.any():
        return f"{said}; it never was over it"
    if not now["over"]:
        return f"{said}; it was over it until {day(known.index[over][-1])}"
    inside = known.index[~over]
    since = known.index[0] if inside.empty else known.index[known.index > inside[-1]][0]
    return f"{said}; it has been over it since {day(since)}"


def calendar_title(rolling: pd.DataFrame) -> str:
    """On how many days the rate was over the limit, and which was the last."""
    known = judged(rolling)
    over = known.index[known["over"]]
    if known.empty:
        return "There are no orders, so no day has a rate"
    if over.empty:
        return f"The rate was inside the limit on all {count(len(known), 'day')}"
    return (
        f"The rate was over the limit on {len(over):,} of {count(len(known), 'day')}, "
        f"the last of them {day(over[-1])}"
    )


def kinds_title(weeks: pd.DataFrame) -> str:
    """
    Which kind of defect is the largest. `weeks` as `composition(…, by="kind")` gives it.

    A share of all defects, so an order with two kinds counts under both.
    """
    if weeks.empty:
        return "There are no orders, or no file tells their defects"
    totals = weeks.groupby("group", observed=True)["defective"].sum()
    everything = int(totals.sum())
    if not everything:
        return "There are no defects in these weeks"
    top = str(totals.idxmax())
    most = int(totals.max())
    if everything == 1:
        return f"The only defect is one {kind_name(top, 1)}"
    if most == everything:
        return f"All {everything:,} defects are {kind_name(top)}"
    return f"{capital(kind_name(top))} are {most:,} of the {everything:,} defects"


def composition_title(table: pd.DataFrame, what: str) -> str:
    """
    Which named group has the most defective orders above its share, and on what share of orders.

    `table` as `composition` gives it; `what` names the column in the reader's words ("carrier").
    """
    if table["defective"].isna().any():
        return "No file tells the defects of these orders"
    sums = table.groupby("group", observed=True)[["orders", "defective"]].sum()
    defective, orders = int(sums["defective"].sum()), int(sums["orders"].sum())
    if not defective:
        return "There are no defective orders in these weeks"
    named = sums[~sums.index.astype("str").str.fullmatch(FOLDED)]
    if named.empty or not orders:
        return f"The {defective:,} defective orders by {what}"
    top = (named["defective"] - named["orders"] * (defective / orders)).idxmax()
    return (
        f"{top} ({what}) has {int(sums.loc[top, 'defective']):,} of the {defective:,} "
        f"defective orders on {sums.loc[top, 'orders'] / orders:.0%} of the orders"
    )


def rate_by_title(table: pd.DataFrame, what: str, overall: Rate) -> str:
    """
    Which group stands out from the whole, if one does.

    `table` as `rate_by` gives it. A group stands out if its 95 % interval lies above the rate of
    all orders, `overall`.
    """
    if table["defective"].isna().any():
        return "No file tells the defects of these orders"
    orders, defective = overall.orders, overall.defective
    if not orders:
        return "There are no orders to compare"
    if not defective:
        return f"None of {count(orders, 'order')} is defective"
    if len(table) == 1:
        return f"All orders are alike here: {what} {table.index[0]}"
    named = ~table.index.astype("str").str.fullmatch(FOLDED)
    out = table[named & (table["low"] > overall.value)]
    if out.empty:
        return (
            f"No {what} stands out: every interval reaches the {percent(overall.value)} of all "
            "orders"
        )
    worst = out.iloc[0]
    rest = orders - int(worst["orders"])
    others = percent((defective - int(worst["defective"])) / rest) if rest else "unknown"
    return (
        f"{out.index[0]} ({what}): {percent(worst['rate'])} defective, "
        f"against {others} of all other orders"
    )


def causes_title(causes: pd.DataFrame) -> str:
    """What the largest cause carries. `causes` as `causes_table` gives it, in rank order."""
    if causes.empty:
        return "No group of orders has more defects than chance explains"
    top = causes.iloc[0]
    return (
        f"{top['where']}: {int(top['defective']):,} defective orders where "
        f"{number(top['expected'])} would be expected, {number(top['excess'])} too many"
    )


def related_title(metrics: pd.DataFrame) -> str:
    """How many of the related metrics miss their limit. `metrics` as `related_metrics` gives it."""
    missed, unknown = (int((metrics["status"] == status).sum()) for status in ("missed", "unknown"))
    if unknown == len(metrics):
        return "None of the related metrics can be told from these files"
    known = len(metrics) - unknown
    if missed:
        said = f"{missed:,} of {count(known, 'known metric')} miss{'es' * (missed == 1)} the limit"
    elif known == 1:
        said = "The known metric keeps its limit"
    else:
        said = f"All {known:,} known metrics keep their limits"
    return f"{said}; {unknown:,} unknown" if unknown else said


def roll_off_title(roll_off: Any, profile: Profile) -> str:
    """What waiting alone does, from a `roll_off.RollOff`."""
    days = roll_off.calendar
    limit = f"the {short_percent(profile.limit)} limit"
    now = bool(days["under"].iloc[0])
    assumed = "unless new defects arrive" if now else "if no new defects arrive"
    if not int(days["orders"].iloc[0]):
        return "There are no orders in the window, so there is no rate to carry forward"
    if now and roll_off.breach_on is None:
        return f"The rate stays inside {limit} {assumed}"
    if now:
        return f"The rate is inside {limit} now and leaves it on {day(roll_off.breach_on)}"
    if roll_off.back_under_limit_on is None:
        return (
            f"Waiting alone does not bring the rate inside {limit} by {day(days['day'].iloc[-1])}"
        )
    return f"The rate is inside {limit} from {day(roll_off.back_under_limit_on)} on {assumed}"
