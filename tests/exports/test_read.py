"""The engine's laws: nothing is lost, nothing raises, and the order of columns says nothing."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odrlib.exports import limits
from odrlib.exports.grid import head
from odrlib.exports.read import Context, Reading, read_file
from tests.exports.test_samples import SAMPLES, read_sample

TODAY = date(2026, 11, 23)
HEADER = (
    "amazon-order-id", "purchase-date", "last-updated-date", "order-status", "product-name", "sku",
    "item-price", "ship-city",
)  # fmt: skip


def row(number: int, **changes: str) -> dict[str, str]:
    return {
        "amazon-order-id": f"111-0000000-{number:07d}",
        "purchase-date": "2026-05-08T23:36:26+00:00",
        "last-updated-date": "2026-05-09T00:00:00+00:00",
        "order-status": "Shipped",
        "product-name": "Kettle",
        "sku": "KETTLE",
        "item-price": "25.0",
        "ship-city": "PLANTED TOWN",
    } | {name.replace("_", "-"): value for name, value in changes.items()}


def flat(*rows: dict[str, str], header=HEADER, mark: str = "\t", end: str = "\n") -> str:
    lines = [mark.join(header), *(mark.join(cells[name] for name in header) for cells in rows)]
    return end.join(lines) + end


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a file of a US store, on 2026-11-23."""

    def reader(content: str | bytes, name: str = "orders.txt", **context) -> Reading:
        path = tmp_path / Path(name).name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path, name, Context(**{"today": TODAY} | context))

    return reader


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return list(zip(reading.set_aside["line"], reading.set_aside["reason"], strict=True))


def ids(reading: Reading) -> list[str]:
    return [finding.id for finding in reading.findings]


def test_a_file_says_what_it_is_and_what_it_holds(read):
    reading = read(flat(row(1), row(2)))

    assert reading.export.name == "all_orders"
    assert (reading.rows_in, reading.rows_used, reading.delimiter) == (2, 2, "\t")
    assert len(reading.sha256) == 64
    assert reading.found["ordered_at"] == "purchase-date"
    assert list(reading.frame["line"]) == [2, 3]


def test_the_order_of_columns_says_nothing(read):
    plain = read(flat(row(1), row(2)))
    shuffled = read(flat(row(1), row(2), header=HEADER[::-1]))

    pd.testing.assert_frame_equal(plain.frame, shuffled.frame)


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(read, mark, end):
    reading = read(flat(row(1), row(2), mark=mark, end=end))

    assert reading.delimiter == mark
    assert list(reading.frame["line"]) == [2, 3]
    assert list(reading.frame["status"]) == ["Shipped", "Shipped"]


@pytest.mark.parametrize(
    ("encoding", "marketplace", "title"),
    [
        ("utf-8", "US", "Café"),
        ("utf-8-sig", "US", "Café"),
        ("utf-16-le", "US", "Café 北京"),
        ("utf-16-be", "US", "Café"),
        ("cp1252", "DE", "Gießkanne – grün"),
        ("cp932", "JP", "オーブントースター（グレー）"),
        ("gb18030", "US", "不锈钢电热水壶"),
    ],
)
def test_each_encoding_is_found_and_read(read, encoding, marketplace, title):
    reading = read(flat(row(1, product_name=title)).encode(encoding), marketplace=marketplace)

    assert reading.encoding == encoding
    assert list(reading.frame["title"]) == [title]


def test_lines_in_two_encodings_are_each_read_in_their_own(read):
    good = flat(row(1, product_name="Café"), row(2, product_name="Crème")).encode()
    odd = flat(row(3, product_name="Pâté")).split("\n")[1].encode("cp1252")
    reading = read(good + odd + b"\n")

    assert list(reading.frame["title"]) == ["Café", "Crème", "Pâté"]
    assert [finding.place.line for finding in reading.findings] == [4]


def test_titles_above_the_header_and_a_sep_line_are_no_rows(read):
    reading = read("sep=;\nAll orders\n\n" + flat(row(1), mark=";"))

    assert (reading.rows_in, list(reading.frame["line"])) == (1, [5])


