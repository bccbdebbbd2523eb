"""Chapters: what the notebooks show, on a store one can hold in the head."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import odrlib as odr
from odrlib import chapters
from odrlib.report.show import Shown

HEADER = (
    "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsku\tquantity\n"
)
DOWNLOAD = (
    "Order ID,Order Date,Fulfilled By,Negative Feedback,A-to-z Guarantee claim,Chargeback claim\n"
)
AS_OF = date(2026, 3, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four orders of 1 March; the first has a claim and a negative rating, the second a claim."""
    rows = [
        f"114-000000{n}-1000001\t2026-03-01T10:00:00+00:00\t2026-03-01T10:00:00+00:00\tShipped\t"
        f"{channel}\t{sku}\t1\n"
        for n, channel, sku in [
            (1, "Merchant", "=HYPERLINK"), (2, "Merchant", "B"), (3, "Amazon", "B"),
            (4, "Amazon", "B"),
        ]
    ]  # fmt: skip
    bad = [
        "114-0000001-1000001,03/01/2026,Seller,Yes,Yes,No\n",
        "114-0000002-1000001,03/01/2026,Seller,No,Yes,No\n",
    ]
    (tmp_path / "exports").mkdir()
    (tmp_path / "store.toml").write_text('id = "four"\nmarketplace = "US"\n', encoding="utf-8")
    (tmp_path / "exports" / "orders.txt").write_text(HEADER + "".join(rows), encoding="utf-8")
    (tmp_path / "exports" / "odr.csv").write_text(DOWNLOAD + "".join(bad), encoding="utf-8")
    return tmp_path


@pytest.fixture
def facts(folder: Path):
    return odr.build_facts(odr.read_store(folder, AS_OF, today=AS_OF))


def column(shown: Shown, name: str) -> list[str]:
    return next(one["text"] for one in shown.data["columns"] if one["name"] == name)


def test_the_verdict_has_a_card_for_each_rule(facts):
    cards = chapters.verdict(facts).data["cards"]

    assert [(card["label"], card["counts"]) for card in cards] == [
        ("Amazon's rule", "2 of 4 orders"),
        ("30-day rule", "3 defects on 4 orders"),
    ]


def test_the_rules_stand_side_by_side_by_channel(facts):
    shown = chapters.both_rules(facts)
    named = dict(zip(column(shown, "what"), column(shown, "amazon_mfn"), strict=True))

    assert named["orders"] == "2"
    assert named["counted"] == "2 defective orders"
    assert named["rate"] == "100.00%"


def test_an_order_with_two_kinds_is_listed_once(facts):
    shown = chapters.several_kinds(facts)

    assert column(shown, "order_id") == ["114-0000001-1000001"]
    assert column(shown, "kinds") == ["A-to-z claim and negative rating"]


def test_defective_orders_stand_with_all_that_is_told_of_them(facts):
    shown = chapters.defective_orders(facts)

    assert shown.data["home"]
    assert column(shown, "sku") == ["=HYPERLINK", "B"]


def test_a_column_that_no_file_tells_names_the_file_that_would(facts):
    assert chapters.breakdown(facts, "carrier").text == (
        "No file tells the carrier of these orders. Add shipment files: confirm-shipment uploads, "
        "Orders API, FBA shipments, ERP, tracker."
    )


def test_without_a_figure_of_amazons_the_window_is_an_assumption(facts):
    assert chapters.reconciliation_findings(facts).text == (
        "The end of Amazon's window is assumed: as-of minus 15 days; "
        "a performance report would say the true end."
    )


def test_rows_in_are_rows_used_and_rows_set_aside(facts):
    shown = chapters.files(facts)

    assert column(shown, "rows") == ["2", "4"]
    assert column(shown, "used") == ["2", "4"]
    assert column(shown, "set_aside") == ["0", "0"]


def test_nothing_is_written_without_a_folder(facts):
    assert chapters.written(facts, "").text == (
        "Nothing was written, because the parameter `out` is empty."
    )


def test_what_is_written_is_said(facts, tmp_path):
    shown = chapters.written(facts, str(tmp_path / "out"))

    assert column(shown, "file") == sorted(
        (path.name for path in (tmp_path / "out").iterdir()), key=column(shown, "file").index
    )
    assert "facts.json" in column(shown, "file")


def test_a_figure_of_amazons_stands_beside_ours(folder):
    typed = '[amazon]\norders = 4\ndefective = 1\nfirst = "2026-02-01"\nlast = "2026-03-31"\n'
    with open(folder / "store.toml", "a", encoding="utf-8") as settings:
        settings.write(typed)
    facts = odr.build_facts(odr.read_store(folder, AS_OF, today=AS_OF))
    shown = chapters.reconciliation(facts)
    ours = dict(zip(column(shown, "counted"), column(shown, "difference"), strict=True))

    assert ours["Orders"] == "0"
    assert ours["Defective orders"] == "1"
