"""Questions: what the files of a store can answer now, in part, or not, and what would tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from odrlib.facts import Facts
from odrlib.finding import count
from odrlib.guide.steps import kinds_given, of_this_store
from odrlib.languages import mark, tr
from odrlib.plain import plain_dict
from odrlib.policy import PROFILES, Profile
from odrlib.rates import Rate

State = Literal["yes", "partly", "no"]
# A column filled for fewer orders than this tells only of a part of them.
NEARLY_ALL = 0.9
# Kind of defect → the kinds of file that would tell it of every order.
TELLS = {
    "claim": ("odr_detail", "ledger_claims"),
    "chargeback": ("odr_detail", "chargebacks_page", "ledger_chargebacks"),
    "negative_feedback": ("odr_detail", "feedback"),
}
KINDS = {
    "claim": mark("A-to-z claims"),
    "chargeback": mark("chargebacks"),
    "negative_feedback": mark("negative feedback"),
}
RATES = {
    "amazon": mark("The rate by Amazon's rule"),
    "brief": mark("The rate by the 30-day rule"),
}
# Question → the columns of the orders that answer it, and the kinds of file that tell each.
_CARRIERS = ("confirm_shipment", "orders_api_2026", "fba_shipments", "erp_parcels", "tracker")
CAUSES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "causes_by_product": (mark("Causes by SKU"), {"sku": ("all_orders",)}),
    "causes_by_carrier": (mark("Causes by carrier"), {"carrier": _CARRIERS}),
    "late_parcels": (
        mark("Parcels that came late or never"),
        {
            "promised_delivery": ("new_orders", "orders_api_2026", "fba_shipments"),
            "delivered_at": ("tracker", "ledger_deliveries"),
        },
    ),
}
# Related metric → the kinds of file that would tell it.
METRICS = {
    "late_shipment_rate": ("unshipped_orders", "new_orders", "orders_api_2026"),
    "cancellation_rate": ("all_orders",),
    "valid_tracking_rate": ("tracker", "confirm_shipment"),
    "on_time_delivery_rate": ("tracker", "new_orders"),
    "response_within_24_hours": ("ledger_messages", "performance_v1"),
}


@dataclass(frozen=True)
class Answer:
    """
    Whether the files can answer one question.

    Parameters
    ----------
    id : stable code; `question` and `reason` : in the spoken language
    state : yes, partly or no
    tells : the kinds of file that would make it a yes, any one of them; empty for a yes, and where
        only orders or evidence of the right days are missing
    """

    id: str
    question: str
    state: State
    reason: str
    tells: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON."""
        return plain_dict({name: getattr(self, name) for name in self.__dataclass_fields__})


def questions(facts: Facts) -> tuple[Answer, ...]:
    """What can be answered now: the rates, the causes, the complaints, the proof, the rest."""
    answers = (
        *(_rate(facts, name) for name in PROFILES),
        _reconciled(facts),
        *(_cause(facts, id) for id in CAUSES),
        _complaints(facts),
        _evidence(facts),
        _related(facts),
    )
    return tuple(replace(one, tells=of_this_store(facts.store, one.tells)) for one in answers)


def _rate(facts: Facts, profile: str) -> Answer:
    id, question = f"rate_{profile}", tr(RATES[profile])
    line = facts.headlines[profile]["all"]
    first, last = line.window.first, line.window.last
    orders = facts.store.orders
    if orders is None or line.orders is None:
        return Answer(id, question, "no", tr("no file gives the orders"), ("all_orders",))
    if not line.orders:
        reason = tr("no file has an order from {first} to {last}", first=first, last=last)
        return Answer(id, question, "no", reason, ("all_orders",))
    if line.rate is None:
        reason = tr("no file tells a defect of any order")
        return Answer(id, question, "no", reason, ("odr_detail", "feedback", "ledger_claims"))
    counted = tr(
        "{defective} of {orders} from {first} to {last}",
        defective=_defective(line.profile, line.rate), orders=count(line.orders, "order"),
        first=first, last=last,
    )  # fmt: skip
    if line.unknown:
        kinds = joined(tr(KINDS[kind]) for kind in line.unknown)
        reason = tr("at least {counted}; no file tells the {kinds} of every order",
                    counted=counted, kinds=kinds)  # fmt: skip
        tells = dict.fromkeys(name for kind in line.unknown for name in TELLS[kind])
        return Answer(id, question, "partly", reason, tuple(tells))
    began = orders["day"].min().date()
    if first < began:
        reason = tr("{counted}; the orders files begin on {began}", counted=counted, began=began)
        return Answer(id, question, "partly", reason, ("all_orders",))
    return Answer(id, question, "yes", counted)


def _defective(profile: Profile, rate: Rate) -> str:
    """What the rule counts: orders with a defect, or each kind of it."""
    return count(rate.defective, "defective order" if profile.count == "orders" else "defect")


