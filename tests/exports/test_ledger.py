"""The ledger: known by its place, its example row never counted, names of people left outside."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from pandas.testing import assert_frame_equal

from odrlib.exports.ledger import EXPORTS, TEMPLATES, untouched
from odrlib.exports.read import Context, read_file

OWN = "113-1234567-1234567"


def table(*rows):
    """Rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_untouched_template_is_not_given(read, name):
    reading = read(table(*TEMPLATES[name]), f"ledger/{name}.csv")

    assert reading.export.name == f"ledger_{name}"
    assert untouched(reading)
    assert reading.frame.empty
    assert reading.refused.empty


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_header_alone_is_given_and_none(read, name):
    reading = read(table(TEMPLATES[name][0]), f"ledger/{name}.csv")

    assert not untouched(reading)
    assert reading.frame.empty


def test_the_example_row_is_not_counted_beside_rows_of_ones_own(read):
    header, example = TEMPLATES["claims"]
    reading = read(table(header, example, (OWN, *example[1:-1], "")), "ledger/claims.csv")

    assert not untouched(reading)
    assert reading.frame["order_id"].tolist() == [OWN]
    assert reading.set_aside["reason"].tolist() == ["example-row"]


def test_a_table_is_known_by_its_place_and_nowhere_else(read):
    header = table(TEMPLATES["claims"][0])

    assert read(header, "ledger/claims.csv").export.name == "ledger_claims"
    assert read(header, "ledger/Claims 2026.csv").export.name == "ledger_claims"
    assert read(header, "exports/claims.csv").export is None


def test_words_that_policy_decides_on_stay_as_they_are(read):
    header = TEMPLATES["claims"][0]
    row = (OWN, "2026-09-05", "没收到", "已驳回", "", "亚马逊", "", "", "")
    frame = read(table(header, row), "ledger/claims.csv").frame

    assert frame[["reason", "status", "charged_to"]].values.tolist() == [
        ["没收到", "已驳回", "亚马逊"]
    ]
    assert frame["odr_impact"].isna().all()


@pytest.mark.parametrize(
    ("service", "signed_by", "protected", "signed"),
    [("Ground, Claims Protected", "J. Doe", True, True), ("Ground", "", False, False)],
)
def test_a_delivery_keeps_that_it_was_signed_and_not_by_whom(
    read, service, signed_by, protected, signed
):
    header = TEMPLATES["deliveries"][0]
    row = dict.fromkeys(header, "") | {
        "order_id": OWN,
        "service": service,
        "signed_by": signed_by,
        "status": "成功签收",
    }
    reading = read(table(header, row.values()), "ledger/deliveries.csv")
    delivery = reading.frame.fillna({"signed": False}).iloc[0]

    assert (delivery["protected"], delivery["signed"]) == (protected, signed)
    assert delivery["tracking_state"] == "delivered"
    assert "J. Doe" not in repr(vars(reading))


def test_every_ledger_of_the_contract_has_a_template_as_wide_as_its_header():
    assert list(TEMPLATES) == [export.name.removeprefix("ledger_") for export in EXPORTS]
    assert all(len(header) == len(example) for header, example in TEMPLATES.values())


def test_a_workbook_gives_what_the_csv_gives(read, tmp_path):
    header, example = TEMPLATES["claims"]
    row = [OWN, date(2026, 9, 5), "没收到", "granted", None, "seller", True, None, None]
    book = openpyxl.Workbook()
    for cells in (header, example, row):
        book.active.append(list(cells))
    book.save(tmp_path / "claims.xlsx")
    context = Context("US", "UTC", date(2026, 11, 22))
    text = table(header, example, (OWN, "2026-09-05", "没收到", "granted", "", "seller", "yes"))

    workbook = read_file(tmp_path / "claims.xlsx", "ledger/claims.xlsx", context)

    assert_frame_equal(workbook.frame, read(text, "ledger/claims.csv").frame)
