"""Remedy: was the buyer made whole, when, for how much, and for the reason of the complaint?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from odrlib.evidence import rules
from odrlib.evidence.case import Case, Cost, Held, Parcel
from odrlib.evidence.cell import Fault, contradiction, missing, note, unknown
from odrlib.finding import Place
from odrlib.languages import language, tr
from odrlib.reasons import THEMES, code_themes

KINDS = ("refund", "reshipment", "listing")
_MANY = 10  # pieces of an order whose prices are added up in all ways


def remedy_faults(case: Case) -> list[Fault]:
    """What keeps the remedy from being proven."""
    files = [one for one in case.of_class("remedy") if one.usable]
    refunds = [cost for cost in case.costs if kind_of_cost(cost.kind) == "refund"]
    others = [cost for cost in case.costs if kind_of_cost(cost.kind) in ("reshipment", "listing")]
    again = sent_again(case)
    if not files and not refunds and not others and not again:
        # Where there is a file of no use, its own fault says so.
        return [] if case.of_class("remedy") else [_nothing(case)]
    if refunds or _are(files, "refund", default=not (others or again)):
        return list(_refund(case, refunds, files))
    return list(_other(case, others, again, files))


def kind_of_cost(words: str) -> str:
    """refund, reshipment, listing, or "" for a cost that is no remedy."""
    plain = rules.plain(words)
    return next((kind for kind in KINDS if rules.words("remedy_kinds", kind).search(plain)), "")


def _are(files: list[Held], kind: str, default: bool) -> bool:
    """Do the files speak of this kind of remedy? `default` where they speak of none."""
    said = {other for other in KINDS for one in files if one.is_about("remedy_kinds", other)}
    said |= {"refund"} if any(one.content.shows.refunded for one in files) else set()
    return kind in said or (default and bool(files) and not said)


def sent_again(case: Case) -> list[Parcel]:
    """Parcels that went out on or after the day of the complaint."""
    asked = case.asked_on
    return [
        parcel
        for parcel in case.parcels[1:]
        if asked and pd.notna(parcel.shipped_at) and case.desk.day(parcel.shipped_at) >= asked
    ]


def _nothing(case: Case) -> Fault:
    return missing(
        "remedy-missing",
        tr("a refund, reshipment or corrected listing, with its date and reason"),
        fetch=tr(
            "the record of what was done for the buyer of order {order}: refund, "
            "reshipment or corrected listing",
            order=case.order_id,
        ),
    )


# ── refunds ─────────────────────────────────────────────────────────────────────────────────────


def _refund(case: Case, refunds: list[Cost], files: list[Held]) -> Iterator[Fault]:
    if not refunds:
        yield _not_in_ledger(case, files)
    else:
        for refund in refunds:
            yield from _date(case, refund.on, refund.place, "refund")
            yield from _reason(case, refund.note, refund.place, "refund")
        yield from _amount(case, refunds)
    if not files and not case.of_class("remedy"):
        yield missing(
            "refund-without-file",
            tr("a file that shows the refund"),
            fetch=tr(
                "the refund page of order {order}, with date, amount and reason",
                order=case.order_id,
            ),
            place=refunds[0].place,
            level="warning",
        )
    for one in files:
        yield from _file(case, refunds, one)


def _not_in_ledger(case: Case, files: list[Held]) -> Fault:
    row = tr(
        "a row of the costs ledger for the refund of order {order}: date, amount, reason",
        order=case.order_id,
    )
    place = Place(files[0].content.piece.file)
    if "costs" not in case.desk.given:
        return unknown(
            "refund-not-in-ledger",
            tr("date, amount and reason of the refund: there is no costs ledger"),
            fetch=row,
            place=place,
        )
    return missing(
        "refund-not-in-ledger",
        tr("date, amount and reason of the refund, in the costs ledger"),
        fetch=row,
        place=place,
        level="warning",
    )


def _date(case: Case, on: date | None, place: Place | None, what: str) -> Iterator[Fault]:
    if on is None:
        yield missing(
            f"{_code(what)}-without-date",
            tr("the date of the {what}", what=_said(what)),
            fetch=tr(
                "the date of the {what} of order {order}", what=_said(what), order=case.order_id
            ),
            place=place,
            level="warning",
        )
    elif on > case.desk.horizon:
        yield contradiction(
            "remedy-in-future",
            tr("the {what} is dated {on}, which lies in the future", what=_said(what), on=on),
            fetch=tr("the date of the {what} as Seller Central shows it", what=_said(what)),
            place=place,
        )
    elif on < case.day:
        yield contradiction(
            "remedy-before-order",
            tr(
                "the {what} is dated {on}, before the order of {ordered}",
                what=_said(what),
                on=on,
                ordered=case.day,
            ),
            fetch=tr("the date of the {what} as Seller Central shows it", what=_said(what)),
            place=place,
        )
    elif case.asked_on and on < case.asked_on - timedelta(days=rules.bound("days_of_zone")):
        yield contradiction(
            "remedy-before-complaint",
            tr(
                "the {what} is dated {on}, before the first complaint of {complained}",
                what=_said(what),
                on=on,
                complained=case.asked_on,
            ),
            fetch=tr(
                "the date of the {what} as Seller Central shows it, and what it was for",
                what=_said(what),
            ),
            place=place,
        )


def _reason(case: Case, reason: str, place: Place | None, what: str) -> Iterator[Fault]:
    """There is a reason, and it fits what the buyer complained of."""
    if not reason.strip() or rules.is_listed(reason, "no_reason", "words"):
        yield missing(
            f"{_code(what)}-without-reason",
            tr("the reason of the {what}, matched to the defect", what=_said(what)),
            fetch=tr(
                "the reason of the {what} of order {order}, into the ledger's note",
                what=_said(what),
                order=case.order_id,
            ),
            place=place,
            level="warning",
        )
        return
    themes = code_themes(reason)
    mine = THEMES.get(case.theme or "")
    if not themes or mine is None or mine.addition:
        return
    known = [THEMES[theme] for theme in themes if not THEMES[theme].addition]
    if known and not any(theme.agrees(mine) or theme.topic == mine.topic for theme in known):
        yield contradiction(
            f"{_code(what)}-reason-differs",
            tr(
                "the {what} is for “{reason}”, the defect is “{defect}”",
                what=_said(what),
                reason=known[0].titles[language()].lower(),
                defect=mine.titles[language()].lower(),
            ),
            fetch=tr(
                "the {what} that belongs to this defect, or the correct reason", what=_said(what)
            ),
            place=place,
        )


def _said(what: str) -> str:
    """A kind of remedy in words."""
    return {
        "refund": tr("refund", context="remedy"),
        "reshipment": tr("reshipment", context="remedy"),
        "listing change": tr("listing change", context="remedy"),
    }[what]


def _code(what: str) -> str:
    """A kind of remedy as the first part of a finding's id."""
    return what.replace(" ", "-")


