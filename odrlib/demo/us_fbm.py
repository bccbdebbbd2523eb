"""
us-fbm: a seller-fulfilled store in the United States.

Planted: from 10 August cheap articles to the far west travel as ordinary mail, which nobody can
trace; from 5 September one article comes from a bad lot.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.book import WINDOWS, Shelf, counts, set_apart, truth
from odrlib.demo.defect_files import (
    chargebacks_page,
    feedback,
    mfn_returns,
    odr_detail,
    performance,
    returned,
)
from odrlib.demo.draw import s10, ups, usps
from odrlib.demo.market import (
    DAY,
    DOWNLOADED,
    LAST,
    Cause,
    Lane,
    Market,
    elsewhere,
    go_wrong,
    ship,
    simulate,
)
from odrlib.demo.months import write_all_orders, write_confirmations
from odrlib.demo.order_files import FORM_2017, items, new_orders, orders_api
from odrlib.demo.own_files import (
    claims,
    events_ledger,
    messages,
    removals,
    tracker,
    write_evidence,
)
from odrlib.demo.write import as_json, frame_comma, lines, tabs
from odrlib.policy import AMAZON

ID, ORDERS = "us-fbm", 34_000
MAIL_SINCE, LOT_SINCE, LOT = np.datetime64("2026-08-10"), np.datetime64("2026-09-05"), "KB-CHOP-02"
FAR = ("CA", "WA", "OR", "NV", "AZ")

PRODUCTS = pd.DataFrame(
    [
        ("PH-CABLE-01", "B0DEMO0001", "USB-C cable, 6 ft", 7.99, 14),
        ("PH-CASE-04", "B0DEMO0002", "Phone case, clear", 9.49, 11),
        ("PH-GRIP-02", "B0DEMO0003", "Phone grip", 6.49, 8),
        ("KB-PEEL-01", "B0DEMO0004", "Vegetable peeler", 8.99, 7),
        ("KB-CHOP-02", "B0DEMO0005", "Vegetable chopper, 4 blades", 24.99, 9),
        ("KB-SCALE-03", "B0DEMO0006", "Kitchen scale, 11 lb", 18.5, 7),
        ("KB-BOWL-05", "B0DEMO0007", "Mixing bowls, set of 3", 31.0, 6),
        ("KB-PAN-08", "B0DEMO0008", 'Frying pan, 10"', 36.75, 5),
        ("HM-LAMP-01", "B0DEMO0009", "Desk lamp, dimmable", 27.9, 6),
        ("HM-HOOK-07", "B0DEMO0010", "Wall hooks, pack of 10", 11.25, 8),
        ("HM-RUG-03", "B0DEMO0011", "Bath rug, grey", 19.99, 5),
        ("PT-LEASH-02", "B0DEMO0012", "Dog leash, 5 ft", 14.5, 7),
        ("PT-BOWL-01", "B0DEMO0013", "Pet bowl, steel", 12.99, 4),
        ("GD-HOSE-06", "B0DEMO0014", "Garden hose nozzle", 16.0, 3),
    ],
    columns=["sku", "asin", "title", "price", "weight"],
)
PLACES = pd.DataFrame(
    [
        ("US", "CA", "LOS ANGELES", "90001", 14),
        ("US", "WA", "SEATTLE", "98101", 4),
        ("US", "OR", "PORTLAND", "97201", 3),
        ("US", "NV", "LAS VEGAS", "89101", 2),
        ("US", "AZ", "PHOENIX", "85001", 4),
        ("US", "TX", "HOUSTON", "77001", 11),
        ("US", "FL", "MIAMI", "33101", 9),
        ("US", "NY", "NEW YORK", "10001", 9),
        ("US", "PA", "PHILADELPHIA", "19101", 5),
        ("US", "IL", "CHICAGO", "60601", 5),
        ("US", "OH", "COLUMBUS", "43201", 5),
        ("US", "GA", "ATLANTA", "30301", 5),
        ("US", "NC", "CHARLOTTE", "28201", 4),
        ("US", "MI", "DETROIT", "48201", 4),
        ("US", "NJ", "NEWARK", "07101", 4),
        ("US", "VA", "RICHMOND", "23218", 3),
        ("US", "MA", "BOSTON", "02101", 3),
        ("US", "CO", "DENVER", "80201", 3),
    ],
    columns=["country", "state", "city", "postal", "weight"],
)
LANES = (
    Lane("USPS", "Ground Advantage", usps, 3.4),
    Lane("UPS", "Ground", ups, 2.8),
    Lane(
        "China Post",
        "Ordinary Mail",
        lambda rng, count: s10(rng, count, "UA", "CN"),
        16.0,
        tracked=False,
    ),
)
MARKET = Market("Amazon.com", "USD", (111, 112, 113, 114), PRODUCTS, PLACES)
WORDS = (
    "Item was not as good as expected",
    "Wrong color in the box",
    "Slow to answer, not happy",
    "Arrived broken",
)
SETTINGS = """\
# A make-believe store: every order, name and number in this folder is invented.
id = "us-fbm"
name = "Demo: kitchen and phone accessories, seller-fulfilled"
seller_id = "A0DEMOUSFBM001"
marketplace = "US"
language = "en"            # language of the report: en or zh
profile = "amazon"         # the profile that charts follow: amazon or brief
categories = ["kitchen", "phone accessories"]

