"""Paths: an id, a link or a name in a folder from somebody else leads nowhere outside of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from odrlib import read_store
from odrlib.appeal.archive import frozen
from odrlib.appeal.journal import append, read_journal
from odrlib.appeal.locking import locked
from odrlib.errors import BadStore, OdrError
from odrlib.evidence.folder import pieces_of
from odrlib.settings import read_settings
from odrlib.start import init_store
from tests.stores import make_store, order, orders_file


@pytest.mark.parametrize(
    "id_",
    ["../x", "/etc", "..", ".x", "a/b", "a\\\\b", "con", "NUL.txt", "com1", "x.", "x" * 101,
     "店" * 80, "index.html", "facts.json", " ", "a b", "a\\u0000", ""],
)  # fmt: skip
def test_an_id_that_is_no_plain_name_is_refused(tmp_path, id_):
    (tmp_path / "store.toml").write_text(f'id = "{id_}"\nmarketplace = "US"\n', encoding="utf-8")

    with pytest.raises(BadStore):
        read_settings(tmp_path)


def test_two_spellings_of_one_id_are_one_id(tmp_path):
    ids = []
    for id_ in ("caf\u00e9", "cafe\u0301"):
        (tmp_path / "store.toml").write_text(f'id = "{id_}"\nmarketplace = "US"', encoding="utf-8")
        ids.append(read_settings(tmp_path).id)

    assert ["caf\u00e9", "caf\u00e9"] == ids


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 20_000, "lag_days = " + "9" * 5_000, "a = 2026-02-31", "# " + "x" * (2 << 20)],
    ids=["deep", "digits", "day", "long"],
)
def test_a_store_toml_made_to_hurt_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "store.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadStore):
        read_settings(tmp_path)


def test_a_pipe_in_place_of_store_toml_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "store.toml")

    with pytest.raises(BadStore):
        read_settings(tmp_path)


def test_links_pipes_and_circles_in_exports_are_told_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "orders.txt").write_text(orders_file([order(9, "2026-03-01")]), encoding="utf-8")
    store = make_store(
        tmp_path / "store", {"exports/orders.txt": orders_file([order(1, "2026-03-01")])}
    )
    for name, target in {
        "file": outside / "orders.txt", "folder": outside, "circle": store / "exports/circle",
        "device": "/dev/zero", "nowhere": "/nowhere",
    }.items():  # fmt: skip
        (store / "exports" / name).symlink_to(target)
    os.mkfifo(store / "exports/pipe")

    read = read_store(store)

    assert ["111-0000000-0000001"] == list(read.orders["order_id"])
    told = [f.place.file for f in read.findings if f.id == "file-outside-store"]
    names = ("circle", "device", "file", "folder", "nowhere", "pipe")
    assert [f"exports/{name}" for name in names] == told


def test_a_link_among_evidence_is_an_entry_and_never_opened(tmp_path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("nobody else may know", encoding="utf-8")
    (folder / "secret.txt").symlink_to(outside / "secret.txt")
    (folder / "all").symlink_to(outside)

    assert [("all", False), ("secret.txt", False)] == [
        (piece.name, piece.plain) for piece in pieces_of(folder, "111-0000000-0000001")
    ]


def test_nothing_is_written_through_a_link_in_the_register(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    appeals = tmp_path / "appeals"
    appeals.mkdir()
    (appeals / "journal.jsonl.new").symlink_to(victim)
    (appeals / "lock").symlink_to(victim)

    append(appeals, "opened", {}, datetime(2026, 3, 1, tzinfo=UTC))

    with locked(appeals):
        pass

    assert "mine" == victim.read_text(encoding="utf-8")
    assert not (appeals / "lock").is_symlink()


def test_a_register_that_is_a_link_is_not_written_to(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "appeals").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OdrError, match="is a link"):
        append(tmp_path / "appeals", "opened", {}, datetime(2026, 3, 1, tzinfo=UTC))
    assert [] == list((tmp_path / "elsewhere").iterdir())


def test_a_journal_that_is_a_pipe_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "journal.jsonl")

    with pytest.raises(BadStore):
        read_journal(tmp_path)


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/passwd", "archive/../x", "x", 7])
def test_a_journal_names_no_file_outside_the_archive(file):
    with pytest.raises(ValueError, match=str(file)):
        frozen({"name": "a", "file": file, "sha256": "", "bytes": 1})


def test_init_writes_through_no_link(tmp_path):
    (tmp_path / "store.toml").symlink_to(tmp_path / "not there")

    init_store(tmp_path)

    assert not (tmp_path / "not there").exists()
