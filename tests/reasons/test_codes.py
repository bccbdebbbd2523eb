import pandas as pd
import pytest

from odrlib.reasons import THEMES, classify_reasons
from odrlib.reasons.codes import plain_code, read_code
from odrlib.reasons.themes import FLAGS, data


def one(code, text=None):
    return classify_reasons(pd.DataFrame({"code": [code], "text": [text]})).iloc[0]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("CR-DEFECTIVE", "DEFECTIVE"),
        ("AMZ-PG-APP-TOO-SMALL", "APP_TOO_SMALL"),
        ("UND-UNKNOWN", "UNKNOWN"),
        ("UNDELIVERABLE_UNKNOWN", "UNDELIVERABLE_UNKNOWN"),
        ("cr-missing-parts", "MISSING_PARTS"),
        ("DEFECTIVE（存在瑕疵）", "DEFECTIVE"),
    ],
)
def test_a_code_is_compared_without_prefix_and_joints(raw, plain):
    assert plain == plain_code(raw)


@pytest.mark.parametrize(
    ("code", "themes", "fault"),
    [
        ("CR-SWITCHEROO", ("T-WRONG",), "seller"),
        ("AMZ-PG-BAD-DESC", ("T-NAD",), "seller"),
        ("AMZ-PG-APP-TOO-LARGE", ("T-SIZE",), "seller"),
        ("CR-FOUND_BETTER_PRICE", ("T-REMORSE",), "buyer"),
        ("UNAUTHORIZED_PURCHASE", ("T-CHARGE",), "review"),
        ("13.1", ("T-INR",), "seller"),
        ("Mastercard 4855", ("T-INR",), "seller"),
        ("C08", ("T-INR",), "seller"),
        ("RG", ("T-INR",), "seller"),
        ("10.4", ("T-CHARGE",), "review"),
        ("Package did not arrive", ("T-INR",), "seller"),
        ("Refund not received", ("T-REFUND",), "seller"),
    ],
)
def test_a_code_says_its_theme_and_whose_fault(code, themes, fault):
    found = one(code)

    assert (themes, themes[0], fault) == (found["from_code"], found["primary"], found["fault"])


def test_a_two_digit_code_means_different_things_in_different_networks():
    assert read_code("53") is None


def test_a_code_without_a_reason_is_no_theme():
    assert ((), "no text") == tuple(one("CR-NO_REASON_GIVEN")[["themes", "state"]])


def test_a_reason_in_prose_is_read_as_text():
    found = one("Defective/Does not work properly")

    assert ("T-DEF",) == found["from_code"]


def test_code_beats_text_and_both_are_kept():
    found = one("CR-DEFECTIVE", "arrived three weeks late")

    assert ("T-DEF", "T-LATE") == found["themes"]
    assert not found["contradiction"]


@pytest.mark.parametrize(
    ("code", "text", "rule"),
    [
        ("CR-DEFECTIVE", "just don't like the colour", "fault against remorse"),
        ("CR-UNWANTED_ITEM", "arrived broken", "remorse against fault"),
        ("CR-DEFECTIVE", "not defective, thanks", "denied"),
        ("CR-NEVER_ARRIVED", "too small for me", "another fault"),
    ],
)
def test_code_and_text_can_disagree(code, text, rule):
    found = one(code, text)

    assert (True, rule) == (found["contradiction"], found["contradicts"])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("CR-DEFECTIVE", "stopped working after two days"),
        ("CR-DEFECTIVE", "arrived broken"),
        ("CR-DEFECTIVE", "seller never answered"),
        ("CR-NOT_COMPATIBLE", "does not fit my car"),
        ("CR-DEFECTIVE", ""),
        ("CR-NO_REASON_GIVEN", "changed my mind"),
    ],
)
def test_a_text_that_goes_with_the_code_is_no_contradiction(code, text):
    assert not one(code, text)["contradiction"]


def test_every_code_names_themes_and_flags_that_exist():
    tables = data("codes")
    rows = [
        row for name in ("returns", "claims", "networks", "prose") for row in tables[name].values()
    ]

    assert set() == {theme for row in rows for theme in row["themes"]} - set(THEMES)
    assert {"seller", "buyer", "carrier", "review"} == {row["fault"] for row in rows}
    assert {row["flag"] for row in rows if "flag" in row} <= set(FLAGS)
    assert set(tables["aliases"].values()) <= set(tables["returns"])
