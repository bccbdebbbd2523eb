"""The smallest set of reversals: enough, not one too many, and the best of its size."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.policy import KINDS, PROFILES
from odrlib.rates import Window
from odrlib.triage import smallest_reversals
from odrlib.triage.smallest import cost

WINDOW = Window(date(2026, 1, 16), date(2026, 3, 16))
AS_OF = date(2026, 3, 31)
CERTAIN = {"yes": ("likely", "open"), "unknown": ("unknown",), "no": ("certain",)}
MOST = 15


def world(defects: list[tuple[str, str, str, str, int | None, int]], clean: int):
    """Orders and triage from (order, kind, verdict, certainty, days left, day of the window)."""
    bad = pd.DataFrame(
        defects, columns=["order_id", "kind", "verdict", "certainty", "days_left", "on"]
    )
    days = pd.to_datetime([WINDOW.first + timedelta(days=int(on)) for on in bad["on"]])
    bad = bad.assign(
        day=days,
        route="some way",
        days_left=bad["days_left"].astype("Int64"),
        deadline=[
            pd.NaT if pd.isna(left) else pd.Timestamp(AS_OF) + pd.Timedelta(days=int(left))
            for left in bad["days_left"]
        ],
    )
    orders = pd.DataFrame({"order_id": [f"clean-{n}" for n in range(clean)]})
    orders = pd.concat([bad[["order_id"]].drop_duplicates(), orders], ignore_index=True)
    first = dict(zip(bad["order_id"], bad["day"], strict=True))
    orders["day"] = pd.to_datetime(
        [first.get(name, pd.Timestamp(WINDOW.first)) for name in orders["order_id"]]
    )
    for kind in KINDS:
        orders[kind] = orders["order_id"].isin(bad.loc[bad["kind"] == kind, "order_id"])
    orders["defects"] = orders[list(KINDS)].sum(axis="columns")
    orders["defective"] = orders["defects"] > 0
    return orders, bad


@st.composite
def worlds(draw: st.DrawFn):
    """Up to 15 defects on orders of one to three kinds, among up to 1,500 clean orders."""
    defects = []
    for number in range(draw(st.integers(0, MOST))):
        kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True))
        on = draw(st.integers(0, 59))
        for kind in kinds:
            verdict = draw(st.sampled_from(["yes", "yes", "unknown", "no"]))
            certainty = draw(st.sampled_from(CERTAIN[verdict]))
            left = draw(st.none() | st.integers(0, 30))
            defects.append((f"order-{number:02}", kind, verdict, certainty, left, on))
    clean = draw(st.integers(0, 1500))
    return world(defects[:MOST], clean)


def brute_force(orders: pd.DataFrame, bad: pd.DataFrame, profile: str) -> tuple[int, ...] | None:
    """The least cost of all subsets that bring the rate inside the limit; None if none does."""
    count = len(bad)
    masks = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    allowed = masks[:, (bad["verdict"] == "no").to_numpy()].sum(axis=1) == 0
    if PROFILES[profile].count == "kinds":
        left = count - masks.sum(axis=1)
    else:
        ids = bad["order_id"].to_numpy()
        left = sum(
            (masks[:, ids == name].sum(axis=1) < (ids == name).sum()).astype(int)
            for name in sorted(set(ids))
        )
    under = [
        PROFILES[profile].under(int(bad_), len(orders))
        for bad_ in np.broadcast_to(left, len(masks))
    ]
    good = np.flatnonzero(allowed & np.array(under))
    costs = np.array([cost(row, WINDOW.last) for row in bad.itertuples()]).reshape(count, 6)
    return min(map(tuple, (masks[good] @ costs).tolist()), default=None)


def solve(orders: pd.DataFrame, bad: pd.DataFrame, profile: str):
    return smallest_reversals(orders, bad, window=WINDOW, as_of=AS_OF, profile=profile)


@settings(max_examples=80)
@given(worlds(), st.sampled_from(["amazon", "brief"]))
def test_it_is_what_trying_every_subset_finds(made, profile):
    orders, bad = made
    found = solve(orders, bad, profile)
    best = brute_force(orders, bad, profile)

    assert found.reachable == (best is not None)
    if best is not None:
        keys = set(zip(found.steps["order_id"], found.steps["kind"], strict=True))
        rows = [row for row in bad.itertuples() if (row.order_id, row.kind) in keys]
        total = np.array([cost(row, WINDOW.last) for row in rows]).reshape(-1, 6).sum(axis=0)

        assert best == tuple(total.tolist())


@settings(max_examples=60)
@given(worlds(), st.sampled_from(["amazon", "brief"]))
def test_more_reversals_never_raise_the_rate_and_none_is_too_many(made, profile):
    orders, bad = made
    found = solve(orders, bad, profile)
    rates = [found.before.value, *found.steps["rate_after"]]

    assert rates == sorted(rates, reverse=True)
    if found.reachable and len(found.steps):
        assert PROFILES[profile].under(found.after.defective, found.after.orders)
        assert found.steps["under"].iloc[-1]
        assert not PROFILES[profile].under(found.after.defective + 1, found.after.orders)
    assert [1 + n for n in range(len(found.steps))] == list(found.steps["step"])


@settings(max_examples=40)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(made, random):
    orders, bad = made
    places = list(range(len(bad)))
    random.shuffle(places)

    pd.testing.assert_frame_equal(
        solve(orders, bad, "amazon").steps, solve(orders, bad.iloc[places], "amazon").steps
    )


def test_an_order_of_two_kinds_needs_both_by_amazons_count_and_one_by_the_other():
    """Two of 150 orders are defective, one twice; one order fewer is inside 1 %."""
    orders, bad = world(
        [("A", "claim", "yes", "open", 5, 0), ("A", "chargeback", "yes", "open", 2, 0),
         ("B", "claim", "no", "certain", None, 0)],
        148,
    )  # fmt: skip

    amazon, brief = solve(orders, bad, "amazon"), solve(orders, bad, "brief")

    assert [("A", "chargeback"), ("A", "claim")] == list(
        amazon.steps[["order_id", "kind"]].itertuples(index=False, name=None)
    )
    assert [2, 1] == list(amazon.steps["defective_after"])
    assert [False, True] == list(amazon.steps["under"])
    assert ["A", "A"] == list(brief.steps["order_id"])
    assert [2, 1] == list(brief.steps["defective_after"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("yes", "open", 9, 0), ("unknown", "unknown", 1, 59)),
        (("yes", "likely", 9, 0), ("yes", "open", 1, 59)),
        (("yes", "open", 3, 0), ("yes", "open", 4, 59)),
        (("yes", "open", 30, 0), ("yes", "open", None, 59)),
        (("yes", "open", 3, 9), ("yes", "open", 3, 8)),
    ],
    ids=[
        "known first",
        "surest first",
        "nearest first",
        "any deadline first",
        "longest stay first",
    ],
)
def test_of_two_equal_sets_the_better_is_taken(first, second):
    """Two of 199 orders are defective; one must go."""
    orders, bad = world([("Z", "claim", *first), ("A", "claim", *second)], 197)

    assert ["Z"] == list(solve(orders, bad, "amazon").steps["order_id"])


def test_the_fewest_come_before_the_surest():
    """One unknown reversal is fewer than two known ones on one order."""
    orders, bad = world(
        [("A", "claim", "yes", "likely", 1, 0), ("A", "chargeback", "yes", "likely", 1, 0),
         ("B", "claim", "unknown", "unknown", None, 0)],
        148,
    )  # fmt: skip
    found = solve(orders, bad, "amazon")

    assert (["B"], False) == (list(found.steps["order_id"]), found.sure)


def test_out_of_reach_is_said_with_how_far_it_goes():
    orders, bad = world(
        [("A", "claim", "yes", "open", 5, 0), ("B", "claim", "no", "certain", -3, 0),
         ("C", "claim", "no", "certain", -3, 0)],
        97,
    )  # fmt: skip
    found = solve(orders, bad, "amazon")

    assert not found.reachable
    assert "Not reachable by reversals: 3 defective orders must go, and only 1 can or may; with " \
           "all of them the rate is 2.00% (2 of 100 orders)." == found.reason  # fmt: skip
    assert ["A"] == list(found.steps["order_id"])


def test_inside_the_limit_nothing_must_go():
    orders, bad = world([("A", "claim", "yes", "open", 5, 0)], 200)
    found = solve(orders, bad, "amazon")

    assert (0, True, 0) == (found.needed, found.reachable, len(found.steps))


def test_without_orders_there_is_no_set():
    orders, bad = world([], 0)
    found = solve(orders, bad, "amazon")

    assert (None, False) == (found.needed, found.reachable)


def test_a_defect_outside_the_window_moves_nothing():
    orders, bad = world(
        [("A", "claim", "yes", "open", 5, 0), ("B", "claim", "yes", "open", 1, 70)], 98
    )

    found = solve(orders, bad, "amazon")

    assert ["A"] == list(found.steps["order_id"])


def test_an_order_leaves_when_its_day_does():
    """The first day of the window leaves on the day after as-of; the lag is 15 days."""
    orders, bad = world([("A", "claim", "yes", "open", 5, 0)], 50)
    found = solve(orders, bad, "amazon")

    assert [pd.Timestamp("2026-04-01")] == list(found.steps["leaves_on"])


def test_one_defect_in_two_rows_is_refused():
    orders, bad = world([("A", "claim", "yes", "open", 5, 0)], 50)
    with pytest.raises(BadParameter, match="two rows"):
        solve(orders, pd.concat([bad, bad]), "amazon")
