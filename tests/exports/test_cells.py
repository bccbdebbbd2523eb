"""A reader reads what is certain and refuses the rest with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.exports.cells import Cells, Context, parse_money, parse_order_id, read_cells
from odrlib.exports.dates import read_dates, split_moment
from odrlib.exports.export import Column

GERMAN = Context("DE", "Europe/Berlin")


def read(kind: str, *cells: str, context: Context | None = None, **form: bool) -> Cells:
    raw = pa.chunked_array([pa.array(cells, pa.large_string())])
    return read_cells(Column("x", ("x",), kind), raw, context or Context(), **form)


def refused(cells: Cells) -> list[tuple[int, str]]:
    return list(zip(cells.bad.tolist(), cells.codes.tolist(), strict=True))


@given(st.integers(0, 999), st.integers(0, 9_999_999), st.integers(0, 9_999_999))
def test_every_order_id_is_one(shop, first, second):
    text = f"{shop:03d}-{first:07d}-{second:07d}"

    assert read("order_id", text).values.to_pylist() == [text]


def test_order_ids_are_freed_of_what_spreadsheets_add():
    cells = read(
        "order_id", "'113-1234567-1234567", '="113-1234567-1234567"', " s01-1234567-1234567 ", ""
    )

    assert cells.values.to_pylist() == [
        "113-1234567-1234567",
        "113-1234567-1234567",
        "S01-1234567-1234567",
        None,
    ]
    assert cells.empty.tolist() == [False, False, False, True]


@pytest.mark.parametrize("text", ["5.80293E+13", "5,80293E+13", "58029300000000.0E+3"])
def test_a_rounded_id_is_refused_and_not_guessed(text):
    with pytest.raises(ValueError, match="excel-damaged-id"):
        parse_order_id(text)

    assert refused(read("id", "443650000001", text)) == [(1, "excel-damaged-id")]


@given(
    st.integers(820_454_400, 4_102_358_400).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(-12, 14),
    st.sampled_from("T "),
)
def test_a_moment_is_the_same_read_fast_or_slow(moment, hours, middle):
    """The block of bytes, the regular expression and Python agree."""
    moment = moment.astimezone(timezone(timedelta(hours=hours)))
    text = moment.isoformat(middle)
    fast = read("instant", text).values[0]
    slow = read("instant", text, "8 May 2026, 1:00 AM").values[0]

    assert fast == slow == pd.Timestamp(moment.astimezone(UTC))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-05-08T23:36:26Z", "2026-05-08 23:36:26"),
        ("2026-05-08T23:36:26.250+02:00", "2026-05-08 21:36:26.250"),
        ("2026/05/08 23:36", "2026-05-08 21:36"),
        ("08.05.2026 23:36:26", "2026-05-08 21:36:26"),
        ("May 8, 2026 11:36:26 PM PDT", "2026-05-09 06:36:26"),
        ("8. Mai 2026 um 12:00:00 MESZ", "2026-05-08 10:00"),
        ("2026年5月8日 12:00:00 JST", "2026-05-08 03:00"),
        ("08.05.2026", "2026-05-07 22:00"),
        ("12:05 AM", None),
        ("2026-02-29T00:00:00Z", None),
        ("2026-05-08 12:00 CST", None),
    ],
)
def test_moments_in_the_forms_people_write(text, utc):
    cells = read("instant", text, context=GERMAN)

    assert (
        cells.values[0] is pd.NaT if utc is None else cells.values[0] == pd.Timestamp(utc, tz="UTC")
    )
    assert bool(len(cells.bad)) == (utc is None)


def test_a_day_is_cut_in_the_time_zone_of_the_store():
    cells = read("day", "2026-05-08T22:30:00+00:00", "01-Aug-2026", "8.5.2026", context=GERMAN)

    assert cells.values.astype("datetime64[D]").astype(str).tolist() == [
        "2026-05-09",
        "2026-08-01",
        "2026-05-08",
    ]


def test_two_digit_years_are_read_only_where_the_export_writes_them():
    assert refused(read("day", "8.5.26", context=GERMAN)) == [(0, "two-digit-year")]
    assert read("day", "8.5.26", context=GERMAN, two_digit_years=True).values[0] == np.datetime64(
        "2026-05-08"
    )


def test_the_order_that_fits_all_dates_wins_over_the_marketplaces():
    days, better = read_dates(["5/8/26", "5/31/26"], "dmy", two_digit_years=True)

    assert (days, better) == ([date(2026, 5, 8), date(2026, 5, 31)], "mdy")


def test_where_two_orders_would_fit_none_is_taken():
    days, better = read_dates(["5/8/2026"], "ymd", two_digit_years=True)

    assert (days, better) == (["bad-date"], None)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.sampled_from(["mdy", "dmy", "ymd"]))
def test_a_date_written_in_an_order_is_read_in_that_order(day, order):
    parts = {"d": str(day.day), "m": str(day.month), "y": f"{day:%y}"}
    text = "/".join(parts[letter] for letter in order)
    days, _ = read_dates([text], order, two_digit_years=True)

    assert days == [day]


def test_a_time_that_no_clock_shows_is_none():
    assert [split_moment(text) for text in ("2026-05-08 24:00", "2026-05-08 13:00 PM")] == [
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1.234,50 €", ".", 1234.5),
        ("1,234.50", ",", 1234.5),
        ("¥1,234", ".", 1234.0),
        ("-175", ".", -175.0),
        ("(1.00)", ".", -1.0),
        ("1.234", ",", 1234.0),
        ("1.234", ".", 1.234),
        ("1 234,50", ".", 1234.5),
        ("1,00,000.00", ".", 100_000.0),
        ("25-", ".", -25.0),
        ("12,5", ".", 12.5),
        ("USD 25.0", ".", 25.0),
    ],
)
def test_amounts_in_the_forms_of_the_marketplaces(text, decimal, amount):
    assert parse_money(text, decimal) == amount


@pytest.mark.parametrize(
    "text", ["cheap", "1.2.3.4", "8.5.2026", "nan", "inf", "--5--", "12 pieces"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="bad-number"):
        parse_money(text, ".")


@given(st.decimals(0, 10**7, places=2))
def test_an_amount_reads_the_same_with_either_mark(amount):
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))

    assert parse_money(english, ".") == parse_money(german, ",") == float(amount)


def test_one_certain_amount_settles_the_others_of_its_column():
    """1.234 beside 3,50 is a thousand; beside 3.50 it is a small price."""
    assert read("money", "1.234", "3,50").values.tolist() == [1234.0, 3.5]
    assert read("money", "1.234", "3.50", context=GERMAN).values.tolist() == [1.234, 3.5]


def test_an_empty_flag_is_unknown_and_a_dash_is_no():
    words = ("Yes", "否", "X", "", "2", "0", "Has defect", "--")

    assert read("flag", *words).values.tolist() == [
        *(True, False, True, pd.NA, True, False, True, False)
    ]


def test_a_number_is_whole_or_refused():
    cells = read("integer", "3", "1.0", "1,200", "1.5", "", "three")

    assert cells.values.tolist() == [3, 1, 1200, pd.NA, pd.NA, pd.NA]
    assert refused(cells) == [(3, "bad-number"), (5, "bad-number")]


def test_blanks_round_a_cell_are_no_part_of_it():
    cells = read("text", " a ", "\u00a0b\u3000", "", "c", "à")

    assert cells.values.to_pylist() == ["a", "b", None, "c", "à"]


def test_words_keep_their_case_and_reasons_lose_their_translation():
    assert list(read("category", "Shipped ", "Shipped", "shipped", "").values) == [
        *("Shipped", "Shipped", "shipped", np.nan)
    ]
    assert list(read("reason", "DEFECTIVE(有缺陷)", "cr-defective", "Too big").values) == [
        *("DEFECTIVE", "CR-DEFECTIVE", "Too big")
    ]


def test_states_and_channels_are_of_one_list():
    assert list(read("state", "Delivered", "成功签收", "beamed up").values) == [
        *("delivered", "delivered", "unknown")
    ]
    assert list(read("channel", "Amazon", "Merchant", "FBM", "自发货").values) == [
        *("afn", "mfn", "mfn", "mfn")
    ]