def _reconciled(facts: Facts) -> Answer:
    id, question = "reconciliation", tr("Whether Amazon counts what we count")
    mine = [
        row
        for row in facts.store.performance
        if row.marketplace == facts.store.settings.marketplace
    ]
    if not mine:
        reason = tr("no file has Amazon's own figure for this marketplace")
        return Answer(id, question, "no", reason, ("performance_v2",))
    if facts.store.orders is None:
        return Answer(id, question, "no", tr("no file gives the orders"), ("all_orders",))
    return Answer(id, question, "yes", tr("Amazon's figure is in {file}", file=mine[0].source))


def _cause(facts: Facts, id: str) -> Answer:
    question, columns = CAUSES[id]
    question = tr(question)
    before = _nothing_to_explain(facts, id, question)
    if before:
        return before
    orders = facts.inside
    filled = {name: orders[name].notna() for name in columns if name in orders}
    lacking = [
        name
        for name in columns
        if name not in filled or filled[name].sum() < NEARLY_ALL * len(orders)
    ]
    tells = tuple(export for name in lacking or columns for export in columns[name])
    known = int(np.logical_and.reduce(list(filled.values())).sum()) if len(filled) else 0
    if not known or len(filled) < len(columns):
        return Answer(id, question, "no", tr("no file tells it of any order of the window"), tells)
    reason = tr("known of {known:,} of {orders}", known=known, orders=count(len(orders), "order"))
    if known < NEARLY_ALL * len(orders):
        return Answer(id, question, "partly", reason, tells)
    return Answer(id, question, "yes", reason)


def _nothing_to_explain(facts: Facts, id: str, question: str) -> Answer | None:
    """Without orders or defects of the window no cause can be found: why, and what would tell."""
    rate = _rate(facts, facts.profile.name)
    return Answer(id, question, "no", rate.reason, rate.tells) if rate.state == "no" else None


def _complaints(facts: Facts) -> Answer:
    id, question = "complaints", tr("What buyers complained about")
    sources = {
        mark("feedback comments"): (facts.store.feedback, "comment", ("feedback",)),
        mark("claim reasons"): (facts.store.claims, "reason", ("ledger_claims",)),
        mark("return reasons"): (facts.store.returns, "reason", ("mfn_returns", "fba_returns")),
    }
    told = [
        name
        for name, (table, column, _) in sources.items()
        if table is not None and column in table and table[column].notna().any()
    ]
    lacking = [name for name in sources if name not in told]
    tells = tuple(export for name in lacking for export in sources[name][2])
    if not told:
        reason = tr("no file has feedback comments, claim reasons or return reasons")
        return Answer(id, question, "no", reason, tells)
    has = joined(map(tr, told))
    if not lacking:
        return Answer(id, question, "yes", tr("the files have {has}", has=has))
    reason = tr("the files have {has}, but no {lacking}", has=has, lacking=joined(map(tr, lacking)))
    return Answer(id, question, "partly", reason, tells)


def _evidence(facts: Facts) -> Answer:
    id, question = "evidence", tr("What proves it, order by order")
    before = _nothing_to_explain(facts, id, question)
    if before:
        return before
    wanted = int(facts.inside["defective"].sum())
    if not wanted:
        return Answer(id, question, "yes", tr("the window has no defective order"))
    orders = count(wanted, "defective order")
    held = int(facts.evidence["count"].gt(0).sum())
    if held >= wanted:
        return Answer(id, question, "yes", tr("the folder evidence has files for all {orders}",
                                              orders=orders))  # fmt: skip
    if held:
        reason = tr("the folder evidence has files for {held:,} of {orders}; odr evidence says "
                    "what to fetch", held=held, orders=orders)  # fmt: skip
        return Answer(id, question, "partly", reason)
    reason = tr("the folder evidence has no file for any of {orders}; odr evidence says what to "
                "fetch", orders=orders)  # fmt: skip
    return Answer(id, question, "no", reason)


def _related(facts: Facts) -> Answer:
    id, question = "related_metrics", tr("The related metrics: late shipment, tracking, answers")
    table = facts.related
    known = table.groupby("metric", sort=False)["status"].agg(lambda s: s.ne("unknown").any())
    unknown = [metric for metric in known.index if not known[metric]]
    if not unknown:
        return Answer(id, question, "yes", tr("all of them can be told"))
    given = kinds_given(facts.store)
    lacking = {m: [name for name in METRICS.get(m, ()) if name not in given] for m in unknown}
    rows = table.drop_duplicates("metric").set_index("metric")
    names = [
        tr(rows.at[metric, "title"])
        if lacking[metric]
        # The files are there and cannot tell it: the metric says why.
        else tr("{metric} ({why})", metric=tr(rows.at[metric, "title"]),
                why=rows.at[metric, "why"].rstrip(".。"))
        for metric in unknown
    ]  # fmt: skip
    reason = tr("unknown: {metrics}", metrics=joined(names))
    tells = dict.fromkeys(name for metric in unknown for name in lacking[metric])
    state: State = "partly" if len(unknown) < len(known) else "no"
    return Answer(id, question, state, reason, tuple(tells))


def joined(names: Iterable[str]) -> str:
    """Names in a row."""
    return tr(", ", context="list").join(names)
