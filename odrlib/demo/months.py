"""Months: downloads that were made month by month and overlap, as real folders hold them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from odrlib.demo.book import Shelf
from odrlib.demo.market import DAY, DOWNLOADED, FIRST, LAST, Market
from odrlib.demo.order_files import FORM_2026, all_orders, confirm_shipment, fba_shipments
from odrlib.demo.write import lines, tabs

MONTHS = np.arange(FIRST.astype("datetime64[M]"), LAST.astype("datetime64[M]") + 1)


def write_all_orders(
    shelf: Shelf,
    sold: pd.DataFrame,
    market: Market,
    *,
    forms: dict[int, list[str]],
    encodings: dict[int, str],
    default: str,
) -> None:
    """
    One All Orders file a month, each from two days before it to three days after it.

    A file shows the orders as they were four days after the month, so the next file has newer
    statuses of the days they share. `forms` and `encodings` differ by month number; the last
    month has dirty rows, and the fifth was downloaded twice.
    """
    at = sold["at"].to_numpy()
    for number, month in enumerate(MONTHS, start=1):
        start, end = month.astype("datetime64[s]"), (month + 1).astype("datetime64[s]")
        seen = min(end + 4 * DAY, DOWNLOADED)
        shared = (at >= start - 2 * DAY) & (at < min(end + 3 * DAY, seen))
        rows = tabs(all_orders(sold[shared], market, seen, forms.get(number, FORM_2026)))
        name = f"exports/all orders {month}.txt"
        if number == len(MONTHS):
            rows = shelf.soil(name, rows)
        encoding = encodings.get(number, default)
        shelf.put(name, lines(rows), encoding)
        if number == 5:
            shelf.put(f"exports/all orders {month} (1).txt", lines(rows), encoding)


def write_confirmations(
    shelf: Shelf,
    orders: pd.DataFrame,
    *,
    codes: tuple[str, ...],
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    encoding: str = "utf-8",
    offset: int = 0,
) -> None:
    """
    The confirm-shipment uploads the seller kept, one a month.

    `before` are lines above the header, `after` are further columns, both as Japan's template has.
    """
    mine = orders[orders["channel"].eq("mfn") & ~orders["cancelled"]]
    shipped = mine["shipped_at"].to_numpy()
    for month in MONTHS:
        start, end = month.astype("datetime64[s]"), (month + 1).astype("datetime64[s]")
        chosen = mine[(shipped >= start) & (shipped < min(end, DOWNLOADED))]
        sent = confirm_shipment(chosen, codes, offset).assign(**dict.fromkeys(after, ""))
        name = f"exports/shipping/confirm {month}.txt"
        shelf.put(name, lines([*before, *tabs(sent)]), encoding)


def write_fba_shipments(
    shelf: Shelf, sold: pd.DataFrame, market: Market, *, encoding: str, points: bool = False
) -> None:
    """Amazon's own shipments, one file a month from July, without the multi-channel orders."""
    theirs = sold[sold["channel"].eq("afn") & sold["counts"]]
    shipped = theirs["shipped_at"].to_numpy()
    for month in MONTHS[6:]:
        start, end = month.astype("datetime64[s]"), (month + 1).astype("datetime64[s]")
        chosen = theirs[(shipped >= start) & (shipped < min(end, DOWNLOADED))]
        rows = tabs(fba_shipments(chosen, market, points=points))
        shelf.put(f"exports/FBA shipments {month}.txt", lines(rows), encoding)
