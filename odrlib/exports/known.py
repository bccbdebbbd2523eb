"""Every kind of file we know, in the order in which a tie between two of them is settled."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from odrlib.exports.export import Export

_ROOMS = (
    "all_orders",
    "mfn_orders",
    "orders_api",
    "fba_shipments",
    "confirm_shipment",
    "feedback",
    "odr_detail",
    "mfn_returns",
    "fba_returns",
    "chargebacks_page",
    "performance",
    "settlement",
    "trackers",
    "erp",
    "ledger",
)

EXPORTS: tuple[Export, ...] = tuple(
    export
    for room in _ROOMS
    if find_spec(f"odrlib.exports.{room}")
    for export in import_module(f"odrlib.exports.{room}").EXPORTS
)
