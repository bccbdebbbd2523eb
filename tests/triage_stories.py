"""Defects that look alike and are not: each with its way off and the verdict, as literals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stores import ALL_ORDERS, make_store, order, order_id, orders_file

import odrlib as odr
from odrlib.defects import verdicts
from odrlib.reasons import classify_reasons, statements
from odrlib.triage import triage

AS_OF = date(2026, 3, 31)
DAY = "2026-02-20"
HEADERS = {
    "claims": "order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note",
    "chargebacks": "order_id,filed_on,reason_code,reason,status,class,odr_impact,answer_by,note",
    "removals": "order_id,kind,requested_on,result,decided_on,note",
    "costs": "date,kind,amount,currency,order_id,note",
    "deliveries": "order_id,carrier,service,tracking_number,shipped_at,first_scan_at,promised_ship,"
    "promised_delivery,delivered_at,status,signed_by,file",
}
PROTECTED = "Ground Advantage, Claims Protected"


@dataclass(frozen=True)
class Story:
    """One order and what the files say of it; `{id}` stands for its id."""

    name: str
    kind: str
    route: str
    verdict: str
    comment: str | None = None
    on: str = "3/10/26"
    stars: int = 1
    channel: str = "Merchant"
    rows: dict[str, str] = field(default_factory=dict)


def parcel(
    service: str = PROTECTED,
    *,
    shipped: str = "2026-02-21T09:00:00Z",
    scan: str = "2026-02-21T18:00:00Z",
    ship_by: str = "2026-02-22T23:59:59Z",
    delivered: str = "",
    state: str = "",
) -> str:
    """A row of the deliveries ledger: confirmed and scanned a day before the promise."""
    return f"{{id}},USPS,{service},,{shipped},{scan},{ship_by},,{delivered},{state},,"


def claim(
    reason: str = "not received",
    *,
    status: str = "granted",
    decided: str = "2026-03-20",
    paid: str = "seller",
    impact: str = "yes",
    appeal_by: str = "",
    filed: str = "2026-03-12",
) -> str:
    """A row of the claims ledger: granted eleven days before as-of, charged to the seller."""
    return f"{{id}},{filed},{reason},{status},{decided},{paid},{impact},{appeal_by},"


def chargeback(
    *, filed: str = "2026-03-26", class_: str = "service", status: str = "", answer_by: str = ""
) -> str:
    """A row of the chargebacks ledger: a service chargeback five days before as-of."""
    return f"{{id}},{filed},,not received,{status},{class_},,{answer_by},"


def refund(on: str) -> str:
    """A refund of the seller's own."""
    return f"{on},refund,20.00,USD,{{id}},not received"


def removal(kind: str, result: str) -> str:
    """A row of the removals ledger."""
    return f"{{id}},{kind},2026-03-20,{result},,"


FEEDBACK, CLAIM, CHARGEBACK = "negative_feedback", "claim", "chargeback"
REMOVAL, STRIKE = "feedback removal", "strike-through"
PROTECTION, APPEAL, ANSWER = "Claims Protection", "A-to-z appeal", "A-to-z answer"
REPRESENT = "chargeback answer"
ON_TIME = {"deliveries": parcel()}