@pytest.mark.parametrize("text", ['"\u3000"\n', '"\x1c"\n"\x85"\n', '"order-id"\n"111-0"\n'])
def test_a_file_of_wrapped_lines_that_say_nothing_is_unknown(read, text):
    reading = read(text)

    assert ["unknown-file"] == [finding.id for finding in reading.findings]
    if "order-id" in text:
        assert ("order-id",) == reading.header


def test_every_unusable_row_is_set_aside_with_its_line_and_reason(read):
    good = flat(row(1)).split("\n")[:2]
    lines = [
        *good,
        *flat(
            row(2, amazon_order_id="5.80293E+13"),
            row(3, amazon_order_id=""),
            row(4, purchase_date="8.5.26"),
            row(5, purchase_date="2026-11-25T00:00:00+00:00"),
            row(6, purchase_date="yesterday"),
            row(7, amazon_order_id="Summe"),
        ).split("\n")[1:-1],
        good[0],
        good[1] + "\tone more",
        "",
        "\t\t\t",
        "   ",
    ]
    reading = read("\n".join(lines))

    assert reasons(reading) == [
        (3, "excel-damaged-id"),
        (4, "missing-order-id"),
        (5, "two-digit-year"),
        (6, "future-date"),
        (7, "bad-date"),
        (8, "totals-line"),
        (9, "repeated-header"),
        (10, "too-many-cells"),
    ]
    assert (reading.rows_in, reading.rows_used) == (9, 1)
    assert set(reasons(reading)) <= {
        (finding.place.line, finding.id) for finding in reading.findings
    }


def test_a_date_of_tomorrow_is_not_yet_the_future(read):
    """The store may lie a day ahead of the machine that reads it."""
    reading = read(flat(row(1, purchase_date="2026-11-24T23:59:59+00:00")))

    assert reading.rows_used == 1


def test_an_unreadable_optional_cell_is_left_empty_and_its_row_used(read):
    reading = read(flat(row(1, item_price="cheap", last_updated_date="soon"), row(2)))

    assert reading.rows_used == 2
    assert list(reading.frame["item_price"].isna()) == [True, False]
    assert list(reading.refused["reason"]) == ["bad-date", "bad-number"]
    assert list(reading.refused["line"]) == [2, 2]


def test_short_rows_are_filled_up_and_told(read):
    text = flat(row(1), row(2)).rstrip("\n").rsplit("\t", 3)[0]
    reading = read(text)

    assert reading.rows_used == 2
    assert "short-rows" in ids(reading)
    assert list(reading.frame["sku"]) == ["KETTLE", None] or reading.frame["sku"].isna()[1]


def test_a_surplus_of_empty_cells_is_no_fault(read):
    reading = read(flat(row(1)).rstrip("\n") + "\t\t\n" + flat(row(2)).split("\n")[1])

    assert list(reading.frame["line"]) == [2, 3]


def test_quoted_cells_may_hold_delimiters_and_line_ends(read):
    header = ";".join(HEADER)
    first = ";".join(row(1, product_name='"Chair; ""red""\nnew"').values())
    second = ";".join(row(2).values())
    reading = read(f"{header}\n{first}\n{second}\n")

    assert list(reading.frame["title"]) == ['Chair; "red"\nnew', "Kettle"]
    assert list(reading.frame["line"]) == [2, 4]


def test_a_quote_that_never_closes_swallows_no_rows(read):
    rows = [row(number) for number in range(1, 80)]
    rows[3]["product-name"] = '"Best chair'
    reading = read(flat(*rows, mark=","))

    assert reading.rows_used == 79
    assert "unclosed-quote" in ids(reading)


def test_a_quote_in_a_tab_file_is_a_letter(read):
    reading = read(flat(row(1, product_name='"Best" 17" tray'), row(2, product_name='"open')))

    assert list(reading.frame["title"]) == ['"Best" 17" tray', '"open']


