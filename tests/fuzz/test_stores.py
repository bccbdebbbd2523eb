"""Laws of whole stores: from a hostile folder through `read_store` to facts.json."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

import odrlib as odr
from odrlib.exports.read import Context, read_file
from odrlib.facts import facts_json, write_facts
from tests.fuzz.folders import AS_OF, ID, TODAY, Table, a_folder, shuffled
from tests.fuzz.laws import SEEDS, looked_at
from tests.fuzz.same import differences, numbers_of, same, without_files
from tests.stores import order, orders_file

FILTHY = 0.15
# What a reader may make of a file: nothing here is a file that broke a reader.
BROKE = "file-not-read"


@pytest.fixture
def new(tmp_path_factory):
    """A new place for each store of each example."""
    return lambda: tmp_path_factory.mktemp("fuzz") / "store"


def facts_of(folder, root, as_of=AS_OF):
    """facts.json of the folder, written below `root`."""
    return json.loads(facts_json(odr.build_facts(folder.read(root, as_of))))


def profiles(folder, root):
    """What `odr status` says of both rules."""
    return odr.status_dict(odr.build_facts(folder.read(root)))["profiles"]


def filled_up(folder):
    """The same folder with short rows as long as their header: columns can change places."""
    return folder.with_tables(
        replace(t, rows=tuple((*row, *[""] * (len(t.header) - len(row))) for row in t.rows))
        for t in folder.tables
    )


def renamed(folder, luck):
    """The folder with other names in another order, and new name -> old name."""
    names, tables = {}, []
    for table in luck.sample(folder.tables, len(folder.tables)):
        room, _, name = table.path.rpartition("/")
        stem, _, ending = name.rpartition(".")
        kind = f"{stem.split()[0]} " if room == "ledger" else ""
        new = f"{room.removesuffix('/old')}/{kind}{luck.randrange(10**9):09}.{ending}"
        new = table.path if room == "appeals" else new
        names[new] = table.path
        tables.append(replace(table, path=new))
    return folder.with_tables(tables), names


# ── rows, and what may come out ──────────────────────────────────────────────────────────────────


@looked_at(5)
@given(SEEDS, st.sampled_from([0.0, 0.03, FILTHY]))
def test_every_row_is_used_or_set_aside_with_file_line_and_reason(new, seed, dirt):
    store = a_folder(seed, dirt=dirt).read(new())
    settings = store.settings
    context = Context(settings.marketplace, settings.timezone, TODAY, settings.columns)
    for source in odr.inventory(store).to_dict("records"):
        assert source["rows"] == source["used"] + source["set_aside"]
    for reading in store.readings:
        frame = read_file(store.folder / reading.file, reading.file, context).frame
        assert reading.rows_used == (0 if frame is None else len(frame))
        aside = reading.set_aside
        assert len(aside) == reading.rows_set_aside == aside["line"].nunique()
        assert (aside["file"] == reading.file).all()
        assert (aside["line"] > 0).all()
        assert aside["reason"].str.fullmatch(r"[a-z-]+").all()
        assert aside["message"].str.len().gt(0).all()


@looked_at(2)
@given(SEEDS)
def test_a_filthy_folder_gives_facts_and_every_file_of_a_run(new, seed):
    """No exception; and no file that a reader broke on, although read_store would say so."""
    root = new()
    store = a_folder(seed, dirt=FILTHY).read(root)
    assert not [found for found in store.findings if found.id == BROKE]
    write_facts(odr.build_facts(store), root / "out")
    json.loads((root / "out" / "facts.json").read_bytes())


@looked_at(2)
@given(SEEDS, st.binary(max_size=400), st.sampled_from(["txt", "csv", "xlsx", "json", "xml", ""]))
def test_one_bad_file_never_stops_the_rest(new, seed, content, ending):
    folder = a_folder(seed, orders=15)
    before = folder.read(new()).readings
    bad = f"exports/0 bad.{ending}"
    after = replace(folder, files={bad: content}).read(new()).readings

    assert len(after) == len(before) + 1
    for one, other in zip(before, [r for r in after if r.file != bad], strict=True):
        assert (one.file, one.sha256, one.rows_in) == (other.file, other.sha256, other.rows_in)
        assert one.frame is None or one.frame.equals(other.frame)


# ── the same rows in another way ─────────────────────────────────────────────────────────────────


@looked_at(2)
@given(SEEDS)
def test_the_order_of_rows_changes_no_fact(new, seed):
    folder = a_folder(seed)
    other = shuffled(folder, random.Random(seed), "rows")

    assert [] == differences(same(facts_of(folder, new())), same(facts_of(other, new())))


@looked_at(1)
@given(SEEDS)
def test_the_order_of_columns_changes_no_fact(new, seed):
    folder = filled_up(a_folder(seed))
    other = shuffled(folder, random.Random(seed), "columns")

    assert [] == differences(same(facts_of(folder, new())), same(facts_of(other, new())))


@looked_at(2)
@given(SEEDS)
def test_the_names_and_the_order_of_files_change_no_fact(new, seed):
    """Also not in which order they were put there."""
    folder = a_folder(seed)
    other, names = renamed(folder, random.Random(seed))
    one, two = same(facts_of(folder, new())), same(facts_of(other, new()), names)

    # Of two files that say the same of an order, the first by name is the one that is named.
    for facts in (one, two):
        for row in facts["not_counted"]:
            row.pop("file")
        for finding in facts["evidence"]["findings"]:
            (finding["place"] or {}).pop("file", None)
    assert [] == differences(one, two)


@looked_at(1)
@given(SEEDS)
def test_a_file_given_twice_or_in_part_changes_nothing_but_the_sources(new, seed):
    """A copy under another name, and a later download of some of the same rows."""
    luck = random.Random(seed)
    folder = a_folder(seed)
    more = [replace(table, path=_beside(table, "copy")) for table in folder.tables]
    for table in folder.tables:
        some = sorted(luck.sample(range(len(table.rows)), len(table.rows) // 2))
        rows = tuple(table.rows[at] for at in some)
        if not table.by_place and "feedback" not in table.path:
            more.append(replace(table, path=_beside(table, "later"), rows=rows))
    other = folder.with_tables([*folder.tables, *more])
    one, two = (without_files(facts_of(each, new())) for each in (folder, other))

    assert [] == differences(one, two)


@looked_at(1)
@given(SEEDS)
def test_a_download_cut_into_months_gives_the_same_facts(new, seed):
    folder = a_folder(seed, dirt=0, own=True)
    tables = []
    for table in folder.tables:
        months = _by_month(table)
        tables += [
            replace(table, path=_beside(table, f"part {n}"), rows=tuple(rows))
            for n, rows in enumerate(months)
        ]
    one, two = (
        without_files(facts_of(each, new())) for each in (folder, folder.with_tables(tables))
    )

    assert [] == differences(one, two)


def _beside(table: Table, word: str) -> str:
    stem, dot, ending = table.path.rpartition(".")
    return f"{stem} {word}{dot}{ending}"


def _by_month(table: Table) -> list[list[tuple[str, ...]]]:
    """The rows by the orders they name, so that an order's rows stay together."""

    def part(row: tuple[str, ...]) -> int:
        found = ID.search(" ".join(row))
        return int(found[0][-1]) % 3 if found else 0

    rows = sorted(table.rows, key=part)
    return [list(some) for _, some in groupby(rows, key=part)] or [[]]