[account]
status = "at risk"         # as the account health page says
notice_date = 2026-10-29
deadline = 2026-11-12      # answer before this day
quiz_offered = false
"""


def write_store(folder: Path, rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Write the store into `folder`; returns what is true of it."""
    shelf = Shelf(folder)
    orders = simulate(MARKET, count, rng)
    day = orders["day"].to_numpy()
    mail = orders["price"].lt(10) & orders["state"].isin(FAR) & (day >= MAIL_SINCE)
    lane = np.where(mail, 2, np.where(orders["price"].lt(12), 0, 1))
    orders = ship(orders, LANES, lane, rng)
    lot = orders["sku"].eq(LOT) & (day >= LOT_SINCE)
    causes = [
        elsewhere(count, 0.005, WORDS),
        Cause(
            "untracked ordinary mail",
            mail.to_numpy(),
            0.06,
            (0.68, 0.2, 0.06, 0.06),
            ("Never arrived", "Still no package after a month", "Not received, no tracking"),
            "NR",
            {"carrier": "China Post"},
        ),
        Cause(
            "bad lot",
            lot.to_numpy(),
            0.055,
            (0.38, 0.36, 0.22, 0.04),
            (
                "Blade came off on first use",
                "Broke after two days, cheap plastic",
                "Stopped working",
            ),
            "DQ",
            {"sku": LOT},
        ),
    ]
    events, cause = go_wrong(orders, causes, rng)
    events = set_apart(orders, events)
    sold = items(orders, MARKET)

    shelf.put("store.toml", SETTINGS)
    write_all_orders(shelf, sold, MARKET, forms={1: FORM_2017}, encodings={}, default="utf-8-sig")
    write_confirmations(shelf, orders, codes=("USPS", "UPS"))
    recent = sold[sold["at"].to_numpy() >= WINDOWS["amazon"][0]]
    placed = recent[~recent["cancelled"]]
    shelf.put("exports/new orders since August.txt", lines(tabs(new_orders(placed, MARKET))))
    _write_api(shelf, recent)
    _write_defects(shelf, orders, events, rng)
    seen = orders[~orders["cancelled"] & (day >= WINDOWS["amazon"][0] - 30 * DAY)]
    seen = seen[seen["shipped_at"].to_numpy() <= DOWNLOADED]
    header = (
        "Tracking Number",
        "Order Number",
        "Carrier",
        "Package Status",
        "Pickup Time",
        "Delivered Time",
    )
    words = ("Delivered", "InTransit", "NotFound")
    shelf.put("exports/17track.csv", frame_comma(tracker(seen, header, words, DOWNLOADED)))
    _write_ledgers(shelf, orders, events, rng)
    shelf.put("exports/notes from the warehouse.txt", "Ask Li about the pallets from September.\n")
    shelf.note("exports/notes from the warehouse.txt", "unknown-file", set_aside=False)
    return truth(shelf, orders, events, causes, cause)