def test_cells_that_a_spreadsheet_quoted_in_a_tab_file_are_unquoted(read):
    reading = read(flat(row(1, product_name='"17"" tray, red"')))

    assert list(reading.frame["title"]) == ['17" tray, red']


def test_a_header_with_another_delimiter_than_its_rows_is_read_and_told(read):
    text = flat(row(1), row(2)).split("\n", 1)
    reading = read(text[0].replace("\t", ",") + "\n" + text[1])

    assert reading.rows_used == 2
    assert "wrong-delimiter" in ids(reading)


def test_a_file_of_one_quoted_column_is_read_and_told(read):
    text = "\n".join(f'"{line}"' for line in flat(row(1), mark=",").strip().split("\n"))
    reading = read(text)

    assert reading.rows_used == 1
    assert "wrong-delimiter" in ids(reading)


def test_an_empty_file_and_a_bare_header_are_two_things(read):
    empty, bare = read(""), read(flat())

    assert (empty.export, ids(empty)) == (None, ["empty-file"])
    assert (bare.export.name, bare.rows_in, ids(bare)) == ("all_orders", 0, ["no-rows"])


def test_an_unknown_file_is_listed_with_its_header(read):
    reading = read("Paket,Kunde\n1,PLANTED\n", "exports/paket.csv")

    assert (reading.export, reading.header) == (None, ("Paket", "Kunde"))
    assert ids(reading) == ["unknown-file"]
    assert "Paket, Kunde" in reading.findings[0].message
    assert '[columns."exports/paket.csv"]' in reading.findings[0].to_do


def test_a_file_without_header_shows_nothing_of_its_first_line(read):
    reading = read("PLANTED NAME;planted@example.com;90210\nX;y@example.com;10001\n")

    assert reading.header == ()
    assert "PLANTED" not in reading.findings[0].message


def test_a_column_the_file_lacks_is_there_and_missing(read):
    """Absent is not zero: no channel is not the merchant's, no flag is not a no."""
    reading = read(flat(row(1)))

    assert "channel" not in reading.found
    assert reading.frame[["channel", "business", "quantity"]].isna().all(axis=None)


def test_store_toml_can_name_the_columns_of_an_unknown_file(read):
    columns = {
        "exports/erp*": {
            "export": "all_orders",
            "order_id": "Vorgang",
            "ordered_at": "Wann",
        }
    }
    text = "Vorgang;Wann;Kunde\n111-0000000-0000001;2026-05-08 23:36;PLANTED\n"
    reading = read(text, "exports/erp mai.csv", columns=columns)

    assert reading.export.name == "all_orders"
    assert list(reading.frame["ordered_at"]) == [pd.Timestamp("2026-05-08 23:36", tz="UTC")]


def test_local_times_are_of_the_stores_time_zone(read):
    """The doubled hour of autumn is its first; the missing hour of spring moves on."""
    times = ("2026-05-08 12:00", "2026-10-25 02:30", "2026-03-29 02:30")
    rows = [row(number, purchase_date=time) for number, time in enumerate(times)]
    reading = read(flat(*rows), timezone="Europe/Berlin")

    assert [f"{moment:%m-%d %H:%M}" for moment in reading.frame["ordered_at"]] == [
        "05-08 10:00",
        "10-25 00:30",
        "03-29 01:00",
    ]


def test_broken_workbooks_archives_and_documents_are_findings(read):
    for content in (
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0 old",
        b'{"a": ',
        b"<a><b>",
        b"\x00\x01" * 99,
    ):
        assert ids(read(content)) == ["unknown-file"]


