"""Every kind of file we know, in the order in which a tie between two of them is settled."""

from __future__ import annotations

from odrlib.exports import (
    all_orders,
    chargebacks_page,
    confirm_shipment,
    erp,
    exempted,
    fba_returns,
    fba_shipments,
    feedback,
    ledger,
    mfn_orders,
    mfn_returns,
    odr_detail,
    orders_api,
    performance,
    settlement,
    trackers,
)
from odrlib.exports.export import Export

EXPORTS: tuple[Export, ...] = (
    *all_orders.EXPORTS,
    *mfn_orders.EXPORTS,
    *orders_api.EXPORTS,
    *fba_shipments.EXPORTS,
    *confirm_shipment.EXPORTS,
    *feedback.EXPORTS,
    *odr_detail.EXPORTS,
    *mfn_returns.EXPORTS,
    *fba_returns.EXPORTS,
    *chargebacks_page.EXPORTS,
    *performance.EXPORTS,
    *settlement.EXPORTS,
    *trackers.EXPORTS,
    *erp.EXPORTS,
    *ledger.EXPORTS,
    *exempted.EXPORTS,
)
