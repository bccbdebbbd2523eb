"""ODR detail: the defective orders, as the page Order Defect Rate lets one download them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.exports.columns import Columns, by_frame
from odrlib.exports.export import Column, Export, none_aside, set_aside
from odrlib.exports.words import coded, flags
from odrlib.languages import mark, tr

_STARS = re.compile(r"([1-5])\s*[-‐–]?\s*(?:stars?\b|sterne?\b|星|★|étoiles?|stelle?|estrellas?)")
_ONE_STAR = re.compile(r"\b(?:one|ein)[-\s]?ste?(?:a|e)?rn?\b|一星|(?<!★)★(?!★)|星1つ")
_NEXT = re.compile(r"[,;+&|、，；\n]|\band\b|\bund\b|\bet\b|以及|和")


def kind_of(text: str) -> str | None:
    """
    The kind of defect that a type, a header or a transaction names; None if it names none.

    >>> kind_of("A-to-z Guarantee Claim"), kind_of("1-Star"), kind_of("信用卡拒付"), kind_of("Late")
    ('claim', 'negative_feedback', 'chargeback', None)
    """
    folded, stars = text.casefold(), stars_of(text)
    kind: str
    for kind, words in policy.table("defects")["kinds"].items():
        if any(word in folded for word in words) and (stars is None or kind != "negative_feedback"):
            return kind
    return "negative_feedback" if stars in policy.AMAZON.negative_stars else None


def stars_of(text: str) -> int | None:
    """
    The stars that a text says; None if it says none.

    >>> stars_of("1-Star"), stars_of("2 Sterne"), stars_of("★☆☆☆☆"), stars_of("Negative Feedback")
    (1, 2, 1, None)
    """
    folded = text.casefold()
    if found := _STARS.search(folded):
        return int(found[1])
    return 1 if _ONE_STAR.search(folded) else folded.count("★") or None


def _is_mark(cell: str) -> bool:
    """Does a cell of a defect's own column say that there is one: any mark but a "no"?"""
    word = cell.strip().casefold()
    return bool(word) and word not in policy.table("defects")["none"]["words"]


