"""
Trackers: what 17TRACK, AfterShip and TrackingMore say became of each parcel.

None of them publishes the columns of its download, so columns are found by synonyms, and states are
brought to one list by policy/tracking.toml. A file without order ids is joined by tracking number.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from odrlib import policy, tracking_numbers
from odrlib.exports.columns import by_frame
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.words import coded, flags, grouped
from odrlib.languages import mark

_MARKS = re.compile(r"\W+")
_STATES = pd.CategoricalDtype(policy.TRACKING_STATES)
_ORDER_ID = r"(?<!\d)(\d{3}-\d{7}-\d{7}|S0[12]-\d{7}-\d{7})(?!\d)"


def tracking_states(words: pd.Series) -> pd.Series:
    """
    A tracker's words as policy tracking states; "unknown" for a word that is not listed.

    >>> list(tracking_states(pd.Series(["成功签收", "Exception_010", "exception010", "Lunch"])))
    ['delivered', 'returning', 'returned', 'unknown']
    """
    codes, said = coded(words)
    states = [_state(word.strip()) for word in said]
    place = {state: number for number, state in enumerate(policy.TRACKING_STATES)}
    at = np.array([*(place.get(state or "", -1) for state in states), -1], np.int8)[codes]
    return pd.Series(pd.Categorical.from_codes(at, dtype=_STATES), index=words.index)


@cache
def _known_states() -> dict[str, str]:
    return {
        _MARKS.sub("", word.casefold()): state
        for state, listed in policy.table("tracking")["states"].items()
        for word in listed
    }


def _state(word: str) -> str | None:
    return _known_states().get(_MARKS.sub("", word.casefold()), "unknown") if word else None


def order_ids(texts: pd.Series) -> pd.Series:
    """
    The Amazon order id inside each text, whatever marks an ERP or a person put around it.

    >>> list(order_ids(pd.Series(["US-113-1234567-1234567-A1", "#113-1234567-1234567"])))
    ['113-1234567-1234567', '113-1234567-1234567']
    """
    plain = texts.astype("str").str.upper().str.replace(r"[‐-―−]", "-", regex=True)
    return plain.str.extract(_ORDER_ID, expand=False)


def carriers(names: pd.Series, numbers: pd.Series) -> pd.Series:
    """
    One name for each carrier; a missing name is read off the number.

    17TRACK's numeric keys are spelled out, spellings in policy/tracking.toml are brought to one,
    and a name that nobody listed stays as it is.

    >>> names = pd.Series(["china-post", "100012", None, "Snail Mail"])
    >>> list(carriers(names, pd.Series([None, None, "1Z999AA10123456784", "1Z999AA10123456784"])))
    ['China Post', 'CNE', 'UPS', 'Snail Mail']
    """
    codes, words = coded(names)
    said = [_carrier(word.strip()) for word in words]
    unsaid = np.array([*(name is None for name in said), True])[codes]
    unsaid = np.flatnonzero(unsaid & numbers.notna().to_numpy())
    if len(unsaid):
        read_codes, read = coded(tracking_numbers.carriers_of(numbers.iloc[unsaid]))
        codes = codes.astype(np.int32)
        codes[unsaid] = np.where(read_codes < 0, -1, len(said) + read_codes)
        said += read
    return pd.Series(grouped(codes, said), index=names.index)


@cache
def _known_carriers() -> dict[str, str]:
    table = policy.table("tracking")
    spelt = {
        _MARKS.sub("", spelling.casefold()): name
        for name, spellings in table["carrier_names"].items()
        for spelling in spellings
    }
    return {**spelt, **table["carrier_keys"]}


def _carrier(word: str) -> str | None:
    key = _MARKS.sub("", word.casefold().lstrip("0"))
    return _known_carriers().get(key, word) or None


def signed(names: pd.Series) -> pd.Series:
    """Whether somebody signed; who did is dropped, because it is a person's name."""
    named = flags(names, lambda name: bool(name.strip()))
    return pd.Series(pd.arrays.BooleanArray(named, ~named), index=names.index)


# Read, used above, and not kept: a note or a signature may name the buyer.
_READ_ONLY = ["reference", "tracking_sub", "last_event_at", "signed_by"]


