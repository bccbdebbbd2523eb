"""ERP exports: whose order it is, under Chinese headers in any order."""

import pytest

HEADER = "*平台订单号（必填）,店铺,物流方式,运单号,仓库,供应商\n"
ROW = ",一店,平邮,UA123456785CN,深圳仓,东莞灯具厂\n"


@pytest.mark.parametrize(
    "given", ["113-1234567-1234567", "US-113-1234567-1234567", "113-1234567-1234567-A1"]
)
def test_marks_that_an_erp_adds_to_an_order_id_are_taken_off(read, given):
    reading = read(HEADER + given + ROW)

    assert reading.frame["order_id"].tolist() == ["113-1234567-1234567"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("2348829911223344", "not-an-amazon-order"),
        ("26-11223-44556", "not-an-amazon-order"),
        ("1113-1234567-1234567", "not-an-amazon-order"),
        ("1.13123E+16", "excel-damaged-id"),
        ("", "missing-value"),
    ],
)
def test_rows_of_other_platforms_are_set_aside(read, given, reason):
    reading = read(HEADER + given + ROW)

    assert reading.set_aside["reason"].tolist() == [reason]
    assert (reading.rows_in, len(reading.frame)) == (1, 0)


def test_the_amazon_id_is_found_in_the_reference_if_the_erp_numbers_orders_itself(read):
    reading = read("订单号,交易号,店铺名称,SKU\nDXM1,113-1234567-1234567,一店,L-1\n")

    assert reading.frame["order_id"].tolist() == ["113-1234567-1234567"]


def test_the_platforms_column_beats_the_erps_own_number(read):
    reading = read("订单号,平台订单号,店铺,SKU\n113-0000001-0000001,113-1234567-1234567,一店,L-1\n")

    assert reading.frame["order_id"].tolist() == ["113-1234567-1234567"]


def test_supplier_warehouse_and_service_come_with_the_parcel(read):
    reading = read(HEADER + "113-1234567-1234567" + ROW)
    row = reading.frame.iloc[0]

    assert [row["service"], row["warehouse"], row["supplier"]] == ["平邮", "深圳仓", "东莞灯具厂"]
    assert row["carrier"] == "China Post"
    assert set(reading.export.gives) == {"shipments", "erp_orders"}


def test_a_file_that_only_has_an_order_id_is_no_erp_export(read):
    assert read("订单号,颜色\n113-1234567-1234567,红\n").export is None


def test_an_erp_nobody_has_seen_is_mapped_once_in_store_toml(read):
    mapping = {"*.csv": {"export": "erp_parcels", "order_id": "单", "tracking_number": "号"}}
    reading = read("单,号\n113-1234567-1234567,RB123456785CN\n", columns=mapping)

    assert reading.frame["tracking_number"].tolist() == ["RB123456785CN"]
    assert read("单,号\n113-1234567-1234567,RB123456785CN\n").export is None
