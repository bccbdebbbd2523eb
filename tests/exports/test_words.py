"""Words that repeat are looked at once."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from odrlib.exports.words import coded, each_word, flags, grouped, says, union

WORDS = st.lists(st.sampled_from(["UPS", "DHL", "ups", "", None, "Österreich", "邮"]))


@given(WORDS)
def test_text_and_its_categorical_are_coded_alike(words):
    text = pd.Series(words, dtype="str")
    for values in (text, text.astype("category")):
        codes, names = coded(values)

        assert [None if pd.isna(word) else word for word in words] == [
            names[code] if code >= 0 else None for code in codes
        ]


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_columns_below_each_other_say_what_each_said(parts):
    one = union(coded(pd.Series(words, dtype="str")) for words in parts)
    whole = pd.Series([word for words in parts for word in words], dtype="str")

    pd.testing.assert_series_equal(whole.astype("category"), pd.Series(one))


def test_a_word_is_asked_about_once():
    asked = []
    values = pd.Series(["b", "a", "b", None])

    assert ["B", "A", "B"] == list(each_word(values, lambda w: asked.append(w) or w.upper())[:3])
    assert ["b", "a"] == asked


def test_words_that_mean_the_same_are_one_and_unused_ones_go():
    column = grouped(np.array([0, 1, -1]), ["UPS", "UPS", "DHL"])

    assert (["UPS"], [0, 0, -1]) == (list(column.categories), column.codes.tolist())


def test_a_missing_word_says_nothing():
    values = pd.Series(["EXAMPLE", None, "example"])

    assert [True, False, False] == says(values, ("EXAMPLE",)).tolist()
    assert [False, False, True] == flags(values, str.islower).tolist()