def _amount(case: Case, refunds: list[Cost]) -> Iterator[Fault]:
    """The refunds together against the value of the order."""
    place = refunds[0].place
    total = sum(abs(refund.amount) for refund in refunds)
    currencies = sorted({refund.currency for refund in refunds if refund.currency})
    wanted = case.currency or case.desk.currency
    if any(currency != wanted for currency in currencies):
        yield contradiction(
            "refund-currency-differs",
            tr(
                "the refund is in {currencies}, the order in {wanted}",
                currencies=", ".join(currencies),
                wanted=wanted,
            ),
            fetch=tr("the refund in the currency of the order"),
            place=place,
        )
        return
    if not case.value:
        yield note(tr("the value of the order is not known; the amount was not compared"))
        return
    said = tr("{total:,.2f} of {value:,.2f} {currency}",
              total=total, value=case.value, currency=wanted).strip()  # fmt: skip
    over = rules.bound("refund_over_amount")
    most = case.value * rules.bound("refund_over_share") + over.get(wanted, over["default"])
    if total > most:
        yield contradiction(
            "refund-over-value",
            tr("the refund is {said}, more than the order", said=said),
            fetch=tr("the amount as Seller Central shows it"),
            place=place,
        )
    elif total < case.value * rules.bound("refund_short"):
        if _is_for_pieces(total, case.prices):
            yield note(tr("the refund is {said}: the price of some of the items", said=said))
        elif any(rules.words("partial", "words").search(rules.plain(r.note)) for r in refunds):
            yield note(tr("a part was refunded: {said}", said=said))
        else:
            yield contradiction(
                "refund-partial",
                tr("the refund is only {said}", said=said),
                fetch=tr(
                    "the rest of the refund, or why a part was enough (“partial” in the note)"
                ),
                place=place,
            )


