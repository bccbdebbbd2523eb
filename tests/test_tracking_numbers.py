"""Tracking numbers: carriers, check digits, and what is scanned at the door."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib import tracking_numbers as numbers

VALID = ["1Z999AA10123456784", "1Z5R89390357567127", "9400111201080805483016"]
SERVICES = [
    None,
    "China Post Ordinary Mail",
    "平邮",
    "Economy",
    "Tracked Economy",
    "DHL Paket",
    "云途专线",
    "Sea",
]
NUMBERS = [None, "", "UA123456785CN", "RB123456785GB", "HB123456785CN", "YT2618100710108810", "X1"]


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("LZ123456785CN", "China Post"),
        ("1Z999AA10123456784", "UPS"),
        ("9400111201080805483016", "USPS"),
        ("TBA123456789012", "Amazon Logistics"),
        ("GFUS01012345678901", "GOFO"),
        ("SF1234567890123", "SF Express"),
        ("5.80293E+13", None),
    ],
)
def test_a_number_names_its_carrier(number, carrier):
    assert numbers.carrier_of(number) == carrier


@pytest.mark.parametrize("number", VALID)
def test_a_right_check_digit_is_valid_and_every_other_is_not(number):
    others = {number[:-1] + digit for digit in "0123456789"} - {number}

    assert numbers.valid(number)
    assert not any(numbers.valid(other) for other in others)


@given(st.integers(0, 99_999_999))
def test_each_s10_serial_has_exactly_one_check_digit(serial):
    right = [check for check in range(10) if numbers.valid(f"RR{serial:08}{check}CN")]

    assert len(right) == 1


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        ("China Post Ordinary Small Packet Plus", False),
        ("China Post Registered Air Mail", True),
        ("not registered", False),
        ("Standardbrief", False),
        ("DHL Paket", True),
        ("燕文平邮小包", False),
        ("云途全球专线挂号", True),
        ("Groundhog delivery", None),
        ("Standard", None),
    ],
)
def test_the_service_decides_where_the_number_says_nothing(service, answer):
    assert numbers.tracked_to_door("X77", service) is answer


def test_the_letter_of_an_s10_number_beats_the_name_of_the_service():
    assert numbers.tracked_to_door("UB123456785CN", "China Post Registered") is False


def test_whole_columns_say_the_same_as_single_numbers():
    pairs = [(number, service) for number in NUMBERS for service in SERVICES]
    frame = pd.DataFrame(pairs, columns=["number", "service"], dtype="str")

    answer = numbers.tracked(frame["number"], frame["service"])

    assert [numbers.tracked_to_door(*pair) for pair in pairs] == [
        None if pd.isna(value) else bool(value) for value in answer
    ]


def test_carriers_of_a_column_are_the_carriers_of_its_numbers():
    column = pd.Series([*NUMBERS, *VALID, "ZZ123456785ZZ"], dtype="str")

    assert [None if pd.isna(name) else name for name in numbers.carriers_of(column)] == [
        numbers.carrier_of(number) if isinstance(number, str) else None for number in column
    ]
