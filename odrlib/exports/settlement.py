"""
Money: the settlement report and the Payments date-range report, which prove debits of claims.

A debit says that money was taken, not that the claim counts in the order defect rate. The first row
of a settlement is its head (deposit and total, no order, no amount): it is read and kept as a row
without an order, because it is not a bad row.
"""

from __future__ import annotations

import pandas as pd

from odrlib.exports.export import Column, Export
from odrlib.exports.odr_detail import kind_of

_MONEY_KINDS = ("claim", "chargeback")


def _finish(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    `defect` says whether the row is the money of a claim or of a chargeback; the currency, which
    only the head of a settlement names, is given to all its rows.
    """
    said = (
        frame["type"].astype("str").fillna("") + " " + frame["description"].astype("str").fillna("")
    )
    kinds = {text: kind_of(text) for text in said.unique()}
    defect = said.map({text: k if k in _MONEY_KINDS else None for text, k in kinds.items()})
    defect = pd.Categorical(defect, categories=_MONEY_KINDS)
    currency = frame.groupby("settlement_id")["currency"].transform("first")
    return frame.assign(defect=defect, currency=currency), frame.iloc[:0]


SETTLEMENT = Export(
    name="settlement",
    title="the settlement report (V2 flat file)",
    gives=("settlements",),
    columns=(
        Column("settlement_id", ("settlement-id",), "id", need=True),
        Column("currency", ("currency",), "category"),
        Column("type", ("transaction-type",), "category"),
        Column("order_id", ("order-id",), "order_id"),
        Column("description", ("amount-description",), "category"),
        Column("amount", ("amount",), "money"),
        Column("channel", ("fulfillment-id",), "channel"),
        Column("posted_at", ("posted-date-time", "posted-date"), "instant"),
        Column("sku", ("sku",)),
    ),
    tells=("settlement_id", "type", "description", "amount"),
    where="Seller Central > Payments > Reports repository > Settlement, flat file V2",
    hides="Without it the money that claims took from the account is unknown.",
    finish=_finish,
)

PAYMENTS = Export(
    name="payments",
    title="the Payments date-range report",
    gives=("settlements",),
    columns=(
        Column(
            "posted_at",
            (
                *("date/time", "Datum/Uhrzeit", "date/heure", "Data/Ora:", "Data/Ora"),
                *("fecha y hora", "日付/時間", "日期/时间", "Datum/tijd", "Datum/tid"),
            ),
            "instant",
            need=True,
        ),
        Column(
            "settlement_id",
            (
                *("settlement id", "Abrechnungsnummer", "numéro de versement", "Numero pagamento"),
                *("identificador de pago", "決済番号", "结算编号", "结算ID"),
            ),
            "id",
        ),
        Column(
            "type",
            ("type", "Typ", "Tipo", "トランザクションの種類", "类型", "交易类型"),
            "category",
        ),
        Column(
            "order_id",
            (
                *("order id", "Bestellnummer", "numéro de la commande", "Numero ordine"),
                *("número de pedido", "注文番号", "订单编号", "订单号", "Bestelnummer"),
            ),
            "order_id",
        ),
        Column("sku", ("sku",)),
        Column(
            "description",
            ("description", "Beschreibung", "Descrizione", "descripción", "説明", "描述", "说明"),
        ),
        Column(
            "channel",
            (
                *("fulfillment", "fulfilment", "Versand", "traitement", "Gestione"),
                *("gestión logística", "フルフィルメント", "配送", "配送方式"),
            ),
            "channel",
        ),
        Column("currency", ("currency", "Währung", "devise", "divisa", "通貨", "币种"), "category"),
        Column("amount", ("total", "Gesamt", "totale", "合計", "总计", "总额", "totaal"), "money"),
    ),
    tells=("posted_at", "type", "order_id", "amount"),
    where="Seller Central > Payments > Reports repository > Transaction, date range",
    hides="Without it the money that claims took from the account is unknown.",
    finish=_finish,
)

EXPORTS = (SETTLEMENT, PAYMENTS)
