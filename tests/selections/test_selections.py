"""Selections: what they ask, how they are written down, and the code that finds them again."""

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import odrlib as odr
from odrlib.demo import write_store
from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.selections import (
    Selection,
    conditions,
    conditions_text,
    in_words,
    note_row,
    noted_selection,
    select,
    selection_code,
)
from odrlib.selections.noted import safe, unsafe
from tests.selections.tables import plainly, selections, tables

WEEK = Selection("amazon", "2026-01-02", "2026-03-01", where={"carrier": "UPS"})


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), st.none() | st.text()))
@settings(max_examples=150)
def test_conditions_are_read_back_as_they_were_written(where):
    assert where == conditions(conditions_text(where))


@given(st.text())
def test_text_that_is_made_safe_comes_back_as_it_was(text):
    assert text == unsafe(safe(text))
    assert not safe(text).startswith(("=", "+", "-", "@"))


@given(tables(), selections())
@settings(max_examples=40)
def test_select_gives_the_rows_of_plain_pandas(table, selection):
    defects, described = table
    assume(all(described[name].notna().any() for name in selection.where))

    pd.testing.assert_frame_equal(
        defects[plainly(defects, described, selection)], select(defects, selection, described)
    )


@given(selections())
def test_a_selection_is_read_back_from_its_row(selection):
    row = note_row(selection, 10, 1, id="F01", name="n", text="", on=pd.Timestamp("2026-01-01"))

    assert selection == noted_selection(row)


def test_a_name_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadParameter, match="no kind 'refund'; choose one of any, claim, charge"):
        Selection("amazon", "2026-01-02", "2026-03-01", kind="refund")
    with pytest.raises(BadParameter, match="'May' is not a day; write it like 2026-03-01"):
        Selection("amazon", "May", "2026-03-01")
    with pytest.raises(BadParameter, match="'carrier: UPS' is no list of conditions"):
        conditions("carrier: UPS")


def test_a_selection_in_words():
    asked = Selection("brief", "2026-01-02", "2026-03-01", channel="mfn", kind="claim",
                      where={"tracked": "no", "carrier": None})  # fmt: skip

    assert "FBM (mfn); A-to-z claims; not tracked and carrier unknown" == in_words(asked)
    with speaking("zh"):
        assert "FBM（mfn）；A-to-z 索赔；不可追踪且承运人未知" == in_words(asked)
        assert "全部订单" == in_words(Selection("brief", "2026-01-02", "2026-03-01"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_store(tmp_path_factory.mktemp("store"), orders=1_500)


def test_the_code_of_a_selection_finds_the_same_orders(folder):
    facts = odr.build_facts(odr.read_store(folder))
    window = facts.window
    asked = Selection("amazon", window.first, window.last, channel="mfn", where={"tracked": "no"})
    *lines, last = selection_code(asked, folder).splitlines()
    space = {}
    exec("\n".join(lines), space)
    found = eval(last, space)

    assert 3 == len([*lines, last])
    assert len(found) == len(facts.selected(asked)) > 0
    assert set(found["order_id"]) == set(facts.selected(asked)["order_id"])