# ── more orders, other days, another language ────────────────────────────────────────────────────


@looked_at(2)
@given(SEEDS, st.integers(0, 75), st.sampled_from(["Merchant", "Amazon", ""]))
def test_an_order_with_a_defect_never_lowers_a_rate_and_one_without_never_raises_it(
    new, seed, days, channel
):
    folder = a_folder(seed, orders=25)
    if not any("order" in reading.file for reading in folder.read(new()).readings):
        return
    one = order("999-0000000-0000001", str(AS_OF - timedelta(days=days)))
    one |= {"fulfillment-channel": channel}
    claims = "order_id,filed_on,reason,status,charged_to,odr_impact\n"
    claim = f"999-0000000-0000001,{AS_OF},not received,granted,seller,yes\n"
    files = {"exports/one.txt": orders_file([one]).encode()}
    told = {"ledger/claims zero.csv": claims.encode()}  # so that claims are told in all three
    good = {**files, **told}
    bad = {**files, "ledger/claims zero.csv": (claims + claim).encode()}
    before, better, worse = (
        profiles(replace(folder, files=more), new()) for more in (told, good, bad)
    )
    for name, said in before.items():
        for part in ("all", "mfn", "afn"):
            if said[part]["rate"] is not None:
                assert better[name][part]["rate"] <= said[part]["rate"]
                assert better[name][part]["defective"] == said[part]["defective"]
                assert worse[name][part]["rate"] >= said[part]["rate"]


