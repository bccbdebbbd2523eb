"""Customers: what any download says of a buyer is masked in the evidence of the order."""

import json
from io import BytesIO

import pytest
from openpyxl import Workbook

import odrlib as odr
from odrlib.package.customers import known_customers
from tests.stores import make_store, order, order_id, orders_file

MINE, OTHER = order_id(1), order_id(2)


def names(folder, name, content):
    """The names known of the order's buyer from one file."""
    orders = orders_file([order(1, "2026-03-01"), order(2, "2026-03-01")])
    store = make_store(folder, {"exports/orders.txt": orders, f"exports/{name}": content})
    found = known_customers(odr.read_store(store), [MINE])
    assert OTHER not in found
    return {" ".join(said.split()) for kind, said in found[MINE] if kind == "name"}


def workbook():
    book = Workbook()
    book.active.append(["Order ID", "Buyer Name"])
    book.active.append([MINE, "Ann Planted"])
    book.active.append([OTHER, "Bob Planted"])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.csv", f"order-id,buyer-name\n{MINE},Ann Planted\n{OTHER},Bob Planted\n"),
        ("two.csv", f'order-id,buyer-name\n{MINE},"Ann\r\nPlanted"\n{OTHER},"Bob\nPlanted"\n'),
        ("first.csv", f'buyer-name,order-id\n"Ann\nPlanted",{MINE}\n"Bob\nPlanted",{OTHER}\n'),
        ("odd.csv", f'order-id,sku,buyer-name\n{OTHER},7" pan,Bob\n{MINE},7" pan,Ann Planted\n'),
        ("page.json", json.dumps({"orders": [
            {"orderId": MINE, "buyer": {"buyerName": "Ann Planted"}},
            {"orderId": OTHER, "buyer": {"buyerName": "Bob Planted"}},
        ]})),
        ("book.xlsx", workbook()),
    ],
    ids=lambda one: one if isinstance(one, str) and len(one) < 12 else "",
)  # fmt: skip
def test_a_buyer_is_known_from_any_kind_of_download(tmp_path, name, content):
    known = names(tmp_path, name, content)

    assert "Ann Planted" in known
    assert not [said for said in known if "Bob" in said]
