"""
de-mixed: a German store that ships half of its orders itself and leaves half to Amazon.

Planted: from 25 August parcels with Hermes take more than twice as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.book import WINDOWS, Shelf, set_apart, truth
from odrlib.demo.defect_files import (
    fba_returns,
    feedback,
    mfn_returns,
    odr_detail,
    returned,
    settlement,
)
from odrlib.demo.draw import dhl, plain
from odrlib.demo.market import (
    DAY,
    DOWNLOADED,
    Cause,
    Lane,
    Market,
    elsewhere,
    go_wrong,
    ship,
    simulate,
)
from odrlib.demo.months import write_all_orders, write_confirmations, write_fba_shipments
from odrlib.demo.order_files import FORM_2026, items, new_orders, unshipped
from odrlib.demo.own_files import (
    chargebacks,
    claims,
    events_ledger,
    messages,
    removals,
    tracker,
    write_evidence,
)
from odrlib.demo.write import comma, frame_comma, lines, tabs

ID, ORDERS = "de-mixed", 26_000
SLOW_SINCE = np.datetime64("2026-08-25")

PRODUCTS = pd.DataFrame(
    [
        ("KU-TOPF-01", "B0DEMO1001", "Kochtopf 24 cm, Edelstahl", 39.9, 6),
        ("KU-SIEB-02", "B0DEMO1002", "Küchensieb, fein", 9.95, 9),
        ("KU-MESS-03", "B0DEMO1003", "Schälmesser, 3 Stück", 12.49, 8),
        ("KU-DOSE-04", "B0DEMO1004", "Vorratsdosen, 6 Stück", 24.99, 7),
        ("BU-ORDN-01", "B0DEMO1005", "Ordner A4, breit, 10 Stück", 22.5, 6),
        ("BU-STIF-02", "B0DEMO1006", "Gelstifte, blau, 12 Stück", 8.9, 9),
        ("BU-LAMP-03", "B0DEMO1007", "Schreibtischlampe", 34.95, 5),
        ("GA-GIES-01", "B0DEMO1008", "Gießkanne 10 l", 15.99, 5),
        ("GA-HAND-02", "B0DEMO1009", "Gartenhandschuhe, Größe 9", 7.49, 7),
        ("GA-LICH-03", "B0DEMO1010", "Lichterkette, 20 m", 18.75, 6),
        ("BA-HAKN-01", "B0DEMO1011", "Türhaken, 4 Stück", 10.99, 6),
        ("BA-MATT-02", "B0DEMO1012", "Badematte, grau", 19.9, 5),
    ],
    columns=["sku", "asin", "title", "price", "weight"],
)
PLACES = pd.DataFrame(
    [
        ("DE", "Nordrhein-Westfalen", "Köln", "50667", 20),
        ("DE", "Bayern", "München", "80331", 16),
        ("DE", "Baden-Württemberg", "Stuttgart", "70173", 13),
        ("DE", "Niedersachsen", "Göttingen", "37073", 9),
        ("DE", "Hessen", "Frankfurt am Main", "60311", 8),
        ("DE", "Sachsen", "Görlitz", "02826", 5),
        ("DE", "Berlin", "Berlin", "10115", 6),
        ("DE", "Hamburg", "Hamburg", "20095", 4),
        ("DE", "Thüringen", "Nürnberg", "90402", 3),
        ("AT", "Wien", "Wien", "1010", 6),
        ("AT", "Oberösterreich", "Linz", "4020", 3),
    ],
    columns=["country", "state", "city", "postal", "weight"],
)
CENTRES = np.array(["LEJ1", "DUS2", "BER3", "DTM2"], dtype=object)
LANES = (
    Lane("Amazon Logistics", "Prime", lambda rng, count: plain(rng, count, "DE", 10), 1.2),
    Lane("DHL", "Paket", dhl, 1.6),
    Lane("Hermes", "Päckchen", lambda rng, count: plain(rng, count, "H10", 17), 2.2),
    Lane("DPD", "Classic", lambda rng, count: plain(rng, count, "0", 13), 1.7),
)
MARKET = Market(
    "Amazon.de",
    "EUR",
    (302, 303, 304, 305, 306),
    PRODUCTS,
    PLACES,
    afn=0.55,
    multi_channel=0.006,
)
WORDS = (
    "Qualität lässt zu wünschen übrig",
    "Falsche Größe geliefert",
    "Händler antwortet nicht",
    "Verpackung beschädigt, Ware zerkratzt",
)
SETTINGS = """\
# Ein erfundener Laden: alle Bestellungen, Namen und Zahlen hier sind ausgedacht.
id = "de-mixed"
name = "Demo: Küche, Büro und Garten, FBA und Eigenversand"
seller_id = "A0DEMODEMIX002"
marketplace = "DE"
language = "en"
categories = ["kitchen", "office", "garden"]
lag_days = 15              # no performance report in the folder: Amazon's window ends so long ago
"""


def write_store(folder: Path, rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Write the store into `folder`; returns what is true of it."""
    shelf = Shelf(folder)
    orders = simulate(MARKET, count, rng)
    afn = orders["channel"].eq("afn").to_numpy()
    lane = np.where(afn, 0, rng.choice([1, 2, 3], count, p=[0.5, 0.32, 0.18]))
    late = (lane == 2) & (orders["day"].to_numpy() >= SLOW_SINCE)
    orders = ship(orders, LANES, lane, rng, promise=5, slower=np.where(late, 2.6, 1.0))
    orders["warehouse"] = np.where(afn, rng.choice(CENTRES, count), "")
    causes = [
        elsewhere(count, 0.0048, WORDS),
        Cause(
            "Hermes slow",
            late,
            0.03,
            (0.5, 0.28, 0.2, 0.02),
            ("Kam viel zu spät", "Paket nie angekommen", "Lieferung zwei Wochen überfällig"),
            "NR",
            {"carrier": "Hermes"},
        ),
    ]
    events, cause = go_wrong(orders, causes, rng)
    events = set_apart(orders, events)
    sold = items(orders, MARKET)

    shelf.put("store.toml", SETTINGS)
    write_all_orders(
        shelf,
        sold,
        MARKET,
        forms={number: [*FORM_2026, "url"] for number in (9, 10)},
        encodings={3: "cp1252"},
        default="utf-8",
    )
    write_confirmations(shelf, orders, codes=("DHL", "DPD"))
    write_fba_shipments(shelf, sold, MARKET, encoding="utf-8")
    own = sold[sold["channel"].eq("mfn") & ~sold["cancelled"]]
    recent = own[own["at"].to_numpy() >= WINDOWS["amazon"][0]]
    shelf.put("exports/Neue Bestellungen.txt", lines(tabs(new_orders(recent, MARKET))))
    waiting = tabs(unshipped(own, MARKET, DOWNLOADED))
    shelf.put("exports/Nicht versandte Bestellungen.txt", lines(waiting))
    _write_defects(shelf, orders, events, rng)
    mine = orders[orders["channel"].eq("mfn") & ~orders["cancelled"]]
    mine = mine[mine["shipped_at"].to_numpy() <= DOWNLOADED]
    header = (
        "Tracking number",
        "Order number",
        "Courier",
        "Status",
        "First checkpoint time",
        "Delivery time",
    )
    states = tracker(mine, header, ("Delivered", "InTransit", "Pending"), DOWNLOADED)
    shelf.put("exports/aftership.csv", frame_comma(states))
    _write_ledgers(shelf, orders, events, rng)
    text = comma([["Artikel", "Einkaufspreis"], ["KU-TOPF-01", "14,20"]], ";")
    shelf.put("exports/alt/Preisliste.csv", text, "cp1252")
    shelf.note("exports/alt/Preisliste.csv", "unknown-file", set_aside=False)
    return truth(shelf, orders, events, causes, cause)