@looked_at(2)
@given(SEEDS)
def test_the_whole_is_the_sum_of_its_channels_and_of_orders_of_none(new, seed):
    facts = odr.build_facts(a_folder(seed).read(new()))
    for name, lines in facts.headlines.items():
        inside = facts.windows[name].window.select(facts.defects[name])
        apart = inside[inside["channel"].isna()]
        if lines["all"].orders is not None:
            parts = lines["mfn"].orders + lines["afn"].orders + len(apart)
            assert lines["all"].orders == parts


@looked_at(1)
@given(SEEDS, st.sampled_from([1, 29, 70, 400]))
def test_a_day_after_the_last_order_is_answered_and_never_healthy_without_orders(new, seed, later):
    facts = facts_of(a_folder(seed), new(), AS_OF + timedelta(days=later))
    for profile in facts["profiles"].values():
        if not profile["all"]["orders"]:
            assert profile["all"]["status"] == "unknown"
            assert profile["all"]["rate"] is None


@looked_at(1)
@given(SEEDS)
def test_a_store_in_chinese_has_the_same_numbers(new, seed):
    folder = a_folder(seed)
    spoken = replace(folder, settings=folder.settings + 'language = "zh"\n')
    english, chinese = (numbers_of(facts_of(each, new())) for each in (folder, spoken))

    assert [] == differences(english, chinese)


@looked_at(2)
@given(SEEDS)
def test_files_of_another_store_are_told_one_by_one(new, seed):
    """Each file of another store that names an order is in a finding that says so."""
    mine, other = a_folder(seed, dirt=0), a_folder(seed + 1, dirt=0)
    theirs = [
        replace(table, path=table.path.replace("/", "/9 ", 1))
        for table in other.tables
        if table.path.startswith("exports")
    ]
    store = mine.with_tables([*mine.tables, *theirs]).read(new())
    told = {
        found.place.file: found.id
        for found in odr.check_tables(store)
        if found.place and found.id in ("file-of-another-store", "order-not-in-orders",
                                        "orders-share-no-sku", "before-the-orders")
    }  # fmt: skip
    known = set() if store.orders is None else set(store.orders["order_id"])
    for reading in store.readings:
        frame = reading.frame
        if store.orders is None or frame is None or "order_id" not in frame or not len(frame):
            continue
        listed = {"feedback", "odr_list", "returns", "claims", "settlements", "shipments"}
        named = set(frame["order_id"].dropna().astype(str)) - {""}
        if listed & set(reading.export.gives) and named and not named & known:
            assert reading.file in told


def test_the_folders_are_hostile_enough(new):
    """Among these folders are most kinds of export, and rows set aside for many reasons."""
    kinds, reasons, refused = set(), set(), set()
    for seed in range(8):
        for reading in a_folder(seed, orders=20, dirt=FILTHY).read(new()).readings:
            kinds |= {reading.export.name} if reading.export else set()
            reasons |= set(reading.set_aside["reason"])
            refused |= set(reading.refused["reason"])

    assert len(kinds) > 20
    assert len(reasons) > 6
    assert len(refused) > 4
