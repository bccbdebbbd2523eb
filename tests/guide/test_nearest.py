"""Nearest: what an unrecognised header comes close to, and the lines that map it."""

import pytest
from stores import make_store

import odrlib as odr
from odrlib.guide import columns_lines, nearest
from odrlib.guide.screen import unknown_lines
from odrlib.languages import speaking

HEADER = ("order-id", "ship-date", "carrier-code", "quantity", "Waybill")
FILE = "exports/mine.txt"


def test_the_nearest_has_most_of_the_columns():
    near = nearest(HEADER, FILE)[0]

    assert ("confirm_shipment", ("tracking_number",)) == (near.export.name, near.missing)


def test_a_header_that_nobody_knows_is_near_nothing():
    assert () == nearest(("a", "b"), FILE)


def test_the_lines_name_the_headers_to_choose_from():
    lines = columns_lines(nearest(HEADER, FILE)[0], HEADER, FILE)

    assert [
        '[columns."exports/mine.txt"]',
        'export = "confirm_shipment"',
        'tracking_number = "…"  # one of: Waybill',
    ] == lines


@pytest.mark.parametrize("file", [FILE, "exports/mine [1].txt"])
def test_the_lines_make_the_file_known_once_the_header_is_filled_in(tmp_path, file):
    lines = columns_lines(nearest(HEADER, file)[0], HEADER, file)
    row = "111-0000000-0000001\t2026-10-01\tUPS\t1\t1Z999AA10123456784\n"
    files = {file: "\t".join(HEADER) + "\n" + row}
    settings = "\n".join(lines).replace("…", "Waybill") + "\n"
    (reading,) = odr.read_store(make_store(tmp_path, files, settings)).readings

    assert ("confirm_shipment", 1) == (reading.export.name, reading.rows_used)


def test_the_screen_says_it_in_chinese():
    with speaking("zh"):
        lines = unknown_lines(FILE, HEADER)

    assert "接近：发货确认文件；缺少：tracking-number" == lines[0]
    assert '  tracking_number = "…"  # 从这些表头中选：Waybill' == lines[-1]