STORIES = (
    # -- feedback: the whole comment decides
    Story("product only", FEEDBACK, REMOVAL, "yes", "Poor quality, stopped working after two days"),
    Story("product and service mixed", FEEDBACK, REMOVAL, "no",
          "Seller's shipping was very slow and the widget is dull"),
    Story("product, and the seller does not answer", FEEDBACK, REMOVAL, "no",
          "Stopped working and the seller never replied"),
    Story("product, and praise of the shipping", FEEDBACK, REMOVAL, "no",
          "Fast shipping but stopped working after a day"),
    Story("no comment at all", FEEDBACK, REMOVAL, "unknown", ""),
    Story("damage may be packing", FEEDBACK, REMOVAL, "unknown", "It was broken"),
    Story("product only, day 90", FEEDBACK, REMOVAL, "yes", "Poor quality", "12/31/25"),
    Story("product only, day 91", FEEDBACK, REMOVAL, "no", "Poor quality", "12/30/25"),
    Story("product only in German", FEEDBACK, REMOVAL, "yes", "Schlechte Qualität"),
    Story("request refused before", FEEDBACK, REMOVAL, "no", "Poor quality",
          rows={"removals": removal("feedback", "refused")}),
    Story("request pending", FEEDBACK, REMOVAL, "unknown", "Poor quality",
          rows={"removals": removal("feedback", "pending")}),
    Story("taken off already", FEEDBACK, "already removed", "not needed", "Poor quality",
          rows={"removals": removal("feedback", "removed")}),
    Story("obscene, though mixed", FEEDBACK, REMOVAL, "yes",
          "Fucking slow shipping and poor quality"),
    Story("an obscene word inside a decent one", FEEDBACK, REMOVAL, "no",
          "Scunthorpe seller never replied"),
    Story("the seller's telephone", FEEDBACK, REMOVAL, "yes",
          "The seller never replied on +1 555 010 9999"),
    Story("the buyer's telephone", FEEDBACK, REMOVAL, "unknown",
          "The seller never replied, call me on +1 555 010 9999"),
    Story("an order id is no telephone", FEEDBACK, REMOVAL, "no",
          "The seller never replied about 111-0000000-0000099"),
    # -- strike-through
    Story("FBA, all about the delivery", FEEDBACK, STRIKE, "yes", "Never arrived",
          channel="Amazon"),
    Story("FBA, delivery and product", FEEDBACK, REMOVAL, "no",
          "Arrived late and stopped working", channel="Amazon"),
    Story("FBA, delivery beside praise", FEEDBACK, REMOVAL, "no",
          "Great product, but it arrived two weeks late", channel="Amazon"),
    Story("FBA, delivery and a word not understood", FEEDBACK, STRIKE, "unknown",
          "Never arrived. Flabbergasted customer.", channel="Amazon"),
    Story("Buy Shipping, on time, about the delay", FEEDBACK, STRIKE, "yes",
          "Arrived two weeks late", rows=ON_TIME),
    Story("Buy Shipping, confirmed on time, first scan late", FEEDBACK, STRIKE, "no",
          "Arrived two weeks late",
          rows={"deliveries": parcel(scan="2026-02-23T08:00:00Z")}),
    Story("Buy Shipping, confirmed on time, no scan told", FEEDBACK, STRIKE, "unknown",
          "Arrived two weeks late", rows={"deliveries": parcel(scan="")}),
    Story("another label, on time", FEEDBACK, STRIKE, "no", "Arrived two weeks late",
          rows={"deliveries": parcel("Ground Advantage")}),
    Story("no label told", FEEDBACK, STRIKE, "unknown", "Arrived two weeks late"),
    Story("Buy Shipping, on time, delay and item", FEEDBACK, REMOVAL, "no",
          "Arrived two weeks late and the item is broken", rows=ON_TIME),
    # -- Claims Protection: three conditions
    Story("protected in every way", CLAIM, PROTECTION, "yes", rows=ON_TIME | {"claims": claim()}),
    Story("protected, confirmed on time, first scan late", CLAIM, PROTECTION, "no",
          rows={"claims": claim(), "deliveries": parcel(scan="2026-02-23T08:00:00Z")}),
    Story("protected, first scan not told", CLAIM, APPEAL, "yes",
          rows={"claims": claim(), "deliveries": parcel(scan="")}),
    Story("protected, but Late Delivery Risk", CLAIM, APPEAL, "yes",
          rows={"claims": claim(), "deliveries": parcel(f"{PROTECTED}, Late Delivery Risk")}),
    Story("protected, the seller refunded before the decision", CLAIM, PROTECTION, "no",
          rows=ON_TIME | {"claims": claim(), "costs": refund("2026-03-15")}),
    Story("protected, the status says who refunded", CLAIM, PROTECTION, "no",
          rows=ON_TIME | {"claims": claim(status="seller refunded")}),
    Story("protected, refunded after the decision", CLAIM, PROTECTION, "yes",
          rows=ON_TIME | {"claims": claim(), "costs": refund("2026-03-21")}),
    Story("refunded on the day of the decision: before or after?", CLAIM, APPEAL, "yes",
          rows=ON_TIME | {"claims": claim(), "costs": refund("2026-03-20")}),
    Story("protected, but the item is the matter", CLAIM, APPEAL, "yes",
          rows=ON_TIME | {"claims": claim("defective")}),
    Story("protected, too late", CLAIM, PROTECTION, "no",
          rows=ON_TIME | {"claims": claim(decided="2026-02-28")}),
    Story("late scan, yet delivered: the appeal is left", CLAIM, APPEAL, "yes",
          rows={"claims": claim(),
                "deliveries": parcel(scan="2026-02-23T08:00:00Z", state="Delivered",
                                     delivered="2026-02-26T10:00:00Z")}),
    # -- A-to-z appeal: 30 calendar days, the ledger's own day first
    Story("decided 30 days ago", CLAIM, APPEAL, "yes",
          rows={"claims": claim(decided="2026-03-01")}),
    Story("decided 31 days ago", CLAIM, APPEAL, "no",
          rows={"claims": claim(decided="2026-02-28")}),
    Story("the page gives until today", CLAIM, APPEAL, "yes",
          rows={"claims": claim(decided="2026-02-01", appeal_by="2026-03-31")}),
    Story("the page gave until yesterday", CLAIM, APPEAL, "no",
          rows={"claims": claim(decided="2026-03-20", appeal_by="2026-03-30")}),
    Story("nobody told when it was decided", CLAIM, APPEAL, "unknown",
          rows={"claims": claim(decided="")}),
    Story("refunded by the seller before the decision", CLAIM, APPEAL, "no",
          rows={"claims": claim(), "costs": refund("2026-03-19")}),
    Story("the carrier lost it: nothing to prove", CLAIM, PROTECTION, "no",
          rows={"claims": claim(), "deliveries": parcel("Ground", state="Lost")}),
    Story("an appeal is under review", CLAIM, APPEAL, "unknown",
          rows={"claims": claim(), "removals": removal("claim", "pending")}),
    Story("an appeal was refused", CLAIM, APPEAL, "no",
          rows={"claims": claim(), "removals": removal("claim", "refused")}),
    Story("open, asked yesterday", CLAIM, ANSWER, "yes",
          rows={"claims": claim(status="open", decided="", paid="", filed="2026-03-30")}),
    Story("open, filed long ago: when did Amazon ask?", CLAIM, ANSWER, "unknown",
          rows={"claims": claim(status="open", decided="", paid="", filed="2026-03-20")}),
    # -- claims that are off already: money and rate are two things
    Story("withdrawn", CLAIM, "withdrawn", "not needed",
          rows={"claims": claim(status="withdrawn", impact="no", paid="none")}),
    Story("denied", CLAIM, "denied", "not needed",
          rows={"claims": claim(status="denied", impact="no", paid="none")}),
    Story("funded by Amazon", CLAIM, "funded by Amazon", "not needed",
          rows={"claims": claim(paid="amazon", impact="no")}),
    Story("debited but not counted", CLAIM, "debited but not counted", "not needed",
          rows={"claims": claim(impact="no")}),
    # -- chargebacks: seven days, and the class
    Story("chargeback, day 7", CHARGEBACK, REPRESENT, "yes",
          rows={"chargebacks": chargeback(filed="2026-03-24")}),
    Story("chargeback, day 8", CHARGEBACK, REPRESENT, "no",
          rows={"chargebacks": chargeback(filed="2026-03-23")}),
    Story("chargeback, the e-mail gives more time", CHARGEBACK, REPRESENT, "yes",
          rows={"chargebacks": chargeback(filed="2026-03-20", answer_by="2026-04-01")}),
    Story("chargeback, represented already", CHARGEBACK, REPRESENT, "unknown",
          rows={"chargebacks": chargeback(status="under review")}),
    Story("chargeback, resolved", CHARGEBACK, REPRESENT, "no",
          rows={"chargebacks": chargeback(status="Resolved")}),
    Story("chargeback by fraud", CHARGEBACK, "fraud chargeback", "not needed",
          rows={"chargebacks": chargeback(class_="fraud")}),
    Story("chargeback too late, of unknown class", CHARGEBACK, "fraud chargeback", "unknown",
          rows={"chargebacks": chargeback(filed="2026-03-10", class_="")}),
)  # fmt: skip


