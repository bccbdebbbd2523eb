"""Feedback: the removal and strike-through rules, and the buyer's own removal."""

from __future__ import annotations

from odrlib.languages import tr
from odrlib.languages.forms import day
from odrlib.triage import comments
from odrlib.triage.candidate import COMMENT, Candidate, Condition, in_time, weighed
from odrlib.triage.gather import Case
from odrlib.triage.routes import ROUTES, last_day
from odrlib.triage.shipped import bought_condition, scan_condition


def feedback_candidates(case: Case) -> list[Candidate]:
    """The ways for negative feedback that counts."""
    found = [
        _candidate(case, "product_review", _reading("product review",
                                                    comments.product_only(case.said))),
    ]  # fmt: skip
    about = _reading("about the delivery", comments.delivery_only(case.said))
    if case.channel == "afn":
        by_amazon = Condition(
            "fulfilled by Amazon", "yes", tr("fulfilled by Amazon"), "orders.channel"
        )
        found.append(_candidate(case, "fba_strike", about, by_amazon))
    else:
        found.append(
            _candidate(
                case, "buy_shipping_strike", about, bought_condition(case), scan_condition(case)
            )
        )
    if comments.obscene(case.said):
        word = Condition("obscene", "yes", tr("the comment holds an obscene word"), COMMENT)
        found.append(_candidate(case, "obscene", word))
    data = comments.personal_data(case.said)
    if data is not None:
        found.append(_candidate(case, "personal_data", _reading("personal data", data)))
    return [*found, _buyer(case)]


def _reading(name: str, read: comments.Reading) -> Condition:
    return Condition(name, read.answer, read.says, COMMENT, soft=True)


def _candidate(case: Case, route: str, *conditions: Condition) -> Candidate:
    way = ROUTES[route]
    until = last_day(way.deadline, case.on)
    return weighed(
        way,
        [*conditions, *_asked(case), _in_time(case, way.deadline)],
        deadline=until,
        certainty="likely",
    )


def _in_time(case: Case, name: str) -> Condition:
    """Feedback without a day is not too late: the rule of 90 days is a third party's word."""
    until, untold = last_day(name, case.on), tr("no file tells when the feedback came")
    if until is None:
        return Condition("in time", "yes", untold, "feedback.date")
    return in_time(until, case.as_of, untold, "feedback.date", soft=True)


def _asked(case: Case) -> list[Condition]:
    """A request that is pending or was refused, where there is one."""
    on = case.requested_on
    if case.request == "refused":
        says = (
            tr("Amazon refused the request of {day}", day=day(on))
            if on
            else tr("Amazon refused the request")
        )
        return [Condition("not tried before", "no", says, "removals.result")]
    if case.request == "pending":
        says = (
            tr("the request of {day} is pending", day=day(on))
            if on
            else tr("the request is pending")
        )
        return [Condition("not tried before", "unknown", says, "removals.result")]
    return []


def _buyer(case: Case) -> Candidate:
    """The buyer may take it back; nobody else knows whether he will."""
    way = ROUTES["buyer_removal"]
    says = tr(
        "only the buyer can take it back: solve the problem first, ask once, never pay for it and "
        "never offer it against a refund"
    )
    asks = Condition("the buyer agrees", "unknown", says, "messages")
    until = last_day(way.deadline, case.on)
    return weighed(
        way, [asks, _in_time(case, way.deadline)], deadline=until, certainty="open", decides=False
    )
