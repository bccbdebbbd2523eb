"""Tables: small questions that are asked of many rows."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from odrlib.tables import among, empty

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), max_size=60)


@given(WORDS, WORDS)
def test_the_same_are_among_the_others_however_many_these_are(ids, known):
    found = among(pd.Series(ids, dtype="str"), pd.Series(known, dtype="str"))

    assert [id is not None and id in known for id in ids] == found.tolist()


def test_a_table_without_rows_has_words_of_text_as_one_with_rows_has():
    assert "str" == empty("shipments")["carrier"].cat.categories.dtype
