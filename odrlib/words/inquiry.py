"""The inquiry in plain lines, as a terminal shows it: causes, what rose, who was cleared."""

from __future__ import annotations

from odrlib.causes import Cause, how_to_tell_apart
from odrlib.causes.happenings import what_changed_beside
from odrlib.finding import count
from odrlib.inquiry import Inquiry
from odrlib.languages import tr
from odrlib.plain import row_dicts
from odrlib.words.cause_titles import cleared_sentence
from odrlib.words.plain import capital, number, sentence
from odrlib.words.standings import cause_name

CLEARED = 5  # suspects named in a terminal; the report and facts.json hold all


def inquiry_lines(inquiry: Inquiry) -> list[str]:
    """Each cause with what is known beside it, then why there are no more, and what rose."""
    lines: list[str] = []
    for rank, cause in enumerate(inquiry.causes, start=1):
        lines.append(f"{rank}. {cause_counts(cause)}")
        lines += [f"   {said}" for said in _beside(inquiry, rank, cause)]
    lines.append(sentence(capital(inquiry.causes.reason)))
    suspects = row_dicts(inquiry.cleared.head(CLEARED))
    lines += ["", tr("Checked and cleared:")] * bool(suspects)
    lines += [f"- {cleared_sentence(row)}" for row in suspects]
    if inquiry.known:
        lines += ["", *_risen(inquiry)]
    return lines


def cause_counts(cause: Cause) -> str:
    """A cause with its numbers in one line."""
    return tr(
        "{where}: {defective:,} of {orders}, {expected} expected, {excess} too many "
        "(95% interval {low} to {high}, q = {q:.2g})",
        where=cause_name(cause.where), defective=cause.defective,
        orders=count(cause.orders, "order"), expected=number(cause.expected),
        excess=number(cause.excess), low=number(cause.low), high=number(cause.high),
        q=cause.q_value,
    )  # fmt: skip


def _beside(inquiry: Inquiry, rank: int, cause: Cause) -> list[str]:
    """What kind of failure it is, since when, and what would tell it from its rivals."""
    topics = inquiry.cause_categories
    said = topics.loc[topics["rank"].eq(rank), "says"].head(1).tolist()
    ledger = inquiry.store.events is not None
    changed = what_changed_beside(cause, inquiry.over_time, inquiry.happenings, ledger)
    return [sentence(line) for line in said] + changed + how_to_tell_apart(cause)


def _risen(inquiry: Inquiry) -> list[str]:
    on, reason = inquiry.rose_on, inquiry.risen.reason
    if not inquiry.risen:
        return [
            tr("Nothing has become worse since {day}: {reason}.", day=on, reason=reason)
            if on
            else tr("Nothing has become worse since the time before the window: {reason}.",
                    reason=reason)
        ]  # fmt: skip
    since = (
        tr("Worse since {day}:", day=on) if on else tr("Worse since the time before the window:")
    )
    return [since, *(f"- {cause_counts(cause)}" for cause in inquiry.risen)]
