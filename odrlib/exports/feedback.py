"""Seller feedback: the download of Feedback Manager, the same six columns in every language."""

from __future__ import annotations

import pandas as pd

from odrlib import policy
from odrlib.exports.columns import by_frame
from odrlib.exports.export import Column, Export, set_aside
from odrlib.languages import mark, tr

_STARS = range(1, 6)


def struck_through(comments: pd.Series, responses: pd.Series) -> pd.Series:
    """True where the comment or the response holds Amazon's own words of taking responsibility."""
    said = comments.fillna("").str.cat(responses.fillna(""), sep=" ").str.casefold()
    struck = pd.Series(False, index=comments.index)
    for words in policy.table("decisions")["feedback"]["struck_through"]:
        struck |= said.str.contains(words, regex=False)
    return struck


def _finish(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    aside = set_aside(
        frame,
        ~frame["rating"].isin(_STARS),
        "rating",
        "bad-rating",
        tr("this is not 1 to 5 stars"),
        tr("Look the rating up in Feedback Manager."),
    )
    struck = frame.assign(struck=struck_through(frame["comment"], frame["response"]))
    return struck[~frame["line"].isin(aside["line"])].drop(columns="response"), aside


FEEDBACK = Export(
    name="feedback",
    title=mark("the seller feedback report"),
    gives=("feedback",),
    # In the file's own order: the names are localised, so position and values decide.
    columns=(
        Column(
            "date",
            ("Date", "Feedback Date", "Datum", "Fecha", "Data", "日付", "日期", "评价日期"),
            "day",
            need=True,
        ),
        Column(
            "rating",
            (
                *("Rating", "Bewertung", "Évaluation", "Note", "Valutazione", "Valoración"),
                *("Calificación", "Beoordeling", "Betyg", "Ocena", "Avaliação", "評価"),
                *("评分", "评级", "星级"),
            ),
            "integer",
            need=True,
        ),
        Column(
            "comment",
            (
                *("Comments", "Comment", "Kommentare", "Kommentar", "Commentaires", "Commenti"),
                *("Comentarios", "Opmerkingen", "Komentarze", "Comentários", "コメント"),
                *("评论", "买家评论", "评价内容"),
            ),
        ),
        Column(
            "response",
            (
                *("Your Response", "Response", "Ihre Antwort", "Votre réponse", "La tua risposta"),
                *("Tu respuesta", "Su respuesta", "Uw reactie", "Ditt svar", "Twoja odpowiedź"),
                *("Sua resposta", "出品者の返答", "返信", "您的回复", "回复"),
            ),
        ),
        Column(
            "order_id",
            (
                *("Order ID", "Bestellnummer", "Numéro de commande", "Numero ordine"),
                *("Numero dell'ordine", "Número de pedido", "Número del pedido", "Bestelnummer"),
                *("Ordernummer", "Numer zamówienia", "Número do pedido", "注文番号", "订单编号"),
                "订单号",
            ),
            "order_id",
            need=True,
        ),
    ),
    tells=("date", "rating", "comment", "order_id"),
    never=("Defect Type", "Chargeback claim"),
    where=mark(
        "Seller Central > Performance > Feedback > Feedback Manager > Download feedback report"
    ),
    hides=mark("stars and comments, and so what buyers complained about"),
    by_position=True,
    two_digit_years=True,
    finish=by_frame(_finish),
)

EXPORTS = (FEEDBACK,)