def _write_defects(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator
) -> None:
    header = (
        "Datum",
        "Bewertung",
        "Kommentare",
        "Ihre Antwort",
        "Bestellnummer",
        "E-Mail-Adresse des Bewerters",
    )
    rated = feedback(events, header, "%-d.%-m.%y", "Wir bitten um Entschuldigung für die Mühe.")
    shelf.put("exports/Bewertungen.txt", lines(tabs(rated), "\r\n"), "cp1252")

    header = (
        "Bestellnummer",
        "Bestelldatum",
        "Versand durch",
        "Negative Bewertung",
        "A-bis-Z-Garantieantrag",
        "Rückbuchung",
    )
    listed = odr_detail(
        orders,
        events[~events["only_returns"]],
        WINDOWS["amazon"],
        header,
        form="%d.%m.%Y",
        fulfilled={"mfn": "Verkäufer", "afn": "Amazon"},
        yes_no=("Ja", "Nein"),
    )
    for who, mine in listed.groupby("Versand durch", sort=True):
        name = f"exports/Bestellmängel {who}.csv"
        shelf.put(name, frame_comma(mine, ";"), "cp1252")

    back = returned(orders, events, "mfn", 0.02, rng)
    shelf.put("exports/Rücksendungen.txt", lines(tabs(mfn_returns(back, MARKET))))
    back = returned(orders, events, "afn", 0.03, rng)
    shelf.put("exports/FBA-Rücksendungen.txt", lines(tabs(fba_returns(back, MARKET))))
    shelf.put("exports/Abrechnung Oktober.txt", lines(tabs(settlement(orders, events, MARKET))))


def _write_ledgers(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator
) -> None:
    asking = events[events["reason"].eq("NR") & events["outcome"].eq("counts")]
    asking = asking.drop_duplicates("order_id")
    rows = orders.iloc[asking["row"]]
    hours = rng.exponential(7.0, len(rows)) + 0.5
    texts = ("Wo bleibt mein Paket?", "Es tut uns leid, wir haben beim Paketdienst nachgefragt.")
    ledgers = {
        "claims": claims(events),
        "chargebacks": chargebacks(events),
        "removals": removals(events),
        "messages": messages(rows, asking["day"].to_numpy() - DAY + DAY // 2, hours, texts),
        "events": events_ledger(
            [("2026-08-24", "carrier", "Hermes moved its hub", "carrier", "Hermes")]
        ),
    }
    for name, ledger in ledgers.items():
        shelf.put(f"ledger/{name}.csv", frame_comma(ledger))
    shelf.paths += write_evidence(shelf.folder, orders, events, MARKET.currency)
