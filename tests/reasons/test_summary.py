import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.reasons import (
    classify_reasons,
    order_reasons,
    reason_states,
    theme_counts,
    topic_counts,
)


def said(*rows):
    """Statements from (order, source, code, text), one day and one line after the other."""
    table = pd.DataFrame(rows, columns=["order_id", "source", "code", "text"], dtype="str")
    return table.assign(
        on=pd.date_range("2026-01-01", periods=len(table)).astype("datetime64[us]"),
        file="f.csv",
        line=range(2, len(table) + 2),
    )


def reasons(*rows):
    return order_reasons(classify_reasons(said(*rows))).set_index("order_id")


def test_an_order_of_several_statements_is_one_row():
    table = reasons(
        ("A", "feedback", None, "arrived broken"),
        ("A", "messages", None, "no answer from you"),
    )

    assert ["A"] == table.index.tolist()
    assert ("T-DMG", "T-SERVICE") == table.loc["A", "themes"]


@pytest.mark.parametrize(
    ("rows", "primary", "source"),
    [
        # a code before a text, also of another source
        ([("A", "feedback", None, "too late"), ("A", "returns", "CR-DEFECTIVE", "")],
         "T-DEF", "returns"),
        # claims before returns
        ([("A", "returns", "CR-DEFECTIVE", ""), ("A", "claims", "Package did not arrive", "")],
         "T-INR", "claims"),
        # a fault before a change of mind
        ([("A", "returns", "CR-UNWANTED_ITEM", ""), ("A", "feedback", None, "never replied")],
         "T-SERVICE", "feedback"),
        # danger before all
        ([("A", "claims", "Package did not arrive", ""), ("A", "messages", None, "it caught fire")],
         "T-SAFETY", "messages"),
        # what says nothing is never the reason
        ([("A", "claims", None, ""), ("A", "messages", None, "it is broken")],
         "T-DMG", "messages"),
    ],
)  # fmt: skip
def test_what_said_so(rows, primary, source):
    found = reasons(*rows).loc["A"]

    assert (primary, source) == (found["primary"], found["source"])
    assert primary == found["themes"][0]


def test_an_order_without_a_theme_is_there_and_says_so():
    found = reasons(("A", "feedback", None, ""), ("B", "feedback", None, "great")).loc[["A", "B"]]

    assert found["primary"].isna().all()
    assert ["no text", "no complaint"] == found["state"].tolist()
    assert [(), ()] == found["themes"].tolist()


def test_contradictions_and_flags_reach_the_order():
    found = reasons(
        ("A", "returns", "CR-DEFECTIVE", "just don't like the colour"),
        ("A", "messages", None, "tracking says delivered but I never received it"),
    ).loc["A"]

    assert (True, "fault against remorse", True) == tuple(
        found[["contradiction", "contradicts", "says_delivered"]]
    )


def test_a_text_with_several_themes_counts_once_for_each():
    classified = classify_reasons(
        said(
            ("A", "feedback", None, "late and broken"),
            ("A", "messages", None, "it is broken"),
            ("B", "feedback", None, "late"),
            ("C", "feedback", None, "great"),
        )
    )
    table = theme_counts(classified).set_index("theme")

    assert {"T-LATE": 2, "T-DMG": 1} == table["orders"].to_dict()
    assert {"T-LATE": 1.0, "T-DMG": 0.5} == table["share"].to_dict()
    assert {"T-LATE": 1, "T-DMG": 1} == table["primary"].to_dict()
    assert [1, 1] == table.loc["T-DMG", ["feedback", "messages"]].tolist()


def test_topics_are_counted_by_order_too():
    classified = classify_reasons(
        said(
            ("A", "feedback", None, "never arrived, tracking not updated"), ("B", "claims", "", "")
        )
    )
    table = topic_counts(classified)

    assert [("NR", 1, 1)] == list(
        table[["topic", "orders", "primary"]].itertuples(index=False, name=None)
    )


def test_how_much_was_understood():
    table = reason_states(
        classify_reasons(
            said(
                ("A", "feedback", None, "late"),
                ("B", "feedback", None, "asdf"),
                ("C", "returns", "", ""),
            )
        )
    ).set_index("state")

    assert {"coded": 1, "no complaint": 0, "not understood": 1, "no text": 1} == (
        table["statements"].to_dict()
    )


LINES = [
    ("returns", "CR-DEFECTIVE", "too small"),
    ("claims", "Package did not arrive", None),
    ("feedback", None, "late and broken"),
    ("messages", None, "没收到"),
    ("feedback", None, "super"),
    ("chargebacks", "10.4", None),
]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(LINES)), min_size=1, max_size=8),
    st.randoms(),
)
def test_each_order_with_a_theme_has_one_primary_in_any_order_of_rows(rows, random):
    table = said(*((order, *line) for order, line in rows))
    shuffled = table.sample(frac=1, random_state=random.randrange(1000))
    found = order_reasons(classify_reasons(table))
    counts = theme_counts(classify_reasons(table))

    pd.testing.assert_frame_equal(found, order_reasons(classify_reasons(shuffled)))
    assert found["primary"].notna().sum() == counts["primary"].sum()
    assert found["primary"].notna().sum() == topic_counts(classify_reasons(table))["primary"].sum()
    assert sorted(set(table["order_id"])) == found["order_id"].tolist()


def test_a_table_that_was_not_classified_is_refused():
    with pytest.raises(BadParameter, match="classify_reasons"):
        order_reasons(said(("A", "feedback", None, "late")))


def test_themes_and_topics_are_named_in_the_spoken_language():
    coded = classify_reasons(said(("A", "claims", None, "never arrived")))
    with speaking("zh"):
        titles = theme_counts(coded)["title"].tolist() + topic_counts(coded)["title"].tolist()

    assert ["未收到", "未收到或延迟送达"] == titles
    assert ["Not received", "Not received or late"] == [
        *theme_counts(coded)["title"],
        *topic_counts(coded)["title"],
    ]