def _is_for_pieces(total: float, prices: tuple[float, ...]) -> bool:
    """Is it the price of some of the pieces, each whole?"""
    sums = {0.0}
    for price in prices[:_MANY]:
        sums |= {round(one + price, 2) for one in sums}
    short = rules.bound("refund_short")
    return any(one * short <= total <= one / short for one in sums if one)


def _file(case: Case, refunds: list[Cost], held: Held) -> Iterator[Fault]:
    """What the file shows against what the ledger says."""
    place = Place(held.content.piece.file)
    if not held.read:
        if held.place is None and not refunds:
            yield unknown(
                "file-not-read",
                tr("what {file} shows: {because}", file=held.name, because=held.content.because),
            )
        else:
            yield note(tr("{file} was not read; the ledger is taken at its word", file=held.name))
        return
    shows = held.content.shows
    if not refunds:
        return
    amounts = {round(abs(refund.amount), 2) for refund in refunds}
    amounts |= {round(sum(abs(refund.amount) for refund in refunds), 2)}
    money = {round(amount, 2) for amount, _ in shows.money}
    if money and not money & amounts:
        yield contradiction(
            "refund-amounts-differ",
            tr(
                "{file} shows {shown:,.2f}, the costs ledger {told:,.2f}",
                file=held.name,
                shown=max(money),
                told=max(amounts),
            ),
            fetch=tr("the amount as Seller Central shows it"),
            place=place,
        )
    slack = timedelta(days=rules.bound("days_of_refund"))
    days = [day for place_ in shows.refunded for day in place_]
    known = [refund.on for refund in refunds if refund.on]
    if days and known and all(abs(day - on) > slack for day in days for on in known):
        yield contradiction(
            "refund-days-differ",
            tr(
                "{file} shows a refund of {day}, the costs ledger {known}",
                file=held.name,
                day=days[0],
                known=known[0],
            ),
            fetch=tr("the date as Seller Central shows it"),
            place=place,
        )


# ── other remedies ──────────────────────────────────────────────────────────────────────────────


def _other(
    case: Case, costs: list[Cost], again: list[Parcel], files: list[Held]
) -> Iterator[Fault]:
    """A reshipment or a corrected listing: a date, a reason, and a file that shows it."""
    what = "listing change" if _are(files, "listing", default=False) else "reshipment"
    dates = [cost.on for cost in costs if cost.on] + [one.dated for one in files if one.dated]
    dates += [case.desk.day(parcel.shipped_at) for parcel in again]
    place = costs[0].place if costs else files[0].place if files else again[0].place
    yield from _date(case, min(dates, default=None), place, what)
    reasons = [cost.note for cost in costs] + [one.said for one in files]
    yield from _reason(case, next(filter(str.strip, reasons), ""), place, what)
    if not files and not case.of_class("remedy"):
        yield missing(
            "remedy-without-file",
            tr("a file that shows the {what}", what=_said(what)),
            fetch=tr(
                "the record of the {what} of order {order}", what=_said(what), order=case.order_id
            ),
            place=place,
            level="warning",
        )
    if what == "reshipment" and not again:
        shown = [one for one in files if one.read and one.content.shows.labelled - case.numbers]
        if not shown and not any(not one.read for one in files):
            yield missing(
                "reshipment-without-number",
                tr("the tracking number of the reshipment"),
                fetch=tr(
                    "the tracking number of what was sent again for order {order}",
                    order=case.order_id,
                ),
                place=place,
                level="warning",
            )
