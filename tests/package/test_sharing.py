"""Sharing: every file is in one part, no part overflows, an order's files stay together."""

from hypothesis import given
from hypothesis import strategies as st

from odrlib.package.sharing import shared

ROOM = 100
SIZES = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 9)), st.integers(1, ROOM), min_size=1
)


@given(SIZES)
def test_every_file_is_in_one_part_and_no_part_overflows(sizes):
    parts = shared(sizes, ROOM)

    assert sorted(sizes) == sorted(key for part in parts for key in part)
    assert all(sum(sizes[key] for key in part) <= ROOM for part in parts)


@given(SIZES)
def test_an_order_that_one_part_can_hold_is_in_one_part(sizes):
    whole = {folder: sum(n for key, n in sizes.items() if key[0] == folder) for folder, _ in sizes}
    for folder, size in whole.items():
        parts = [part for part in shared(sizes, ROOM) if any(key[0] == folder for key in part)]
        if size <= ROOM:
            assert 1 == len(parts)


@given(SIZES, st.randoms())
def test_the_order_of_the_files_does_not_matter(sizes, random):
    keys = list(sizes)
    random.shuffle(keys)

    assert shared(sizes, ROOM) == shared({key: sizes[key] for key in keys}, ROOM)
