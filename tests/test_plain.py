"""Plain values as JSON: the same text as Python's own encoder writes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.plain import json_lines

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
