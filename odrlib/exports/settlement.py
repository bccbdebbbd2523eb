"""
Money: the settlement report and the Payments date-range report, which prove debits of claims.

A debit says that money was taken, not that the claim counts in the order defect rate. The first row
of a settlement is its head (deposit and total, no order, no amount): it is read and kept as a row
without an order, because it is not a bad row.
"""

from __future__ import annotations

import pandas as pd

from odrlib.exports.columns import by_frame
from odrlib.exports.export import Column, Export, none_aside
from odrlib.exports.odr_detail import kind_of
from odrlib.languages import mark

_MONEY_KINDS = pd.CategoricalDtype(["claim", "chargeback"])


def _defects(words: pd.Series) -> pd.Series:
    """What kind of defect each word names, where it is one that moves money."""
    said = words.astype("str")
    kinds = {word: kind_of(word) for word in said.dropna().unique()}
    named = said.map(
        {word: kind for word, kind in kinds.items() if kind in _MONEY_KINDS.categories}
    )
    return named.astype("str").astype(_MONEY_KINDS)


def _finish_settlement(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    `defect` says whether the row is the money of a claim or of a chargeback; the currency, which
    only the head of a settlement names, is given to all its rows.

    A description can name a claim too, but "ShippingChargeback" is a fee and no chargeback.
    """
    described = _defects(frame["description"])
    defect = _defects(frame["type"])
    return frame.assign(
        defect=defect.fillna(described.where(described.eq("claim"))),
        currency=frame.groupby("settlement_id")["currency"].transform("first"),
    ), none_aside()


def _finish_payments(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The type alone says the defect: the description is the title of a product."""
    return frame.assign(defect=_defects(frame["type"])), none_aside()


SETTLEMENT = Export(
    name="settlement",
    title=mark("the settlement report (V2 flat file)"),
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
    where=mark("Seller Central > Payments > Reports repository > Settlement, flat file V2"),
    hides=mark("the money that claims and chargebacks took from the account"),
    finish=by_frame(_finish_settlement),
)

PAYMENTS = Export(
    name="payments",
    title=mark("the Payments date-range report"),
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
    where=mark("Seller Central > Payments > Reports repository > Transaction, date range"),
    hides=mark("the money that claims and chargebacks took from the account"),
    finish=by_frame(_finish_payments),
)

EXPORTS = (SETTLEMENT, PAYMENTS)
