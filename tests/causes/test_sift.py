"""The filter behind the rivals of benchmarks/causes.py: it must be fair to them to be a measure."""

import numpy as np

from benchmarks.rivals.sift import Table, sift

ITEM, CARRIER = 0, 1


def orders(bad_items: int) -> Table:
    """4,000 orders, ten items × ten carriers; every 97th is bad, and the first of item 0."""
    codes = np.stack([np.repeat(np.arange(10), 400), np.tile(np.arange(10), 400)])
    bad = np.arange(4_000) % 97 == 50
    bad[:bad_items] = True
    return Table(codes.astype(np.int16), bad)


def test_a_proposal_that_is_no_accident_is_kept():
    assert [{ITEM: 0}] == sift(orders(60), [{ITEM: 1}, {ITEM: 0}])


def test_what_only_shares_its_orders_with_it_is_not():
    assert [{ITEM: 0}] == sift(orders(60), [{ITEM: 0, CARRIER: 1}, {ITEM: 0}, {CARRIER: 1}])


def test_an_accident_is_not_kept():
    assert [] == sift(orders(3), [{ITEM: 0}, {CARRIER: 9}])


def test_what_was_as_bad_before_is_no_rise():
    table = orders(60)
    table.recent = np.arange(4_000) % 2 == 0
    assert [] == sift(table, [{ITEM: 0}])
    table.recent = np.arange(4_000) % 400 < 60  # all of the bad item's defects, and few before
    assert [{ITEM: 0}] == sift(table, [{ITEM: 0}])
