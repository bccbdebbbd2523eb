"""Conditions: what is known to hold, and that nothing unknown ever does."""

from __future__ import annotations

import numpy as np
import pytest

from odrlib.categories.catalogue import Condition
from odrlib.categories.rules import Answers
from odrlib.errors import BadParameter

SIGNS = {
    "kind": ["claim"] * 4,
    "themes": [(), (), (), ()],
    "tracked": [True, False, None, True],
    "channel": ["mfn", "afn", None, "mfn"],
    "days_late": np.array([0.0, 3.0, np.nan, 1.0]),
    "return_codes": [("DEFECTIVE",), (), (), ("A", "SWITCHEROO")],
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("tracked", "is", True), [True, False, False, True]),
        (Condition("tracked", "is", False), [False, True, False, False]),
        (Condition("channel", "is", "afn"), [False, True, False, False]),
        (Condition("channel", "in", ("afn", "mfn")), [True, True, False, True]),
        (Condition("days_late", "over", 0), [False, True, False, True]),
        (Condition("days_late", "under", 1), [True, False, False, False]),
        (Condition("days_late", "between", (1, 3)), [False, True, False, True]),
        (Condition("return_codes", "has", ("SWITCHEROO", "X")), [False, False, False, True]),
    ],
    ids=str,
)
def test_a_condition_holds_only_where_it_is_known_to(condition, expected):
    assert expected == Answers(SIGNS).holds(condition).tolist()


def test_a_rule_with_a_strange_field_or_operator_is_refused():
    with pytest.raises(BadParameter, match="no field 'weather' for a rule of R01"):
        Answers(SIGNS).holds(Condition("weather", "is", True), "R01")
    with pytest.raises(BadParameter, match="no operator 'like'"):
        Answers(SIGNS).holds(Condition("tracked", "like", True))
