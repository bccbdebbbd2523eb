"""The rows of a file are the same, whether asked for as columns or as a frame."""

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from odrlib.exports.columns import columns_of, frame_of, kept
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
