"""The test orders that would separate a cause from its rivals, as sentences."""

import pytest

from odrlib.causes import Cause, how_to_tell_apart


def cause_with(ship: dict, other: dict) -> Cause:
    """A cause with one test order."""
    test = {"ship": ship, "by_other_than": other}
    return Cause(ship, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, to_tell_apart=(test,))


@pytest.mark.parametrize(
    ("ship", "other", "said"),
    [
        (
            {"sku": "A3"},
            {"carrier": "K9"},
            "Ship SKU A3 by a carrier other than K9: if the defects stay, it is the SKU.",
        ),
        (
            {"asin": "B0"},
            {"warehouse": "W1"},
            "Ship ASIN B0 from a warehouse other than W1: if the defects stay, it is the ASIN.",
        ),
        (
            {"tracked": "no"},
            {"country": "FR", "asin": "B0"},
            "Ship orders not tracked to a country other than FR and with an ASIN other than B0: if "
            "the defects stay, it is “not tracked”.",
        ),
        (
            {"sku": "A3"},
            {"tracked": "no"},
            "Ship SKU A3 as orders tracked: if the defects stay, it is the SKU.",
        ),
        (
            {"carrier": "K9"},
            {"delivered_late": "yes"},
            "No shipment tells carrier K9 from orders delivered late: one is what becomes of an "
            "order, and may be the way in which the other does its harm.",
        ),
    ],
)
def test_a_test_order_says_what_to_ship_and_what_it_would_show(ship, other, said):
    assert [said] == how_to_tell_apart(cause_with(ship, other))


def test_what_nobody_knows_tells_nothing_apart():
    assert [] == how_to_tell_apart(cause_with({"carrier": "K9"}, {"days_late": None}))
