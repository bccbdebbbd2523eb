"""What a store keeps in memory of its files: the tables, each text once, and nothing else."""

import pandas as pd
import pytest

import odrlib as odr
from odrlib.demo.write import HEADERS
from odrlib.exports.read import Context, read_file
from odrlib.held import slim

HEADER = HEADERS["all_orders_2026"]
ROWS = 5_000


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of one orders file of 5,000 rows whose promotion cells are long."""
    folder = tmp_path_factory.mktemp("held")
    (folder / "store.toml").write_text('id = "held"\nmarketplace = "US"\n', encoding="utf-8")
    given = {
        "purchase-date": "2026-05-03T10:00:00+00:00",
        "last-updated-date": "2026-05-04T10:00:00+00:00",
        "order-status": "Shipped",
        "sku": "CHAIR",
        "product-name": "A chair with a long title",
        "promotion-ids": "x" * 1_000,
        "ship-city": "SPRINGFIELD",
        "quantity": "1",
    }
    lines = ["\t".join(HEADER)]
    for row in range(ROWS):
        cells = given | {"amazon-order-id": f"114-0000000-{row:07d}"}
        lines.append("\t".join(cells.get(name, "") for name in HEADER))
    (folder / "exports").mkdir()
    (folder / "exports" / "orders.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_column_nobody_needs_never_arrives_in_memory(store):
    frame = read_file(store / "exports/orders.txt", "exports/orders.txt", Context()).frame

    assert frame.memory_usage(deep=True).sum() < ROWS * 400  # the file has 1,200 bytes a row
    assert not {"promotion-ids", "ship-city"} & set(frame.columns)


def test_words_that_repeat_are_categories_and_each_order_takes_few_bytes(store):
    orders = odr.read_store(store).orders
    words = [name for name in orders if isinstance(orders[name].dtype, pd.CategoricalDtype)]

    assert {"sku", "asin", "title", "carrier", "status", "channel", "country"} <= set(words)
    assert {orders[name].array.codes.dtype.itemsize for name in words} == {1}
    assert orders.memory_usage(index=False, deep=True).sum() < ROWS * 200


def test_a_file_has_no_rows_of_its_own_once_they_stand_in_the_tables(store):
    read = odr.read_store(store)

    assert [reading.frame for reading in read.readings] == [None]
    row = odr.inventory(read).iloc[0]
    assert (row["rows"], row["used"]) == (ROWS, ROWS)
    assert (str(row["first"]), str(row["last"])) == ("2026-05-03", "2026-05-03")


def test_slimming_a_file_changes_no_value_of_its_tables(store):
    whole = read_file(store / "exports/orders.txt", "exports/orders.txt", Context()).frame
    small = slim(read_file(store / "exports/orders.txt", "exports/orders.txt", Context())).frame

    assert small["sku"].astype("str").tolist() == whole["sku"].tolist()
    assert small["order_id"].tolist() == whole["order_id"].tolist()
    assert small["ordered_at"].tolist() == whole["ordered_at"].tolist()


def test_both_profiles_share_the_orders_that_count(store):
    facts = odr.build_facts(odr.read_store(store))
    ours, theirs = (facts.defects[name]["order_id"].array for name in ("amazon", "brief"))

    first, second = (values._pa_array.chunk(0).buffers()[2] for values in (ours, theirs))
    assert first.address == second.address
