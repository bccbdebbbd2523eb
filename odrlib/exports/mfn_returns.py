"""Returns of seller-fulfilled orders: Reports > Return reports, old and new forms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.exports.columns import Columns, length
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.words import grouped
from odrlib.languages import mark


def _finish(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    # A file without rows has no word either.
    channel = grouped(np.zeros(length(columns), np.int8), ("mfn",))
    return columns | {"channel": channel}, none_aside()


MFN_RETURNS = Export(
    name="mfn_returns",
    title=mark("the returns report of seller-fulfilled orders"),
    gives=("returns",),
    columns=(
        Column("order_id", ("Order ID",), "order_id", need=True),
        Column("ordered_on", ("Order date",), "day"),
        Column("requested_on", ("Return request date",), "day", need=True),
        Column("status", ("Return request status",), "category"),
        Column("a_to_z", ("A-to-Z Claim",), "flag"),
        Column("asin", ("ASIN",)),
        Column("sku", ("Merchant SKU",)),
        Column("quantity", ("Return quantity",), "integer"),
        Column("reason", ("Return Reason",), "reason"),
        Column("in_policy", ("In policy",), "flag"),
        Column("resolution", ("Resolution",), "category"),
        Column("delivered_on", ("Return delivery date",), "day"),
        Column("refunded", ("Refunded Amount",), "money"),
        Column("comment", ("Customer comments", "Buyer comment", "Customer comment")),
    ),
    tells=("order_id", "requested_on", "reason"),
    where=mark("Seller Central > Reports > Return reports > Seller-fulfilled returns"),
    hides=mark("the reasons of merchant returns, and which of them came with a claim"),
    finish=_finish,
)

EXPORTS = (MFN_RETURNS,)
