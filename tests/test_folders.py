"""Folders: whatever lies below one is told, and nothing in it takes the reader down."""

import os
from pathlib import Path

from odrlib import read_store
from odrlib.evidence.folder import pieces_of
from odrlib.evidence.neighbours import stores_beside
from odrlib.folders import DEEPEST, below, plain_files
from tests.stores import make_store, order, orders_file


def deep(folder: Path, levels: int) -> Path:
    """So many folders inside each other, with a file in the last."""
    folder.mkdir(parents=True, exist_ok=True)
    start = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)  # a path of so many names is longer than the system takes at once
        for _ in range(levels):
            os.mkdir("d")  # noqa: PTH102
            os.chdir("d")
        Path("last.txt").write_text("x", encoding="utf-8")
    finally:
        os.fchdir(start)
        os.close(start)
    return folder


def test_everything_below_comes_by_name_and_links_are_not_followed(tmp_path):
    for name in ("b.txt", "a/2.txt", "a/1/x.txt", "a b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "c").symlink_to("a")
    (tmp_path / "d").symlink_to("d")

    assert [*below(tmp_path)] == sorted(tmp_path.rglob("*"))
    assert [path.name for path in plain_files(tmp_path)] == ["x.txt", "2.txt", "a b.txt", "b.txt"]


def test_a_folder_without_end_is_told_and_left_alone(tmp_path):
    shut = []

    found = [*below(deep(tmp_path / "a", 400), lambda path, error: shut.append(path))]

    assert len(found) == DEEPEST + 1
    assert shut == found[-1:]


def test_a_store_with_folders_without_end_is_read_and_says_so(tmp_path):
    store = make_store(
        tmp_path / "s", {"exports/orders.txt": orders_file([order(1, "2026-03-01")])}
    )
    deep(store / "exports/in", 400)
    deep(store / "evidence/111-0000000-0000001", 400)

    found = read_store(store)

    assert len(found.orders) == 1
    assert ["folder-not-read"] == [one.id for one in found.findings if one.level == "error"]
    (piece,) = pieces_of(store / "evidence/111-0000000-0000001", "111-0000000-0000001")
    assert not piece.plain


def test_exports_that_are_a_link_are_told_and_not_read(tmp_path):
    store = make_store(tmp_path / "s", {})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/orders.txt").write_text("x", encoding="utf-8")
    (store / "exports").symlink_to(tmp_path / "elsewhere")

    assert [finding.place.file for finding in read_store(store).findings] == ["exports"]


def test_a_link_in_a_circle_beside_the_stores_is_no_store(tmp_path):
    mine, other = make_store(tmp_path / "a", {}), make_store(tmp_path / "b", {})
    (tmp_path / "c").symlink_to("c")
    (tmp_path / "d").symlink_to(mine)

    assert stores_beside(mine) == [other]
