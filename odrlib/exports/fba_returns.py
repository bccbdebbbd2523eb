"""FBA customer returns: Reports > Fulfillment, whose codes Chinese ERPs translate in brackets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.exports.columns import Columns, length
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.words import grouped
from odrlib.languages import mark


def _finish(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    # A file without rows has no word either.
    channel = grouped(np.zeros(length(columns), np.int8), ("afn",))
    return columns | {"channel": channel}, none_aside()


FBA_RETURNS = Export(
    name="fba_returns",
    title=mark("the FBA customer returns report"),
    gives=("returns",),
    columns=(
        Column("requested_on", ("return-date", "退货日期", "退货时间"), "day", need=True),
        Column("order_id", ("order-id", "订单号", "订单编号"), "order_id", need=True),
        Column("sku", ("sku", "MSKU", "Seller SKU", "卖家SKU")),
        Column("asin", ("asin",)),
        Column("quantity", ("quantity", "退货数量", "数量"), "integer"),
        Column(
            "warehouse",
            ("fulfillment-center-id", "运营中心编号", "退货仓库", "仓库"),
            "category",
        ),
        Column("disposition", ("detailed-disposition", "库存属性", "商品处置"), "reason"),
        Column("reason", ("reason", "退货原因"), "reason"),
        Column("status", ("status", "状态", "退货状态"), "category"),
        Column("comment", ("customer-comments", "customer-comment", "买家备注", "买家评论")),
    ),
    tells=("requested_on", "order_id", "reason", "disposition"),
    where=mark("Seller Central > Reports > Fulfillment > FBA customer returns"),
    hides=mark("the reasons and conditions of returned FBA units"),
    finish=_finish,
)

EXPORTS = (FBA_RETURNS,)