def files_of(stories: tuple[Story, ...]) -> dict[str, str]:
    """One store of these stories; feedback older than the window has an order of the window."""
    numbered = list(enumerate(stories, start=1))
    orders = [order(n, DAY, fulfillment_channel=story.channel) for n, story in numbered]
    orders += [order(n, DAY) for n in range(1000, 1100)]
    feedback = ["Date\tRating\tComments\tYour Response\tOrder ID\tRater Email"]
    feedback += [
        f"{story.on}\t{story.stars}\t{story.comment}\t\t{order_id(n)}\tplanted@example.com"
        for n, story in numbered
        if story.comment is not None
    ]
    files = {
        "exports/orders.txt": orders_file(orders, ALL_ORDERS),
        "exports/feedback.txt": "\n".join(feedback) + "\n",
    }
    for table, header in HEADERS.items():
        rows = [
            story.rows[table].format(id=order_id(n)) for n, story in numbered if table in story.rows
        ]
        if rows:
            files[f"ledger/{table}.csv"] = "\n".join([header, *(_quoted(row) for row in rows), ""])
    return files


def _quoted(row: str) -> str:
    """A service name with a comma is one cell."""
    for name in (f"{PROTECTED}, Late Delivery Risk", PROTECTED):
        if name in row:
            return row.replace(name, f'"{name}"')
    return row


def told(folder: Path, files: dict[str, str], settings: str = "", as_of: date = AS_OF):
    """The store of these files, its defects, and the triage."""
    store = odr.read_store(make_store(folder, files, settings), as_of, today=as_of)
    judgement = verdicts(store)
    defects = odr.defects_by_order(store, "amazon", judgement)
    reasons = classify_reasons(statements(store))
    return store, defects, triage(store, defects, judgement, reasons)
