"""Small tables about one made-up store, as the rooms of the causes give them to the figures."""

from __future__ import annotations

import pandas as pd

from odrlib.causes.crossed import rate_grid
from odrlib.causes.drill import drill_down, weekly_rate

# A carrier called by a hostile name: words from files are never markup.
SLOW = "<b>Slow</b>"
DAY = pd.Timestamp

ORDERS = pd.concat(
    [
        pd.DataFrame(
            {
                "carrier": carrier,
                "sku": sku,
                "day": pd.date_range("2026-01-05", periods=number, freq="D"),
                "defective": [place < bad for place in range(number)],
            }
        )
        for carrier, sku, number, bad in (
            (SLOW, "A", 40, 8),
            (SLOW, "B", 10, 1),
            ("Fast", "A", 150, 1),
        )
    ],
    ignore_index=True,
)
PATH = drill_down(ORDERS, {"carrier": SLOW, "sku": "A"})
GRID = rate_grid(ORDERS, "carrier", "sku")
WEEKS = weekly_rate(ORDERS)

CHANGES = pd.DataFrame(
    {
        "slice": "all orders",
        "clock": "order day",
        "on": [DAY("2026-02-02"), DAY("2026-03-16")],
        "earliest": [DAY("2026-01-30"), DAY("2026-03-16")],
        "latest": [DAY("2026-02-06"), DAY("2026-03-16")],
        "rate_before": [0.005, 0.02],
        "rate_after": [0.02, 0.01],
        "direction": ["up", "down"],
        "p_value": [1e-9, 1e-3],
        "immature": [False, True],
    }
)
HAPPENINGS = pd.DataFrame(
    [
        ("2026-02-02", "2026-02-01", "carrier", f"Switched to {SLOW}", "may explain it"),
        ("2026-03-16", "2026-02-01", "carrier", f"Switched to {SLOW}", "long before"),
        ("2026-02-02", "2026-02-20", "lot", "Lot 7 received", "came after"),
        ("2026-02-02", "2020-01-01", "staff", "Opened", "long before"),
        ("2026-02-02", None, "staff", "Somebody left", "date missing"),
    ],
    columns=["on", "date", "kind", "what", "relation"],
).assign(
    slice="all orders",
    clock="order day",
    on=lambda t: pd.to_datetime(t["on"]),
    date=lambda t: pd.to_datetime(t["date"]),
    days=lambda t: (t["date"] - t["on"]).dt.days.astype("Int64"),
)

NOWCAST = pd.DataFrame(
    {
        "week": pd.date_range("2026-01-05", periods=3, freq="7D"),
        "orders": [200, 200, 100],
        "counted": [2, 1, 0],
        "share_arrived": [1.0, 0.5, 0.1],
        "expected": [2.0, 2.1, 1.0],
        "low": pd.array([2, 1, 0], dtype="Int64"),
        "high": pd.array([2, 5, 3], dtype="Int64"),
        "mature": [True, False, False],
    }
).assign(
    **{
        f"rate_{name}": lambda t, name=name: t[name].astype("float64") / t["orders"]
        for name in ("counted", "expected", "low", "high")
    }
)

CATEGORIES = pd.DataFrame(
    [
        ("R01", "Untracked", "NR", 4, 0.4, 2, 1, 1),
        ("R08", "Bad lot", "DQ", 3, 0.3, 3, 0, 0),
        ("R02", "Slow lane", "NR", 1, 0.1, 0, 1, 0),
        ("R27", "Unexplained", None, 2, 0.2, 0, 0, 0),
    ],
    columns=["category", "title", "topic", "defects", "share", "strong", "likely", "weak"],
)
THEMES = pd.DataFrame(
    [("T-INR", "Not received", "NR", 6, 0.6), ("T-DEF", "Does not work", "DQ", 5, 0.5)],
    columns=["theme", "title", "topic", "orders", "share"],
)
SCENARIOS = pd.DataFrame(
    [
        ("As it is", 0.015, 0.015, 0.015, False, 15, 1_000, "2026-05-01"),
        (f"If {SLOW} had been like the rest", 0.008, 0.006, 0.011, True, 8, 1_000, None),
        ("If 2 orders were reversed", 0.013, 0.013, 0.013, False, 13, 1_000, None),
        ("If A had stopped", 0.012, 0.01, 0.02, None, 12, 1_000, None),
    ],
    columns=[
        "scenario", "rate", "low", "high", "under", "defective", "orders", "back_under_limit_on",
    ],
).assign(
    under=lambda t: t["under"].astype("boolean"),
    back_under_limit_on=lambda t: pd.to_datetime(t["back_under_limit_on"]),
)  # fmt: skip
CLEARED = pd.DataFrame(
    [(f"sku = {SLOW}", 100, 6, 5.5, 0.06, 0.01, "carrier = Slow"),
     ("week = 7", 50, 2, 2.1, 0.04, 0.012, "carrier = Slow")],
    columns=["suspect", "orders", "defective", "expected", "rate", "rate_elsewhere", "because"],
)  # fmt: skip
