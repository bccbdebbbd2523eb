"""Wanted: what each table is called, what to get for it, and what stays unknown without it."""

from __future__ import annotations

from odrlib.languages import mark

LISTED = {
    "odr_list": mark("the order defect download"),
    "feedback": mark("seller feedback"),
    "returns": mark("returns"),
    "claims": mark("the claims ledger"),
    "chargebacks": mark("chargebacks"),
    "messages": mark("messages"),
    "removals": mark("removals"),
    "evidence": mark("the evidence ledger"),
    "settlements": mark("settlements"),
    "shipments": mark("shipments"),
}
TITLES = LISTED | {
    "orders": mark("orders"),
    "performance": mark("Amazon's own figure"),
    "events": mark("the events ledger"),
}
# Table → what to get, and what stays unknown without it, in order of value.
WANTED = {
    "orders": (
        mark("the All Orders report (Reports > Fulfilment > All Orders)"),
        mark("the order count, and with it every rate"),
    ),
    "odr_list": (
        mark(
            "the order defect download "
            "(Performance > Account Health > Order Defect Rate > Download)"
        ),
        mark("Amazon's own list of defective orders"),
    ),
    "feedback": (
        mark("the seller feedback file (Performance > Feedback > Download)"),
        mark("stars and comments of negative feedback"),
    ),
    "claims": (
        mark("ledger/claims.csv, filled from Performance > A-to-z claims"),
        mark("reasons, decisions and payers of A-to-z claims, so that denied ones are counted too"),
    ),
    "chargebacks": (
        mark(
            "ledger/chargebacks.csv, or the chargebacks page (Performance > Chargeback Claims) "
            "saved as JSON"
        ),
        mark("whether a chargeback is fraud, which does not count"),
    ),
    "performance": (
        mark(
            "the V2 seller performance report (JSON), or the figure of Performance > Account "
            "Health typed into store.toml"
        ),
        mark("the true end of Amazon's window, and whether Amazon counts what we count"),
    ),
    "shipments": (
        mark("shipment files: confirm-shipment uploads, Orders API, FBA shipments, ERP, tracker"),
        mark("carriers, tracking and delivery, so no cause in logistics can be found"),
    ),
    "returns": (
        mark("the returns reports (Reports > Fulfilment or Returns)"),
        mark("return reasons per order"),
    ),
    "messages": (
        mark("ledger/messages.csv, from the Buyer-Seller Messages page"),
        mark("how fast buyers were answered"),
    ),
    "events": (
        mark("ledger/events.csv: carrier switched, listing edited, lot received"),
        mark("what changed when the rate changed"),
    ),
}
