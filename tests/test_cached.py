"""Cached: what comes out of a file of tables is what went in."""

import numpy as np
import pandas as pd
import pytest

from odrlib.cached import Tables, write_tables
from odrlib.exports.words import categorical

FRAME = pd.DataFrame(
    {
        "text": pd.Series(["a", None, "é"], dtype="str"),
        "words": categorical(np.array([1, -1, 0]), ("x", "y")),
        "moment": pd.to_datetime(["2026-05-08T23:36:26Z", None, None]).as_unit("us"),
        "day": pd.to_datetime(["2026-05-08", None, "2026-05-09"]).as_unit("us"),
        "number": [1.5, np.nan, -0.0],
        "whole": pd.Series([3, None, 0], dtype="Int64"),
        "flag": pd.Series([True, None, False], dtype="boolean"),
        "bare": [True, False, True],
        "line": np.array([1, 2, 3], np.int32),
    }
)


def written(folder, tables):
    """The tables in a file that is named as the cache names it."""
    path = folder / "writing"
    with open(path, "wb") as file:
        check = write_tables(file, tables, {"name": "one"})
    return path.rename(folder / f"one-{check}.tables")


@pytest.mark.parametrize("rows", [3, 1, 0])
def test_every_kind_of_column_comes_out_as_it_went_in(tmp_path, rows):
    frame = FRAME.head(rows)
    with Tables(written(tmp_path, {"some": frame, "same": frame}), "one") as kept:
        pd.testing.assert_frame_equal(kept.table("some"), frame, check_exact=True)
        pd.testing.assert_frame_equal(kept.table("same"), frame, check_exact=True)
        assert "some" in kept
        assert "other" not in kept


def test_a_column_looked_at_is_handed_out_once(tmp_path):
    with Tables(written(tmp_path, {"some": FRAME}), "one") as kept:
        looked, _ = kept.look("some", "line")

        assert looked is kept.look("some", "line")[0] is kept.column("some", "line")[0]
        assert looked is not kept.column("some", "line")[0]


def test_a_file_that_is_not_as_it_was_written_or_is_another_is_refused(tmp_path):
    path = written(tmp_path, {"some": FRAME})
    moved = path.rename(tmp_path / path.name.replace("one", "two"))
    with pytest.raises(ValueError, match="^two$"):
        Tables(moved, "two")
    moved.write_bytes(moved.read_bytes()[:-1] + b"!")
    with pytest.raises(ValueError, match=moved.stem.removeprefix("two-")):
        Tables(moved, "two")
