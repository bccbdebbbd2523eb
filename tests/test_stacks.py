"""Columns of several files are one column in one type."""

import numpy as np
import pandas as pd
import pytest

from odrlib.stacks import TYPES, stack

SAID = {
    "text": ["a", None],
    "words": ["b", None],
    "moment": pd.to_datetime(["2026-05-08T23:36:26Z", None]),
    "day": pd.to_datetime(["2026-05-08", None]),
    "number": [1.5, None],
    "whole": [3, None],
    "flag": [True, None],
}


@pytest.mark.parametrize("kind", SAID)
def test_what_a_file_lacks_is_missing_in_its_rows_only(kind):
    part = pd.Series(SAID[kind], dtype=TYPES[kind])
    one = pd.Series(stack(kind, [None, part], [1, 2]))

    assert [True, False, True] == one.isna().tolist()
    assert part[0] == one[1]
    assert part.dtype == one.dtype


def test_any_type_that_says_the_same_is_taken():
    text, words = pd.Series(["x", "y"]), pd.Series(["y"], dtype="category")

    assert ["x", "y", "y"] == list(stack("text", [text, words], [2, 1]))
    assert ["x", "y"] == list(stack("words", [text, words], [2, 1]).categories)
    assert [1.0, 2.0] == list(
        stack("number", [pd.Series([1], dtype="Int64"), pd.Series([2.0])], [1, 1])
    )


def test_days_in_seconds_and_lines_keep_their_rows():
    seconds = pd.Series(np.array(["2026-05-08"], "datetime64[s]"))

    assert "datetime64[us]" == str(stack("day", [seconds], [1]).dtype)
    assert [4, 2] == list(stack("line", [pd.Series([4]), pd.Series([2])], [1, 1]))
