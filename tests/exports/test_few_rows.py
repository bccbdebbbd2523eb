"""A small file takes a way of its own, and nobody can tell."""

import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.exports import grid as grids
from odrlib.exports import text as texts
from odrlib.exports.cells import plain
from odrlib.exports.grid import Grid, Layout

LETTERS = st.sampled_from([*'ab,"\t\n\n \r\u00a0\u3000é;\x1c\x85\u2028', "\r\n"])


def held(grid: Grid) -> tuple[Any, ...]:
    cells = {place: plain(column).to_pylist() for place, column in grid.columns.items()}
    return grid.lines.tolist(), grid.short, grid.long, grid.unclosed, cells


@settings(max_examples=400)
@given(
    body=st.lists(LETTERS, max_size=60).map("".join),
    delimiter=st.sampled_from("\t,"),
    width=st.integers(2, 3),
)
def test_few_lines_give_what_many_would(body, delimiter, width):
    """Lines that are empty, short, long or blank; signs that only some programs take for an end.

    NUL and marks of byte order are left out: neither comes here.
    """
    header = tuple(string.ascii_lowercase[:width])
    data = texts.decode(f"{delimiter.join(header)}\n{body}".encode()).data
    layout = Layout(header, 1, delimiter, 2 * width)

    assert held(grids.read_many(data, layout, range(width), {0})) == held(
        grids.read_few(data, layout, range(width))
    )


def test_a_mark_of_byte_order_in_a_small_file_is_left_to_the_large_way():
    layout = Layout(("a", "b"), 1, "\t", 4)
    data = "a\tb\n\ufeff1\t2\n".encode()

    assert [["1"], ["2"]] == [
        plain(column).to_pylist()
        for column in grids.read_plain(data, layout, [0, 1], set()).columns.values()
    ]
