"""Confirm shipment: the file a seller uploads at Orders > Upload Order Related Files."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.exports.columns import Columns
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.words import coded, grouped
from odrlib.languages import mark

_OTHER = ("other", "others", "その他", "sonstige")


def _finish(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    """The carrier by its code, or by the name written where the code says only "other"."""
    codes, carriers = coded(columns["carrier"])
    name_codes, names = coded(columns["carrier_name"])
    unsaid = np.array([*(word.casefold() in _OTHER for word in carriers), True])[codes]
    named = unsaid & (name_codes >= 0)
    carrier = grouped(
        np.where(named, len(carriers) + name_codes.astype(np.int32), codes), [*carriers, *names]
    )
    kept = {name: array for name, array in columns.items() if name != "carrier_name"}
    return kept | {"carrier": carrier}, none_aside()


CONFIRM_SHIPMENT = Export(
    name="confirm_shipment",
    title=mark("a shipping confirmation file"),
    gives=("shipments",),
    columns=(
        Column("order_id", ("order-id", "amazon-order-id"), "order_id", need=True),
        Column("order_item_id", ("order-item-id",), "id"),
        Column("quantity", ("quantity",), "integer"),
        Column("shipped_at", ("ship-date",), "instant"),
        Column("carrier_name", ("carrier-name",), "category"),
        Column("carrier", ("carrier-code",), "category"),
        Column("tracking_number", ("tracking-number",), "id"),
        Column("service", ("ship-method",), "category"),
        Column("ship_from", ("ship_from_address_name", "ship-from-address-name"), "category"),
    ),
    tells=("shipped_at", "tracking_number", "carrier"),
    never=("amazon-order-item-id", "shipment-date"),
    finish=_finish,
    where=mark("the shipping confirmation files your team uploads to Seller Central"),
    hides=mark("carrier, tracking number and ship date of merchant orders"),
)

EXPORTS = (CONFIRM_SHIPMENT,)
