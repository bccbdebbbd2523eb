"""Columns as plain lists and arrays say what the columns of a frame say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import columns, related, tables
from odrlib.columns import by_day, framed, listed, marks, moments, rows_of, typed, words

ZONES = ("UTC", "America/Los_Angeles", "Asia/Tokyo", "Europe/Berlin")
# Around the nights on which clocks change, too, and on midnight itself.
MOMENTS = st.integers(0, 40_000).map(lambda at: pd.Timestamp("2026-01-01", tz="UTC") + at * HOUR)
HOUR = pd.Timedelta(minutes=15)


@given(st.lists(MOMENTS | st.none(), min_size=1, max_size=8), st.sampled_from(ZONES))
def test_days_and_deadlines_are_those_of_the_frame(told, zone):
    series = pd.Series(told, dtype="datetime64[us, UTC]")
    at = moments(series.array)

    np.testing.assert_array_equal(
        tables.order_days(series, zone).to_numpy(), columns.days(at, zone)
    )
    np.testing.assert_array_equal(
        moments(related.deadline(series, zone).array), columns.deadline(at, zone)
    )


@pytest.mark.parametrize("kind", ["str", "category", "object"])
def test_words_are_the_same_in_any_type(kind):
    assert ["UPS", None, "DHL"] == words(pd.Series(["UPS", None, "DHL"], dtype=kind).array)


def test_what_is_missing_is_none_in_any_column():
    frame = pd.DataFrame(
        {
            "day": pd.Series(["2026-03-01", None], dtype="datetime64[us]"),
            "flag": pd.array([True, None], dtype="boolean"),
            "number": [1.5, np.nan],
        }
    )

    assert [True, None] == marks(frame["flag"].array)
    assert [1.5, None] == listed(frame["number"].array)
    assert ["2026-03-01", "None"] == [str(day)[:10] for day in listed(frame["day"].array)]


def test_the_rows_of_some_orders_are_found_and_a_missing_id_is_none_of_them():
    ids = pd.Series(["a", None, "b", "a"], dtype="str")

    assert [0, 3] == rows_of(ids, ["a", "c"]).tolist()


def test_a_frame_of_rows_is_the_one_pandas_would_make():
    kinds = {"word": "str", "day": "datetime64[us]", "number": "Int64", "held": "object"}
    rows = [("a", pd.Timestamp("2026-03-01"), 1, ("x", "y")), (None, pd.NaT, None, ())]
    named = [dict(zip(kinds, row, strict=True)) | {"beside": 1} for row in rows]
    expected = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)

    pd.testing.assert_frame_equal(expected, framed(rows, kinds))
    pd.testing.assert_frame_equal(expected, framed(named, kinds))
    pd.testing.assert_frame_equal(expected[:0], framed([], kinds))


def test_a_typed_column_takes_the_index_of_its_frame():
    column = pd.Series(typed([True, None], "boolean"), index=[7, 3])

    assert [True, pd.NA] == column.tolist()


def test_rows_by_day_are_in_order_of_the_ids_within_a_day():
    orders = pd.DataFrame(
        {
            "order_id": ["b", "a", "c"],
            "day": pd.to_datetime(["2026-05-02", "2026-05-02", "2026-05-01"]),
        }
    )

    assert [2, 1, 0] == by_day(orders, np.arange(3)).tolist()
    assert [1, 0, 2] == by_day(orders, np.arange(3), newest=True).tolist()
    assert [] == by_day(orders, np.arange(0)).tolist()
