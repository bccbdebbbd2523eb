"""
ERP: orders and parcels as Dianxiaomi, Mabang, Tongtool, Sellfox, Lingxing and others export them.

No ERP publishes its headers, so columns are found by synonyms; what fits none is mapped once in
store.toml. An ERP numbers orders itself, and serves other platforms too: the Amazon order id is
looked for in the platform's column, then in the reference column, and rows of other platforms are
set aside. Times without a zone are read in the store's, although many ERPs write China's.
"""

from __future__ import annotations

import pandas as pd

from odrlib.exports.columns import by_frame
from odrlib.exports.export import Column, Export, set_aside
from odrlib.exports.trackers import carriers, order_ids, tracking_states
from odrlib.languages import mark, tr

_EXCEL = r"\d(?:[.,]\d+)?[Ee]\+?\d+"


def _finish(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = frame["order_id"].astype("str")
    found = order_ids(given).fillna(order_ids(frame["reference"]))
    rounded = given.str.fullmatch(_EXCEL).fillna(False).astype(bool) & found.isna()
    aside = [
        set_aside(
            frame,
            rounded,
            "order_id",
            "excel-damaged-id",
            tr("a spreadsheet has turned the id into a rounded number"),
            tr("Export the list again and do not save it from a spreadsheet."),
        ),
        set_aside(
            frame,
            found.isna() & ~rounded,
            "order_id",
            "not-an-amazon-order",
            tr("this is no Amazon order id, so the order is of another platform"),
            tr("Check the id only if it was an Amazon order."),
        ),
    ]
    finished = frame.assign(
        order_id=found,
        carrier=carriers(frame["carrier"], frame["tracking_number"]),
        tracking_state=tracking_states(frame["tracking_state"]),
    )[found.notna()]
    return finished.drop(columns="reference"), pd.concat(aside)


_REFERENCE = (
    *("交易号", "交易编号", "参考号", "参考单号", "参考编号", "客户单号", "客户订单号"),
    *("reference no", "reference number", "customer order no", "transaction id"),
)
_COLUMNS = (
    Column(
        "order_id",
        (
            *("平台订单号", "平台单号", "平台订单编号", "平台订单ID", "亚马逊订单号"),
            *("Amazon订单号", "亚马逊订单编号", "平台原始单号", "原始订单号", "来源单号"),
            *("网店订单号", "线上订单号", "platform order id", "platform order no"),
            *("amazon order id", "sales order no", "订单号", "订单编号", "订单号/包裹号"),
            *("order id", "order number", "order no", "系统单号", "系统订单号", "单据编号"),
            *_REFERENCE,
        ),
        need=True,
    ),
    Column("reference", _REFERENCE),
    Column("shop", ("店铺", "店铺名称", "店铺账号", "卖家账号", "shop", "store"), "category"),
    Column("status", ("订单状态", "包裹状态", "order status"), "category"),
    Column(
        "paid_at",
        ("付款时间", "支付时间", "付款日期", "payment time", "paid time"),
        "instant",
    ),
    Column(
        "ordered_at",
        ("下单时间", "订购时间", "订单时间", "下单日期", "order time", "order date"),
        "instant",
    ),
    Column(
        "shipped_at",
        (
            *("发货时间", "发货日期", "实际发货时间", "出库时间", "交运时间", "标发时间"),
            *("shipped time", "ship time", "delivery time"),
        ),
        "instant",
    ),
    Column(
        "first_scan_at",
        ("上网时间", "揽收时间", "首次上网时间", "tracking online time"),
        "instant",
    ),
    Column("promised_ship", ("最晚发货时间", "发货截止时间", "发货期限"), "instant"),
    Column("promised_delivery", ("最晚送达时间", "预计送达时间", "承诺送达时间"), "instant"),
    Column("delivered_at", ("签收时间", "妥投时间", "送达时间"), "instant"),
    Column("tracking_state", ("物流状态", "运输状态", "轨迹状态", "跟踪状态")),
    Column(
        "carrier",
        (
            *("物流商", "物流公司", "承运商", "快递公司", "物流服务商", "货代", "货代公司"),
            *("logistics provider", "carrier"),
        ),
    ),
    Column(
        "service",
        (
            *("物流方式", "物流渠道", "物流渠道名称", "物流产品", "运输方式", "邮寄方式"),
            *("发货方式", "渠道", "买家指定物流", "logistics channel", "shipping method"),
        ),
        "category",
    ),
    Column(
        "tracking_number",
        (
            *("运单号", "跟踪号", "物流单号", "追踪号", "快递单号", "物流跟踪号", "跟踪单号"),
            *("货运单号", "tracking number", "tracking no", "tracking no."),
        ),
        "id",
    ),
    Column(
        "warehouse",
        ("仓库", "发货仓库", "仓库名称", "发货仓", "出库仓库", "warehouse"),
        "category",
    ),
    Column(
        "country", ("国家", "收件国家", "目的国", "国家/地区", "收货国家", "country"), "category"
    ),
    Column("sku", ("SKU", "商品SKU", "平台SKU", "MSKU", "产品SKU", "商品编码", "SKU编号")),
    Column("asin", ("ASIN",)),
    Column("quantity", ("数量", "商品数量", "产品数量", "购买数量", "quantity"), "integer"),
    Column("supplier", ("供应商", "供应商名称", "供货商", "厂家", "supplier"), "category"),
    Column("batch", ("批次", "批次号", "生产批次", "lot"), "category"),
)
_NEVER = (
    *("A-to-z Guarantee claim", "A-to-Z Claim", "负面反馈", "缺陷类型", "Defect Type", "退货原因"),
    *("transaction-type", "order-item-id", "return-date", "Return Reason"),
)
_GIVES = ("shipments", "erp_orders")
_HIDES = mark("services, warehouses and suppliers of merchant orders")

ERP_PARCELS = Export(
    name="erp_parcels",
    title=mark("an ERP's list of parcels"),
    gives=_GIVES,
    columns=_COLUMNS,
    tells=("order_id", "tracking_number"),
    never=_NEVER,
    where=mark("The logistics list of the ERP, exported as CSV or XLSX"),
    hides=_HIDES,
    finish=by_frame(_finish),
)

ERP_ORDERS = Export(
    name="erp_orders",
    title=mark("an ERP's list of orders"),
    gives=_GIVES,
    columns=_COLUMNS,
    tells=("order_id", "shop"),
    never=_NEVER,
    where=mark("The order list of the ERP, exported as CSV or XLSX"),
    hides=_HIDES,
    finish=by_frame(_finish),
)

EXPORTS = (ERP_PARCELS, ERP_ORDERS)