def _finish(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    main, sub = (tracking_states(frame[name]).array.codes
                 for name in ("tracking_state", "tracking_sub"))  # fmt: skip
    unknown, delivered = map(policy.TRACKING_STATES.index, ("unknown", "delivered"))
    state = np.where((sub >= 0) & (sub != unknown), sub, main)
    state = np.where((state < 0) & frame["delivered_at"].notna().to_numpy(), delivered, state)
    done = frame["delivered_at"].fillna(frame["last_event_at"].where(state == delivered))
    ids, unnamed = frame["order_id"], frame["order_id"].isna()
    finished = frame.assign(
        order_id=ids.fillna(order_ids(frame.loc[unnamed, "reference"])) if unnamed.any() else ids,
        carrier=carriers(frame["carrier"], frame["tracking_number"]),
        tracking_state=pd.Categorical.from_codes(state, dtype=_STATES),
        delivered_at=done,
        signed=signed(frame["signed_by"]),
    )
    return finished.drop(columns=_READ_ONLY), none_aside()


TRACKER = Export(
    name="tracker",
    title=mark("a tracker's export (17TRACK, AfterShip, TrackingMore)"),
    gives=("shipments",),
    columns=(
        Column(
            "tracking_number",
            (
                *("Tracking Number", "Tracking No.", "Tracking No", "Tracking code", "Number"),
                *("Tracking ID", "Shipment tracking number", "运单号", "物流单号", "跟踪号"),
                *(
                    "快递单号",
                    "查询单号",
                    "单号",
                    "追踪号",
                    "Sendungsnummer",
                    "追跡番号",
                    "伝票番号",
                ),
            ),
            "id",
            need=True,
        ),
        Column(
            "order_id",
            (
                *("Amazon Order ID", "Order ID", "Order Number", "Order No.", "Order No", "Order"),
                *("平台订单号", "订单号", "订单编号", "Bestellnummer", "注文番号"),
            ),
            "order_id",
        ),
        Column(
            "reference",
            (
                *("Order Number", "Order No.", "Order Name", "Title", "Reference", "Remark"),
                *("Remarks", "Note", "Notes", "Memo", "备注", "自定义备注", "标题"),
            ),
        ),
        Column(
            "carrier",
            (
                *("Carrier", "Courier", "Courier name", "Carrier name", "Carrier code"),
                *("Courier slug", "Slug", "Courier code", "Provider", "First carrier"),
                *("运输商", "物流商", "快递公司", "承运商", "发件国运输商", "Versanddienstleister"),
                "配送業者",
            ),
        ),
        Column(
            "service",
            ("Service", "Shipment type", "Service type", "Shipping method", "服务类型", "物流方式"),
            "category",
        ),
        Column(
            "tracking_state",
            (
                *("Status", "Tag", "Package status", "Delivery status", "Current status"),
                *("Main status", "Latest status", "Tracking status", "Shipment status", "状态"),
                *("物流状态", "包裹状态", "主状态", "运输状态", "ステータス", "Sendungsstatus"),
            ),
        ),
        Column(
            "tracking_sub",
            (
                *("Sub Status", "Substatus", "Subtag", "Sub-tag", "Latest sub status"),
                *("Delivery sub-status", "子状态", "副状态", "次状态"),
            ),
        ),
        Column(
            "shipped_at",
            (
                *("Shipped at", "Ship date", "Shipped date", "Shipment date", "Dispatch date"),
                *("Shipping time", "发货时间", "发货日期", "Versanddatum", "発送日"),
            ),
            "instant",
        ),
        Column(
            "first_scan_at",
            (
                *("Pickup time", "Picked up at", "Pickup date", "Shipment pickup date"),
                *("Origin info", "Origin info time", "First scan", "First event time"),
                *("First checkpoint", "First checkpoint time", "Item received", "Accepted at"),
                *("上网时间", "揽收时间", "收件时间", "首条轨迹时间", "首个轨迹时间"),
            ),
            "instant",
        ),
        Column(
            "promised_delivery",
            (
                *("Promised delivery date", "Latest delivery date", "Order promised delivery date"),
                "承诺送达时间",
            ),
            "instant",
        ),
        Column(
            "delivered_at",
            (
                *("Delivered time", "Delivered at", "Delivery time", "Delivered date"),
                *("Delivery date", "Actual delivery date", "Shipment delivery date", "签收时间"),
                *(
                    "妥投时间",
                    "送达时间",
                    "Zustelldatum",
                    "Zugestellt am",
                    "配達日時",
                    "配達完了日時",
                ),
            ),
            "instant",
        ),
        Column(
            "last_event_at",
            (
                *("Latest event time", "Last event time", "Last checkpoint time"),
                *("Last checkpoint", "最新轨迹时间", "最新事件时间", "最新物流时间"),
            ),
            "instant",
        ),
        Column("signed_by", ("Signed by", "签收人", "Recipient signature")),
    ),
    tells=("tracking_number", "tracking_state"),
    never=("order-item-id", "Return Reason", "店铺", "付款时间", "Defect Type"),
    where=mark("The download of the tracking service: 17TRACK, AfterShip, TrackingMore or another"),
    hides=mark("scans and delivery dates, so late and lost parcels cannot be told"),
    finish=by_frame(_finish),
)

EXPORTS = (TRACKER,)
