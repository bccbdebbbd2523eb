"""The ODR download: marks in a column for each kind, or one column that names the kind."""

import pytest

from odrlib import policy
from odrlib.exports.odr_detail import kind_of, stars_of

HEADER = (
    "Order ID,Order Date,Fulfilled By,Negative Feedback,A-to-z Guarantee claim,Chargeback claim"
)
TYPES = "Order ID,Date,Defect Type\n"


def kinds(frame):
    """What each row says, in the order of policy.KINDS."""
    return [[kind for kind in policy.KINDS if row[kind]] for _, row in frame.iterrows()]


@pytest.mark.parametrize("mark", ["Yes", "X", "1", "Has defect", "是", "✓", "2", "あり", "Ja", "●"])
def test_any_mark_is_a_defect(read, mark):
    reading = read(f"{HEADER}\n113-1234567-1234567,2026-08-21,Seller,,{mark},\n")

    assert kinds(reading.frame) == [["claim"]]


@pytest.mark.parametrize("word", ["", "No", "0", "-", "否", "なし", "Nein", "N/A"])
def test_a_no_is_none(read, word):
    reading = read(f"{HEADER}\n113-1234567-1234567,2026-08-21,Seller,{word},X,{word}\n")

    assert kinds(reading.frame) == [["claim"]]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("A-to-z", ["claim"]),
        ("A-to-Z Guarantee Claim", ["claim"]),
        ("Chargeback", ["chargeback"]),
        ("1-Star", ["negative_feedback"]),
        ('"A-to-z, Chargeback"', ["claim", "chargeback"]),
        ("Chargeback + 1-Star", ["chargeback", "negative_feedback"]),
        ("信用卡拒付", ["chargeback"]),
        ("一星", ["negative_feedback"]),
        ("Garantie A à Z", ["claim"]),
        ("マーケットプレイス保証申請", ["claim"]),
    ],
)
def test_a_type_names_its_kinds(read, said, expected):
    reading = read(f"{TYPES}113-1234567-1234567,2026-08-21,{said}\n")

    assert kinds(reading.frame) == [expected]


@pytest.mark.parametrize("said", ["Late Shipment", "3-Star", "5 stars", "A-to-z + Something"])
def test_a_type_we_do_not_know_is_set_aside_and_not_left_out(read, said):
    reading = read(f"{TYPES}113-1234567-1234567,2026-08-21,{said}\n")

    assert reading.set_aside[["line", "value", "reason"]].values.tolist() == [
        [2, said, "unknown-defect-type"]
    ]


def test_only_stars_that_are_said_become_a_rating(read):
    reading = read(
        f"{TYPES}113-1234567-1234567,2026-08-21,1-Star\n113-1234567-1234568,2026-08-21,2-Star\n"
        "113-1234567-1234569,2026-08-21,Negative Feedback\n"
    )

    assert reading.frame["rating"].fillna(0).tolist() == [1, 2, 0]


@pytest.mark.parametrize("stars", range(1, 6))
def test_stars_are_read_in_words_signs_and_numbers(stars):
    said = [f"{stars}-Star", f"{stars} Sterne", f"{stars}星", "★" * stars + "☆" * (5 - stars)]

    assert {stars_of(text) for text in said} == {stars}
    assert {kind_of(text) for text in said} == {"negative_feedback" if stars < 3 else None}
