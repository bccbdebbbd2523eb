"""The demo stores: the same everywhere, true to their book, dirty where they say so."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import odrlib as odr
from odrlib.demo import STORES, draw, write_demo, write_store
from odrlib.demo.write import days
from odrlib.errors import BadParameter

SCALE = 0.1


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, scale=SCALE)
    return folder


@pytest.fixture(scope="module")
def truth(demo):
    return json.loads((demo / "truth.json").read_text(encoding="utf-8"))["stores"]


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path, demo):
    """Also in a workbook, which otherwise holds the time of writing."""
    write_demo(tmp_path, scale=SCALE)

    assert contents(demo) == contents(tmp_path)


def test_another_seed_gives_other_orders(tmp_path, demo):
    write_demo(tmp_path, seed=2, stores=["us-fbm"], scale=SCALE)
    name = "exports/all orders 2026-03.txt"

    assert (demo / "us-fbm" / name).read_bytes() != (tmp_path / "us-fbm" / name).read_bytes()


def test_a_store_written_alone_is_the_store_written_in_company(tmp_path, demo):
    write_demo(tmp_path, stores=["de-mixed"], scale=SCALE)

    assert contents(demo / "de-mixed") == contents(tmp_path / "de-mixed")


def test_writing_again_leaves_nothing_of_the_last_time(tmp_path, demo):
    write_demo(tmp_path, seed=2, stores=["us-fbm"], scale=SCALE)
    write_demo(tmp_path, stores=["us-fbm"], scale=SCALE)

    assert contents(demo / "us-fbm") == contents(tmp_path / "us-fbm")


def test_a_store_that_is_no_demo_store_is_left_alone(tmp_path):
    own = tmp_path / "us-fbm" / "store.toml"
    own.parent.mkdir()
    own.write_text('id = "mine"\n', encoding="utf-8")

    with pytest.raises(BadParameter, match="name another folder"):
        write_demo(tmp_path, stores=["us-fbm"], scale=SCALE)
    assert list(contents(tmp_path)) == ["us-fbm/store.toml"]


@pytest.mark.parametrize("wrong", [{"stores": ["uk-books"]}, {"scale": 0}, {"scale": float("nan")}])
def test_a_store_or_scale_that_is_not_there_is_refused(tmp_path, wrong):
    with pytest.raises(BadParameter):
        write_demo(tmp_path, **wrong)


def test_a_store_for_benchmarks_has_as_many_orders_as_asked(tmp_path):
    write_store(tmp_path, orders=700)

    assert len(newest_orders(tmp_path, "utf-8-sig")) == 700


# A second, plain reading of the files, with nothing of odrlib in it.


def lines(path: Path, encoding: str = "utf-8") -> list[str]:
    try:
        return path.read_text(encoding=encoding).splitlines()
    except UnicodeDecodeError:
        return path.read_text(encoding="cp1252").splitlines()


def comma(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(lines(path)))


def tabs(path: Path, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
    """The rows with a whole order id and no cells too many."""
    header, *rows = (line.split("\t") for line in lines(path, encoding))
    for cells in rows:
        if len(cells[0]) == 19 and len(cells) <= len(header):
            yield dict(zip(header, cells, strict=False))


def newest_orders(store: Path, encoding: str) -> dict[str, dict[str, str]]:
    """The newest row of each order in the All Orders files, but those with a spoilt date."""
    orders: dict[str, dict[str, str]] = {}
    for path in sorted((store / "exports").glob("all orders *.txt")):
        for row in tabs(path, encoding):
            before = orders.get(row["amazon-order-id"], {"last-updated-date": ""})
            newer = row["last-updated-date"] > before["last-updated-date"]
            if newer and row["purchase-date"].startswith("20"):
                orders[row["amazon-order-id"]] = row
    return orders


@pytest.mark.parametrize(
    ("store", "encoding", "ahead"),
    [("us-fbm", "utf-8-sig", 0), ("de-mixed", "utf-8", 0), ("jp-cross", "cp932", 9)],
)
def test_the_book_counts_the_orders_that_the_files_hold(demo, truth, store, encoding, ahead):
    orders = newest_orders(demo / store, encoding)
    counting = [
        row["purchase-date"]
        for row in orders.values()
        if row["order-status"] != "Cancelled" and row["sales-channel"] != "Non-Amazon"
    ]
    ordered = [
        date.fromisoformat(moment[:10]) + timedelta(days=int(moment[11:13]) + ahead >= 24)
        for moment in counting
    ]
    book = truth[store]

    assert book["orders"] == len(orders)
    assert book["counting"] == len(counting)
    assert book["as_of"] == max(ordered).isoformat()
    for profile in ("amazon", "brief"):
        first, last = book["profiles"][profile]["window"].values()
        inside = [day for day in ordered if first <= day.isoformat() <= last]
        assert book["profiles"][profile]["all"]["orders"] == len(inside)


def test_the_book_counts_the_defects_that_the_files_hold(demo, truth):
    """In the American store, whose five sources of defects are read here by hand."""
    exports, ledger = demo / "us-fbm" / "exports", demo / "us-fbm" / "ledger"
    removals = comma(ledger / "removals.csv")
    off = {row["order_id"] for row in removals if row["result"] != "refused"}
    rated = [line.split("\t") for line in lines(exports / "feedback.txt")]
    ratings = {cells[4] for cells in rated if cells[1] in ("1", "2")} - off
    filed = comma(ledger / "claims.csv")
    claims = {row["order_id"] for row in filed if row["odr_impact"] != "no"}
    listed = comma(exports / "order defect rate.csv")
    claims |= {row["Order ID"] for row in listed if row["A-to-z Guarantee claim"] == "Yes"}
    returned = tabs(exports / "returns.txt")
    claims |= {row["Order ID"] for row in returned if row["A-to-Z Claim"] == "Y"}
    page = json.loads((exports / "chargebacks.json").read_text(encoding="utf-8"))["chargebacks"]
    service = [row for row in page if not row["reasonCode"].startswith("10.")]
    chargebacks = {row["relatedOrders"][0]["orderId"] for row in service}
    book = truth["us-fbm"]["profiles"]["amazon"]
    first, last = book["window"].values()
    inside = {
        order
        for order, row in newest_orders(demo / "us-fbm", "utf-8-sig").items()
        if first <= row["purchase-date"][:10] <= last
    }

    assert book["all"]["claims"] == len(claims & inside)
    assert book["all"]["chargebacks"] == len(chargebacks & inside)
    assert book["all"]["negative_feedback"] == len(ratings & inside)
    assert book["all"]["order_ids"] == sorted((claims | chargebacks | ratings) & inside)


@pytest.fixture(scope="module", params=STORES)
def read(request, demo):
    return odr.read_store(demo / request.param)


def test_what_odrlib_reads_is_what_was_planted(truth, read):
    """Orders and defects of each kind, for both profiles and all channels, in the dirty files."""
    for profile in ("amazon", "brief"):
        book = truth[read.settings.id]["profiles"][profile]
        defects = odr.defects_by_order(read, profile=profile)
        defects = defects[defects["day"].between(*book["window"].values())]
        for channel in ("all", "mfn", "afn"):
            mine = defects if channel == "all" else defects[defects["channel"].eq(channel)]
            sums = mine[["claim", "chargeback", "negative_feedback"]].sum().tolist()
            kinds = ("claims", "chargebacks", "negative_feedback")

            assert book[channel]["orders"] == len(mine)
            assert [book[channel][kind] for kind in kinds] == sums
            assert book[channel]["order_ids"] == sorted(mine.loc[mine["defective"], "order_id"])


def test_no_planted_person_reaches_a_table(read):
    tables = {name: table for name, table in vars(read).items() if isinstance(table, pd.DataFrame)}
    words = {
        (name, column)
        for name, table in tables.items()
        for column in table
        if table[column].astype(str).str.contains("PLANTED|planted|555 01", regex=True).any()
    }

    assert {"orders", "order_items", "shipments", "feedback"} <= set(tables)
    assert set() == words


def test_dirt_lies_where_the_book_says(demo, truth):
    """Each line named in truth.json is the line it is said to be."""
    signs = {
        "repeated-header": lambda line, header: line == header,
        "excel-damaged-id": lambda line, header: "E+" in line,
        "two-digit-year": lambda line, header: "10/30/26" in line,
        "too-many-cells": lambda line, header: line.count("\t") > header.count("\t"),
        "totals-line": lambda line, header: line.startswith("Total"),
        "ragged-row": lambda line, header: line.count("\t") < header.count("\t"),
        "order-not-in-orders": lambda line, header: "0000000-0000001" in line,
        "not-an-amazon-order": lambda line, header: "AliExpress" in line,
    }
    encodings = {"us-fbm": "utf-8-sig", "de-mixed": "utf-8", "jp-cross": "cp932"}
    found = set()
    for store, book in truth.items():
        for dirt in book["dirt"]:
            if dirt["line"] is None:
                continue
            encoding = "gb18030" if "ERP" in dirt["file"] else encodings[store]
            rows = lines(demo / store / dirt["file"], encoding)
            assert signs[dirt["what"]](rows[dirt["line"] - 1], rows[0]), dirt
            found.add(dirt["what"])

    assert set(signs) == found


def test_planted_people_are_in_the_files(demo):
    """Otherwise no test could show that they never reach a table."""
    for store in STORES:
        names = [name for name, file in contents(demo / store).items() if b"PLANTED" in file]

        assert any(name.startswith("exports/") for name in names), store


def test_planted_causes_are_what_brings_the_stores_near_or_over_the_limit(tmp_path):
    """In the whole demo, each slice is more than twice as bad as the orders in no slice."""
    write_demo(tmp_path)
    whole = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["stores"]
    rates = {}
    for store, book in whole.items():
        everywhere, *planted = book["causes"]
        rest = everywhere["defective"] - sum(cause["defective"] for cause in planted)
        orders = everywhere["orders"] - sum(cause["orders"] for cause in planted)
        for cause in planted:
            assert cause["defective"] * orders > 2 * rest * cause["orders"], cause["name"]
        total = book["profiles"]["amazon"]["all"]
        rates[store] = round(100 * total["defective"] / total["orders"], 1)

    assert rates == {"us-fbm": 1.4, "de-mixed": 0.8, "jp-cross": 1.1}


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_postal_numbers_pass_the_check_of_the_postal_union(seed, count):
    """The check digit is eleven less the rest, with the union's two exceptions."""
    for number in draw.s10(np.random.default_rng(seed), count, "UA", "CN"):
        *body, check = (int(digit) for digit in number[2:11])
        rest = sum(a * b for a, b in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11

        assert check == {0: 5, 1: 0}.get(rest, 11 - rest)


@given(st.integers(0, 2**32), st.integers(0, 500))
def test_order_ids_are_all_different(seed, count):
    ids = draw.order_ids(np.random.default_rng(seed), count, (302, 303))

    assert count == len(set(ids)) == sum(len(order) == 19 for order in ids)


def test_days_without_leading_zeros_as_the_sites_write_them():
    moments = [np.datetime64(text) for text in ("2026-03-09T23:59:59", "2026-11-20", "NaT")]

    assert days(moments, "%-d.%-m.%y") == ["9.3.26", "20.11.26", ""]
    assert days(moments, "%y/%-m/%-d") == ["26/3/9", "26/11/20", ""]
