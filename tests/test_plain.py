"""Plain values: JSON as Python's own encoder writes it, columns and rows as pandas gives them."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.plain import arrays_of, json_lines, listed, plain_column, row_dicts

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)  # fmt: skip


@given(PLAIN)
def test_json_lines_are_what_pythons_own_encoder_writes(value):
    assert json.dumps(value, ensure_ascii=False, indent=1) == json_lines(value)


def test_what_is_no_number_is_no_json():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_lines({"rate": [float("nan")]})


EVERY_KIND = pd.DataFrame(
    {
        "text": pd.Series(["a", None], dtype="str"),
        "word": pd.Categorical(["x", None]),
        "share": [0.5, np.nan],
        "orders": [1, 2],
        "late": [True, False],
        "stars": pd.array([1, None], "Int64"),
        "signed": pd.array([True, None], "boolean"),
        "day": pd.to_datetime(["2026-05-08", None]),
        "at": pd.to_datetime(["2026-05-08T23:36Z", None]),
        "ids": [["b"], None],
    }
)


def test_rows_as_dicts_are_those_of_pandas():
    assert repr(EVERY_KIND.to_dict("records")) == repr(row_dicts(EVERY_KIND))


def test_what_is_missing_in_a_column_is_none():
    for name in EVERY_KIND.drop(columns=["orders", "late"]):
        known, missing = listed(EVERY_KIND[name])

        assert known is not None
        assert missing is None


def test_an_array_says_what_its_column_says():
    for name, array in arrays_of(EVERY_KIND):
        assert plain_column(EVERY_KIND[name]) == plain_column(array)
