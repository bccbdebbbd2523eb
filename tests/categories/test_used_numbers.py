"""One number on several parcels: counted in arrays, as one would count it by hand."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.categories.parcels import _used

LETTERS = {"tracking_number": "ABC", "order_id": "123", "country": "UV", "state": "XY"}
WORDS = {name: st.sampled_from([None, *letters]) for name, letters in LETTERS.items()}
MOMENTS = st.none() | st.integers(0, 40)


def by_hand(number: str, rows: list[dict]) -> tuple[int, int, float]:
    mine = [row for row in rows if row["tracking_number"] == number]
    places = {(row["country"], row["state"]) for row in mine} - {
        (row["country"], row["state"]) for row in mine if None in (row["country"], row["state"])
    }
    days = [row["shipped_at"] for row in mine if row["shipped_at"] is not None]
    orders = {row["order_id"] for row in mine} - {None}
    return len(orders), len(places), (max(days) - min(days)) / 2 if days else 0.0


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({**WORDS, "shipped_at": MOMENTS}), max_size=12))
def test_uses_of_a_number_are_those_counted_by_hand(rows):
    history = pd.DataFrame(rows, columns=[*WORDS, "shipped_at"])
    halves = pd.to_timedelta(history["shipped_at"].astype("float64") * 12, unit="h")
    history["shipped_at"] = (pd.Timestamp("2026-03-01", tz="UTC") + halves).astype(
        "datetime64[us, UTC]"
    )
    history = history.astype({"tracking_number": "str", "order_id": "str"} | dict.fromkeys(
        ("country", "state"), "category"))  # fmt: skip

    found = _used(["A", None, "B", "Z"], history)
    assert found == {
        number: by_hand(number, rows)
        for number in ("A", "B")
        if any(row["tracking_number"] == number for row in rows)
    }