def _write_api(shelf: Shelf, recent: pd.DataFrame) -> None:
    start = LAST - 13 * DAY
    for week in range(2):
        first, last = start + week * 7 * DAY, start + (week + 1) * 7 * DAY
        page = recent[recent["at"].between(pd.Timestamp(first), pd.Timestamp(last), "left")]
        document = orders_api(page, MARKET, min(last + DAY, DOWNLOADED))
        shelf.put(
            f"exports/api/orders {first.astype('datetime64[D]')}.json",
            as_json(document, indent=None),
        )


def _write_defects(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator
) -> None:
    header = ("Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email")
    rated = feedback(events, header, "%-m/%-d/%y", "We are sorry and have refunded you.")
    shelf.put("exports/feedback.txt", lines(tabs(rated)))

    header = (
        "Order ID",
        "Order Date",
        "Fulfilled By",
        "Negative Feedback",
        "A-to-z Guarantee claim",
        "Chargeback claim",
    )
    listed = odr_detail(
        orders,
        events[~events["only_returns"]],
        WINDOWS["amazon"],
        header,
        form="%m/%d/%Y",
        fulfilled={"mfn": "Seller", "afn": "Amazon"},
        yes_no=("Yes", "No"),
    )
    stranger = ["111-0000000-0000001", "09/01/2026", "Seller", "No", "Yes", "No"]
    text = frame_comma(pd.concat([listed, pd.DataFrame([stranger], columns=header)]))
    shelf.put("exports/order defect rate.csv", text)
    shelf.note(
        "exports/order defect rate.csv", "order-not-in-orders", len(listed) + 2, set_aside=False
    )

    # Amazon saw two cancelled orders as orders, and not the claim that only the returns tell of.
    stated = {name: counts(orders, events, AMAZON, name) for name in ("mfn", "afn")}
    missed = events[events["only_returns"]]
    stated["mfn"]["orders"] += 2
    stated["mfn"]["claims"] -= len(missed)
    stated["mfn"]["defective"] -= len(missed)
    report = performance("US", WINDOWS["amazon"], stated)
    shelf.put("exports/seller performance.json", as_json(report))
    shelf.put("exports/chargebacks.json", as_json(chargebacks_page(orders, events)))

    back = mfn_returns(returned(orders, events, "mfn", 0.02, rng), MARKET)
    name = "exports/returns.txt"
    shelf.put(name, lines(shelf.soil(name, tabs(back))))


def _write_ledgers(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator
) -> None:
    asking = events[events["reason"].eq("NR") & events["outcome"].eq("counts")]
    asking = asking.drop_duplicates("order_id")
    rows = orders.iloc[asking["row"]]
    hours = rng.exponential(9.0, len(rows)) + 0.3
    texts = ("Where is my package?", "We are sorry. We have asked the post office about it.")
    ledgers = {
        "claims": claims(events),
        "removals": removals(events),
        "messages": messages(rows, asking["day"].to_numpy() - DAY + DAY // 2, hours, texts),
        "events": events_ledger(
            [
                ("2026-08-10", "carrier", "West by ordinary mail", "carrier", "China Post"),
                ("2026-09-03", "lot", "Lot L-0903 of the chopper received", "sku", LOT),
                ("2026-10-20", "settings", "Ordinary mail switched off", "carrier", "China Post"),
            ]
        ),
    }
    for name, ledger in ledgers.items():
        shelf.put(f"ledger/{name}.csv", frame_comma(ledger))
    shelf.paths += write_evidence(shelf.folder, orders, events, MARKET.currency)