def test_xml_with_declarations_is_not_followed(read):
    reading = read('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    assert (reading.document, ids(reading)) == (None, ["unknown-file"])


def test_a_workbook_reads_as_its_text_would(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Export of May"])
    book.active.append(HEADER)
    book.active.append(list(row(1).values()))
    book.save(tmp_path / "book.xlsx")
    reading = read((tmp_path / "book.xlsx").read_bytes(), "book.xlsx")
    text = read(flat(row(1)))

    pd.testing.assert_frame_equal(
        reading.frame.drop(columns="line"), text.frame.drop(columns="line")
    )


def test_a_broken_line_among_json_lines_is_set_aside(read):
    orders = [
        {"AmazonOrderId": f"111-0000000-000000{n}", "PurchaseDate": "2026-05-08"} for n in "12"
    ]
    reading = read("\n".join([json.dumps(orders[0]), '{"Amazon', json.dumps(orders[1])]))

    assert (reading.rows_in, reading.rows_used) == (3, 2)
    assert reasons(reading) == [(2, "broken-line")]


def mutilated(path: Path, seed: int) -> bytes:
    """The sample with bytes changed, cells dropped, lines doubled or cut off."""
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 30)]
            case 2:
                data[at:at] = chance.choice(
                    [b"\t", b",", b";", b'"', b"\n", b"\r", b"\x00", b"\xff"]
                )
            case 3:
                data[at:at] = data[: chance.randrange(len(data))]
            case 4:
                data[at:] = b""
        if not data:
            break
    return bytes(data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(SAMPLES), seed=st.integers(0, 2**32))
def test_whatever_is_done_to_a_file_no_row_is_lost_and_nothing_raises(tmp_path, path, seed):
    """Rows in = rows used + rows set aside."""
    broken = tmp_path / path.name
    broken.write_bytes(mutilated(path, seed))
    reading = read_file(broken, path.name, Context(today=TODAY))

    assert reading.rows_in == len(reading.frame if reading.frame is not None else ()) + len(
        reading.set_aside
    )
    assert not reading.set_aside.duplicated(["line", "reason"]).any()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_any_bytes_at_all_are_a_reading(read, content):
    reading = read(content)

    assert reading.size == len(content)
    assert reading.export is None or reading.rows_in >= reading.rows_used


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_rows_in_are_rows_used_and_rows_set_aside(path):
    reading = read_sample(path)

    assert reading.rows_in == len(reading.frame) + len(reading.set_aside)


def test_rows_of_json_lines_are_named_by_their_line(read):
    rows = [{"AmazonOrderId": f"111-0000000-000000{n}", "PurchaseDate": "2026-05-08T10:00:00Z",
             "OrderStatus": "Shipped"} for n in (1, 2, 3)]  # fmt: skip
    rows[1]["AmazonOrderId"] = "nonsense"
    first, bad, last = ({"Orders": [one]} for one in rows)
    lines = [json.dumps(first), '{"Orders', "", json.dumps(bad), json.dumps(last)]

    reading = read("\n".join(lines), "orders.json")

    assert [1, 5] == reading.frame["line"].tolist()
    assert [2, 4] == reading.set_aside["line"].tolist()
    assert 4 == reading.rows_in


def test_a_sheet_of_one_endless_row_is_counted_before_it_is_opened(read, tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["x"] * 2_000)
    book.save(tmp_path / "book.xlsx")
    monkeypatch.setattr(limits, "MOST_CELLS", 1_000)
    monkeypatch.setattr(openpyxl, "load_workbook", None)  # nobody asks it

    (finding,) = read((tmp_path / "book.xlsx").read_bytes(), "book.xlsx").findings

    assert "Its sheets hold more than 1,000 cells or 268,435,456 letters." in finding.message


def test_blank_lines_are_passed_and_counted():
    assert [(3, "a", 8), (5, " b", 11)] == [*head(b" \r\n\t\na\r\n\n b")]
    assert [] == [*head(b"\n" * 30_000_000)]


def test_how_somebody_is_reached_stops_at_the_door_in_every_kind_of_column(read):
    call = "+1 415 555 2671"
    header = (*HEADER, "ship-service-level", "order-item-id")
    reading = read(
        flat(
            row(1) | {"ship-service-level": f"Standard {call}", "order-item-id": f"7 {call}"},
            row(2, purchase_date=f"2026-05-08 10:00:00 {call}")
            | {"ship-service-level": "", "order-item-id": ""},
            header=header,
        )
    )

    kept = reading.frame.astype(str).to_csv() + reading.set_aside.to_csv()
    assert "2671" not in kept
    assert "[phone]" in kept
