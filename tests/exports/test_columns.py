"""The rows of a file are the same, whether asked for as columns or as a frame."""

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from odrlib.exports.columns import beside, columns_of, frame_of, kept, rows_at
from odrlib.exports.reading import Reading

FRAME = pd.DataFrame(
    {
        "order_id": ["a", None, "c"],
        "day": pd.to_datetime(["2026-05-08", None, "2026-05-10"]),
        "at": pd.to_datetime(["2026-05-08T01:00Z", None, "2026-05-10T02:00Z"]),
        "sku": pd.Categorical(["X", "Y", None]),
        "rating": pd.array([1, None, 5], "Int64"),
        "line": np.array([2, 3, 4], np.int32),
    }
)


def test_a_frame_comes_back_from_its_columns():
    assert_frame_equal(FRAME, frame_of(columns_of(FRAME)))


def test_a_frame_of_arrays_is_the_one_that_pandas_makes():
    arrays = {name: FRAME[name].array for name in FRAME}
    index = pd.Index(["x", "y", "z"], name="key")

    assert_frame_equal(pd.DataFrame(arrays, index=index), frame_of(arrays, index))


def test_who_names_the_columns_of_one_frame_names_those_of_no_other():
    one, other = frame_of(columns_of(FRAME)), frame_of(columns_of(FRAME))
    one.columns.name = "told"

    assert other.columns.name is None
    assert frame_of(columns_of(FRAME)).columns.name is None


def test_rows_are_taken_and_counted_anew():
    rows = np.array([2, 0])
    expected = FRAME.loc[rows, ["line", "sku"]].reset_index(drop=True)

    assert_frame_equal(expected, rows_at(FRAME, rows, ["line", "sku"]))
    assert_frame_equal(FRAME.iloc[rows].reset_index(drop=True), rows_at(FRAME, rows))
    assert_frame_equal(FRAME.iloc[:0].reset_index(drop=True), rows_at(FRAME, rows[:0]))


def test_columns_stand_beside_a_frame_of_any_index_and_change_nothing_of_it():
    frame = FRAME.set_index(pd.Index([7, 3, 5]))
    wider = beside(frame, {"counts": np.array([True, False, True])})

    assert_frame_equal(frame.assign(counts=[True, False, True]), wider)
    wider.loc[7, "line"] = 99
    assert 2 == frame.loc[7, "line"]


def test_rows_are_left_out_of_columns_as_of_a_frame():
    rows = np.array([True, False, True])

    assert_frame_equal(FRAME[rows].reset_index(drop=True), frame_of(kept(columns_of(FRAME), rows)))


def test_a_reading_given_either_has_both():
    framed, reading = Reading("a.txt", frame=FRAME), Reading("b.txt")

    reading.columns = framed.columns

    assert_frame_equal(FRAME, reading.frame)


def test_a_reading_whose_rows_are_let_go_has_neither():
    reading = Reading("a.txt", frame=FRAME)

    reading.frame = None

    assert (None, None) == (reading.frame, reading.columns)