def _finish_marks(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    codes, words = coded(columns["negative_feedback"])
    stars = [*map(stars_of, words), None]
    untold = np.array([number is None for number in stars])[codes]
    rating = pd.arrays.IntegerArray(np.array([number or 0 for number in stars])[codes], untold)
    marks = {kind: flags(columns[kind], _is_mark) for kind in policy.KINDS}
    return columns | {"rating": rating} | marks, none_aside()


def _finish_types(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells = frame["defect_type"].astype("str")
    parts = {cell: [part for part in _NEXT.split(cell) if part.strip()] for cell in cells.unique()}
    kinds = {cell: [kind_of(part.strip()) for part in named] for cell, named in parts.items()}
    known = cells.map({cell: bool(named) and None not in named for cell, named in kinds.items()})
    aside = set_aside(
        frame,
        ~known.astype(bool),
        "defect_type",
        "unknown-defect-type",
        tr("this is none of A-to-z, chargeback and negative feedback"),
        tr("Write A-to-z, Chargeback or 1-Star, if it is one of them."),
    )
    stars = {cell: stars_of(cell) for cell in kinds}
    marks = {
        kind: cells.map({cell: kind in named for cell, named in kinds.items()}).astype(bool)
        for kind in policy.KINDS
    }
    typed = frame.assign(rating=cells.map(stars).astype("Int64"), **marks)
    return typed[known.astype(bool)].drop(columns="defect_type"), aside


_ORDER_ID = Column(
    "order_id",
    (
        *("Order ID", "Order identifier", "Amazon order ID", "Order number", "订单编号", "订单号"),
        *("亚马逊订单编号", "Bestellnummer", "Bestell-Nr.", "注文番号", "Numéro de commande"),
        *("Numero ordine", "Numero dell'ordine", "Número de pedido", "amazon-order-id"),
    ),
    "order_id",
    need=True,
)
_ORDERED_ON = Column(
    "ordered_on",
    (
        *("Order Date", "Date", "Purchase date", "订单日期", "下单日期", "日期", "Bestelldatum"),
        *("Datum", "注文日", "日付", "Date de commande", "Data ordine", "Data dell'ordine"),
        *("Fecha del pedido", "Fecha de pedido", "Fecha", "Data"),
    ),
    "day",
)
_CHANNEL = Column(
    "channel",
    (
        *("Fulfilled By", "Fulfillment", "Fulfillment method", "Fulfilment", "Fulfillment channel"),
        *("配送方", "配送方式", "发货方式", "Versand durch", "Versandart", "出荷元", "配送元"),
        *("フルフィルメント", "Expédié par", "Gestito da", "Spedito da", "Gestionado por"),
    ),
    "channel",
)
_WHERE = mark("Seller Central > Performance > Account Health > Order Defect Rate > Download report")
_HIDES = mark("which orders Amazon itself counts as defective")

ODR_DETAIL = Export(
    name="odr_detail",
    title=mark("the order defect rate download"),
    gives=("odr_list",),
    columns=(
        _ORDER_ID,
        _ORDERED_ON,
        _CHANNEL,
        Column(
            "negative_feedback",
            (
                *("Negative Feedback", "Negative feedback received", "负面反馈", "买家负面反馈"),
                *("Negatives Feedback", "Negative Bewertung", "Negatives Verkäuferfeedback"),
                *("低い評価", "否定的なフィードバック", "マイナス評価", "Évaluation négative"),
                *("Évaluations négatives", "Feedback negativo", "Valoración negativa"),
                "Valoraciones negativas",
            ),
        ),
        Column(
            "claim",
            (
                *("A-to-z Guarantee claim", "A-to-Z Guarantee claims", "A-to-z claim"),
                *("A-to-Z claims", "A-to-z", "亚马逊商城交易保障索赔", "A-to-z索赔"),
                *("交易保障索赔", "A-bis-z-Garantieantrag", "A-bis-z-Garantie-Antrag"),
                *("A-bis-z-Garantie", "A-to-z-Garantieantrag", "Amazonマーケットプレイス保証申請"),
                *("マーケットプレイス保証申請", "マーケットプレイス保証", "Garantie A à Z"),
                *("Réclamation Garantie A à Z", "Reclamo Garanzia dalla A alla Z"),
                *("Garanzia dalla A alla Z", "Reclamación de Garantía de la A a la Z"),
                "Garantía de la A a la Z",
            ),
        ),
        Column(
            "chargeback",
            (
                *("Chargeback claim", "Chargeback claims", "Chargeback", "Chargeback status"),
                *("Chargebacks", "Credit card chargeback", "Service chargeback", "信用卡拒付"),
                *("信用卡拒付索赔", "拒付", "Rückbuchung", "Kreditkartenrückbuchung"),
                *("チャージバック", "クレジットカードのチャージバック", "Rétrofacturation"),
                *("Impayé", "Contestazione di addebito", "Riaddebito", "Contracargo"),
                "Devolución de cargo",
            ),
        ),
    ),
    tells=("order_id", "negative_feedback"),
    never=("Defect Type",),
    where=_WHERE,
    hides=_HIDES,
    finish=_finish_marks,
)

ODR_DEFECTS = Export(
    name="odr_defects",
    title=mark("the list of order defects by type"),
    gives=("odr_list",),
    columns=(
        _ORDER_ID,
        _ORDERED_ON,
        _CHANNEL,
        Column(
            "defect_type",
            (
                *(
                    "Defect Type",
                    "Type of defect",
                    "Defect",
                    "缺陷类型",
                    "订单缺陷类型",
                    "Mangelart",
                ),
                *("Art des Mangels", "Defekttyp", "Fehlertyp", "欠陥の種類", "不良の種類"),
                *("Type de défaut", "Tipo di difetto", "Tipo de defecto"),
            ),
            need=True,
        ),
    ),
    tells=("order_id", "defect_type"),
    where=mark("Seller Central > Performance > Order Defects > Export"),
    hides=_HIDES,
    finish=by_frame(_finish_types),
)

EXPORTS = (ODR_DETAIL, ODR_DEFECTS)
